"""The founding announcement of January 2021 is relevant, announces no firm, and states exactly two figures."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.news import Measure, Relation, document, read

_FILE = tomllib.loads((Path(__file__).parents[2] / "replica" / "announcement.toml").read_text(encoding="utf-8"))
OF_THE_SITE = (_FILE["title"], "\n".join(_FILE["paragraphs"]))
ENGLISH = (
    "Putuo plans a life smart valley",
    'Taopu Smart City in Putuo District will become a "Top Health City" along Suzhou Creek, the heart of a "Life Smart '
    'Valley".\n'
    "The output of the life-health industry is to exceed 10 billion yuan by 2025. The industry's share of the "
    "district's tax revenue will rise by 1 percentage point a year to 10 percent within five years.\n"
    "Four industries come first: high-end medical equipment, pharmaceutical distribution and sales, digital medical "
    "and health, and biomedical technology development.\n"
    "They will settle in the China-Israel Innovation Hub, the Tsinghua International Innovation Center, Universal "
    "Software Park and Changfeng Science and Technology Park, near the Shanghai Research Institute of Chemical "
    "Industry and Tongji University.\n"
    "An international headquarters base, an innovation centre and a digital medical service centre are to be set up, "
    "and firms are encouraged to expand internationally.",
)
CHINESE = (
    "普陀将建生命智谷",
    "桃浦智创城将沿苏州河建成健康之城，普陀区由此打造“生命智谷”。\n"
    "到2025年，生命健康产业规模超过100亿元；生命健康产业在全区税收中的比重每年提高1个百分点，五年内达到10%。\n"
    "重点发展高端医疗器械、医药流通与销售、数字医疗健康、生物医药研发四个领域。\n"
    "相关企业将落户中以（上海）创新园、清华大学上海国际创新中心、天地软件园和长风科技园，依托上海化工研究院与同济大学。\n"
    "普陀还将设立国际生命健康总部基地、高端医学创新中心和数字医疗服务中心，鼓励企业走向国际。",
)
PLACES = {
    "taopu_smart_city",
    "china_israel_hub",
    "tsinghua_centre",
    "universal_software_park",
    "changfeng_science_park",
    "chemical_institute",
    "tongji_university",
}


@pytest.mark.parametrize(("title", "text"), [OF_THE_SITE, ENGLISH, CHINESE], ids=["of the site", "English", "Chinese"])
def test_the_founding_announcement_is_read_as_a_careful_reader_reads_it(title: str, text: str) -> None:
    reading = read(title, text, language="", kind="news", published_on=date(2021, 1, 4))
    assert reading.relevant
    assert reading.statements == ()
    assert {place.id for place in reading.places} >= PLACES
    output, share = reading.claims
    assert (output.measure, output.value, output.unit, output.relation) == (
        Measure.OUTPUT,
        Decimal(10_000_000_000),
        "CNY",
        Relation.OVER,
    )
    assert (output.year, output.is_target) == (2025, True)
    # One point a year is the way to the 10 % and no figure of its own; five years from 2021 end in 2026.
    assert (share.measure, share.value, share.unit) == (Measure.TAX_SHARE, Decimal(10), "percent")
    assert (share.year, share.is_target) == (2026, True)
    whole = document(title, text)
    assert {whole[place.start : place.end] for place in reading.places} >= {
        "Suzhou Creek" if text.isascii() else "苏州河"
    }
