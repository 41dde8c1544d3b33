"""How strong the proof of a source is, by the ranking in detect/proof_ranks.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Final

import duckdb
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, model_validator

_RANKING: Final = Path(__file__).parent / "detect" / "proof_ranks.toml"
_NEWS: Final = "news"
_RANKS: Final = pa.schema([("sort", pa.string()), ("source", pa.string()), ("rank", pa.int64())])


class _Ranking(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    order: Annotated[tuple[str, ...], Field(min_length=1)]
    sort: dict[str, str]
    news: dict[str, str]

    @model_validator(mode="after")
    def _is_ranked(self) -> _Ranking:
        if strange := sorted({*self.sort.values(), *self.news.values()} - {*self.order}):
            raise ValueError(f"not in the order: {', '.join(strange)}")
        return self


@cache
def _ranking() -> _Ranking:
    return _Ranking.model_validate(tomllib.loads(_RANKING.read_text(encoding="utf-8")))


def rank_sources(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `proof_ranks` (sort, source, rank): 0 is the strongest; an empty source stands for all that are not named.

    Raises pydantic.ValidationError where the ranking cannot be read.
    """
    ranking = _ranking()
    rank = {sort: place for place, sort in enumerate(ranking.order)}
    rows = [{"sort": sort, "source": "", "rank": rank[strength]} for sort, strength in ranking.sort.items()]
    rows += [{"sort": _NEWS, "source": source, "rank": rank[strength]} for source, strength in ranking.news.items()]
    connection.register("found", pa.Table.from_pylist(rows, schema=_RANKS))
    connection.execute("CREATE OR REPLACE TEMP TABLE proof_ranks AS SELECT * FROM found")
    connection.unregister("found")
