"""A document that the district's portal and the city's policy library both show is one policy: the portal's."""

from __future__ import annotations

import pytest

from crawler.items import Article, ArticleKind
from tests.pipelines.runs import Runs, article

TITLE = "普陀区促进生命健康产业发展的若干意见"


def document(article_id: str, title: str = TITLE, *paragraphs: str) -> Article:
    said = paragraphs or ("支持普陀区医疗器械企业。",)
    return article(1, title, *said, article_id=article_id, kind=ArticleKind.DOCUMENT)


def policies(runs: Runs) -> list[tuple[str, str]]:
    runs.load()
    return runs.ask("SELECT source, source_id FROM policies ORDER BY ALL")


@pytest.mark.parametrize("first", ["putuo_portal", "shanghai_policy"])
def test_the_portals_word_stands_whichever_was_read_first(runs: Runs, first: str) -> None:
    shown = {"putuo_portal": document("4711"), "shanghai_policy": document("00754711", f"关于印发《{TITLE}》的通知")}
    for source in sorted(shown, key=lambda source: source != first):
        runs.add(shown[source], source=source, series="")
    assert policies(runs) == [("putuo_portal", "4711")]
    assert len(runs.ask("SELECT * FROM articles")) == 2, "both stay as articles"


def test_what_only_the_library_shows_and_what_another_district_issued_stay(runs: Runs) -> None:
    runs.add(document("4711"), source="putuo_portal", series="")
    runs.add(document("00754712"), document("00744711"), source="shanghai_policy", series="")
    assert [source_id for _, source_id in policies(runs)] == ["4711", "00744711", "00754712"]


def test_a_portal_page_that_could_not_be_read_does_not_hide_the_librarys(runs: Runs) -> None:
    runs.add(document("4711", "通知", "样本。"), source="putuo_portal", series="")
    runs.add(document("00754711"), source="shanghai_policy", series="")
    assert policies(runs) == [("shanghai_policy", "00754711")]
