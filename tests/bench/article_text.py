"""How many pages that nobody documented are read as a person reads them: `python -m tests.bench article_text FOLDER`.

FOLDER holds a folder a page: `*.html`, and `result.json` with `title`, `publish_time` and `content` as a person marked
them; an empty value is not asked for. Nothing of it is the project's own.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from scrapy.http import HtmlResponse

from crawler.fields.dates import parse_date
from crawler.fields.text import fold_width
from crawler.platforms.article_page import PageText, keep_page
from crawler.platforms.article_text import day_of, extract
from crawler.source import UnreadableError

ALIKE = 0.9  # F1 over pairs of neighbouring characters, from which a body is a hit


@dataclass(slots=True)
class Score:
    """Of one thing that pages say: how often it was asked for, how often it was hit, and the pages that missed."""

    asked: int = 0
    hit: int = 0
    missed: list[str] = field(default_factory=list)

    def note(self, page: str, hit: bool) -> None:
        self.asked += 1
        self.hit += hit
        if not hit:
            self.missed.append(page)


def main(folder: Path) -> None:
    """Read every page of the folder, and print the hits."""
    scores = {what: Score() for what in ("title", "date", "body")}
    likeness, slowest, unread = [], 0.0, []
    for answers in sorted(folder.rglob("result.json")):
        said = json.loads(answers.read_text(encoding="utf-8"))
        name = str(answers.parent.relative_to(folder))
        started = time.process_time()
        try:
            page = read(next(answers.parent.glob("*.html")).read_bytes())
        except UnreadableError as error:
            unread.append(f"{name}: {error}")
            page = None
        slowest = max(slowest, time.process_time() - started)
        if title := said["title"]:
            scores["title"].note(name, page is not None and bare(page.title) == bare(title))
        if day := said["publish_time"]:
            scores["date"].note(name, page is not None and day_of(page) == parse_date(day))
        if body := said["content"]:
            likeness.append(alike(page.text if page else "", body))
            scores["body"].note(name, likeness[-1] >= ALIKE)
    for what, score in scores.items():
        print(f"{what:<6}{score.hit} of {score.asked} ({score.hit / max(score.asked, 1):.0%})")
        print(f"      missed: {', '.join(score.missed) or 'none'}")
    print(f"body: F1 of neighbouring characters, {ALIKE} and more is a hit; mean {sum(likeness) / len(likeness):.3f}")
    print(f"slowest page {slowest:.2f} s of processor time; not decoded: {'; '.join(unread) or 'none'}")


def read(body: bytes) -> PageText | None:
    """A page as a crawl reads it that knows nothing of its layout. Raises UnreadableError."""
    headers = {"Content-Type": "text/html"}
    return extract(keep_page(HtmlResponse("https://www.example.org/", body=body, headers=headers)))


def bare(text: str) -> str:
    """A text without blanks and punctuation, in one width."""
    return re.sub(r"\W", "", fold_width(text))


def alike(ours: str, theirs: str) -> float:
    """F1 over the pairs of neighbouring characters of two texts, from 0 to 1."""
    ours_pairs, theirs_pairs = pairs(ours), pairs(theirs)
    shared = (ours_pairs & theirs_pairs).total()
    return 2 * shared / max(ours_pairs.total() + theirs_pairs.total(), 1)


def pairs(text: str) -> Counter[str]:
    letters = bare(text)
    return Counter(letters[at : at + 2] for at in range(len(letters) - 1))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("say which folder: python -m tests.bench article_text FOLDER")
    main(Path(sys.argv[1]))
