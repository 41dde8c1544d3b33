"""Makes the issue of a week: decides what it holds, freezes it after its cut-off, and renders it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.run_folder import write_atomically
from reports.briefing import Briefing, Sight
from reports.compose import compose
from reports.correct import corrected, reason_of
from reports.errors import UnknownLanguageError, WeekNotBegunError
from reports.freeze import ISSUE, Issue, frozen_elsewhere, keep_former, read_issue, write_issue
from reports.published import read_published
from reports.render import languages_present, render
from reports.tell import evidence_address
from reports.weeks import SHANGHAI, Week
from reports.words import LANGUAGES


@dataclass(frozen=True, slots=True)
class MadeIssue:
    """An issue on the disk. `counts` are firms for each section, ids for `held`, sources for `unseen`."""

    week: str
    folder: Path
    files: tuple[Path, ...]
    draft: bool
    counts: dict[str, int]
    revision: int


def _silent(_message: str) -> None:
    pass


def make_issue(
    published: Path,
    issues: Path,
    week: str | None,
    langs: tuple[str, ...],
    now: datetime,
    *,
    release: str,
    base_url: str = "",
    district: tuple[str, str] = ("普陀", "Putuo"),
    correct: str | None = None,
    progress: Callable[[str], None] = _silent,
) -> MadeIssue:
    """Makes, or renders again, the issue of `week` (`2026-W47`; None: the last whose cut-off has passed).

    `issues` holds a folder a week; `now` is aware; `release` is the code version that makes it; `district` names
    whose briefing it is, in Chinese and English. Before the
    week's cut-off the issue is a draft and made anew each time. After it, what it holds and says is frozen in
    issue.json, and every later rendering comes from there alone; but with `correct`, the operator's reason, a frozen
    issue is made anew from the database, and the former kept beside it. Make one issue at a time: two at once could
    both take the same event.

    Raises a WeeklyError: the week is malformed or in the future, a language is not one of LANGUAGES, there is no
    published database or it cannot be read, an issue.json is damaged or from a later release, `base_url`
    cannot be linked to, or there is nothing frozen to correct, no reason, or no change.
    """
    chosen = Week.parse(week) if week else Week.last_closed(now)
    if now < chosen.opens_at:
        raise WeekNotBegunError(str(chosen), f"{chosen.opens_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
    if unknown := sorted(set(langs) - set(LANGUAGES)):
        raise UnknownLanguageError(unknown[0], LANGUAGES)
    evidence_address(str(chosen), base_url)  # a mistake in it should not surface after the freeze
    folder = issues / str(chosen)
    former = read_issue(folder / ISSUE)
    reason = None if correct is None else reason_of(correct, chosen, former, now)
    if former is None or former.draft or reason:
        progress(f"composing {chosen} from {published}")
        issue = _compose(published, issues, chosen, now, release=release, district=district)
        if former and reason:
            issue = corrected(former, issue, reason)
            keep_former(folder / ISSUE, former)
        folder.mkdir(parents=True, exist_ok=True)
        write_issue(folder / ISSUE, issue)
    else:
        issue = former
        progress(f"{chosen} is frozen: rendering it from {folder / ISSUE}")
    files = (folder / ISSUE, *_write_pages(folder, issue.briefing, langs, base_url))
    return MadeIssue(str(chosen), folder, files, issue.draft, _counts(issue), issue.revision)


def _write_pages(folder: Path, briefing: Briefing, langs: tuple[str, ...], base_url: str) -> Iterator[Path]:
    # A language left out this time must not go on showing a draft that is no more.
    wanted = languages_present(folder) | frozenset(langs)
    languages = [language for language in LANGUAGES if language in wanted]
    for name, content in render(briefing, languages, base_url):
        write_atomically(folder / name, content)
        yield folder / name


def _compose(
    published: Path, issues: Path, week: Week, now: datetime, *, release: str, district: tuple[str, str]
) -> Issue:
    taken = frozen_elsewhere(issues, str(week))
    found = read_published(published, week, taken)
    briefing = compose(found, week, taken, now=now, made_by=release, district=district)
    return Issue(week=str(week), draft=briefing.draft, held=found.held, briefing=briefing, told_as=found.told_as)


def _counts(issue: Issue) -> dict[str, int]:
    briefing: Briefing = issue.briefing
    return {
        "arrivals": len(briefing.arrivals),
        "expansions": len(briefing.expansions),
        "departures": len(briefing.departures),
        "late": len(briefing.late),
        "peripheral": len({one.firm_id for one in briefing.peripheral}),
        "unseen": sum(one.sight in (Sight.NO_RUN, Sight.NOT_GOOD) for one in briefing.sighting.sources),
        "held": len(issue.held),
    }
