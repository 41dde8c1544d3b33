"""Pages of labels and values: however a page sets them beside each other, and nothing but documented labels kept."""

from __future__ import annotations

import pytest

from crawler.fields.personal import MASK
from crawler.platforms.labelled import LabelledRecords
from crawler.platforms.records import Keep, keep_records, read_records
from crawler.source import UnreadableError
from tests.crawler.pages import html, json_reply, table

KEYS = {"title": Keep.TEXT, "holder": Keep.HOLDER, "at": Keep.TEXT, "buyer": Keep.TEXT}
LABELS = {
    "项目名称": "title",
    "建设单位": "holder",
    "建设地点": "at",
    "采购人信息/名称": "buyer",
    "联系人": "",
    "联系电话": "",
}
FORM = LabelledRecords(keys=KEYS, labels=LABELS, sections=("采购人信息", "采购代理机构信息"))
AWARD = LabelledRecords(
    keys={"winner[]": Keep.HOLDER, "amount": Keep.TEXT, "title": Keep.TEXT},
    labels={
        "项目名称": "title",
        "供应商名称": "winner[]",
        "中标成交金额": "amount",
        "中标成交金额元": "amount",
        "序号": "",
    },
    rows=("winner[]", "amount"),
)
SAID = {"title": "样本项目", "holder": "样本有限公司"}


def read(body: str, form: LabelledRecords = FORM) -> list[dict[str, str]]:
    return [dict(record.values) for record in read_records(keep_records(html(body), form)[0]).records]


@pytest.mark.parametrize(
    "body",
    [
        "<p>项目名称：样本项目</p><p>建设单位：样本有限公司</p>",
        "<p>1. 项目名称: 样本项目<br>2. 建设单位: 样本有限公司</p>",
        "<p>项目名称：样本项目，建设单位：样本有限公司。</p>",
        "<p><b>项 目 名 称：</b>样本项目 <b>建设单位：</b><span>样本有限公司</span></p>",
        table(("项目名称", "样本项目", "建设单位", "样本有限公司")),
        table(("项目名称：", "样本项目"), ("建设单位：", "样本有限公司"), cell="th"),
        "<div><div>项目名称</div><div><span>样本项目</span></div></div><div><div>建设单位</div><div>样本有限公司</div></div>",
        "<dl><dt>（一）项目名称</dt><dd>样本项目</dd><dt>（二）建设单位</dt><dd>样本有限公司</dd></dl>",
        "<label>项目名称</label><input value='样本项目'><b>建设单位</b><input type='text' value='样本有限公司'>",
        "<textarea>项目名称：样本项目，建设单位：样本有限公司</textarea>",
    ],
)
def test_a_value_is_found_however_it_stands_by_its_label(body: str) -> None:
    assert read(body) == [SAID]


def test_a_label_without_a_value_does_not_take_the_next_one() -> None:
    body = "<div><i>建设地点</i><p></p></div><div><i>验收报告</i><p>见附件</p></div><p>项目名称：样本项目</p>"
    assert read(body) == [{"title": "样本项目"}]
    assert read(table(("建设地点", "", "备注", "加急"), ("项目名称", "样本项目", "", ""))) == [{"title": "样本项目"}]
    assert read("<p>建设地点</p><p>联系人</p><p>邬某样</p><p>项目名称：样本项目</p>") == [{"title": "样本项目"}]


EXPERTS = "<p>评审专家名单：邬某样、缪某样</p>"


@pytest.mark.parametrize(
    "persons",
    [
        EXPERTS,
        "<p>五、评审专家名单（排名不分先后）：邬某样、缪某样</p>",
        "<p>评审专家2：邬某样、缪某样</p>",
        "<p>评审专家名单：</p><p>邬某样、缪某样</p>",
        "<p>评 审 专 家∶邬某样、缪某样</p>",
    ],
)
@pytest.mark.parametrize("label", ["建设单位：", "建设地点", "1.采购人信息</p><p>名称："])
def test_a_label_without_a_value_does_not_take_a_line_with_a_label_of_its_own(label: str, persons: str) -> None:
    body = f"<p>{label}</p>{persons}<p>项目名称：样本项目</p>"
    assert read(body) == [{"title": "样本项目"}]
    assert "某样" not in keep_records(html(body), FORM)[0].body.decode()


