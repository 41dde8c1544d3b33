"""Tells in one language what was looked at in the week, and first of all what could not be seen."""

from __future__ import annotations

from datetime import datetime

from reports.briefing import Aside, Briefing, Sight, SourceWeek
from reports.page import SightText
from reports.telling import Teller
from reports.untrusted import clean
from reports.words import Words

_REASON = 160
_MISSED = "missed"

_GAPS = frozenset({Sight.NO_RUN, Sight.NOT_GOOD, Sight.RECOVERED})


def open_gaps(briefing: Briefing) -> int:
    """How many sources were in the end not seen, the database's own age counted as one."""
    sighting = briefing.sighting
    unseen = sum(source.sight in (Sight.NO_RUN, Sight.NOT_GOOD) for source in sighting.sources)
    return unseen + (sighting.published_early and not briefing.draft) + (not sighting.sources)


def tell_sight(briefing: Briefing, say: Words, teller: Teller, year: int) -> SightText:
    """The section on coverage; it is explicit, with figures, when everything was seen."""
    sighting, telling = briefing.sighting, _SourceTelling(say, teller, year)
    gaps = [] if sighting.sources else [say("sight", "nothing_asked")]
    if sighting.published_early:
        how = "published_draft" if briefing.draft else "published_early"
        gaps.append(say("sight", how, instant=say.instant(briefing.release.published_at, year)))
    gaps += [telling.line(source) for source in sighting.sources if source.sight in _GAPS]
    gaps += [telling.aside(aside) for aside in sighting.aside]
    if sighting.place_unknown:
        gaps.append(say.count("sight", "place_unknown", sighting.place_unknown))
    all_seen = say(
        "sight",
        "all_seen",
        sources=say.number(len(sighting.sources)),
        runs=say.number(sum(source.runs for source in sighting.sources)),
        rows=say.number(sum(source.rows for source in sighting.sources)),
    )
    return SightText(
        title=say("sight", "title" if gaps else "all_title"),
        all_seen="" if gaps else all_seen,
        gaps=tuple(gaps),
        seen_title=say("sight", "seen_title"),
        seen=tuple(telling.line(source) for source in sighting.sources if source.sight not in _GAPS),
    )


class _SourceTelling:
    def __init__(self, say: Words, teller: Teller, year: int) -> None:
        self._say = say
        self._teller = teller
        self._year = year

    def line(self, source: SourceWeek) -> str:
        """One source: its title, how its runs ended and why, and when it was last seen completely."""
        parts = [self._runs(source)]
        if missed := source.bad.get(_MISSED, 0):
            parts.append(self._say("sight", "missed", n=self._say.number(missed)))
        if source.sight is Sight.RECOVERED:
            parts.append(self._say("sight", "recovered"))
        if reason := clean(source.reason, _REASON):
            parts.append(self._say("sight", "reason", reason=reason))
        if source.sight is not Sight.SEEN:
            parts.append(self._last_good(source.last_good_at))
        parts += self._warned(source.warnings)
        title = self._teller.source_title(source.source, source.series)
        told = self._say("sight", "between").join(parts)
        return title + self._say("sight", "after_title") + told + self._say("sight", "end")

    def _warned(self, warnings: tuple[str, ...]) -> list[str]:
        """What to look at, for those who look after the sources: the first, and how many more there are."""
        if not warnings:
            return []
        told = self._say("sight", "warned", warning=clean(warnings[0], _REASON))
        more = len(warnings) - 1
        return [told, self._say.count("sight", "warned_more", more)] if more else [told]

    def aside(self, aside: Aside) -> str:
        """Rows of one source put aside for one reason."""
        source = self._teller.source_title(aside.source, aside.series)
        known = self._say.knows("reject", aside.reason)
        reason = self._say("reject", aside.reason) if known else clean(aside.reason, _REASON)
        line = self._say("sight", "aside", n=self._say.number(aside.rows), source=source, reason=reason)
        return line + self._say("sight", "end")

    def _runs(self, source: SourceWeek) -> str:
        # A missed run is no run: "2 runs, of which 1 missed" would say that there were two.
        bad = {outcome: count for outcome, count in source.bad.items() if outcome != _MISSED}
        ran = source.runs - source.bad.get(_MISSED, 0)
        if not ran:
            return self._say("sight", Sight.NOT_DUE if source.sight is Sight.NOT_DUE else Sight.NO_RUN)
        runs, rows = self._say.number(ran), self._say.number(source.rows)
        if not bad:
            return self._say("sight", "seen", runs=runs, rows=rows)
        parts = self._say("sight", "between_outcomes").join(
            self._say("outcome", outcome, n=self._say.number(count)) for outcome, count in bad.items()
        )
        return self._say("sight", "bad", runs=runs, bad=parts)

    def _last_good(self, instant: datetime | None) -> str:
        if instant is None:
            return self._say("sight", "never_good")
        return self._say("sight", "last_good", instant=self._say.instant(instant, self._year))
