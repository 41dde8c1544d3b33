"""What could be a firm's name at all, and that a mistake in the words that decide is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import news
from pipelines.news import RulesError
from pipelines.news.brands import (
    is_bare_brand,
    is_english_name,
    is_full_name,
    is_short_name,
    is_trade,
    read_candidate_rules,
)

RULES = Path(news.__file__).with_name("candidates.toml")


@pytest.mark.parametrize(
    "name",
    ["上海砚石医疗器械有限公司", "砚石(上海)药业集团", "砚石研究院", "上海市儿童医院", "上海医药集团药品销售有限公司"],
)
def test_a_full_name_has_a_brand_or_is_an_institution_of_a_place(name: str) -> None:
    assert is_full_name(name)


@pytest.mark.parametrize(
    "name", ["有限公司", "一家医疗器械有限公司", "上海医疗器械有限公司", "某砚石有限公司", "三甲医院", "上海三甲医院",
             "互联网医院", "多家医院", "医药集团"]
)  # fmt: skip
def test_a_full_name_of_words_of_trades_names_nobody(name: str) -> None:
    assert not is_full_name(name)


@pytest.mark.parametrize(
    "word", ["人工智能", "合成生物", "数字医疗", "生物医药", "脑机接口", "新项目", "手术机器人", "医疗科技"]
)
def test_a_word_of_a_trade_is_no_name(word: str) -> None:
    assert is_trade(word)
    assert not is_short_name(word)


@pytest.mark.parametrize("name", ["砚石医疗", "华砚医药商业", "砚桦控股", "ae化妆品"])
def test_a_brand_before_a_trade_is_a_name(name: str) -> None:
    assert is_short_name(name)


@pytest.mark.parametrize(
    ("word", "may_be"),
    [("默桦东", True), ("chic", True), ("王小桦", False), ("李桦", False),
     ("区卫健委", False), ("医疗", False), ("的确好", False),
     ("58家", False), ("26户", False), ("12家", False), ("二十余家", False), ("58", False), ("1砚网", True)],
)  # fmt: skip
def test_a_bare_brand_is_no_persons_authoritys_or_trades_name(word: str, may_be: bool) -> None:
    assert is_bare_brand(word) is may_be


@pytest.mark.parametrize(
    ("name", "may_be"),
    [
        ("oakfen bio", True), ("yanshi huaxu medical technology co", True), ("the company", False),
        ("digital health", False), ("putuo medical", False), ("world health organization", False),
        ("ceo wei huaxu", False), ("co., ltd.", False),
    ],
)  # fmt: skip
def test_an_english_name_has_a_brand_and_is_no_authoritys(name: str, may_be: bool) -> None:
    assert is_english_name(name) is may_be


@pytest.mark.parametrize(
    ("was", "becomes", "place"),
    [
        ("placed = 0.2", "placed = 2.0", "confidence.placed"),
        ("forms = [", "form = [", "forms"),
        ("suffixes_en = [", "suffixes_en = [7,", "suffixes_en.0"),
        ("[confidence]", "[confidence", "candidates.toml"),
    ],
)
def test_a_mistake_in_the_rules_is_refused_with_its_place(tmp_path: Path, was: str, becomes: str, place: str) -> None:
    text = RULES.read_text(encoding="utf-8")
    assert was in text
    path = tmp_path / "candidates.toml"
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(RulesError, match=place):
        read_candidate_rules(path)
