"""Writes the archive's own pages beside the issues: made anew each time, from the issues and the published database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.run_folder import write_atomically
from reports.archive.read import read_figures
from reports.archive.tell import tell_claims
from reports.archive.tell_index import Kept, tell_index
from reports.freeze import issues_in
from reports.render import languages_present, render_claims, render_index
from reports.words import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class Archive:
    """The pages as written. `claims` counts the claims told; None where there was no database to read them from."""

    files: tuple[Path, ...]
    claims: int | None


def write_archive(
    published: Path, issues: Path, langs: tuple[str, ...], *, district: tuple[str, str] = ("普陀", "Putuo")
) -> Archive:
    """Writes `index.<language>.html` and `claims.<language>.html` into the folder of issues.

    In the languages wished for, and in those that lie there already. The same database and issues give the same bytes.
    Without a published database the page of claims stays as it is. Make one archive at a time.

    Raises PublishedUnreadableError, IssueUnreadableError, IssueTooNewError.
    """
    figures = read_figures(published) if published.exists() else None
    wanted = {*langs, *(language for language in LANGUAGES if (issues / _index(language)).exists())}
    languages = [language for language in LANGUAGES if language in wanted]
    kept = [Kept(issue, languages_present(issues / issue.week)) for issue in issues_in(issues)]

    def pages() -> Iterator[tuple[str, str]]:
        for language in languages:
            named = district[LANGUAGES.index(language)]
            if figures is not None:
                yield _claims(language), render_claims(tell_claims(figures, language, named))
            has_claims = figures is not None or (issues / _claims(language)).exists()
            yield _index(language), render_index(tell_index(kept, language, named, has_claims=has_claims))

    issues.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in pages():
        write_atomically(issues / name, content)
        written.append(issues / name)
    return Archive(tuple(written), None if figures is None else len(figures.compared))


def _index(language: Language) -> str:
    return f"index.{language}.html"


def _claims(language: Language) -> str:
    return f"claims.{language}.html"
