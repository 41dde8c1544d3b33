"""Silent drift: what a run filled, showed and met, against what its source must fill and what its own past was like."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from crawler.run_folder import GOOD, Manifest, Outcome, crawls

NOT_MODIFIED = "not_modified"  # in a manifest's counts: pages that came as 304, of which nothing was listed
_RECENT = 8  # runs that are the past
_ENOUGH = 5  # items or records; of fewer no share is told
_ENOUGH_RUNS = 3  # for a count to be called usual
_LOST = 0.5  # of the usual count of records
_NAMED = 5  # words that are named
_CHANCE = 2.0  # standard errors within which a fall may be the luck of few items
_READ = GOOD | {Outcome.PARTIAL}


@dataclass(frozen=True, slots=True)
class Filled:
    """How many items or records a run had, and which share of them (0 to 1) has each field."""

    whole: int
    shares: Mapping[str, float]


def too_empty(must_fill: Mapping[str, float], filled: Mapping[str, int], items: int) -> list[str]:
    """Why a run fails by its source's own minimum shares, one reason a field; fewer than five items are not judged.

    `filled` says of how many items each field says something.
    """
    if items < _ENOUGH:
        return []
    return [
        # Rounded down: a share must not read as the minimum that it misses.
        f"fill of {name} is {math.floor(share * 100)} % of {items} items, below the minimum of {minimum * 100:g} %"
        for name, minimum in sorted(must_fill.items())
        if (share := filled.get(name, 0) / items) < minimum
    ]


def earlier_runs(home: Path, run: Manifest, before: str) -> list[Manifest]:
    """The crawls of the same source, series and listing that ended before the instant `before`, oldest first.

    A rehearsal's past are rehearsals, for stand-ins are not the site.
    """
    return [
        manifest
        for manifest in crawls(home, run.source)
        if (manifest.series, manifest.listing) == (run.series, run.listing)
        and manifest.finished_at <= before
        and _is_rehearsal(manifest) == _is_rehearsal(run)
        and manifest.outcome is not Outcome.MISSED
    ]


def warnings(run: Manifest, earlier: Sequence[Manifest], may_drop: float) -> list[str]:
    """What a person should look at in a run, each a sentence; `earlier` are `earlier_runs`.

    Shares of items and of list records that fell by more than `may_drop` below the median of the newest eight runs that
    had five or more; lists that show less than half of what is usual; words that no earlier run met.
    """
    read = [manifest for manifest in earlier if manifest.outcome in _READ]
    return [
        *_falls(run, read, "items", _of_items, may_drop),
        *_falls(run, read, "list records", _of_records, may_drop),
        *_losses(run, read),
        *_strangers(run, earlier),
    ]


def first_of(told: Sequence[str]) -> str:
    """The first warning, and how many there are besides; they all stand in the run's manifest."""
    return told[0] + (f" (and {len(told) - 1} more)" if len(told) > 1 else "")


def _falls(
    run: Manifest, read: Sequence[Manifest], what: str, of: Callable[[Manifest], Filled], may_drop: float
) -> Iterator[str]:
    now = of(run)
    past = [filled for filled in map(of, read) if filled.whole >= _ENOUGH][-_RECENT:]
    if now.whole < _ENOUGH:
        return
    for name in sorted({name for filled in past for name in filled.shares}):
        share, usual = now.shares.get(name, 0.0), median(filled.shares.get(name, 0.0) for filled in past)
        if usual - share > max(may_drop, _by_chance(name, now, past)):
            yield f"fill of {name} fell from {usual:.0%} to {share:.0%} of {what} (median of {_runs(past)})".replace(
                "%", " %"
            )


def _by_chance(name: str, now: Filled, past: Sequence[Filled]) -> float:
    """By how much two shares may differ when nothing changed: five of five and three of five may be the same site."""
    before = sum(filled.whole for filled in past)
    said = sum(filled.whole * filled.shares.get(name, 0.0) for filled in (now, *past))
    share = min(said / (before + now.whole), 1.0)
    return _CHANCE * math.sqrt(share * (1 - share) * (1 / before + 1 / now.whole))


def _losses(run: Manifest, read: Sequence[Manifest]) -> Iterator[str]:
    """Lists that shrank. Few new items are a quiet night; few records in the same window are not."""
    if not _shows_its_window(run):
        return
    alike = [manifest for manifest in read if _shows_its_window(manifest) and manifest.arguments == run.arguments]
    records = [_of_records(manifest).whole for manifest in alike]
    yield from _loss("the lists showed", "records", _of_records(run).whole, records)
    if run.lists_everything:
        items = [_of_items(manifest).whole for manifest in alike if manifest.lists_everything]
        yield from _loss("the whole list gave", "items", _of_items(run).whole, items)


def _loss(verb: str, what: str, now: int, before: Sequence[int]) -> Iterator[str]:
    past = [many for many in before if many >= _ENOUGH][-_RECENT:]
    if len(past) >= _ENOUGH_RUNS and now < _LOST * (usual := median(past)):
        yield f"{verb} {now} {what} where {usual:g} were usual (median of {_runs(past)})"


def _shows_its_window(run: Manifest) -> bool:
    """Whether a run saw all that its lists show in its window.

    A part of a sweep did not, nor one that was answered "not modified", nor one that had nothing to ask for.
    """
    asked, whole = run.counts.get("requests", 1), not run.sweep and not run.counts.get(NOT_MODIFIED)
    return run.outcome in GOOD and whole and bool(asked)


def _strangers(run: Manifest, earlier: Sequence[Manifest]) -> Iterator[str]:
    if not any(manifest.listed or manifest.unknown for manifest in earlier):
        return  # nobody looked before: all would be strangers
    for kind, words in sorted(run.unknown.items()):
        known = {word for manifest in earlier for word in _words(manifest, kind)}
        if strange := [word for word in sorted(words, key=lambda word: (-words[word], word)) if word not in known]:
            more = f" and {len(strange) - _NAMED} more" if len(strange) > _NAMED else ""
            yield f"{kind} not seen before: {', '.join(strange[:_NAMED])}{more}"


def _words(manifest: Manifest, kind: str) -> Mapping[str, Any]:
    # Only that it is a table at all was checked when it was read, and a person may have touched it.
    words: Any = manifest.unknown.get(kind, {})
    return words if isinstance(words, dict) else {}


def _of_items(manifest: Manifest) -> Filled:
    return Filled(int(_number(manifest.counts.get("items"))), _numbers(manifest.fill_rates))


def _of_records(manifest: Manifest) -> Filled:
    listed = _numbers(manifest.listed)
    whole = int(listed.pop("records", 0))
    return Filled(whole, {name: many / whole for name, many in listed.items()} if whole else {})


def _numbers(said: Mapping[str, Any]) -> dict[str, float]:
    return {name: _number(value) for name, value in said.items()}


def _number(said: Any) -> float:
    return float(said) if isinstance(said, int | float) and 0 <= said < math.inf else 0.0


def _is_rehearsal(manifest: Manifest) -> bool:
    return "stand_ins" in manifest.arguments


def _runs(past: Sequence[object]) -> str:
    return f"{len(past)} run{'s' if len(past) != 1 else ''}"
