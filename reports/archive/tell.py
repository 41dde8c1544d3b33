"""Tells in one language what the district claims in figures, what we count, and what cannot be counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from reports.archive.group import Clash, Question, Said, Topic, questions
from reports.archive.model import (
    Compared,
    Count,
    CountedBy,
    Difference,
    Figures,
    NotCountable,
)
from reports.archive.text import BarText, ClaimsPage, ClaimText, QuestionText, ReasonText
from reports.claim import Measure, Subject
from reports.page import LinkText
from reports.tell_claim import place_phrase, stated_phrase, subject_phrase
from reports.untrusted import clean, safe_link
from reports.weeks import SHANGHAI
from reports.words import Language, Words

CLAIMS = 6  # of each question: two minutes on a phone
CLASHES = 3
_QUOTE = 120
_NAME = 40
_HASH = 12
_WHOLE = 100
_LEAST = 1  # percent: a bar that can be seen

# What no register shows, whether anybody has claimed it yet or not.
_NEVER_SEEN = frozenset(
    {
        NotCountable.OUTPUT,
        NotCountable.TAX,
        NotCountable.TAX_SHARE,
        NotCountable.INVESTMENT,
        NotCountable.FUNDING,
        NotCountable.AREA,
    }
)


def tell_claims(figures: Figures, language: Language, district: str) -> ClaimsPage:
    """The page of claims; `district` is the district's name in that language."""
    return _Telling(figures, Words(language)).page(district)


