"""Lists as JSON replies: kept by an allow-list of keys, read into records, refused where they are not as documented."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawler.fields.personal import redact
from crawler.fields.text import clean
from crawler.platforms.json_records import at_path, check_success, parse_json
from crawler.platforms.paging import Entry, ListPage
from crawler.platforms.records import KEPT_TYPE, LONGEST_REPLY, as_count, as_text, instant_day, is_web_address
from crawler.source import Kept, UnreadableError

_LONGEST_VALUE = 2_000  # characters of one value; titles have some 40, addresses 200
_MOST_ATTACHMENTS = 100

_ID = re.compile(r"[0-9A-Za-z_.-]{1,64}")
# Search interfaces mark what they found inside the title.
_INLINE_TAG = re.compile(r"(?i)</?(?:b|br|em|font|i|p|span|strong|u)\b[^<>]{0,200}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFormat:
    """Where a platform's replies and queries hold what: dotted paths from the top of a reply, keys of a record.

    `ok` is the path that says success and the value it then has. `agency` are the keys that may say who issued it, best
    first. `cap` is the highest total the platform tells. The query is `query` with channels, page and size put in.
    """

    ok: tuple[str, Any] = ("code", 0)
    number: str = "data.pageNo"
    pages: str = "data.totalPage"
    total: str = "data.totalCount"
    records: str = "data.list"
    id: str = "id"
    title: str = "title"
    url: str = "url"
    day: str = "display_date"
    channel: str = "channel_id"
    agency: tuple[str, ...] = ("dispatch_agency", "drafting_unit")
    attachments: str = "attaches"
    attachment: tuple[str, ...] = ("name", "url")
    also_kept: tuple[str, ...] = ()  # further keys of a record that say nothing of persons
    cap: int | None = None
    size: int = 15
    query: Mapping[str, Any]
    query_channels: str = "channelList"
    query_number: str = "pageNo"
    query_size: str = "pageSize"

    def body(self, channels: tuple[str, ...], number: int, extra: Mapping[str, Any]) -> str:
        """The JSON to ask a page with. Channels always go as an array: with anything else the whole site comes back."""
        asked = {self.query_channels: list(channels), self.query_number: number, self.query_size: self.size}
        return json.dumps({**self.query, **extra, **asked})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a list, cleaned. `position` counts from 1 within its reply; `day` is a day in Asia/Shanghai.

    `fingerprint` is of what makes a record another one when it changes: title, day, address and attachments.
    """

    id: str
    title: str
    url: str
    day: date | None
    day_raw: str
    channel: str
    agency: str
    fingerprint: str
    position: int

    @property
    def key(self) -> str:
        """What is its own in the list: one article may stand in two channels, and a record may lack its id."""
        return f"{self.channel}/{self.id or '?' + self.fingerprint}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """One reply, read: what it says of the list, and its records."""

    number: int
    pages: int
    total: int
    records: tuple[Record, ...]

    @property
    def for_paging(self) -> ListPage:
        """What paging needs of it."""
        entries = tuple(Entry(record.key, record.day) for record in self.records)
        return ListPage(number=self.number, pages=self.pages, total=self.total, entries=entries)


def keep_list(body: bytes, form: ListFormat) -> tuple[Kept, set[str]]:
    """A reply as it may be kept: known keys only, personal data in texts blanked; and the names of the keys left out.

    Raises UnreadableError, naming what is missing, for what is no JSON, says no success, or lacks a key that is
    documented for every reply.
    """
    if len(body) > LONGEST_REPLY:
        raise UnreadableError(f"a reply of {len(body)} bytes; the longest read is {LONGEST_REPLY}")
    said = parse_json(body)
    path, value = form.ok
    check_success(said, path, value)
    kept: dict[str, Any] = {}
    for counter in (form.number, form.pages, form.total):
        _put(kept, counter, _count(at_path(said, counter), counter))
    _put(kept, path, value)
    left_out: set[str] = set()
    _put(kept, form.records, [_keep_record(record, form, left_out) for record in _records(said, form)])
    left_out |= _other_keys(said, form)
    return Kept(json.dumps(kept, ensure_ascii=False, indent=1).encode(), KEPT_TYPE), left_out


def read_list(kept: Kept, form: ListFormat) -> RecordPage:
    """A kept reply as records."""
    said = json.loads(kept.body)
    records = enumerate(at_path(said, form.records), start=1)
    return RecordPage(
        number=at_path(said, form.number),
        pages=at_path(said, form.pages),
        total=at_path(said, form.total),
        records=tuple(_read_record(record, position, form) for position, record in records),
    )


def _put(kept: dict[str, Any], path: str, value: Any) -> None:
    *steps, last = path.split(".")
    for step in steps:
        kept = kept.setdefault(step, {})
    kept[last] = value


def _count(said: Any, path: str) -> int:
    """A counter. Raises UnreadableError where there is none, too."""
    count = as_count(said, path)
    if count is None:
        raise UnreadableError(f"{path} is '', which counts nothing")
    return count


def _records(said: Any, form: ListFormat) -> list[dict[str, Any]]:
    records = at_path(said, form.records)
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise UnreadableError(f"{form.records} is no list of records")
    for position, record in enumerate(records, start=1):
        if form.channel not in record:  # without it nobody could tell whether this is what was asked for
            raise UnreadableError(f"record {position} of {form.records} has no {form.channel!r}")
    for key in (form.id, form.title, form.url, form.day):
        # What one record lacks is that record's fault; what all of them lack is not where it is documented.
        if records and not any(key in record for record in records):
            raise UnreadableError(f"no record of {form.records} has {key!r}")
    return records


def _keep_record(record: Mapping[str, Any], form: ListFormat, left_out: set[str]) -> dict[str, Any]:
    plain = (form.id, form.day, form.channel, *form.also_kept)
    kept: dict[str, Any] = {key: _bounded(record.get(key)) for key in plain}
    kept[form.title] = redact(_bounded(record.get(form.title)))
    kept[form.url] = _keep_address(record.get(form.url))
    kept |= {key: redact(_bounded(record[key])) for key in form.agency if key in record}
    if isinstance(attachments := record.get(form.attachments), list):
        kept[form.attachments] = [
            {key: redact(_bounded(said[key])) for key in form.attachment if key in said}
            for said in attachments[:_MOST_ATTACHMENTS]
            if isinstance(said, dict)
        ]
        attached = {key for said in attachments if isinstance(said, dict) for key in said}
        left_out |= {f"{form.attachments}.{key}" for key in attached - set(form.attachment)}
    left_out |= record.keys() - kept.keys()
    return kept


def _keep_address(said: Any) -> str:
    """An address as it stands, for its digits are a page's; none that reaches a person (mailto:) or runs (script)."""
    address = _bounded(said).strip()
    return address if is_web_address(address) else ""


