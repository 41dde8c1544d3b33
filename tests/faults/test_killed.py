"""`kill -9` at random moments: no fact lost, none doubled, and the published file always opens.

The long run, with hundreds of kills: `python -m tests.bench.faults kills`.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.store.database import forget_derived, open_store
from tests.faults.killing import Killer
from tests.faults.sound import opens_whole
from tests.faults.watching import Phase
from tests.pipelines.runs import Runs, firm

SEED = 20261122
FIRMS = 2_000
KILLS = 10
MOST_KILLS = 40
MUST_BE_HIT = {Phase.CRAWL, Phase.LOAD, Phase.DETECT}
PHASES = (Phase.CRAWL, Phase.LOAD, Phase.DETECT, Phase.PUBLISH)


def test_killed_in_every_phase_nothing_is_lost_or_doubled_and_the_published_file_opens(tmp_path: Path) -> None:
    killer = Killer(tmp_path / "home", tmp_path / "aside", seed=SEED, firms=FIRMS, targets=PHASES)
    killer.undisturbed()
    killer.kill(KILLS)
    while MUST_BE_HIT - set(killer.tally.kills) and killer.tally.kills.total() < MOST_KILLS:
        killer.kill(1)  # a phase of a tenth of a second is missed on a busy machine
    killer.finish()
    assert set(killer.tally.kills) >= MUST_BE_HIT


def test_killed_when_all_that_is_made_anew_is_gone_the_next_load_goes_on(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.add(firm(1))
    runs.load()
    before = opens_whole(runs.home)
    with open_store(runs.home) as connection:
        forget_derived(connection)
        connection.execute("DROP SCHEMA derived CASCADE")
    assert opens_whole(runs.home) == before
    runs.load()
    assert opens_whole(runs.home) == before
