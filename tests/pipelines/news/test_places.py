"""Which places a page names: ours, other districts' parks, the other Putuos; in Chinese, traditional and English."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.locate.reference import elsewhere, gazetteer, parks
from pipelines.news import Reading, read
from pipelines.news.document import open_document
from pipelines.news.places import Place, Whose, find_places

HEALTH = "生命健康、医疗器械、生物医药产业集聚，医疗企业加快落户。"
HEALTH_EN = "Life-health, medical devices and biomedicine firms gather there. "


def places(text: str) -> list[Place]:
    return [named.place for named in find_places(open_document("", text))]


def whose(text: str) -> set[Whose]:
    return {place.whose for place in places(text)}


def ids(text: str) -> set[str]:
    return {place.id for place in places(text) if place.whose is Whose.OURS}


def page(title: str, text: str) -> Reading:
    return read(title, text, language="zh", kind="news", published_on=date(2026, 11, 20))


# ------------------------------------------------------------------------------------------------------- the data


def test_every_park_and_every_other_place_says_where_it_is_known_from() -> None:
    entries = [*parks()["park"], *parks()["landmark"], *elsewhere()["area"]]
    assert [entry for entry in entries if len(entry["origin"]) < 6] == []
    assert len(entries) > 50


def test_parks_have_an_id_of_their_own_a_kind_of_the_list_and_both_names() -> None:
    entries = parks()["park"]
    found = [park["id"] for park in entries] + [mark["id"] for mark in parks()["landmark"]]
    assert len(found) == len(set(found))
    assert {park["kind"] for park in entries} <= {"park", "area", "building", "base", "platform", "institute"}
    assert all(park["zh"] and park["en"].isascii() and park["names"] for park in entries)


def test_no_name_belongs_to_two_places() -> None:
    of_parks = [{park["zh"], park["en"].lower(), *park["names"], *park["prose"]} for park in parks()["park"]]
    others = [set(mark["names"]) for mark in parks()["landmark"]]
    streets = [{*street["names"], *street.get("ambiguous", ())} for street in gazetteer()["street"]]
    away = {name for area in elsewhere()["area"] for name in area["names"]}
    seen: set[str] = set()
    for names in (*of_parks, *others, *streets, away):
        assert not seen & names
        seen |= names


def test_running_text_names_every_park_in_both_languages() -> None:
    for park in parks()["park"]:
        for name in (park["zh"], *park["names"], *park["prose"]):
            assert park["id"] in ids(f"位于{name}的企业。"), name
        assert park["id"] in ids(f"A firm moved into {park['en']} in May."), park["en"]


def test_all_ten_streets_and_towns_are_named_in_both_languages() -> None:
    for street in gazetteer()["street"]:
        assert ids(f"上海市{street['zh']}今天发布消息。") == {street["code"]}
        assert ids(f"The office of {street['en']} says so.") == {street["code"]}


@pytest.mark.parametrize(
    ("text", "park"),
    [
        ("企业落户上海清华国际创新中心。", "tsinghua_centre"),
        ("Futurity Science and Technology Park has new tenants.", "weilaidao_park"),
        ("园区打造“炬”创・医谷。", "juchuang_valley"),
        ("推进环同济医学院生命健康总部基地建设。", "tongji_health_base"),
        ("張江高新區普陀園發布消息。", "zhangjiang_putuo_park"),
        ("M50 Creative Park opens a gallery.", "m50"),
        ("天地科技園新增企業。", "tiandi_science_park"),
    ],
)
def test_news_and_english_pages_write_parks_in_their_own_ways(text: str, park: str) -> None:
    assert park in ids(text)


# ------------------------------------------------------------------------------------- other districts' parks


@pytest.mark.parametrize(
    "name",
    [
        "张江药谷", "上海国际医学园区", "临港新片区", "东方美谷", "奉贤新城", "市北高新园区", "大零号湾",
        "新虹桥国际医学中心", "宝山药谷", "北上海生物医药产业园", "嘉定新城", "湾谷科技园", "聚科生物园区",
        "临港松江科技城", "湾区生物医药港", "闵行区", "静安区", "浦东新区",
    ],
)  # fmt: skip
def test_a_page_about_another_districts_park_is_not_ours(name: str) -> None:
    assert whose(f"{name}又有新进展。") == {Whose.ELSEWHERE}
    found = page(f"{name}集聚生物医药企业", f"{name}举行推介会。{HEALTH}")
    assert (found.relevant, found.in_putuo, found.places) == (False, False, ())


@pytest.mark.parametrize(
    "name",
    [
        "Zhangjiang Science City", "Lingang", "Oriental Beauty Valley", "Shibei Hi-tech Park", "Grand Neobay",
        "New Hongqiao International Medical Center", "North Shanghai Biopharmaceutical Park", "Fengxian New City",
        "Shanghai International Medical Zone", "Jing'an District", "Minhang District",
    ],
)  # fmt: skip
def test_an_english_page_about_another_districts_park_is_not_ours(name: str) -> None:
    found = page(f"{name} draws medical firms", f"{name} held an event. {HEALTH_EN}")
    assert (found.relevant, found.in_putuo) == (False, False)
    assert Whose.ELSEWHERE in whose(f"A plant opened in {name}.")


@pytest.mark.parametrize(
    "name", ["閔行區", "臨港新片區", "張江科學城", "東方美谷", "靜安區", "寶山區", "奉賢區", "楊浦區", "松江區"]
)
def test_traditional_characters_name_the_same_places(name: str) -> None:
    assert whose(f"{name}發布消息。") == {Whose.ELSEWHERE}


def test_ours_too_is_read_in_traditional_characters() -> None:
    assert ids("普陀區桃浦鎮的中以（上海）創新園") == {"putuo", "310107103", "china_israel_hub"}


# ------------------------------------------------------------------------------------------ the other Putuos


@pytest.mark.parametrize(
    "text",
    [
        "舟山市普陀区召开医疗器械产业推进会。",
        "浙江普陀六横镇的药企投产，普陀区副区长出席。",
        "普陀经济开发区引进海洋生物医药项目，普陀区表示支持。",
        "普陀山机场新增航线，普陀区接待游客。",
        "舟山群島新區普陀區的海洋生物醫藥企業",
        "沈家门街道社区卫生服务中心启用，系普陀区今年的民生项目。普陀区人民医院协助。",
        "Zhoushan's Putuo District opened a marine biomedicine park; Putuo hopes for more.",
        "A firm settled in Putuo District, Zhoushan. Putuo Central Hospital is near.",
    ],
)
def test_the_putuo_of_zhoushan_is_not_ours(text: str) -> None:
    found = page("医疗产业", text)
    assert (found.in_putuo, found.places) == (False, ())


@pytest.mark.parametrize(
    "text",
    [
        "贵阳市云岩区普陀路街道卫生服务中心招标。",
        "浦东新区川沙新镇普陀路84号的医疗器械公司获证。",
        "普陀路84号的门诊部",
        "游客登普陀山，参观普陀寺。",
        "廈門南普陀寺舉行義診。",
        "A clinic on Putuo Road in Pudong.",
        "Pilgrims climb Putuoshan.",
    ],
)
def test_roads_temples_and_the_hill_that_bear_the_name_are_no_place_of_ours(text: str) -> None:
    found = page("消息", text)
    assert (found.in_putuo, found.places) == (False, ())


def test_a_page_that_names_shanghais_putuo_beside_zhoushan_is_ours() -> None:
    assert "putuo" in ids("上海市普陀区与舟山市普陀区签约，两地普陀共建产业园。")
    assert "putuo_central_hospital" in ids("上海市普陀区中心医院援助舟山。普陀区中心医院派出医疗队。")


def test_a_hospital_that_both_putuos_may_have_does_not_decide_between_them() -> None:
    assert ids("舟山消息：普陀区中心医院扩建。") == set()


@pytest.mark.parametrize("name", ["库尔勒市", "老河口市", "玉田县", "东兴市"])
def test_counties_of_other_provinces_are_elsewhere(name: str) -> None:
    assert whose(f"企业落户{name}。") == {Whose.ELSEWHERE}


@pytest.mark.parametrize("text", ["上海城市副中心", "新兴城市建设", "普陀区新城区规划", "都市园区"])
def test_words_that_hold_a_countys_name_are_no_county(text: str) -> None:
    assert Whose.ELSEWHERE not in whose(text)


def test_zhongshan_north_road_is_no_city() -> None:
    assert whose("普陀区中山北路的企业") == {Whose.OURS}
    assert whose("广东中山的企业") == {Whose.ELSEWHERE}


def test_a_town_whose_name_others_bear_proves_nothing_alone() -> None:
    assert not page("长征镇医疗产业", f"长征镇举行推介会。{HEALTH}").in_putuo
    assert not page("Health firms", f"Changzheng Town held an event. {HEALTH_EN}").in_putuo
    assert page("长征镇医疗产业", f"普陀区长征镇举行推介会。{HEALTH}").in_putuo


@pytest.mark.parametrize(
    "name",
    ["Shanghai's Putuo District", "Shanghai’s Putuo District", "Putuo District, Shanghai", "Putuo District of Shanghai",
     "Putuo, Shanghai"],
)  # fmt: skip
def test_putuo_of_shanghai_is_ours_beside_the_other_putuo(name: str) -> None:
    text = f"Guests from Zhoushan's Putuo came to {name} to see medical devices."
    assert whose(text) >= {Whose.OURS, Whose.ZHOUSHAN}


def test_putuo_alone_beside_the_other_is_not_ours() -> None:
    assert Whose.OURS not in whose("Guests from Zhoushan came to Putuo District to see medical devices.")


# -------------------------------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "address", ["上海市怒江北路561弄", "怒江北路561弄3号", "古浪路378号", "祁连山南路2891弄200号", "曹杨路510号9楼"]
)
def test_an_address_on_a_road_that_only_our_putuo_has_lies_here(address: str) -> None:
    found = read("样本公司", f"公司设于上海，位于{address}。", language="zh", kind="news", published_on=None)
    assert found.in_putuo
    assert [place.id for place in found.places] == ["putuo"]


@pytest.mark.parametrize(
    "text",
    [
        "公司设于上海，位于宜山路1289号。",  # not of Putuo
        "公司设于上海，位于中山北路100号。",  # beyond our stretch of it
        "公司设于上海，工厂在苏州怒江北路561弄。",  # another city's
        "公司设于上海，位于新怒江北路561弄。",  # another road
        "公司设于上海，地铁怒江北路3号线。",
        "公司位于怒江北路561弄。",  # nothing says that it is Shanghai's
    ],
)
def test_another_address_tells_nothing(text: str) -> None:
    assert not read("样本公司", text, language="zh", kind="news", published_on=None).in_putuo