@pytest.mark.parametrize("value", ["2026年11月18日 10:00", "https://example.org/样本", "样本路1号3楼"])
def test_a_line_below_its_label_is_its_value_though_an_hour_or_an_address_has_a_colon(value: str) -> None:
    assert read(f"<p>建设地点：</p><p>{value}</p><p>项目名称：样本项目</p>") == [{"at": value, "title": "样本项目"}]


@pytest.mark.parametrize("who", ["评审专家", "评审小组成员", "专家名单（排名不分先后）", "采购人代表", "联系人"])
def test_who_judged_or_speaks_for_a_firm_is_blanked_where_a_firm_should_stand(who: str) -> None:
    assert read(f"<p>建设单位：{who}：邬某样 缪某样</p>") == [{"holder": MASK}]


def test_a_member_of_a_consortium_is_a_firm() -> None:
    firm = "联合体成员：桦序样本有限公司"
    assert read(f"<p>建设单位：{firm}</p>") == [{"holder": firm}]


@pytest.mark.parametrize("nothing", ["无", "/", "—", "--"])
def test_a_stroke_in_place_of_a_value_is_none(nothing: str) -> None:
    assert read(f"<p>建设地点：{nothing}</p><p>项目名称：样本项目</p>") == [{"title": "样本项目"}]


def test_what_is_said_twice_is_taken_the_first_time() -> None:
    assert read("<p>项目名称：样本项目</p><p>项目名称：另一个</p>") == [{"title": "样本项目"}]


def test_the_same_label_means_another_thing_in_another_section() -> None:
    agent = "<p>2.采购代理机构信息</p><p>名 称：样本招标有限公司</p>"
    buyer = "<p>1.采购人信息</p><p>名 称：上海市样本医院</p>"
    assert read(buyer + agent) == read(agent + buyer) == [{"buyer": "上海市样本医院"}]
    assert read("<p>1.采购人信息 名 称：上海市样本医院 地 址：样本路1号</p>") == [{"buyer": "上海市样本医院"}]


def test_of_a_page_only_documented_labels_are_kept() -> None:
    body = "<p>项目名称：样本项目</p><p>评审专家名单：邬某样、缪某样</p><p>联系人：亓某样</p><p>逄某样 13800000001</p>"
    kept, _ = keep_records(html(body), FORM)
    assert "某样" not in kept.body.decode()
    assert "13800000001" not in kept.body.decode()


def test_a_person_in_place_of_an_organisation_is_blanked() -> None:
    assert read("<p>建设单位：邬某样</p><p>项目名称：邬某样诊所</p>") == [{"holder": MASK, "title": f"{MASK}诊所"}]


def test_a_page_without_any_label_holds_no_record() -> None:
    assert read("<p>系统维护中</p>") == []


HEAD = ("序号", "供应商名称", "中标（成交）金额（元）", "得分")


def test_each_row_of_a_table_is_a_record_with_what_the_page_says_once() -> None:
    body = "<p>项目名称：样本采购</p>" + table(HEAD, ("1", "甲样本公司", "100", "9"), ("2", "乙样本公司", "200", "8"))
    assert read(body, AWARD) == [
        {"title": "样本采购", "winner[]": "甲样本公司", "amount": "100"},
        {"title": "样本采购", "winner[]": "乙样本公司", "amount": "200"},
    ]


def test_columns_go_by_their_heading_and_unknown_ones_are_counted() -> None:
    body = table(("得分", "中标（成交）金额", "供应商名称"), ("9", "100元", "甲样本公司"))
    assert read(body, AWARD) == [{"winner[]": "甲样本公司", "amount": "100元"}]
    assert list(keep_records(html(body), AWARD)[1]["labels"]) == ["得分"]


def test_rows_may_be_lines_that_come_again() -> None:
    lines = "<p>供应商名称：甲样本公司</p><p>中标（成交）金额：100元</p>"
    assert read(lines + lines.replace("甲", "乙").replace("100", "200"), AWARD) == [
        {"winner[]": "甲样本公司", "amount": "100元"},
        {"winner[]": "乙样本公司", "amount": "200元"},
    ]


