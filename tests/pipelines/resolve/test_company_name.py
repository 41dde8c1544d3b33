"""An organisation's name taken apart: place, core, trade, form, brackets, branch; and nothing where nothing is told."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fields.names import normal_name
from pipelines.resolve.company_name import company_name, core_name
from pipelines.resolve.name_parts import BracketKind, Span


def told(name: str) -> dict[str, str]:
    """The parts a name has, in words."""
    parts = company_name(name)
    spans = {
        "place": parts.place,
        "core": parts.core,
        "trade": parts.trade,
        "place_behind": parts.place_behind,
        "form": parts.form,
        "form_ahead": parts.form_ahead,
        "branch": parts.branch,
    }
    return {part: parts.of(span) for part, span in spans.items() if parts.of(span)}


def test_a_company_has_place_core_trade_and_form() -> None:
    assert told("上海桦序生物医药科技有限公司") == {
        "place": "上海",
        "core": "桦序",
        "trade": "生物医药科技",
        "form": "有限公司",
    }


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("上海市普陀区桦序商店", "上海市普陀区"),
        ("上海普陀桦序医疗器械有限公司", "上海普陀"),
        ("江苏省苏州市桦序医疗器械有限公司", "江苏省苏州市"),
        ("江苏苏州桦序医疗器械有限公司", "江苏苏州"),
        ("昆山桦序医疗器械有限公司", "昆山"),
        ("昆山开发区桦序医疗器械有限公司", "昆山开发区"),
        ("玉田县鸦鸿桥镇桦序商店", "玉田县鸦鸿桥镇"),
        ("延边桦序参茸有限公司", "延边"),
        ("广西桦序药业有限公司", "广西"),
        ("中国桦序医药集团有限公司", "中国"),
        ("桦序医疗器械有限公司", ""),
    ],
)
def test_a_name_may_begin_with_places_of_any_rank_or_none(name: str, place: str) -> None:
    assert told(name).get("place", "") == place
    assert core_name(name) == "桦序"


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("上海大同医疗器械有限公司", "大同"),  # Shanxi's 大同 lies not in Shanghai
        ("上海兴隆贸易有限公司", "兴隆"),
        ("兴隆贸易有限公司", "兴隆"),
        ("上海静安寺药业有限公司", "静安寺"),
        ("栖霞山医药有限公司", "栖霞山"),
    ],
)
def test_what_is_a_places_name_elsewhere_may_be_a_core(name: str, core: str) -> None:
    assert core_name(name) == core


@pytest.mark.parametrize(
    "name",
    [
        "上海医疗器械有限公司",
        "上海市普陀区生物医药科技发展有限公司",
        "上海第三制药厂",
        "中国医药集团有限公司",
        "医疗器械有限公司",
        "上海普陀医院",
        "上海市第一人民医院",
        "有限公司",
        "上海",
        "",
        "()",
    ],
)
def test_a_name_of_common_words_has_no_core(name: str) -> None:
    assert core_name(name) == ""
    assert company_name(name).body == ""


def test_a_core_takes_a_trade_word_in_where_one_letter_would_be_left() -> None:
    assert told("成都好房屋网络科技有限公司")["core"] == "好房屋"
    assert told("中节能秦皇岛环保有限公司") == {
        "core": "中节能",
        "place_behind": "秦皇岛",
        "trade": "环保",
        "form": "有限公司",
    }


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("上海桦序药业股份有限公司", "股份有限公司"),
        ("上海桦序药业集团有限公司", "集团有限公司"),
        ("上海桦序药业有限责任公司", "有限责任公司"),
        ("上海桦序药业总公司", "总公司"),
        ("上海桦序口腔门诊部", "门诊部"),
        ("上海桦序医院", "医院"),
        ("上海桦序药店", "药店"),
        ("上海桦序药品经营部", "经营部"),
        ("上海桦序机械二厂", "二厂"),
        ("上海桦序药业", ""),
    ],
)
def test_the_form_is_a_companys_or_what_a_house_is(name: str, form: str) -> None:
    assert told(name).get("form", "") == form
    assert core_name(name) == "桦序"


def test_a_foreign_form_may_stand_at_either_end() -> None:
    assert told("株式会社桦序制药") == {"form_ahead": "株式会社", "core": "桦序", "trade": "制药"}
    assert told("桦序制药株式会社") == {"core": "桦序", "trade": "制药", "form": "株式会社"}


@pytest.mark.parametrize(
    ("name", "kind", "inside"),
    [
        ("桦序医疗（上海）有限公司", BracketKind.PLACE, "上海"),
        ("桦序(中国)医疗有限公司", BracketKind.PLACE, "中国"),
        ("桦序医疗〔苏州〕有限公司", BracketKind.PLACE, "苏州"),
        ("桦序医疗（集团）有限公司", BracketKind.PURPOSE, "集团"),
        ("桦序医疗有限公司（外商独资）", BracketKind.FORM, "外商独资"),
        ("桦序医疗合伙企业（有限合伙）", BracketKind.FORM, "有限合伙"),
        ("桦序（样本）医疗有限公司", BracketKind.OTHER, "样本"),
    ],
)
def test_brackets_hold_a_place_a_purpose_or_a_form(name: str, kind: BracketKind, inside: str) -> None:
    (bracket,) = company_name(name).brackets
    assert (bracket.kind, bracket.inside) == (kind, inside)
    assert (core_name(name), told(name)["trade"]) == ("桦序", "医疗")


def test_words_around_a_bracket_are_one_part_and_the_span_holds_it() -> None:
    parts = company_name("上海桦序医疗（集团）科技有限公司")
    assert parts.of(parts.trade) == "医疗科技"
    assert parts.text[parts.trade.start : parts.trade.end] == "医疗(集团)科技"


def test_a_branch_is_taken_apart_as_its_parent() -> None:
    parts = company_name("桦序药业（上海）有限公司普陀分公司")
    assert parts.parent == "桦序药业(上海)有限公司"
    assert told("桦序药业（上海）有限公司普陀分公司") == {
        "core": "桦序",
        "trade": "药业",
        "form": "有限公司",
        "branch": "普陀分公司",
    }


def test_a_branch_without_its_parents_form_names_no_parent() -> None:
    assert company_name("桦序控股邯郸分公司").parent == ""
    assert told("桦序控股邯郸分公司") == {"core": "桦序", "trade": "控股", "branch": "邯郸分公司"}


@pytest.mark.parametrize(
    ("name", "core", "trade", "form"),
    [
        ("Huaxu Medical Technology (Shanghai) Co., Ltd.", "huaxu", "medical technology shanghai", "co ltd"),
        ("Shanghai Huaxu Biotech Company Limited", "huaxu", "biotech", "co ltd"),
        ("Huaxu Sample GmbH", "huaxu sample", "", "gmbh"),
        ("PT Huaxu Pharma", "huaxu", "pharma", ""),
        ("Medical Technology Ltd", "", "medical technology", "ltd"),
        ("Huaxu", "huaxu", "", ""),
    ],
)
def test_latin_names_are_taken_apart_by_words(name: str, core: str, trade: str, form: str) -> None:
    parts = told(name)
    assert (parts.get("core", ""), parts.get("trade", ""), parts.get("form", "")) == (core, trade, form)


@pytest.mark.parametrize(
    "printed",
    [
        "上海桦序医疗(中国)有限公司",
        "上海桦序医疗（中国）有限公司",
        "上海 桦序 医疗〔中国〕有限公司",
        "上海桦序医疗【中国】有限公司\n",
    ],
)
def test_width_brackets_and_blanks_decide_nothing(printed: str) -> None:
    assert company_name(printed) == company_name("上海桦序医疗(中国)有限公司")


_ANY_NAME = st.text(max_size=60) | st.text(
    alphabet="上海市普陀区桦序医疗器械科技股份有限责任公司集团分店厂二()（） aB", max_size=40
)


@given(_ANY_NAME)
def test_any_text_is_answered_by_parts_in_order_that_do_not_overlap(name: str) -> None:
    parts = company_name(name)
    spans = sorted(
        span
        for span in (parts.place, parts.core, parts.trade, parts.form, parts.form_ahead, parts.branch)
        if span != Span(0, 0)
    )
    assert all(0 <= span.start < span.end <= len(parts.text) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert parts.parent == "" or parts.text.startswith(parts.parent)


@given(_ANY_NAME)
def test_the_normal_form_of_a_name_has_the_same_parts(name: str) -> None:
    parts = company_name(name)
    assert parts.is_latin or parts.text != normal_name(name) or company_name(parts.text) == parts
