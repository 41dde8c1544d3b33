"""A park that no list knows, named beside a place of ours, is a candidate; half sentences and common words are none."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.news import document, read


def parks(text: str, title: str = "普陀区生命健康产业新闻") -> list[str]:
    reading = read(title, text, language="zh", kind="news", published_on=date(2026, 11, 20))
    unknown = [place for place in reading.places if not place.id]
    whole = document(title, text)
    assert all(whole[place.start : place.end] == (place.zh or place.en) for place in unknown)
    return [place.zh or place.en for place in unknown]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("企业签约落户普陀区桦序生命科学园。", "桦序生命科学园"),
        ("位于桃浦镇的“桦序医谷”正式开园。", "桦序医谷"),
        ("真如镇街道桦序数字健康产业园迎来新成员。", "桦序数字健康产业园"),
        ("普陀区祁连山路500号的“桦序创新港”启用。", "桦序创新港"),
        ("新开园的桦序医谷位于普陀区。", "桦序医谷"),
        ("“桦序智谷”坐落于桃浦镇。", "桦序智谷"),
        ("桦序孵化器，位于上海市普陀区，面积1万平方米。", "桦序孵化器"),
        ("A firm settled in Samplewood Bio Park in Putuo District.", "Samplewood Bio Park"),
        ("Samplewood Life Valley, located in Putuo District, has opened.", "Samplewood Life Valley"),
        ("It moved into Putuo's Samplewood Bio Park.", "Samplewood Bio Park"),
        ("Samplewood Incubator is in Taopu Town.", "Samplewood Incubator"),
    ],
)
def test_an_unknown_park_beside_a_place_of_ours_is_a_candidate(text: str, name: str) -> None:
    assert parks(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "企业落户普陀区桃浦智创城和中以（上海）创新园。",
        "普陀区高新技术产业园建设提速。",
        "普陀区将打造一批科技园。",
        "普陀区传统工业园区转型。",
        "普陀区老旧产业园焕新。",
        "普陀区某产业园发生火灾。",
        "普陀区的企业走进桦序科技园。",
        "浦东新区桦序生命科学园开园。",
        "桃浦镇桦序科技园有限公司中标。",
        "普陀区工业园区、科技园和孵化器全面复工。",
        "普陀区生命健康产业园开园。",
        "普陀区桃浦科技园更新改造。",
        "企业所在的科技园位于普陀区。",
        "桦序公司的产业园位于普陀区。",
        "桦序医谷位于浦东新区，与普陀区无关。",
        "普陀区桦序科技园路口发生拥堵。",
        "普陀区环球港、长风公园客流增长。",
        "舟山市普陀区桦序海洋产业园开工。",
        "普陀区张江药谷项目推介会。",
        "The Park in Putuo District is green.",
        "A new Science Park in Putuo District.",
        "Taopu Central Park in Putuo District is green.",
        "普陀区医疗器械谷建设启动。",
        "Putuo's Life Health Industrial Park has opened.",
        "Samplewood Bio Park in Pudong welcomed guests from Putuo.",
    ],
)
def test_known_parks_common_words_and_other_places_are_none(text: str) -> None:
    assert parks(text) == []


def test_a_name_in_traditional_characters_is_told_as_the_reader_folds_it() -> None:
    text = "普陀區桦序醫谷開園。"
    reading = read("消息", text, language="zh", kind="news", published_on=None)
    assert [place.zh for place in reading.places if not place.id] == ["桦序医谷"]


def test_each_is_told_once() -> None:
    assert parks("普陀区桦序医谷开园。记者走进普陀区桦序医谷。") == ["桦序医谷"]
