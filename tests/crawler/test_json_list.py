"""What a list's reply may leave in a file, what is read from it, and how a reply that is none is refused."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fields.personal import MASK
from crawler.platforms.json_list import ListFormat, Record, RecordPage, keep_list, read_list
from crawler.platforms.records import as_text, instant_day
from crawler.source import UnreadableError

FORM = ListFormat(query={"orderTypes": ["desc"]}, also_kept=("doc_flag",), cap=10_000)
RECORD: dict[str, Any] = {
    "id": "b1",
    "title": "样本项目环评登记",
    "url": "/yaowen/20261118/b1.html",
    "display_date": "2026-11-18",
    "doc_flag": 0,
    "channel_id": "3390",
    "dispatch_agency": None,
    "drafting_unit": "样本局",
    "attaches": [{"name": "附件1.pdf", "url": "/cmsres/1.pdf"}],
}


def reply(*records: dict[str, Any], **data: Any) -> dict[str, Any]:
    counters = {"pageNo": 1, "pageSize": 15, "totalPage": 1, "totalCount": len(records)}
    return {"code": 0, "message": "ok", "data": {**counters, "list": list(records), **data}}


def read(said: dict[str, Any], form: ListFormat = FORM) -> RecordPage:
    return read_list(keep_list(json.dumps(said).encode(), form)[0], form)


def record(**said: Any) -> Record:
    return read(reply(RECORD | said)).records[0]


def test_a_reply_is_read_into_records() -> None:
    page = read(reply(RECORD, RECORD | {"id": "b2"}, pageNo=2, totalPage=3, totalCount=32))
    assert (page.number, page.pages, page.total) == (2, 3, 32)
    first, second = page.records
    assert (first.id, first.title, first.url, first.channel) == (
        "b1",
        "样本项目环评登记",
        "/yaowen/20261118/b1.html",
        "3390",
    )
    assert (first.day, first.day_raw, first.agency) == (date(2026, 11, 18), "2026-11-18", "样本局")
    assert (first.position, second.position) == (1, 2)


def test_counters_and_ids_may_come_as_text_or_numbers() -> None:
    page = read(reply(RECORD | {"id": 17, "channel_id": 3390}, pageNo="1", totalCount="1"))
    assert (page.number, page.total, page.records[0].id, page.records[0].channel) == (1, 1, "17", "3390")


def test_the_agency_is_the_first_that_is_named() -> None:
    assert record(dispatch_agency="样本委", drafting_unit="样本局").agency == "样本委"
    assert record(dispatch_agency=" ", drafting_unit=None).agency == ""


def test_marks_of_a_search_are_no_part_of_a_title() -> None:
    assert record(title="<em class='hit'>样本</em>园区 &amp; 生物医药<br/>签约").title == "样本园区 & 生物医药签约"
    assert record(title="增速<5%，规模>10亿").title == "增速<5%，规模>10亿"


@pytest.mark.parametrize("said", [None, "", "  ", "../../etc/passwd", "a b", "x" * 65, True, ["1"], {"$oid": "1"}])
def test_what_can_be_no_id_is_none(said: object) -> None:
    found = record(id=said)
    assert found.id == ""
    assert found.key.startswith("3390/?")


DAYS = {
    "2026-11-18": date(2026, 11, 18),
    "2026-11-18 23:59:59": date(2026, 11, 18),
    1794931200000: date(2026, 11, 18),  # 2026-11-17T16:00Z, midnight in Shanghai
    1794931199000: date(2026, 11, 17),
    "1794931200000": date(2026, 11, 18),
    20261118: date(2026, 11, 18),
    "20261118103000": None,
    "": None,
    None: None,
    "昨天": None,
    -1: None,
}


@pytest.mark.parametrize("said", DAYS)
def test_a_day_is_read_as_printed_or_at_shanghai(said: object) -> None:
    assert instant_day(as_text(said)) == DAYS[said]  # type: ignore[index]


CHANGES: dict[str, dict[str, Any]] = {
    "title": {"title": "样本项目环评登记（更正）"},
    "day": {"display_date": "2026-11-19"},
    "address": {"url": "/yaowen/20261119/b1.html"},
    "an attachment": {"attaches": [{"name": "附件2.pdf", "url": "/cmsres/1.pdf"}]},
    "no attachment": {"attaches": None},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_record_that_says_something_else_has_another_fingerprint(change: str) -> None:
    assert record(**CHANGES[change]).fingerprint != record().fingerprint


def test_what_says_nothing_new_leaves_the_fingerprint() -> None:
    assert record(views=7, doc_flag=1, position="x").fingerprint == record().fingerprint


def test_one_article_in_two_channels_is_two_entries_of_a_list() -> None:
    one, other = read(reply(RECORD, RECORD | {"channel_id": "6"})).for_paging.entries
    assert one.key != other.key


PHONE, MAIL, NAME = "13800000009", "planted@example.org", "邬某样"


def test_only_known_keys_are_kept_and_the_others_named() -> None:
    said = reply(RECORD | {"editor": NAME, "attaches": [{"name": "a", "url": "b", "uploader": NAME}]}, operator=NAME)
    kept, left_out = keep_list(json.dumps({**said, "user": {"name": NAME}}).encode(), FORM)
    assert NAME not in kept.body.decode()
    assert left_out == {"message", "user", "data.pageSize", "data.operator", "editor", "attaches.uploader"}


def test_personal_data_in_what_is_kept_is_blanked() -> None:
    said = RECORD | {
        "title": f"招标公告 联系人：{NAME}，电话：{PHONE}",
        "drafting_unit": f"样本局 {MAIL}",
        "attaches": [{"name": f"手机{PHONE}.pdf", "url": f"/x?mail={MAIL}"}],
    }
    kept, _ = keep_list(json.dumps(reply(said)).encode(), FORM)
    text = kept.body.decode()
    assert not [planted for planted in (PHONE, MAIL, NAME) if planted in text]
    assert read_list(kept, FORM).records[0].title == f"招标公告 联系人：{MASK}，电话：{MASK}"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("http://beian.example.org/?no=202131010700000123", "http://beian.example.org/?no=202131010700000123"),
        (" ../1.html ", "../1.html"),
        (f"mailto:{MAIL}", ""),
        ("javascript:alert(1)", ""),
        (f"https://{MAIL}/", ""),
        ("http://[", ""),
        (None, ""),
        (7, "7"),
    ],
)
def test_addresses_are_kept_that_lead_to_a_page(said: object, kept: str) -> None:
    assert record(url=said).url == kept


def test_values_are_bounded() -> None:
    assert len(record(title="长" * 5_000).title) == 2_000
    assert (
        len(keep_list(json.dumps(reply(RECORD | {"attaches": [{"name": "a"}] * 999})).encode(), FORM)[0].body) < 9_000
    )


REFUSED: dict[str, tuple[bytes, str]] = {
    "a page": (b"<!DOCTYPE html><p>moved", "not JSON: Expecting value at character 0"),
    "nothing": (b"", "not JSON: Expecting value"),
    "half a reply": (b'{"code":0,"data":{"pag', "not JSON: Unterminated string"),
    "another encoding": ('{"code":0,"message":"成功"}'.encode("gb18030"), "not JSON: not UTF-8 at byte 21"),
    "nested without end": (b"[" * 200_000, "not JSON that can be read: RecursionError"),
    "a number without end": (b'{"code":' + b"1" * 5_000 + b"}", "not JSON that can be read: ValueError"),
    "a list": (b"[]", "the reply has no 'code'"),
    "an error": (b'{"code":500,"message":"x"}', "code is '500' instead of 0"),
    "an error that looks like success": (b'{"code":false}', "code is 'False' instead of 0"),
    "no data": (b'{"code":0}', "the reply has no 'data'"),
    "no data either": (b'{"code":0,"data":null}', "the reply has no 'data.pageNo'"),
    "no list": (b'{"code":0,"data":{"pageNo":1,"totalPage":1,"totalCount":1}}', "the reply has no 'data.list'"),
    "a list that is none": (json.dumps(reply() | {"data": reply()["data"] | {"list": {}}}).encode(), "no list of rec"),
    "records that are none": (json.dumps(reply(["x"])).encode(), "data.list is no list of records"),  # type: ignore[arg-type]
    "a total that counts nothing": (json.dumps(reply(totalCount=None)).encode(), "data.totalCount is ''"),
    "a total below nothing": (json.dumps(reply(totalCount=-1)).encode(), "data.totalCount is '-1'"),
    "a record without channel": (
        json.dumps(reply(RECORD, {key: said for key, said in RECORD.items() if key != "channel_id"})).encode(),
        "record 2 of data.list has no 'channel_id'",
    ),
    "too much": (b" " * 8_000_001, "a reply of 8000001 bytes"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_as_documented_is_refused_with_what_is_missing(name: str) -> None:
    body, why = REFUSED[name]
    with pytest.raises(UnreadableError) as refused:
        keep_list(body, FORM)
    assert why in str(refused.value)


@pytest.mark.parametrize("key", ["id", "title", "url", "display_date"])
def test_a_key_that_no_record_has_is_the_platforms_fault_and_else_the_records(key: str) -> None:
    without = {name: said for name, said in RECORD.items() if name != key}
    with pytest.raises(UnreadableError, match=f"no record of data.list has '{key}'"):
        read(reply(without, without))
    assert len(read(reply(RECORD, without)).records) == 2


def test_another_platform_is_another_declaration() -> None:
    form = ListFormat(
        ok=("success", True),
        number="result.page",
        pages="result.pages",
        total="result.total",
        records="result.rows",
        id="articleId",
        day="publishDate",
        channel="categoryCode",
        agency=("districtName",),
        query={"leaf": "0"},
        query_channels="categories",
        query_number="page",
        query_size="rows",
        size=20,
    )
    row = {"articleId": "a", "title": "中标公告", "url": "/a", "publishDate": 1794931200000, "categoryCode": "4"}
    page = read({"success": True, "result": {"page": 1, "pages": 1, "total": 1, "rows": [row]}}, form)
    assert page.records[0].day == date(2026, 11, 18)
    asked = json.loads(form.body(("4",), 3, {"x": 1}))
    assert asked == {"leaf": "0", "x": 1, "categories": ["4"], "page": 3, "rows": 20}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*RECORD, "x"]), inner, max_size=4),
)


@given(st.lists(st.dictionaries(st.sampled_from([*RECORD, "x"]), JSON, max_size=9), max_size=3))
def test_whatever_records_come_they_are_read_or_refused(records: list[dict[str, Any]]) -> None:
    try:
        page = read(reply(*records))
    except UnreadableError:
        return
    assert [record.position for record in page.records] == list(range(1, len(records) + 1))
