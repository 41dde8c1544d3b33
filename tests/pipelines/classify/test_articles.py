"""Articles are read for the sub-sectors they speak of, in Chinese and in English (texts are invented)."""

from __future__ import annotations

from pipelines.classify import SubSector
from pipelines.classify.article import article_lines, sectors_told


def test_an_article_speaks_of_several_sub_sectors_the_most_told_one_first() -> None:
    title = "样本桦序医疗器械项目落户"
    text = "该公司主要从事高端医疗器械的研发，生产体外诊断试剂。另有一家企业从事新药研发。"
    told = sectors_told(title, text)
    assert [one.sector for one in told] == [SubSector.MEDICAL_DEVICES, SubSector.BIOMEDICAL_RD]
    whole = f"{title}\n{text}"
    for one in told:
        assert all(span.text == whole[span.start : span.end] for span in one.spans)


def test_an_english_article_is_read_too() -> None:
    text = "The firm develops medical devices and will open an internet hospital. Medical devices are sold abroad."
    assert [one.sector for one in sectors_told("A sample firm", text)] == [
        SubSector.MEDICAL_DEVICES,
        SubSector.DIGITAL_HEALTH,
    ]


def test_an_article_of_something_else_speaks_of_none() -> None:
    assert sectors_told("垃圾分类宣传", "街道组织居民开展环境卫生活动，参观了宠物医院。") == []
    assert "no sub-sector" in "\n".join(article_lines("垃圾分类宣传", "街道组织居民开展环境卫生活动。"))


def test_lines_name_the_words_once() -> None:
    lines = list(article_lines("样本", "医疗器械研发。医疗器械销售。"))
    assert lines[0] == "样本"
    assert lines[1].count("医疗器械") == 1
    assert "medical_devices, 2 clauses" in lines[1]
