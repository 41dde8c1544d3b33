"""Corrects a frozen issue: what it held it goes on holding, what it says is said anew, and it says that it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reports.briefing import Briefing, Correction
from reports.errors import CorrectionError
from reports.freeze import Issue
from reports.tell import REASON
from reports.untrusted import clean
from reports.weeks import Week


def reason_of(text: str, week: Week, former: Issue | None, now: datetime) -> str:
    """The operator's reason, one line of at most REASON characters.

    Raises CorrectionError when there is no frozen issue to correct, or no reason.
    """
    if former is None:
        raise CorrectionError(str(week), "there is no issue of it")
    if former.draft or now < week.cut_off:
        raise CorrectionError(str(week), "a draft is made anew without that")
    reason = clean(text, REASON)
    if not reason:
        raise CorrectionError(str(week), "say why; the readers are told")
    return reason


def corrected(former: Issue, anew: Issue, reason: str) -> Issue:
    """The issue to stand in `former`'s place: `anew`, marked, and holding all that either holds.

    An event that the database no longer knows was announced all the same: it must not be news a second time.
    Raises CorrectionError when the readers would be told the same again.
    """
    if _tells_the_same(anew.briefing, former.briefing):
        raise CorrectionError(former.week, "nothing changed, the database says today what the issue says")
    correction = Correction(revision=former.revision + 1, made_at=former.briefing.release.made_at, reason=reason)
    return replace(
        anew,
        held=tuple(dict.fromkeys((*anew.held, *former.held))),
        told_as=tuple(dict.fromkeys((*anew.told_as, *former.told_as))),
        briefing=replace(anew.briefing, correction=correction),
    )


def _tells_the_same(one: Briefing, other: Briefing) -> bool:
    # What made them differs every time, and is no news to a reader.
    return replace(one, release=other.release, correction=other.correction) == other
