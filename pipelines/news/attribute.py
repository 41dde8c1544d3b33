"""Whose event a sentence states: a firm's only if it stands there as the one that acts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import Final

from crawler.fields.words import any_of
from pipelines.news.acted_on import is_acted_on
from pipelines.news.between import LIST_TAIL, SPOKEN_FOR, is_light, own_places, passes, without_asides
from pipelines.news.document import Document, open_document
from pipelines.news.model import FirmStatement, Mention, Reading, Statement
from pipelines.news.rules import load_rules
from pipelines.news.said import CLAUSE, JOINS, JOINS_UNKNOWN, Said, list_ending_at
from pipelines.news.slots import Slot, with_aliases
from pipelines.news.spoken_of import spoken_of

# What words that state another event may state too, and then only say how: 揭牌, signed an agreement with.
_ONLY_SAYS_HOW: Final = ("premises_added", "partnership")
_MOST_BETWEEN: Final = 80  # characters from the first firm of a list to the next
_SIGNS_WITH: Final = ("与", "和", "同")
_OBJECTS_LEAD = re.compile(
    r" ?(?:the )?(?:的|了)?(?:企业|公司|项目|机构)?(?:有|包括|分别为|分别是|为|是|:|“|including )?$"
    r"| [a-z0-9 -]{2,60}?,? (?:including|such as|namely|like) (?:the )?$"
)
# The new plant of Oakfen opened, the stent of Oakfen was approved: what is a firm's own stands before it.
_OF_WHAT_IS_ITS: Final = ("premises_added", "product_approved")
_ITS_OWN_OF = re.compile(
    r"\b(?:cent(?:er|re)|plant|factory|laboratory|lab|headquarters|base|campus|facility|institute|drug|vaccine|stent|product|device"
    r"|system|robot|therapy|injection) (?:of|by)$"
)
_ENGLISH_LEAD = re.compile(r"(?:including|such as|namely) $")
# Behind the firms that were brought in: they came as owners or for their goods, or it is about something of theirs.
_OBJECT_GOES_ON = re.compile(
    r"(?:等[^,。;]{0,12})?(?:的|作为|为(?:战略|股东|投资)|技术|产品|设备|资金|系统|专家|人才|创始人|董事长|总经理|首席|团队|高管"
    r"|负责人|院士|博士)"
)
_GIVES: Final = ("为", "向", "给", "授予")
_GIVES_TO_LIST = re.compile(r"(?:为|向|给|授予)[^,:;的]{2,60}$")
_GIVEN = re.compile(
    r"(?:等)?(?:[0-9一二三四五六七八九十]{1,3}[余多]?)?[家个]?[\u4e00-\u9fff]{0,8}?(?:企业|公司|机构|单位|总部|研发中心|项目|平台)?(?:代表|负责人)?(?:现场|集中|分别|统一)*"
)
_TO_PARTNER = re.compile(
    r"(?:通过[^,]{2,20}?)?(?:近日|日前|正式|成功|已|现场|今日|昨日|,)*(?:与|和|同|携手|联合|牵手)"
    r"(?:[^,;:的、与和]{0,8}?[国洲地内外市区]|[^,;:的、与和]{0,6}企业|以色列|日本|上海|全球)?[“\"《]?"
)
_WITH: Final = ("与", "和", "同", "携手", "联合", "牵手", "、")


def attribute(title: str, text: str, reading: Reading, mentions: Sequence[Mention]) -> tuple[FirmStatement, ...]:
    """The events of known firms that a page states, each firm and kind once a sentence, in the page's order.

    `mentions` are those that `NameIndex.find` gave for the same title and text.
    """
    doc = open_document(title, text)
    ordered = sorted(mentions, key=lambda mention: mention.start)
    starts = [mention.start for mention in ordered]
    found: dict[tuple[str, str, int], FirmStatement] = {}
    more: set[tuple[str, int]] = set()
    for statement in sorted(reading.statements, key=_by_what_it_tells):
        first, last = bisect_left(starts, statement.start), bisect_left(starts, statement.end)
        inside = ordered[first:last]
        if not inside and (again := spoken_of(doc, statement.start, ordered, starts)) is not None:
            inside = [again]
        if not inside:
            continue
        for firm in _firms_of(doc, statement, inside):
            said = (firm, statement.trigger[1])
            if statement.kind not in _ONLY_SAYS_HOW:
                more.add(said)
            elif said in more:
                continue
            found.setdefault((firm, statement.kind, statement.start), _of(firm, statement))
    return tuple(found.values())


def _by_what_it_tells(statement: Statement) -> tuple[int, int, bool]:
    """In the page's order; of what the same words state, what says more goes first."""
    return statement.start, statement.trigger[1], statement.kind in _ONLY_SAYS_HOW


