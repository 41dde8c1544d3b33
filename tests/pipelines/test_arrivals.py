"""Who newly arrived, and who only seems to have."""

from datetime import date

from crawler.items import Status
from crawler.run_folder import Outcome
from tests.pipelines.runs import HERE, THERE, Runs, code, firm, registered, status


def test_what_a_first_complete_reading_shows_are_states_and_not_news(runs: Runs) -> None:
    runs.add(firm(1), firm(2, address=THERE), firm(3, name="上海桦序大药房连锁有限公司真南分店"))
    runs.load()
    assert runs.events() == []
    assert runs.ask("SELECT count(*) FROM firms") == [(3,)]


def test_a_baseline_announces_only_what_carries_its_own_date_within_14_days(runs: Runs) -> None:
    runs.add(
        firm(1, **registered("2026-10-19")),  # 14 days before 2 November
        firm(2, **registered("2026-10-18")),
        firm(3, **registered("2026-11-02")),
    )
    runs.load()
    assert runs.events("kind", "uscc", "happened_on") == [
        ("registered", code(1), date(2026, 10, 19)),
        ("registered", code(3), date(2026, 11, 2)),
    ]


def test_a_baseline_lasts_until_the_first_complete_run(runs: Runs) -> None:
    runs.add(firm(1), outcome=Outcome.PARTIAL)
    runs.add(firm(1), firm(2))
    runs.add(firm(1), firm(2), firm(3))
    runs.load()
    assert runs.events() == [("registered", code(3))]


def test_the_first_full_list_of_a_series_of_new_ones_is_a_baseline_too(runs: Runs) -> None:
    runs.add(firm(1), listing="new")
    runs.add(firm(2), listing="new")
    runs.add(firm(1), firm(2), firm(3), firm(4), listing="full")
    runs.load()
    assert runs.events() == [("registered", code(2))]


def test_a_firm_first_shown_later_is_a_registration_with_its_day_and_the_day_we_learned(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(firm(1), firm(2, **registered("2026-11-01")))
    runs.load()
    shown = runs.events("kind", "basis", "uscc", "happened_on", "discovered_on", "before", "after", "grade")
    assert shown == [
        ("registered", "first_listed", code(2), date(2026, 11, 1), date(2026, 11, 3), None, "2026-11-01", "core")
    ]


def test_the_day_we_learned_is_shanghais(runs: Runs) -> None:
    runs.add(firm(1), day=0)
    runs.add(firm(1), firm(2), day=1)  # 02:01 in Shanghai is 18:01 of the day before in UTC
    runs.load()
    assert runs.ask("SELECT discovered_on, discovered_at FROM events") == [
        (date(2026, 11, 3), runs.ask("SELECT TIMESTAMP '2026-11-02 18:01:00'")[0][0])
    ]


def test_a_code_of_another_district_with_an_address_here_has_moved_in_on_no_stated_day(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(firm(2, "310108"), listing="new")  # 闸北, withdrawn in 2015, and still a division codes carry
    runs.load()
    assert runs.events("kind", "basis", "happened_on", "before", "after") == [
        ("moved_in", "code_division", None, "闸北区", HERE)
    ]


def test_the_citys_registry_and_an_unknown_division_say_nothing_of_a_move(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(firm(2, "310000"), firm(3, "310199"), listing="new")
    runs.load()
    assert [kind for kind, _ in runs.events()] == ["registered", "registered"]


def test_a_branch_of_an_outside_chain_has_opened_and_not_moved_in(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(firm(2, "310108", name="上海桦序大药房连锁有限公司真南分店", **registered("2026-10-30")), listing="new")
    runs.load()
    assert runs.events("kind", "happened_on") == [("branch_opened", date(2026, 10, 30))]
    assert runs.ask("SELECT is_branch, parent_name FROM arrivals") == [(True, "上海桦序大药房连锁有限公司")]


def test_an_address_that_comes_into_putuo_is_a_move_with_both_addresses(runs: Runs) -> None:
    runs.add(firm(1, address=THERE))
    runs.add(firm(1, address=HERE))
    runs.load()
    assert runs.events("kind", "basis", "before", "after") == [("moved_in", "address_changed", THERE, HERE)]


def test_the_other_putuos_are_not_ours(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(
        firm(1),
        firm(2, address="浙江省舟山市普陀区东港街道海印路12号"),
        firm(3, address="上海市浦东新区普陀路84号"),
        firm(4, address="贵州省贵阳市云岩区普陀路街道3号"),
    )
    runs.load()
    assert runs.events() == []
    assert runs.ask("SELECT DISTINCT in_putuo FROM firms WHERE uscc <> ?".replace("?", f"'{code(1)}'")) == [("no",)]


def test_a_firm_that_another_series_showed_before_has_not_arrived_again(runs: Runs) -> None:
    runs.add(firm(1), series="bureau")
    runs.add(firm(1), firm(2), series="bureau")
    runs.add(firm(9), series="portal", listing="new")
    runs.add(firm(9), firm(2), series="portal", listing="new")
    runs.load()
    assert runs.events() == [("registered", code(2))]


def test_a_firm_already_gone_when_first_shown_has_not_arrived(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(firm(1), firm(2, **status("注销", Status.DEREGISTERED)))
    runs.load()
    assert runs.events() == [("deregistered", code(2))]


def test_arrivals_hold_life_health_firms_only_and_events_hold_all(runs: Runs) -> None:
    runs.add(firm(1))
    runs.add(
        firm(1),
        firm(2),
        firm(3, name="上海桦序超市有限公司", scope="食品、日用百货、服装、五金、家用电器、第二类医疗器械的销售"),
        firm(4, name="上海桦序环境卫生服务有限公司", scope="市容环境卫生服务；保洁服务"),
    )
    runs.load()
    assert runs.ask("SELECT uscc, grade FROM arrivals ORDER BY uscc") == [(code(2), "core"), (code(3), "peripheral")]
    assert len(runs.events()) == 3
