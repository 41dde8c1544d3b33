"""Who may trade in medical devices in Shanghai: licences (class III) and records (class II), swept every four weeks."""

from __future__ import annotations

from crawler.items import LicenceKind
from crawler.platforms.mpa_licences import MpaLicenceSpider, mpa_form
from crawler.source import EVERY_NIGHT, CaptureMode, Source


class MpaDeviceDealersSpider(MpaLicenceSpider):
    """xuke.yjj.sh.gov.cn, list `apparatusDealList`. `-a pages=N` bounds one night's slice."""

    source = Source(
        id="mpa_device_dealers",
        title_zh="医疗器械经营许可与备案",
        title_en="Medical device trading licences and records",
        publisher_zh="上海市药品监督管理局",
        publisher_en="Shanghai Medical Products Administration",
        proves=("licence_granted", "premises_added", "licence_lapsed"),
        cadence=EVERY_NIGHT,  # a slice each night while a sweep lasts; between two sweeps nothing is asked
        capture=CaptureMode.REDACTED,
        may_be_empty=False,
        late_after_days=40,  # four weeks from one sweep to the next
        parser="mpa_device_dealers/1",
        max_requests=600,  # 50 minutes at 5 s: some 3,890 pages in seven nights
        confirmed="address, form, keys, milliseconds, a throttled reply of one row; seen in 2020, never tried live",
        from_memory="that the list is still there; the order of its rows; the kind of a row by the words of its number",
        address="http://xuke.yjj.sh.gov.cn",
        terms="not seen; robots.txt is asked before every run",
        must_fill={"holder": 0.9, "number": 0.9, "address": 0.5},
    )
    name = source.id
    list_name = "apparatusDealList"
    form = mpa_form("JYCS", "QYZSDZ", "CFDZ", "JYFW", "BAJYFW", "QFRQ", "BAQFRQ")
    usual = LicenceKind.DEVICE_TRADING
    address_keys = ("JYCS", "QYZSDZ")
    scope_keys = ("JYFW", "BAJYFW")
    granted_keys = ("QFRQ", "BAQFRQ")