def _of(firm: str, statement: Statement) -> FirmStatement:
    return FirmStatement(
        firm=firm, kind=statement.kind, happened_on=statement.happened_on, amount=statement.amount,
        unit=statement.unit, park=statement.park, start=statement.start, end=statement.end, placed=statement.placed,
    )  # fmt: skip


def _firms_of(doc: Document, statement: Statement, mentions: list[Mention]) -> list[str]:
    if statement.kind == "project_approved":
        return _builder(doc, mentions[0])
    start, end = doc.folded(statement.start, statement.end)
    trigger = doc.folded(*statement.trigger)
    rule = load_rules().statement[statement.rule]
    sentence = Said(doc.low[start:end], doc.plain[start:end], (trigger[0] - start, trigger[1] - start), rule)
    spans = [(mention.firm, doc.folded(mention.start, mention.end)) for mention in mentions]
    here = with_aliases(sentence.low, [Slot(firm, first - start, last - start) for firm, (first, last) in spans])
    if rule.object:
        return _objects(sentence, here) + (_subjects(sentence, here) if rule.kind == "partnership" else [])
    if rule.host:
        return _guests(sentence, here)
    return _receivers(sentence, here) if rule.receives else _subjects(sentence, here)


def _builder(doc: Document, first: Mention) -> list[str]:
    """The firm that the title of a filing names first, unless another organisation goes before it."""
    before = doc.low[: doc.folded(first.start, first.end)[0]]
    others = (*load_rules().attribute.organisation, "co.", "ltd")
    return [] if any(word in before for word in others) else [first.firm]


# ------------------------------------------------------------------------------------------------------- objects


def _objects(sentence: Said, mentions: list[Slot]) -> list[str]:
    """The list of firms that begins right behind the trigger."""
    firms: list[str] = []
    at = sentence.trigger[1]
    for slot in (slot for slot in mentions if slot.start >= at):
        between = sentence.low[at : slot.start]
        joins = _OBJECTS_LEAD if not firms else JOINS
        if not joins.fullmatch(between) and not (firms and JOINS_UNKNOWN.fullmatch(between)):
            break
        firms.append(slot.firm)
        at = slot.end
    return [] if _OBJECT_GOES_ON.match(sentence.low, at) else firms


def _receivers(sentence: Said, mentions: list[Slot]) -> list[str]:
    """The firms right before the trigger that something is given to: 为甲、乙等企业颁发."""
    before = [slot for slot in mentions if slot.end <= sentence.trigger[0]]
    if not before or not _GIVEN.fullmatch(sentence.low, before[-1].end, sentence.trigger[0]):
        return []
    firms = list_ending_at(sentence, before)
    lead = sentence.low[: firms[0].start].rstrip(" “\"'")
    # Unknown firms may stand before the first that we know.
    in_list = lead.endswith(("、", "和", "与", "及")) and _GIVES_TO_LIST.search(CLAUSE.split(lead)[-1]) is not None
    return [slot.firm for slot in firms] if in_list or lead.endswith(_GIVES) else []


def _guests(sentence: Said, mentions: list[Slot]) -> list[str]:
    """The firms that sign with a host of ours, who stands before them or behind: 普陀区与甲签约, 甲、乙与桃浦镇签约."""
    before = [slot for slot in mentions if slot.end <= sentence.trigger[0]]
    if not before:
        return []
    firms = list_ending_at(sentence, before)
    gap = LIST_TAIL.sub("", sentence.low[before[-1].end : sentence.trigger[0]])
    lead = sentence.low[: firms[0].start].rstrip(" “\"'《(")
    said_before = lead.endswith(_SIGNS_WITH) and _host_at_end().search(lead[:-1]) is not None and is_light(gap)
    if not said_before and not (_with_host().fullmatch(gap) and _may_act(sentence, firms[0])):
        return []
    return [slot.firm for slot in firms if not _is_not_of(sentence, slot)]


@cache
def _hosts() -> str:
    hosts = any_of((*load_rules().attribute.hosts, "人民政府", "办事处", "街道办事处", "科委"))
    return rf"(?:{own_places()}|上海市?|{hosts})"


