"""Walks the proof of an event: what we tell, each record that proves it back to its bytes, how the firm is judged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from crawler.archive import ArchiveError
from crawler.run_folder import Manifest, Outcome
from pipelines.classify import classify_batch, evidence_text, rules_version
from pipelines.classify.batches import subject_of
from pipelines.store.database import PUBLISHED_NAME
from reports.briefing import Basis, Exhibit, Kind, Role
from reports.cells import Row, text, utc
from reports.telling import phrase_on
from reports.why.captured import at, look_at_bytes
from reports.why.model import Chain, Check, Facts, Step
from reports.why.place import PlaceError, find_code
from reports.why.read import Known, read_known
from reports.why.runs import RunSeen, differing, look_at_run
from reports.why.value import check_value
from reports.words import Words

_QUOTE = "quote"
# What labels are given by; in a file that an older program published some of it is not there, and did not count.
_JUDGED_BY = ("name", "scope", "name_en", "industry", "licence_kinds")
_TITLES = {Role.BEFORE: "before", Role.AFTER: "after", Role.ABSENCE: "no longer listed", Role.TOLD: "told too"}


def explain(home: Path, wanted: str) -> Chain:
    """The proof of the event with this id, or the only one whose id begins so, as far as it can still be walked.

    Raises WhyError when no such event is published or several are, NoPublishedFileError, PublishedUnreadableError.
    """
    known = read_known(home / PUBLISHED_NAME, wanted)
    event, walk = known.event, _Walk(home, known)
    phrase = Words("en")("kind", phrase_on(Kind(event["kind"]), Basis(event["basis"])))
    return Chain(
        event_id=event["event_id"],
        title=f"{phrase}: {text(event['name']) or event['uscc']}",
        steps=(_event(known), *walk.exhibits(), _judgement(known), _release(known)),
    )


def _event(known: Known) -> Step:
    event = known.event
    why = f"{event['category']}: {event['kind']}, basis {event['basis']}"
    proved = bool(known.exhibits)
    checks = check_value(event, known.exhibits) if proved else (Check(False, "the event names no record as proof"),)
    return Step(
        title="event",
        facts=_filled(
            ("id", event["event_id"]),
            ("firm", f"{text(event['name'])} {event['uscc']}"),
            ("what", why),
            ("before", text(event["before"])),
            ("after", text(event["after"])),
            ("happened on", text(event["happened_on"]) or "not stated by the source"),
            ("discovered on", f"{event['discovered_on']} (known since {at(event['discovered_at'])})"),
        ),
        notes=tuple(_taken_back(event)),
        checks=tuple(checks),
    )


def _taken_back(event: Row) -> Iterator[str]:
    if event["retracted_at"] is not None:
        yield f"This event was told and TAKEN BACK on {at(event['retracted_at'])}."
        yield "A replay of the captured pages does not confirm it. Its proof is what it rested on until then."


class _Walk:
    """Goes from each record that proves an event to the run that read it and the bytes it was read from."""

    def __init__(self, home: Path, known: Known) -> None:
        self._known = known
        self._look = cache(lambda run_id: look_at_run(home, run_id))  # both records may be of one run

    def exhibits(self) -> Iterator[Step]:
        """A step for each record."""
        for exhibit in self._known.exhibits:
            seen = self._look(exhibit.run_id)
            checks = [*seen.checks, *self._run_as_published(exhibit, seen.manifest)]
            place = None
            if exhibit.role is Role.ABSENCE:
                checks += self._absence(exhibit, seen)
            else:
                checks.append(_as_read(exhibit, seen))
                found, place = look_at_bytes(exhibit, seen)
                checks += found
            yield Step(
                title=f"{_TITLES[exhibit.role]}: {' · '.join(filter(None, (exhibit.source, exhibit.series)))}",
                facts=(*self._stated(exhibit), *_run_facts(exhibit, seen), *self._superseded(exhibit)),
                notes=_run_notes(seen.manifest),
                checks=tuple(checks),
                place=place,
            )

    def _stated(self, exhibit: Exhibit) -> Facts:
        spell = self._known.spells.get(exhibit.observation_id)
        line = "" if exhibit.line is None else f", line {exhibit.line}"
        return _filled(
            ("publisher", exhibit.publisher),
            ("observation", exhibit.observation_id),
            ("known", _known(spell) if spell else ""),
            (_QUOTE, (exhibit.record or {}).get(_QUOTE, "")),
            ("stands at", f"{exhibit.url}{line}" if exhibit.url else ""),
            ("captured", at(exhibit.fetched_at) if exhibit.fetched_at else ""),
        )

    def _superseded(self, exhibit: Exhibit) -> Facts:
        """The reading that took the place of the one this record rests on."""
        return _filled(("superseded by", text(self._known.runs.get(exhibit.run_id, {}).get("superseded_by"))))

    def _run_as_published(self, exhibit: Exhibit, manifest: Manifest | None) -> Iterator[Check]:
        """Whether the published file holds of a run what its manifest says."""
        if manifest is None:
            return
        row = self._known.runs.get(exhibit.run_id)
        if row is None:
            yield Check(False, "the published file knows no such run")
            return
        pairs = {
            "outcome": (row["outcome"], manifest.outcome),
            "end": (at(row["finished_at"]), at(_instant(manifest.finished_at))),
            "parser": (row["parser"], manifest.parser),
            "code version": (row["code_version"], manifest.code_version),
        }
        for name, (held, said) in pairs.items():
            if held != said:
                yield Check(False, f"the published file gives as the run's {name} {held}, its manifest {said}")
        if all(held == said for held, said in pairs.values()):
            yield Check(True, f"{', '.join(pairs)} of the run are published as its manifest says them")

    def _absence(self, exhibit: Exhibit, seen: RunSeen) -> Iterator[Check]:
        """Whether the run lists everything, and the firm (or the licence) stands in no row of it or of its sweep."""
        if seen.manifest is None:
            return
        sweep = self._known.sweeps.get(exhibit.run_id, (exhibit.run_id,))
        whole = seen.manifest.outcome == Outcome.COMPLETE and seen.manifest.lists_everything
        yield Check(whole, f"the run {'is' if whole else 'is NOT'} a complete reading of a list of everything")
        code, searched = _sought(self._known), 0
        try:
            for reply in (reply for run_id in sweep for reply in self._look(run_id).replies()):
                rows, line = find_code(reply, code)
                searched += rows
                if line is not None:
                    yield Check(False, f"line {line} of the captured list DOES name {code}")
                    return
        except (ArchiveError, PlaceError, OSError) as error:
            yield Check(False, str(error))
            return
        of_runs = f" of {len(sweep)} runs" if len(sweep) > 1 else ""
        yield Check(searched > 0, f"none of the {searched} rows of the captured list{of_runs} names {code}")


def _sought(known: Known) -> str:
    """By what a list names what it no longer shows: a licence's number, or else the firm's credit code."""
    stated = (one.record.get("number", "") for one in known.exhibits if one.record and one.role is Role.BEFORE)
    number = next(filter(None, stated), "")
    return number if known.event["kind"] == Kind.LICENCE_LAPSED and number else str(known.event["uscc"])


def _known(spell: Row) -> str:
    until = f"until {at(spell['known_to'])}" if spell["known_to"] else "and holds"
    runs = f"{spell['sightings']} run{'s' * (spell['sightings'] != 1)}"
    return f"from {at(spell['known_from'])} {until}, in {runs}"


def _run_facts(exhibit: Exhibit, seen: RunSeen) -> Facts:
    manifest = seen.manifest
    if manifest is None:
        return (("run", exhibit.run_id),)
    replay = f"{manifest.supersedes}, read again {at(_instant(manifest.read_at))}" if manifest.supersedes else ""
    outcome = f"{manifest.outcome} {manifest.reason}".rstrip()
    return _filled(
        ("run", exhibit.run_id),
        ("replay of", replay),
        ("outcome", f"{outcome}, ended {at(_instant(manifest.finished_at))}"),
        ("read by", f"parser {manifest.parser or '?'}, code {manifest.code_version or '?'}"),
        ("capture", f"{seen.capture or 'none'} record {exhibit.capture}" if exhibit.capture else ""),
    )


def _run_notes(manifest: Manifest | None) -> tuple[str, ...]:
    hosts = manifest.arguments.get("stand_ins", "") if manifest else ""
    return (f"The run was a rehearsal: stand-ins answered for {hosts}.",) if hosts else ()


def _as_read(exhibit: Exhibit, seen: RunSeen) -> Check:
    """Whether the run's items hold what the record states."""
    record = exhibit.record or {}
    try:
        differences = [differing(record, item) for item in seen.items(exhibit.capture, exhibit.line)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Check(False, f"{seen.folder.items}: cannot be read: {error}")
    if not differences:
        return Check(False, f"{seen.folder.items}: holds no item that was read from this place")
    if wrong := min(differences, key=len):
        return Check(False, f"items.jsonl states otherwise than the record: {', '.join(wrong)}")
    return Check(True, "items.jsonl holds the item that was read from this place, and it states what the record does")


def _judgement(known: Known) -> Step:
    """How the firm is judged now; none of it made the event."""
    firm = known.firm
    if firm is None:
        return Step(title="firm", notes=("The firm is not in the published file any more.",))
    return Step(
        title="firm as judged now",
        facts=_filled(
            ("label", f"{firm['grade']}, {firm['sub_sector']}"),
            ("decided by", f"{firm['label_decided_by']}: {text(firm['label_evidence']) or 'no word speaks for it'}"),
            ("rules", text(firm["rules_version"])),
            ("in Putuo", f"{firm['in_putuo']}: {text(firm['place_reason'])}"),
            ("address", text(firm["address"])),
            ("gazetteer", known.release["gazetteer_version"]),
        ),
        notes=("Labels never make events; they decide only where an event is told.", *_other_rules(firm)),
        checks=tuple(_label(firm)),
    )


def _other_rules(firm: Row) -> Iterator[str]:
    if firm["label_decided_by"] == "rules" and firm["rules_version"] != rules_version():
        yield f"This program has other rules ({rules_version()}), so the label was not made again to compare."


def _label(firm: Row) -> Iterator[Check]:
    """Whether the rules still give the label that is published, where they are the same rules."""
    if firm["label_decided_by"] != "rules" or firm["rules_version"] != rules_version():
        return
    label = next(classify_batch([subject_of(*(text(firm.get(column)) for column in _JUDGED_BY))]))
    same = (label.grade, label.primary, evidence_text(label)) == tuple(
        text(firm[column]) for column in ("grade", "sub_sector", "label_evidence")
    )
    yield Check(same, f"the rules {'give' if same else 'do NOT give'} this label to what is known of it")


def _release(known: Known) -> Step:
    release = known.release
    return Step(
        title="published file",
        facts=_filled(
            ("published", at(release["published_at"])),
            ("code", release["code_version"]),
            ("rules", release["rules_version"]),
            ("gazetteer", release["gazetteer_version"]),
            ("content hash", release["content_hash"]),
        ),
    )


def _filled(*facts: tuple[str, str]) -> Facts:
    return tuple((label, value) for label, value in facts if value.strip())


def _instant(stamp: str) -> datetime:
    return utc(datetime.fromisoformat(stamp))
