"""People's words on names, said and taken back: dated by the word itself, none of it lost, and nothing old made new."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.decisions import Withdrawal, record_decision
from tests.pipelines.runs import DAY_ONE, THERE, Runs, article, code, firm, granted, licence, published
from tests.pipelines.test_decisions import match
from tests.pipelines.test_one_event import OLD, award, page, product

SHARED = ("上海样桦医疗科技有限公司", "上海市样桦医疗科技有限公司")  # one name in two spellings, firms 11 and 12
ALIKE = ("上海澜禾生物科技有限公司", "上海澜禾生物科技发展有限公司")  # one short name, firms 13 and 14


def full(number: int) -> str:
    return f"上海桦序{number}医疗器械有限公司"


def short(number: int) -> str:
    return f"桦序{number}医疗器械"


def signed(name: str) -> str:
    return f"近日，{name}与某医院签署战略合作协议。"


def funded(name: str) -> str:
    return f"近日，{name}完成3000万元A轮融资。"


def on(day: int) -> str:
    return f"{date(2026, 11, 2) + timedelta(days=day)}"


def say(runs: Runs, name: str, number: int, verdict: str, day: int) -> int:
    return record_decision(runs.home, match(name, number, verdict, day=day))


def withdraw(runs: Runs, line: int, day: int) -> None:
    record_decision(runs.home, Withdrawal(who="analyst", when=DAY_ONE + timedelta(days=day), why="wrong", line=line))


def told(runs: Runs, *numbers: int) -> list[tuple[Any, ...]]:
    """Of these firms what happened and when we learned of it."""
    codes = ", ".join(f"'{code(number)}'" for number in numbers)
    return runs.ask(f"SELECT kind, uscc, discovered_on::VARCHAR FROM events WHERE uscc IN ({codes}) ORDER BY ALL")


def taken_back(runs: Runs, *numbers: int) -> list[tuple[Any, ...]]:
    """Of these firms what was told and taken back, and both days."""
    codes = ", ".join(f"'{code(number)}'" for number in numbers)
    return runs.ask(
        "SELECT kind, uscc, discovered_on::VARCHAR, ((retracted_at + INTERVAL 8 HOUR)::DATE)::VARCHAR"
        f" FROM retracted_events WHERE uscc IN ({codes}) ORDER BY ALL"
    )


def baseline(runs: Runs) -> None:
    here = [firm(number) for number in (1, 3, 4, 5, 6, 7, 8, 9)]
    named = [firm(11 + at, name=name) for at, name in enumerate((*SHARED, *ALIKE))]
    runs.add(*here, firm(2, address=THERE), *named, day=0)
    runs.news(article(900, "旧闻", "一条旧闻。", **published("2026-09-01")), day=0)
    runs.licences(OLD, day=0)
    runs.disclosures(award(90, published_on=date(2026, 1, 5), holder=OLD.holder), day=0)


# -------------------------------------------------------------------------------------------------- words withdrawn


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Runs, dict[str, str]]:
    """Four words by which something was told, three withdrawn since and one in doubt; and the keys told before."""
    runs = Runs(tmp_path_factory.mktemp("withdrawn"))
    baseline(runs)
    doubtful = licence(14, holder=short(4), **granted(on(1)))
    settling = licence(12, holder=full(2), **granted(on(4)))
    runs.news(page(1, signed("岭禾样本"), on(2)), page(2, "近日，澜禾样本签约落户普陀区桃浦智创城。", on(2)), day=3)
    runs.disclosures(award(1, holder=short(3), title="样本采购项目", published_on=date(2026, 11, 5)), day=3)
    runs.licences(OLD, doubtful, day=3)
    runs.licences(OLD, doubtful, settling, day=6)
    runs.news(page(3, f"近日，{full(3)}中标样本采购项目，金额300万元。", on(8)), day=8)
    for name, number in (("岭禾样本", 1), ("澜禾样本", 2), (short(3), 3), (short(4), 4)):
        say(runs, name, number, "same", day=4)
    runs.load()
    keys = dict(runs.ask("SELECT uscc, string_agg(event_id, '|' ORDER BY event_id) FROM events GROUP BY uscc"))
    withdraw(runs, 1, day=9)
    withdraw(runs, 2, day=9)
    withdraw(runs, 3, day=10)
    say(runs, short(4), 4, "unsure", day=9)
    runs.news(page(4, signed(full(1)), on(20)), day=20)
    runs.load()
    return runs, keys


def test_a_page_that_comes_after_a_withdrawal_does_not_take_the_key_of_what_was_taken_back(
    withdrawn: tuple[Runs, dict[str, str]],
) -> None:
    runs, keys = withdrawn
    assert told(runs, 1) == [("partnership", code(1), on(20))]
    assert taken_back(runs, 1) == [("partnership", code(1), on(4), on(9))]
    assert runs.ask(f"SELECT event_id FROM retracted_events WHERE uscc = '{code(1)}'") == [(keys[code(1)],)]


def test_what_others_told_while_a_word_stood_keeps_key_and_day_when_it_is_withdrawn(
    withdrawn: tuple[Runs, dict[str, str]],
) -> None:
    runs, keys = withdrawn
    assert told(runs, 3) == [("contract_won", code(3), on(4))]
    assert runs.ask(f"SELECT event_id FROM events WHERE uscc = '{code(3)}'") == [(keys[code(3)],)]
    assert taken_back(runs, 3) == []
    sources = f"SELECT source FROM proofs_of('{keys[code(3)]}')"
    assert runs.ask(sources) == [("portal",)]


def test_a_licence_that_only_a_withdrawn_announcement_settled_is_taken_back_with_it(
    withdrawn: tuple[Runs, dict[str, str]],
) -> None:
    runs, _ = withdrawn
    assert told(runs, 2) == []
    assert taken_back(runs, 2) == [
        ("arrival_announced", code(2), on(4), on(9)),
        ("licence_granted", code(2), on(6), on(9)),
    ]


def test_who_is_no_longer_sure_takes_back_what_rested_on_his_word(withdrawn: tuple[Runs, dict[str, str]]) -> None:
    runs, _ = withdrawn
    assert told(runs, 4) == []
    assert taken_back(runs, 4) == [("licence_granted", code(4), on(4), on(9))]


def test_what_was_told_by_a_word_is_known_of_the_days_in_which_it_stood(
    withdrawn: tuple[Runs, dict[str, str]],
) -> None:
    runs, keys = withdrawn
    for day, known in ((3, set()), (7, {code(1), code(2), code(3), code(4)}), (12, {code(3)})):
        instant = f"TIMESTAMP '{on(day)} 00:00:00'"
        assert {uscc for (uscc,) in runs.ask(f"SELECT uscc FROM events_known_at({instant})")} == known
    assert keys.keys() == {code(1), code(2), code(3), code(4)}


# --------------------------------------------------------------------------------------------------- words against


@pytest.fixture(scope="module")
def denied(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Names that a person denies, gives to others, or clears; and a last word on another name, long after."""
    runs = Runs(tmp_path_factory.mktemp("denied"))
    baseline(runs)
    first = licence(13, holder=short(3), **granted(on(1)))
    renewal = licence(23, holder=full(3), **granted(on(7)))
    shared = licence(21, holder=SHARED[0], **granted(on(1)))
    made = product(50, holder=short(7))
    runs.news(
        page(1, signed(short(1)), on(2)),
        page(2, funded(short(4)), on(2)),
        page(5, funded(full(5)), on(2)),
        page(7, f"近日，{full(7)}自主研发的“样本化学发光分析仪”获批医疗器械注册证。", on(2)),
        page(8, f"上海澜禾生物科技近日动作频频。{funded('澜禾生物科技')}", on(2)),
        day=3,
    )
    runs.licences(OLD, first, shared, made, day=3)
    runs.news(page(6, funded(short(5)), on(5)), day=5)
    runs.licences(OLD, first, shared, made, renewal, day=9)
    runs.news(page(9, signed(full(1)), on(20)), day=20)
    for name, number, verdict, day in (
        (short(3), 3, "same", 4),
        (SHARED[0], 12, "different", 5),
        (short(1), 1, "different", 6),
        ("澜禾生物科技", 14, "different", 6),
        (short(4), 8, "same", 7),
        (short(5), 5, "different", 8),
        (short(3), 3, "different", 12),
        (short(7), 7, "same", 20),
        *(("旁的名字器械", number, "different", 40) for number in (1, 4)),
    ):
        say(runs, name, number, verdict, day)
    runs.load()
    return runs


