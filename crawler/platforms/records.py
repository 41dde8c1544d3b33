"""Records of a list, whatever it is written in: how each value may be kept, and the reply as it is kept and read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit

from crawler.clock import SHANGHAI
from crawler.fields.dates import parse_date
from crawler.fields.names import looks_personal
from crawler.fields.personal import MASK, looks_like_citizen_id, redact, redact_row
from crawler.fields.text import clean
from crawler.fields.titles import without_persons
from crawler.source import Kept, UnreadableError

if TYPE_CHECKING:
    from scrapy.http import Response

KEPT_TYPE: Final = "application/json; charset=utf-8"
LONGEST_REPLY: Final = 8_000_000  # bytes; a page of a list has some 10,000 to 500,000
MOST_RECORDS: Final = 2_000  # of one reply
_SHOWN_WORD, _SHOWN_WORDS = 40, 12  # characters of an untrusted word in a reason, and how many words
_LONGEST_VALUE: Final = 4_000  # characters; a business scope has some 300, a project's measures 1,500
_EPOCH_MS: Final = re.compile(r"[0-9]{12,13}")  # from 1973 to 2286
_HALF: Final = re.compile("[\ud800-\udfff]")  # a surrogate without its other half is no text (Unicode 3.9, D71)
_ZONED: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z| ?[+-][0-9]{2}:?[0-9]{2})"
)
_OF_MAIL: Final = re.compile(
    r"(?:[A-Z][a-z]{2}, )?[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}(?::[0-9]{2})? (?:[A-Z]{1,3}|[+-][0-9]{4})"
)
# Who judged a tender or speaks for a party, where a firm should stand; members of a consortium are firms.
_PERSONS: Final = re.compile(r"(?:专家|评审|(?<!联合体)成员|名单|代表|联系人)[^:：∶]{0,20}[:：∶]")
_COMPACT_UTC: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z")


class Keep(StrEnum):
    """How a value may be kept: a closed list, so that what a person could stand in is never kept as it came."""

    PLAIN = "plain"  # ids, days, counts, words of a closed list
    TEXT = "text"  # personal data in it blanked
    TITLE = "title"  # and persons' names that stand in brackets or behind an office
    HOLDER = "holder"  # an organisation's name; where a person's stands in its place, none
    CODE = "code"  # a credit code; a citizen's id in its place goes
    LINK = "link"  # an address of a page; none that reaches a person or runs


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the documented keys with their values as text; what a record lacks is empty.

    `position` counts from 1 within its reply. Of a key that names several values (`names[]`) they stand a line each.
    """

    values: Mapping[str, str]
    position: int

    def __getitem__(self, key: str) -> str:
        """The value as one clean line."""
        return clean(self.values.get(key, ""))

    def raw(self, key: str) -> str:
        """The value with its lines."""
        return self.values.get(key, "")

    def fingerprint(self, keys: Iterable[str]) -> str:
        """What makes a record another one when one of these values changes."""
        said = [self[key] for key in keys]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]

    def lines(self, key: str) -> list[str]:
        """The several values of a key, in their order, empty ones too."""
        return [clean(line) for line in self.values[key].split("\n")] if self.values.get(key) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """One reply, read. What its platform does not say of the list is None; `next` is a cursor or address, or empty."""

    number: int | None = None
    pages: int | None = None
    total: int | None = None
    next: str = ""
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a format makes of a reply as received: counters, records as text, and words that it does not know."""

    number: int | None = None
    pages: int | None = None
    total: int | None = None
    next: str = ""
    records: tuple[Mapping[str, str], ...] = ()
    unknown: Mapping[str, Iterable[str]] = field(default_factory=lambda: MappingProxyType({}))


class RecordFormat(Protocol):
    """How a platform writes its lists: JSON, HTML tables, feeds."""

    @property
    def keys(self) -> Mapping[str, Keep]:
        """The documented keys of a record, and how each may be kept."""

    @property
    def required(self) -> tuple[str, ...]:
        """Keys that at least one record of a page with records has, or the page is not as documented.

        Of `one|another` either will do.
        """

    def see(self, response: Response) -> Seen:
        """The reply taken apart. Raises UnreadableError, naming what is missing, where it is not as documented."""


def keep_records(response: Response, form: RecordFormat) -> tuple[Kept, Mapping[str, Iterable[str]]]:
    """A reply as it may be kept: counters and documented keys, personal data blanked; and the words it does not know.

    Raises UnreadableError.
    """
    if len(response.body) > LONGEST_REPLY:
        raise UnreadableError(f"a reply of {len(response.body)} bytes; the longest read is {LONGEST_REPLY}")
    seen = form.see(response)
    if len(seen.records) > MOST_RECORDS:
        raise UnreadableError(f"{len(seen.records)} records in one reply; the most read are {MOST_RECORDS}")
    for key in form.required:
        # What one record lacks is that record's fault; what all of them lack is not where it is documented.
        if seen.records and not any(record.get(name) for record in seen.records for name in key.split("|")):
            raise UnreadableError(f"no record has {key!r}, which is documented for every one{_instead(seen)}")
    said: dict[str, Any] = {"number": seen.number, "pages": seen.pages, "total": seen.total, "next": seen.next[:2_000]}
    said["records"] = [_kept_record(record, form.keys) for record in seen.records]
    return Kept(json.dumps(said, ensure_ascii=False, indent=1).encode(), KEPT_TYPE), seen.unknown


def _instead(seen: Seen) -> str:
    """The words that a reply has and nobody knows: maybe what was looked for has another name now."""
    words = sorted({redact(clean(word))[:_SHOWN_WORD] for found in seen.unknown.values() for word in found})
    return f"; it has {', '.join(words[:_SHOWN_WORDS])}" if words else ""


def _kept_record(record: Mapping[str, str], keys: Mapping[str, Keep]) -> dict[str, str]:
    said = {key: record[key][:_LONGEST_VALUE] for key in keys if record.get(key)}
    kept = {key: _kept(key, keys[key], value) for key, value in said.items()}
    # What a person has or builds often bears the person's name.
    persons = {clean(said[key]) for key, value in kept.items() if keys[key] is Keep.HOLDER and value == MASK}
    for person in filter(None, persons):
        kept = {key: value.replace(person, MASK) for key, value in kept.items()}
    return kept


def _kept(key: str, how: Keep, value: str) -> str:
    """A value as it may be kept; of a key that names several each by itself, or a person among firms would stay."""
    return "\n".join(map(_KEPT[how], value.split("\n"))) if "[]" in key else _KEPT[how](value)


def read_records(kept: Kept) -> RecordPage:
    """A kept reply as records."""
    said = json.loads(kept.body)
    records = tuple(Record(record, position) for position, record in enumerate(said.pop("records"), start=1))
    return RecordPage(**said, records=records)


def instant_day(text: str) -> date | None:
    """The day in Asia/Shanghai of an instant, or a day as printed; None for anything else.

    Read are milliseconds since 1970, ISO 8601 with a zone (`2026-11-18T16:00:00Z` is the 19th, `2026-11-18 16:00 +0800`
    the 18th), `20261118T160000Z`, `Wed, 18 Nov 2026 16:00:00 GMT` (RFC 5322), and what `parse_date` reads.
    """
    text = clean(text)
    try:
        if _EPOCH_MS.fullmatch(text):
            return datetime.fromtimestamp(int(text) / 1000, UTC).astimezone(SHANGHAI).date()
        if found := _COMPACT_UTC.fullmatch(text):
            return datetime(*map(int, found.groups()), tzinfo=UTC).astimezone(SHANGHAI).date()  # type: ignore[misc, arg-type]
        if _ZONED.fullmatch(text):
            return datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-")).astimezone(SHANGHAI).date()
        if _OF_MAIL.fullmatch(text) and (instant := parsedate_to_datetime(text)).tzinfo:
            return instant.astimezone(SHANGHAI).date()
    except (ValueError, OverflowError):
        return None
    return parse_date(text)


def as_text(said: Any) -> str:
    """A plain value as text, nothing for what is none; halves of characters (JSON can escape them) marked as lost."""
    if isinstance(said, bool) or not isinstance(said, (str, int, float)):
        return ""
    return _HALF.sub("\ufffd", str(said))


def as_count(said: Any, where: str) -> int | None:
    """A counter, which some hosts send as text; None where nothing stands. Raises UnreadableError for another thing."""
    if said is None or said == "":
        return None
    text = as_text(said).strip()
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        raise UnreadableError(f"{where} is {text[:80]!r}, which counts nothing")
    return int(text)


def is_web_address(address: str) -> bool:
    """Whether an address, maybe a relative one, is a page's: none that reaches a person (mailto:) or runs (script)."""
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        return False
    return scheme in ("", "http", "https") and "@" not in address


def _keep_holder(value: str) -> str:
    if looks_personal(value) or _PERSONS.search(value):
        return MASK
    return redact_row([value])[0] if value.isascii() else redact(value)


def _keep_code(value: str) -> str:
    return MASK if looks_like_citizen_id(value) or looks_personal(value) else redact(value)


def _keep_link(value: str) -> str:
    address = value.strip()
    return address if is_web_address(address) else ""


_KEPT: Final[Mapping[Keep, Callable[[str], str]]] = {
    Keep.PLAIN: lambda value: value,
    Keep.TEXT: redact,
    Keep.TITLE: lambda value: redact(without_persons(value)),
    Keep.HOLDER: _keep_holder,
    Keep.CODE: _keep_code,
    Keep.LINK: _keep_link,
}
