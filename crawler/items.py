"""The item types every source speaks: what was read, the raw text beside the parsed value, and its proof.

An item is one line of a run's `items.jsonl`; `item_type` tells which. Items are facts as stated by a source:
they carry no judgement of ours (no district, no sub-sector).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal


class Status(StrEnum):
    """Registration status, as far as the words of a registrar can be told apart (登记状态)."""

    ACTIVE = "active"  # 存续, 在业, 开业, 正常
    DEREGISTERED = "deregistered"  # 注销
    REVOKED = "revoked"  # 吊销
    MOVED_OUT = "moved_out"  # 迁出
    UNKNOWN = "unknown"  # no such column, an empty cell, or words we do not know


class ArticleKind(StrEnum):
    """What a page is to a reader: a closed list."""

    NEWS = "news"
    DOCUMENT = "document"  # a policy or another official document (政策文件)
    FILING = "filing"  # a project filed with the district (环评登记表备案)


class TextFrom(StrEnum):
    """Which reading gave an article its text, best first."""

    BODY = "body"  # the element that the platform documents as the body
    EXTRACTED = "extracted"  # what a general extractor takes for the body, where no documented element was found
    EXCERPT = "excerpt"  # a short quote or summary of a copyrighted page
    NONE = "none"  # the page was not read: it lies elsewhere, is gone, or has no such element


class LicenceKind(StrEnum):
    """What a licence, record or registration allows: a closed list, by the words of its number and list."""

    DEVICE_TRADING = "device_trading"  # 医疗器械经营许可证 (class III)
    DEVICE_TRADING_RECORD = "device_trading_record"  # 第二类医疗器械经营备案
    DEVICE_MAKING = "device_making"  # 医疗器械生产许可证
    DEVICE_MAKING_RECORD = "device_making_record"  # 第一类医疗器械生产备案
    DEVICE_PRODUCT = "device_product"  # 医疗器械注册证, 备案凭证
    DRUG_TRADING = "drug_trading"  # 药品经营许可证
    DRUG_MAKING = "drug_making"  # 药品生产许可证
    DRUG_PRODUCT = "drug_product"  # 药品批准文号
    MEDICAL_INSTITUTION = "medical_institution"  # 医疗机构执业许可证
    OTHER = "other"


class LicenceStatus(StrEnum):
    """Whether a licence holds, as far as the words of its authority can be told apart."""

    VALID = "valid"  # 有效
    CANCELLED = "cancelled"  # 注销
    REVOKED = "revoked"  # 吊销, 撤销
    EXPIRED = "expired"  # 过期, 失效
    UNKNOWN = "unknown"  # not said, or words we do not know


class DisclosureKind(StrEnum):
    """What a public disclosure (公示, 公告) is about: a closed list."""

    EIA = "eia"  # 建设项目环境影响评价: a project's environmental impact assessment
    AWARD = "award"  # 中标（成交）结果: a public contract
    TRIAL = "trial"  # 临床试验
    ANNOUNCEMENT = "announcement"  # 上市公司公告: what a listed firm tells the exchange


class DisclosureStage(StrEnum):
    """How far what is disclosed has come, by the list or the words it stands in: a closed list."""

    DISCLOSED = "disclosed"  # the builder's own word, before anything was decided (信息公开)
    ACCEPTED = "accepted"  # 受理
    PROPOSED = "proposed"  # 拟批准, 拟审批
    APPROVED = "approved"  # 审批决定
    COMPLETED = "completed"  # 竣工环境保护验收
    AWARDED = "awarded"  # 中标, 成交
    PLANNED = "planned"  # a trial that does not recruit yet
    STARTED = "started"  # a trial that recruits, or did
    ENDED = "ended"  # stopped, withdrawn or finished before anything was said of a start
    PUBLISHED = "published"  # an announcement
    UNKNOWN = "unknown"  # not said, or words we do not know


class RejectReason(StrEnum):
    """Why a row was put aside instead of read; the closed list that analysts see in `quarantine`."""

    WRONG_CELL_COUNT = "wrong_cell_count"
    BROKEN_TEXT = "broken_text"
    MISSING_NAME = "missing_name"
    MISSING_TITLE = "missing_title"
    MISSING_ID = "missing_id"
    MISSING_CREDIT_CODE = "missing_credit_code"
    NAME_LOOKS_PERSONAL = "name_looks_personal"
    NUMBER_LOST_PRECISION = "number_lost_precision"
    CODE_IS_CITIZEN_ID = "code_is_citizen_id"
    CODE_LENGTH = "code_length"
    CODE_ALPHABET = "code_alphabet"
    CODE_KIND = "code_kind"
    CODE_DIVISION = "code_division"
    CODE_ORGANISATION_CHECK = "code_organisation_check"
    CODE_CHECK = "code_check"
    CONFLICTING_ROWS = "conflicting_rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Where a statement stands: the reply it was read from, and the place in it.

    `url` is the address asked (file: for a dropped file); `fetched_at` is UTC; `sha256` is of the bytes as received,
    before anything was blanked; `capture` is the WARC-Record-ID in the run's capture; `line` counts from 1, as a
    spreadsheet or editor shows it.
    """

    url: str
    fetched_at: str
    sha256: str
    capture: str
    line: int
    parser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One firm as a registrar's extract states it.

    `capital` is in whole units of `capital_currency` (ISO 4217; yuan for CNY), not in 万. Dates are calendar days as
    printed. A value that could not be read is None while its `_raw` text is kept.
    """

    item_type: Literal["registration"] = field(default="registration", init=False)
    # What a firm's history is compared on; `_raw` twins say whether the source or only our reading changed.
    uscc: str
    uscc_raw: str
    name: str
    legal_form: str = ""
    status: Status = Status.UNKNOWN
    status_raw: str = ""
    registered_on: date | None = None
    registered_on_raw: str = ""
    approved_on: date | None = None
    approved_on_raw: str = ""
    capital: Decimal | None = None
    capital_currency: str = ""
    capital_raw: str = ""
    scope: str = ""
    address: str = ""
    district: str = ""
    registrar: str = ""
    name_en: str = ""  # an English name, as stated
    industry: str = ""  # industry (GB/T 4754) as stated: a code or words
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One page of news, one official document or one filing, as its publisher states it.

    `article_id` is the publisher's own stable key, never its address or title. `url` is where a reader opens it, which
    for an item of a list may be another host than the list's. Days are as printed. `text` holds the paragraphs of the
    body, one a line; empty when `text_from` is none.
    """

    item_type: Literal["article"] = field(default="article", init=False)
    article_id: str
    kind: ArticleKind
    channel: str  # the publisher's id of the column it stands in
    url: str
    title: str
    published_on: date | None = None
    published_on_raw: str = ""
    agency: str = ""  # who issued it, as printed (公开主体, 发文单位)
    document_number: str = ""  # 发文字号
    index_number: str = ""  # 索引号
    language: Literal["zh", "en"]
    text: str = ""
    text_from: TextFrom = TextFrom.NONE
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """One licence, record or product registration, as its authority states it.

    `licence_id` is the authority's stable key, usually the number. `uscc` is empty where the list states none: then
    `holder`, the registered name as printed, says whose it is. `product` is empty for a licence to trade or make.
    Days are as printed; `valid_until` is the last day on which it holds.
    """

    item_type: Literal["licence"] = field(default="licence", init=False)
    licence_id: str
    kind: LicenceKind
    number: str
    holder: str
    uscc: str = ""
    product: str = ""
    scope: str = ""
    address: str = ""  # the place of business (经营场所, 住所)
    storage_address: str = ""  # 库房地址
    authority: str = ""  # 发证机关
    status: LicenceStatus = LicenceStatus.UNKNOWN
    status_raw: str = ""
    granted_on: date | None = None
    granted_on_raw: str = ""
    valid_until: date | None = None
    valid_until_raw: str = ""
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """One act that a public register states of an organisation: a project, an award, a trial, an announcement.

    `disclosure_id` is the publisher's own stable key. `holder` is the organisation it is about (builder, winner,
    sponsor, listed firm), as printed, in Chinese or English; `uscc` its credit code where stated. `amount` is in whole
    units of `currency` (ISO 4217). Days are as printed; `happened_on` is the day of the act itself (of decision, award
    or start), `published_on` that of the disclosure.
    """

    item_type: Literal["disclosure"] = field(default="disclosure", init=False)
    disclosure_id: str
    kind: DisclosureKind
    stage: DisclosureStage
    holder: str
    uscc: str = ""
    title: str
    address: str = ""  # where it is carried out
    agency: str = ""  # who decides, buys or registers
    document_number: str = ""
    amount: Decimal | None = None
    currency: str = ""
    amount_raw: str = ""
    happened_on: date | None = None
    happened_on_raw: str = ""
    published_on: date | None = None
    published_on_raw: str = ""
    url: str = ""  # where a reader opens it
    language: Literal["zh", "en"] = "zh"
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row put aside: counted, with its reason and place, its cells blanked of personal data."""

    item_type: Literal["rejected"] = field(default="rejected", init=False)
    reason: RejectReason
    detail: str
    uscc: str = ""  # only a code that is valid, so that absence is not read into a bad row
    name: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    proof: Proof


Item = Registration | Article | Licence | Disclosure | Rejected


def field_names(item_type: type[Item]) -> tuple[str, ...]:
    """The stated fields of an item type, its proof left out."""
    return tuple(f.name for f in fields(item_type) if f.name not in ("item_type", "proof"))
