"""Renders an issue into files that stand alone: HTML and text a language, and one page of evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.briefing import Briefing
from reports.evidence import Both, tell_evidence
from reports.plain import set_as_text
from reports.tell import EVIDENCE, tell
from reports.words import LANGUAGES, Language, Words

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(briefing: Briefing, languages: Iterable[Language], base_url: str = "") -> Iterator[tuple[str, str]]:
    """(file name, content) of each file of an issue. The same briefing and release give the same bytes.

    Raises BaseAddressError for a `base_url` that is not an http(s) address.
    """
    for language in languages:
        say, page = Words(language), tell(briefing, language, base_url)
        html = _ENVIRONMENT.get_template("briefing.html").render(page=page, say=say)
        yield f"briefing.{language}.html", html
        yield f"briefing.{language}.txt", set_as_text(page, say)
    evidence = tell_evidence(briefing)
    yield EVIDENCE, _ENVIRONMENT.get_template("evidence.html").render(page=evidence, say=Both())


def languages_present(folder: Path) -> frozenset[Language]:
    """The languages in which an issue's folder already holds a briefing."""
    return frozenset(language for language in LANGUAGES if (folder / f"briefing.{language}.html").exists())
