"""An address is in Putuo, elsewhere or unknown, and each trap on the way has its sentence here."""

from __future__ import annotations

import csv
import os
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import locate as locate_module
from pipelines.locate import GAZETTEER_VERSION, InPutuo, LocateReason, Place, locate, park_name, street_name
from pipelines.locate.numbers import Numbers, read_entry

REFERENCE = Path(locate_module.__file__).parents[1] / "reference"


def said(place: Place) -> tuple[str, str, str]:
    return place.in_putuo.value, place.district, place.reason.value


# ------------------------------------------------------------------------------------- what the address names


@pytest.mark.parametrize(
    "address",
    [
        "上海市普陀区武宁路19号",
        "普陀区武宁路19号",
        "上海普陀武宁路19号",
        "住所：上海市普陀区武宁路19号",
        "（集中登记地）上海市普陀区武宁路19号",
        "上海市 普陀区 武宁路 19 号",
        "普陀區武寧路19號",
    ],
)
def test_an_address_that_names_putuo_is_in_putuo(address: str) -> None:
    assert said(locate(address)) == ("yes", "310107", "address_names_district")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("上海市浦东新区川沙新镇普陀路84号1幢", "310115"),
        ("浦东川沙镇普陀路39号", "310115"),
        ("上海市静安区沪太路1053弄5号", "310106"),
        ("上海市闸北区芷江西路160号", "310108"),
        ("上海市卢湾区斜土路433号", "310103"),
        ("上海市崇明县城桥镇秀山路8号", "310230"),
        ("上海市金山工业区夏宁路666弄126号", "310116"),
        ("上海市江桥镇金沙江西路568号", "310114"),
        ("上海市张江高科技产业东区瑞庆路528号", "310115"),
        ("上海市闵行区静安新城8号", "310112"),
    ],
)
def test_another_district_of_shanghai_beats_every_other_hint(address: str, code: str) -> None:
    place = locate(address, district="普陀", registrar="普陀区市场监督管理局", division="310107")
    assert said(place) == ("no", code, "address_names_district")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("浙江省舟山市普陀区沈家门街道滨港路1号", "330903"),
        ("舟山市普陀区海印路9号", "330903"),
        ("浙江舟山普陀勾山街道1号", "330903"),
        ("浙江普陀六横镇龙山路8号", "330903"),
        ("普陀区东港街道海莲路1号", "330903"),
        ("普陀区东港海天大道1号", "330903"),
        ("普陀区展茅镇1号", "330903"),
        ("普陀山镇梅岑路1号", "330903"),
        ("朱家尖街道福兴路2号", "330903"),
        ("虾峙镇1号", "330903"),
        ("桃花岛1号", "330903"),
        ("东极镇1号", "330903"),
        ("登步乡1号", "330903"),
        ("蚂蚁岛1号", "330903"),
        ("贵阳市云岩区普陀路街道1号", "520100"),
        ("普陀路街道1号", "520103"),
        ("广东省中山市石岐区中山北路1号", "442000"),
        ("杭州市西湖区武宁路1号", "330100"),
        ("北京市朝阳区常意路4号", "110000"),
        ("慈溪市逍林镇逍林大道588号", ""),
        ("天河区体育西路1号", ""),
    ],
)
def test_another_city_beats_every_other_hint(address: str, code: str) -> None:
    place = locate(address, district="普陀", registrar="普陀区市场监督管理局", division="310107")
    assert said(place) == ("no", code, "address_names_other_place")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("上海市普陀區長壽路652號", ("yes", "310107", "address_names_district")),
        ("上海市閔行區滬閔路1號", ("no", "310112", "address_names_district")),
        ("上海市楊浦區國權路1號", ("no", "310110", "address_names_district")),
        ("浦東新區川沙新鎮普陀路84號", ("no", "310115", "address_names_district")),
        ("浙江省舟山市普陀區東港街道1號", ("no", "330903", "address_names_other_place")),
        ("貴陽市雲岩區普陀路街道1號", ("no", "520100", "address_names_other_place")),
        ("寧夏路201號", ("unknown", "", "nothing")),  # a name of many cities
        ("雲嶺東路345號", ("yes", "310107", "road_of_putuo")),
    ],
)
def test_traditional_characters_are_read_as_the_plain_ones(address: str, told: tuple[str, str, str]) -> None:
    assert said(locate(address)) == told


