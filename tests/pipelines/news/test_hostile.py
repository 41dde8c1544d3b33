"""Whatever a page holds, reading it ends soon and every span lies within it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.news import NameIndex, attribute, document, read

INDEX = NameIndex([("kuanyu", "上海宽屿医疗器械有限公司"), ("lumen", "Lumenvale Medical Technology Co., Ltd.")])
PIECES = [
    *(
        "上海宽屿医疗器械有限公司",
        "落户",
        "普陀区",
        "桃浦智创城",
        "签约",
        "\u200b",
        "\u202e",
        " ",
        "　",
        "\n",
        "。",
        "，",
        "、",
        "（",
        "）",
    ),
    *(
        "Lumenvale Medical Technology Co., Ltd.",
        " settled in ",
        "Putuo",
        "2026年11月18日",
        "31日",
        "二〇二六年",
        "2.5亿元",
        "10%",
    ),
    *(
        "完成",
        "B轮融资",
        "的",
        "与",
        "生命健康企业",
        "3500家",
        "区",
        "號",
        "Ⅷ",
        "İ",
        "ß",
        "𠮷",
        "\x00",
        "99999999999999999",
        "$5 million",
    ),
]


def check(title: str, text: str, kind: str = "news") -> None:
    whole = document(title, text)
    reading = read(title, text, language="zh", kind=kind, published_on=date(2026, 11, 20))
    found = attribute(title, text, reading, INDEX.find(title, text))
    spans = [(place.start, place.end) for place in reading.places]
    spans += [(claim.start, claim.end) for claim in reading.claims]
    spans += [(statement.start, statement.end) for statement in reading.statements]
    spans += [(statement.start, statement.end) for statement in found]
    assert all(0 <= start < end <= len(whole) for start, end in spans)
    for statement in reading.statements:
        assert statement.start <= statement.trigger[0] < statement.trigger[1] <= statement.end
    assert all(reason in whole for reason in reading.reasons)
    assert 0 <= reading.score <= 1


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from(["news", "document", "filing"]))
def test_any_mixture_of_the_words_we_look_for_is_read(text: str, kind: str) -> None:
    check(text[:20], text, kind)


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_is_read(text: str, title: str) -> None:
    check(title, text)


@pytest.mark.parametrize(
    "piece",
    [
        "落户普陀", "普陀医疗器械", "（", "\u202e", " ", "\u200b", "a ", "1", "1,", "12家", "2026年", "公司", "完成",
        "。", "\n", ". A", "十", "Co., Ltd. ", "上海宽屿医疗器械有限公司、", "与", "的", "of ", " Of", '"',
        "settled in Putuo ",
    ],
)  # fmt: skip
def test_a_million_characters_of_anything_end(piece: str) -> None:
    check("普陀区医疗器械", piece * (1_000_000 // len(piece)))


def test_what_stands_beyond_the_bound_is_not_read() -> None:
    reading = read("标题", "字" * 300_000 + "普陀区医疗器械", language="zh", kind="news", published_on=None)
    assert not reading.in_putuo


def test_nothing_at_all_is_read() -> None:
    check("", "")
