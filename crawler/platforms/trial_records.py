"""Base of spiders of ClinicalTrials.gov (API v2): studies whose lead sponsor is a firm, as disclosures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import urlencode

from scrapy import Request

from crawler.items import Disclosure, DisclosureKind, DisclosureStage, Item, Proof
from crawler.platforms.json_records import JsonRecords
from crawler.platforms.record_spider import RecordSpider
from crawler.platforms.records import Keep, Record, Seen, instant_day
from crawler.source import Kept

if TYPE_CHECKING:
    from scrapy.http import Response

_SECTION: Final = "protocolSection"
_ID, _TITLE = f"{_SECTION}.identificationModule.nctId", f"{_SECTION}.identificationModule.briefTitle"
_STATUS = f"{_SECTION}.statusModule.overallStatus"
_START, _START_TYPE = f"{_SECTION}.statusModule.startDateStruct.date", f"{_SECTION}.statusModule.startDateStruct.type"
_POSTED = f"{_SECTION}.statusModule.studyFirstPostDateStruct.date"
_UPDATED = f"{_SECTION}.statusModule.lastUpdatePostDateStruct.date"
_SPONSOR = f"{_SECTION}.sponsorCollaboratorsModule.leadSponsor.name"
_CLASS = f"{_SECTION}.sponsorCollaboratorsModule.leadSponsor.class"
# Asked for by name, so that officials, contacts and their telephones do not come at all.
_FIELDS = (
    *("NCTId", "BriefTitle", "OverallStatus", "StartDate", "StartDateType", "StudyFirstPostDate"),
    *("LastUpdatePostDate", "LeadSponsorName", "LeadSponsorClass"),
)
_LEFT_OUT = (
    *("hasResults", "derivedSection", "documentSection", "resultsSection", f"{_SECTION}.contactsLocationsModule"),
    *(f"{_SECTION}.statusModule.{day}PostDateStruct.type" for day in ("studyFirst", "lastUpdate")),
)
_A_FIRM: Final = "INDUSTRY"

_PLANNED, _STARTED = DisclosureStage.PLANNED, DisclosureStage.STARTED
_ENDED, _UNKNOWN = DisclosureStage.ENDED, DisclosureStage.UNKNOWN
_STAGE_OF: Final[Mapping[str, DisclosureStage]] = {
    "NOT_YET_RECRUITING": _PLANNED,
    "RECRUITING": _STARTED,
    "ENROLLING_BY_INVITATION": _STARTED,
    "ACTIVE_NOT_RECRUITING": _STARTED,
    "COMPLETED": _STARTED,
    "WITHDRAWN": _ENDED,  # before the first participant
    "UNKNOWN": _UNKNOWN,  # nobody has said for two years whether it still recruits
    "": _UNKNOWN,
}
_STOPPED: Final = ("TERMINATED", "SUSPENDED")  # after a start, if one is said to have been


class _Studies(JsonRecords):
    """Studies without the name of a sponsor that is no firm: it may be a person."""

    __slots__ = ()

    def see(self, response: Response) -> Seen:
        seen = JsonRecords.see(self, response)
        records = ({**said, _SPONSOR: said[_SPONSOR] if said[_CLASS] == _A_FIRM else ""} for said in seen.records)
        return replace(seen, records=tuple(records))


class TrialSpider(RecordSpider):
    """clinicaltrials.gov: each of the `lists` is a parameter of the query, and asked for the `place`.

    It is read by the day of a study's last change, newest first.

    A study is told again when its status or its day of start changes. Studies whose lead sponsor is no firm are left
    out and counted.
    """

    home = "https://clinicaltrials.gov"
    place: ClassVar[str]
    size = 100
    id_key = _ID
    day_key = _UPDATED
    stated = (_STATUS, _START, _START_TYPE, _SPONSOR, _TITLE)
    form = _Studies(
        records="studies",
        keys={
            **dict.fromkeys((_ID, _STATUS, _START, _START_TYPE, _POSTED, _UPDATED, _CLASS), Keep.PLAIN),
            **dict.fromkeys((_TITLE, _SPONSOR), Keep.TEXT),
        },
        required=(_ID, _STATUS, _UPDATED, _CLASS),
        known=_LEFT_OUT,
        total="totalCount",
        total_once=True,
        next="nextPageToken",
    )

    def ask(self, name: str, number: int, cursor: str) -> Request:  # noqa: ARG002 - pages are found by their token
        asked = {
            name: self.place,
            "fields": ",".join(_FIELDS),
            "sort": "LastUpdatePostDate:desc",
            "pageSize": str(self.size),
            "countTotal": "true",
            **({"pageToken": cursor} if cursor else {}),
        }
        return Request(f"{self.home}/api/v2/studies?{urlencode(asked)}")

    def left_out(self, record: Record) -> str:
        return "" if record[_CLASS] == _A_FIRM else "not_by_firms"

    def item(self, record: Record, proof: Proof, name: str, page: Kept | None) -> Item:  # noqa: ARG002
        actual = record[_START_TYPE] == "ACTUAL"
        return Disclosure(
            disclosure_id=record[_ID],
            kind=DisclosureKind.TRIAL,
            stage=self._stage(record[_STATUS], started=actual),
            holder=record[_SPONSOR],
            title=record[_TITLE],
            happened_on=instant_day(record[_START]) if actual else None,  # a month alone is no day
            happened_on_raw=f"{record[_START]} {record[_START_TYPE]}".strip(),
            published_on=instant_day(record[_POSTED]),
            published_on_raw=record[_POSTED],
            url=f"{self.home}/study/{record[_ID]}",
            language="en",
            proof=proof,
        )

    def _stage(self, status: str, *, started: bool) -> DisclosureStage:
        if status in _STOPPED:
            return _STARTED if started else _ENDED
        if status not in _STAGE_OF:
            self.note_unknown("categories", [status])
        return _STAGE_OF.get(status, _UNKNOWN)