@pytest.mark.parametrize(
    "address",
    [
        "上海市普陀区武宁路200号桃花岛饭店",
        "上海市普陀区中山北路2299号中山大厦",
        "上海市普陀区真光路88号浦东新区办事处",
    ],
)
def test_only_the_beginning_of_an_address_names_its_place(address: str) -> None:
    assert locate(address).in_putuo is InPutuo.YES


def test_of_two_places_in_one_cell_the_first_counts() -> None:
    assert locate("上海市普陀区武宁路19号；上海市浦东新区张杨路1号").in_putuo is InPutuo.YES
    assert locate("上海市浦东新区张杨路1号；上海市普陀区武宁路19号").district == "310115"


@pytest.mark.parametrize(
    "address",
    ["上海市浦东南路3633号", "上海市崇明东路1号", "上海市宝山路1号", "上海市陕西南路1号", "上海市四平路1号"],
)
def test_a_road_named_after_a_place_is_not_that_place(address: str) -> None:
    assert said(locate(address)) == ("unknown", "", "nothing")


@pytest.mark.parametrize(
    "address",
    ["中国（上海）自由贸易试验区民生路1299号", "上海自贸试验区富特北路1号", "自由贸易试验区日京路1号"],
)
def test_the_free_trade_zone_is_in_pudong(address: str) -> None:
    assert said(locate(address)) == ("no", "310115", "address_names_district")


def test_the_free_trade_zone_gives_way_to_a_district_named_after_it() -> None:
    assert locate("中国（上海）自由贸易试验区普陀区武宁路19号").in_putuo is InPutuo.YES


def test_another_citys_free_trade_zone_is_in_that_city() -> None:
    assert locate("河南自贸试验区郑州片区(郑东)商都路166号").reason is LocateReason.ADDRESS_NAMES_OTHER_PLACE


# ------------------------------------------------------------------------------------------ the two Putuos


def test_a_bare_putuo_is_shanghais_unless_something_speaks_for_zhoushan() -> None:
    assert locate("普陀区海印路9号").in_putuo is InPutuo.YES
    assert locate("普陀区海印路9号", division="310107").in_putuo is InPutuo.YES
    assert locate("普陀区海印路9号", division="330903").district == "330903"
    assert locate("普陀区海印路9号", registrar="舟山市市场监督管理局普陀分局").district == "330903"
    assert locate("普陀区海印路9号", district="浙江·舟山").district == "330903"


def test_a_road_of_putuo_proves_a_bare_putuo_against_the_credit_code() -> None:
    assert locate("普陀区真光路1473弄3号", division="330903").in_putuo is InPutuo.YES


def test_the_division_of_the_credit_code_is_never_the_address() -> None:
    assert said(locate("某某大楼1号", division="310107")) == ("unknown", "", "nothing")
    assert said(locate("", division="330903")) == ("unknown", "", "nothing")


# ------------------------------------------------------------------------------------------- roads of Putuo


@pytest.mark.parametrize(
    "address",
    ["怒江路213号", "中山北路2299号", "真光路1473弄3号", "常德路1239号", "安远路84号", "曹杨1村8号"],
)
def test_a_road_that_only_putuo_has_places_an_address(address: str) -> None:
    assert said(locate(address)) == ("yes", "310107", "road_of_putuo")


@pytest.mark.parametrize(
    "address",
    [
        "普陀路84号",  # Pudong has one, and Putuo
        "中山北路100号",  # Hongkou
        "常德路500号",  # Jing'an
        "安远路85号",  # the odd side is Jing'an
        "长寿路999弄1号",  # Jing'an
        "中山北路",  # no number
        "新村路241号",  # a name of many cities
        "某某真光路1473弄3号",  # a longer name that ends like ours
    ],
)
def test_a_road_of_several_districts_proves_nothing_outside_our_numbers(address: str) -> None:
    assert said(locate(address)) == ("unknown", "", "nothing")


