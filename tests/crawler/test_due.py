"""What is due, what was missed, and whose wish to be left alone is kept."""

from __future__ import annotations

import pkgutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import crawler.spiders
from crawler import clock
from crawler.cadence import slot_after
from crawler.config import Config, ConfigError, Sources
from crawler.due import Job, jobs, record_missed, spider_of
from crawler.run_folder import Manifest, Outcome, RunFolder, manifests, runs_folder
from crawler.spiders.registry_extract import RegistryExtractSpider

SERIES = {"city": {"path": "/srv/city", "listing": "full"}, "bureau": {"path": "/srv/new", "listing": "new"}}


def at(text: str) -> datetime:
    """A time of Shanghai."""
    return clock.parse_instant(f"{text}+08:00")


def configured(**section: object) -> Config:
    return Config.model_validate({"sources": {"registry_extract": section}})


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return jobs(configured(cadence="0 2 * * *", series={"city": SERIES["city"]}), tmp_path)[0]


def ran(
    home: Path,
    job: Job,
    begin: str,
    outcome: Outcome = Outcome.COMPLETE,
    not_before: str = "",
    requests: int | None = None,
) -> None:
    began = at(begin)
    name = f"{began:%Y%m%dT%H%M%SZ}-0a1b2c"
    folder = RunFolder(runs_folder(home) / job.source.id / name)
    manifest = Manifest(
        run_id=folder.run_id,
        source=job.source.id,
        series=job.series,
        listing=job.listing,
        outcome=outcome,
        started_at=clock.stamp(began),
        finished_at=clock.stamp(began + timedelta(minutes=5)),
        not_before=clock.stamp(at(not_before)) if not_before else "",
        counts={} if requests is None else {"requests": requests},
    )
    folder.write_manifest(manifest)


def missed(home: Path) -> list[Manifest]:
    return [manifest for manifest in manifests(home) if manifest.outcome == Outcome.MISSED]


def test_every_series_is_a_job_in_the_order_of_names(tmp_path: Path) -> None:
    found = jobs(configured(series=SERIES, late_after_days=3), tmp_path)
    assert [job.label for job in found] == ["registry_extract bureau/new", "registry_extract city/full"]
    assert found[1].arguments == {"path": "/srv/city", "listing": "full", "series": "city"}
    assert {job.late_after_days for job in found} == {3}
    assert {job.cadence for job in found} == {RegistryExtractSpider.source.cadence}


def test_without_a_series_the_drop_folders_that_exist_are_jobs(tmp_path: Path) -> None:
    assert jobs(Config(), tmp_path) == []
    (tmp_path / "inbox" / "new").mkdir(parents=True)
    assert [job.arguments for job in jobs(Config(), tmp_path)] == [
        {"path": str(tmp_path / "inbox" / "new"), "listing": "new", "series": "default"}
    ]


def test_a_source_that_is_switched_off_has_no_job(tmp_path: Path) -> None:
    assert jobs(configured(enabled=False, series=SERIES), tmp_path) == []


def test_a_site_that_is_switched_on_is_one_job_without_series(tmp_path: Path) -> None:
    assert Config().sources.putuo_portal.enabled is False
    section = {"enabled": True, "late_after_days": 4, "cadence": "15 3 * * *"}
    config = Config.model_validate({"sources": {"putuo_portal": section}})
    (site,) = jobs(config, tmp_path)
    assert (site.label, site.source.id, site.series, site.listing) == ("putuo_portal", "putuo_portal", "", "")
    assert (site.arguments, site.cadence, site.late_after_days) == ({}, "15 3 * * *", 4)


def test_a_site_is_missed_and_due_as_an_extract_is(tmp_path: Path) -> None:
    config = Config.model_validate({"sources": {"putuo_portal": {"enabled": True, "cadence": "0 3 * * *"}}})
    (site,) = jobs(config, tmp_path)
    ran(tmp_path, site, "2026-11-16T03:00")
    assert site.next_due(tmp_path, at("2026-11-16T12:00")) == at("2026-11-17T03:00")
    assert record_missed(site, tmp_path, at("2026-11-19T12:00")) == 2
    assert missed(tmp_path)[0].run_id == "putuo_portal/20261116T190000Z-missed"


