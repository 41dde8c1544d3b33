"""Medical institutions of Shanghai, as the city's open-data portal lists them: clinics, hospitals, laboratories."""

from __future__ import annotations

from typing import ClassVar

from crawler.fields.licence import status_of
from crawler.items import Item, Licence, LicenceKind, Proof
from crawler.platforms.open_data import Fields, OpenDataSpider, open_data_form
from crawler.platforms.records import Keep, Record, instant_day
from crawler.source import CaptureMode, Kept, Source


class MedicalInstitutionsSpider(OpenDataSpider):
    """data.sh.gov.cn, data set AG9102015009, service 14661. Needs the environment variable PUTUO_OPEN_DATA_TOKEN."""

    source = Source(
        id="open_data",
        title_zh="医疗机构名录",
        title_en="Directory of medical institutions",
        publisher_zh="上海市公共数据开放平台",
        publisher_en="Shanghai open data portal",
        proves=("licence_granted",),
        cadence="30 3 * * sun",
        capture=CaptureMode.REDACTED,
        may_be_empty=False,
        parser="open_data/1",
        max_requests=150,  # 14,000 institutions at 100 a page
        confirmed="address, the header with the token, limit and offset, code 000000, JSON within a JSON text; "
        "number of the data set; never tried live",
        from_memory="every key of a record (as the portal does not show them to who has no token); that offset counts "
        "records from 0, that 100 may be asked at once, that the order holds still, and whether the data set lists all",
        address="https://data.sh.gov.cn",
        terms="free token for who registers; the terms of the portal were not read",
        must_fill={"holder": 0.9, "number": 0.9, "address": 0.8},
    )
    name = source.id
    dataset, service = "AG9102015009", "14661"
    fields: ClassVar[Fields] = {
        "holder": (Keep.HOLDER, ("机构名称", "医疗机构名称", "单位名称", "JGMC", "jgmc", "YLJGMC", "yljgmc")),
        "number": (Keep.PLAIN, ("登记号", "机构登记号", "许可证号", "执业许可证号", "DJH", "djh", "XKZH", "xkzh")),
        "code": (Keep.CODE, ("统一社会信用代码", "TYSHXYDM", "tyshxydm")),
        "district": (Keep.PLAIN, ("所属区", "所属区县", "行政区", "区县", "SSQ", "ssq", "SSQX", "ssqx", "QX", "qx")),
        "address": (Keep.TEXT, ("地址", "机构地址", "执业地址", "DZ", "dz", "JGDZ", "jgdz", "ZYDZ", "zydz")),
        "scope": (Keep.TEXT, ("诊疗科目", "诊疗科目名称", "ZLKM", "zlkm")),
        "authority": (Keep.TEXT, ("发证机关", "登记机关", "FZJG", "fzjg")),
        "status": (Keep.PLAIN, ("状态", "执业状态", "ZT", "zt")),
        "granted": (Keep.PLAIN, ("发证日期", "核准日期", "FZRQ", "fzrq")),
        "until": (Keep.PLAIN, ("有效期至", "有效期止", "YXQZ", "yxqz")),
    }
    form = open_data_form(fields, "holder", "number")

    def item(self, record: Record, proof: Proof, name: str, page: Kept | None) -> Item:  # noqa: ARG002 - one list
        said = {field: self.value(record, field) for field in self.fields}
        district = said["district"] if said["district"].endswith(("区", "县")) else ""
        return Licence(
            licence_id=said["number"],
            kind=LicenceKind.MEDICAL_INSTITUTION,
            number=said["number"],
            holder=said["holder"],
            uscc=said["code"],
            scope=said["scope"],
            # Many give the road alone; which of the city's roads it is, only the column beside it says.
            address=said["address"] if district in said["address"] else f"{district}{said['address']}",
            authority=said["authority"],
            status=status_of(said["status"]),
            status_raw=said["status"],
            granted_on=instant_day(said["granted"]),
            granted_on_raw=said["granted"],
            valid_until=instant_day(said["until"]),
            valid_until_raw=said["until"],
            proof=proof,
        )