def test_a_denied_event_is_taken_back_on_the_day_of_its_own_denial(denied: Runs) -> None:
    assert taken_back(denied, 1) == [("partnership", code(1), on(3), on(6))]
    assert told(denied, 1) == [("partnership", code(1), on(20))], "the true page has a key and a day of its own"


def test_a_name_of_a_page_that_is_given_to_another_firm_is_taken_from_the_first_on_that_day(denied: Runs) -> None:
    assert taken_back(denied, 4) == [("financing_raised", code(4), on(3), on(7))]
    assert told(denied, 4, 8) == [("financing_raised", code(8), on(7))]


def test_a_renewal_that_turns_out_to_be_the_first_licence_is_news_from_that_word_on(denied: Runs) -> None:
    assert taken_back(denied, 3) == [("licence_granted", code(3), on(4), on(12))]
    assert told(denied, 3) == [("licence_granted", code(3), on(12))]


def test_a_name_of_two_firms_is_the_ones_when_it_is_said_not_to_be_the_others(denied: Runs) -> None:
    assert told(denied, 11, 12) == [("licence_granted", code(11), on(5))]
    assert told(denied, 13, 14) == [("financing_raised", code(13), on(6))]
    assert denied.ask(f"SELECT matched FROM name_candidates WHERE uscc >= '{code(11)}'") == []


