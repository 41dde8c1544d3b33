"""What a page says of firms: known ones by their code, others by their names as written; and how sure it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.event_kinds import CATEGORY
from pipelines.news import DecidedNames, NameIndex, Word, document
from pipelines.news.page_reader import KnownNames, PageEvent, PageFirm, PageReading, confidence, read_page
from tests.pipelines.news.test_hostile import PIECES
from tests.pipelines.runs import DAY_ONE

A, B = "上海宽屿医疗器械有限公司", "上海霖汐生物医药科技有限公司"
E = "Lumenvale Medical Technology Co., Ltd."
FIRMS = [
    ("kuanyu", A),
    ("linxi", B),
    ("lumen", E),
    ("zhaoan_a", "上海昭岸生物科技有限公司"),
    ("zhaoan_b", "昭岸生物科技（上海）有限公司"),
]
KNOWN = KnownNames(NameIndex(FIRMS))
TITLE = "普陀区生命健康产业新闻：医疗器械"
TITLE_EN = "Putuo District's life health industry: medical devices"
DAY = date(2026, 11, 20)


def page(text: str, title: str = TITLE, known: KnownNames = KNOWN) -> PageReading:
    return read_page(title, text, language="zh", kind="news", published_on=DAY, known=known)


def firms(text: str, title: str = TITLE) -> dict[str, list[str]]:
    """The firms of a page, known by key and others by name, and the kinds of what happened to them."""
    return {firm.uscc or firm.name: [event.kind for event in firm.events] for firm in page(text, title).firms}


def only(text: str, title: str = TITLE) -> tuple[PageFirm, PageEvent]:
    (firm,) = page(text, title).firms
    (event,) = firm.events
    return firm, event


# --------------------------------------------------------------------------------------------- known and unknown


def test_a_known_firm_has_its_code_and_the_name_as_the_page_writes_it() -> None:
    text = f"11月18日，{A}签约落户普陀区桃浦智创城，总投资2亿元。"
    firm, event = only(text)
    assert (firm.name, firm.uscc, firm.park) == (A, "kuanyu", "taopu_smart_city")
    assert (event.kind, event.happened_on, event.park) == ("arrival_announced", date(2026, 11, 18), "taopu_smart_city")
    assert document(TITLE, text)[event.start : event.end] == text


def test_an_unknown_firm_is_a_candidate_by_the_name_as_written() -> None:
    firm, event = only("11月18日，上海砚石桦序医疗科技（集团）有限公司签约落户普陀区桃浦智创城。")
    assert (firm.name, firm.uscc, firm.park) == ("上海砚石桦序医疗科技（集团）有限公司", "", "taopu_smart_city")
    assert event.kind == "arrival_announced"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("近日，来自北京的砚石桦序生物科技有限公司签约落户普陀区。", "砚石桦序生物科技有限公司"),
        ("桃浦镇与苏州砚石桦序药业股份有限公司签约，落户未来岛高新技术产业园。", "苏州砚石桦序药业股份有限公司"),
        ("普陀区成功引进砚石桦序医学研究院等机构。", "砚石桦序医学研究院"),
        ("近日，砚石集团总部迁入普陀区长风生态商务区。", "砚石集团"),
        ("日前，自在医疗器械有限公司正式入驻天地软件园。", "自在医疗器械有限公司"),
        ("日前，砚石桦序药业有限公司上海分公司正式入驻天地软件园。", "砚石桦序药业有限公司上海分公司"),
        ("11月18日，砚石医疗签约落户桃浦智创城。", "砚石医疗"),
        ("11月18日，“砚石生物”签约入驻中以（上海）创新园。", "砚石生物"),
        ("近日，以色列企业Brightoak入驻中以（上海）创新园。", "Brightoak"),
        ("砚石通是一家医疗机器人公司。日前，砚石通正式入驻天地软件园。", "砚石通"),
    ],
)  # fmt: skip
def test_the_subject_of_an_arrival_is_a_candidate_from_where_its_name_begins(text: str, name: str) -> None:
    found = firms(text)
    assert list(found) == [name]
    assert set(found[name]) <= {"arrival_announced", "headquarters_set_up"}
    assert found[name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Yanshi Huaxu Biotech Co., Ltd. settled in Taopu Smart City on Monday.", "Yanshi Huaxu Biotech Co., Ltd."),
        ("Brightoak, an Israeli medical device company, settled in Taopu Smart City.", "Brightoak"),
        ("The startup Brightoak has moved into the China-Israel Innovation Hub.", "Brightoak"),
        ("Oakfen Bio signed a contract to set up a base in Putuo District.", "Oakfen Bio"),
        ("Oakfen incubator signed a contract to set up a base in Putuo District.", "Oakfen incubator"),
        ("BrightOak settled in the China-Israel Innovation Hub.", "BrightOak"),
    ],
)
def test_the_same_in_english(text: str, name: str) -> None:
    assert firms(text, TITLE_EN) == {name: ["arrival_announced"]}


def test_a_known_firm_may_be_told_who_it_is_before_what_it_did() -> None:
    assert firms(f"{E}, a medical device maker from Israel, settled in Putuo District.", TITLE_EN) == {
        "lumen": ["arrival_announced"]
    }


def test_expansions_of_candidates_are_told_with_their_amounts() -> None:
    _, event = only("近日，上海砚石桦序医疗科技有限公司宣布完成2.5亿元人民币B轮融资。")
    assert (event.kind, event.amount, event.unit) == ("financing_raised", Decimal(250_000_000), "CNY")


def test_a_list_of_firms_names_them_all_without_any_event() -> None:
    text = "目前，区内集聚了豪砚光学、默桦东、龙砚医药等业内知名企业，培育了普砚医疗、海桦康等新动能企业。"
    assert firms(text) == {name: [] for name in ("豪砚光学", "默桦东", "龙砚医药", "普砚医疗", "海桦康")}


def test_a_list_that_does_not_say_what_it_lists_needs_two_sure_names() -> None:
    text = "大会为砚石医药商业、复桦医药、九桦通授牌。"
    assert list(firms(text)) == ["砚石医药商业", "复桦医药", "九桦通"]
    assert firms("大会期间复桦医药、九桦通、十桦通发言。") == {"复桦医药": []}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("园区吸引砚实医疗、能桦视、世桦伟等多家行业领先的医疗器械企业入驻。", ["砚实医疗", "能桦视", "世桦伟"]),
        ("引入有桦至简医疗器械、得砚康医疗器械两家企业。", ["有桦至简医疗器械", "得砚康医疗器械"]),
        ("上海安桦金医疗、上海创砚软件等10家单位加入联盟。", ["上海安桦金医疗", "上海创砚软件"]),
        ("Israeli incubators, such as Ehuaxu and Trendyan, focus on it.", ["Ehuaxu", "Trendyan"]),
        ("One company in the hub, Yan-Care medical technology, unveiled a hand.", ["Yan-Care medical technology"]),
        ("Another firm, Huaxu Elderly Care Service, released an earphone.", ["Huaxu Elderly Care Service"]),
    ],
)
def test_firms_are_named_as_papers_name_them(text: str, names: list[str]) -> None:
    assert list(firms(text, TITLE if not text.isascii() else TITLE_EN)) == names


def test_the_same_in_english_lists() -> None:
    text = "Companies such as Oakfen, MXYZ and Brightoak & Dunn have come. Wei Huaxu and Li Dahua took part."
    assert list(firms(text, TITLE_EN)) == ["Oakfen", "MXYZ", "Brightoak & Dunn"]


@pytest.mark.parametrize(
    "text",
    [
        "普陀区聚焦人工智能、脑机接口、合成生物等企业。",
        "全区教育、医疗、养老等机构共有一百余家。",
        "又一批企业落户普陀区桃浦智创城。",
        "一家医疗器械有限公司落户普陀区。",
        "某某医疗器械有限公司签约落户普陀区。",
        "首个大模型项目落户桃浦智创城。",
        "三甲医院专家、社区医院医生、区卫健委、市药监局等单位参加。",
        "市级专业工作站落户中以（上海）创新园。",
    ],
)
def test_words_of_trades_and_numbers_of_firms_name_nobody(text: str) -> None:
    assert firms(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "桦小明签约落户普陀区桃浦智创城。",
        "王小桦、李大桦、砚石医疗等企业代表发言。",
        "Wei Huaxu moved into Taopu Smart City.",
        "Wei Huaxu, a founder of a medical device company, settled in Taopu Smart City.",
        "At a medical company, Wei Huaxu, 35, makes medical devices.",
        "The company Wei Huaxu founded makes medical devices.",
        "Companies were led by Wei Huaxu, general manager of Oakfen Bio.",
    ],
)
def test_a_person_is_never_a_candidate(text: str) -> None:
    assert not set(firms(text)) - {"砚石医疗", "Oakfen Bio"}


def test_a_hospital_that_is_only_spoken_of_is_no_candidate() -> None:
    assert firms("医疗器械在利桦砚医院试用。") == {}
    assert firms("医疗器械在利桦砚医院试用。", "利桦砚医院：普陀区医疗器械") == {"利桦砚医院": []}


def test_a_publisher_is_no_candidate() -> None:
    assert firms("据上海桦序报业集团报道，医疗器械产业发展。") == {}


# ------------------------------------------------------------------------------------ who does not arrive, though


@pytest.mark.parametrize("name", [A, "上海砚石桦序医疗科技有限公司", "砚石医疗"])
@pytest.mark.parametrize(
    "text",
    [
        "{}出席普陀区生命健康产业大会，并参观桃浦智创城。",
        "{}董事长来访普陀区，考察桃浦智创城。",
        "论坛嘉宾来自{}，论坛落户普陀区。",
        "{}落户苏州工业园区。",
        "{}签约落户浦东新区张江科学城。",
        "{}落户舟山市普陀区。",
        "{}拟落户普陀区桃浦智创城。",
        "{}因合同纠纷被诉至普陀区人民法院，涉案金额500万元。",
        "{}入选中国医药工业百强榜，位居普陀区首位。",
        "五年前，{}落户普陀区。",
        "{}的客户砚屿公司落户普陀区。",
    ],
)
def test_visitors_litigants_the_ranked_and_those_of_other_places_do_not_arrive(text: str, name: str) -> None:
    kinds = [kind for found in firms(text.format(name)).values() for kind in found]
    assert [kind for kind in kinds if CATEGORY[kind] == "arrival"] == []


@pytest.mark.parametrize(
    "text",
    [
        "{} attended the contest at the China-Israel Innovation Hub in Putuo District.",
        "{} visited Taopu Smart City.",
        "{} settled in Zhangjiang Science City, Pudong New Area.",
        "{} plans to move into Taopu Smart City.",
        "{} was sued at the Putuo District court.",
    ],
)
@pytest.mark.parametrize("name", [E, "Yanshi Huaxu Biotech Co., Ltd.", "Oakfen Bio"])
def test_nor_in_english(text: str, name: str) -> None:
    assert [kind for found in firms(text.format(name), TITLE_EN).values() for kind in found] == []


def test_of_a_page_about_something_else_nobody_is_a_candidate() -> None:
    opened = "砚石医疗集团生产基地在桃浦智创城启用。桦砚集团发来贺信。"
    assert firms(opened, "桃浦") == {"砚石医疗集团": ["premises_added"], "桦砚集团": []}
    assert firms(opened.replace("医疗", ""), "桃浦") == {}
    assert firms("上海砚石桦序医疗科技有限公司落户张江。", "张江") == {}
    assert firms(f"{A}落户张江。", "张江") == {"kuanyu": []}


# ------------------------------------------------------------------------------------------ one firm, one happening


def test_a_short_name_is_that_of_the_one_firm_which_the_page_names_in_full() -> None:
    text = "现场，{}签约落户普陀区。近日，{}完成A轮融资1亿元。"
    kinds = ["arrival_announced", "financing_raised"]
    assert firms(text.format(A, "宽屿医疗")) == {"kuanyu": kinds}
    assert firms(text.format("上海砚石桦序医疗科技有限公司", "砚石桦序医疗")) == {"上海砚石桦序医疗科技有限公司": kinds}


def test_of_two_full_names_with_one_brand_a_short_one_is_neither() -> None:
    text = "上海砚石医疗科技有限公司与砚石医疗器械（苏州）有限公司到场。近日，砚石医疗完成A轮融资。"
    assert firms(text)["砚石医疗"] == ["financing_raised"]


@pytest.mark.parametrize("short", ["砚石桦序", "普陀砚石桦序医疗", "砚石桦序医疗"])
def test_a_candidate_is_named_by_its_fullest_form(short: str) -> None:
    title = f"{short}公司落户普陀区桃浦智创城，从事医疗器械"
    name = "上海普陀砚石桦序医疗科技有限公司"
    assert firms(f"日前，{name}签约落户普陀区桃浦智创城。", title) == {name: ["arrival_announced"]}


def test_a_name_that_two_known_firms_share_is_a_candidate() -> None:
    assert firms("近日，昭岸生物科技签约落户普陀区。") == {"昭岸生物科技": ["arrival_announced"]}


def test_what_title_and_text_tell_is_one_event_quoted_where_it_is_surest() -> None:
    text = f"11月18日，{A}签约落户普陀区桃浦智创城。"
    title = f"{A}签约落户普陀区"
    _, event = only(text, title)
    assert (event.happened_on, event.park) == (date(2026, 11, 18), "taopu_smart_city")
    assert document(title, text)[event.start : event.end] == text


def test_two_rounds_of_one_firm_are_two_events() -> None:
    text = f"11月3日，{A}完成A轮融资1亿元。11月10日，{A}完成B轮融资3亿元。"
    assert firms(text) == {"kuanyu": ["financing_raised", "financing_raised"]}


def test_peoples_word_on_a_name_wins() -> None:
    word = Word(name="砚石医疗", firm="kuanyu", verdict="same", article="", since=DAY_ONE)
    known = KnownNames(NameIndex(FIRMS), DecidedNames([word], {"kuanyu"}))
    (firm,) = page("11月18日，砚石医疗签约落户桃浦智创城。", known=known).firms
    assert (firm.uscc, firm.name) == ("kuanyu", "砚石医疗")


# ------------------------------------------------------------------------------------------------------- how sure


@pytest.mark.parametrize(
    ("form", "placed", "dated", "relevant", "sure"),
    [
        ("exact", True, True, True, 1.0),
        ("person", True, True, True, 1.0),
        ("exact", False, False, False, 0.6),
        ("short", True, False, True, 0.8),
        ("named", True, True, True, 0.8),
        ("brand", False, False, False, 0.3),
    ],
)
def test_confidence_is_a_sum_of_plain_facts(form: str, placed: bool, dated: bool, relevant: bool, sure: float) -> None:
    assert confidence(form, placed=placed, dated=dated, relevant=relevant) == sure


def test_a_full_name_with_place_and_day_is_surer_than_a_brand_without() -> None:
    _, sure = only(f"11月18日，{A}签约落户普陀区桃浦智创城。")
    _, less = only("近日，砚石医疗宣布完成B轮融资。")
    assert (sure.confidence, less.confidence) == (1.0, 0.4)


# -------------------------------------------------------------------------------------------------------- hostile


def check(title: str, text: str) -> None:
    whole = document(title, text)
    said = page(text, title)
    for firm in said.firms:
        assert firm.name
        for event in firm.events:
            assert 0 <= event.start < event.end <= len(whole)
            assert 0 < event.confidence <= 1


MORE = [
    "有限公司",
    "集团",
    "（集团）",
    "等企业",
    "医疗",
    " Co., Ltd.",
    "Oakfen Bio",
    ", a medical company, ",
    "、",
    "和",
    "companies such as ",
]


@given(st.lists(st.sampled_from([*PIECES, *MORE]), max_size=40).map("".join))
def test_any_mixture_of_the_words_we_look_for_is_read(text: str) -> None:
    check(text[:20], text)


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_is_read(text: str, title: str) -> None:
    check(title, text)


@pytest.mark.parametrize(
    "piece",
    [
        "、", "砚石医疗、", "甲、", "有限公司", "砚石桦序医疗科技有限公司落户普陀区、", "集团", "A", "A ",
        "Bio ", "Oakfen Bio, ", "(", "的", "企业",
        "companies such as ", ", a ", "砚石医疗等企业，", "Co., Ltd. ", "字",
    ],
)  # fmt: skip
def test_a_long_page_of_anything_ends_soon(piece: str) -> None:
    check("普陀区医疗器械", piece * (250_000 // len(piece)))


def test_a_long_page_of_different_names_ends_soon() -> None:
    names = (f"{chr(0x4E00 + number)}{chr(0x5E00 + number)}砚医疗" for number in range(8_000))
    check("普陀区医疗器械", "、".join(names) + "等企业落户普陀区。")
