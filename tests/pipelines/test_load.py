"""Run folders into the database: whole or not at all, and every row accounted for."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from filelock import FileLock

from crawler.items import Registration, Rejected
from crawler.run_folder import ITEMS, MANIFEST, Manifest, Outcome, describe_file
from pipelines.decisions import DecisionError
from pipelines.store.database import LOCK_NAME, PUBLISHED_NAME, WORKING_NAME, StoreError
from tests.crawler.crawling import PATIENCE
from tests.pipelines.runs import DEVICES, THERE, Runs, capital, code, firm, put_aside

SUPERMARKET = {"name": "上海桦序超市有限公司", "scope": "食品、日用百货、服装、五金、第二类医疗器械的销售"}
CLEANING = {"name": "上海桦序保洁服务有限公司", "scope": "保洁服务；环境卫生服务"}


def at_line(item: Registration, line: int) -> Registration:
    return replace(item, proof=replace(item.proof, line=line))


def test_each_row_has_exactly_one_account(runs: Runs) -> None:
    wrong = replace(firm(8), uscc=code(8)[:-1] + ("0" if code(8)[-1] != "0" else "1"))
    runs.add(
        firm(1),
        firm(2, approved_on=date(2026, 1, 5), **SUPERMARKET),
        firm(3, **CLEANING),
        firm(4, address=THERE),
        firm(5, address="某处"),
        at_line(firm(1), 21),  # repeats its row to the letter
        at_line(firm(2, **capital(1)), 22),  # contradicts it
        wrong,
        put_aside(30),
    )
    runs.load()
    columns = "rows, core, peripheral, not_life_health, not_in_putuo, quarantined, repeated"
    assert runs.ask(f"SELECT {columns} FROM runs") == [(9, 1, 1, 1, 2, 3, 1)]
    assert runs.ask("SELECT line, reason FROM quarantine ORDER BY line") == [
        (8, "code_check"),
        (22, "conflicting_rows"),
        (30, "code_check"),
    ]


def test_a_citizens_id_in_place_of_a_code_is_never_stored(runs: Runs) -> None:
    citizen = "310107" + "19600101" + "001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    citizen += "10X98765432"[sum(int(d) * w for d, w in zip(citizen, weights, strict=True)) % 11]
    runs.add(firm(1), replace(firm(2), uscc=citizen, uscc_raw=citizen))
    runs.load()
    assert runs.ask("SELECT reason, uscc, cells FROM quarantine") == [("code_is_citizen_id", "", "{}")]
    for name in (PUBLISHED_NAME, WORKING_NAME):
        assert citizen.encode() not in (runs.home / name).read_bytes()


@pytest.mark.parametrize("outcome", [o for o in Outcome if o not in (Outcome.COMPLETE, Outcome.PARTIAL)])
def test_runs_that_did_not_speak_are_recorded_and_prove_nothing(runs: Runs, outcome: Outcome) -> None:
    runs.add(firm(1), outcome=outcome)
    runs.load()
    assert runs.ask("SELECT outcome, rows FROM runs") == [(outcome, None)]
    assert runs.ask("SELECT count(*) FROM firms") == [(0,)]


def test_rows_put_aside_are_told_whatever_became_of_the_run(runs: Runs) -> None:
    runs.add(put_aside(2), put_aside(3), outcome=Outcome.FAILED)
    runs.load()
    assert runs.ask("SELECT outcome, rows, quarantined FROM runs") == [("failed", 2, 2)]


def test_a_folder_without_manifest_that_nobody_holds_is_a_crashed_run(runs: Runs) -> None:
    folder = runs.add(firm(1), series="bureau", listing="new")
    (folder.path / MANIFEST).unlink()
    folder.begin({"series": "bureau", "listing": "new"})
    runs.load()
    assert runs.ask("SELECT outcome, series, listing, reason <> '' FROM runs") == [("crashed", "bureau", "new", True)]
    assert runs.ask("SELECT count(*) FROM firms") == [(0,)]


def test_a_crashed_run_with_half_a_last_line_is_recorded_and_not_refused(runs: Runs) -> None:
    folder = runs.add(firm(1), firm(2))
    (folder.path / MANIFEST).unlink()
    folder.items.write_bytes(folder.items.read_bytes()[:-30])
    done = runs.load()
    assert (done.refused, [m.outcome for m in done.added]) == ({}, [Outcome.CRASHED])


def test_a_folder_copied_slowly_counts_once_its_manifest_is_there(runs: Runs) -> None:
    runs.add(firm(1))
    late = runs.add(firm(1), firm(2))
    manifest = (late.path / MANIFEST).read_text(encoding="utf-8")
    (late.path / MANIFEST).unlink()
    runs.load()
    assert runs.events() == []
    (late.path / MANIFEST).write_text(manifest, encoding="utf-8")
    assert [m.run_id for m in runs.load().added] == [late.run_id]
    assert runs.events() == [("registered", code(2))]


def test_a_folder_that_vanished_is_said_and_its_facts_stay_until_a_rebuild(runs: Runs) -> None:
    runs.add(firm(1))
    gone = runs.add(firm(1), firm(2))
    runs.load()
    shutil.rmtree(gone.path)
    assert list(runs.load().refused) == [gone.run_id]
    assert runs.events() == [("registered", code(2))]


def test_a_row_without_a_name_is_put_aside_and_stops_nothing(runs: Runs) -> None:
    runs.add(firm(1), firm(2, name=""))
    runs.load()
    assert runs.ask("SELECT line, reason FROM quarantine") == [(2, "missing_name")]
    assert runs.ask("SELECT rows, quarantined FROM runs") == [(2, 1)]


def test_an_amount_beyond_all_bounds_keeps_its_text(runs: Runs) -> None:
    runs.add(firm(1, capital=Decimal(10) ** 17, capital_raw="十万万亿元"))
    runs.load()
    assert runs.ask("SELECT capital, capital_raw FROM firms") == [(None, "十万万亿元")]


@pytest.mark.parametrize(
    "line", ['{"item_type": "rumour", "proof": {"url": "u", "line": 1}}', '{"item_type": "rejected"}']
)
def test_a_line_that_would_vanish_refuses_its_run(runs: Runs, line: str) -> None:
    folder = runs.add(firm(1))
    folder.items.write_text(folder.items.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    said = json.loads((folder.path / MANIFEST).read_text(encoding="utf-8"))
    said["files"] = {ITEMS: describe_file(folder.items)}
    (folder.path / MANIFEST).write_text(json.dumps(said), encoding="utf-8")
    assert "2 lines, of which 1 are items" in runs.load().refused[folder.run_id]


def test_which_of_two_contradicting_rows_speaks_does_not_hang_on_their_order(runs: Runs) -> None:
    small, large = firm(1, **capital(500)), firm(1, **capital(900))
    runs.add(at_line(small, 2), at_line(large, 3))
    runs.add(at_line(large, 2), at_line(small, 3))
    runs.load()
    assert runs.events() == []


def test_a_running_run_is_left_alone_until_it_is_done(runs: Runs) -> None:
    folder = runs.add(firm(1))
    manifest = (folder.path / MANIFEST).read_text(encoding="utf-8")
    (folder.path / MANIFEST).unlink()
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from filelock import FileLock; lock = FileLock(sys.argv[1]); lock.acquire();"
            " print('held', flush=True); time.sleep(60)",
            str(folder.path / ".lock"),
        ],
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert runs.load().running == [folder.run_id]
    finally:
        holder.kill()
        holder.wait()
        if holder.stdout:
            holder.stdout.close()
    (folder.path / MANIFEST).write_text(manifest, encoding="utf-8")
    assert [m.run_id for m in runs.load().added] == [folder.run_id]


def spoil(path: Path, how: str) -> None:
    manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    if how == "truncated items":
        (path / ITEMS).write_bytes((path / ITEMS).read_bytes()[:-40])
    elif how == "edited items":
        (path / ITEMS).write_text((path / ITEMS).read_text(encoding="utf-8").replace("500", "900"), encoding="utf-8")
    elif how == "missing items":
        (path / ITEMS).unlink()
    elif how == "newer format":
        (path / MANIFEST).write_text(json.dumps(manifest | {"format": 99}), encoding="utf-8")
    elif how == "unknown outcome":
        (path / MANIFEST).write_text(json.dumps(manifest | {"outcome": "splendid"}), encoding="utf-8")
    elif how == "broken manifest":
        (path / MANIFEST).write_text('{"format": 1, ', encoding="utf-8")
    elif how == "renamed folder":
        (path / MANIFEST).write_text(json.dumps(manifest | {"run_id": "registry_extract/other"}), encoding="utf-8")
    elif how == "items that are no items":
        (path / ITEMS).write_text('{"item_type": "registration", "registered_on": "soon"}\n', encoding="utf-8")
        manifest["files"] = {ITEMS: describe_file(path / ITEMS)}
        (path / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize(
    "how",
    [
        "truncated items",
        "edited items",
        "missing items",
        "newer format",
        "unknown outcome",
        "broken manifest",
        "renamed folder",
        "items that are no items",
    ],
)
def test_a_damaged_folder_is_refused_by_name_and_the_others_are_loaded(runs: Runs, how: str) -> None:
    runs.add(firm(1))
    bad = runs.add(firm(1), firm(2))
    good = runs.add(firm(1), firm(3))
    spoil(bad.path, how)
    done = runs.load()
    assert list(done.refused) == [bad.run_id]
    assert str(bad.path) in done.refused[bad.run_id]
    assert good.run_id in [m.run_id for m in done.added]
    assert runs.ask("SELECT uscc FROM firms ORDER BY uscc") == [(code(1),), (code(3),)]
    assert list(runs.load().refused) == [bad.run_id], "it is told again until it is mended or taken away"


def test_every_view_and_column_is_explained_and_of_a_plain_type(runs: Runs) -> None:
    runs.add(firm(1))
    runs.load()
    views = {name for (name,) in runs.ask("SELECT view_name FROM duckdb_views() WHERE NOT internal")}
    assert views >= {"firms", "arrivals", "expansions", "departures", "events", "sources", "runs", "coverage"}
    assert runs.ask("SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL") == []
    columns = runs.ask(
        "SELECT table_name, column_name, data_type, comment FROM duckdb_columns()"
        " WHERE NOT internal AND schema_name = 'main'"
    )
    assert [(table, column) for table, column, _, comment in columns if comment is None] == []
    plain = {"VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP", "DOUBLE", "BIGINT", "INTEGER", "DECIMAL(20,4)"}
    assert {kind for _, _, kind, _ in columns} <= plain


def test_a_file_that_is_no_database_is_refused_with_the_way_out(runs: Runs) -> None:
    (runs.home / WORKING_NAME).write_text("not a database, but long enough to look like a file of some kind" * 100)
    with pytest.raises(StoreError, match="scrapy rebuild"):
        runs.load()


def test_a_wrong_decision_is_refused_with_its_line(runs: Runs) -> None:
    (runs.home / "decisions.jsonl").write_text('\n{"kind": "label", "uscc": "nonsense"}\n', encoding="utf-8")
    with pytest.raises(DecisionError, match=r"decisions\.jsonl:2: uscc"):
        runs.load()


_LOAD = (
    "import sys; from pathlib import Path; from pipelines.load import load;"
    " load(Path(sys.argv[1]), code_version='test', progress=lambda *told: None)"
)


def test_a_load_killed_at_any_moment_loses_and_doubles_nothing(runs: Runs) -> None:
    """Killed at spread moments of its life; the next load brings the same database as one that was never killed."""
    for day in range(12):
        runs.add(*(firm(n) for n in range(1, 40 + day)), day=day)
    reference = Runs(runs.home / "reference")
    for day in range(12):
        reference.add(*(firm(n) for n in range(1, 40 + day)), day=day)
    expected = reference.load().published
    root = Path(__file__).parents[2]
    for delay in (0.5, 0.8, 1.0, 1.2, 1.5):
        child = subprocess.Popen([sys.executable, "-c", _LOAD, str(runs.home)], cwd=root)
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.wait()
        if (runs.home / PUBLISHED_NAME).exists():
            runs.ask("SELECT count(*) FROM events")
    after = runs.load().published
    assert expected is not None
    assert after is not None
    assert after.content_hash == expected.content_hash


def test_a_second_loader_waits_for_the_first(runs: Runs) -> None:
    runs.add(firm(1))
    root = Path(__file__).parents[2]
    with FileLock(runs.home / LOCK_NAME):
        child = subprocess.Popen([sys.executable, "-c", _LOAD, str(runs.home)], cwd=root)
        time.sleep(2)
        assert child.poll() is None
        assert not (runs.home / PUBLISHED_NAME).exists()
    assert child.wait(timeout=PATIENCE) == 0
    assert runs.ask("SELECT count(*) FROM firms") == [(1,)]


def test_a_run_id_is_the_only_thing_that_makes_a_run_new(runs: Runs) -> None:
    folder = runs.add(firm(1))
    assert len(runs.load().added) == 1
    os.utime(folder.path / ITEMS)
    assert runs.load().added == []


def test_put_aside_rows_keep_their_cells(runs: Runs) -> None:
    row: Rejected = replace(put_aside(5), cells={"name": "上海笔误有限公司"})
    runs.add(firm(1), row)
    runs.load()
    assert runs.ask("SELECT line, reason, cells, discovered_on::VARCHAR FROM quarantine") == [
        (5, "code_check", '{"name":"上海笔误有限公司"}', "2026-11-02")
    ]


def test_a_manifest_says_all_that_the_views_show_of_a_run(runs: Runs) -> None:
    said: Manifest = runs.add(firm(1), put_aside(3), listing="new", series="bureau").read_manifest()
    runs.load()
    shown = runs.ask("SELECT run_id, source, series, listing, outcome, items, rejected, is_baseline FROM runs")
    assert shown == [(said.run_id, "registry_extract", "bureau", "new", "complete", 1, 1, True)]
    assert runs.ask("SELECT series, last_outcome, lists_everything, runs FROM sources") == [
        ("bureau", "complete", False, 1)
    ]
    assert runs.ask("SELECT week, series, complete, items, rejected FROM coverage") == [("2026-W44", "bureau", 1, 1, 1)]


def test_a_full_disk_is_told_in_one_line_and_costs_nothing(runs: Runs, tmp_path: Path) -> None:
    """On a small file system of its own; the published file stays, and the next load with room goes on."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=28m", "tmpfs", str(small)], check=False)
    if mounted.returncode != 0:
        pytest.skip("this machine does not let us mount")
    try:
        home = Runs(small)
        home.add(firm(1))
        home.load()
        home.add(*(firm(n, scope=DEVICES + "；药品批发" * 400 + str(n)) for n in range(1, 2_000)))
        filler = small / "filler"
        filler.write_bytes(b"\0" * (shutil.disk_usage(small).free - 200_000))
        with pytest.raises((StoreError, OSError)):
            home.load()
        assert home.ask("SELECT count(*) FROM firms") == [(1,)]
        filler.unlink()
        subprocess.run(["mount", "-o", "remount,size=256m", str(small)], check=True)
        home.load()
        assert home.ask("SELECT count(*) FROM firms") == [(1_999,)]
    finally:
        subprocess.run(["umount", str(small)], check=True)
