"""A real browser sets the pages: nothing overflows a phone."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crawler.crawling import PATIENCE
from tests.reports.conftest import MakeIssue
from tests.reports.published import PublishedFile
from tests.reports.weeks_of_news import empty_week, nasty_week, read_week

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--hide-scrollbars", "--virtual-time-budget=5000"),
)
# The frame is as wide as a phone; a window cannot be made so narrow.
FRAME = """<!DOCTYPE html><iframe style="width:{width}px;height:800px;border:0" srcdoc="{page}"></iframe>
<script>onload = () => {{
  const page = document.querySelector("iframe").contentDocument;
  const right = element => element.getBoundingClientRect().right;
  const beyond = [...page.body.querySelectorAll("*")].filter(element => right(element) > {width} + 0.5);
  document.title = JSON.stringify([page.documentElement.scrollWidth, beyond.length]);
}}</script>"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.mark.parametrize("columns", [390, 1200])
@pytest.mark.parametrize("name", ["briefing.zh.html", "briefing.en.html", "evidence.html"])
@pytest.mark.parametrize("week", [read_week, nasty_week, empty_week])
def test_no_page_overflows(
    issue_of: MakeIssue, tmp_path: Path, week: Callable[[], PublishedFile], name: str, columns: int
) -> None:
    page = (issue_of(week()).folder / name).read_text(encoding="utf-8")
    assert shown_in_browser(page, columns, tmp_path) == (columns, 0)


def shown_in_browser(page: str, columns: int, folder: Path) -> tuple[int, int]:
    """The width that a page takes on a screen of `columns` pixels, and how many elements stand out beyond it."""
    frame = folder / "frame.html"
    frame.write_text(FRAME.format(width=columns, page=html.escape(page)), encoding="utf-8")
    assert CHROMIUM
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", frame.as_uri()]
    shown = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True).stdout.decode()
    found = re.search(r"<title>\[(\d+),(\d+)\]</title>", shown)
    assert found, shown[:300]
    return int(found[1]), int(found[2])
