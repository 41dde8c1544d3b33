"""The many ways in which pages say what a firm builds, opens, heads from here, and with whom."""

from __future__ import annotations

import pytest

from tests.pipelines.news.telling import told


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("砚桦医疗研发中心正式启用。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗普陀研发中心启用仪式昨日举行。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗生产基地在桃浦开工。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗总部项目在桃浦智创城开工建设。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗生命科学园项目在桃浦奠基。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗位于普陀区天地软件园的生产基地正式启用。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗商业化生产基地正式投运。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗桃浦工厂竣工。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗新厂房竣工验收。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗新大楼在桃浦封顶。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗在普陀扩建实验室。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗在桃浦的生产基地扩建项目启动。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗在桃浦智创城建成研发中心。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗宣布将在普陀区投资5亿元建设创新中心。", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗把全球研发总部搬到了桃浦。", {"砚桦医疗": ["headquarters_set_up"]}),
        ("砚桦医疗选择把中国总部设在普陀。", {"砚桦医疗": ["headquarters_set_up"]}),
        ("砚桦生物在新加坡设立子公司。", {"砚桦生物": ["overseas_expansion"]}),
        ("砚桦生物美国研发中心正式启用。", {"砚桦生物": ["overseas_expansion"]}),
        (
            "Oakfen Bio kicked off the construction of an innovation center in Putuo.",
            {"Oakfen Bio": ["premises_added"]},
        ),
        ("Oakfen Bio broke ground on its new plant in Taopu.", {"Oakfen Bio": ["premises_added"]}),
        (
            "Oakfen Bio will build an innovation center in Shanghai's Putuo District.",
            {"Oakfen Bio": ["premises_added"]},
        ),
        (
            "Swiss pharmaceutical giant Oakfen announced it will build "
            "an 863 million yuan innovation center in Putuo District.",
            {"Oakfen": ["premises_added"]},
        ),
        ("Oakfen Bio opened its R&D center in Putuo.", {"Oakfen Bio": ["premises_added"]}),
        ("Oakfen Bio has set up its China headquarters in Putuo District.", {"Oakfen Bio": ["headquarters_set_up"]}),
        ("Oakfen Bio launched its innovation center in Putuo District.", {"Oakfen Bio": ["premises_added"]}),
        ("Oakfen Bio expanded its plant in Taopu.", {"Oakfen Bio": ["premises_added"]}),
        ("Construction of Oakfen Bio's headquarters began in Putuo.", {"Oakfen Bio": ["premises_added"]}),
        (
            "Oakfen Bio signed a strategic cooperation agreement with Brightoak Pharma.",
            {"Oakfen Bio": ["partnership"], "Brightoak Pharma": ["partnership"]},
        ),
        (
            "Oakfen Bio signed an agreement with Brightoak Pharma to build a plant in Suzhou.",
            {"Oakfen Bio": ["partnership"], "Brightoak Pharma": ["partnership"]},
        ),
        ("砚桦医疗上海总部乔迁桃浦。", {"砚桦医疗": ["headquarters_set_up"]}),
        ("砚桦医疗普陀新工厂投产", {"砚桦医疗": ["premises_added"]}),
        ("砚桦医疗在新加坡、德国设立子公司。", {"砚桦医疗": ["overseas_expansion"]}),
        ("Oakfen Bio opens R&D center in Putuo", {"Oakfen Bio": ["premises_added"]}),
        ("Oakfen Bio to build plant in Putuo", {"Oakfen Bio": ["premises_added"]}),
        ("Oakfen Bio breaks ground on plant in Taopu", {"Oakfen Bio": ["premises_added"]}),
        ("Oakfen Bio unveils innovation center in Taopu", {"Oakfen Bio": ["premises_added"]}),
        ("A new R&D center of Oakfen Bio opened in Taopu on Monday.", {"Oakfen Bio": ["premises_added"]}),
    ],
)
def test_whatever_is_built_or_opened_is_its_owners(text: str, events: dict[str, list[str]]) -> None:
    assert told(text) == events
