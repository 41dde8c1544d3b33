"""A line of JSON is a page or says why not; what a page says is a line again; and a list of firms is read likewise."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.news import document
from pipelines.news.page_reader import read_page
from pipelines.page_lines import LONGEST_LINE, LineError, line_of, lines_of, parse_line
from pipelines.resolve.known_names import FirmListError, known_of_list, nobody
from tests.crawler.extracts import code

PAGE = {
    "url": "https://news.example.org/1",
    "title": "砚石医疗签约落户未来岛",
    "date": "2026-11-19",
    "lang": "zh",
    "text": "11月18日，砚石医疗签约落户普陀区未来岛高新技术产业园。近日，砚石医疗完成1.5亿元A轮融资。"
    "全区生命健康企业已超2300家。",
}
FIRM = "上海宽屿医疗器械有限公司"


def line(**changes: object) -> bytes:
    return json.dumps(PAGE | changes).encode()


def told(**changes: object) -> dict[str, Any]:
    page = parse_line(line(**changes))
    said = read_page(
        page.title, page.text, language=page.language, kind=page.kind, published_on=page.published_on, known=nobody()
    )
    answer: dict[str, Any] = json.loads(line_of(page, said))
    return answer


def test_a_line_says_all_that_the_page_says() -> None:
    answer = told()
    whole = document(PAGE["title"], PAGE["text"])
    assert list(answer) == ["url", "relevant", "score", "firms", "places", "claims"]
    assert (answer["url"], answer["relevant"]) == (PAGE["url"], True)
    (firm,) = answer["firms"]
    assert (firm["name"], firm["uscc"], firm["park"]) == ("砚石医疗", None, "weilaidao_park")
    arrival, financing = firm["events"]
    assert list(arrival) == ["kind", "happened_on", "amount", "unit", "confidence", "quote_span"]
    assert (arrival["kind"], arrival["happened_on"], arrival["amount"], arrival["unit"]) == (
        "arrival_announced", "2026-11-18", None, None,
    )  # fmt: skip
    assert (financing["happened_on"], financing["amount"], financing["unit"]) == (None, 150_000_000, "CNY")
    start, end = financing["quote_span"]
    assert whole[start:end] == "近日，砚石医疗完成1.5亿元A轮融资。"
    assert [(place["id"], whole[slice(*place["span"])]) for place in answer["places"]] == [
        ("putuo", "普陀区"), ("weilaidao_park", "未来岛高新技术产业园"),
    ]  # fmt: skip
    (claim,) = answer["claims"]
    assert (claim["measure"], claim["value"], claim["unit"], claim["relation"]) == ("firm_count", 2300, "firms", "over")


def test_parks_that_the_gazetteer_does_not_know_are_places_without_an_id() -> None:
    answer = told(text="砚石医疗在普陀区桦序生命科学园设立实验室，又在普陀区砚桦科创园设立办公室。生命健康产业。")
    unknown = [(place["name"], place["name_en"]) for place in answer["places"] if place["id"] is None]
    assert unknown == [("桦序生命科学园", None), ("砚桦科创园", None)]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-19", date(2026, 11, 19)),
        ("2026年11月19日", date(2026, 11, 19)),
        ("2026-11-18T20:00:00Z", date(2026, 11, 19)),
        ("2026-11-19 08:30", date(2026, 11, 19)),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_a_day_in_shanghai_or_none(written: str | None, day: date | None) -> None:
    assert parse_line(line(date=written)).published_on == day


def test_date_and_lang_may_be_missing_and_kind_is_news_unless_told() -> None:
    page = parse_line(json.dumps({key: PAGE[key] for key in ("url", "title", "text")}).encode())
    assert (page.published_on, page.language, page.kind) == (None, "", "news")
    assert parse_line(line(kind="document")).kind == "document"


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b"nonsense", "is no JSON: Expecting value at character 0"),
        (b"\xff\xfe", "byte 0: is not UTF-8"),
        (b"[" * 100_000, "is no JSON that can be read: RecursionError"),
        (b"[1]", "holds no object but a list"),
        (b"7" * 10_000, "is no JSON that can be read: ValueError"),
        (b'{"url": "u", "text": "t"}', "title: is missing"),
        (line(url=" "), "url: is empty"),
        (line(url=7), "url: is no text but a number"),
        (line(text={}), "text: is no text but an object"),
        (line(title="", text=None), "title and text: both are empty"),
        (line(title="\ud800"), "title: character 0: is half a character"),
        (line(date="2026-13-44"), "date: '2026-13-44' is no day"),
        (line(date="0001-01-01T00:00:00+14:00"), "date: '0001-01-01T00:00:00\\+14:00' is no"),
        (line(date="9999-12-31T23:59:00-12:00"), "date: '9999-12-31T23:59:00-12:00' is no"),
        (line(date="1948-12-31"), "date: '1948-12-31' is not of the years 1949 to 2100"),
        (line(date="2101-01-01T00:00:00"), "date: '2101-01-01T00:00:00' is not of the years 1949 to 2100"),
        (line(date=20261119), "date: is no text but a number"),
        (line(kind="poem"), "kind: 'poem' is none of news, document, filing"),
        (b" " * (LONGEST_LINE + 1), "is longer than"),
    ],
    ids=range(19),
)
def test_a_line_that_is_no_page_says_why(bad: bytes, why: str) -> None:
    with pytest.raises(LineError, match=f"^{why.replace('.', '[.]')}"):
        parse_line(bad)


@given(
    st.binary(max_size=60) | st.text(max_size=60).map(lambda text: json.dumps({"url": text, "title": text}).encode())
)
def test_any_line_is_a_page_or_refused(content: bytes) -> None:
    try:
        page = parse_line(content)
    except LineError:
        return
    assert page.url


def test_lines_are_numbered_blank_ones_too_and_long_ones_are_not_held() -> None:
    file = io.BytesIO(b"\xef\xbb\xbfone\n\n" + b"x" * (2 * LONGEST_LINE + 5) + b"\n \nfive\nsix")
    found = [(number, content[:4], len(content)) for number, content in lines_of(file)]
    assert found == [(1, b"one\n", 4), (3, b"xxxx", LONGEST_LINE + 1), (5, b"five", 5), (6, b"six", 3)]


# --------------------------------------------------------------------------------------------------- lists of firms


def listed(tmp_path: Path, text: str) -> tuple[list[str], list[str]]:
    """Whom a page that names everybody is found to name, by a list; and what was left out of the list, and why."""
    path = tmp_path / "firms.csv"
    path.write_text(text, encoding="utf-8")
    told: list[str] = []
    known, _ = known_of_list(path, lambda number, why: told.append(f"{number}: {why}"))
    mentions, _ = known.find("", f"{FIRM}、上海宽屿器械厂和Lumenvale Medical Technology Co., Ltd.到场。")
    return [mention.firm for mention in mentions], told


@pytest.mark.parametrize(
    "text",
    [
        f"uscc,name,name_en\n{code(1)},{FIRM},\n{code(1)},上海宽屿器械厂,\n"
        f'{code(2)},x,"Lumenvale Medical Technology Co., Ltd."\n',
        f"\ufeff统一社会信用代码,企业名称,英文名称,备注\n{code(1)},{FIRM},,a\n{code(1)},上海宽屿器械厂,,b\n"
        f'{code(2)},y,"Lumenvale Medical Technology Co., Ltd.",c\n',
    ],
    ids=["english", "chinese"],
)  # fmt: skip
def test_a_list_names_firms_by_former_and_english_names_too(tmp_path: Path, text: str) -> None:
    found, left_out = listed(tmp_path, text)
    assert found == [code(1), code(1), code(2)]
    assert left_out == []


def test_a_row_that_cannot_be_used_is_told_with_its_line_and_the_others_count(tmp_path: Path) -> None:
    text = f"uscc,name\n9131,{FIRM}\n\n{code(1)},\n{code(2)},a,b\n{code(1)},{FIRM}\n"
    found, left_out = listed(tmp_path, text)
    assert found == [code(1)]
    assert [entry.partition(":")[0] for entry in left_out] == ["2", "4", "5"]


@pytest.mark.parametrize(
    ("body", "why"), [(b"a,b\n", "header has no uscc and name"), (b"", "header"), (b"\xff\xff", "UTF-8")]
)
def test_what_is_no_list_of_firms_is_refused(tmp_path: Path, body: bytes, why: str) -> None:
    path = tmp_path / "firms.csv"
    path.write_bytes(body)
    with pytest.raises(FirmListError, match=why):
        known_of_list(path, lambda _line, _why: None)
