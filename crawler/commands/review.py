"""`scrapy review`: what a person should look at, and the word on it, kept for good."""

from __future__ import annotations

import argparse
import getpass
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from filelock import Timeout
from pydantic import ValidationError

from crawler import clock
from crawler.cadence import in_shanghai
from crawler.command import BUSY, MISTAKE, WELL, CommandError, MonitorCommand
from crawler.config import SubSectorName
from crawler.console import say
from crawler.fields.credit_code import normalise, problem
from crawler.fields.personal import redact
from reports.untrusted import clean

if TYPE_CHECKING:
    from pipelines.decisions import Decision, LabelDecision, MatchDecision, Recorded
    from pipelines.doubtful_labels import LabelEntry
    from pipelines.review import MatchEntry, UnknownEntry

_D = TypeVar("_D", bound="Decision")
_GRADES = ("core", "peripheral", "none")
_SUB_SECTORS = (*get_args(SubSectorName), "none")
_VERDICTS = ("same", "different", "unsure")
_SCOPE, _LINE = 240, 400  # characters shown
# What belongs to which word; --why and --who belong to all three.
_OPTIONS = {
    "": ("limit", "kind", "decided"),
    "label": ("grade", "sub_sector", "why", "who", "unseen"),
    "match": ("article", "why", "who", "unseen"),
    "withdraw": ("why", "who"),
}