class _Telling:
    def __init__(self, figures: Figures, say: Words) -> None:
        self._figures = figures
        self._say = say
        self._asked = questions(figures.compared)
        self._now = (figures.newest_day or figures.published_at.astimezone(SHANGHAI).date()).year

    def page(self, district: str) -> ClaimsPage:
        say, figures = self._say, self._figures
        other: Language = "en" if say.language == "zh" else "zh"
        return ClaimsPage(
            lang="zh-CN" if say.language == "zh" else "en",
            title=say("claims_page", "title", district=district),
            as_of=say("claims_page", "as_of", day=self._full_day(figures.newest_day)) if figures.newest_day else "",
            headline=self._headline(),
            lines=tuple(self._lines()),
            empty="" if figures.compared else say("claims_page", "empty"),
            questions=tuple(self._question(one) for one in self._asked),
            legend=say("claims_page", "bars_note") if any(one.count for one in figures.compared) else "",
            differ_title=say("claims_page", "differ"),
            differ=tuple(self._differ()),
            not_countable_title=say("claims_page", "not_countable"),
            not_countable=tuple(self._not_countable()),
            foot=tuple(self._foot()),
            links=(
                LinkText(text=say("index", "back"), href=f"index.{say.language}.html"),
                LinkText(text=say("index", "other_language"), href=f"claims.{other}.html"),
            ),
        )

    # -------------------------------------------------------------------------------------------------------- head

    def _headline(self) -> str:
        say = self._say
        ours = self._figures.standing.get(Subject.LIFE_HEALTH)
        counted = "" if ours is None or self._figures.newest_day is None else self._firms(ours.core, ours.both)
        firms = next((one for one in self._asked if one.name == Topic.FIRMS), None)
        stated = [said.newest for said in firms.said if not said.newest.claim.is_target] if firms else []
        if stated:
            newest = max(stated, key=lambda one: (one.about or one.told_on, one.told_on, one.claim.claim_id))
            day = newest.about or newest.told_on
            claimed = {"figure": stated_phrase(newest.claim, say), "day": self._full_day(day)}
            name = "headline" if counted else "headline_not_counted"
            return say("claims_page", name, counted=counted, **claimed)
        return say("claims_page", "headline_ours", counted=counted) if counted else say("claims_page", "headline_none")

    def _lines(self) -> Iterator[str]:
        say, figures = self._say, self._figures
        if figures.compared:
            count = len(figures.compared)
            yield say.count("claims_page", "verbatim", count, pages=say.number(figures.pages))
        if any(one.clashes for one in self._asked):
            yield say("claims_page", "disagree")
        if figures.history_begins:
            yield say("claims_page", "history", day=self._full_day(figures.history_begins))

    def _foot(self) -> Iterator[str]:
        say, figures = self._say, self._figures
        yield say("claims_page", "query")
        published = figures.published_at.astimezone(SHANGHAI)
        yield say(
            "claims_page", "made",
            instant=f"{published:%Y-%m-%d %H:%M}", content=clean(figures.content_hash[:_HASH], _HASH),
        )  # fmt: skip

    # --------------------------------------------------------------------------------------------------- questions

    def _question(self, question: Question) -> QuestionText:
        say, shown = self._say, question.said[:CLAIMS]
        widest = max((self._longest(said.newest) for said in shown), default=0)
        rest = len(question.said) - len(shown)
        whys = {one.newest.ours for one in shown if isinstance(one.newest.ours, NotCountable)}
        one_why = next(iter(whys)) if len(whys) == 1 and not any(one.newest.count for one in shown) else None
        return QuestionText(
            id=question.name if question.name != Topic.SUB_SECTOR else question.subject,
            title=say("question", question.name, subject=subject_phrase(question.subject, say)),
            ours=self._standing(question) if one_why is None else self._why_not(one_why),
            clashes=tuple(self._clash(clash) for clash in question.clashes[:CLASHES]),
            claims=tuple(self._claim(said, question, widest, told=one_why is not None) for said in shown),
            more=say.count("claims_page", "more", rest) if rest > 0 else "",
        )

    def _standing(self, question: Question) -> str:
        if question.name not in (Topic.FIRMS, Topic.SUB_SECTOR):
            return ""
        ours = self._figures.standing.get(question.subject)
        if ours is None or self._figures.newest_day is None:
            return ""
        return self._say(
            "claims_page",
            "ours_now",
            day=self._full_day(self._figures.newest_day),
            counted=self._firms(ours.core, ours.both),
        )

    def _claim(self, said: Said, question: Question, widest: int, *, told: bool) -> ClaimText:
        """One claim; `told`: why we do not count stands above already."""
        say, one = self._say, said.newest
        claim = one.claim
        sentence = clean(claim.quote, _QUOTE)
        return ClaimText(
            figure=say.heading(stated_phrase(claim, say)),
            about=self._about(one, question),
            when=self._when(one),
            mark=self._mark(one),
            bars=tuple(self._bars(one, widest)),
            ours="" if told else self._beside(one),
            quote=say("why", "quoted", text=sentence) if sentence else "",
            who=say("claims_page", "who", day=self._full_day(one.told_on), who=self._who(one)),
            href=safe_link(one.url) or "",
            again=say.count("claims_page", "again", said.more, day=self._full_day(said.first_on)) if said.more else "",
        )

    def _about(self, one: Compared, question: Question) -> str:
        """What a claim counts where its question does not say it: the place, the sub-sector, that firms are new."""
        say = self._say
        told = [*place_phrase(one.claim, say)]
        if one.claim.subject not in (Subject.LIFE_HEALTH, question.subject):
            told.append(subject_phrase(one.claim.subject, say))
        if question.name in (Topic.SUB_SECTOR, Topic.PLACES, Topic.OTHERS) and (
            one.claim.measure is Measure.NEW_FIRM_COUNT
        ):
            told.append(say("measure", one.claim.measure))
        return say.heading(" · ".join(told))

    def _mark(self, one: Compared) -> str:
        return self._say("claims_page", "target") if one.claim.is_target else ""

    def _who(self, one: Compared) -> str:
        named = one.source_en if self._say.language == "en" and one.source_en else one.said_by
        return clean(named, _NAME) or self._say("why", "source_not_stated")

    def _clash(self, clash: Clash) -> str:
        name = "falls" if clash.falls else "at_odds"
        earlier, later = (
            {"figure": stated_phrase(one.claim, self._say), "day": self._when(one) or self._full_day(one.told_on)}
            for one in (clash.earlier, clash.later)
        )
        return self._say(
            "claims_page", name,
            earlier=earlier["figure"], earlier_day=earlier["day"], later=later["figure"], later_day=later["day"],
        )  # fmt: skip

    # ---------------------------------------------------------------------------------------------------- our count

    def _beside(self, one: Compared) -> str:
        say, count = self._say, one.ours
        if isinstance(count, NotCountable):
            return self._why_not(count)
        day = self._full_day(count.on)
        aimed = one.claim.is_target and say.knows("counted_for_target", count.by)
        group = "counted_for_target" if aimed else "counted_by"
        firms = self._firms(count.core, count.both)
        # The registers end before the day that is asked: then what they show is not of that day.
        short = count.by is CountedBy.AS_OF and one.about is not None and count.on < one.about
        told = [
            say("claims_page", "ours_now", day=day, counted=firms)
            if short
            else say(group, count.by, day=day, counted=firms)
        ]
        # The firms of now are no answer to what was said of another time: how many fewer would mislead.
        if count.by is CountedBy.NOW and not aimed:
            told.append(say("claims_page", "by_then", n=say.number(count.by_then or 0)))
        elif count.by is not CountedBy.REGISTERED:
            told.append(self._difference(one, count))
        return say("claims_page", "between").join(part for part in told if part)

    def _why_not(self, why: NotCountable) -> str:
        return self._say("claims_page", "not_counted", why=self._say("not_countable_short", why))

    def _difference(self, one: Compared, count: Count) -> str:
        if one.claim.value is None:
            return ""
        rest = count.both - int(one.claim.value)
        if one.claim.is_target:
            return self._say("claims_page", "to_go", n=self._say.number(-rest)) if rest < 0 else ""
        name = "same" if rest == 0 else "fewer" if rest < 0 else "more_ours"
        return self._say("claims_page", name, n=self._say.number(abs(rest)))

    def _longest(self, one: Compared) -> int:
        if one.count is None or one.claim.value is None:
            return 0
        return max(int(one.claim.value), one.count.both)

    def _bars(self, one: Compared, widest: int) -> Iterator[BarText]:
        """The claim and our count, as long as they are beside the widest of the question."""
        value, count, say = one.claim.value, one.count, self._say
        if count is None or value is None or widest <= 0:
            return
        said, ours = int(value), count.both
        label = say("claims_page", "bar_target" if one.claim.is_target else "bar_claim")
        width = _share(said, widest)
        yield BarText(label=label, number=say.number(said), width=width, solid=width, ours=False)
        both = say("claims_page", "bar_number", core=say.number(count.core), both=say.number(ours))
        yield BarText(
            label=say("claims_page", "bar_ours"), number=both, width=_share(ours, widest),
            solid=_share(count.core, widest), ours=True,
        )  # fmt: skip

    def _firms(self, core: int, both: int) -> str:
        return self._say("claims_page", "firms", core=self._say.number(core), both=self._say.number(both))

    # ------------------------------------------------------------------------------------------------------ reasons

    def _differ(self) -> Iterator[ReasonText]:
        """Why the two may differ: each reason that applies to any count of ours."""
        met = {why for one in self._figures.compared if one.count for why in one.count.why_differ}
        ours = self._figures.standing.get(Subject.LIFE_HEALTH)
        numbers = dict[str, int]()
        if ours is not None:
            numbers = {
                Difference.BRANCHES: ours.branches,
                Difference.SHARED_ADDRESS: ours.at_shared_address,
                "place_unknown": ours.place_unknown,
            }
        told: list[str] = [*(why for why in Difference if why in met and numbers.get(why) != 0)]
        told += ["place_unknown"] if met and numbers.get("place_unknown") else []
        for why in told:
            n = self._say.number(numbers.get(why, 0))
            yield ReasonText(title=self._say("why_differ_title", why), why=self._say("why_differ", why, n=n))

    def _not_countable(self) -> Iterator[ReasonText]:
        met = {one.ours for one in self._figures.compared if isinstance(one.ours, NotCountable)}
        for why in NotCountable:
            if why in met or why in _NEVER_SEEN:
                yield ReasonText(
                    title=self._say.heading(self._say("not_countable_title", why)), why=self._say("not_countable", why)
                )

    # -------------------------------------------------------------------------------------------------------- words

    def _when(self, one: Compared) -> str:
        """What time a claim speaks of, empty where it does not say."""
        say, claim = self._say, one.claim
        if claim.is_target:
            return say("claims_page", "in_year", year=claim.year) if claim.year else ""
        if one.since and one.until:
            return self._span(one.since, one.until)
        if one.until:
            return say("claims_page", "as_of_day", day=self._full_day(one.until))
        return say("claims_page", "in_year", year=claim.year) if claim.year else ""

    def _span(self, since: date, until: date) -> str:
        say = self._say
        whole = since.day == 1 and (until + timedelta(days=1)).day == 1 and since.year == until.year
        if whole and (since.month, until.month) == (1, 12):
            return say("claims_page", "in_year", year=since.year)
        if whole:
            return say(
                "claims_page", "months",
                year=since.year, first=say.month(since.month), last=say.month(until.month),
            )  # fmt: skip
        return say("claims_page", "span", first=self._full_day(since), last=self._full_day(until))

    def _full_day(self, day: date) -> str:
        return self._say.day(day, 0)


def _share(number: int, widest: int) -> int:
    """Percent of the widest, at least one for what is not nothing."""
    return max(_LEAST, min(_WHOLE, round(number * _WHOLE / widest))) if number > 0 else 0
