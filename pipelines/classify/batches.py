"""Labels for tables: Arrow batches in, the same batches with a label beside each row out; DuckDB reads and gives both.

reader = connection.sql("SELECT uscc, name, scope FROM firms").to_arrow_reader(10_000)
connection.register("labelled", pa.RecordBatchReader.from_batches(schema_of(reader.schema), classify_batches(reader)))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow as pa

from pipelines.classify.engine import Classifier, packaged
from pipelines.classify.label import Label, Subject, evidence_text

READ: Final = ("name", "scope", "name_en", "industry", "licences")  # `licences`: kinds joined by |
LABEL_SCHEMA: Final = pa.schema(
    [
        ("grade", pa.string()),
        ("sub_sector", pa.string()),
        ("secondary", pa.string()),  # joined by |
        ("score", pa.float64()),
        ("evidence", pa.string()),
        ("rules_version", pa.string()),
    ]
)


def schema_of(schema: pa.Schema) -> pa.Schema:
    """The schema of the labelled batches of a table with this schema."""
    for field in LABEL_SCHEMA:
        schema = schema.append(field)
    return schema


def classify_batches(
    batches: Iterable[pa.RecordBatch], classifier: Classifier | None = None
) -> Iterator[pa.RecordBatch]:
    """Each batch with the columns of LABEL_SCHEMA added, as it is asked for; memory holds one batch at a time.

    Reads the columns of READ, of which only `name` must be there. NULL reads as empty. Raises KeyError without it.
    """
    classifier = classifier or packaged()
    for batch in batches:
        labels = [classifier.classify(subject) for subject in _subjects(batch)]
        yield pa.RecordBatch.from_arrays([*batch.columns, *_columns(labels)], schema=schema_of(batch.schema))


def label_row(label: Label) -> tuple[str, str, str, float, str, str]:
    """A label as the columns of LABEL_SCHEMA."""
    secondary = "|".join(label.secondary)
    told = evidence_text(label)
    return str(label.grade), str(label.primary), secondary, label.score, told, label.rules_version


def subject_of(name: str, scope: str, name_en: str, industry: str, licences: str) -> Subject:
    """The columns of READ as what is judged."""
    return Subject(name, scope, name_en, industry, tuple(licences.split("|")) if licences else ())


def _subjects(batch: pa.RecordBatch) -> Iterator[Subject]:
    names = batch.column("name").to_pylist()
    for row in zip(names, *(_texts(batch, column) for column in READ[1:]), strict=True):
        yield subject_of(*(said or "" for said in row))


def _texts(batch: pa.RecordBatch, column: str) -> list[str | None]:
    return batch.column(column).to_pylist() if column in batch.schema.names else [""] * batch.num_rows


def _columns(labels: list[Label]) -> list[pa.Array]:
    rows = [label_row(label) for label in labels]
    columns = zip(*rows, strict=True) if rows else ([] for _ in LABEL_SCHEMA)
    return [pa.array(list(values), field.type) for values, field in zip(columns, LABEL_SCHEMA, strict=True)]