def _other_keys(said: Any, form: ListFormat) -> set[str]:
    """The keys around the records that are not kept."""
    paths = {form.ok[0], form.number, form.pages, form.total, form.records}
    known = {".".join(path.split(".")[:depth]) for path in paths for depth in range(1, path.count(".") + 2)}
    return {path for path in _paths(said, known - paths) if path not in known}


def _paths(said: Any, opened: set[str], above: str = "") -> Iterator[str]:
    for key, value in said.items():
        path = f"{above}{key}"
        yield path
        if path in opened and isinstance(value, dict):
            yield from _paths(value, opened, f"{path}.")


def _bounded(said: Any) -> str:
    return as_text(said)[:_LONGEST_VALUE]


def _read_record(said: Mapping[str, Any], position: int, form: ListFormat) -> Record:
    attachments = [[str(name) for name in attached.values()] for attached in said.get(form.attachments, [])]
    stated = [said[form.title], said[form.day], said[form.url], attachments]
    agencies = (clean(said.get(key, "")) for key in form.agency)
    article_id = said[form.id].strip()
    return Record(
        id=article_id if _ID.fullmatch(article_id) else "",
        title=clean(html.unescape(_INLINE_TAG.sub("", said[form.title]))),
        url=said[form.url],
        day=instant_day(said[form.day]),
        day_raw=clean(said[form.day]),
        channel=clean(said[form.channel]),
        agency=next((agency for agency in agencies if agency), ""),
        fingerprint=hashlib.sha256(json.dumps(stated, ensure_ascii=False).encode()).hexdigest()[:16],
        position=position,
    )
