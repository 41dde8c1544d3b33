"""Pages as lines of JSON: one page a line in, what it says one line out; a line that is no page says why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Final
from zoneinfo import ZoneInfo

from crawler.fields.dates import parse_date, parse_english_date
from pipelines.news.model import Claim, PlaceMention
from pipelines.news.page_reader import PageEvent, PageFirm, PageReading
from pipelines.news.years import is_plausible

LONGEST_LINE: Final = 8_000_000  # bytes; a page longer than this is no page of news
_SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_KINDS: Final = ("news", "document", "filing")
_BOM: Final = b"\xef\xbb\xbf"


class LineError(ValueError):
    """A line holds no page; the message says why."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """A page as a line tells it; `published_on` is a day in Shanghai, None where none is told."""

    url: str
    title: str
    text: str
    language: str
    kind: str
    published_on: date | None


def lines_of(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers, blank ones left out; of one that is too long its first bytes only."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        rest = line
        while not rest.endswith(b"\n") and len(rest) > LONGEST_LINE:
            rest = file.readline(LONGEST_LINE + 1)  # passed over, never held at once
        if number == 1:
            line = line.removeprefix(_BOM)
        if line.strip():
            yield number, line


def parse_line(line: bytes) -> PageLine:
    """The page that a line holds: url, title, text; date, lang and kind (news unless told). Raises LineError."""
    if len(line) > LONGEST_LINE:
        raise LineError(f"is longer than {LONGEST_LINE:,} bytes")
    try:
        told = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise LineError(f"byte {error.start}: is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise LineError(f"is no JSON: {error.msg} at character {error.pos}") from error
    except (ValueError, RecursionError) as error:
        raise LineError(f"is no JSON that can be read: {type(error).__name__}") from error
    if not isinstance(told, dict):
        raise LineError(f"holds no object but {_named(told)}")
    url = _text(told, "url")
    if not url.strip():
        raise LineError("url: is empty")
    title, text = _text(told, "title"), _text(told, "text")
    if not (title.strip() or text.strip()):
        raise LineError("title and text: both are empty")
    kind = _text(told, "kind", "news") or "news"
    if kind not in _KINDS:
        raise LineError(f"kind: {kind[:40]!r} is none of {', '.join(_KINDS)}")
    return PageLine(url, title, text, _text(told, "lang", ""), kind, _day(told))


def _text(told: dict[str, Any], key: str, default: str | None = None) -> str:
    value = told.get(key, default)
    if value is None:
        if key in told or default is not None:
            return default or ""
        raise LineError(f"{key}: is missing")
    if not isinstance(value, str):
        raise LineError(f"{key}: is no text but {_named(value)}")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise LineError(f"{key}: character {error.start}: is half a character, which no file can hold") from error
    return value


def _day(told: dict[str, Any]) -> date | None:
    written = _text(told, "date", "").strip()
    if not written:
        return None
    day = parse_date(written) or parse_english_date(written)
    if day is None:
        try:
            instant = datetime.fromisoformat(written)
            day = instant.astimezone(_SHANGHAI).date() if instant.tzinfo else instant.date()
        except (ValueError, OverflowError) as error:
            raise LineError(f"date: {written[:40]!r} is no day (2026-11-18)") from error
    if not is_plausible(day):
        raise LineError(f"date: {written[:40]!r} is not of the years 1949 to 2100")
    return day


def _named(value: object) -> str:
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return next((name for kind, name in kinds.items() if type(value) is kind), "a number")


# ------------------------------------------------------------------------------------------------------------ out


def line_of(page: PageLine, said: PageReading) -> str:
    """What a page says, as one line of JSON."""
    reading = said.reading
    # The first mention of each counts; a park that the gazetteer does not know goes by its name.
    places = {place.id or place.zh or place.en: place for place in reversed(reading.places)}
    told = {
        "url": page.url,
        "relevant": reading.relevant,
        "score": reading.score,
        "firms": [_firm(firm) for firm in said.firms],
        "places": [_place(place) for place in sorted(places.values(), key=lambda place: place.start)],
        "claims": [_claim(claim) for claim in reading.claims],
    }
    return json.dumps(told, ensure_ascii=False, allow_nan=False)


def _firm(firm: PageFirm) -> dict[str, object]:
    return {
        "name": firm.name,
        "uscc": firm.uscc or None,
        "park": firm.park or None,
        "events": [_event(event) for event in firm.events],
    }


def _event(event: PageEvent) -> dict[str, object]:
    return {
        "kind": event.kind,
        "happened_on": event.happened_on.isoformat() if event.happened_on else None,
        "amount": None if event.amount is None else _number(event.amount),
        "unit": event.unit or None,
        "confidence": event.confidence,
        "quote_span": [event.start, event.end],
    }


def _place(place: PlaceMention) -> dict[str, object]:
    return {
        "id": place.id or None,
        "name": place.zh or None,
        "name_en": place.en or None,
        "span": [place.start, place.end],
    }


def _claim(claim: Claim) -> dict[str, object]:
    return {
        "measure": str(claim.measure),
        "value": _number(claim.value),
        "unit": claim.unit,
        "relation": str(claim.relation),
        "is_target": claim.is_target,
        "year": claim.year,
        "since": claim.since.isoformat() if claim.since else None,
        "until": claim.until.isoformat() if claim.until else None,
        "subject": str(claim.subject),
        "scope": str(claim.scope),
        "place": claim.place or claim.place_zh or claim.place_en or None,
        "quote_span": [claim.start, claim.end],
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
