"""What is heard in a name, a scope and the registers beside it (firms are invented)."""

from __future__ import annotations

import pytest

from pipelines.classify.evidence import Evidence, EvidenceFinder
from pipelines.classify.features import facts_of, grade_features, sector_features
from pipelines.classify.label import Subject
from pipelines.classify.rules import load_rules

FINDER = EvidenceFinder(load_rules())
PREAMBLE = (
    "法律、法规、国务院决定规定禁止的不得经营；法律、法规、国务院决定规定应当许可（审批）的，经审批机关批准后凭许可（审批）"
    "文件经营;法律、法规、国务院决定规定无需许可（审批）的，市场主体自主选择经营。"
)


def found(name: str, scope: str = "") -> Evidence:
    evidence = FINDER.find(name, scope)
    assert evidence is not None
    return evidence


def heard(scope: str, name: str = "上海样本有限公司") -> list[tuple[str, str]]:
    """The words of a scope that speak, each with the sub-sector it speaks for."""
    evidence = FINDER.find(name, scope)
    return [(scope[word.start : word.end], str(word.sector)) for word in evidence.scope] if evidence else []


def sectors(scope: str, name: str = "上海样本药业有限公司") -> set[str]:
    return {sector for _, sector in heard(scope, name)}


@pytest.mark.parametrize(
    "scope",
    [
        "机电专业内科技咨询",
        "计算机及辅助产品",
        "可燃气体检测设备",
        "聚合物及其衍生物、混合物",
        "面料生产科研所需原料",
        "绿化养护服务、石材养护服务",
        "工业水处理药剂、除虫药剂、熏蒸药剂",
        "制冷设备与制冷制剂",
        "婚纱布、缎带",
        "药品柜、通风柜",
        "化学试剂、化工试剂",
        "按摩器材、按摩椅",
        "人工晶体刀具",
        "制氧机、制氮机",
        "苎麻、中草药、林木种植、销售",
        "农药械、化肥",
        "生产片剂消毒剂",
    ],
)
def test_what_only_looks_like_life_health_is_not_heard(scope: str) -> None:
    assert heard(scope) == []


@pytest.mark.parametrize(
    "name",
    [
        "上海样本护理用品有限公司",
        "上海样本为生物资有限公司",
        "上海样本更生物业管理有限公司",
        "上海样本天眼科技有限公司",
        "上海样本元生化工有限公司",
        "样本银行股份有限公司上海康健支行",
        "上海康样本信息技术有限公司",
        "上海样本化工试剂有限公司",
        "上海样本足部保健有限公司",
    ],
)
def test_a_name_that_only_sounds_like_life_health_is_not_heard(name: str) -> None:
    assert FINDER.find(name, "") is None


def test_a_passage_of_the_registrar_is_skipped_and_a_bracket_that_opens_a_list_is_read_as_one() -> None:
    scope = PREAMBLE + "（第一类医疗器械销售；日用百货；五金交电）"
    evidence = found("贵州样本有限公司", scope)
    assert evidence.items == 3
    assert [(scope[word.start : word.end], word.rank) for word in evidence.scope] == [("医疗器械", 0)]


def test_a_bracket_within_an_item_parts_nothing() -> None:
    assert found("上海样本有限公司", "百货（医疗器械、食品）销售；五金").items == 2


def test_who_makes_medicines_is_told_from_who_trades_them() -> None:
    assert sectors("片剂、硬胶囊剂、颗粒剂") == {"biomedical_rd"}
    assert sectors("片剂、硬胶囊剂的批发") == {"pharma_distribution"}
    assert sectors("生产：中成药、化学药制剂") == {"biomedical_rd"}
    assert sectors("中成药、化学药制剂") == {"pharma_distribution"}
    assert sectors("疫苗产销") == {"biomedical_rd"}
    assert sectors("化工原料的生产；药品") == {"pharma_distribution"}


def test_a_machine_for_making_is_no_maker() -> None:
    assert sectors("中成药、抗生素、食品加工设备") == {"pharma_distribution"}


def test_goods_of_two_uses_go_with_those_they_stand_among() -> None:
    assert sectors("中成药、化学原料药及其制剂、生物制品") == {"pharma_distribution"}
    assert sectors("化工原料、生物制品", "上海样本贸易有限公司") == {"biomedical_rd"}
    assert sectors("化学原料药", "上海样本贸易有限公司") == {"biomedical_rd"}


