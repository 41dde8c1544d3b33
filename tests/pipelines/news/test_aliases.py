"""A known firm by less than its registered name: a mention where the page gives context, else a candidate or nobody."""

from __future__ import annotations

import pytest

from pipelines.news import NameIndex
from pipelines.news.aliases import stem_of
from pipelines.news.document import open_document
from pipelines.news.rules import load_well_known
from pipelines.resolve.company_name import company_name
from tests.pipelines.runs import code

FIRMS = [
    ("huaxu", "上海桦序医疗器械科技有限公司"),
    ("yumikang", "上海屿弥康智能医疗科技有限公司"),
    ("common", "上海新华医疗器械有限公司"),
    ("suzhou", "苏州样桦医疗器械有限公司"),
    ("bracket", "砚序医疗器械（上海）有限公司"),
    ("nearly", "上海桦浔医疗器械科技有限公司"),
    ("one", "上海澜禾生物科技有限公司"),
    ("two", "上海澜禾生物医药有限公司"),
    ("branch", "上海筠牧药业有限公司普陀分公司"),
    ("person", "上海王样本健康管理有限公司"),
]
INDEX = NameIndex(FIRMS)


def look(
    text: str, *, here: bool = True, index: NameIndex = INDEX, as_of: int | None = None
) -> tuple[list[str], list[str]]:
    """The mentions and the candidates of a page, each as `firms form written`."""
    looked = index.look(open_document("", text), as_of, here=here)
    said = [f"{one.firm} {one.form} {text[one.start - 1 : one.end - 1]}" for one in looked.mentions]
    near = [f"{'|'.join(one.firms)} {one.form} {text[one.start - 1 : one.end - 1]}" for one in looked.near]
    return said, near


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("桦序医疗完成融资", "huaxu alias 桦序医疗"),
        ("走进上海桦序医疗器械", "huaxu alias 上海桦序医疗器械"),
        ("桦序医疗器械科技有限公司成立", "huaxu loose 桦序医疗器械科技有限公司"),
        ("屿弥康智能完成融资", "yumikang alias 屿弥康智能"),
        ("上海砚序医疗器械有限公司成立", "bracket loose 上海砚序医疗器械有限公司"),
    ],
)
def test_an_alias_of_a_firm_of_shanghai_is_its_mention_on_a_page_set_here_and_else_a_candidate(
    text: str, told: str
) -> None:
    assert look(text) == ([told], [])
    assert look(text, here=False) == ([], [told])


@pytest.mark.parametrize("here", [True, False])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("上海市桦序医疗器械科技有限公司成立", "huaxu spelling 上海市桦序医疗器械科技有限公司"),
        ("上海桦序医疗器械科技有限责任公司成立", "huaxu spelling 上海桦序医疗器械科技有限责任公司"),
        ("砚序医疗器械（上海）有限责任公司成立", "bracket spelling 砚序医疗器械（上海）有限责任公司"),
        ("苏州市样桦医疗器械有限公司成立", "suzhou spelling 苏州市样桦医疗器械有限公司"),
    ],
)
def test_another_spelling_is_the_name_itself_on_any_page(text: str, told: str, here: bool) -> None:
    assert look(text, here=here) == ([told], [])


def test_a_core_name_alone_is_a_candidate_even_here_but_where_the_page_names_the_firm_more_fully() -> None:
    assert look("屿弥康完成融资") == ([], ["yumikang core 屿弥康"])
    said, near = look("上海屿弥康智能医疗科技有限公司成立。屿弥康宣布", here=False)
    assert said == ["yumikang exact 上海屿弥康智能医疗科技有限公司", "yumikang core 屿弥康"]
    assert near == []


def test_an_alias_counts_on_any_page_that_names_the_firm_more_fully() -> None:
    said, near = look("上海桦序医疗器械科技有限公司成立。桦序医疗宣布", here=False)
    assert (said[1:], near) == (["huaxu alias 桦序医疗"], [])


def test_a_firm_from_elsewhere_is_no_firm_of_a_page_set_here_by_its_alias() -> None:
    assert look("样桦医疗签约") == ([], ["suzhou alias 样桦医疗"])
    moved = NameIndex([(code(1), "苏州样桦医疗器械有限公司")])  # but first registered in Shanghai
    assert look("样桦医疗签约", index=moved) == ([f"{code(1)} alias 样桦医疗"], [])


@pytest.mark.parametrize(
    "text",
    [
        "新华医疗签约",  # a common word, and another firm's
        "苏州桦序医疗签约",  # another place
        "上海样桦医疗签约",
        "新桦序医疗签约",  # a longer name
        "桦序医疗投资有限公司签约",
        "桦序医疗集团签约",
        "桦序医疗嘉定分公司签约",
        "上海桦序医疗器械科技股份有限公司签约",
        "桦旭医疗签约",  # one letter
        "桦序签约",  # too short to be anybody's alone
        "筠牧药业签约",  # only a branch is known
        "王样本签约",  # may be a person
    ],
)
def test_whatever_may_be_somebody_elses_is_nobodys_and_no_candidate(text: str) -> None:
    assert look(text) == ([], [])


def test_an_alias_that_several_firms_may_bear_is_a_candidate_of_each() -> None:
    assert look("澜禾生物签约") == ([], ["one|two alias 澜禾生物"])
    assert look("澜禾生物科技签约")[0] == ["one short 澜禾生物科技"]


def test_ambiguity_is_judged_by_the_names_known_when_the_page_was_first_shown() -> None:
    index = NameIndex([("one", "上海澜禾生物科技有限公司", 1), ("two", "上海澜禾生物医药有限公司", 5)])
    assert look("澜禾生物签约", index=index, as_of=3) == (["one alias 澜禾生物"], [])
    assert look("澜禾生物签约", index=index, as_of=5) == ([], ["one|two alias 澜禾生物"])


def test_what_papers_call_a_well_known_house_is_no_alias_of_a_firm_here() -> None:
    houses = set(load_well_known().chinese) - set(load_well_known().home)
    assert [house for house in sorted(houses) if stem_of(company_name(f"上海{house}有限公司")) == house] == []


@pytest.mark.parametrize(
    "text",
    [
        "澜禾生物制药完成5亿元融资。",
        "澜禾生物材料公司落户。",
        "澜禾生物研究院揭牌。",
        "澜禾生物基金会捐赠。",
        "澜禾生物（苏州）公司投产。",
        "澜禾生物苏州公司投产。",
        "苏州的澜禾生物投产。",
        "总部位于北京的澜禾生物完成融资。",
        "武汉企业澜禾生物完成融资。",
        "澜禾生物医药科技真如诊所开业。",
        "澜禾生物医药科技普陀店开业。",
    ],
)
def test_what_is_called_like_a_firm_and_is_another_is_nobodys(text: str) -> None:
    index = NameIndex([(code(1), "上海澜禾生物医药科技有限公司")])
    doc = open_document("普陀区消息", text)
    mentions, shared, near = index.look(doc, None, here=True)
    assert (mentions, shared, near) == ((), (), ())
    assert index.find("普陀区消息", "澜禾生物完成5亿元融资。", None, here=True)
