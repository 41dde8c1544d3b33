"""Renders an issue into files that stand alone: HTML and text a language, one page of evidence, and mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.briefing import Briefing
from reports.evidence import Both, tell_evidence
from reports.page import Page
from reports.plain import set_as_text
from reports.tell import EVIDENCE, tell
from reports.untrusted import verbatim
from reports.words import LANGUAGES, Language, Words

if TYPE_CHECKING:
    from reports.archive.text import ClaimsPage, IndexPage
    from reports.why.model import Chain

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# Only the style sheet in the page is read: nothing is fetched, from the network or the disk.
_INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)

_LONGEST_SHOWN = 20_000  # characters of a captured value
_MOST_FRAMES = 30  # captured pages in one proof; of more than that only their excerpts and checks


def render(briefing: Briefing, languages: Iterable[Language], base_url: str = "") -> Iterator[tuple[str, str]]:
    """(file name, content) of each file of an issue. The same briefing and release give the same bytes.

    Raises BaseAddressError for a `base_url` that is not an http(s) address.
    """
    for language in languages:
        say, page = Words(language), tell(briefing, language, base_url)
        html = _ENVIRONMENT.get_template("briefing.html").render(page=page, say=say)
        yield f"briefing.{language}.html", html
        yield f"briefing.{language}.txt", set_as_text(page, say)
    yield EVIDENCE, render_evidence(briefing)


def render_evidence(briefing: Briefing) -> str:
    """The page of evidence of all that a briefing reports."""
    return _ENVIRONMENT.get_template("evidence.html").render(page=tell_evidence(briefing), say=Both())


def render_mail(told: Sequence[tuple[Page, Words]], subject: str, *, attached: bool) -> str:
    """The pages, one under the other, as HTML for mail programs; `attached` says that the evidence comes along.

    Mail programs drop or mangle style sheets, so that every element carries its own style; only what answers to a
    dark screen remains in one.
    """
    letters = [{"page": page, "say": say} for page, say in told]
    html = _ENVIRONMENT.get_template("mail.html").render(letters=letters, subject=subject, attached=attached)
    return _INLINER.inline(html)


def render_why(chain: Chain) -> str:
    """The page on which the proof of one event is walked, with each captured page in a frame without any allowance."""
    framed = _ENVIRONMENT.get_template("why_frame.html")
    return _ENVIRONMENT.get_template("why.html").render(
        chain=chain,
        shown=lambda text: verbatim(text, _LONGEST_SHOWN),
        frame=lambda place: framed.render(place=place),
        most=_MOST_FRAMES,
    )


def render_claims(page: ClaimsPage) -> str:
    """The page that holds the district's figures against our count."""
    return _ENVIRONMENT.get_template("claims.html").render(page=page)


def render_index(page: IndexPage) -> str:
    """The list of issues."""
    return _ENVIRONMENT.get_template("index.html").render(page=page)


def languages_present(folder: Path) -> frozenset[Language]:
    """The languages in which an issue's folder already holds a briefing."""
    return frozenset(language for language in LANGUAGES if (folder / f"briefing.{language}.html").exists())
