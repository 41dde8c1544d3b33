"""A register that not every firm is in, as of legal entities: a firm new to it is a state, its moves are news."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from crawler.items import Registration, Status
from pipelines.store.database import WORKING_NAME
from tests.pipelines.runs import DEVICES, HERE, THERE, Runs, code, firm, registered

ENGLISH = "Huaxu Sample Medical Co., Ltd."
MOVED = "上海市普陀区武宁路300号"


def entity(number: int, **said: Any) -> Registration:
    """What such a register says of a firm: no scope, no capital, no status."""
    stated: dict[str, Any] = {
        "scope": "",
        "capital": None,
        "capital_currency": "",
        "capital_raw": "",
        "status": Status.UNKNOWN,
        "status_raw": "",
        "name_en": ENGLISH,
    }
    return firm(number, **(stated | said))


def entities(runs: Runs, *items: Registration, day: int) -> None:
    runs.add(*items, source="entities", series="", listing="new", day=day, declared={"first_sight_is_news": False})


def updated(day: str) -> dict[str, Any]:
    return {"approved_on": date.fromisoformat(day), "approved_on_raw": day}


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    runs = Runs(tmp_path)
    entities(runs, entity(90, name="上海桦序90医疗器械有限公司", name_en="Huaxu 90"), day=0)
    return runs


def test_an_old_firm_that_is_new_to_the_register_is_no_arrival(runs: Runs) -> None:
    entities(runs, entity(1), day=3)
    runs.load()
    assert runs.events() == []
    assert runs.ask(f"SELECT name_en, in_putuo FROM firms WHERE uscc = '{code(1)}'") == [(ENGLISH, "yes")]


@pytest.mark.parametrize(("day", "told"), [("2026-08-20", True), ("2026-07-01", False)])
def test_one_registered_within_ninety_days_is(runs: Runs, day: str, told: bool) -> None:
    entities(runs, entity(1, **registered(day)), day=3)
    runs.load()
    assert runs.events() == [("registered", code(1))] * told


@pytest.mark.parametrize(("day", "told"), [("2026-10-25", True), ("2026-10-01", False)])
def test_on_a_first_reading_only_one_of_the_last_fortnight_is(tmp_path: Path, day: str, told: bool) -> None:
    runs = Runs(tmp_path)
    entities(runs, entity(1, **registered(day)), day=0)
    runs.load()
    assert runs.events() == [("registered", code(1))] * told


def test_a_later_change_of_address_is_a_move(runs: Runs) -> None:
    entities(runs, entity(1, address=THERE, **updated("2026-10-01")), day=3)
    entities(runs, entity(1, address=HERE, **updated("2026-11-08")), day=8)
    runs.load()
    assert runs.events("kind", "basis", "happened_on::VARCHAR") == [("moved_in", "address_changed", "2026-11-08")]


def test_a_firm_known_elsewhere_that_the_register_first_shows_here_has_not_moved(runs: Runs) -> None:
    runs.add(firm(1, address=THERE), day=1)
    entities(runs, entity(1, address=HERE), day=3)
    runs.load()
    assert runs.events() == []


def test_what_it_does_not_state_rubs_nothing_out(runs: Runs) -> None:
    runs.add(firm(1), day=1)
    entities(runs, entity(1, address=MOVED), day=3)
    runs.load()
    columns = "scope, capital::BIGINT, status, name_en, address"
    assert runs.ask(f"SELECT {columns} FROM firms WHERE uscc = '{code(1)}'") == [
        (DEVICES, 5_000_000, "active", ENGLISH, MOVED)
    ]
    assert runs.events() == []


def test_an_english_name_stays_when_a_source_without_one_speaks_last(runs: Runs) -> None:
    entities(runs, entity(1), day=1)
    runs.add(firm(1), day=3)
    runs.load()
    assert runs.ask(f"SELECT name_en FROM firms WHERE uscc = '{code(1)}'") == [(ENGLISH,)]


def test_a_record_without_an_english_name_keeps_the_id_it_had_before_there_was_one(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    one = firm(1)
    runs.add(one, firm(2, name_en=ENGLISH))
    runs.load()
    stated = (
        *(one.uscc, one.uscc_raw, one.name, "", "active", "存续", "2015-03-04", "2015-03-04", "", ""),
        *("5000000", "CNY", one.capital_raw, DEVICES, HERE, "", ""),
    )
    expected = hashlib.md5("\x1f".join(stated).encode(), usedforsecurity=False).hexdigest()
    with duckdb.connect(str(tmp_path / WORKING_NAME), read_only=True) as connection:
        found = dict(connection.execute("SELECT name_en, record_id FROM base.records").fetchall())
    assert found[""] == expected
    assert found[ENGLISH] != expected
