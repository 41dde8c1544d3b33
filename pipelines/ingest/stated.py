"""Articles, licences and disclosures of a run into the database: what was seen where, what was said, what cannot stand.

Each sort of item is a `Sort`: its tables, its closed lists, what breaks a tie, and which rows are put aside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from crawler.fields.personal import looks_like_citizen_id
from crawler.items import (
    Article,
    ArticleKind,
    Disclosure,
    DisclosureKind,
    DisclosureStage,
    Item,
    Licence,
    LicenceKind,
    LicenceStatus,
    RejectReason,
    TextFrom,
    field_names,
)
from pipelines.ingest.registrations import PROOF

_SHOWN: Final = 40  # characters of a value in a message
_LONG_AGO: Final = "DATE '0001-01-01'"
_LANGUAGES: Final = ("zh", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """One sort of item. `key` is its publisher's id; `base.<name>s` and `base.<name>_sightings` hold it.

    `weight` says which of several versions in one run speaks, by what it says and never by its place, for rows change
    places. `aside` maps a reason to a column that may not be empty and what is then told of the row. Where `codes` is
    set, `uscc` may hold what is a person's id.
    """

    name: str
    phrase: str
    item: type[Item]
    key: str
    closed: dict[str, tuple[str, ...]]
    weight: str
    aside: dict[RejectReason, tuple[str, str]]
    days: tuple[str, ...]
    amounts: tuple[str, ...] = ()
    codes: bool = False
    stated: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stated", field_names(self.item))


_UNTOLD_ARTICLE: Final = "an article that cannot be told apart"
SORTS: Final = (
    Sort(
        name="article",
        phrase="an article",
        item=Article,
        key="article_id",
        closed={"kind": tuple(ArticleKind), "text_from": tuple(TextFrom), "language": _LANGUAGES},
        weight="text <> ''",
        aside={
            RejectReason.MISSING_ID: ("article_id", _UNTOLD_ARTICLE),
            RejectReason.MISSING_TITLE: ("title", _UNTOLD_ARTICLE),
        },
        days=("published_on",),
    ),
    Sort(
        name="licence",
        phrase="a licence",
        item=Licence,
        key="licence_id",
        closed={"kind": tuple(LicenceKind), "status": tuple(LicenceStatus)},
        weight=f"(coalesce(granted_on, {_LONG_AGO}), coalesce(valid_until, {_LONG_AGO}))",
        aside={
            RejectReason.MISSING_ID: ("licence_id", "a licence that cannot be told apart"),
            RejectReason.MISSING_NAME: ("holder", "no organisation's name"),
        },
        days=("granted_on", "valid_until"),
        codes=True,
    ),
    Sort(
        name="disclosure",
        phrase="a disclosure",
        item=Disclosure,
        key="disclosure_id",
        closed={"kind": tuple(DisclosureKind), "stage": tuple(DisclosureStage), "language": _LANGUAGES},
        weight=f"(coalesce(happened_on, {_LONG_AGO}), coalesce(published_on, {_LONG_AGO}))",
        aside={
            RejectReason.MISSING_ID: ("disclosure_id", "a disclosure that cannot be told apart"),
            RejectReason.MISSING_NAME: ("holder", "no organisation's name"),
            RejectReason.MISSING_TITLE: ("title", "a disclosure without a title"),
        },
        days=("happened_on", "published_on"),
        amounts=("amount",),
        codes=True,
    ),
)


def stage(connection: duckdb.DuckDBPyConnection, sort: Sort, items: Path) -> None:
    """The run's items of a sort as a temporary table `stated`. What an item says of its page is apart from `proof`."""
    types = dict.fromkeys(sort.stated, "VARCHAR") | dict.fromkeys(sort.days, "DATE")
    types |= {"item_type": "VARCHAR", "proof": PROOF}
    schema = ", ".join(f"{name}: '{kind}'" for name, kind in types.items())
    columns = ", ".join(_read(sort, name) for name in sort.stated)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE stated AS
        SELECT {columns}, proof
        FROM read_json('{_quoted(str(items))}', format = 'newline_delimited', columns = {{{schema}}})
        WHERE item_type = '{sort.name}'
        """
    )


def _read(sort: Sort, name: str) -> str:
    if name in sort.amounts:  # beyond the type's range: the printed text stays
        return f"TRY_CAST({name} AS DECIMAL(20, 4)) AS {name}"
    return name if name in sort.days else f"coalesce({name}, '') AS {name}"


def unknown_words(connection: duckdb.DuckDBPyConnection, sort: Sort) -> str:
    """What an item says that is not on the closed list of its field, in words; empty when all is known."""
    for column, known in sort.closed.items():
        words = ", ".join(f"'{word}'" for word in known)
        row = connection.execute(
            f"SELECT {column}[:{_SHOWN}], proof.line FROM stated WHERE {column} NOT IN ({words}) LIMIT 1"
        ).fetchone()
        if row is not None:
            return f"{column} {row[0]!r} of {sort.phrase} (line {row[1]} of its page) is not one of {', '.join(known)}"
    return ""


def insert_staged(connection: duckdb.DuckDBPyConnection, sort: Sort, run_id: str, source: str) -> None:
    """Adds sightings and contents. An item speaks once a run: of versions that differ the one of most weight does."""
    _find_citizens(connection, sort)
    run_id, source, key, name = _quoted(run_id), _quoted(source), sort.key, sort.name
    hashed = ", ".join(f"coalesce(CAST({column} AS VARCHAR), '')" for column in sort.stated)
    columns = ", ".join(f"first.{column}" for column in sort.stated)
    citizen = f"WHEN uscc IN (SELECT uscc FROM citizens) THEN '{RejectReason.CODE_IS_CITIZEN_ID}'" * sort.codes
    empty = " ".join(f"WHEN {column} = '' THEN '{reason}'" for reason, (column, _) in sort.aside.items())
    details = " ".join(f"WHEN '{reason}' THEN '{_quoted(told)}'" for reason, (_, told) in sort.aside.items())
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE placed AS
        SELECT rowid AS row_id, {key}, proof, {sort.weight} AS weight,
            md5(concat_ws(chr(31), '{source}', {hashed})) AS content_id,
            CASE {citizen} {empty} END AS reason
        FROM stated;

        CREATE OR REPLACE TEMP TABLE kept AS
        SELECT {key}, arg_max(content_id, (weight, content_id)) AS content_id FROM placed
        WHERE reason IS NULL GROUP BY {key};

        INSERT INTO base.{name}_sightings
        SELECT '{run_id}', k.content_id, k.{key}, any_value(p.proof.url ORDER BY p.row_id),
            any_value(p.proof.line ORDER BY p.row_id), any_value(p.proof.fetched_at ORDER BY p.row_id),
            any_value(p.proof.sha256 ORDER BY p.row_id), any_value(p.proof.capture ORDER BY p.row_id), count(*)
        FROM kept k JOIN placed p USING (content_id) GROUP BY k.content_id, k.{key};

        INSERT INTO base.{name}s
        SELECT n.content_id, '{source}', {columns}
        FROM (SELECT k.content_id, min(p.row_id) AS row_id FROM kept k JOIN placed p USING (content_id)
              WHERE k.content_id NOT IN (SELECT content_id FROM base.{name}s) GROUP BY k.content_id) n
        JOIN stated first ON first.rowid = n.row_id;

        -- Without a code: a firm is not shown by a row of what it holds.
        INSERT INTO base.quarantine
        SELECT '{run_id}', proof.url, proof.line, reason,
            CASE reason {details} ELSE 'no credit code' END, '', '', '{{}}'
        FROM placed WHERE reason IS NOT NULL
        UNION ALL
        SELECT '{run_id}', p.proof.url, p.proof.line, '{RejectReason.CONFLICTING_ROWS}',
            'the run states {name} ' || p.{key}[:{_SHOWN}] || ' otherwise too', '', '', '{{}}'
        FROM placed p JOIN kept k USING ({key}) WHERE p.reason IS NULL AND p.content_id <> k.content_id;

        DROP TABLE stated; DROP TABLE placed; DROP TABLE kept; DROP TABLE citizens;
        """
    )


def _find_citizens(connection: duckdb.DuckDBPyConnection, sort: Sort) -> None:
    """What stands for a credit code and may be a person's id, also in runs that another machine validated otherwise."""
    connection.execute("CREATE OR REPLACE TEMP TABLE citizens (uscc VARCHAR)")
    if not sort.codes:
        return
    codes = connection.execute("SELECT DISTINCT uscc FROM stated WHERE uscc <> ''").fetchall()
    found = [uscc for (uscc,) in codes if looks_like_citizen_id(uscc)]
    connection.execute("INSERT INTO citizens SELECT unnest(CAST(? AS VARCHAR[]))", [found])


def _quoted(text: str) -> str:
    return text.replace("'", "''")
