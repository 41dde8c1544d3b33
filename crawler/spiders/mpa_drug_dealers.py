"""Who may trade in drugs in Shanghai: wholesale, chains and pharmacies, swept every four weeks."""

from __future__ import annotations

from crawler.items import LicenceKind
from crawler.platforms.mpa_licences import MpaLicenceSpider, mpa_form
from crawler.source import EVERY_NIGHT, CaptureMode, Source


class MpaDrugDealersSpider(MpaLicenceSpider):
    """xuke.yjj.sh.gov.cn, list `durgsList` (their spelling). `-a pages=N` bounds one night's slice."""

    source = Source(
        id="mpa_drug_dealers",
        title_zh="药品经营许可",
        title_en="Drug trading licences",
        publisher_zh="上海市药品监督管理局",
        publisher_en="Shanghai Medical Products Administration",
        proves=("licence_granted", "premises_added", "licence_lapsed"),
        cadence=EVERY_NIGHT,  # a slice each night while a sweep lasts; between two sweeps nothing is asked
        capture=CaptureMode.REDACTED,
        may_be_empty=False,
        late_after_days=40,  # four weeks from one sweep to the next
        parser="mpa_drug_dealers/1",
        max_requests=600,
        confirmed="address, form, keys but the holder's, milliseconds, a throttled reply of one row; seen in 2020, "
        "never tried live",
        from_memory="that the list is still there, how long it is and the order of its rows; QYMC_ZW as the key of the "
        "holder, and JYFW as that of the scope, as in the sister list; which dealers it holds where the optional "
        "licenType=retail of its form is left out, as here",
        address="http://xuke.yjj.sh.gov.cn",
        terms="not seen; robots.txt is asked before every run",
        must_fill={"holder": 0.9, "number": 0.9, "address": 0.5},
    )
    name = source.id
    list_name = "durgsList"
    form = mpa_form("QYZCDZ", "CFDZ", "JYFW", "FZJG", "ZSZT", "QFRQ")
    usual = LicenceKind.DRUG_TRADING
    address_keys = ("QYZCDZ",)