def test_a_denied_proof_is_no_alias_of_the_event_that_others_prove(denied: Runs) -> None:
    assert denied.ask(f"SELECT aliases, json_array_length(evidence) FROM events WHERE uscc = '{code(5)}'") == [
        (None, 1)
    ]


def test_a_proof_that_a_person_found_later_is_not_among_those_of_before(denied: Runs) -> None:
    proofs = "SELECT json_array_length(evidence) FROM events_known_at(TIMESTAMP '{}') WHERE uscc = '{}'"
    assert denied.ask(proofs.format(f"{on(10)} 00:00:00", code(7))) == [(1,)]
    assert denied.ask(proofs.format(f"{on(50)} 00:00:00", code(7))) == [(2,)]


# ------------------------------------------------------------------------------------------------- what was known when


def test_what_a_load_tells_on_a_day_the_last_one_still_knows_of_that_day(tmp_path: Path) -> None:
    """Words are said, withdrawn, and said again; every load publishes, and what it told is never told otherwise."""
    runs = Runs(tmp_path)
    baseline(runs)
    first, renewal = licence(13, holder=short(3), **granted(on(1))), licence(23, holder=full(3), **granted(on(7)))
    headquarters = f"近日，{full(2)}全国总部落户普陀区桃浦智创城。"
    arrived = [firm(number) for number in (1, 2, 3, 4, 5, 6, 7, 8, 9)]
    named = [firm(11 + at, name=name) for at, name in enumerate((*SHARED, *ALIKE))]
    seen: dict[int, set[tuple[Any, ...]]] = {}

    def see(day: int) -> None:
        runs.load()
        seen[day] = set(runs.ask(f"SELECT {known} FROM events"))

    known = "event_id, kind, uscc, discovered_at, before, after, basis, happened_on"
    runs.news(page(1, headquarters, on(2)), page(2, funded(short(1)), on(2)), day=3)
    runs.licences(OLD, first, day=3)
    see(3)
    ((announced,),) = runs.ask("SELECT article_id FROM articles WHERE source_id = '1'")
    runs.add(*arrived, *named, day=8)
    runs.news(page(3, headquarters, on(9)), page(2, funded(full(1)), on(2)), day=9)
    runs.licences(OLD, first, renewal, day=9)
    see(9)
    record_decision(runs.home, match(full(2), 2, "different", announced, day=12))
    say(runs, short(3), 3, "same", day=12)
    say(runs, short(1), 1, "different", day=12)
    see(12)
    withdraw(runs, 1, day=15)
    withdraw(runs, 2, day=15)
    say(runs, full(1), 1, "different", day=15)
    see(15)
    withdraw(runs, 6, day=18)
    say(runs, short(3), 3, "same", day=18)
    see(18)
    for day, events in seen.items():
        instant = f"TIMESTAMP '{on(day)} 12:00:00'"
        assert set(runs.ask(f"SELECT {known} FROM events_known_at({instant})")) == events, day
    assert [{kind for _, kind, *_ in seen[day] if kind == "headquarters_set_up"} != set() for day in seen] == [
        *(False, False, True, False, False)
    ]
    assert taken_back(runs, 2) == [("headquarters_set_up", code(2), on(12), on(15))]
