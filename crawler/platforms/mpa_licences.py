"""Base of the licence lists of Shanghai's medical products administration: one form, and keys in pinyin initials."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urljoin

from scrapy import FormRequest, Request

from crawler.fields.licence import kind_of_number, status_of
from crawler.items import Item, Licence, LicenceKind, Proof
from crawler.platforms.json_records import JsonRecords
from crawler.platforms.records import Keep, Record, instant_day
from crawler.platforms.sweep_spider import SweepSpider

_PATH = "/AppRoveManage/selectLicense/selectData"
_KEPT = {
    "ZSBH": Keep.PLAIN,
    "QYMC_ZW": Keep.HOLDER,
    "CPMC_ZW": Keep.TEXT,
    "JYCS": Keep.TEXT,
    "QYZSDZ": Keep.TEXT,
    "QYZCDZ": Keep.TEXT,
    "ZCDZ_ZW": Keep.TEXT,
    "SCDZ_ZW": Keep.TEXT,
    "CFDZ": Keep.TEXT,
    "JYFW": Keep.TEXT,
    "BAJYFW": Keep.TEXT,
    "FZJG": Keep.TEXT,
    "ZSZT": Keep.PLAIN,
    "QFRQ": Keep.PLAIN,
    "BAQFRQ": Keep.PLAIN,
    "FZRQ": Keep.PLAIN,
    "YXQZ": Keep.PLAIN,
}
# Districts and names of lists, which number and address say; and persons, whom nobody may name.
_LEFT_OUT = ("ZSID", "JYDZQX", "ZCDZQX", "ZCDZJD", "ZSMC", "JYMS", "JYFS", "FDDBR", "QYFZR", "ZLFZR")


def mpa_form(*keys: str) -> JsonRecords:
    """The form of a list with these keys besides number, holder and end of validity."""
    wanted = ("ZSBH", "QYMC_ZW", "YXQZ", *keys)
    kept = {key: how for key, how in _KEPT.items() if key in wanted}
    return JsonRecords(records="rowData", pages="totalPage", keys=kept, required=("ZSBH", "QYMC_ZW"), known=_LEFT_OUT)


class MpaLicenceSpider(SweepSpider):
    """A list of `xuke.yjj.sh.gov.cn`, by its `list_name`, its `form` made by `mpa_form`.

    The keys of a field are tried in their order. `usual` is the kind of a licence whose number does not say.
    """

    home = "http://xuke.yjj.sh.gov.cn"
    size = 10
    id_key = "ZSBH"
    list_name: ClassVar[str]
    query: ClassVar[dict[str, str]] = {}
    usual: ClassVar[LicenceKind]
    product_keys: ClassVar[tuple[str, ...]] = ()
    address_keys: ClassVar[tuple[str, ...]]
    scope_keys: ClassVar[tuple[str, ...]] = ("JYFW",)
    granted_keys: ClassVar[tuple[str, ...]] = ("QFRQ",)

    def ask(self, number: int) -> Request:
        asked = {"currentPage": str(number), "pageSize": str(self.size), "groupSize": "8", "pageName": self.list_name}
        return FormRequest(urljoin(self.home, _PATH), formdata={**asked, **self.query})

    def item(self, record: Record, proof: Proof) -> Item:
        granted, until = self._first(record, self.granted_keys), record["YXQZ"]
        number = record["ZSBH"]
        return Licence(
            licence_id=number,
            kind=kind_of_number(number) or self.usual,
            number=number,
            holder=record["QYMC_ZW"],
            product=self._first(record, self.product_keys),
            scope=self._first(record, self.scope_keys),
            address=self._first(record, self.address_keys),
            storage_address=record["CFDZ"],
            authority=record["FZJG"],
            status=status_of(record["ZSZT"]),
            status_raw=record["ZSZT"],
            granted_on=instant_day(granted),
            granted_on_raw=granted,
            valid_until=instant_day(until),
            valid_until_raw=until,
            proof=proof,
        )

    @staticmethod
    def _first(record: Record, keys: tuple[str, ...]) -> str:
        return next((record[key] for key in keys if record[key]), "")
