"""What people decided, in `decisions.jsonl`: one decision a line, only ever added to; the latest on a matter counts."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import duckdb
import pyarrow as pa
from filelock import FileLock
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from crawler.config import SubSectorName
from crawler.run_folder import sync_folder

FILE_NAME = "decisions.jsonl"
LOCK_NAME = "decisions.lock"
_WAIT: Final = 5.0  # seconds; an append takes milliseconds
_MODE: Final = 0o644  # of a new file: who may load may read it; a mode that somebody set stays
# Ends a line that a killed append left unfinished. No whole line ends so: JSON ends with a bracket.
_UNFINISHED: Final = b" #unfinished"
_BOM: Final = b"\xef\xbb\xbf"
_SHORTEST_NAME: Final = 2  # letters or characters: one alone means nobody

logger = logging.getLogger(__name__)

Uscc = Annotated[str, Field(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")]


class DecisionError(ValueError):
    """A line of decisions.jsonl cannot be read; the message names file and line."""


class _Decision(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    who: str = Field(min_length=1, max_length=80)
    when: AwareDatetime
    why: str = Field(min_length=1, max_length=500)


class LabelDecision(_Decision):
    """A person's judgement of a firm: wins over the rules, and survives every rebuild."""

    kind: Literal["label"] = "label"
    uscc: Uscc
    grade: Literal["core", "peripheral", "none"]
    sub_sector: SubSectorName | Literal["none"]


class MatchDecision(_Decision):
    """Whether a name, as the article writes it, means a firm: in one article, or with "" wherever it stands.

    `same`: it means the firm; `different`: it does not; `unsure`: somebody looked, and the rules decide, whatever was
    said of it before.
    """

    kind: Literal["match"] = "match"
    name: str = Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
    uscc: Uscc
    verdict: Literal["same", "different", "unsure"]
    article_id: str = Field(default="", pattern=r"^(?:a[0-9a-f]{16})?$")

    @field_validator("name")
    @classmethod
    def _long_enough(cls, name: str) -> str:
        if sum(character.isalnum() for character in name) < _SHORTEST_NAME:
            raise ValueError(f"too short to mean one firm: {name!r}")
        return name


class Withdrawal(_Decision):
    """Takes back the decision (or the withdrawal) of an earlier line."""

    kind: Literal["withdraw"] = "withdraw"
    line: int = Field(ge=1)