@cache
def _host_at_end() -> re.Pattern[str]:
    return re.compile(rf"{_hosts()}$")


@cache
def _with_host() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<how>.{{0,12}}?)(?:与|和|同|携手|牵手){_hosts()}{{1,5}}(?:正式|成功|现场|顺利|集中|举行|共同|在[^,]{{0,8}})*"
    )


# ------------------------------------------------------------------------------------------------------ subjects


def _subjects(sentence: Said, mentions: list[Slot]) -> list[str]:
    """The firm or the list of firms that the trigger speaks of; none if something else may be its subject."""
    # 签署《甲与乙战略合作协议》: the parties stand between the verb and the rest of the trigger.
    within = sentence.within() if sentence.rule.kind == "partnership" else sentence.trigger[0]
    inside = [slot for slot in mentions if sentence.trigger[0] <= slot.start and slot.end == within]
    if inside:
        return [slot.firm for slot in list_ending_at(sentence, [slot for slot in mentions if slot.end <= within])]
    before = [slot for slot in mentions if slot.end <= sentence.trigger[0]]
    if not before:
        return []
    last = before[-1]
    gap = without_asides(sentence, last.end)
    if len(gap) > min(sentence.rule.gap, _MOST_BETWEEN) or not passes(sentence, gap):
        return []
    firms = list_ending_at(sentence, before)
    is_told_of = sentence.is_english and gap.startswith(", which")  # A sued B, which won: B did
    if not is_told_of and not _may_act(sentence, firms[0]):
        # A, a subsidiary of B, won: what is said of A by the way names another.
        return _subjects(sentence, before[:-1]) if sentence.is_english and len(before) > 1 else []
    firms = [slot for slot in firms if not _is_not_of(sentence, slot)]
    with_whom = _with_whom(sentence, before, firms[0]) if sentence.rule.kind == "partnership" else []
    return [slot.firm for slot in (*with_whom, *firms)] + _partners(sentence, mentions, last)


def _is_not_of(sentence: Said, slot: Slot) -> bool:
    return bool(sentence.rule.not_of) and sentence.low[slot.start : slot.end].endswith(sentence.rule.not_of)


def _with_whom(sentence: Said, before: list[Slot], first: Slot) -> list[Slot]:
    """The firms that the first of a list has its partnership with: 甲近日与乙达成合作."""
    earlier = [slot for slot in before if slot.end <= first.start]
    if not earlier or sentence.is_english:
        return []
    gap = SPOKEN_FOR.sub("", sentence.low[earlier[-1].end : first.start])
    return list_ending_at(sentence, earlier) if len(gap) <= _MOST_BETWEEN and _TO_PARTNER.fullmatch(gap) else []


@cache
def _prepositions() -> tuple[str, ...]:
    return tuple(sorted(load_rules().attribute.prepositions, key=len, reverse=True))


def _may_act(sentence: Said, first: Slot) -> bool:
    """Whether the first firm of the list is a subject, and not what a preposition leads in."""
    rules = load_rules().attribute
    lead = sentence.low[: first.start].rstrip(" “\"'《(")
    if is_acted_on(lead):
        return False
    if sentence.is_english:
        if sentence.rule.kind in _OF_WHAT_IS_ITS and _ITS_OWN_OF.search(lead):
            return True
        words = re.findall(r"[a-z]+", lead)
        return not words or words[-1] not in rules.prepositions_en or _ENGLISH_LEAD.search(lead + " ") is not None
    preposition = next((word for word in _prepositions() if lead.endswith(word)), "")
    if preposition in _WITH and sentence.rule.kind == "partnership":
        return True
    if preposition:
        # 桃浦镇与甲签约: a host of ours with his guest; so is a clause that begins with 与.
        host = CLAUSE.split(lead.removesuffix(preposition))[-1].strip()
        return preposition in ("与", "和", "同") and (not host or host.endswith(rules.hosts))
    clause = CLAUSE.split(lead)[-1]
    return not clause.endswith(rules.others) and not clause.removesuffix("的").endswith(rules.others)


def _partners(sentence: Said, mentions: list[Slot], last: Slot) -> list[str]:
    """The firms at the other end of a partnership, where they stand right behind its English trigger."""
    if sentence.rule.kind != "partnership" or not sentence.is_english:
        return []
    at = sentence.trigger[1]
    return [slot.firm for slot in mentions if 0 <= slot.start - at <= 1 and slot.firm != last.firm]
