"""What pages say of the firms on them, kept by page and names, so that no page is read again that says the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any, Final

import duckdb
import pyarrow as pa

from pipelines.news import Mention, SharedName

_KEPT: Final = pa.schema([(name, pa.string()) for name in ("question", "content_id", "named", "answer")])

Answer = list[dict[str, Any]]  # rows of what JSON can hold
_Key = tuple[str, str, str]


class PageMemo:
    """The answers of `memo.page_firms`. An answer of another version is forgotten, one to other names is none."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, version: str) -> None:
        self._connection = connection
        self._version = version
        self._known: dict[_Key, str] = {}
        self._new: dict[_Key, str] = {}
        connection.execute("DELETE FROM memo.page_firms WHERE version <> ?", [version])

    def open(self, pages: Iterable[str]) -> None:
        """Brings the answers on these pages (by content id) to hand, and puts those on the pages before away."""
        rows = self._connection.execute(
            "SELECT question, content_id, named, answer FROM memo.page_firms"
            " WHERE content_id IN (SELECT unnest(CAST(? AS VARCHAR[])))",
            [sorted(set(pages))],
        ).fetchall()
        self._known = {(question, page, named): answer for question, page, named, answer in rows}

    def ask(
        self,
        question: str,
        page: str,
        mentions: Iterable[Mention],
        shared: Iterable[SharedName],
        compute: Callable[[], Answer],
    ) -> Answer:
        """The answer to a question on a page with these names on it; each time a new value."""
        key = (question, page, _named(mentions, shared))
        if key not in self._known:
            self._known[key] = self._new[key] = json.dumps(compute(), ensure_ascii=False)
        answer: Answer = json.loads(self._known[key])
        return answer

    def keep(self) -> None:
        """Writes down what was computed since it was last called."""
        rows = [
            {"question": question, "content_id": page, "named": named, "answer": answer}
            for (question, page, named), answer in self._new.items()
        ]
        self._connection.register("answers", pa.Table.from_pylist(rows, schema=_KEPT))
        self._connection.execute(
            "INSERT INTO memo.page_firms (version, question, content_id, named, answer)"
            " SELECT ?, question, content_id, named, answer FROM answers",
            [self._version],
        )
        self._connection.unregister("answers")
        self._new = {}


def _named(mentions: Iterable[Mention], shared: Iterable[SharedName]) -> str:
    """A key of names with their places, in the order given."""
    said = (
        [(one.firm, one.start, one.end, str(one.form)) for one in mentions],
        [(one.firms, one.start, one.end) for one in shared],
    )
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]
