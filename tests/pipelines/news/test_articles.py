"""Each article of articles.toml is read as a careful reader reads it, and no firm is given what is not its own."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.news import FirmStatement, NameIndex, attribute, document, fullest, read

DATA = tomllib.loads(Path(__file__).with_name("articles.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex([(key, name) for key, name in DATA["firms"]])


def row(found: FirmStatement) -> list[str]:
    day: date | None = found.happened_on
    amount = "" if found.amount is None else f"{found.amount:f}"
    return [found.firm, found.kind, "" if day is None else day.isoformat(), amount, found.unit, found.park]


@pytest.mark.parametrize("article", DATA["article"], ids=[article["name"] for article in DATA["article"]])
def test_an_article_states_what_it_states_and_no_more(article: dict[str, Any], index: NameIndex) -> None:
    title, text = article["title"], article["text"]
    language = "en" if text.isascii() and text else "zh"
    reading = read(title, text, language=language, kind=article.get("kind", "news"), published_on=article["day"])
    named = NameIndex([(key, name) for key, name in article["firms"]]) if "firms" in article else index
    mentions = named.find(title, text)
    found = fullest(attribute(title, text, reading, mentions), mentions, title)
    assert [row(statement) for statement in found] == article["expected"]
    if "relevant" in article:
        assert reading.relevant is article["relevant"], (reading.score, reading.reasons)
    whole = document(title, text)
    for statement in found:
        assert whole[statement.start : statement.end].strip() == whole[statement.start : statement.end]
