"""The places that the head of an address names, before its first number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipelines.locate.gazetteer import Form, Kind, load_index
from pipelines.locate.place import PUTUO, ZHEJIANG, ZHOUSHAN_PUTUO

# The names of places stand before the first number; past this many characters none is looked for.
_LONGEST_HEAD: Final = 48

FIRST_DIGIT = re.compile(r"[0-9]")
# What follows makes a bare 浦东 or 中山 part of the name of a road or a building.
_PART_OF_A_NAME = re.compile(
    r"[东西南北中]?[一二三四五六七八九]?(?:路|街(?!道)|弄|支路|大道|公路|里|坊|桥|新村|村|苑|园|公园|花园|花苑|公寓|大厦|大楼|"
    r"广场|宾馆|饭店|酒店|大学|学院|中学|医院|商厦|商城|江)"
)
# Before 区 these make it a part of a site, as 园区 and 工业区, and not a division.
_NOT_A_DISTRICT = r"(?<![业发园小厂校社地市郊景片库活务济术创税新宅心范护民流储验工作假游])"
_PLACE_AHEAD = re.compile(rf"[\u4e00-\u9fff]{{1,5}}?(?:[市县旗州盟镇乡]|{_NOT_A_DISTRICT}区)")
# Cities, counties and districts that the divisions do not list: 慈溪市逍林镇…, 武邑县…, 天河区….
_HAN = r"(?:(?![路街弄镇村号])[\u4e00-\u9fff])"
_UNLISTED = re.compile(
    rf"{_HAN}{{2,4}}?(?<![超城都菜夜股闹])市(?=[\u4e00-\u9fff]{{1,7}}?(?:镇|乡|街道|路|街|区|大道|村))"
    rf"|{_HAN}{{1,4}}?县(?![前后城府])"
    rf"|{_HAN}{{2,3}}?{_NOT_A_DISTRICT}区"
)
_NO_PLACE = frozenset({"市辖区", "省直辖县"})  # words of forms, not names
_SKIPPED = frozenset("()[]【】:,.、·-")
_COUNTRY = "中国"


@dataclass(slots=True)
class Head:
    """The places that the beginning of a text names."""

    end: int = 0  # where they end
    code: str = ""  # the most exact division
    elsewhere: bool = False  # outside Shanghai
    shanghai: bool = False  # the city itself is named
    street: str = ""  # a street or town of Putuo
    putuo_street: bool = False  # one is named, if only a dissolved one
    street_sure: bool = False
    zone: bool = False  # the code is the free-trade zone's, until a district is named
    estate: str = ""  # 桃浦新村: the name of a street that is an estate as well

    def take(self, name: str, form: Form) -> bool:
        """Note a place; False when it cannot stand here, as a road named after a province in Shanghai."""
        fits = self._fits(form)
        if fits:
            self._note(name, form)
        return fits

    def _fits(self, form: Form) -> bool:
        match form.kind:
            case Kind.SHANGHAI:
                return not self.elsewhere
            case Kind.ELSEWHERE:
                return not self.shanghai and (self.code != PUTUO or form.code == ZHOUSHAN_PUTUO)
            case Kind.DISTRICT if self.elsewhere:
                return form.code == PUTUO and self.code.startswith(ZHEJIANG)
            case Kind.DISTRICT:
                return not self.code or self.zone
            case Kind.STREET:
                return not self.elsewhere and self.code in ("", PUTUO)
            case _:
                return not self.elsewhere and self.code in ("", form.code)

    def _note(self, name: str, form: Form) -> None:
        match form.kind:
            case Kind.SHANGHAI:
                self.shanghai = True
            case Kind.ELSEWHERE:
                self.elsewhere, self.code = True, form.code
            case Kind.STREET:
                self.street, self.putuo_street, self.street_sure = form.code, True, form.sure
                self.estate = name if name.endswith("新村") else ""
            case _:
                self.zone = form.kind is Kind.FREE_TRADE_ZONE
                self.code = ZHOUSHAN_PUTUO if self.elsewhere else form.code


def _form_at(text: str, at: int, limit: int) -> tuple[str, Form] | None:
    """The longest place name that starts here."""
    index = load_index()
    if text[at] not in index.first_characters:
        return None
    for end in range(min(limit, at + index.longest_form), at + 1, -1):
        form = index.forms.get(text[at:end])
        if form is not None:
            return text[at:end], form
    return None


def _counts(form: Form, text: str, end: int, limit: int, *, column: bool) -> bool:
    """Whether a name is a place here, and not the beginning of a road's or a building's name.

    A bare 常德 or 四平 is a city only where another place follows, or where the cell is a column of places.
    """
    elsewhere = form.kind is Kind.ELSEWHERE
    if (form.bare or elsewhere) and _PART_OF_A_NAME.match(text, end):
        return False
    if column or not (form.bare and elsewhere):
        return True
    return end < limit and bool(_form_at(text, end, limit) or _PLACE_AHEAD.match(text, end))


def read_head(text: str, *, column: bool = False) -> Head:
    """The places named before the first number. `column`: a cell that holds a place and nothing else."""
    digit = FIRST_DIGIT.search(text)
    limit = min(len(text) if digit is None else digit.start(), _LONGEST_HEAD)
    head = Head()
    at, anchored = 0, True
    while at < limit:
        found = _form_at(text, at, limit)
        if found is not None:
            name, form = found
            end = at + len(name)
            here = (anchored or form.anywhere) and _counts(form, text, end, limit, column=column)
            if here and head.take(name, form):
                head.end = at = end
                anchored = True
                continue
        if anchored and not (head.code or head.shanghai or head.putuo_street):
            unlisted = _UNLISTED.match(text, at, limit)
            if unlisted is not None and unlisted[0] not in _NO_PLACE:
                head.elsewhere, head.end = True, unlisted.end()
                return head
        if text[at] not in _SKIPPED and not text.startswith(_COUNTRY, at):
            if head.code and not head.zone:
                break
            anchored = False
        at += 2 if text.startswith(_COUNTRY, at) else 1
    return head
