"""Whole tables are labelled batch by batch: Arrow in, Arrow out, and DuckDB on either side."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pytest

from pipelines.classify import Subject, classify_batch
from pipelines.classify.batches import LABEL_SCHEMA, classify_batches, label_row, schema_of

FIRMS = [
    ("上海样本医疗器械有限公司", "第二类医疗器械销售"),
    ("上海样本贸易有限公司", "百货"),
    ("上海样本大药房有限公司", "药品零售；医疗器械经营"),
]


def batch(**columns: list[str | None]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(columns)


def test_each_row_keeps_its_columns_and_gets_its_label() -> None:
    names, scopes = (list(column) for column in zip(*FIRMS, strict=True))
    (done,) = classify_batches([batch(uscc=["a", "b", "c"], name=names, scope=scopes)])
    assert done.schema == schema_of(pa.schema([("uscc", pa.string()), ("name", pa.string()), ("scope", pa.string())]))
    expected = [label_row(label) for label in classify_batch(Subject(*firm) for firm in FIRMS)]
    rows = done.to_pylist()
    assert [row["uscc"] for row in rows] == ["a", "b", "c"]
    assert [tuple(row[name] for name in LABEL_SCHEMA.names) for row in rows] == expected


def test_only_a_name_is_needed_and_null_reads_as_empty() -> None:
    (done,) = classify_batches([batch(name=["上海样本医院有限公司", None], scope=[None, "药品零售"])])
    assert [row["grade"] for row in done.to_pylist()] == ["core", "core"]
    (named,) = classify_batches([batch(name=["上海样本医院有限公司"])])
    assert named.to_pylist()[0]["sub_sector"] == "health_services"
    with pytest.raises(KeyError, match="name"):
        list(classify_batches([batch(scope=["药品零售"])]))


def test_industry_licences_and_english_names_count_where_a_table_has_them() -> None:
    plain: dict[str, list[str | None]] = {"name": ["上海样本桦序有限公司"], "scope": [""]}
    told: dict[str, list[str | None]] = {
        "name_en": ["Shanghai Sample Medical Devices Co., Ltd."],
        "industry": [""],
        "licences": [""],
    }
    (without,), (english,) = classify_batches([batch(**plain)]), classify_batches([batch(**plain, **told)])
    assert without.to_pylist()[0]["grade"] == "none"
    assert english.to_pylist()[0]["sub_sector"] == "medical_devices"
    (licensed,) = classify_batches([batch(**plain, licences=["device_trading|drug_trading"])])
    assert licensed.to_pylist()[0]["grade"] != "none"
    assert "licence:" in licensed.to_pylist()[0]["evidence"]


def test_batches_are_labelled_as_they_are_asked_for() -> None:
    asked = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal asked
        for name, scope in FIRMS:
            asked += 1
            yield batch(name=[name], scope=[scope])

    labelled = classify_batches(batches())
    assert asked == 0
    next(labelled)
    assert asked == 1, "memory holds one batch at a time"


def test_an_empty_batch_stays_empty() -> None:
    (done,) = classify_batches([batch(name=[], scope=[])])
    assert (done.num_rows, done.schema.names[-1]) == (0, "rules_version")


def test_duckdb_reads_and_gives_both() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE firms (uscc VARCHAR, name VARCHAR, scope VARCHAR)")
    connection.executemany("INSERT INTO firms VALUES (?, ?, ?)", [(str(n), *firm) for n, firm in enumerate(FIRMS)])
    reader = connection.sql("SELECT * FROM firms").to_arrow_reader(2)
    labelled = pa.RecordBatchReader.from_batches(schema_of(reader.schema), classify_batches(reader))
    with duckdb.connect() as other:
        other.register("labelled", labelled)
        counted = other.execute("SELECT sub_sector, count(*) FROM labelled GROUP BY ALL ORDER BY ALL").fetchall()
    assert counted == [("medical_devices", 1), ("none", 1), ("pharma_distribution", 1)]
