"""Lists in JSON: what is documented is taken, what is missing is named, and what nobody knows is counted."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.fields.personal import MASK
from crawler.platforms.json_records import JsonRecords, at_path
from crawler.platforms.records import Keep, keep_records, read_records
from crawler.source import UnreadableError
from tests.crawler.pages import json_reply

KEYS = {"id": Keep.PLAIN, "title": Keep.TITLE, "holder": Keep.HOLDER, "at": Keep.TEXT}
FORM = JsonRecords(records="data.list", total="data.total", keys=KEYS, required=("id",), known=("editor",))


def reply(*records: dict[str, Any], total: Any = None, **more: Any) -> dict[str, Any]:
    return {"data": {"list": list(records), "total": len(records) if total is None else total}} | more


def read(form: JsonRecords, said: Any) -> list[dict[str, str]]:
    kept, _ = keep_records(json_reply(said), form)
    return [dict(record.values) for record in read_records(kept).records]


def test_records_are_found_by_their_path_and_hold_their_documented_keys() -> None:
    assert read(FORM, reply({"id": 7, "title": "样本公告", "colour": "red"})) == [{"id": "7", "title": "样本公告"}]


def test_a_key_that_nobody_knows_is_counted_and_one_left_out_on_purpose_is_not() -> None:
    _, unknown = keep_records(json_reply(reply({"id": 1, "editor": "邬某样", "colour": "red"})), FORM)
    assert {kind: list(words) for kind, words in unknown.items()} == {"keys": ["colour"]}


def test_keys_that_nobody_knows_are_found_inside_those_that_are_opened_and_only_there() -> None:
    form = JsonRecords(records="list", keys={"entity.name": Keep.HOLDER})
    said = {"list": [{"entity": {"name": "样本有限公司", "age": 3, "deep": {"er": 1}}, "other": {"inner": 1}}]}
    _, unknown = keep_records(json_reply(said), form)
    assert list(unknown["keys"]) == ["entity.age", "entity.deep", "other"]


def test_a_key_may_take_a_value_of_every_entry_of_a_list_one_a_line() -> None:
    form = JsonRecords(records="list", keys={"names[].name": Keep.HOLDER, "names[].kind": Keep.PLAIN})
    said = {
        "list": [{"names": [{"name": "甲样本公司", "kind": "a"}, {"kind": "b"}, {"name": "乙样本公司", "kind": "c"}]}]
    }
    assert read(form, said) == [{"names[].name": "甲样本公司\n\n乙样本公司", "names[].kind": "a\nb\nc"}]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"data": {"total": 0}}, "the reply has no 'data.list'"),
        ({"data": []}, "the reply has no 'data.list'"),
        ({"other": 1}, "the reply has no 'data'"),
        ({"data": {"list": [], "total": "many"}}, "data.total is 'many', which counts nothing"),
        ({"data": {"list": {"a": 1}, "total": 1}}, "data.list is no list of records"),
        ({"data": {"list": ["a"], "total": 1}}, "data.list is no list of records"),
        ({"data": {"list": None, "total": 0}}, "data.list is no list of records"),
        ({"data": {"list": [{"title": "a"}], "total": 1}}, "no record has 'id'"),
        (b"<html>", "not JSON: Expecting value at character 0"),
        (b"\xff\xfe", "not JSON: not UTF-8 at byte 0"),
        (b"[" * 200_000, "not JSON"),
        (b'{"data":' + b"9" * 5_000 + b"}", "not JSON that can be read"),
    ],
)
def test_a_reply_that_is_not_as_documented_is_refused_with_what_is_missing(said: Any, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        keep_records(json_reply(said), FORM)


@pytest.mark.parametrize(("code", "accepted"), [(0, True), (False, False), ("0", False), (500, False)])
def test_success_is_only_the_very_value_that_is_documented(code: Any, accepted: bool) -> None:
    form = JsonRecords(records="list", keys=KEYS, ok=("code", 0))
    said = {"code": code, "list": [{"id": 1}]}
    if accepted:
        assert read(form, said) == [{"id": "1"}]
    else:
        with pytest.raises(UnreadableError, match=r"code is .* instead of 0"):
            read(form, said)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        (500, "'500'"),
        (None, "'None'"),
        ("100003", "'100003'"),
        ("邬某样不在", "a text of 5 characters"),
        ("x" * 41, "a text of 41 characters"),
        ("a\nb", "a text of 3 characters"),
        ({"邬某样": 1}, "an object"),
        (["邬某样"], "a list"),
    ],
)
def test_of_a_host_s_words_in_place_of_a_code_a_reason_says_only_how_many_they_are(code: Any, shown: str) -> None:
    form = JsonRecords(records="list", keys=KEYS, ok=("code", 0))
    with pytest.raises(UnreadableError) as refused:
        read(form, {"code": code, "list": []})
    assert str(refused.value) == f"code is {shown} instead of 0"


def test_json_in_a_text_is_opened_in_its_place() -> None:
    form = JsonRecords(records="data.rows", total="data.total", keys=KEYS, inside="data")
    assert read(form, {"data": '{"total": 1, "rows": [{"id": "a"}]}'}) == [{"id": "a"}]
    assert read(form, {"data": {"total": 1, "rows": [{"id": "a"}]}}) == [{"id": "a"}]
    deeper = JsonRecords(records="reply.data.rows", keys=KEYS, inside="reply.data")
    assert read(deeper, {"reply": {"data": '{"rows": [{"id": "b"}]}'}}) == [{"id": "b"}]


def test_null_in_place_of_the_records_is_an_empty_list_only_where_that_is_documented() -> None:
    form = JsonRecords(records="list", keys=KEYS, null_is_none=True)
    assert read(form, {"list": None}) == []
    with pytest.raises(UnreadableError, match="the reply has no 'list'"):
        read(form, {})


def test_a_reply_may_be_the_list_itself() -> None:
    assert read(JsonRecords(records="", keys=KEYS), [{"id": 1}]) == [{"id": "1"}]
    with pytest.raises(UnreadableError, match="the reply is no list of records"):
        read(JsonRecords(records="", keys=KEYS), {"id": 1})


def test_a_path_leads_to_what_is_there_and_else_says_the_first_lost_step() -> None:
    assert at_path({"a": {"b": 0}}, "a.b") == 0
    assert at_path({"a": 1}, "a.b", missing="none") == "none"
    with pytest.raises(UnreadableError, match=r"no 'a\.b'"):
        at_path({"a": {}}, "a.b.c")


def test_a_person_in_place_of_an_organisation_goes_from_the_whole_record() -> None:
    (person,) = read(FORM, reply({"id": 1, "holder": "邬某样", "title": "邬某样口腔诊所新建项目", "at": "邬某样宅"}))
    assert person == {"id": "1", "holder": MASK, "title": f"{MASK}口腔诊所新建项目", "at": f"{MASK}宅"}
    (firm,) = read(FORM, reply({"id": 1, "holder": "样本有限公司", "title": "样本有限公司项目"}))
    assert firm == {"id": "1", "holder": "样本有限公司", "title": "样本有限公司项目"}


def test_a_title_keeps_no_person_whose_office_or_brackets_give_them_away() -> None:
    (said,) = read(FORM, reply({"id": 1, "title": "关于董事缪某样辞职的公告，询021-60000001"}))
    assert said["title"] == f"关于董事{MASK}辞职的公告，询{MASK}"
