"""`scrapy genspider ID URL`: a new source with its fixture, whose test fails until both say what they should."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from scrapy.commands import genspider

from crawler import config
from crawler.command import MISTAKE
from crawler.console import complain, say

_ANSWERS = {
    "records": (
        "list_1.json",
        "application/json",
        '{"code": 0, "total": 1, "list": [{"id": "1", "title": "", "day": ""}]}\n',
    ),
    "cms": ("index.html", "text/html", "<!DOCTYPE html><html><body><ul></ul></body></html>\n"),
}
_PATHS = {"records": "/list?page=1", "cms": "/news/index.html"}
_NEXT = """\
Next, in this order (docs/new-source.md walks through it):
  1. {fixture}/: put the site's reply there, with invented firms, and in expected.json what is to be read of it
  2. {spider}: say where a reply holds what, and every TODO
  3. python -m pytest tests/crawler/test_fleet.py -k {name}
  4. make docs"""


class Command(genspider.Command):
    """Scrapy's own command with our templates, and a fixture beside."""

    def short_desc(self) -> str:
        return "Make a new source: a spider file and a fixture, to be filled in (needs a checkout)"

    def long_desc(self) -> str:
        return (
            "Makes crawler/spiders/ID.py from a template and tests/fixtures/ID/main/ beside it. Templates: records (a "
            "list of records as JSON, the default) and cms (a Shanghai bureau's pages). Example: scrapy genspider "
            "health_fair https://fair.example.org. Exit code 2: a mistake in the call."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.set_defaults(template="records")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) == 2 and not (args[0].isidentifier() and args[0].islower()):
            complain(f"error: {args[0]!r} cannot be a source's id: small letters, digits and _, as in health_fair")
            self.exitcode = MISTAKE
            return
        super().run(args, opts)

    def _genspider(self, module: str, name: str, url: str, template_name: str, template_file: object) -> Path:
        spider = super()._genspider(module, name, url.rstrip("/"), template_name, template_file)  # type: ignore[arg-type]
        fixture = config.project_root() / "tests" / "fixtures" / name / "main"
        _write_fixture(fixture, url.rstrip("/"), template_name)
        say(_NEXT.format(fixture=fixture, spider=spider, name=name))
        return spider


def _write_fixture(folder: Path, url: str, template: str) -> None:
    """Writes an empty case; what is there already stays."""
    file, kind, body = _ANSWERS.get(template, _ANSWERS["records"])
    ask = {"url": url + _PATHS.get(template, "/")}
    meta = {
        "now": "2026-11-20T03:00:00+08:00",
        "replies": [{"ask": ask, "type": kind, "file": file}],
        "outcome": "complete",
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {file: body, "meta.json": json.dumps(meta, indent=1) + "\n", "expected.json": "[]\n"}.items():
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")
