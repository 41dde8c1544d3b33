"""Who bears a name: one firm, several, or nobody; never a namesake with one other letter, nor a branch's parent."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.news import NameIndex
from pipelines.resolve.company_name import company_name
from pipelines.resolve.name_book import Bearers, NameBook
from pipelines.resolve.name_match import COMPARED, NameMatch
from pipelines.resolve.name_variants import is_telling, name_variants

FIRMS = [
    ("huaxu", "上海桦序生物医药科技有限公司"),
    ("huaxu_branch", "上海桦序生物医药科技有限公司普陀分公司"),
    ("huaxun", "上海桦浔生物医药科技有限公司"),
    ("suzhou", "苏州样本医疗器械有限公司"),
    ("shanghai", "上海样本医疗器械有限公司"),
    ("china", "样本医疗器械（中国）有限公司"),
    ("shares", "上海甲乙药业股份有限公司"),
    ("foreign", "宽屿健康科技（上海）有限公司"),
    ("common", "上海医疗器械有限公司"),
    ("bare", "砚禾诊断技术有限公司"),
    ("latin", "Lumenvale Medical Technology (Shanghai) Co., Ltd."),
]


@pytest.fixture(scope="module")
def book() -> NameBook:
    return NameBook(FIRMS)


@pytest.mark.parametrize(("firm", "name"), FIRMS)
def test_every_firm_bears_its_own_name(book: NameBook, firm: str, name: str) -> None:
    assert book.bearers(name) == Bearers((firm,), NameMatch.EXACT)
    assert book.bearers(name).firm == firm


@pytest.mark.parametrize(
    ("written", "firm"),
    [
        ("上海市桦序生物医药科技有限公司", "huaxu"),
        ("上海桦序生物医药科技有限责任公司", "huaxu"),
        ("上海市桦序生物医药科技有限责任公司普陀分公司", "huaxu_branch"),
        ("宽屿健康科技〔上海市〕有限公司", "foreign"),
        ("苏州市样本医疗器械有限公司", "suzhou"),
        ("LUMENVALE MEDICAL TECHNOLOGY (Shanghai) Company Limited", "latin"),
    ],
)
def test_another_spelling_is_the_same_name(book: NameBook, written: str, firm: str) -> None:
    assert book.bearers(written).firm == firm


@pytest.mark.parametrize(
    ("written", "firm"),
    [
        ("桦序生物医药科技有限公司", "huaxu"),
        ("上海桦序生物医药科技", "huaxu"),
        ("上海宽屿健康科技有限公司", "foreign"),
        ("宽屿健康科技有限公司", "foreign"),
        ("上海砚禾诊断技术有限公司", "bare"),
    ],
)
def test_a_looser_form_suggests_its_firm_and_is_not_sure(book: NameBook, written: str, firm: str) -> None:
    assert book.bearers(written) == Bearers((firm,), NameMatch.LOOSE)
    assert book.bearers(written).firm is None


@pytest.mark.parametrize(
    ("written", "match"),
    [
        ("桦序生物医药科技", NameMatch.SHORT),
        ("桦序生物", NameMatch.ALIAS),
        ("桦序生物医药", NameMatch.ALIAS),
        ("上海桦序", NameMatch.CORE),
    ],
)
def test_a_short_name_suggests_its_firm_and_is_not_sure(book: NameBook, written: str, match: NameMatch) -> None:
    assert book.bearers(written) == Bearers(("huaxu",), match)
    assert book.bearers(written).firm is None


@pytest.mark.parametrize(
    "written",
    [
        "上海桦旭生物医药科技有限公司",  # one letter of the core
        "上海桦序生物医疗科技有限公司",  # one letter of the trade
        "苏州桦序生物医药科技有限公司",  # another place
        "桦序生物医药科技（中国）有限公司",
        "上海桦序生物医药科技股份有限公司",  # another legal form
        "上海桦序生物医药科技集团有限公司",
        "上海桦序生物医药科技有限公司嘉定分公司",  # another branch
        "桦序",  # a core alone is anybody's
        "医疗器械有限公司",  # common words
        "上海市医疗科技有限公司",
        "Lumenvale Medical Devices Co., Ltd.",
        "",
    ],
)
def test_what_differs_in_anything_stated_is_somebody_elses(book: NameBook, written: str) -> None:
    assert book.bearers(written) == Bearers((), NameMatch.NONE)


def test_names_that_differ_by_one_letter_are_two(book: NameBook) -> None:
    assert (book.bearers(FIRMS[0][1]).firm, book.bearers(FIRMS[2][1]).firm) == ("huaxu", "huaxun")


def test_a_branch_and_its_parent_are_two(book: NameBook) -> None:
    assert book.bearers("桦序生物医药科技有限公司普陀分公司").firms == ("huaxu_branch",)
    assert NameBook(FIRMS[1:2]).bearers(FIRMS[0][1]).firms == ()
    assert NameBook(FIRMS[:1]).bearers(FIRMS[1][1]).firms == ()


def test_a_form_that_several_firms_may_have_is_ambiguous_and_on_record(book: NameBook) -> None:
    several = ("china", "shanghai", "suzhou")
    assert book.bearers("样本医疗器械有限公司") == Bearers(several, NameMatch.LOOSE)
    assert book.bearers("样本医疗") == Bearers(several, NameMatch.ALIAS)
    assert book.ambiguous(NameMatch.LOOSE) == {"样本医疗器械有限公司": several}
    assert book.ambiguous(NameMatch.SHORT) == {"样本医疗器械": several}
    assert book.ambiguous(NameMatch.ALIAS) == {"样本医疗": several}
    assert book.ambiguous(NameMatch.EXACT) == {}


def test_a_registered_name_is_its_firms_even_if_it_is_how_another_is_written() -> None:
    book = NameBook([("a", "上海桦序医药有限公司"), ("b", "桦序医药有限公司")])
    assert book.bearers("桦序医药有限公司").firm == "b"
    assert book.ambiguous(NameMatch.EXACT) == {}


def test_one_name_of_two_firms_is_neithers() -> None:
    book = NameBook([("a", "上海桦序医药有限公司"), ("b", "上海桦序医药（有限公司）"), ("c", "上海桦序医药有限公司")])
    assert book.bearers("上海桦序医药有限公司") == Bearers(("a", "c"), NameMatch.EXACT)
    assert book.bearers("上海桦序医药有限公司").firm is None
    assert book.ambiguous(NameMatch.EXACT) == {"上海桦序医药有限公司": ("a", "c")}


def test_a_firm_is_known_by_former_and_english_names_too() -> None:
    book = NameBook(
        [("a", "上海桦序医药有限公司"), ("a", "上海甲样药业有限公司"), ("a", "Huaxu Pharma Ltd"), ("b", " ")]
    )
    assert [book.bearers(name).firm for name in ("上海甲样药业有限公司", "HUAXU PHARMA LIMITED", "")] == [
        "a",
        "a",
        None,
    ]


def test_variants_begin_with_the_normal_form_and_say_how_sure_they_are() -> None:
    written = {variant.text: variant.match for variant in name_variants("桦序医疗器械（上海）有限公司")}
    assert next(iter(written)) == "桦序医疗器械(上海)有限公司"
    assert written == {
        "桦序医疗器械(上海)有限公司": NameMatch.EXACT,
        "桦序医疗器械(上海)有限责任公司": NameMatch.SPELLING,
        "桦序医疗器械(上海)": NameMatch.LOOSE,
        "桦序医疗器械有限公司": NameMatch.LOOSE,
        "上海桦序医疗器械有限公司": NameMatch.LOOSE,
        "桦序医疗器械": NameMatch.SHORT,
        "桦序医疗": NameMatch.ALIAS,
    }


def test_common_words_have_no_looser_forms() -> None:
    assert {variant.match for variant in name_variants("上海医疗器械有限公司")} == {NameMatch.EXACT, NameMatch.SPELLING}


@given(st.text(alphabet="上海苏州市桦序样本医疗器械科技股份有限责任公司集团分店()（） aB", max_size=40))
def test_whatever_a_name_is_its_firm_is_found_under_every_variant(name: str) -> None:
    book = NameBook([("a", name)])
    assert all(book.bearers(variant.text).firms == ("a",) for variant in name_variants(name))


# ---------------------------------------------------------------------------------------- the real registrations


def written_otherwise(name: str) -> Iterator[str]:
    """A real name as others print it, by plain replacement of its letters."""
    wide = name.translate({ord("("): "（", ord(")"): "）"})
    yield wide
    yield name.translate({ord("（"): "(", ord("）"): ")"})
    yield wide.replace("（", "〔").replace("）", "〕")
    yield wide.replace("（", "【").replace("）", "】")
    yield "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in name)
    yield " ".join(name)
    yield f"\u3000{name[:4]}\n{name[4:]} "
    if name.startswith("上海") and not name.startswith("上海市"):
        yield f"上海市{name[2:]}"
    if name.endswith("有限责任公司"):
        yield f"{name[:-6]}有限公司"
    elif name.endswith("有限公司") and not name.endswith("股份有限公司"):
        yield f"{name[:-4]}有限责任公司"


def registrations() -> list[tuple[str, str]]:
    """The credit code and name of every real registration. Skips the test where they are not at hand."""
    folder = os.environ.get("PUTUO_REFERENCE")
    if not folder:
        pytest.skip("PUTUO_REFERENCE does not name the folder of real registrations")
    with (Path(folder) / "data/registry/putuo_1979-2009.csv").open(encoding="utf-8-sig", newline="") as lines:
        return [(row["统一社会信用代码"], row["企业名称"]) for row in csv.DictReader(lines)]


def test_every_real_firm_matches_itself_however_it_is_printed_and_no_two_merge() -> None:
    rows = registrations()
    book = NameBook(rows)
    asked = [(code, name, written) for code, name in rows for written in {name, *written_otherwise(name)}]
    wrong = [
        (name, written, book.bearers(written)) for code, name, written in asked if book.bearers(written).firm != code
    ]
    assert (len(rows), len({code for code, _ in rows})) == (3039, 3039)
    assert wrong == []
    assert len(asked) == 14_519


def test_a_real_firm_without_its_place_is_never_another_and_unknown_only_if_its_words_are_common() -> None:
    rows = registrations()
    book = NameBook(rows)
    bare = [(code, name, name.removeprefix("上海市").removeprefix("上海")) for code, name in rows]
    cut = [(code, name, rest, book.bearers(rest)) for code, name, rest in bare if rest != name]
    assert [rest for code, _, rest, found in cut if found.firms and code not in found.firms] == []
    unknown = [name for _, name, _, found in cut if not found.firms]
    assert (len(cut), len(unknown)) == (2_882, 121)
    assert all(not is_telling(company_name(name)) for name in unknown)


def test_what_is_ambiguous_among_real_firms_is_counted() -> None:
    rows = registrations()
    book, index = NameBook(rows), NameIndex(rows)
    counts = {match.value: len(book.ambiguous(match)) for match in COMPARED}
    shared = index.ambiguous()
    assert counts == {"exact": 0, "spelling": 0, "loose": 0, "short": 0, "alias": 4, "core": 87}
    assert (len(shared), sum(name.short for name in shared)) == (1, 1)