@pytest.mark.parametrize(
    ("address", "in_putuo"),
    [
        ("长寿路900号", "yes"),
        ("长寿路901号", "unknown"),  # the odd side beyond 900 is Jing'an's
        ("长寿路902号", "yes"),
        ("常德路1057号", "unknown"),
        ("常德路1150号", "yes"),
        ("真北路3899号", "yes"),
        ("真北路4000号", "unknown"),  # Baoshan
        ("沪太路1060号", "yes"),
        ("沪太路1061号", "unknown"),
        ("祁连山路1099号", "yes"),
        ("祁连山路1500号", "unknown"),
        ("梅川路1500号", "yes"),
        ("梅川路1501号", "unknown"),
        ("金沙江路2500号", "yes"),
        ("金沙江路2700号", "unknown"),  # Jiading
        ("曹安路399号", "yes"),
        ("曹安公路1500号", "unknown"),
    ],
)
def test_a_road_changes_hands_at_the_districts_border(address: str, in_putuo: str) -> None:
    assert locate(f"上海市{address}").in_putuo == in_putuo


def test_a_weak_road_takes_the_stated_district() -> None:
    assert said(locate("普陀路84号", district="普陀")) == ("yes", "310107", "stated_district")
    assert said(locate("普陀路84号", district="浦东")) == ("no", "310115", "stated_district")
    assert said(locate("常德路1239号", district="静安")) == ("no", "310106", "stated_district")


def test_a_name_of_many_cities_counts_with_shanghai_or_a_lane_number() -> None:
    assert locate("上海市新村路241号").in_putuo is InPutuo.YES
    assert locate("新村路241弄3号").in_putuo is InPutuo.YES


def test_another_citys_extract_is_believed_for_a_bare_road() -> None:
    assert said(locate("怒江路213号", district="浙江·杭州")) == ("no", "330100", "stated_district")
    assert locate("上海市怒江路213号", district="浙江·杭州").in_putuo is InPutuo.YES


# ----------------------------------------------------------------------------------------------- the columns


@pytest.mark.parametrize("district", ["普陀", "普陀区", "上海·普陀", "上海市普陀区", " 普陀 "])
def test_the_stated_district_answers_where_the_address_does_not(district: str) -> None:
    assert said(locate("某某大楼1号", district=district)) == ("yes", "310107", "stated_district")


@pytest.mark.parametrize(
    ("district", "code"),
    [
        ("浦东", "310115"),
        ("自贸区", "310115"),
        ("闸北", "310108"),
        ("北京·密云", "110000"),
        ("浙江·舟山", "330900"),
    ],
)
def test_a_stated_district_elsewhere_is_elsewhere(district: str, code: str) -> None:
    place = locate("某某大楼1号", district=district)
    assert (place.in_putuo, place.reason) == (InPutuo.NO, LocateReason.STATED_DISTRICT)
    assert place.district[:4] == code[:4] or place.district == f"{code[:2]}0000"


@pytest.mark.parametrize("nothing", ["", "N/A", "-", "无", "上海市", "市辖区"])
def test_an_empty_district_column_says_nothing(nothing: str) -> None:
    assert locate("某某大楼1号", district=nothing).in_putuo is InPutuo.UNKNOWN


@pytest.mark.parametrize(
    ("registrar", "expected"),
    [
        ("普陀区市场监督管理局", ("yes", "310107", "registrar")),
        ("普陀市场监管局", ("yes", "310107", "registrar")),
        ("上海市普陀区市场监督管理局", ("yes", "310107", "registrar")),
        ("上海市工商行政管理局普陀分局", ("yes", "310107", "registrar")),
        ("上海市市场监督管理局", ("unknown", "", "nothing")),
        ("浦东新区市场监督管理局", ("no", "310115", "registrar")),
        ("自由贸易试验区市场监督管理局", ("no", "310115", "registrar")),
        ("舟山市市场监督管理局普陀分局", ("no", "330900", "registrar")),
        ("舟山市普陀区市场监督管理局", ("no", "330903", "registrar")),
    ],
)
def test_the_registrar_answers_last(registrar: str, expected: tuple[str, str, str]) -> None:
    assert said(locate("某某大楼1号", registrar=registrar)) == expected


