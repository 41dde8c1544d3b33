"""Judges how well each source was seen in a week, so that the briefing can say what it could not see."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from reports.briefing import Sight, SourceWeek
from reports.published import Published, RunRow, SourceRow
from reports.weeks import SHANGHAI, Week

GOOD = frozenset({"complete", "empty_allowed"})


def source_weeks(published: Published, week: Week) -> tuple[SourceWeek, ...]:
    """One line for every source and series known by the cut-off, or met in a run of the week."""
    runs: dict[tuple[str, str], list[RunRow]] = {}
    for run in published.runs:
        runs.setdefault((run.source, run.series), []).append(run)
    declared = {(row.source, row.series): row for row in published.sources}
    for source, series in runs:
        declared.setdefault((source, series), SourceRow(source=source, series=series))
    return tuple(
        _source_week(row, runs.get(key, []), published.last_good.get(key), week)
        for key, row in sorted(declared.items())
    )


def _source_week(row: SourceRow, runs: list[RunRow], last_good_at: datetime | None, week: Week) -> SourceWeek:
    bad = [run for run in runs if run.outcome not in GOOD]
    return SourceWeek(
        source=row.source,
        series=row.series,
        publisher=row.publisher,
        title_zh=row.title_zh,
        title_en=row.title_en,
        cadence=row.cadence,
        sight=_sight(row, runs, week),
        runs=len(runs),
        rows=sum(run.items for run in runs),
        bad=dict(sorted(Counter(run.outcome for run in bad).items())),
        reason=bad[-1].reason if bad else "",
        last_good_at=last_good_at,
        warnings=tuple(dict.fromkeys(warning for run in runs for warning in run.warnings)),
    )


def _sight(row: SourceRow, runs: list[RunRow], week: Week) -> Sight:
    if not runs:
        return Sight.NO_RUN if is_due(row.cadence, week) else Sight.NOT_DUE
    if runs[-1].outcome not in GOOD:
        return Sight.NOT_GOOD
    return Sight.SEEN if all(run.outcome in GOOD for run in runs) else Sight.RECOVERED


def is_due(cadence: str, week: Week) -> bool:
    """Whether a cron line (Asia/Shanghai) asks for a run in the week.

    Only plain days of the month, at a plain hour and minute, can excuse a week; all else counts as due: a gap
    is rather told once too often than hidden.
    """
    fields = cadence.split()
    if len(fields) != 5 or fields[3:] != ["*", "*"]:
        return True
    minute, hour, *_ = fields
    days = fields[2].split(",")
    if not all(field.isdigit() for field in (minute, hour, *days)):
        return True
    opens, cut_off = week.opens_at.astimezone(SHANGHAI), week.cut_off.astimezone(SHANGHAI)
    midnight = opens.replace(hour=0, minute=0)
    moments = (midnight + timedelta(days=n, hours=int(hour), minutes=int(minute)) for n in range(8))
    return any(opens <= moment < cut_off and str(moment.day) in {str(int(day)) for day in days} for moment in moments)
