"""What is due: the jobs the configuration asks for, when each is due next, and which were missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.triggers.cron import CronTrigger

from crawler import clock
from crawler.config import Config
from crawler.run_folder import Manifest, Outcome, RunFolder, last_manifest, runs_folder
from crawler.settings import VERSION
from crawler.source import Source
from crawler.spiders.registry_extract import LISTINGS, RegistryExtractSpider

INBOX = "inbox"
_LONGEST_GAP = timedelta(days=400)  # a machine off for longer is told as one gap of this length


@dataclass(frozen=True, slots=True)
class Job:
    """One crawl the configuration asks for."""

    source: Source
    series: str
    listing: str
    path: str
    publisher: str
    cadence: str
    late_after_days: int

    @property
    def label(self) -> str:
        return f"{self.source.id} {self.series}/{self.listing}"

    @property
    def arguments(self) -> dict[str, str]:
        said = {"path": self.path, "listing": self.listing, "series": self.series, "publisher": self.publisher}
        return {name: value for name, value in said.items() if value}

    def last_run(self, home: Path, *outcomes: Outcome) -> Manifest | None:
        """Its newest run, or its newest that ended in one of `outcomes`."""
        wanted = frozenset(outcomes or Outcome)
        return last_manifest(home, self.source.id, self.series, self.listing, wanted)

    def next_due(self, home: Path, now: datetime) -> datetime:
        """When it is due (UTC): at once if it never ran, else at the first slot after its last begin.

        A host that asked us to wait (Retry-After) is not asked before then.
        """
        last = self.last_run(home)
        if last is None:
            return now
        slot = _slot_after(self.cadence, _begun_at(last))
        return max(slot, clock.read_stamp(last.not_before)) if last.not_before else slot

    def missed_slots(self, home: Path, now: datetime) -> list[datetime]:
        """Slots since its last begin that nobody served; the newest one is served by the run that asks.

        Slots in which a host had asked us not to come were not missed.
        """
        last = self.last_run(home)
        if last is None:
            return []
        slots = []
        asked_to_wait_until = clock.read_stamp(last.not_before) if last.not_before else _begun_at(last)
        slot = _slot_after(self.cadence, max(_begun_at(last), asked_to_wait_until, now - _LONGEST_GAP))
        while slot <= now:
            slots.append(slot)
            slot = _slot_after(self.cadence, slot)
        return slots[:-1]


def jobs(config: Config, home: Path) -> list[Job]:
    """Every crawl that is configured; without a series, the drop folders that exist under `inbox/`."""
    source = RegistryExtractSpider.source
    section = config.sources.registry_extract
    if not section.enabled:
        return []
    cadence = section.cadence or source.cadence
    if section.series:
        return [
            Job(source, name, series.listing, series.path, series.publisher, cadence, section.late_after_days)
            for name, series in sorted(section.series.items())
        ]
    return [
        Job(source, "default", listing, str(home / INBOX / listing), "", cadence, section.late_after_days)
        for listing in LISTINGS
        if (home / INBOX / listing).is_dir()
    ]


def record_missed(job: Job, home: Path, now: datetime) -> int:
    """Writes one run folder for the slots that were missed, so that the gap can be queried; returns how many."""
    slots = job.missed_slots(home, now)
    if not slots:
        return 0
    name = f"{slots[0]:%Y%m%dT%H%M%SZ}-missed-{job.series}-{job.listing}"
    folder = RunFolder(runs_folder(home) / job.source.id / name)
    folder.write_manifest(
        Manifest(
            run_id=folder.run_id,
            source=job.source.id,
            series=job.series,
            listing=job.listing,
            outcome=Outcome.MISSED,
            reason=f"due {len(slots)} times from {_local(slots[0])} to {_local(slots[-1])}, never begun",
            started_at=clock.stamp(slots[0]),
            finished_at=clock.stamp(slots[-1]),
            counts={"missed": len(slots)},
            code_version=VERSION,
        )
    )
    return len(slots)


def _begun_at(run: Manifest) -> datetime:
    """When a run began; of missed slots the last, so that none of them is missed a second time."""
    return clock.read_stamp(run.finished_at if run.outcome is Outcome.MISSED else run.started_at)


def _slot_after(cadence: str, instant: datetime) -> datetime:
    trigger = CronTrigger.from_crontab(cadence, timezone=clock.SHANGHAI)
    slot = trigger.get_next_fire_time(None, (instant + timedelta(microseconds=1)).astimezone(clock.SHANGHAI))
    assert isinstance(slot, datetime)
    return slot.astimezone(UTC)


def _local(instant: datetime) -> str:
    return f"{instant.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"