# ---------------------------------------------------------------------------------------- streets and towns


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("桃浦镇金光村", "310107103"),
        ("上海市普陀区长征镇真北路3370号", "310107102"),
        ("真如镇街道郁家弄72号", "310107021"),
        ("真如镇桃浦路742号", "310107021"),
        ("曹杨新村街道1号", "310107005"),
        ("上海市普陀区万里街道1号", "310107022"),
    ],
)
def test_a_named_street_or_town_is_taken_as_named(address: str, street: str) -> None:
    assert locate(address).street == street


def test_a_town_whose_name_other_provinces_have_needs_shanghai_beside_it() -> None:
    assert said(locate("长征镇")) == ("unknown", "", "nothing")
    assert said(locate("上海市长征镇")) == ("yes", "310107", "street_name")
    assert locate("长征镇1号", registrar="普陀区市场监督管理局").street == "310107102"


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("真光路1473弄3号", "310107102"),  # south of 曹安公路
        ("真光路1700号", "310107021"),  # north of it
        ("长寿路652号", "310107015"),
        ("光新路143号", "310107017"),  # the odd side
        ("光新路200号", "310107020"),  # the even side
        ("石泉6村63号", "310107017"),
        ("绥德路889弄3号", "310107103"),
        ("武宁路888号", ""),  # not settled
        ("中山北路", ""),  # runs through four streets
    ],
)
def test_a_road_or_its_stretch_tells_the_street(address: str, street: str) -> None:
    assert locate(f"上海市普陀区{address}").street == street


def test_no_street_of_putuo_is_given_outside_putuo() -> None:
    assert locate("上海市浦东新区长寿路652号").street == ""
    assert locate("常德路500号").street == ""


# ---------------------------------------------------------------------------------------------------- parks


@pytest.mark.parametrize(
    ("address", "park"),
    [
        ("上海市普陀区中江路879弄27号楼406室", "universal_software_park"),
        ("上海市普陀区祁连山路127号A座3层", "china_israel_hub"),
        ("上海市普陀区中以（上海）创新园2号楼", "china_israel_hub"),
        ("上海市普陀区祁连山南路2891弄200号3幢", "kangpeng_life_park"),
        ("上海市普陀区云岭东路345号", "chemical_institute"),
        ("上海市普陀区莫干山路50号6号楼", "m50"),
        ("上海市普陀区叶家宅路100号B103", "the_x_tower"),
        ("上海市普陀区祁连山路智创TOP3号楼", "zhichuang_top"),
        ("上海市普陀区祁连山路1270号", ""),
    ],
)
def test_a_park_is_known_by_its_name_or_its_address(address: str, park: str) -> None:
    assert locate(address).park == park


def test_a_park_that_only_putuo_has_places_a_bare_address() -> None:
    assert said(locate("天地软件园27号楼")) == ("yes", "310107", "park")


def test_a_park_does_not_move_a_firm_against_its_address() -> None:
    place = locate("上海市浦东新区天地软件园1号")
    assert (place.in_putuo, place.park) == (InPutuo.NO, "")


def test_a_parks_name_alone_yields_to_the_stated_district() -> None:
    place = locate("天地软件园27号楼", district="浦东")
    assert (*said(place), place.park) == ("no", "310115", "stated_district", "")
    assert said(locate("天地软件园27号楼", district="普陀")) == ("yes", "310107", "park")


def test_a_parks_name_at_another_address_of_putuo_names_the_park_and_the_road_the_street() -> None:
    place = locate("上海市普陀区真光路1473弄3号天地软件园分园")
    assert (place.park, place.street, place.address_key) == (
        "universal_software_park", "310107102", "真光路1473弄3号",
    )  # fmt: skip


def test_an_unknown_address_keeps_its_park_and_a_foreign_one_has_none() -> None:
    assert (locate("长风科技园2号楼").in_putuo, locate("长风科技园2号楼").park) == ("unknown", "changfeng_science_park")
    assert locate("杭州市西湖区长风科技园2号楼").park == ""


def test_a_parks_address_ends_at_its_number() -> None:
    assert locate("上海市普陀区祁连山路127号").park == "china_israel_hub"
    assert locate("上海市普陀区祁连山路127弄5号").park == ""
    assert locate("上海市普陀区祁连山路1270号").park == ""


