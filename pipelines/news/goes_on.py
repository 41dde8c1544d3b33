"""Whether a sentence goes on about the firm of the one before it: 该公司, 项目总投资, the company, its."""

from __future__ import annotations

import re

from pipelines.news.document import Span

_LIGHT = (
    r"(?:根据协议|按照协议|目前|去年|今年|此外|同时|据悉|据介绍|据了解|未来|接下来|当前"
    r"|入驻后|落户后|建成后|投产后|达产后|,|还|也|将|[“\"])*"
)
# These are one firm whoever was named before.
_THE_FIRM = re.compile(
    _LIGHT + r"(?:(?:该|这家|这一|本)(?:公司|企业|医院|药企|集团|初创)|公司(?!总数|数量|数)|我们公司"
    r"|(?:the|this) (?:company|firm|startup|start-up|hospital|developer|maker|manufacturer)\b|our company\b)"
)
# What follows 企业 or 项目 must not make figures of the industry of it.
_GOES_ON = re.compile(
    _LIGHT + r"(?:(?:该|此|本|这一)?(?:项目|基地|工厂|产品|研发中心|生产线|新基地|新厂|总部)(?!签约|[0-9]|数|总数|集中)"
    r"|企业(?!总数|数|规模|集聚|[0-9])|其(?!中)|总投资|项目总投资|建筑面积|总建筑面积|总面积|占地|设有|设床位|本轮|此次|本次|新址"
    r"|(?:it|its|they|their|the (?:project|plant|base|factory|facility|center|centre|investment|site|lab|laboratory"
    r"|headquarters|office))\b)"
)
_VERY_START = re.compile(r"[\s“\"(]*")


def is_the_firm(low: str, span: Span) -> bool:
    """Whether a stretch of the folded text begins with words for one firm that was named before."""
    return _starts(_THE_FIRM, low, span)


def goes_on(low: str, span: Span) -> bool:
    """Whether a stretch of the folded text begins with what may be of the firm named before."""
    return _starts(_GOES_ON, low, span)


def _starts(pattern: re.Pattern[str], low: str, span: Span) -> bool:
    lead = _VERY_START.match(low, span.start)
    return pattern.match(low, span.start if lead is None else lead.end(), span.end) is not None
