"""The proof of an event that a list of licences or a notice tells, walked to the captured bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest

from crawler.archive import Reply
from crawler.items import Article, Disclosure, DisclosureKind, DisclosureStage, Licence, LicenceKind, Proof
from reports.why import Chain, explain, lines_of
from reports.why.place import find_place
from tests.pipelines.runs import Runs, article, disclosure, firm, granted, happened, licence, published
from tests.reports.test_why import AT, HTML, JSON, LIST, RECORD, URL, hostile, keep, reply, wrong

T = TypeVar("T", Article, Licence, Disclosure)
OLD = licence(90, holder="上海未见样本医疗器械有限公司")


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    runs = Runs(tmp_path)
    runs.add(firm(1), firm(2), day=0)
    runs.disclosures(disclosure(90, DisclosureKind.EIA, DisclosureStage.ACCEPTED), day=0)
    return runs


def read_from(item: T, body: str, line: int) -> T:
    """An item that was read from a place of this reply."""
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    return replace(item, proof=Proof(url=URL, fetched_at=AT, sha256=sha256, capture=RECORD, line=line, parser="t/1"))


def listed(*licences: Licence, escaped: bool = True) -> str:
    """A list of licences as a site sends it."""
    rows = [
        {
            "ZSBH": one.number,
            "CPMC": one.product,
            "QYMC_ZW": one.holder,
            "JYFW": one.scope,
            "JYCS": one.address,
            "FZJG": one.authority,
            "ZSZT": one.status_raw,
            "QFRQ": one.granted_on_raw,
            "YXQZ": one.valid_until_raw,
        }
        for one in licences
    ]
    return json.dumps({"rowData": rows}, ensure_ascii=escaped)


def show(runs: Runs, *licences: Licence, **how: Any) -> None:
    """A run that read these licences from one list, and kept it."""
    body = listed(*licences)
    items = [read_from(one, body, line) for line, one in enumerate(licences, start=1)]
    keep(runs.licences(*items, **how), (RECORD, JSON, body))


def the_proof(runs: Runs) -> Chain:
    runs.load()
    ((event_id,),) = runs.events("event_id")
    return explain(runs.home, event_id)


def test_a_granted_licence_is_shown_in_the_list_as_captured(runs: Runs) -> None:
    show(runs, OLD, day=0)
    show(runs, OLD, licence(1, **granted("2026-11-03")), day=3)
    chain = the_proof(runs)
    assert wrong(chain) == []
    text = "\n".join(lines_of(chain))
    assert "what is told after is what a record states" in text
    assert "record 2 of the list as captured" in text


def test_a_product_that_a_list_shows_and_a_page_tells_is_walked_from_both_the_list_first(runs: Runs) -> None:
    said = f"近日，{licence(1).holder}自主研发的“样本分析仪”获批医疗器械注册证。"
    kept = {"kind": LicenceKind.DEVICE_PRODUCT, "product": "样本分析仪", **granted("2026-11-03")}
    runs.news(article(900, "旧闻", **published("2026-09-01")), day=0)
    body = f"<h1>题目</h1><p>2026-11-04</p><p>普陀区医疗器械产业又添新动能。</p><p>{said}</p>"
    page = article(7, "题目", "普陀区医疗器械产业又添新动能。", said, **published("2026-11-04"))
    keep(runs.news(read_from(page, body, 1), day=3), (RECORD, HTML, body))
    show(runs, OLD, day=0)
    show(runs, OLD, licence(1, **kept), day=6)
    chain = the_proof(runs)
    assert wrong(chain) == []
    assert [step.title for step in chain.steps if ":" in step.title] == ["after: licence_list", "after: portal"]


def test_places_before_and_after_are_both_shown(runs: Runs) -> None:
    wider = licence(1, address=f"{licence(1).address}；上海市普陀区武宁路300号")
    show(runs, OLD, licence(1), day=0)
    show(runs, OLD, wider, day=3)
    chain = the_proof(runs)
    assert wrong(chain) == []
    places = [step.place.title for step in chain.steps if step.place]
    assert places == ["record 2 of the list as captured"] * 2


@pytest.mark.parametrize("still", [False, True])
def test_that_a_licence_is_gone_is_searched_in_every_run_of_the_sweep(runs: Runs, still: bool) -> None:
    show(runs, OLD, licence(1), licence(2), day=0)
    show(runs, licence(2), day=10, sweep="b", closes=False)
    if still:  # the capture says more than was read
        body = listed(OLD, licence(1))
        keep(runs.licences(read_from(OLD, body, 1), day=11, sweep="b"), (RECORD, JSON, body))
    else:
        show(runs, OLD, day=11, sweep="b")
    chain = the_proof(runs)
    said = (
        "line 1 of the captured list DOES name" if still else "none of the 2 rows of the captured list of 2 runs names"
    )
    text = "\n".join(lines_of(chain))
    assert f"{said} {licence(1).number}" in text
    assert len(wrong(chain)) == still


def test_a_contract_is_shown_on_its_notice_with_its_amount(runs: Runs) -> None:
    winner = disclosure(
        1,
        DisclosureKind.AWARD,
        DisclosureStage.AWARDED,
        amount=Decimal("1234567"),
        currency="CNY",
        amount_raw="1234567元",
        **happened("2026-11-03"),
    )
    other = replace(
        winner, disclosure_id="D1-2", holder="上海未见样本医疗器械有限公司", amount_raw="5元", amount=Decimal(5)
    )
    body = (
        f"<h1>{winner.title}</h1><p>{winner.agency}，{winner.published_on_raw}</p>"
        f"<p>{other.holder} 5元；{winner.holder} 1234567元，{winner.happened_on_raw}</p>"
    )
    items = (read_from(other, body, 1), read_from(winner, body, 1))  # both of one page
    keep(runs.disclosures(*items, day=3), (RECORD, HTML, body))
    chain = the_proof(runs)
    assert wrong(chain) == []
    assert "123.46万元" in "\n".join(lines_of(chain))


def test_a_notice_of_several_winners_and_its_list_are_shown_together(runs: Runs) -> None:
    """The title and the day stand in the list alone, the lots of one winner in several records of the notice."""
    award = disclosure(
        1,
        DisclosureKind.AWARD,
        DisclosureStage.AWARDED,
        amount=Decimal(470_000),
        currency="CNY",
        amount_raw="350000（元）；120000（元）",
        published_on_raw="1793462400000",
        document_number="样本01",
    )
    won = [("上海未见样本医疗器械有限公司", "999"), (award.holder, "350000"), (award.holder, "120000")]
    rows = [{"winner": who, "sum": sum_, "buyer": "某局", "number": "样本01"} for who, sum_ in won]
    body = json.dumps({"records": rows}, ensure_ascii=False)
    listed = json.dumps({"records": [{"title": "另一份"}, {"title": award.title, "date": "1793462400000"}]})
    keep(runs.disclosures(read_from(award, body, 1), day=3), (LIST, JSON, listed), (RECORD, JSON, body))
    chain = the_proof(runs)
    assert wrong(chain) == []
    text = "\n".join(lines_of(chain))
    assert "stand in record 2 of the list as captured and elsewhere in that reply and in record 2 of" in text
    assert f"47万元 · {award.title}" in text


def test_a_notice_that_does_not_state_it_is_no_proof(runs: Runs) -> None:
    project = disclosure(1, DisclosureKind.EIA, DisclosureStage.APPROVED)
    body = hostile(project.title)
    keep(runs.disclosures(read_from(project, body, 1), day=3), (RECORD, HTML, body))
    assert wrong(the_proof(runs)) == [
        "what the record states does NOT stand in the captured bytes: holder, agency, published_on"
    ]


def test_a_list_within_a_text_of_json_is_found() -> None:
    inner = json.dumps({"data": [{"n": "一"}, {"n": "样本二"}]}, ensure_ascii=False)
    outer: Reply = reply(json.dumps({"code": "000000", "data": inner}), JSON)
    place, missing = find_place(outer, 2, {"name": "样本二"})
    assert (missing, place.title) == ((), "record 2 of the list as captured")


def test_a_value_put_together_of_two_stands_where_both_do_whole() -> None:
    listed = reply(json.dumps([{"day": "2026-11-12", "sort": "ACTUAL", "title": "2026-11-13 样本"}]), JSON)
    _, missing = find_place(listed, 1, {"a": "2026-11-12 ACTUAL", "b": "2026-11-13 ACTUAL", "c": "2026-11-12 ACT"})
    assert missing == ("b", "c")


def test_a_feed_is_shown_as_a_page() -> None:
    place, missing = find_place(
        reply("<rss><item><title>样本</title></item></rss>", "application/xml"), 1, {"t": "样本"}
    )
    assert (missing, place.title) == ((), "the page as captured")