# ---------------------------------------------------------------------------------------------- address keys


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("上海市普陀区真光路1473弄3号5层5857室", "真光路1473弄3号"),
        ("真光路1473弄3号楼4028室", "真光路1473弄3号"),
        ("上海市普陀区真光路1473弄3号3幢4043室", "真光路1473弄3号"),
        ("真光路一千四百七十三弄三号", "真光路1473弄3号"),
        ("金沙江路1006号第2幢189室", "金沙江路1006号2幢"),
        ("金沙江路1006号2号楼189室", "金沙江路1006号2幢"),
        ("金沙江路1340弄172支弄14号3号楼二楼", "金沙江路1340弄172支弄14号3幢"),
        ("祁连山路689号1号楼1－088室", "祁连山路689号1幢"),
        ("昌化路1045－1049号", "昌化路1045号"),
        ("武宁路227、231号2032室", "武宁路227号"),
        ("杏山路61号-1室", "杏山路61号"),
        ("宁夏路201号B座10层", "宁夏路201号B座"),
        ("中山北路中兴村44号6幢", "中兴村44号6幢"),
        ("桃浦新村68号甲", "桃浦新村68号"),
        ("曹阳路500号206室", "曹杨路500号"),
        ("普陀一村205室", ""),
        ("武宁路", ""),
    ],
)
def test_an_address_key_ends_at_the_building(address: str, key: str) -> None:
    assert locate(address, district="普陀").address_key == key


def test_one_road_name_in_two_places_makes_two_keys() -> None:
    ours, theirs = locate("普陀路39号", district="普陀"), locate("浦东新区川沙镇普陀路39号2幢")
    assert (ours.address_key, theirs.address_key) == ("普陀路39号", "310115 普陀路39号2幢")


# ------------------------------------------------------------------------------------------------ properties

WORDS = ("真光路", "武宁路", "普陀路", "沈家门", "自由贸易试验区", "长征镇", "天地软件园", "支弄")
LETTERS = "上海市普陀区浦东新舟山中北路弄号幢楼室村镇街道园第一二三十百千（）()－-、；1234567890 　"
SYLLABLES = st.sampled_from([*LETTERS, *WORDS])
WIDE = {ord("0") + digit: ord("０") + digit for digit in range(10)}


@given(st.text(max_size=300), st.text(max_size=20), st.text(max_size=40), st.text(max_size=6))
def test_any_text_is_answered_and_twice_alike(address: str, district: str, registrar: str, division: str) -> None:
    first = locate(address, district=district, registrar=registrar, division=division)
    assert locate(address, district=district, registrar=registrar, division=division) == first


@given(st.lists(SYLLABLES, max_size=30).map("".join))
def test_full_width_digits_give_the_same_place(address: str) -> None:
    assert locate(address.translate(WIDE)) == locate(address)


@given(st.lists(SYLLABLES, max_size=30).map("".join))
def test_a_street_or_yes_comes_only_with_putuos_code(address: str) -> None:
    place = locate(address)
    assert (place.in_putuo is InPutuo.YES) == (place.district == "310107")
    assert place.street == "" or place.in_putuo is InPutuo.YES


def test_a_very_long_address_is_read_within_bounds() -> None:
    assert locate("上海市普陀区武宁路19号" + "、武宁路19号" * 100_000).address_key == "武宁路19号"
    assert locate("路区园" * 100_000).in_putuo is InPutuo.UNKNOWN


# -------------------------------------------------------------------------------------------- reference data


def test_names_are_given_in_both_languages_and_never_fail() -> None:
    assert street_name("310107103", "zh") == "桃浦镇"
    assert street_name("310107103", "en") == "Taopu Town"
    assert park_name("universal_software_park", "en") == "Universal Software Park"
    assert street_name("", "zh") == street_name("310107103", "fr") == park_name("none", "en") == ""


def test_the_version_names_the_data_it_stands_for() -> None:
    assert re.fullmatch(r"\d{4}\.\d+\.\d+\+[0-9a-f]{8}", GAZETTEER_VERSION)