class Command(MonitorCommand):
    """Shows the queue, or records a decision."""

    def syntax(self) -> str:
        return "[label USCC | match NAME USCC same|different|unsure | withdraw LINE] [options]"

    def short_desc(self) -> str:
        return "Show what a person should judge, and record what was decided"

    def long_desc(self) -> str:
        return (
            "Without a word: the labels and matches that are least sure and matter most, with what decides them, how "
            "likely each answer is, and the command that records one. `label` says what a firm is, `match` whom a name "
            "means (with --article in that article, else wherever it stands, in licences and disclosures too), "
            "`withdraw` takes a line back. --kind candidate shows firms that pages name and no "
            "register knows. Decisions are added to decisions.jsonl and never removed; they count from the next "
            "`scrapy load`, are cases that `scrapy evaluate` reads, survive every rebuild "
            'and make no old event new. Example: scrapy review label 91310199… --grade none --why "sells furniture". '
            "Exit codes: 0 shown or recorded; 1 a file cannot be read; 2 a mistake in the call; 3 another is recording."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--limit", metavar="N", type=int, help="entries to show (default: 10)")
        parser.add_argument("--kind", choices=("label", "match", "candidate"), help="only this kind")
        parser.add_argument("--decided", action="store_true", help="list the decisions instead, with their lines")
        parser.add_argument("--grade", choices=_GRADES, help="label: how far life-health is what the firm is for")
        parser.add_argument("--sub-sector", choices=_SUB_SECTORS, help="label: which one; none with grade none")
        parser.add_argument("--article", metavar="ID", help="match: only in this article (default: wherever it stands)")
        parser.add_argument("--why", metavar="TEXT", help="the reason, which readers of the evidence see")
        parser.add_argument("--who", metavar="NAME", help="who decides (default: the login name)")
        parser.add_argument("--unseen", action="store_true", help="though the published file does not know the subject")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        # As in `load`: not every crawl shall wait for DuckDB and Arrow.
        from pipelines.classify import RulesError  # noqa: PLC0415
        from pipelines.decisions import DecisionError  # noqa: PLC0415
        from pipelines.published_file import PublishedFileError  # noqa: PLC0415

        acts: dict[str, tuple[int, Callable[[list[str], argparse.Namespace], None]]] = {
            "": (0, self._show),
            "label": (1, self._label),
            "match": (3, self._match),
            "withdraw": (1, self._withdraw),
        }
        word, *rest = args or [""]
        if word not in acts or len(rest) != acts[word][0]:
            raise CommandError(f"{' '.join(args)!r}: write scrapy review {self.syntax()}", MISTAKE)
        _refuse_strange(word, opts)
        try:
            acts[word][1](rest, opts)
        except Timeout as error:
            raise CommandError(f"another is recording a decision (lock: {error.lock_file})", BUSY) from error
        except (DecisionError, PublishedFileError, RulesError, OSError) as error:
            raise CommandError(str(error)) from error
        return WELL

    def _show(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.decisions import read_decisions  # noqa: PLC0415
        from pipelines.doubtful_labels import LabelEntry  # noqa: PLC0415
        from pipelines.review import UnknownEntry, read_queue  # noqa: PLC0415

        limit = 10 if opts.limit is None else opts.limit
        if limit < 1:
            raise CommandError(f"--limit {limit}: must be 1 or more", MISTAKE)
        decisions = read_decisions(self.home)
        if opts.decided:
            _tell_decided([one for one in decisions if opts.kind in (None, one.decision.kind)], opts.limit)
            return
        queue = read_queue(self._published, decisions, limit, (opts.kind,) if opts.kind else ("label", "match"))
        for number, entry in enumerate(queue.entries, start=1):
            if isinstance(entry, LabelEntry):
                _tell_label(number, entry)
            elif isinstance(entry, UnknownEntry):
                _tell_unknown(number, entry)
            else:
                _tell_match(number, entry)
        kinds = {
            "label": f"{queue.labels} labels",
            "match": f"{queue.matches} matches",
            "candidate": f"{queue.candidates} candidates",
        }
        asked = [kinds[opts.kind]] if opts.kind else [kinds["label"], kinds["match"]]
        say(f"to review: {', '.join(asked)}; shown: {len(queue.entries)}")

    def _label(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.decisions import LabelDecision  # noqa: PLC0415

        uscc = _code(args[0])
        sub_sector = opts.sub_sector or ("none" if opts.grade == "none" else None)
        if opts.grade is None or sub_sector is None:
            raise CommandError("say --grade and --sub-sector (grade none needs no sub-sector)", MISTAKE)
        if (opts.grade == "none") != (sub_sector == "none"):
            raise CommandError(f"grade {opts.grade} does not go with sub-sector {sub_sector}", MISTAKE)
        decision = _made(LabelDecision, opts, uscc=uscc, grade=opts.grade, sub_sector=sub_sector)
        self._check_subject(decision, opts)
        self._record(decision)

    def _match(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.decisions import MatchDecision  # noqa: PLC0415

        name, uscc, verdict = clean(args[0], 201), _code(args[1]), args[2]
        if verdict not in _VERDICTS:
            raise CommandError(f"{verdict!r}: say same, different or unsure", MISTAKE)
        decision = _made(MatchDecision, opts, name=name, uscc=uscc, verdict=verdict, article_id=opts.article or "")
        self._check_subject(decision, opts)
        self._record(decision)

    def _withdraw(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.decisions import Withdrawal  # noqa: PLC0415

        if not args[0].isdecimal():
            raise CommandError(f"{args[0]!r} is no line number; scrapy review --decided shows them", MISTAKE)
        self._record(_made(Withdrawal, opts, line=int(args[0])))

    def _check_subject(self, decision: LabelDecision | MatchDecision, opts: argparse.Namespace) -> None:
        """Finds a slip of the hand in time: the firm is known, and the name stands where it is said to."""
        from pipelines.review import look_up  # noqa: PLC0415

        if opts.unseen:
            return
        name, article_id = getattr(decision, "name", ""), getattr(decision, "article_id", "")
        subject = look_up(self._published, uscc=decision.uscc, article_id=article_id, name=name)
        but = "; if it is right all the same, add --unseen"
        if not subject.firm:
            raise CommandError(f"{decision.uscc}: no such firm in {self._published}{but}", MISTAKE)
        if article_id and not subject.title:
            raise CommandError(f"--article {article_id}: no such article in {self._published}{but}", MISTAKE)
        if article_id and not subject.is_named:
            raise CommandError(f"{name!r} does not stand in article {article_id}{but}", MISTAKE)
        say(f"firm: {clean(subject.firm, _LINE)}")

    def _record(self, decision: Decision) -> None:
        from pipelines.decisions import Withdrawal, read_decisions, record_decision  # noqa: PLC0415
        from pipelines.review import overridden  # noqa: PLC0415

        before = read_decisions(self.home)
        line = record_decision(self.home, decision)
        if not isinstance(decision, Withdrawal):
            for one in overridden(before, decision):
                later = one.decision.when > decision.when
                say(("dated later, so it goes on counting: " if later else "replaces ") + _told(one))
        say(f"recorded line {line}; next: scrapy load")

    @property
    def _published(self) -> Any:
        from pipelines.store.database import PUBLISHED_NAME  # noqa: PLC0415

        return self.home / PUBLISHED_NAME


def _refuse_strange(word: str, opts: argparse.Namespace) -> None:
    """An option that says nothing here would be lost: the caller meant something by it."""
    known = {name for names in _OPTIONS.values() for name in names}
    strange = sorted(name for name in known - set(_OPTIONS[word]) if getattr(opts, name) not in (None, False))
    if strange:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in strange)
        raise CommandError(f"{options}: not of {f'`review {word}`' if word else '`review` without a word'}", MISTAKE)


def _code(text: str) -> str:
    uscc = normalise(text)
    if reason := problem(uscc):
        raise CommandError(f"{clean(text, 40)!r} is no unified social credit code: {reason}", MISTAKE)
    return uscc


def _made(kind: type[_D], opts: argparse.Namespace, **said: Any) -> _D:
    """The decision. Raises CommandError, naming the option that cannot be."""
    for name, text in (("--why", opts.why), ("NAME", said.get("name"))):
        if text is not None and redact(str(text)) != text:
            raise CommandError(f"{name}: leave out what identifies or reaches a person", MISTAKE)
    if not opts.why:
        raise CommandError("say --why: whoever reads the evidence must be able to follow", MISTAKE)
    try:
        return kind(**said, who=opts.who or _login(), when=clock.now(), why=opts.why)
    except ValidationError as error:
        first = error.errors()[0]
        raise CommandError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", MISTAKE) from error


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise CommandError("this login has no name: say --who", MISTAKE) from error


# ------------------------------------------------------------------------------------------------------- telling


def _tell_label(number: int, entry: LabelEntry) -> None:
    why = _consequence(entry.event, is_told=entry.is_told)
    say(f"{number}. label: {clean(entry.name, _LINE)} ({entry.uscc}){why}")
    rivals = "".join(f"; {answer} {probability:.2f}" for answer, probability in entry.rivals)
    say(f"   now: {entry.grade}, {entry.sub_sector}, probability {entry.score:.2f}{rivals}")
    say(f"   words: {clean(entry.evidence, _LINE)}")
    say(f"   scope: {clean(entry.scope, _SCOPE) or '(none)'}")
    say(f"   capital: {clean(entry.capital, 60) or '(none)'}; address: {clean(entry.address, _LINE) or '(none)'}")
    say(f'   scrapy review label {entry.uscc} --grade {entry.grade} --sub-sector {entry.sub_sector} --why "…"')


def _tell_match(number: int, entry: MatchEntry) -> None:
    name = clean(entry.name, 200)
    shared = "" if len(entry.firms) == 1 else f" (may be any of {len(entry.firms)} firms)"
    why = _consequence(entry.event, is_told=entry.is_told, is_supposed=entry.is_supposed)
    say(f"{number}. match: {name}{shared}{why}")
    say(f"   “{clean(entry.sentence, _LINE)}”")
    say(f"   {clean(entry.title, _LINE)} ({entry.published_on or 'no day'}) {clean(entry.url, _LINE)}")
    if entry.articles > 1:
        say(f"   so named in {entry.articles} places: without --article a decision counts for all")
    article = f" --article {entry.article_id}" if entry.article_id else ""
    for firm in entry.firms:
        say(f"   is it {clean(firm.name, _LINE)} ({firm.uscc}), {clean(firm.address, _LINE) or 'no address'}?")
        asked = f"scrapy review match {shlex.quote(name)} {firm.uscc}"
        say(f'   {asked} same|different|unsure{article} --why "…"')


def _tell_unknown(number: int, entry: UnknownEntry) -> None:
    name = clean(entry.name, 200)
    said = f" [{clean(entry.events, _LINE)}]" if entry.events else ""
    parks = f", {clean(entry.parks, _LINE)}" if entry.parks else ""
    say(f"{number}. candidate: {name}{said}")
    say(f"   pages: {entry.pages} since {entry.first_published_on or 'no day'}{parks}")
    say(f"   written: {clean(entry.forms, _LINE)}")
    if entry.quote:
        say(f"   “{clean(entry.quote, _LINE)}”")
    for firm in entry.near:
        say(f"   near: {clean(firm.name, _LINE)} ({firm.uscc}), {clean(firm.address, _LINE) or 'no address'}")
    say(f'   who knows its code: scrapy review match {shlex.quote(name)} USCC same --unseen --why "…"')


def _consequence(event: str, *, is_told: bool, is_supposed: bool = False) -> str:
    if not event:
        return ""
    if is_supposed:
        return f" [would make {event}]"
    return f" [{event}, in the coming briefing]" if is_told else f" [{event}]"


def _tell_decided(decisions: list[Recorded], limit: int | None) -> None:
    for one in decisions[-limit:] if limit else decisions:
        say(_told(one) + (f" WITHDRAWN by line {one.withdrawn_by}" if one.withdrawn_by else ""))
    say(f"decided: {len(decisions)}")


def _told(one: Recorded) -> str:
    decision = one.decision
    said = decision.model_dump(exclude={"kind", "who", "when", "why"})
    what = " ".join(clean(value, 200) for value in said.values() if value != "")
    who, when = clean(decision.who, 80), in_shanghai(decision.when)
    return f"line {one.line}: {decision.kind} {what} ({who}, {when}: {clean(decision.why, 500)})"
