"""What people decided of firms, as judged registrations: cases by which every later rule is measured."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.classify.batches import subject_of
from pipelines.classify.judged import Judged
from pipelines.classify.label import Grade, SubSector
from pipelines.decisions import LabelDecision, Recorded, standing
from pipelines.published_file import opened, rows

logger = logging.getLogger(__name__)

_FIRMS: Final = """
    SELECT uscc, name, scope, name_en, industry, licence_kinds AS licences FROM firms
    WHERE uscc IN (SELECT unnest($wanted::VARCHAR[]))
"""


@dataclass(frozen=True, slots=True)
class Decided:
    """The firms that people decided on: as cases in the order of their lines, and those that the file lacks (codes)."""

    cases: tuple[Judged, ...] = ()
    unknown: tuple[str, ...] = ()


def read_decided(path: Path, decisions: Sequence[Recorded]) -> Decided:
    """The label that counts of each firm that people decided on, with what it is judged by as published.

    `why` says who decided, and why. Of a firm that the file does not know, and of a decision that names a grade without
    its sub-sector, a warning says so: neither can be a case. Raises PublishedFileError, unless nothing was decided.
    """
    decided = counting(decisions)
    if not decided:
        return Decided()
    with opened(path) as connection:
        known = {row["uscc"]: row for row in rows(connection, _FIRMS, {"wanted": sorted(decided)})}
    cases, unknown = [], []
    for uscc, (line, decision) in sorted(decided.items(), key=lambda item: item[1][0]):
        grade = Grade(decision.grade)
        # With grade none no sub-sector counts, whatever an old line says.
        primary = SubSector.NONE if grade is Grade.NONE else SubSector(decision.sub_sector)
        if uscc not in known:
            unknown.append(uscc)
            logger.warning("decisions.jsonl:%d: %s is in no register that %s knows: no case", line, uscc, path)
        elif (grade is Grade.NONE) != (primary is SubSector.NONE):
            logger.warning("decisions.jsonl:%d: grade %s without a sub-sector: no case", line, grade)
        else:
            firm = {field: value for field, value in known[uscc].items() if field != "uscc"}
            why = f"{decision.who}: {decision.why}"
            cases.append(Judged(uscc=uscc, subject=subject_of(**firm), grade=grade, primary=primary, why=why))
    return Decided(tuple(cases), tuple(unknown))


def counting(decisions: Sequence[Recorded]) -> dict[str, tuple[int, LabelDecision]]:
    """Of each firm (by credit code) the label decision that counts, with its line: of those that stand the newest."""
    newest: dict[str, tuple[int, LabelDecision]] = {}
    for line, decision in standing(decisions):
        if isinstance(decision, LabelDecision):
            held = newest.get(decision.uscc)
            if held is None or (decision.when, line) > (held[1].when, held[0]):
                newest[decision.uscc] = (line, decision)
    return newest