Decision = LabelDecision | MatchDecision | Withdrawal
_READER: Final[TypeAdapter[Decision]] = TypeAdapter(Annotated[Decision, Field(discriminator="kind")])
_KINDS: Final = ("label", "match", "withdraw")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision, the line it stands on (1 is the first), and the line that withdraws it (0: none does)."""

    line: int
    decision: Decision
    withdrawn_by: int = 0

    @property
    def stands(self) -> bool:
        """Whether it counts."""
        return not self.withdrawn_by


# ------------------------------------------------------------------------------------------------------ reading


def read_decisions(home: Path) -> list[Recorded]:
    """All decisions of a data directory, withdrawn ones too, in the order they were written. Raises DecisionError.

    A last line that is unfinished (an append that was killed) is left out with a warning: nobody was told it was
    recorded.
    """
    path = home / FILE_NAME
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        return []
    found: dict[int, Decision] = {}
    for number, line, is_ended in _lines(body):
        if not line.strip() or line.endswith(_UNFINISHED):
            continue
        if not is_ended and not _is_json(line):
            logger.warning("%s:%d: unfinished, so it does not count: decide again", path, number)
            continue
        found[number] = _read(path, number, line)
        target = found[number]
        if isinstance(target, Withdrawal) and (target.line >= number or target.line not in found):
            raise DecisionError(f"{path}:{number}: line: withdraws line {target.line}, which is no decision before it")
    return _resolved(found)


def standing(decisions: Iterable[Recorded]) -> Iterator[tuple[int, LabelDecision | MatchDecision]]:
    """Line and decision of each label and match that counts: what nobody withdrew."""
    for one in decisions:
        if one.stands and not isinstance(one.decision, Withdrawal):
            yield one.line, one.decision


def _resolved(found: dict[int, Decision]) -> list[Recorded]:
    """Backwards, for a withdrawal counts only if no later one takes it back."""
    withdrawn: dict[int, int] = {}
    for number in sorted(found, reverse=True):
        decision = found[number]
        if isinstance(decision, Withdrawal) and number not in withdrawn:
            withdrawn[decision.line] = number
    return [Recorded(number, decision, withdrawn.get(number, 0)) for number, decision in sorted(found.items())]


def _lines(body: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """Number, bytes and whether it ends in a line break, of each line."""
    lines = body.removeprefix(_BOM).split(b"\n")
    for number, line in enumerate(lines, start=1):
        yield number, line, number < len(lines)


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _read(path: Path, number: int, line: bytes) -> Decision:
    try:
        return _READER.validate_json(line)
    except ValidationError as error:
        wrong = error.errors()  # a wrong value tells more than a missing one
        first = next((one for one in wrong if one["type"] != "missing"), wrong[0])
        where = ".".join(str(step) for step in first["loc"] if step not in _KINDS) or "line"
        raise DecisionError(
            f"{path}:{number}: {where}: {first['msg']} (mend this line, or bring the file back from a backup)"
        ) from error


# ------------------------------------------------------------------------------------------------------ writing


def record_decision(home: Path, decision: Decision) -> int:
    """Adds a decision to the file, on the disk before this returns; returns its line.

    Safe against others who append at the same time, and against a kill at any moment. Raises DecisionError where the
    file cannot be read or a withdrawal names no standing line, filelock.Timeout, OSError.
    """
    home.mkdir(parents=True, exist_ok=True)
    path = home / FILE_NAME
    with FileLock(home / LOCK_NAME, timeout=_WAIT):
        decisions = read_decisions(home)  # behind a line that cannot be read, nobody would ever find this one
        if isinstance(decision, Withdrawal):
            _check_withdrawal(path, decision, decisions)
        before = path.read_bytes() if path.exists() else b""
        end = _ending(before)
        line = json.dumps(decision.model_dump(mode="json"), ensure_ascii=False).encode() + b"\n"
        _append(path, end + line)
        if not before:
            sync_folder(home)
        return before.count(b"\n") + end.count(b"\n") + 1


def _check_withdrawal(path: Path, decision: Withdrawal, decisions: list[Recorded]) -> None:
    target = next((one for one in decisions if one.line == decision.line), None)
    if target is None:
        raise DecisionError(f"{path}:{decision.line}: there is no decision on this line")
    if target.withdrawn_by:
        raise DecisionError(f"{path}:{decision.line}: is withdrawn already, by line {target.withdrawn_by}")


def _ending(body: bytes) -> bytes:
    """What must be added so that the next line stands alone: whatever is there stays, and keeps its number."""
    last = body.rpartition(b"\n")[2]
    if not last:
        return b""
    return b"\n" if _is_json(last.removeprefix(_BOM)) or not last.strip() else _UNFINISHED + b"\n"


def _append(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _MODE)
    with os.fdopen(descriptor, "ab") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


# ------------------------------------------------------------------------------------------------- into the base


def store_decisions(connection: duckdb.DuckDBPyConnection, decisions: Iterable[Recorded]) -> None:
    """Replaces the table of decisions by those of these that count.

    Matches that somebody withdrew go to `derived.withdrawn_matches`, each with the instant of that (UTC): what was told
    by their word was told until then.
    """
    decisions = list(decisions)
    said_at = {one.line: _utc(one.decision.when) for one in decisions}
    connection.execute("DELETE FROM base.decisions")
    connection.execute(
        "CREATE OR REPLACE TABLE derived.withdrawn_matches AS"
        " SELECT *, CAST(NULL AS TIMESTAMP) AS withdrawn_at FROM base.decisions LIMIT 0"
    )
    _insert(connection, "base.decisions", [_row(line, decision) for line, decision in standing(decisions)])
    withdrawn = [
        _row(one.line, one.decision) | {"withdrawn_at": said_at[one.withdrawn_by]}
        for one in decisions
        if isinstance(one.decision, MatchDecision) and not one.stands
    ]
    _insert(connection, "derived.withdrawn_matches", withdrawn)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]) -> None:
    if not rows:
        return
    connection.register("decided", pa.Table.from_pylist(rows))
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM decided")
    connection.unregister("decided")


def _row(line: int, decision: LabelDecision | MatchDecision) -> dict[str, object]:
    said = dict.fromkeys(("grade", "sub_sector", "name", "article_id", "verdict"), "")
    said |= decision.model_dump(include=set(said))
    decided = {"decided_by": decision.who, "decided_at": _utc(decision.when), "why": decision.why}
    return {"line": line, "kind": decision.kind, "uscc": decision.uscc, **said, **decided}


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)