def test_some_words_have_a_meaning_only_by_the_name() -> None:
    assert heard("软件开发") == []
    assert heard("软件开发", "上海样本医疗信息技术有限公司") == [("软件", "digital_health")]
    assert FINDER.find("上海样本光学有限公司", "光学仪器") is None
    assert [word.rule.id for word in found("上海样本光学有限公司", "验光配镜").name] == ["name.optics"]


def test_a_name_in_english_is_heard_as_words() -> None:
    assert [word.rule.id for word in found("Shanghai Sample Medical Devices Co., Ltd.").name] == ["name.devices"]
    assert FINDER.find("Sample Career Genetics-Free Foods Co., Ltd.", "careful carriers") is None


def test_a_scope_in_english_is_heard_with_what_it_excludes() -> None:
    scope = "Develops in-vitro diagnostic reagents, distributes pharmaceuticals; retail of goods except medicines"
    assert heard(scope) == [
        ("in-vitro diagnostic reagents", "medical_devices"),
        ("distributes pharmaceuticals", "pharma_distribution"),
    ]


def test_an_english_name_speaks_where_the_chinese_one_does_not() -> None:
    evidence = FINDER.find_in(Subject(name="上海样本有限公司", name_en="Sample Dental Clinic"))
    assert evidence is not None
    assert {word.field for word in evidence.name} == {"name_en"}


def test_an_industry_code_speaks_like_a_leading_item() -> None:
    evidence = FINDER.find("上海样本有限公司", "日用百货", industry="C2770 卫生材料及医药用品制造")
    assert evidence is not None
    assert [(word.field, word.start, word.end, word.rank) for word in evidence.scope] == [("industry", 1, 5, 0)]
    assert "lead1.strong" in facts_of(grade_features(evidence))


def test_an_industry_in_words_is_read_as_an_item() -> None:
    evidence = FINDER.find("上海样本有限公司", "", industry="医疗用品及器材批发")
    assert evidence is not None
    assert [str(word.sector) for word in evidence.scope] == ["medical_devices"]


def test_a_code_of_software_speaks_only_beside_a_health_word() -> None:
    assert FINDER.find("上海样本有限公司", "软件开发", industry="6513") is None
    evidence = FINDER.find("上海样本有限公司", "远程医疗", industry="6513")
    assert evidence is not None
    assert [word.field for word in evidence.scope] == ["scope", "industry"]


@pytest.mark.parametrize("code", ["2750", "5153", "5253", "8992"])
def test_a_code_of_animals_or_sport_refutes_weak_hints(code: str) -> None:
    assert FINDER.find("上海样本生物科技有限公司", "生物技术", industry=code) is None
    assert FINDER.find("上海样本有限公司", "医疗器械", industry=code) is not None


def test_a_code_of_2011_that_is_education_now_says_nothing() -> None:
    assert FINDER.find("上海样本有限公司", "", industry="8311") is None
    assert FINDER.find("上海样本有限公司", "", industry="8411") is not None


def test_each_licence_speaks_like_one_more_item_and_an_unknown_kind_not_at_all() -> None:
    kinds = ("device_trading", "drug_trading", "device_trading", "other")
    evidence = FINDER.find("上海样本有限公司", "日用百货、五金", licences=kinds)
    assert evidence is not None
    assert evidence.items == 4
    assert [(word.field, str(word.sector), word.start, word.rank) for word in evidence.scope] == [
        ("licence", "medical_devices", -1, 2),
        ("licence", "pharma_distribution", -1, 3),
    ]


def test_what_firms_of_every_trade_list_is_told_from_what_a_firm_is_for() -> None:
    facts = facts_of(grade_features(found("上海样本贸易有限公司", "医疗器械、货物进出口、会务服务、商务咨询")))
    assert "share>=0.33" not in facts
    assert "telling.share>=0.99" in facts
    assert "called.trader" in facts


def test_a_fact_is_told_once_and_in_one_order() -> None:
    evidence = found("上海样本医疗科技有限公司", "医疗科技领域内的技术开发，医疗器械、医疗器械，食品")
    facts = facts_of(grade_features(evidence))
    assert len(facts) == len(set(facts))
    for told in map(facts_of, sector_features(evidence).values()):
        assert len(told) == len(set(told))


def test_a_licensed_establishment_is_settled_by_its_name_whatever_its_scope_lists() -> None:
    scope = "医疗器械、日用百货"
    assert list(sector_features(found("上海样本大药房有限公司", scope))) == ["pharma_distribution"]
    assert set(sector_features(found("上海样本医药有限公司", scope))) == {"pharma_distribution", "medical_devices"}
