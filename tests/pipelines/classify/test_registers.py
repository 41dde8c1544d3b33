"""Industry codes, licences and English names count beside a Chinese name and scope (firms are invented)."""

from __future__ import annotations

import pytest

from crawler.items import LicenceKind
from pipelines.classify import Classifier, Grade, Subject, SubSector

CLASSIFIER = Classifier()
TRADER = "上海甲乙贸易有限公司"


def verdict(name: str, scope: str) -> tuple[str, str]:
    label = CLASSIFIER.classify(Subject(name, scope))
    return str(label.grade), str(label.primary)


@pytest.mark.parametrize(
    ("kind", "sector"),
    [
        (LicenceKind.DEVICE_TRADING, "medical_devices"),
        (LicenceKind.DEVICE_MAKING, "medical_devices"),
        (LicenceKind.DRUG_TRADING, "pharma_distribution"),
        (LicenceKind.DRUG_MAKING, "biomedical_rd"),
        (LicenceKind.MEDICAL_INSTITUTION, "health_services"),
    ],
)
def test_a_licence_is_evidence_where_name_and_scope_are_silent(kind: LicenceKind, sector: str) -> None:
    label = CLASSIFIER.classify(Subject("上海甲乙有限公司", "日用百货、五金", licences=(kind,)))
    assert label.grade is not Grade.NONE
    assert label.primary == sector
    assert [(span.field, span.text) for span in label.evidence] == [("licence", kind)]


def test_a_licence_of_another_kind_is_no_evidence() -> None:
    assert CLASSIFIER.classify(Subject(TRADER, "百货", licences=("other", "pet_licence"))).evidence == ()


@pytest.mark.parametrize(
    ("industry", "sector"),
    [
        ("2770", "medical_devices"),
        ("C2770", "medical_devices"),
        ("C2710 化学药品原料药制造", "biomedical_rd"),
        ("5251", "pharma_distribution"),
        ("8411", "health_services"),
        ("医疗用品及器材批发", "medical_devices"),
    ],
)
def test_an_industry_makes_a_silent_firm_core_in_its_sub_sector(industry: str, sector: str) -> None:
    label = CLASSIFIER.classify(Subject("上海甲乙有限公司", industry=industry))
    assert (label.grade, label.primary) == (Grade.CORE, sector)
    assert {span.field for span in label.evidence} == {"industry"}


def test_an_industry_of_something_else_says_nothing() -> None:
    assert CLASSIFIER.classify(Subject(TRADER, "百货", industry="5211")).grade is Grade.NONE
    assert CLASSIFIER.classify(Subject(TRADER, "百货", industry="百货零售")).grade is Grade.NONE


@pytest.mark.parametrize(
    ("name", "scope", "sector"),
    [
        ("Shanghai Sample Medical Devices Co., Ltd.", "", "medical_devices"),
        ("SHANGHAI SAMPLE MEDICAL DEVICES CO., LTD.", "WHOLESALE OF MEDICAL DEVICES", "medical_devices"),
        ("Shanghai Sample Dental Clinic Co., Ltd.", "dental services", "health_services"),
        ("Sample Digital Health Technology Co., Ltd.", "hospital information systems, telemedicine", "digital_health"),
        ("Sample Pharmacy", "wholesale of pharmaceuticals; retail of medicines", "pharma_distribution"),
        ("Sample Biotech", "research and development of gene therapy and antibody drugs", "biomedical_rd"),
    ],
)
def test_english_is_read_as_chinese_is(name: str, scope: str, sector: str) -> None:
    assert verdict(name, scope) == ("core", sector)


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("Sample Trading Co., Ltd.", "wholesale of furniture, except medicines and medical devices"),
        ("Sample Toys", "sale of toys (excluding medical devices)"),
        ("Sample Vet Hospital", "veterinary services; pet supplies"),
        ("Sample Career Advice", "careful carriers"),
    ],
)
def test_english_exclusions_and_false_friends_are_none(name: str, scope: str) -> None:
    assert verdict(name, scope) == ("none", "none")


def test_an_english_name_speaks_where_the_chinese_one_is_silent() -> None:
    silent = Subject("上海甲乙有限公司", name_en="Shanghai Sample Medical Devices Co., Ltd.")
    label = CLASSIFIER.classify(silent)
    assert (label.grade, label.primary) == (Grade.CORE, SubSector.MEDICAL_DEVICES)
    assert [(span.field, span.text) for span in label.evidence] == [("name_en", "Medical Devices")]
    spoken = Subject("上海甲乙医疗器械有限公司", "医疗器械销售", name_en="Sample Dental Clinic")
    assert CLASSIFIER.classify(spoken) == CLASSIFIER.classify(Subject(spoken.name, spoken.scope))


@pytest.mark.parametrize("industry", ["批发业（不含医疗器械）", "除医疗用品及器材批发外的批发"])
def test_what_an_industry_in_words_excludes_is_no_evidence(industry: str) -> None:
    assert CLASSIFIER.classify(Subject("上海样本桦序有限公司", "", industry=industry)).grade is Grade.NONE


def test_a_code_for_animals_or_sport_takes_hints_away_and_no_name_of_a_medical_firm() -> None:
    hinted = CLASSIFIER.classify(Subject("上海样本生物科技有限公司", "", industry="2750"))
    named = CLASSIFIER.classify(Subject("上海样本医疗器械有限公司", "", industry="2750"))
    assert hinted.grade is Grade.NONE
    assert named.primary is SubSector.MEDICAL_DEVICES


@pytest.mark.parametrize("industry", ["84", "Q84", "8411"])
def test_a_code_of_two_digits_stands_for_all_that_begin_so(industry: str) -> None:
    label = CLASSIFIER.classify(Subject("上海样本桦序有限公司", "", industry=industry))
    assert label.primary is SubSector.HEALTH_SERVICES


def test_a_broken_cell_of_an_industry_is_read_no_further_than_a_name() -> None:
    label = CLASSIFIER.classify(Subject("上海样本桦序有限公司", "", industry="医疗器械、" * 40_000))
    assert len(label.evidence) <= 200
