"""What the reports tests share: a place for a database and issues, and one way to make an issue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from reports.weekly import MadeIssue, make_issue
from reports.words import LANGUAGES, Language
from tests.reports.published import PublishedFile, shanghai

WEEK = "2026-W47"
AFTER = shanghai("2026-11-23 06:05")

MakeIssue = Callable[..., MadeIssue]


@pytest.fixture
def issue_of(tmp_path: Path) -> MakeIssue:
    """Publishes a file (None: leaves what is there) and makes the issue of a week from it."""

    def make(
        file: PublishedFile | None,
        week: str | None = WEEK,
        now: datetime = AFTER,
        langs: tuple[str, ...] = LANGUAGES,
        base_url: str = "",
    ) -> MadeIssue:
        path = tmp_path / "putuo.duckdb"
        if file:
            file.write(path)
        return make_issue(path, tmp_path / "issues", week, langs, now, release="0.1.0", base_url=base_url)

    return make


class Unwrapped(str):
    """A wrapped text in which a sentence is found wherever its lines were broken."""

    def __contains__(self, words: object) -> bool:
        return self.count(str(words)) > 0

    def count(self, words: str) -> int:  # type: ignore[override]
        """How often the words stand there, white space apart."""
        return without_space(self).count(without_space(words))


def without_space(text: str) -> str:
    """`text` without any white space."""
    return "".join(text.split())


def text_of(made: MadeIssue, language: Language = "zh") -> Unwrapped:
    """The plain-text briefing."""
    return Unwrapped((made.folder / f"briefing.{language}.txt").read_text(encoding="utf-8"))


def html_of(made: MadeIssue, language: Language = "zh") -> str:
    """The HTML briefing as written."""
    return (made.folder / f"briefing.{language}.html").read_text(encoding="utf-8")
