"""Base of spiders of GLEIF's records of legal entities: an identifier's names, address and days as a registration."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from scrapy import Request

from crawler.fields.credit_code import normalise
from crawler.fields.personal import MASK
from crawler.fields.text import clean
from crawler.items import Item, Proof, Registration, Status
from crawler.platforms.json_records import JsonRecords
from crawler.platforms.record_spider import RecordSpider
from crawler.platforms.records import Keep, Record, instant_day
from crawler.source import Kept

_ENTITY, _REGISTRATION = "attributes.entity", "attributes.registration"
_NAME, _OTHER = f"{_ENTITY}.legalName.name", f"{_ENTITY}.otherNames[]"
_LINES, _CITY = f"{_ENTITY}.legalAddress.addressLines[]", f"{_ENTITY}.legalAddress.city"
_AUTHORITY, _CODE = f"{_ENTITY}.registeredAt.id", f"{_ENTITY}.registeredAs"
_FOUNDED, _STATUS, _CATEGORY = f"{_ENTITY}.creationDate", f"{_ENTITY}.status", f"{_ENTITY}.category"
_VOUCHED = f"{_REGISTRATION}.lastUpdateDate"
_LEFT_OUT = (
    *("type", "links", "relationships", "attributes.lei", "attributes.bic", "attributes.mic", "attributes.ocid"),
    *("attributes.qcc", "attributes.spglobal", "attributes.conformityFlag", f"{_ENTITY}.legalName.language"),
    *(f"{_ENTITY}.{key}" for key in ("otherNames.language", "transliteratedOtherNames", "headquartersAddress")),
    *(f"{_ENTITY}.{key}" for key in ("otherAddresses", "jurisdiction", "subCategory", "legalForm", "associatedEntity")),
    *(f"{_ENTITY}.{key}" for key in ("expiration", "successorEntity", "successorEntities", "eventGroups")),
    *(f"{_ENTITY}.legalAddress.{key}" for key in ("language", "region", "country", "postalCode", "mailRouting")),
    *(f"{_ENTITY}.legalAddress.{key}" for key in ("addressNumber", "addressNumberWithinBuilding")),
    *(f"{_REGISTRATION}.{key}" for key in ("initialRegistrationDate", "nextRenewalDate", "managingLou", "status")),
    *(f"{_REGISTRATION}.{key}" for key in ("corroborationLevel", "validatedAt", "validatedAs")),
    *(f"{_REGISTRATION}.otherValidationAuthorities", f"{_ENTITY}.registeredAt.other"),
)
_CHINESE_REGISTER = "RA000092"  # where `registeredAs` is the credit code
_NO_FIRMS = {"FUND": "funds", "SOLE_PROPRIETOR": "sole_proprietors"}
_STATUS_OF = {"ACTIVE": Status.ACTIVE}  # that a firm is gone is its registrar's to say, not an identifier's
_KNOWN_STATUS = ("", "ACTIVE", "INACTIVE", "NULL")
_HAN = re.compile(r"[\u3400-\u9fff]")


class LeiSpider(RecordSpider):
    """api.gleif.org: `lists` are postal codes of legal addresses; several at once are not documented.

    A name in Chinese letters is the name, one without them the English name, whichever of them is called the legal one.
    `approved_on` is the day on which the record was last vouched for, not one of the registrar's.
    """

    home = "https://api.gleif.org"
    list_may_be_empty = True
    size = 200
    cap = 10_000
    form = JsonRecords(
        records="data",
        keys={
            **{"id": Keep.PLAIN, _NAME: Keep.HOLDER, f"{_OTHER}.name": Keep.HOLDER, f"{_OTHER}.type": Keep.PLAIN},
            **{_LINES: Keep.TEXT, _CITY: Keep.TEXT, _AUTHORITY: Keep.PLAIN, _CODE: Keep.CODE},
            **{_FOUNDED: Keep.PLAIN, _STATUS: Keep.PLAIN, _CATEGORY: Keep.PLAIN, _VOUCHED: Keep.PLAIN},
        },
        required=("id", _NAME, _AUTHORITY),
        known=_LEFT_OUT,
        number="meta.pagination.currentPage",
        pages="meta.pagination.lastPage",
        total="meta.pagination.total",
    )

    def ask(self, name: str, number: int, cursor: str) -> Request:  # noqa: ARG002 - pages are numbered
        asked = {
            "filter[entity.legalAddress.country]": "CN",
            "filter[entity.legalAddress.postalCode]": name,
            "page[size]": self.size,
            "page[number]": number,
        }
        url = f"{self.home}/api/v1/lei-records?{urlencode(asked)}"
        return Request(url, headers={"Accept": "application/vnd.api+json"})

    def left_out(self, record: Record) -> str:
        return _NO_FIRMS.get(record[_CATEGORY], "")

    def item(self, record: Record, proof: Proof, name: str, page: Kept | None) -> Item:  # noqa: ARG002
        if record[_STATUS] not in _KNOWN_STATUS:
            self.note_unknown("categories", [record[_STATUS]])
        chinese, english = _names(record)
        code = record[_CODE] if record[_AUTHORITY] == _CHINESE_REGISTER else ""
        return Registration(
            uscc=normalise(code),
            uscc_raw=code,
            name=chinese,
            name_en=english,
            status=_STATUS_OF.get(record[_STATUS], Status.UNKNOWN),
            status_raw=record[_STATUS],
            registered_on=instant_day(record[_FOUNDED]),
            registered_on_raw=record[_FOUNDED],
            approved_on=instant_day(record[_VOUCHED]),
            approved_on_raw=record[_VOUCHED],
            address=_address(record),
            proof=proof,
        )


def _names(record: Record) -> tuple[str, str]:
    """The Chinese and the English legal name; empty where a record has none, masked where it is a person's."""
    others = zip(record.lines(f"{_OTHER}.name"), record.lines(f"{_OTHER}.type"), strict=False)
    names = [record[_NAME], *(name for name, kind in others if kind == "ALTERNATIVE_LANGUAGE_LEGAL_NAME")]
    chinese = next((name for name in names if _HAN.search(name)), MASK if names[0] == MASK else "")
    return chinese, next((name for name in names if name not in ("", MASK) and not _HAN.search(name)), "")


def _address(record: Record) -> str:
    """The address in one line, the city before it if it does not name it itself."""
    lines, city = [line for line in record.lines(_LINES) if line], record[_CITY]
    if not _HAN.search("".join(lines)):
        return clean(", ".join([*lines, city]).strip(", "))
    said = "".join(lines)
    return clean(said if city in said else f"{city}{said}")
