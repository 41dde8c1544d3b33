"""What a probe of a source means, in words for the operator: a pure function of its notes and the declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from crawler.probe import Notes
from crawler.run_folder import Outcome
from crawler.source import Source


class Verdict(StrEnum):
    """One word a source: a closed list."""

    READY = "READY"  # one page of its list was read from here, as documented
    DIFFERENT = "DIFFERENT"  # reached, but not as documented
    FORBIDDEN = "FORBIDDEN"  # by robots.txt, or because that could not be read
    TURNED_AWAY = "TURNED AWAY"  # the host answered, and will not have us
    UNREACHABLE = "UNREACHABLE"  # no answer from here
    NOT_ASKED = "NOT ASKED"  # nobody was; the reason says what is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found of a source; the texts may have several lines. `has_no_host` is where there is nobody to ask."""

    label: str
    verdict: Verdict
    robots: str = "-"
    reachable: str = "-"
    documented: str = "-"
    has_no_host: bool = False


# A record without these is none. Which others every record has is each format's own affair: it refuses a page without.
_NEEDED = frozenset({"id", "title", "day", "url"})
_NAMED = 12  # unknown words of a kind that are named
_NETWORK = {
    "CannotResolveHost": "the name of the host is not known here (DNS)",
    "ConnectionRefused": "the connection was refused",
    "Timeout": "timed out",
    "ResponseDataLoss": "the reply broke off",
    "Download": "the connection failed",  # after the others: every failed download has it in its name
}
_IMPLIED = {
    401: "it asks for a login, and we use no source behind one",
    403: "it refuses us: it may answer only addresses in mainland China, or not want programs; its owner knows",
    412: "a script challenge, which we do not solve: from here this source cannot be read",
    429: "we are to slow down: look again tomorrow",
    503: "it is busy or closed to us: look again tomorrow; if it stays so, it may answer only mainland China",
}
_WALL = "a challenge or login stands before the page, and we pass neither: from here this source cannot be read"
_MOVED = "has the site moved? look at it in a browser"
_OUT_OF_REACH = (
    "is there internet here? If there is, the host is down, or answers only some networks: perhaps only those in "
    "mainland China, perhaps only those outside"
)
_COUNTS_AS_FORBIDDEN = "could not be read ({why}): that COUNTS AS FORBIDDEN"


def not_asked(label: str, why: str, *, has_no_host: bool = False) -> Checked:
    """A source that was left alone, and why."""
    return Checked(label=label, verdict=Verdict.NOT_ASKED, documented=why, has_no_host=has_no_host)


def judge(label: str, notes: Notes, source: Source) -> Checked:
    """What the notes of a probe mean."""
    outcome, reason = notes.stopped or ("", "")
    if reason.startswith("this is a rehearsal") or not notes.stats.get("downloader/request_count"):
        return not_asked(label, reason or "; ".join(notes.incomplete) or "it asked for nothing")
    if outcome == Outcome.REFUSED_BY_ROBOTS:
        return _refused(label, notes, reason)
    robots = "allows" if _statuses(notes, "robotstxt/response_status_count/") - {404, 410} else "allows (there is none)"
    if outcome == Outcome.BLOCKED:
        away = f"TURNED AWAY: {reason}; {_implied(reason)}"
        return Checked(label=label, verdict=Verdict.TURNED_AWAY, robots=robots, reachable=away)
    if not notes.probed and not notes.items and (why := _network(notes)):
        told = "\n".join(dict.fromkeys((f"NO: {why}; {_OUT_OF_REACH}", *notes.incomplete)))
        return Checked(label=label, verdict=Verdict.UNREACHABLE, robots=robots, reachable=told)
    lines, troubles = list(_read(notes)), list(_troubles(notes, source))
    documented = "\n".join([*(f"NO: {trouble}" for trouble in troubles), *lines])
    verdict = Verdict.DIFFERENT if troubles else Verdict.READY
    return Checked(label=label, verdict=verdict, robots=robots, reachable="yes", documented=documented)


