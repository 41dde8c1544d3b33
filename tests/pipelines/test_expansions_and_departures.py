"""Who grew, who shrank, who left; and what only looks like it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crawler.items import Status
from crawler.run_folder import Outcome
from tests.pipelines.runs import DEVICES, HERE, THERE, Runs, capital, code, firm, put_aside, status


def test_more_capital_is_an_expansion_with_both_amounts_as_printed(runs: Runs) -> None:
    runs.add(firm(1, **capital(500)))
    runs.add(firm(1, **capital(800)))
    runs.load()
    assert runs.events("kind", "category", "before", "after") == [
        ("capital_raised", "expansion", "500(万元人民币)", "800(万元人民币)")
    ]


def test_less_capital_is_a_cut(runs: Runs) -> None:
    runs.add(firm(1, **capital(500)))
    runs.add(firm(1, **capital(100)))
    runs.load()
    assert runs.events("kind", "category") == [("capital_cut", "departure")]


@pytest.mark.parametrize(
    "after",
    [
        {"capital_raw": "人民币500万元整"},  # another way to print the same
        {"capital": Decimal(5_000_100), "capital_raw": "500.01(万元人民币)"},  # rounding
        {"capital": Decimal(800), "capital_currency": "USD", "capital_raw": "800美元"},  # another currency
        {"capital": None, "capital_currency": "", "capital_raw": "N/A"},
        {"capital": Decimal(8_000_000)},  # a better parser of the same text
    ],
)
def test_capital_printed_or_read_otherwise_is_no_event(runs: Runs, after: dict[str, Any]) -> None:
    runs.add(firm(1))
    runs.add(firm(1, **after))
    runs.load()
    assert runs.events() == []


def test_a_raise_to_the_same_amount_after_a_cut_is_an_event_of_its_own(runs: Runs) -> None:
    for amount in (500, 800, 500, 800):
        runs.add(firm(1, **capital(amount)))
    runs.load()
    assert [kind for kind, _ in runs.events()] == ["capital_raised", "capital_cut", "capital_raised"]
    assert runs.ask("SELECT count(DISTINCT event_id) FROM events") == [(3,)]


def test_a_new_permitted_item_widens_the_scope_and_is_named(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(firm(1, scope=DEVICES + "；医学研究和试验发展"))
    runs.load()
    assert runs.events("kind", "before", "after") == [("scope_widened", None, "医学研究和试验发展")]


def test_a_lost_item_narrows_the_scope(runs: Runs) -> None:
    runs.add(firm(1, scope=DEVICES + "；医学研究和试验发展"))
    runs.add(firm(1))
    runs.load()
    assert runs.events("kind", "before", "after") == [("scope_narrowed", "医学研究和试验发展", None)]


def test_the_registrars_rewriting_of_a_whole_scope_is_no_expansion(runs: Runs) -> None:
    runs.add(firm(1, scope="从事生物科技领域内的技术开发、技术咨询，医疗器械的销售，会务服务，设计制作各类广告"))
    runs.add(
        firm(
            1,
            scope="一般项目：技术服务、技术开发、技术转让；自然科学研究和试验发展；第一类医疗器械销售；"
            "会议及展览服务；广告制作；广告设计、代理。（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）",
        )
    )
    runs.load()
    assert runs.events() == []


def test_a_negated_item_is_not_a_new_permission(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(firm(1, scope=DEVICES + "（不含植入材料和人工器官），不得从事诊疗活动"))
    runs.load()
    assert runs.events() == []


def test_deregistration_is_told_with_the_status_words(runs: Runs) -> None:
    runs.add(firm(1), firm(2))
    runs.add(firm(1, **status("注销", Status.DEREGISTERED)), firm(2, **status("吊销", Status.REVOKED)))
    runs.load()
    assert runs.events("kind", "basis", "before", "after") == [
        ("deregistered", "status_changed", "存续", "注销"),
        ("deregistered", "status_changed", "存续", "吊销"),
    ]
    assert runs.ask("SELECT status FROM firms ORDER BY uscc") == [("deregistered",), ("revoked",)]


def test_a_firm_marked_as_moved_out_with_its_new_address_has_left_once(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(firm(1, address=THERE, **status("迁出", Status.MOVED_OUT)))
    runs.load()
    assert runs.events("kind", "basis") == [("moved_out", "status_changed")]


def test_an_address_that_leaves_putuo_is_a_move_out(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(firm(1, address=THERE))
    runs.load()
    assert runs.events("kind", "before", "after") == [("moved_out", HERE, THERE)]


def test_another_door_in_putuo_is_no_move(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(firm(1, address="上海市普陀区武宁路300号"))
    runs.load()
    assert runs.events() == []


def test_a_putuo_code_elsewhere_has_moved_out_unless_it_is_a_branch(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(
        firm(1),
        firm(2, "310107", address=THERE),
        firm(3, "310107", address=THERE, name="上海桦序大药房连锁有限公司浦东分店"),
    )
    runs.load()
    assert runs.events("kind", "basis", "uscc") == [("moved_out", "code_division", code(2, "310107"))]


def test_the_day_of_approval_dates_a_change_when_it_moved_with_it(runs: Runs) -> None:
    before, after = date(2020, 1, 1), date(2026, 11, 1)
    runs.add(firm(1, approved_on=before), firm(2, approved_on=before))
    runs.add(firm(1, approved_on=after, **capital(800)), firm(2, approved_on=before, **capital(800)))
    runs.load()
    assert runs.events("uscc", "happened_on") == [(code(1), after), (code(2), None)]


class TestAbsence:
    def test_a_firm_gone_from_a_complete_full_list_has_left(self, runs: Runs) -> None:
        runs.add(firm(1), firm(2))
        runs.add(firm(1))
        runs.load()
        assert runs.events("kind", "basis", "uscc", "after") == [("deregistered", "not_listed", code(2), None)]
        assert runs.ask("SELECT status FROM firms ORDER BY uscc") == [("active",), ("not_listed",)]

    @pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.COMPLETE])
    def test_no_other_outcome_ever_implies_absence(self, runs: Runs, outcome: Outcome) -> None:
        runs.add(firm(1), firm(2))
        runs.add(firm(1), outcome=outcome)
        runs.load()
        assert runs.events() == []

    def test_a_list_of_new_firms_implies_no_absence(self, runs: Runs) -> None:
        runs.add(firm(1), firm(2))
        runs.add(firm(3), listing="new")
        runs.load()
        assert [kind for kind, _ in runs.events()] == ["registered"]

    def test_another_publishers_full_list_implies_no_absence(self, runs: Runs) -> None:
        runs.add(firm(1), firm(2), series="bureau")
        runs.add(firm(1), series="portal")
        runs.add(firm(1), series="portal")
        runs.load()
        assert runs.events() == []

    def test_a_firm_that_another_publisher_still_shows_is_not_gone(self, runs: Runs) -> None:
        runs.add(firm(1), firm(2), series="bureau")
        runs.add(firm(2), series="portal")
        runs.add(firm(1), series="bureau")
        runs.load()
        assert runs.events() == []

    def test_a_row_put_aside_under_its_code_still_shows_its_firm(self, runs: Runs) -> None:
        runs.add(firm(1), firm(2))
        runs.add(firm(1), put_aside(7, code(2)))
        runs.load()
        assert runs.events() == []

    def test_a_bad_row_of_unknown_firm_proves_nobodys_absence(self, runs: Runs) -> None:
        runs.add(firm(1), firm(2))
        runs.add(firm(1), put_aside(7))
        runs.load()
        assert runs.events() == []

    def test_a_firm_that_returns_is_present_again_and_announced_once(self, runs: Runs) -> None:
        runs.add(firm(1), firm(2))
        runs.add(firm(1))
        runs.add(firm(1), firm(2))
        runs.load()
        assert [kind for kind, _ in runs.events()] == ["deregistered"]
        assert runs.ask("SELECT status FROM firms ORDER BY uscc") == [("active",), ("active",)]

    def test_absence_is_told_once_however_many_lists_follow(self, runs: Runs) -> None:
        runs.add(firm(1), firm(2))
        for _ in range(3):
            runs.add(firm(1))
        runs.load()
        assert len(runs.events()) == 1


def test_a_second_series_that_tells_the_same_adds_a_proof_and_no_event(runs: Runs) -> None:
    for series in ("bureau", "portal"):
        runs.add(firm(1, **capital(500)), series=series)
    for series in ("bureau", "portal"):
        runs.add(firm(1, **capital(800)), series=series)
    runs.load()
    assert runs.ask(
        "SELECT kind, json_array_length(evidence), evidence ->> '$[0].series', evidence ->> '$[2].series' FROM events"
    ) == [("capital_raised", 4, "bureau", "portal")]


def test_every_event_carries_the_records_that_prove_it(runs: Runs) -> None:
    first = runs.add(firm(1, **capital(500)))
    second = runs.add(firm(1, **capital(800)))
    runs.load()
    proofs = runs.ask(
        "SELECT p ->> 'role', p ->> 'run_id', p ->> '$.record.capital', p ->> 'line', p ->> 'url'"
        " FROM (SELECT unnest(CAST(evidence AS JSON[])) AS p FROM events)"
    )
    assert proofs == [
        ("before", first.run_id, "500(万元人民币)", "1", "file:///extract.csv"),
        ("after", second.run_id, "800(万元人民币)", "1", "file:///extract.csv"),
    ]
