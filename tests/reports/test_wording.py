"""Both languages can say everything, in standard terms."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

import reports
from crawler.fields.money import Money
from crawler.items import ArticleKind, RejectReason
from crawler.run_folder import Outcome
from pipelines.event_kinds import CATEGORY
from pipelines.news import model
from reports.briefing import Basis, Category, Kind, SubSector
from reports.claim import Measure, Relation, Unit
from reports.words import LANGUAGES, Language, Words, wording
from tests.reports.conftest import MakeIssue, html_of
from tests.reports.published import PublishedFile

PHRASES = [(group, name) for group, names in wording().items() for name in names]


@pytest.mark.parametrize(("group", "name"), PHRASES)
def test_a_phrase_stands_in_both_languages_with_the_same_places(group: str, name: str) -> None:
    forms = wording()[group][name]
    assert forms.keys() - {"en_one"} == set(LANGUAGES)
    places = {language: set(re.findall(r"{(\w+)}", text)) for language, text in forms.items()}
    assert places["zh"] == places["en"]
    assert places.get("en_one", places["en"]) in (places["en"], places["en"] - {"n"})


def test_no_phrase_is_left_over() -> None:
    named = {"in_name", "in_scope", "stated_for", "target_for"}
    for path in Path(reports.__path__[0]).rglob("*.*"):
        if path.suffix in (".py", ".html"):
            named |= set(re.findall(r"""["']([a-z_0-9]+)["']""", path.read_text(encoding="utf-8")))
    by_value = {
        "kind",
        "basis",
        "licence_basis",
        "sub_sector",
        "outcome",
        "reject",
        "field",
        "status_word",
        "sight",
        "peripheral",
        "note_group",
        "article_kind",
        "measure",
        "relation",
        "unit",
        "subject",
        "scope",
        "question",
        "counted_by",
        "counted_for_target",
        "not_countable",
        "not_countable_short",
        "not_countable_title",
        "why_differ",
        "why_differ_title",
        "briefing_in",
    }
    assert [(group, name) for group, name in PHRASES if group not in by_value and name not in named] == []


def test_every_closed_list_has_its_words() -> None:
    groups = wording()
    assert groups["kind"].keys() == {*Kind, "revoked", "not_listed", "project_filed"}
    assert groups["basis"].keys() == set(Basis)
    assert groups["sub_sector"].keys() == {*SubSector, "not_stated"}
    assert groups["peripheral"].keys() == {*Category, "late", "announced", "confirmed"}
    assert groups["note_group"].keys() == {*ArticleKind, "claims"}
    assert groups["article_kind"].keys() == set(ArticleKind)
    assert groups["measure"].keys() == set(Measure)
    assert groups["relation"].keys() == set(Relation)
    assert groups["unit"].keys() == set(Unit)
    assert groups["reject"].keys() == set(RejectReason)
    assert groups["outcome"].keys() == set(Outcome) - {"complete", "empty_allowed", "missed"}


def test_the_kinds_are_those_that_are_detected() -> None:
    assert set(Kind) == CATEGORY.keys()


def test_what_can_be_claimed_is_what_is_read_from_pages() -> None:
    assert {str(one) for one in Measure} == {str(one) for one in model.Measure}
    assert {str(one) for one in Relation} == {str(one) for one in model.Relation}


def test_every_claim_can_be_told(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    page = file.article("a1", "虚构年报", "document")
    shapes = list(product(Measure, Relation, (*Unit, "CNY", "USD"), (True, False), (None, 2028)))
    for number, (measure, relation, unit, is_target, year) in enumerate(shapes):
        about = {"relation": relation, "is_target": is_target, "year": year, "quote": f"第{number}句"}
        file.claim(page, measure, 1.5, unit, **about)
    made = issue_of(file)
    evidence = (made.folder / "evidence.html").read_text(encoding="utf-8")
    for group in ("measure", "unit"):
        for forms in wording()[group].values():
            for language in LANGUAGES:
                text = forms[language].format(figure="1.5")
                assert Words(language).heading(text) in evidence
    assert all(f"第{number}句" in evidence for number in range(len(shapes)))
    assert "税收：至少 1.5元（2028 年目标）" in evidence
    assert "Tax revenue: at least USD 1.5 (target for 2028)" in evidence


def test_every_kind_on_every_basis_can_be_told(issue_of: MakeIssue) -> None:
    file = PublishedFile()
    for number, (kind, basis) in enumerate(product(Kind, Basis)):
        firm = file.firm(number, f"上海虚构{number}医疗器械有限公司")
        category = CATEGORY[kind]
        file.event(f"x{number}", firm, kind, basis, category=category, before="500万元", after="800万元")
    made = issue_of(file)
    for language in LANGUAGES:
        html = html_of(made, language)
        for kind in Kind:
            assert f"<b>{wording()['kind'][kind][language]}</b>" in html
        assert html.count("<article>") == len(Kind) * len(Basis)


@pytest.mark.parametrize(
    ("amount", "currency", "zh", "en"),
    [
        ("5000000", "CNY", "500万元", "CNY 5 million"),
        ("300000", "CNY", "30万元", "CNY 300,000"),
        ("9999", "CNY", "9,999元", "CNY 9,999"),
        ("0", "CNY", "0元", "CNY 0"),
        ("120000000", "USD", "1.2亿美元", "USD 120 million"),
        ("1234567890", "CNY", "12.35亿元", "CNY 1.23 billion"),
        ("2000000", "EUR", "200万欧元", "EUR 2 million"),
        ("10000", "XYZ", "1万XYZ", "XYZ 10,000"),
        ("1098901", "CNY", "109.89万元", "CNY 1.1 million"),
    ],
)
def test_capital_is_said_as_readers_say_it(amount: str, currency: str, zh: str, en: str) -> None:
    money = Money(Decimal(amount), currency)
    assert Words("zh").money(money) == zh
    assert Words("en").money(money) == en


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_with_braces_is_not_read_as_a_pattern(language: Language) -> None:
    assert "{0.__class__}" in Words(language)("mark", "branch_of", parent="{0.__class__}")


def test_the_templates_and_the_code_hold_no_chinese_of_their_own() -> None:
    for path in Path(reports.__path__[0]).rglob("*.html"):
        assert not re.search("[\u4e00-\u9fff]", path.read_text(encoding="utf-8")), path.name
    for name in ("tell.py", "tell_notes.py", "notes.py", "sight.py", "evidence.py", "render.py"):
        tree = ast.parse((Path(reports.__path__[0]) / name).read_text(encoding="utf-8"))
        texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        docs = [
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if hasattr(node, "body") and isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        ]
        said = [text for text in texts if isinstance(text, str) and text not in docs]
        assert not any(re.search("[\u4e00-\u9fff]", text) for text in said), name