def _refused(label: str, notes: Notes, reason: str) -> Checked:
    """robots.txt forbids, or could not be read: then why decides what the operator can do."""
    if reason.startswith("robots.txt forbids"):
        address = reason.partition(": ")[2]
        return Checked(
            label=label, verdict=Verdict.FORBIDDEN, robots=f"FORBIDS {address}", reachable="yes, but we may not"
        )
    if why := _network(notes):
        return Checked(
            label=label,
            verdict=Verdict.UNREACHABLE,
            robots=_COUNTS_AS_FORBIDDEN.format(why=why),
            reachable=f"NO: {why}; {_OUT_OF_REACH}",
        )
    statuses = _statuses(notes, "downloader/response_status_count/")
    status = max(statuses, default=0)
    if status in _IMPLIED:
        return Checked(
            label=label,
            verdict=Verdict.TURNED_AWAY,
            robots=_COUNTS_AS_FORBIDDEN.format(why=f"HTTP {status}"),
            reachable=f"TURNED AWAY: even robots.txt answers {status}; {_IMPLIED[status]}",
        )
    why = f"HTTP {status}" if status >= 300 else "it asks for longer pauses than a night allows"
    return Checked(
        label=label,
        verdict=Verdict.FORBIDDEN,
        robots=_COUNTS_AS_FORBIDDEN.format(why=why),
        reachable="yes, but we may not; look again tomorrow, or write to its owner",
    )


def _troubles(notes: Notes, source: Source) -> Iterator[str]:
    """Why a page that came is not as documented, or that none came."""
    if not notes.probed:
        if notes.outcome == Outcome.COMPLETE or (notes.empty_pages and notes.outcome == Outcome.EMPTY_ALLOWED):
            return
        came = notes.items or notes.stopped or notes.empty_pages
        yield notes.reason if came else f"no page of a list was reached: {notes.reason}"
        return
    if notes.stopped:
        yield notes.stopped[1]
    yield from notes.incomplete
    if broke := notes.stats.get("spider_exceptions/count"):
        yield f"our reading broke on it, {broke} times: please report that"
    absent = [name for name, many in _fields(notes) if not many]
    if needed := [name for name in absent if name in _NEEDED | source.must_fill.keys()]:
        yield f"not one record has {' or '.join(needed)}"
    elif 2 * len(absent) > len(_fields(notes)):
        yield "most documented fields are absent"


def _read(notes: Notes) -> Iterator[str]:
    """What was read, field by field, and what is not known of it."""
    records = notes.listed.get("records", 0)
    if notes.probed:
        yield f"list page read: {records} records"
        yield from (
            f"{name} {many}/{records}" + ("" if many else " ← documented, absent") for name, many in _fields(notes)
        )
    elif notes.empty_pages:
        yield "list page read: 0 records: the list was empty, and NOT ONE FIELD COULD BE CHECKED"
    elif notes.items:
        yield f"read: {notes.items} rows (it has no list)"
        yield from (f"{name} {many}/{notes.items}" for name, many in notes.filled.items())
    for kind, words in sorted(notes.unknown.items()):
        if words:
            more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
            yield f"{kind} not documented: {', '.join(sorted(words)[:_NAMED])}{more}"


def _fields(notes: Notes) -> list[tuple[str, int]]:
    return [(name, many) for name, many in notes.listed.items() if name != "records"]


def _implied(reason: str) -> str:
    if status := re.search(r"\((\d{3})\)", reason):
        return _IMPLIED.get(int(status[1]), "")
    return _MOVED if "sends us to" in reason else _WALL


def _network(notes: Notes) -> str:
    """What kept replies from coming, in words; empty where they came."""
    found = [name for name in notes.stats if name.startswith("downloader/exception_type_count/")]
    return next((words for mark, words in _NETWORK.items() if any(mark in name.split(".")[-1] for name in found)), "")


def _statuses(notes: Notes, prefix: str) -> set[int]:
    return {int(name.removeprefix(prefix)) for name in notes.stats if name.startswith(prefix)}