def test_a_cell_that_names_several_names_each_and_no_person_among_them() -> None:
    body = table(HEAD, ("1", "甲样本公司、邬某样；乙样本公司", "100", "9"))
    assert read(body, AWARD) == [{"winner[]": f"甲样本公司\n{MASK}\n乙样本公司", "amount": "100"}]


def test_a_row_without_what_makes_a_row_is_none() -> None:
    body = "<p>项目名称：样本采购</p>" + table(HEAD, ("1", "", "100", "9"), ("合计", "100"))
    assert read(body, AWARD) == [{"title": "样本采购"}]
    assert list(keep_records(html(body), AWARD)[1]["labels"]) == ["a row of 2 cells"]


@pytest.mark.parametrize(
    "rows",
    [
        (("供应商名称", "甲样本公司"), ("中标（成交）金额", "100元")),
        (("供应商名称", "甲样本公司"), ("供应商地址", "样本路1号"), ("中标（成交）金额", "100元")),
        (("供应商名称", "甲样本公司", "评审专家", "邬某样"), ("中标（成交）金额", "100元", "项目名称", "样本采购")),
        (("供应商名称", "甲样本公司", "中标（成交）金额", "100元"), ("评审专家", "邬某样", "备注", "缪某样")),
        (("供应商名称", "甲样本公司", "序号"), ("中标（成交）金额", "100元", "1")),
    ],
)
def test_labels_beside_their_values_are_no_heading(rows: tuple[tuple[str, ...], ...]) -> None:
    kept, unknown = keep_records(html(table(*rows)), AWARD)
    told = [(record["winner[]"], record["amount"]) for record in read_records(kept).records]
    assert told == [("甲样本公司", "100元")]
    assert "某样" not in kept.body.decode()
    assert list(unknown["labels"]) == []


def test_a_person_beside_the_label_of_a_firm_reaches_neither_the_capture_nor_the_unknown_words() -> None:
    kept, unknown = keep_records(html(table(("供应商名称", "邬某样"), ("中标（成交）金额", "100元"))), AWARD)
    assert dict(read_records(kept).records[0].values) == {"winner[]": MASK, "amount": "100元"}
    assert list(unknown["labels"]) == []


def test_a_label_beside_its_value_ends_what_a_heading_names() -> None:
    body = table(HEAD[:2], ("1", "甲样本公司"), ("项目名称", "样本采购公司"))
    assert read(body, AWARD) == [{"title": "样本采购公司", "winner[]": "甲样本公司"}]


def test_an_empty_line_of_a_table_ends_nothing() -> None:
    assert read(table(HEAD[:2], (), ("1", "甲样本公司")), AWARD) == [{"winner[]": "甲样本公司"}]


def test_headings_without_rows_name_nobody() -> None:
    assert read("<p>项目名称：样本采购</p>" + table(HEAD), AWARD) == [{"title": "样本采购"}]
    assert read("<p>项目名称：样本采购</p>" + table(), AWARD) == [{"title": "样本采购"}]


def test_a_cell_too_long_for_a_label_is_no_unknown_heading() -> None:
    body = table((*HEAD[:3], "邬某样等专家" * 6), ("1", "甲样本公司", "100", "9"))
    assert list(keep_records(html(body), AWARD)[1]["labels"]) == []


def test_a_page_may_stand_in_a_json_reply() -> None:
    form = LabelledRecords(keys=KEYS, labels=LABELS, inside="data.content")
    kept, _ = keep_records(json_reply({"data": {"content": "<p>项目名称：样本项目</p>"}}), form)
    assert dict(read_records(kept).records[0].values) == {"title": "样本项目"}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"data": {}}, r"no 'data\.content'"),
        ({"data": {"content": None}}, r"data\.content is no page"),
        (b"<html></html>", "not JSON"),
    ],
)
def test_a_json_reply_without_a_page_is_refused_with_what_is_missing(said: object, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        keep_records(json_reply(said), LabelledRecords(keys=KEYS, labels=LABELS, inside="data.content"))
