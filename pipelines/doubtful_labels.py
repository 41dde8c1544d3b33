"""The labels that a person should look at: of those that are not sure, the ones whose error would cost most first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import duckdb

from pipelines.classify import Grade
from pipelines.classify.batches import subject_of
from pipelines.classify.engine import Explanation, packaged
from pipelines.published_file import rows

# Of labels surer than this a careful reader would change fewer than one in ten: looking at them finds too little.
SURE: Final = 0.9
_STEPS: Final = 0.05  # closer than this to each other, two losses are as large: then the larger firm goes first
_WORTH_TELLING: Final = 0.05  # probability below which another answer is not shown

# What an error costs, of 1: a shop told as a life-health firm, or such a firm never told. `peripheral` stands between,
# and nearer to none: neither is told among the district's firms.
_COST: Final[Mapping[frozenset[Grade], float]] = {
    frozenset({Grade.CORE, Grade.NONE}): 1.0,
    frozenset({Grade.CORE, Grade.PERIPHERAL}): 0.6,
    frozenset({Grade.PERIPHERAL, Grade.NONE}): 0.3,
}
# And that of a wrong sub-sector under a right grade: the firm is told, in a wrong place.
_WRONG_SECTOR: Final[Mapping[Grade, float]] = {Grade.CORE: 0.4, Grade.PERIPHERAL: 0.1, Grade.NONE: 0.0}

_JUDGED_BY: Final = ("name", "scope", "name_en", "industry", "licence_kinds")
_LABELS: Final = """
    WITH happened AS (
        SELECT uscc, arg_max(kind, (category = 'arrival', discovered_at)) AS kind,
            bool_or(category = 'arrival' AND discovered_at >= $opens) AS arrives,
            bool_or(discovered_at >= $opens) AS is_told
        FROM events WHERE discovered_at >= $since GROUP BY uscc
    )
    SELECT f.uscc, f.name, f.name_en, f.industry, f.licence_kinds, f.grade, f.sub_sector, f.score, f.label_evidence,
        f.scope, f.address, f.capital_raw, coalesce(h.kind, '') AS event, coalesce(h.is_told, false) AS is_told,
        CASE WHEN h.arrives THEN 0 WHEN h.is_told THEN 1 WHEN h.uscc IS NOT NULL THEN 2 ELSE 3 END AS tier,
        -- A dollar counts as a yuan here: it orders, and no more.
        coalesce(f.capital, 0) AS capital
    FROM firms f LEFT JOIN happened h USING (uscc)
    WHERE f.in_putuo = 'yes' AND f.label_decided_by = 'rules' AND f.score < $sure
        -- Where no word speaks there is nothing to doubt.
        AND (f.grade <> 'none' OR f.label_evidence <> '')
        AND (f.status IN ('active', 'unknown') OR h.is_told)
        AND f.uscc NOT IN (SELECT unnest($judged::VARCHAR[]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelEntry:
    """A firm whose label is doubtful. `event`: what happened to it lately; `is_told`: in the coming briefing.

    `score` is the probability that the label is right, as published; `rivals` are the other grades and sub-sectors that
    today's rules give some chance, each with its probability, likeliest first.
    """

    uscc: str
    name: str
    grade: str
    sub_sector: str
    score: float
    rivals: tuple[tuple[str, float], ...]
    evidence: str
    scope: str
    address: str
    capital: str
    event: str
    is_told: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubtful label and its tier of consequence: 0 for what the coming briefing tells first, 3 for what is quiet."""

    tier: int
    entry: LabelEntry


def doubtful_labels(
    connection: duckdb.DuckDBPyConnection, judged: Sequence[str], opens: datetime, since: datetime
) -> list[Doubt]:
    """The doubtful labels of Putuo's firms but those `judged` (credit codes), in the order in which to look at them.

    First by tier: arrivals since `opens` (UTC, naive), what else is told since then, what happened since `since`, and
    the others; in a tier by the loss to be expected from the label as it is published, by the probabilities that
    today's rules give.
    """
    asked = {"opens": opens, "since": since, "judged": sorted(judged), "sure": SURE}
    explained = [
        (row, packaged().explain(subject_of(*(row[name] for name in _JUDGED_BY))))
        for row in rows(connection, _LABELS, asked)
    ]

    def order(pair: tuple[dict[str, Any], Explanation]) -> tuple[object, ...]:
        row, explanation = pair
        step = int(expected_loss(row["grade"], row["sub_sector"], explanation) / _STEPS)
        return row["tier"], -step, -row["capital"], row["uscc"]

    return [Doubt(row["tier"], _entry(row, explanation)) for row, explanation in sorted(explained, key=order)]


def expected_loss(grade: str, sub_sector: str, explanation: Explanation) -> float:
    """What it costs on average (0..1) to leave this label as it is, if the answers are as likely as was explained."""
    said = Grade(grade)
    likely, sectors = _grades(explanation), {option.answer: option.probability for option in explanation.primaries}
    wrong_grade = sum(chance * _COST[frozenset({said, other})] for other, chance in likely.items() if other is not said)
    return wrong_grade + likely.get(said, 0.0) * (1 - sectors.get(sub_sector, 0.0)) * _WRONG_SECTOR[said]


def _grades(explanation: Explanation) -> dict[Grade, float]:
    """How likely each grade is; where nothing speaks no other was weighed than none."""
    weighed = {Grade(option.answer): option.probability for option in explanation.grades}
    return weighed or {Grade.NONE: 1.0}


def _rivals(grade: str, sub_sector: str, explanation: Explanation) -> Iterator[tuple[str, float]]:
    for options in (explanation.grades, explanation.primaries):
        for option in options:
            if option.answer not in (grade, sub_sector) and option.probability >= _WORTH_TELLING:
                yield option.answer, option.probability


def _entry(row: dict[str, Any], explanation: Explanation) -> LabelEntry:
    return LabelEntry(
        uscc=row["uscc"],
        name=row["name"],
        grade=row["grade"],
        sub_sector=row["sub_sector"],
        score=row["score"],
        rivals=tuple(_rivals(row["grade"], row["sub_sector"], explanation)),
        evidence=row["label_evidence"],
        scope=row["scope"],
        address=row["address"],
        capital=row["capital_raw"],
        event=row["event"],
        is_told=row["is_told"],
    )
