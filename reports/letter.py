"""What one reader is told: the briefing in their languages and sub-sectors, as text and as HTML for mail programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from crawler.config import LANGUAGES_OF
from crawler.config import Language as Wish
from reports.briefing import Briefing, SubSector
from reports.narrow import narrow
from reports.page import LinkText, Page
from reports.plain import set_as_text
from reports.render import render_evidence, render_mail
from reports.tell import EVIDENCE, tell
from reports.untrusted import clean
from reports.words import Language, Words

SUBJECT = 150  # characters
_BETWEEN = "\n\n" + "#" * 72 + "\n\n"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail's content. `languages` are tags (RFC 5646); `evidence` is a page to attach, None when links reach it."""

    languages: tuple[str, ...]
    subject: str
    text: str
    html: str
    evidence: str | None


def write_letter(briefing: Briefing, language: Wish, sub_sectors: Iterable[SubSector], base_url: str) -> Letter:
    """The letter for a reader of `language` who wished for `sub_sectors` (none: all).

    Without a `base_url` a link to the evidence would lead nowhere from a mail: the evidence is attached instead, and
    the letter says so. Raises BaseAddressError for a `base_url` that is not an http(s) address.
    """
    wishes = tuple(sub_sector for sub_sector in SubSector if sub_sector in set(sub_sectors))
    narrowed = narrow(briefing, wishes)
    told = [(_page(briefing, narrowed, one, wishes, base_url), Words(one)) for one in LANGUAGES_OF[language]]
    subject = _subject(briefing, told)
    return Letter(
        languages=tuple(page.lang for page, _ in told),
        subject=subject,
        text=_BETWEEN.join(set_as_text(page, say) for page, say in told),
        html=render_mail(told, subject, attached=not base_url),
        evidence=None if base_url else render_evidence(narrowed),
    )


def _subject(briefing: Briefing, told: list[tuple[Page, Words]]) -> str:
    title = " / ".join(page.title for page, _ in told)
    mark = " / ".join(say("mail", "correction") for _, say in told)
    return clean(f"[{mark}] {title}" if briefing.correction else title, SUBJECT) + f" · {briefing.week}"


def _page(
    whole: Briefing, narrowed: Briefing, language: Language, wishes: tuple[SubSector, ...], base_url: str
) -> Page:
    say, page = Words(language), tell(narrowed, language, base_url)
    lines = page.lines
    if wishes:
        lines = (_limit(whole, narrowed, wishes, say), *lines)
        if page.headline == say("page", "nothing"):
            page = replace(page, headline=say("mail", "nothing_wished"))
    if not base_url:
        page = _without_dead_links(page)
        lines = (*lines, say("mail", "attached", file=EVIDENCE))
    return replace(page, lines=lines)


def _limit(whole: Briefing, narrowed: Briefing, wishes: tuple[SubSector, ...], say: Words) -> str:
    names = say("mail", "between_sub_sectors").join(say("sub_sector", wish) for wish in wishes)
    left_out = len(_firms(whole) - _firms(narrowed))
    rest = say.count("mail", "left_out", left_out) if left_out else say("mail", "nothing_left_out")
    return say("mail", "limited", sub_sectors=names, rest=rest)


def _firms(briefing: Briefing) -> set[str]:
    return {entry.firm.firm_id for entry in briefing.entries}


def _without_dead_links(value: T) -> T:
    """A page, or a part of one, without the links that lead to the file beside it."""
    return cast(T, _pruned(value))


def _pruned(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_pruned(item) for item in value if not _is_dead(item))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _pruned(getattr(value, field.name)) for field in fields(value)})
    return value


def _is_dead(value: object) -> bool:
    return isinstance(value, LinkText) and value.href.startswith(EVIDENCE)
