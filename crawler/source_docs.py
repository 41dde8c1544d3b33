"""Writes docs/sources.md from the declarations of the sources: `python -m crawler.source_docs docs/sources.md`."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

from crawler.config import RegistryExtract, Sources
from crawler.due import spider_of
from crawler.source import EVERY_NIGHT, CaptureMode, Source, SourceSpider

_HEAD = "source_docs_head.md"
_CAPTURE = {
    CaptureMode.FULL: "replies are kept as received",
    CaptureMode.REDACTED: "replies are kept without personal data, beside the hash of the original; can be replayed",
    CaptureMode.DIGEST: "of a reply only its hash is kept, of its text a short quote (copyrighted); cannot be replayed",
}


def sources() -> list[type[SourceSpider]]:
    """The spiders of all sources, in the order of monitor.toml."""
    return [spider_of(name) for name in Sources.model_fields]


def document() -> str:
    """The whole page, as Markdown."""
    spiders = sources()
    head = files(__package__).joinpath(_HEAD).read_text(encoding="utf-8").rstrip()
    rows = ["| source | publisher | proves | asked | kept |", "|---|---|---|---|---|"]
    rows += [_row(spider.source) for spider in spiders]
    sections = [_section(spider) for spider in spiders]
    return "\n".join([head, "", *rows, "", *sections]).rstrip() + "\n"


def _row(source: Source) -> str:
    proves = ", ".join(f"`{kind}`" for kind in source.proves) or "–"
    return f"| [`{source.id}`](#{source.id}) | {source.publisher_en} | {proves} | {_asked(source)} | {source.capture} |"


def _asked(source: Source) -> str:
    return "every night" if source.cadence == EVERY_NIGHT else f"`{source.cadence}`"


def _section(spider: type[SourceSpider]) -> str:
    source = spider.source
    is_site = Sources.model_fields[source.id].annotation is not RegistryExtract
    where = f"<{source.address}>" if source.address else "a file, a folder or an address"
    lines = [
        f"## {source.id}",
        "",
        f"{source.title_en} ({source.title_zh}).",
        "",
        f"- Publisher: {source.publisher_en} ({source.publisher_zh})",
        f"- Where: {where}" + ("; off until it is switched on in `monitor.toml`" if is_site else ""),
        f"- Proves: {', '.join(f'`{kind}`' for kind in source.proves) or 'nothing by itself'}"
        + ("" if source.first_sight_is_news else "; a firm that is new in it need not be a new firm"),
        f"- Asked: {_asked(source)} (Asia/Shanghai), at most {source.max_requests} requests a run",
        f"- Kept: {_CAPTURE[source.capture]}",
        f"- Nothing new: {'may be' if source.may_be_empty else 'never; a run that reads nothing has failed'}",
        f"- Arguments: {', '.join(f'`-a {name}=…`' for name in ('series', *spider.arguments))}",
    ]
    if source.must_fill:
        shares = ", ".join(f"`{name}` {share:.0%}" for name, share in sorted(source.must_fill.items()))
        lines.append(f"- A run fails in which fewer of its items say: {shares}")
    lines.append(f"- A run warns when a field is filled {source.may_drop:.0%} less often than in its own history")
    if source.terms:
        lines.append(f"- Terms: {source.terms}")
    lines.append(f"- Seen, in public code or a stored page: {source.confirmed}")
    if source.from_memory:
        lines.append(f"- From memory, unconfirmed: {source.from_memory}")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), encoding="utf-8")
