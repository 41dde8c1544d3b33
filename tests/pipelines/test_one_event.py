"""One happening is one event, whoever tells it: its strongest proof leads, and its key stays that of the first."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import ArticleKind, Disclosure, DisclosureKind, DisclosureStage, LicenceKind
from pipelines.decisions import MatchDecision, record_decision
from pipelines.load import load
from pipelines.one_event import Telling, gather
from tests.pipelines.runs import (
    HERE,
    THERE,
    Runs,
    article,
    capital,
    code,
    disclosure,
    firm,
    granted,
    licence,
    published,
)

NAME = "上海桦序1医疗器械有限公司"
ENGLISH = "Huaxu (Sample) Medical Co., Ltd."
COMING, COMING_EN = "上海桦序2医疗器械有限公司", "Huaxu Two (Sample) Medical Co., Ltd."
ABOUT = "普陀区医疗器械产业又添新动能。"
OLD = licence(90, holder="上海未见样本医疗器械有限公司")
ANALYSER = "样本化学发光分析仪"


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """A firm here and one elsewhere, with English names; news, licences and notices that were read before."""
    runs = Runs(tmp_path)
    before(runs)
    return runs


def before(runs: Runs) -> None:
    runs.add(firm(1, name_en=ENGLISH), firm(2, name_en=COMING_EN, address=THERE), day=0)
    runs.news(article(900, "旧闻", "一条旧闻。", **published("2026-09-01")), day=0)
    runs.licences(OLD, day=0)
    runs.disclosures(award(90, published_on=date(2026, 1, 5), holder="上海未见样本医疗器械有限公司"), day=0)


def award(number: int, wan: int = 300, **said: Any) -> Disclosure:
    paid = {"amount": Decimal(wan * 10_000), "currency": "CNY", "amount_raw": f"{wan}万元"}
    return disclosure(number, DisclosureKind.AWARD, DisclosureStage.AWARDED, **(paid | {"holder": NAME} | said))


def product(number: int, name: str = ANALYSER, day: str = "2026-11-03", **said: Any) -> Any:
    kept = {"kind": LicenceKind.DEVICE_PRODUCT, "holder": NAME, "product": name, "address": HERE, **granted(day)}
    return licence(number, **(kept | said))


def page(number: int, said: str, day: str = "2026-11-04", **how: Any) -> Any:
    return article(number, f"第{number}条产业消息", ABOUT, said, **published(day), **how)


def told(runs: Runs, *columns: str) -> list[tuple[Any, ...]]:
    runs.load()
    return runs.events(*columns)


def proofs(runs: Runs, kind: str) -> list[list[str]]:
    """Of each event of a kind the sources of its proofs, strongest first."""
    rows = runs.ask(f"SELECT evidence FROM events WHERE kind = '{kind}' ORDER BY discovered_at, event_id")
    return [[proof["source"] for proof in json.loads(evidence)] for (evidence,) in rows]


APPROVED = f"近日，{NAME}自主研发的“{ANALYSER}”获批医疗器械注册证。"
SETTLES = f"{COMING}签约落户普陀区桃浦智创城。"

# ------------------------------------------------------------------------------------- announced, then confirmed


def test_five_pages_in_two_languages_and_a_registration_are_one_arrival_and_its_confirmation(runs: Runs) -> None:
    english = f"Huaxu Two ({COMING}) settled in Taopu Smart City in Putuo District."
    runs.news(page(1, f"11月3日，{SETTLES}"), page(2, SETTLES, "2026-11-05"), day=3)
    runs.add(article(3, "News", english, language="en", **published("2026-11-06")), source="english", series="", day=4)
    runs.news(page(4, f"近日，{SETTLES}", "2026-11-20"), day=18)
    runs.news(page(5, f"今年11月上旬，{SETTLES}", "2027-01-20"), day=80)
    runs.add(firm(1, name_en=ENGLISH), firm(2, name_en=COMING_EN), day=90)
    assert [kind for (kind,) in told(runs, "kind")] == ["arrival_announced", "moved_in"]
    (first, second) = runs.events("event_id", "confirms", "confirmed_by")
    assert first[1:] == (None, second[0])
    assert second[1:] == (first[0], None)
    assert len(proofs(runs, "arrival_announced")[0]) == 5
    counted = runs.ask("SELECT sum(arrivals), sum(announced), sum(confirmed) FROM weekly_counts")
    assert counted == [(1, 1, 1)], "it arrives once"


def test_a_registration_that_comes_years_after_is_another_arrival(runs: Runs) -> None:
    runs.news(page(1, SETTLES), day=3)
    runs.add(firm(1), firm(2), day=3 + 760)
    assert told(runs, "kind", "confirms", "confirmed_by") == [
        ("arrival_announced", None, None),
        ("moved_in", None, None),
    ]


def test_a_page_that_tells_of_an_arrival_we_hold_is_a_further_proof_of_it(runs: Runs) -> None:
    runs.add(firm(1), firm(2), day=3)
    early = told(runs, "event_id", "kind", "discovered_at", "after")
    runs.news(page(1, SETTLES, "2026-11-10"), day=9)
    assert told(runs, "event_id", "kind", "discovered_at", "after") == early
    shown = runs.ask(f"SELECT role, source FROM proofs_of('{early[0][0]}')")
    assert shown == [("before", "registry_extract"), ("after", "registry_extract"), ("told", "portal")]


@pytest.mark.parametrize("corrected", [False, True], ids=["another page", "the same page, corrected"])
def test_headquarters_that_were_announced_as_the_arrival_are_no_expansion_afterwards(
    runs: Runs, *, corrected: bool
) -> None:
    said = f"近日，{COMING}全国总部落户普陀区桃浦智创城。"
    runs.news(page(1, said), day=3)
    runs.add(firm(1), firm(2), day=9)
    runs.news(page(1 if corrected else 2, said, "2026-11-04" if corrected else "2026-11-15", channel="2"), day=14)
    assert [kind for (kind,) in told(runs, "kind")] == ["arrival_announced", "moved_in"]
    repeated = [] if corrected else ["portal"]
    assert proofs(runs, "moved_in") == [["registry_extract", "registry_extract", *repeated]]


def test_a_page_of_years_later_proves_no_arrival(runs: Runs) -> None:
    runs.add(firm(1), firm(2), day=3)
    runs.news(page(1, SETTLES, "2028-06-10"), day=590)
    told(runs)
    assert proofs(runs, "moved_in") == [["registry_extract", "registry_extract"]]
    assert [kind for (kind,) in runs.events("kind")] == ["moved_in"]


def test_a_licence_here_confirms_what_was_announced_before_any_registration_does(runs: Runs) -> None:
    runs.news(page(1, SETTLES), day=3)
    runs.licences(OLD, licence(2, **granted("2026-11-20")), day=19)
    runs.add(firm(1), firm(2), day=40)
    announced, licensed, moved = told(runs, "kind", "event_id", "confirms", "confirmed_by")
    assert (announced[0], licensed[0], moved[0]) == ("arrival_announced", "licence_granted", "moved_in")
    assert announced[3] == licensed[1]
    assert licensed[2] == moved[2] == announced[1]
    assert runs.ask("SELECT sum(arrivals), sum(confirmed), sum(expansions) FROM weekly_counts") == [(1, 1, 1)]


@pytest.mark.parametrize("where", [THERE, ""], ids=["elsewhere", "nowhere told"])
def test_a_licence_that_is_not_here_confirms_nothing(runs: Runs, where: str) -> None:
    runs.news(page(1, SETTLES), day=3)
    runs.licences(OLD, licence(2, address=where, **granted("2026-11-20")), day=19)
    assert told(runs, "kind", "confirmed_by") == [("arrival_announced", None)]


def test_who_left_and_comes_again_is_confirmed_once(runs: Runs) -> None:
    runs.news(page(1, SETTLES), day=3)
    for day, address in ((10, HERE), (20, THERE), (30, HERE)):
        runs.add(firm(1), firm(2, address=address), day=day)
    found = told(runs, "kind", "confirms IS NOT NULL")
    assert found == [("arrival_announced", False), ("moved_in", True), ("moved_out", False), ("moved_in", False)]


def test_a_denied_announcement_is_taken_back_and_the_registration_stands_for_itself(runs: Runs) -> None:
    short = "桦序2医疗器械签约落户普陀区桃浦智创城。"
    runs.news(page(1, short), day=3)
    runs.add(firm(1), firm(2), day=9)
    (announced, _), (moved, confirms) = told(runs, "event_id", "confirms")
    assert confirms == announced
    deny(runs, "桦序2医疗器械", 2)
    assert told(runs, "event_id", "confirms") == [(moved, None)]
    assert runs.ask("SELECT event_id FROM retracted_events") == [(announced,)]
    assert runs.ask("SELECT sum(arrivals), sum(confirmed) FROM weekly_counts") == [(1, 0)]


def deny(runs: Runs, name: str, number: int, day: int = 12) -> None:
    when = datetime.fromisoformat("2026-11-02T10:00:00+08:00") + timedelta(days=day)
    denied = MatchDecision(who="某甲", when=when, why="另一家", name=name, uscc=code(number), verdict="different")
    record_decision(runs.home, denied)


# ------------------------------------------------------------------------------------- one event, several proofs


@pytest.mark.parametrize("first", ["page", "list"])
def test_a_product_that_a_page_tells_and_a_list_shows_is_one_event_that_the_list_leads(runs: Runs, first: str) -> None:
    steps = {
        "page": lambda day: runs.news(page(1, APPROVED), day=day),
        "list": lambda day: runs.licences(OLD, product(61), day=day),
    }
    steps[first](3)
    early = told(runs, "event_id", "discovered_at")
    for name in steps.keys() - {first}:
        steps[name](20)
    columns = ("kind", "basis", "after", "happened_on::VARCHAR")
    number = product(61).number
    assert told(runs, *columns) == [("product_approved", "licensed", f"{ANALYSER} · {number}", "2026-11-03")]
    assert runs.events("event_id", "discovered_at") == early, "a stronger proof changes neither key nor day"
    assert proofs(runs, "product_approved") == [["licence_list", "portal"]]


def test_what_was_told_before_the_stronger_proof_came_is_still_known_as_it_was(runs: Runs) -> None:
    runs.news(page(1, APPROVED), day=3)
    runs.licences(OLD, product(61), day=20)
    runs.load()
    then = "TIMESTAMP '2026-11-10 00:00:00'"
    assert runs.ask(f"SELECT basis, happened_on FROM events_known_at({then})") == [("announced", None)]
    assert runs.ask("SELECT basis FROM events_known_at(TIMESTAMP '2027-01-01 00:00:00')") == [("licensed",)]


def test_two_products_are_two_events_though_one_page_comes_between(runs: Runs) -> None:
    runs.licences(OLD, product(61), product(62, "样本凝血检测试剂盒", "2026-11-05"), day=4)
    runs.news(page(1, f"近日，{NAME}的“样本凝血检测试剂盒”获批医疗器械注册证。", "2026-11-08"), day=8)
    runs.news(page(2, f"近日，{NAME}的“样本血管支架”获批医疗器械注册证。", "2026-11-09"), day=9)
    told(runs)
    assert sorted(proofs(runs, "product_approved")) == [["licence_list"], ["licence_list", "portal"], ["portal"]]


@pytest.mark.parametrize(("amount", "events"), [("1亿元", 1), ("9500万元", 1), ("", 1), ("5亿元", 2), ("1亿美元", 1)])
def test_another_amount_in_one_currency_is_another_happening(runs: Runs, amount: str, events: int) -> None:
    tells = f"近日，{NAME}宣布完成A轮融资" + (f"，融资金额{amount}。" if amount else "。")
    runs.news(page(1, f"近日，{NAME}宣布完成A轮融资，融资金额1亿元。"), day=3)
    runs.news(page(2, tells, "2026-11-12"), day=12)
    assert len(told(runs)) == events


def test_two_rounds_of_one_amount_are_two(runs: Runs) -> None:
    for number, name in enumerate(("A轮", "B轮"), start=1):
        runs.news(page(number, f"近日，{NAME}宣布完成{name}融资，融资金额1亿元。"), day=2 + number)
    assert len(told(runs)) == 2


def test_a_late_retelling_with_its_day_is_no_further_event(runs: Runs) -> None:
    runs.news(page(1, f"近日，{NAME}宣布完成A轮融资。"), day=3)
    runs.news(page(2, f"2026年11月3日，{NAME}宣布完成A轮融资，融资金额1亿元。", "2027-02-20"), day=110)
    assert told(runs, "kind", "discovered_on::VARCHAR", "happened_on::VARCHAR") == [
        ("financing_raised", "2026-11-05", "2026-11-03")
    ]


def test_a_raise_that_the_register_shows_is_the_one_that_was_announced_to_the_exchange(runs: Runs) -> None:
    paper = disclosure(
        5,
        DisclosureKind.ANNOUNCEMENT,
        DisclosureStage.PUBLISHED,
        holder=NAME,
        title="关于完成增资的公告",
        published_on=date(2026, 11, 4),
    )
    runs.disclosures(paper, day=3)
    early = told(runs, "event_id", "discovered_at")
    runs.add(firm(1, **capital(900)), firm(2, address=THERE), day=30)
    assert told(runs, "event_id", "discovered_at") == early
    assert runs.events("basis", "before", "after") == [("capital_changed", "500(万元人民币)", "900(万元人民币)")]
    assert proofs(runs, "capital_raised") == [["registry_extract", "registry_extract", "notices"]]


def test_the_districts_page_leads_before_the_press_and_who_repeats_a_sentence_comes_last(runs: Runs) -> None:
    said = f"近日，{NAME}宣布完成A轮融资，融资金额1亿元。"
    for day, source in ((1, "putuo_portal"), (1, "news_36kr"), (1, "gdelt")):
        runs.add(article(900, "旧闻", **published("2026-09-01")), source=source, series="", day=day)
    runs.add(page(1, said), source="gdelt", series="", day=3)
    runs.add(page(2, said), source="news_36kr", series="", day=4)
    runs.add(page(3, f"11月3日，{NAME}完成1亿元A轮融资。"), source="putuo_portal", series="", day=5)
    assert told(runs, "after") == [(f"11月3日，{NAME}完成1亿元A轮融资。",)]
    assert proofs(runs, "financing_raised") == [["putuo_portal", "gdelt", "news_36kr"]]


def test_a_denied_page_takes_back_only_what_rested_on_it(runs: Runs) -> None:
    short = APPROVED.replace(NAME, "桦序1医疗器械")
    runs.news(page(1, short), day=3)
    early = told(runs, "event_id")
    runs.licences(OLD, product(61), day=6)
    deny(runs, "桦序1医疗器械", 1)
    assert told(runs, "event_id") == early, "the list proves it under the key by which it was told"
    assert proofs(runs, "product_approved") == [["licence_list"]]
    assert runs.ask("SELECT count(*) FROM retracted_events") == [(0,)]


def test_what_is_shown_after_a_page_was_denied_is_news(runs: Runs) -> None:
    runs.news(page(1, APPROVED.replace(NAME, "桦序1医疗器械")), day=3)
    ((denied,),) = told(runs, "event_id")
    deny(runs, "桦序1医疗器械", 1)
    runs.licences(OLD, product(61), day=20)
    assert told(runs, "event_id IS DISTINCT FROM '" + denied + "'", "basis") == [(True, "licensed")]
    assert runs.ask("SELECT event_id FROM retracted_events") == [(denied,)]


def test_a_replay_that_reads_the_first_page_otherwise_leaves_the_key_to_the_others(runs: Runs) -> None:
    first = runs.news(page(1, APPROVED), day=3)
    runs.licences(OLD, product(61), day=6)
    early = told(runs, "event_id", "discovered_at")
    runs.news(page(1, "此文与企业无关。"), supersedes=first, replayed=9)
    assert told(runs, "event_id", "discovered_at") == early
    assert proofs(runs, "product_approved") == [["licence_list"]]
    assert runs.ask("SELECT count(*) FROM retracted_events") == [(0,)]


def test_what_an_older_run_told_first_takes_the_key_and_the_other_is_its_alias(runs: Runs) -> None:
    runs.licences(OLD, product(61), day=6)
    ((licensed,),) = told(runs, "event_id")
    runs.news(page(1, APPROVED), day=3)
    runs.load(accept_loss=True)
    ((announced, aliases),) = runs.events("event_id", "aliases")
    assert (announced == licensed, aliases) == (False, licensed)


def test_order_and_repetition_of_loads_do_not_matter(tmp_path: Path) -> None:
    def hashes(order: tuple[int, ...]) -> set[str]:
        runs = Runs(tmp_path / f"{order}")
        steps: tuple[Callable[[], object], ...] = (
            lambda: before(runs),
            lambda: runs.news(page(1, SETTLES), page(2, APPROVED), day=3),
            lambda: runs.licences(OLD, product(61), day=6),
            lambda: runs.disclosures(award(1), award(2, 500), day=7),
            lambda: runs.news(page(3, SETTLES, "2026-11-10"), page(4, APPROVED, "2026-11-10"), day=9),
            lambda: runs.licences(OLD, product(61), licence(2, **granted("2026-11-20")), day=19),
            lambda: runs.add(firm(1, **capital(900)), firm(2), day=25),
            lambda: runs.news(page(5, SETTLES, "2026-12-01"), day=30),
        )
        for step in order:
            runs._written = 10 * step  # a run is named for its day, whenever it comes
            steps[step]()
            done = runs.load(accept_loss=True)
        again = load(runs.home, code_version="test", progress=lambda *told: None, again=True)
        return {one.published.content_hash for one in (done, again) if one.published}

    orders = ((0, 1, 2, 3, 4, 5, 6, 7), (7, 6, 5, 4, 3, 2, 1, 0), (2, 5, 0, 7, 4, 6, 1, 3))
    found = {order: hashes(order) for order in orders}
    assert len({one for hashes_of_it in found.values() for one in hashes_of_it}) == 1, found


def test_the_ranking_knows_every_sort_of_item_and_names_only_sources_that_there_are() -> None:
    root = Path(__file__).parents[2]
    ranking = tomllib.loads((root / "pipelines" / "detect" / "proof_ranks.toml").read_text(encoding="utf-8"))
    assert ranking["sort"].keys() == {*ArticleKind, "registration", "licence", "disclosure"}
    assert ranking["news"].keys() <= {path.stem for path in (root / "crawler" / "spiders").glob("*.py")}


# --------------------------------------------------------------------------------------------- the rule by itself

KNOWN = datetime(2026, 11, 3, tzinfo=UTC)


def telling(number: int, **said: Any) -> Telling:
    values: dict[str, Any] = {
        "told_id": f"e{number}",
        "kind": "financing_raised",
        "sort": "page",
        "day": date(2026, 11, 1) + timedelta(days=number),
        "is_stated": False,
        "known_at": KNOWN + timedelta(days=number),
    }
    return Telling(**(values | said))


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ({}, True),
        ({"day": date(2027, 3, 1)}, False),
        ({"words": "Pre-A轮融资"}, False),
        ({"words": "A轮融资"}, True),
        ({"words": "Series A financing"}, True),
        ({"words": "Series B financing"}, False),
        ({"amounts": (108e6,), "unit": "CNY"}, True),
        ({"amounts": (150e6,), "unit": "CNY"}, False),
        ({"amounts": (15e6,), "unit": "USD"}, True),
    ],
)
def test_tellings_agree_unless_they_state_what_cannot_be_of_one_happening(said: dict[str, Any], same: bool) -> None:
    first = telling(0, words="完成A轮融资", amounts=(1e8,), unit="CNY")
    assert (gather([first, telling(1, **said)])["e1"] == "e0") is same


def test_a_number_is_surer_than_any_day_and_another_number_is_another_product() -> None:
    first = telling(0, kind="product_approved", words="国械注准20263210001")
    much_later = telling(90, kind="product_approved", words="产品（国械注准20263210001）获批")
    other = telling(2, kind="product_approved", words="国械注准20263210002")
    assert gather([first, other, much_later]) == {"e0": "e0", "e2": "e2", "e90": "e0"}


_SAID = st.fixed_dictionaries(
    {
        "day": st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        "is_stated": st.booleans(),
        "amounts": st.sampled_from([(), (1e8,), (2e8,)]),
        "unit": st.just("CNY"),
        "words": st.sampled_from(["", "A轮", "B轮"]),
        "sort": st.sampled_from(["page", "announcement"]),
    }
)


@given(st.lists(_SAID, max_size=12))
def test_what_is_told_later_renames_nothing_and_no_event_holds_two_amounts(said: list[dict[str, Any]]) -> None:
    tellings = [telling(number, **one) for number, one in enumerate(said)]
    keys = gather(tellings)
    for end in range(len(tellings)):
        earlier = gather(tellings[:end])
        assert earlier == {told_id: keys[told_id] for told_id in earlier}
    by_event: dict[str, set[object]] = {}
    for one in tellings:
        if one.amounts:
            by_event.setdefault(keys[one.told_id], set()).add(one.amounts)
    assert all(len(amounts) == 1 for amounts in by_event.values())


def test_a_replay_that_parts_two_pages_leaves_the_first_its_key(runs: Runs) -> None:
    funded = f"近日，{NAME}宣布完成{{}}新一轮融资。"
    first = runs.news(page(1, funded.format(""), "2026-11-03"), day=3)
    runs.news(page(2, funded.format("5亿元"), "2026-11-05"), day=5)
    ((key,),) = told(runs, "event_id")
    runs.news(page(1, funded.format("1亿元"), "2026-11-03"), supersedes=first, replayed=10)
    rows = told(runs, "event_id", "discovered_on::VARCHAR")
    assert len(rows) == 2
    assert (key, "2026-11-05") in rows, "what was told is not told again"


def test_a_denied_announcement_hides_no_expansion_that_comes_later(runs: Runs) -> None:
    said = f"近日，{COMING}全国总部落户普陀区桃浦智创城。"
    runs.news(page(1, said), day=3)
    runs.load()
    ((article_id,),) = runs.ask("SELECT DISTINCT article_id FROM mentions")
    judged = {"who": "a", "when": datetime(2026, 11, 6, tzinfo=UTC), "why": "another"}
    wrong = MatchDecision(name=COMING, uscc=code(2), verdict="different", article_id=article_id, **judged)
    record_decision(runs.home, wrong)
    runs.add(firm(1), firm(2), day=9)
    runs.news(page(2, said, "2026-11-15"), day=14)
    assert told(runs, "kind") == [("moved_in",), ("headquarters_set_up",)]