def test_every_stretch_of_road_has_an_origin_and_one_street() -> None:
    gazetteer = tomllib.loads((REFERENCE / "gazetteer.toml").read_text(encoding="utf-8"))
    groups = [group for street in gazetteer["street"] for group in street["roads"]]
    assert {group["origin"] for group in groups} <= {"decree", "bulletin", "name"}
    assert {group["confidence"] for group in groups} <= {"high", "fair"}
    entries = Counter(entry for group in groups for entry in group["list"])
    assert [entry for entry, count in entries.items() if count > 1] == []


def test_no_house_number_belongs_to_two_streets() -> None:
    gazetteer = tomllib.loads((REFERENCE / "gazetteer.toml").read_text(encoding="utf-8"))
    holders: dict[tuple[str, int], str] = {}
    for street in gazetteer["street"]:
        for name, numbers in (read_entry(entry) for group in street["roads"] for entry in group["list"]):
            for number in numbers_of(numbers):
                assert holders.setdefault((name, number), street["code"]) == street["code"], f"{name}{number}"


def test_no_number_of_a_shared_road_is_ours_and_another_districts() -> None:
    gazetteer = tomllib.loads((REFERENCE / "gazetteer.toml").read_text(encoding="utf-8"))
    for shared in gazetteer["shared"]:
        ours = {n for text in shared["putuo"] for n in numbers_of(read_entry(f"{shared['road']} {text}")[1])}
        others = [text.split(" ", 1)[1] for text in shared["with"] if " " in text]
        theirs = {n for text in others for n in numbers_of(read_entry(f"{shared['road']} {text}")[1])}
        assert not ours & theirs, shared["road"]


def numbers_of(numbers: Numbers) -> list[int]:
    """The house numbers of a stretch; 0 stands for a whole road."""
    whole = numbers.high > 100_000
    return [0] if whole else [n for n in range(numbers.low, numbers.high + 1) if numbers.holds(n)]


def test_the_ten_streets_and_towns_of_putuo_are_there() -> None:
    codes = {"005", "014", "015", "016", "017", "020", "021", "022", "102", "103"}
    assert all(street_name(f"310107{code}", lang) for code in codes for lang in ("zh", "en"))


@pytest.mark.parametrize("entry", ["武宁路 a", "武宁路 1-2 left", "武宁路 9-1", " "])
def test_a_malformed_entry_is_refused_with_its_text(entry: str) -> None:
    with pytest.raises(locate_module.GazetteerError, match=re.escape(entry)):
        read_entry(entry)


# ------------------------------------------------------------------------------------- the real registrations


@pytest.fixture
def registrations() -> list[dict[str, str]]:
    folder = os.environ.get("PUTUO_REFERENCE")
    if not folder:
        pytest.skip("PUTUO_REFERENCE does not name the folder of real registrations")
    with (Path(folder) / "data/registry/putuo_1979-2009.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_real_addresses_agree_with_their_stated_district(registrations: list[dict[str, str]]) -> None:
    stated = [row for row in registrations if row["所属地区"] != "N/A"]
    wrong = [
        row["住所"]
        for row in stated
        if (locate(row["住所"], district=row["所属地区"]).in_putuo is InPutuo.YES) != (row["所属地区"] == "普陀")
    ]
    assert wrong == []


def test_real_addresses_tell_the_district_by_themselves(registrations: list[dict[str, str]]) -> None:
    answers = Counter(
        (row["所属地区"] == "普陀", locate(row["住所"]).in_putuo) for row in registrations if row["所属地区"] != "N/A"
    )
    assert answers[True, InPutuo.NO] == answers[False, InPutuo.YES] == 0
    assert answers[True, InPutuo.UNKNOWN] <= 15


def test_the_busiest_real_address_is_counted_whole(registrations: list[dict[str, str]]) -> None:
    keys = Counter(locate(row["住所"], district=row["所属地区"]).address_key for row in registrations)
    assert keys.most_common(1) == [("真光路1473弄3号", 234)]


def test_most_real_addresses_find_their_street(registrations: list[dict[str, str]]) -> None:
    here = [
        place for row in registrations if (place := locate(row["住所"], district=row["所属地区"])).in_putuo == "yes"
    ]
    assert sum(bool(place.street) for place in here) / len(here) > 0.9
