"""Which listed firms are watched: those of the declaration, or those that the operator names."""

from __future__ import annotations

import pytest

from crawler.source import BadArgumentError
from crawler.spiders.cninfo import CninfoSpider


def test_without_an_argument_the_declared_firms_are_watched() -> None:
    spider = CninfoSpider()
    assert spider.firms == dict(CninfoSpider.watched)
    assert spider.lists == tuple(CninfoSpider.watched)


def test_firms_that_are_named_take_the_place_of_the_declared_ones() -> None:
    spider = CninfoSpider(stocks="699999:上海样本医药股份有限公司, 399998:上海桦序器械股份有限公司")
    assert spider.firms == {"699999": "上海样本医药股份有限公司", "399998": "上海桦序器械股份有限公司"}


def test_a_run_for_firms_that_are_named_is_another_listing_than_the_nightly_one() -> None:
    named = "699999:上海样本医药股份有限公司"
    assert CninfoSpider(stocks=named).report.listing == named
    assert CninfoSpider().report.listing == ""


@pytest.mark.parametrize("stocks", ["699999", "69999:样本股份有限公司", "699999:样本", "699999:样本股份有限公司,x"])
def test_what_is_no_code_with_a_registered_name_is_refused(stocks: str) -> None:
    with pytest.raises(BadArgumentError, match="is not CODE:REGISTERED NAME"):
        CninfoSpider(stocks=stocks)