SPIDERS = [module.name for module in pkgutil.iter_modules(crawler.spiders.__path__)]


@pytest.mark.parametrize("source_id", sorted({*SPIDERS, *Sources.model_fields}))
def test_file_spider_source_and_section_of_monitor_toml_have_one_name(source_id: str) -> None:
    spider = spider_of(source_id)
    assert (spider.name, spider.source.id) == (source_id, source_id)
    assert source_id in Sources.model_fields


def test_a_source_without_a_spider_is_told_with_its_place() -> None:
    with pytest.raises(ConfigError, match=r"sources\.no_such_site: switched on, but there is no spider of that name"):
        spider_of("no_such_site")


def test_what_never_ran_is_due_at_once_and_missed_nothing(tmp_path: Path, job: Job) -> None:
    now = at("2026-11-16T12:00")
    assert job.next_due(tmp_path, now) == now
    assert job.missed_slots(tmp_path, now) == []


@pytest.mark.parametrize(
    ("cadence", "begin", "due"),
    [
        ("0 2 * * *", "2026-11-16T02:00", "2026-11-17T02:00"),
        ("0 2 * * *", "2026-11-16T01:59", "2026-11-16T02:00"),
        ("0 2 * * *", "2026-11-16T14:30", "2026-11-17T02:00"),
        ("0 6 * * mon", "2026-11-16T06:00", "2026-11-23T06:00"),
        ("0 6 * * sun", "2026-11-16T06:00", "2026-11-22T06:00"),
        ("30 1 1 * *", "2026-11-16T06:00", "2026-12-01T01:30"),
    ],
)
def test_what_ran_is_due_at_the_next_slot_of_shanghai(
    tmp_path: Path, job: Job, cadence: str, begin: str, due: str
) -> None:
    ran(tmp_path, job, begin)
    assert replace(job, cadence=cadence).next_due(tmp_path, at(begin)) == at(due)


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.EMPTY_ALLOWED, Outcome.BLOCKED])
def test_what_failed_is_not_tried_again_before_its_next_slot(tmp_path: Path, job: Job, outcome: Outcome) -> None:
    ran(tmp_path, job, "2026-11-16T02:00", outcome)
    assert job.next_due(tmp_path, at("2026-11-16T12:00")) == at("2026-11-17T02:00")


def test_a_host_that_asked_us_to_wait_is_not_asked_before(tmp_path: Path, job: Job) -> None:
    ran(tmp_path, job, "2026-11-16T02:00", Outcome.BLOCKED, not_before="2026-11-20T09:30")
    assert job.next_due(tmp_path, at("2026-11-18T02:00")) == at("2026-11-20T09:30")
    ran(tmp_path, job, "2026-11-20T10:00", Outcome.BLOCKED, not_before="2026-11-20T11:00")
    assert job.next_due(tmp_path, at("2026-11-20T12:00")) == at("2026-11-21T02:00")


def test_waiting_as_we_were_asked_is_not_missing(tmp_path: Path, job: Job) -> None:
    ran(tmp_path, job, "2026-11-16T02:00", Outcome.BLOCKED, not_before="2026-11-20T09:30")
    assert record_missed(job, tmp_path, at("2026-11-20T09:31")) == 0
    assert record_missed(job, tmp_path, at("2026-11-23T03:00")) == 2


def test_another_series_or_listing_is_another_job(tmp_path: Path, job: Job) -> None:
    ran(tmp_path, job, "2026-11-16T02:00")
    now = at("2026-11-16T12:00")
    assert replace(job, series="other").next_due(tmp_path, now) == now
    assert replace(job, listing="new").next_due(tmp_path, now) == now


