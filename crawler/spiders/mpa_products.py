"""Which medical devices of class II Shanghai registered, and whose they are, swept every four weeks."""

from __future__ import annotations

from crawler.items import LicenceKind
from crawler.platforms.mpa_licences import MpaLicenceSpider, mpa_form
from crawler.source import EVERY_NIGHT, CaptureMode, Source


class MpaProductsSpider(MpaLicenceSpider):
    """xuke.yjj.sh.gov.cn, list `registerLicense`. `-a pages=N` bounds one night's slice."""

    source = Source(
        id="mpa_products",
        title_zh="第二类医疗器械注册",
        title_en="Class II medical device registrations",
        publisher_zh="上海市药品监督管理局",
        publisher_en="Shanghai Medical Products Administration",
        proves=("product_approved",),
        cadence=EVERY_NIGHT,  # a slice each night while a sweep lasts; between two sweeps nothing is asked
        capture=CaptureMode.REDACTED,
        may_be_empty=False,
        late_after_days=40,  # four weeks from one sweep to the next
        parser="mpa_products/1",
        max_requests=600,
        confirmed="address, form, keys, milliseconds, a throttled reply of one row; seen in 2020, never tried live",
        from_memory="that the list is still there, how long it is and the order of its rows; that FZRQ is the day of "
        "granting and SCDZ_ZW the address of making",
        address="http://xuke.yjj.sh.gov.cn",
        terms="not seen; robots.txt is asked before every run",
        must_fill={"holder": 0.9, "number": 0.9, "product": 0.9, "address": 0.5},
    )
    name = source.id
    list_name = "registerLicense"
    form = mpa_form("CPMC_ZW", "ZCDZ_ZW", "SCDZ_ZW", "FZRQ")
    usual = LicenceKind.DEVICE_PRODUCT
    product_keys = ("CPMC_ZW",)
    address_keys = ("SCDZ_ZW", "ZCDZ_ZW")
    granted_keys = ("FZRQ",)
