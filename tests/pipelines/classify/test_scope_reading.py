"""A scope is read as people read it: what it excludes, restricts, lists under headings, and where it is cut off."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.classify import Classifier, Label, Subject, SubSector
from pipelines.classify.rules import load_rules
from pipelines.classify.scope_words import ScopeFinder, ScopeRead
from pipelines.classify.text import folded

CLASSIFIER = Classifier()
TRADER = "上海甲乙贸易有限公司"
CLOSING = "依法须经批准的项目，经相关部门批准后方可开展经营活动"


def judged(scope: str, name: str = TRADER) -> Label:
    return CLASSIFIER.classify(Subject(name, scope))


def words(scope: str, name: str = TRADER) -> list[str]:
    """The words of a scope that speak."""
    return [span.text for span in judged(scope, name).evidence if span.field == "scope"]


def verdict(scope: str, name: str = TRADER) -> tuple[str, str, float]:
    label = judged(scope, name)
    return str(label.grade), str(label.primary), label.score


@pytest.mark.parametrize(
    "scope",
    [
        "应用软件服务（不含医用软件）；计算机系统服务",
        "互联网信息服务（除新闻、出版、教育、医疗保健、药品和医疗器械等内容），广告设计",
        "家庭服务（不得从事职业中介、餐饮、医疗、住宿等行政许可事项），保洁服务",
        "家庭服务（未取得许可，不得从事医疗、诊疗活动）",
        "日用百货销售（医疗器械、药品除外）",
        "日用百货销售（除药品（含中成药）、医疗器械",
        "日用百货销售（除药品（含中成药）、医疗器械）",
        "日用百货销售（除药品、医疗器械外）",
        "日用百货销售[不含药品]、五金(医疗器械除外)",
        "日用百货〔不含医疗器械〕，五金【不包括药品】",
        "日用百货［不含医疗器械］，五金｛除药品｝",
        "销售除药品、医疗器械外的日用百货",
        "日用百货销售；不得从事医疗器械经营",
        "日用百货销售。不得从事药品经营，不得从事医疗器械经营",
        "日用百货、药品除外，五金交电",
        "日用口罩（非医用）销售",
    ],
)
def test_what_a_scope_excludes_is_no_evidence(scope: str) -> None:
    label = judged(scope)
    assert (label.grade, label.primary, label.evidence) == ("none", SubSector.NONE, ())


@pytest.mark.parametrize(
    "scope",
    [
        "百货（不含药品，含医疗器械）销售",
        "百货（除药品，含医疗器械）销售",
        "医疗器械（不含三类）、日用百货（除药品）",
        "百货（药品除外）、医疗器械",
        "销售：除药品、食品外的日用百货；医疗器械租赁",
        "百货销售（不得从事药品零售）；医疗器械",
        "空气净化器、除尘设备、医疗器械",
        "清除积雪，拆除旧物，医疗器械",
    ],
)
def test_an_exclusion_ends_where_its_bracket_or_clause_does(scope: str) -> None:
    assert words(scope) == ["医疗器械"]


def test_an_exclusion_within_a_permitted_item_leaves_the_item() -> None:
    assert words("医学研究和试验发展（除人体干细胞、基因诊断与治疗技术开发和应用）") == ["医学研究"]
    assert words("健康咨询（不得从事诊疗活动、心理咨询）") == ["健康咨询"]


def test_a_defibrillator_is_not_an_exclusion() -> None:
    assert verdict("除颤仪、医疗器械")[:2] == ("core", "medical_devices")


@pytest.mark.parametrize(
    "restriction",
    [
        "（限分支机构经营）",
        "（按许可证）",
        "（按许可证核定范围经营）",
        "（凭许可证经营）",
        "(凭许可证经营)",
        f"（{CLOSING}）",
    ],
)
def test_a_restriction_leaves_the_item_as_it_is(restriction: str) -> None:
    plain, restricted = "医疗器械、食品、五金的销售", f"医疗器械{restriction}、食品、五金的销售"
    assert words(restricted) == ["医疗器械"]
    assert verdict(restricted) == verdict(plain)


def test_headings_of_general_and_licensed_items_are_no_items() -> None:
    plain = "医疗器械、日用百货、五金交电"
    for scope in (
        f"一般项目：{plain}",
        f"许可项目：{plain}",
        f"一般项目：{plain}。许可项目：无",
        f"许可经营项目：无；一般经营项目：{plain}",
    ):
        assert verdict(scope) == verdict(plain), scope


def test_items_under_both_headings_count() -> None:
    scope = f"一般项目：第二类医疗器械销售；日用百货销售。许可项目：药品零售（{CLOSING}）"
    assert {span.rule.split(".")[0] for span in judged(scope).evidence} == {"device", "drug"}


@pytest.mark.parametrize(
    "closing", [f"。【{CLOSING}】", f"【{CLOSING}】", f"（{CLOSING}）", f"。（{CLOSING}）", f"。{CLOSING}"]
)
def test_the_registrars_closing_sentence_changes_nothing(closing: str) -> None:
    scope = "医疗器械、日用百货、食品的销售"
    assert verdict(scope + closing) == verdict(scope)


def test_half_width_and_full_width_text_are_read_alike() -> None:
    wide, narrow = "医用Ｘ射线设备，软件（不含药品）；食品", "医用X射线设备,软件(不含药品);食品"
    assert verdict(wide) == verdict(narrow)
    assert judged(wide).evidence[0].text.startswith("医用Ｘ")
    assert judged(narrow).evidence[0].text.startswith("医用X")


@pytest.mark.parametrize("separator", [*"，、；。：,;:/／| 　·", "……"])
def test_items_are_parted_by_whatever_people_write(separator: str) -> None:
    scope = separator.join(["医疗器械", "日用百货", "食品"])
    assert words(scope) == ["医疗器械"]
    assert verdict(scope) == verdict("医疗器械、日用百货、食品")


def test_a_scope_cut_off_within_a_bracket_is_still_read() -> None:
    (word,) = words("第二类医疗器械销售（凭许可证经营，不含药品零")
    assert "医疗器械" in word
    assert words("日用百货销售（除药品、医疗器械零") == []


def test_a_scope_cut_off_within_an_item_is_read_up_to_there() -> None:
    whole, cut = "日用百货；医疗器械；文具用品；五金交电", "日用百货；医疗器械；文具用品；五金交"
    assert verdict(cut) == verdict(whole)


# -------------------------------------------------------------------------------- piece by piece, and as one whole text

FINDER = ScopeFinder(load_rules())
# What may reach over a separator, what only looks so, goods and verbs, and brackets of every kind, closed or not.
FRAGMENTS = [
    *(
        "除",
        "外",
        "除外",
        "除药品外",
        "不含",
        "不得",
        "不得从事",
        "未取得",
        "含",
        "限",
        "可",
        "清",
        "除颤仪",
        "除尘",
        "拆除",
    ),
    *(
        "医疗器械",
        "药品",
        "片剂",
        "原料药",
        "诊疗",
        "宠物",
        "软件",
        "百货",
        "人工器官",
        "销售",
        "生产",
        "的",
        "技术开发",
    ),
    *(
        "法律、法规、国务院决定规定",
        "法律法规国务院决定规定",
        "自主选择经营",
        "企业依法自主选择经营项目",
        "开展经营活动",
    ),
    *("药品、医疗器械互联网信息服务", "假肢、", "蛋白同化制剂、肽类激素", "一般项目", "许可项目", "凭许可证", CLOSING),
    *("medical devices", "except ", "not including", "a", "1"),
    *"（）()[]［］【】〔〕｛｝{}〖〗，、；。：,;:/／| …·\n\x01",
]

# Few enough that all short texts of them can be read.
REACHING = [
    *("除", "外", "除外", "不得", "药品", "医疗器械", "、", "，", "（", "）"),
    *("法律法规国务院决定规定", "自主选择经营"),
]
SCOPES = (
    st.lists(st.sampled_from(REACHING), min_size=5, max_size=12).map("".join)
    | st.lists(st.sampled_from(FRAGMENTS), min_size=3, max_size=16).map("".join)
    | st.text(max_size=60)
).map(folded)


def read_whole(scope: str, named: set[SubSector]) -> ScopeRead:
    """A scope read as one text, its exclusions taken away first."""
    return FINDER._tell(FINDER._parts(FINDER._reader.without_exclusions(scope)), named)


def test_every_short_scope_of_words_that_reach_on_reads_piece_by_piece_as_it_does_whole() -> None:
    scopes = ["".join(words) for length in range(5) for words in itertools.product(REACHING, repeat=length)]
    assert [scope for scope in scopes if FINDER.read(scope, set()) != read_whole(scope, set())] == []


@given(
    scope=SCOPES,
    named=st.sets(st.sampled_from([sector for sector in SubSector if sector is not SubSector.NONE])),
)
def test_a_scope_reads_piece_by_piece_as_it_does_whole(scope: str, named: set[SubSector]) -> None:
    whole = read_whole(scope, named)
    assert FINDER.read(scope, named) == whole
    assert FINDER.read(scope, named) == whole, "what was kept of it reads the same"


@given(scope=SCOPES)
def test_a_scope_that_is_passed_over_as_silent_holds_no_word(scope: str) -> None:
    if FINDER.is_silent(scope):
        assert read_whole(scope, set()).words == []


@pytest.mark.parametrize(
    "scope",
    [
        "销售除药品、医疗器械外的百货",
        "不得从事药品、医疗器械的零售，五金",
        "百货（除药品、医疗器械",
        "法律法规国务院决定规定须经批准的药品，市场主体自主选择经营；百货",
        "（法律、法规、国务院决定规定）药品、自主选择经营",
        "药品、医疗器械互联网信息服务",
    ],
)
def test_what_reaches_over_a_separator_is_not_read_piece_by_piece(scope: str) -> None:
    assert not all(FINDER._reader.stands_alone(piece) for piece, _ in FINDER._reader.pieces(scope))
    assert FINDER.read(scope, set()) == read_whole(scope, set())


@pytest.mark.parametrize("separator", "．､｡﹐•｜")
def test_rare_separators_part_items_too(separator: str) -> None:
    words = ScopeFinder(load_rules()).read(folded(f"软件{separator}医疗器械"), frozenset()).words
    assert [(word.start, word.rank) for word in words if word.rule.sector == "medical_devices"] == [(3, 1)]


def test_long_pieces_are_read_and_not_kept() -> None:
    """A hostile text must not fill the memory: only what can recur is kept."""
    finder = ScopeFinder(load_rules())
    for number in range(200):
        scope = f"医疗器械{number}（{'甲' * 900}{number}）{'乙' * 90}"
        assert finder.read(scope, frozenset()).words
    assert sum(map(len, finder._pieces)) + sum(map(len, finder._items)) < 100_000
