"""What people decided, read from `decisions.jsonl`: append-only, one decision a line, the latest on a firm counts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from crawler.config import SubSectorName

FILE_NAME = "decisions.jsonl"


class DecisionError(ValueError):
    """A line of decisions.jsonl cannot be read; the message names file and line."""


class LabelDecision(BaseModel):
    """A person's judgement of a firm: wins over the rules, and survives every rebuild."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["label"]
    uscc: str = Field(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")
    grade: Literal["core", "peripheral", "none"]
    sub_sector: SubSectorName | Literal["none"]
    who: str = Field(min_length=1, max_length=80)
    when: AwareDatetime
    why: str = Field(min_length=1, max_length=500)


def read_decisions(home: Path) -> list[LabelDecision]:
    """All decisions of a data directory, in the order they were made. Raises DecisionError."""
    path = home / FILE_NAME
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(LabelDecision.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(step) for step in first["loc"]) or "line"
            raise DecisionError(f"{path}:{number}: {where}: {first['msg']}") from error
    return found


def store_decisions(connection: duckdb.DuckDBPyConnection, decisions: list[LabelDecision]) -> None:
    """Replaces the table of decisions by these."""
    connection.execute("DELETE FROM base.decisions")
    if not decisions:
        return
    rows: dict[str, list[object]] = {
        "line": list(range(1, len(decisions) + 1)),
        "kind": [d.kind for d in decisions],
        "uscc": [d.uscc for d in decisions],
        "grade": [d.grade for d in decisions],
        "sub_sector": [d.sub_sector for d in decisions],
        "decided_by": [d.who for d in decisions],
        "decided_at": [_utc(d.when) for d in decisions],
        "why": [d.why for d in decisions],
    }
    connection.register("decided", pa.table(rows))
    connection.execute("INSERT INTO base.decisions SELECT * FROM decided")
    connection.unregister("decided")


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)
