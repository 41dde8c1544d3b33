"""What is due: the crawls the configuration asks for, when each is due next, and which were missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path

from crawler import clock
from crawler.cadence import in_shanghai, slot_after, slots
from crawler.config import Config, ConfigError, RegistryExtract, Sources, WebSource
from crawler.run_folder import Manifest, Outcome, RunFolder, crawls, last_manifest, runs_folder
from crawler.settings import VERSION
from crawler.source import EVERY_NIGHT, Source, SourceSpider

INBOX = "inbox"
_READ = (Outcome.COMPLETE, Outcome.PARTIAL)
_DROP_FOLDERS = ("full", "new")  # each is named for what its extracts list


@dataclass(frozen=True, slots=True)
class Job:
    """One crawl the configuration asks for; `arguments` are the spider's (`-a name=value`).

    A source that has series is one job a series; of the others series and listing are empty.
    """

    source: Source
    cadence: str
    late_after_days: int
    series: str = ""
    listing: str = ""
    arguments: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """How it is called in what people read: `registry_extract city/full`, `putuo_portal`."""
        return f"{self.source.id} {self.series}/{self.listing}" if self.series else self.source.id

    def last_run(self, home: Path, *outcomes: Outcome) -> Manifest | None:
        """Its newest run, or its newest that ended in one of `outcomes`."""
        wanted = frozenset(outcomes or Outcome)
        return last_manifest(home, self.source.id, self.series, self.listing, wanted)

    def last_read(self, home: Path) -> Manifest | None:
        """Its newest run that read something, or in which its site was asked and had nothing new.

        Of a series something has to come: to find no extract is not to have read one.
        """
        for run in reversed(list(crawls(home, self.source.id))):
            if (run.series, run.listing) != (self.series, self.listing):
                continue
            asked = not self.series and bool(run.counts.get("requests"))  # between two sweeps nothing is
            if run.outcome in _READ or (run.outcome is Outcome.EMPTY_ALLOWED and asked):
                return run
        return None

    def next_due(self, home: Path, now: datetime) -> datetime:
        """When it is due (UTC): at once if it never ran, else at the first slot after its last begin.

        A host that asked us to wait (Retry-After) is not asked before then.
        """
        last = self.last_run(home)
        if last is None:
            return now
        slot = slot_after(self.cadence, _begun_at(last))
        return max(slot, clock.read_stamp(last.not_before)) if last.not_before else slot

    def missed_slots(self, home: Path, now: datetime) -> list[datetime]:
        """Slots since its last begin that nobody served; the newest one is served by the run that asks.

        Slots in which a host had asked us not to come were not missed.
        """
        last = self.last_run(home)
        if last is None:
            return []
        asked_to_wait_until = clock.read_stamp(last.not_before) if last.not_before else _begun_at(last)
        return slots(self.cadence, max(_begun_at(last), asked_to_wait_until), now)[:-1]


def jobs(config: Config, home: Path) -> list[Job]:
    """Every crawl that is configured: the name of a section under `[sources]` is the id of its spider.

    Raises ConfigError for a section that is switched on and has no spider.
    """
    found: list[Job] = []
    for source_id in Sources.model_fields:
        section = getattr(config.sources, source_id)
        if section.enabled:
            source = spider_of(source_id).source
            # Only the night asks what is due: a slot a little after its own time would wait for the night after.
            usual = config.schedule.nightly if source.cadence == EVERY_NIGHT else source.cadence
            found += _jobs_of(section, source, section.cadence or usual, home)
    return found


def spider_of(source_id: str) -> type[SourceSpider]:
    """The spider of a source: file, spider and source have one name. Raises ConfigError when there is none."""
    module_name = f"crawler.spiders.{source_id}"
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name != module_name:
            raise
        raise ConfigError(f"sources.{source_id}: switched on, but there is no spider of that name") from error
    for found in vars(module).values():
        if isinstance(found, type) and issubclass(found, SourceSpider) and getattr(found, "name", "") == source_id:
            return found
    raise ConfigError(f"sources.{source_id}: switched on, but {module_name} holds no spider of that name")


def _jobs_of(section: RegistryExtract | WebSource, source: Source, cadence: str, home: Path) -> Iterator[Job]:
    """A web source is one job; extracts are one a series or, without a series, one a drop folder that exists."""
    late_after_days = section.late_after_days or source.late_after_days
    if isinstance(section, WebSource):
        yield Job(source, cadence, late_after_days)
        return
    places: dict[tuple[str, str], dict[str, str]] = {
        (name, series.listing): {"path": series.path, "publisher": series.publisher}
        for name, series in sorted(section.series.items())
    } or {
        ("default", listing): {"path": str(home / INBOX / listing)}
        for listing in _DROP_FOLDERS
        if (home / INBOX / listing).is_dir()
    }
    for (name, listing), said in places.items():
        arguments = {key: value for key, value in said.items() if value} | {"listing": listing, "series": name}
        yield Job(source, cadence, late_after_days, name, listing, arguments)


def record_missed(job: Job, home: Path, now: datetime) -> int:
    """Writes one run folder for the slots that were missed, so that the gap can be queried; returns how many."""
    missed = job.missed_slots(home, now)
    if not missed:
        return 0
    words = (f"{missed[0]:%Y%m%dT%H%M%SZ}", "missed", job.series, job.listing)
    folder = RunFolder(runs_folder(home) / job.source.id / "-".join(word for word in words if word))
    folder.write_manifest(
        Manifest(
            run_id=folder.run_id,
            source=job.source.id,
            series=job.series,
            listing=job.listing,
            outcome=Outcome.MISSED,
            reason=f"due {len(missed)} times from {in_shanghai(missed[0])} to {in_shanghai(missed[-1])}, never begun",
            started_at=clock.stamp(missed[0]),
            finished_at=clock.stamp(missed[-1]),
            counts={"missed": len(missed)},
            code_version=VERSION,
        )
    )
    return len(missed)


def _begun_at(run: Manifest) -> datetime:
    """When a run began; of missed slots the last, so that none of them is missed a second time."""
    return clock.read_stamp(run.finished_at if run.outcome is Outcome.MISSED else run.started_at)