def _last_read(home: Path, job: Job) -> str:
    read = job.last_read(home)
    return read.started_at[:10] if read else ""


def test_a_site_that_was_asked_and_had_nothing_new_was_read(tmp_path: Path, job: Job) -> None:
    site = replace(job, series="", listing="")
    assert _last_read(tmp_path, site) == ""
    ran(tmp_path, site, "2026-11-10T12:00", Outcome.PARTIAL)
    ran(tmp_path, site, "2026-11-11T12:00", Outcome.EMPTY_ALLOWED, requests=2)
    ran(tmp_path, site, "2026-11-12T12:00", Outcome.EMPTY_ALLOWED, requests=0)  # between two sweeps
    ran(tmp_path, site, "2026-11-13T12:00", Outcome.FAILED, requests=2)
    assert _last_read(tmp_path, site) == "2026-11-11"
    ran(tmp_path, site, "2026-11-14T12:00", requests=2)
    assert _last_read(tmp_path, site) == "2026-11-14"
    assert _last_read(tmp_path, replace(site, listing="news")) == ""


def test_a_look_that_found_no_new_extract_has_read_none(tmp_path: Path, job: Job) -> None:
    ran(tmp_path, job, "2026-11-10T12:00")
    ran(tmp_path, job, "2026-11-11T12:00", Outcome.EMPTY_ALLOWED, requests=1)
    assert _last_read(tmp_path, job) == "2026-11-10"


def test_slots_nobody_served_are_missed_but_not_the_one_served_now(tmp_path: Path, job: Job) -> None:
    ran(tmp_path, job, "2026-11-16T02:00")
    assert job.missed_slots(tmp_path, at("2026-11-17T02:00")) == []
    assert job.missed_slots(tmp_path, at("2026-11-20T02:01")) == [
        at("2026-11-17T02:00"),
        at("2026-11-18T02:00"),
        at("2026-11-19T02:00"),
    ]


def test_what_was_missed_is_recorded_as_one_run_that_tells_from_when_to_when(tmp_path: Path, job: Job) -> None:
    ran(tmp_path, job, "2026-11-16T02:00")
    assert record_missed(job, tmp_path, at("2026-11-20T12:00")) == 3
    manifest = missed(tmp_path)[0]
    assert (manifest.series, manifest.listing) == ("city", "full")
    assert manifest.reason == "due 3 times from 2026-11-17 02:00 to 2026-11-19 02:00, never begun"
    assert manifest.started_at == clock.stamp(at("2026-11-17T02:00"))
    assert not manifest.lists_everything


def test_what_was_missed_is_recorded_once_also_when_the_run_that_asked_died(tmp_path: Path, job: Job) -> None:
    ran(tmp_path, job, "2026-11-16T02:00")
    assert record_missed(job, tmp_path, at("2026-11-20T12:00")) == 3
    assert record_missed(job, tmp_path, at("2026-11-20T12:30")) == 0
    assert record_missed(job, tmp_path, at("2026-11-21T02:00")) == 1  # that of the run that died
    assert [manifest.counts["missed"] for manifest in missed(tmp_path)] == [3, 1]


def test_a_machine_that_was_off_for_years_tells_one_gap(tmp_path: Path, job: Job) -> None:
    ran(tmp_path, job, "2016-11-16T02:00")
    assert 390 <= record_missed(job, tmp_path, at("2026-11-20T12:00")) <= 400
    assert len(missed(tmp_path)) == 1


def test_a_source_of_every_night_follows_the_night_whatever_the_hour_it_was_last_crawled(tmp_path: Path) -> None:
    config = Config.model_validate(
        {"schedule": {"nightly": "30 1 * * *"}, "sources": {"putuo_portal": {"enabled": True}}}
    )
    (site,) = jobs(config, tmp_path)
    assert site.cadence == "30 1 * * *"
    assert slot_after(site.cadence, at("2026-11-23T10:00")) == at("2026-11-24T01:30")
