"""Titles: the organisation one names first, and the persons whom its form gives away."""

from __future__ import annotations

import pytest

from crawler.fields.personal import MASK
from crawler.fields.titles import organisation_in, without_persons


@pytest.mark.parametrize(
    ("title", "organisation"),
    [
        (
            "上海市生态环境局关于上海样本生物科技有限公司实验室新建项目环境影响报告表的审批意见",
            "上海样本生物科技有限公司",
        ),
        ("关于同意样本疾病预防控制中心迁建项目环境影响报告书的批复", "样本疾病预防控制中心"),
        ("上海桦序医疗器械有限公司普陀分公司生产线扩建项目", "上海桦序医疗器械有限公司普陀分公司"),
        ("上海市样本医院门诊楼改扩建工程", "上海市样本医院"),
        ("中国科学院上海样本研究所实验楼项目", "中国科学院上海样本研究所"),
    ],
)
def test_a_title_names_the_organisation_that_it_begins_with(title: str, organisation: str) -> None:
    assert organisation_in(title) == organisation


def test_words_of_an_organisation_in_the_name_of_a_firm_do_not_cut_it() -> None:
    assert organisation_in("上海样本大学医院管理有限公司诊断中心项目") == "上海样本大学医院管理有限公司"


@pytest.mark.parametrize("title", ["样本北路道路新建工程", "关于样本河道整治工程环境影响报告表的审批意见", "", "公司"])
def test_a_title_that_names_a_project_only_names_no_organisation(title: str) -> None:
    assert organisation_in(title) == ""


def test_a_firm_behind_the_words_of_a_project_is_not_its_builder() -> None:
    assert organisation_in("样本路新建样本有限公司宿舍") == ""


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("独立董事2025年度述职报告（邬某样）", f"独立董事2025年度述职报告（{MASK}）"),
        ("独立董事提名人声明与承诺(缪某样、亓某样)", f"独立董事提名人声明与承诺({MASK})"),
        ("关于公司董事邬某样辞职的公告", f"关于公司董事{MASK}辞职的公告"),
        ("关于董事会秘书逄某样先生辞职的公告", f"关于董事会秘书{MASK}先生辞职的公告"),
        ("缪某样女士关于增持的告知函", f"{MASK}女士关于增持的告知函"),
    ],
)
def test_persons_in_brackets_behind_an_office_or_addressed_are_blanked(title: str, kept: str) -> None:
    assert without_persons(title) == kept


@pytest.mark.parametrize(
    "title",
    [
        "2026年第三次临时股东大会决议公告",
        "首次公开发行股票招股说明书（申报稿）",
        "2026年半年度报告（英文版）",
        "关于持股5%以上股东减持股份计划公告",
        "关于监事会主席变更的公告",
        "关于核心技术人员离职的公告",
        "关于董事、高级管理人员减持股份结果公告",
        "样本医院设备采购项目的中标（成交）结果公告",
        "",
    ],
)
def test_what_names_nobody_stays_to_the_letter(title: str) -> None:
    assert without_persons(title) == title
