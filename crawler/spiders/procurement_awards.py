"""Who won public contracts in Shanghai, from the notices of awards in the city's procurement portal."""

from __future__ import annotations

from crawler.platforms.zcy_awards import ZcyAwardsSpider
from crawler.source import EVERY_NIGHT, CaptureMode, Source


class ProcurementAwardsSpider(ZcyAwardsSpider):
    """www.ccgp-shanghai.gov.cn. `-a since=YYYY-MM-DD`.

    Every notice is asked for, whatever its district: a firm of Putuo may win anywhere.
    """

    source = Source(
        id="procurement_awards",
        title_zh="政府采购中标（成交）结果公告",
        title_en="Awards of public contracts",
        publisher_zh="上海市财政局（上海政府采购网）",
        publisher_en="Shanghai Municipal Finance Bureau (Shanghai Government Procurement)",
        proves=("contract_won",),
        cadence=EVERY_NIGHT,
        capture=CaptureMode.REDACTED,
        may_be_empty=True,  # a holiday brings nothing new; a list without any notice is wrong
        parser="procurement_awards/1",
        max_requests=1000,  # 83 minutes at 5 s: some 60 pages of the list and 900 notices, five busy days
        confirmed=(
            "address, body and keys of the list, the code of awards; of the same system under another address of the"
            " city's: that a notice is JSON with its page in content, and parentId 137027; never tried live"
        ),
        from_memory=(
            "that the old address still answers (it may lead to the new one, www.zfcg.sh.gov.cn: then the run is"
            " blocked); /portal/detail there; newest first; that any _t does; labels and headings of winner, amount and"
            " buyer; words of notices without an award"
        ),
        address="http://www.ccgp-shanghai.gov.cn",
        terms="not seen; robots.txt is asked before every run",
        must_fill={"holder": 0.9, "agency": 0.3, "amount": 0.3},
    )
    name = source.id
    home = "http://www.ccgp-shanghai.gov.cn"
    parent = "137027"
    first_days = 5
    overlap_days = 3
