"""A park that no list knows, in an address of Putuo or on a page, is told as a candidate; common words are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.locate.park_names import park_key, unknown_park
from pipelines.locate.reference import parks
from tests.pipelines.runs import HERE, Runs, article, firm, published

ROAD = "上海市普陀区祁连山路500号"


# ----------------------------------------------------------------------------------------------------- in addresses


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (f"{ROAD}桦序医谷3幢", "桦序医谷"),
        (f"{ROAD}（桦序生物医药产业园）5楼", "桦序生物医药产业园"),
        ("上海市普陀区桃浦镇桦序科技园区1号楼", "桦序科技园区"),
        ("普陀區光復西路2899弄桦序創意園A座", "桦序创意园"),
        ("真光路1473弄3号楼桦序孵化器4028室", "桦序孵化器"),
        (f"{ROAD}和序创意园2幢", "和序创意园"),
        ("绥德路2弄22号桦序·数智健康产业基地", "桦序·数智健康产业基地"),
        ("西康路1518号桦序１５１８创意产业园", "桦序1518创意产业园"),
    ],
)
def test_an_address_names_a_park_that_no_list_knows(address: str, name: str) -> None:
    assert unknown_park(address) == name


@pytest.mark.parametrize(
    "address",
    [
        f"{ROAD}",
        f"{ROAD}工业园区3幢",
        f"{ROAD}高新技术产业园",
        "上海市普陀区桃浦工业园区",  # a town's zone says no more than the town
        "上海市普陀区大学科技园",
        f"{ROAD}桦序产业园有限公司内",
        "上海市普陀区桦序科技园路88号",
        f"{ROAD}桦序花园3幢",
        f"{ROAD}桦序幼儿园",
        f"{ROAD}环球港2楼",
        f"{ROAD}未来岛公园旁",
        f"{ROAD}桦序大厦5楼",
        f"{ROAD}天地软件园27号楼",  # known
        f"{ROAD}张江药谷大厦",
        f"{ROAD}我区某产业园",
        f"{ROAD}桦序桦序桦序桦序桦序桦序桦序桦序产业园",  # too long for a name
        "",
    ],
)
def test_common_words_estates_firms_roads_and_known_parks_are_no_candidates(address: str) -> None:
    assert unknown_park(address) == ""


def test_of_an_endless_address_the_beginning_is_read() -> None:
    assert unknown_park("桦序" * 100_000 + "医谷") == ""


def test_writings_of_one_name_share_a_key() -> None:
    assert park_key("桦序产业园区") == park_key("桦序产业园") == park_key("“桦序”·产业园")
    assert park_key("Samplewood Bio Park") == park_key("samplewood bio park")


@given(st.text(alphabet="上海市普陀区路弄号桦序医谷产业园科技港（）()·“” 0189", max_size=40))
def test_what_is_told_stands_in_the_address_and_ends_as_parks_do(address: str) -> None:
    name = unknown_park(address)
    endings = tuple(word + tail for word in parks()["park_words"]["endings"] for tail in ("", "区"))
    assert name == "" or name.endswith(endings)


# ---------------------------------------------------------------------------------------------------- in the database


Ask = Callable[..., list[tuple[Any, ...]]]


def told(runs: Runs, *columns: str) -> list[tuple[Any, ...]]:
    return runs.ask(f"SELECT {', '.join(columns)} FROM park_candidates ORDER BY name")


def test_addresses_and_pages_that_name_one_park_make_one_candidate(runs: Runs) -> None:
    place = "上海市普陀区真南路822弄桦序医谷{}幢"
    runs.add(firm(1, address=place.format(1)), firm(2, address=place.format(2)), firm(3), day=0)
    runs.news(
        article(1, "消息", "多家企业入驻。普陀区桃浦镇桦序医谷今天开园。", **published("2026-11-02")),
        article(2, "消息", "普陀区桦序医谷又添新企业。", **published("2026-11-03")),
        day=3,
    )
    runs.load()
    assert told(runs, "name", "firms", "articles", "street_zh", "street_en") == [
        ("桦序医谷", 2, 2, "桃浦镇", "Taopu Town")
    ]
    ((first, last, address, quote),) = told(runs, "first_seen_at", "last_seen_at", "example_address", "example_quote")
    assert first < last
    assert address == place.format(2)
    assert quote == "普陀区桦序医谷又添新企业。"
    sorts = "SELECT found_in, count(*), count(url), count(firm) FROM park_mentions GROUP BY ALL ORDER BY 1"
    assert runs.ask(sorts) == [
        ("address", 2, 0, 2),
        ("article", 2, 2, 0),
    ]


def test_an_address_elsewhere_one_in_a_known_park_and_a_common_word_make_none(runs: Runs) -> None:
    runs.add(
        firm(1, address="上海市浦东新区桦序医谷1幢"),
        firm(2, address="上海市普陀区祁连山路127号桦序医谷1幢"),
        firm(3, address="上海市普陀区真南路822弄工业园区1幢"),
        firm(4, address=HERE),
        day=0,
    )
    runs.news(article(1, "普陀区科技园", "普陀区工业园区复工。", **published("2026-11-02")), day=1)
    runs.load()
    assert told(runs, "name") == []


def test_a_firm_that_left_the_park_still_tells_of_it(runs: Runs) -> None:
    runs.add(firm(1, address=f"{ROAD}桦序产业园1幢"), day=0)
    runs.add(firm(1, address=HERE), day=2)
    runs.add(firm(2, address=f"{ROAD}桦序产业园区2幢"), day=4)
    runs.load()
    assert told(runs, "firms", "articles") == [(2, 0)]


def test_pages_in_english_are_quoted_with_their_sentence(runs: Runs) -> None:
    said = "A device maker moved into Samplewood Bio Park in Putuo District last week."
    runs.news(article(1, "Putuo news", f"It rained. {said} It was sunny.", language="en", **published("2026-11-02")))
    runs.load()
    assert told(runs, "name", "articles", "example_quote") == [("Samplewood Bio Park", 1, said)]


def test_known_parks_are_listed_with_their_origin_and_the_firms_in_them(runs: Runs) -> None:
    runs.add(firm(1, address="上海市普陀区祁连山路127号2幢"), firm(2, address="上海市普陀区中以（上海）创新园3幢"))
    runs.load()
    listed = runs.ask("SELECT park_id, firms, life_health_firms FROM parks WHERE firms > 0")
    assert listed == [("china_israel_hub", 2, 2)]
    assert runs.ask("SELECT count(*) FROM parks WHERE origin = '' OR name_en = ''") == [(0,)]
    assert runs.ask("SELECT count(*) FROM parks") == [(len(parks()["park"]),)]
