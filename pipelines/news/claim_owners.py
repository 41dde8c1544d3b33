"""Whether an amount is that of one firm, and whether a number of firms is that of an event or of a firm's customers."""

from __future__ import annotations

import re
from typing import Final

from pipelines.news.document import Span
from pipelines.news.rules import load_rules
from pipelines.news.terms import any_word

_OURS: Final = "(?:普陀|全区|区内|本区|我区|园区)"
# A place in a ranking of the district's firms, or at its head: nothing that the district itself can have.
_RANK = re.compile(
    rf"(?:位列|位居|排名|名列|跻身|列){_OURS}[^,。;]{{0,12}}(?:第|前|龙头|榜)|是{_OURS}[^,。;]{{0,12}}龙头"
)
# 砚石医疗去年实现…: a short name that ends as names of firms do, and what it did or had.
_BRAND_ZH = re.compile(
    r"(?:^|[的,:、])(?P<name>[\u4e00-\u9fff]{2,4})(?:医疗|生物|医药|制药|药业|基因|诊断|医械|生命)(?:科技)?"
    r"(?=以[0-9]|去年|今年|前年|上年|上半年|前[一二三四0-9]|(?:19|20)[0-9]{2}年|实现|营收|营业收入|产值|年产值|年营收|总部|大楼|达)"
)
# What stands before 医疗 or 生物 and makes a branch of industry of it.
_BRANCH_ZH = re.compile(
    "生命|健康|数字|数智|智慧|智能|高端|精准|互联网|合成|现代|先进|创新|产业|普陀|全区|区内|桃浦|长征|长风|真如|园区|上海|社会|民营|国际|转化|细胞|康复|基础|新兴|流通"
    "|器械|装备|领域|企业"
)
_BRAND_EN = re.compile(
    r"\b(?P<name>[a-z-]{3,20}) (?:medical|biotech|biosciences?|bio|pharma|pharmaceuticals?|therapeutics|biopharma"
    r"|medtech|genomics|diagnostics|healthcare) (?:reported|posted|booked|earned)\b"
)
_BRANCH_EN: Final = frozenset(
    (
        "digital",
        "smart",
        "the",
        "and",
        "of",
        "its",
        "in",
        "for",
        "high-end",
        "precision",
        "local",
        "life",
        "public",
        "private",
    )
)
_FOR = re.compile(r"(?<![成称认评作因])(?:为|向|给)(?:了|约|近|超过?|逾)*$")
_SERVED = re.compile(r"服务|提供|解决|办理|赋能|助力|减免")
# 10余家企业代表, representatives of 30 companies: persons are counted, or come from so many.
_PERSONS = re.compile(
    r"[^,。;:、]{0,14}?(?:代表(?!性|作|着|了|普陀|全)|负责人|企业家|高管|创始人|创业者|专家|嘉宾|员工|投资人|董事长|总经理|从业者)"
    r"|[^,.;:]{0,30}?\b(?:representatives|executives|entrepreneurs|delegates|founders|guests)\b"
)
_PERSONS_OF = re.compile(
    r"\b(?:representatives|executives|entrepreneurs|delegates|delegations|founders|guests|officials|experts|people|professionals)"
    r" (?:of|from) (?:[a-z]+ ){0,3}$"
)
_CAME = re.compile(r"[^,。;]{0,14}?(?:关注|参与|报名|到场|云集)")
_DREW = re.compile(
    r"(?:论坛|大会|峰会|展会|博览会|活动|推介会|沙龙|路演)[^。;]{0,12}吸引了?(?:约|近|超过?|逾|来自[^,]{0,10})*$"
)


def is_of_one_firm(low: str, span: Span, clause: Span) -> bool:
    """Whether an amount in a clause of the sentence `span` is one firm's revenue, output or area."""
    words, text = load_rules().claims.words, low[clause.start : clause.end]
    whole = low[span.start : span.end]
    if _holds(words.registered, whole) or _RANK.search(whole) is not None or _names_one_firm(text):
        return True
    return _holds(words.never, text) or (_holds(words.one_firm, text) and not _holds(words.ours, text))


def is_done_for(low: str, clause: Span, start: int, end: int) -> bool:
    """Whether so many firms are served by somebody, or their people came: 为300家企业服务, 10余家企业代表参观了园区."""
    before, behind = low[clause.start : start], low[end : clause.end]
    if _PERSONS.match(behind) is not None or _PERSONS_OF.search(before) is not None:
        return True
    if _FOR.search(before) is not None and _SERVED.search(behind) is not None:
        return True
    return _DREW.search(before) is not None or _CAME.match(behind) is not None


def is_house(place: str) -> bool:
    """Whether a place of ours, by its Chinese name, is a hospital or a school, whose figures are its own."""
    return place.endswith(("医院", "保健院", "卫生服务中心", "大学", "校区"))


def _names_one_firm(text: str) -> bool:
    for match in _BRAND_ZH.finditer(text.strip()):
        if _BRANCH_ZH.search(match["name"]) is None:
            return True
    return any(match["name"] not in _BRANCH_EN for match in _BRAND_EN.finditer(text))


def _holds(words: tuple[str, ...], text: str) -> bool:
    return any_word(words).search(text) is not None
