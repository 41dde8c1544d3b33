"""Whose event a sentence states: a firm's only if it stands there as the one that acts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from crawler.fields.words import any_of
from pipelines.news.acted_on import is_acted_on
from pipelines.news.document import Document, open_document
from pipelines.news.model import FirmStatement, Mention, Reading, Statement
from pipelines.news.places import names_of_ours
from pipelines.news.rules import StatementRule, load_rules
from pipelines.news.slots import Slot, with_aliases
from pipelines.news.spoken_of import spoken_of

_LONGEST_LIST: Final = 160  # characters of firms that we do not know, behind one that we do
_MOST_BETWEEN: Final = 80  # characters from the first firm of a list to the next
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CLAUSE = re.compile(r",(?![0-9]{3})|:")
_JOINS = re.compile(
    r"[,、 ]*(?:、|,|和|与|及|以及|and|&)?[ ]*$"
    r"|,? as well as (?:the |(?:china|israel|shanghai)(?:’s|'s) )?$|,? and (?:china|israel)(?:’s|'s) $"
)
# In a list of short names those that we do not know may stand between two that we do.
_JOINS_UNKNOWN = re.compile(r"(?:、[^,、;:。的与和及]{2,16})+(?:、|和|与|及|以及)")
_OBJECTS_LEAD = re.compile(
    r" ?(?:the )?(?:的|了)?(?:企业|公司|项目|机构)?(?:有|包括|分别为|分别是|为|是|:|“|including )?$"
)
# 等企业 and 公司 for the firm itself, and what it makes
_AND_OTHERS = re.compile(
    r"等[0-9一二三四五六七八九十多数]*[余多]?[家个]?[\u4e00-\u9fff]{0,10}?(?:企业|公司|机构|单位|项目)"
)
_ITSELF = re.compile(r"^(?:该|本)?公司|(?:自主研发|研发|开发|申报|生产|研制)的.*$")
_OWN_EN = re.compile(r"\b(?:its|their) (?:[a-z0-9-]+ ?){1,6}$")  # its heart valve was approved
_SUBJECT_AGAIN = re.compile(r"^(?:公司|该公司|企业|其|the company|it)")
_ENGLISH_LEAD = re.compile(r"(?:including|such as|namely) $")
# Behind the firms that were brought in: they came as owners or for their goods, or it is about something of theirs.
_OBJECT_GOES_ON = re.compile(
    r"(?:等[^,。;]{0,12})?(?:的|作为|为(?:战略|股东|投资)|技术|产品|设备|资金|系统|专家|人才|创始人|董事长|总经理|首席|团队|高管"
    r"|负责人|院士|博士)"
)
_GIVES: Final = ("为", "向", "给", "授予")
_GIVES_TO_LIST = re.compile(r"(?:为|向|给|授予)[^,:;的]{2,60}$")
_GIVEN = re.compile(
    r"(?:等)?(?:[0-9一二三四五六七八九十]{1,3}[余多]?)?[家个]?[\u4e00-\u9fff]{0,8}?(?:企业|公司|机构|单位)?(?:代表|负责人)?(?:现场|集中|分别|统一)*"
)
# With whom: 甲与某某医院达成合作. Who the other is makes no difference to whose partnership it is.
_WITH_PARTNER = re.compile(
    r"(?:通过[^,]{2,20}?)?(?:近日|日前|正式|成功|已|现场|今日|昨日|,)*(?:与|和|同|携手|联合|牵手|、)[^,;:的]{2,32}"
)
_TO_PARTNER = re.compile(
    r"(?:通过[^,]{2,20}?)?(?:近日|日前|正式|成功|已|现场|今日|昨日|,)*(?:与|和|同|携手|联合|牵手)[“\"《]?"
)
_WITH: Final = ("与", "和", "同", "携手", "联合", "牵手", "、")
# , a wholly-owned subsidiary of Oakmere,
_APPOSITION = re.compile(r"^, (?:an?|the|one of) [^,;]{1,80},")
# and others of the list, of whom we know nothing: as well as China's Some Center and Another,
# 甲相关负责人介绍,企业与…: it is 甲 that acts.
_SPOKEN_FOR = re.compile(r"^(?:相关)?负责人(?:介绍|表示|告诉记者|说),(?:企业|公司|我们)")
_LIST_GOES_ON = re.compile(r"(?: as well as| and|, and)(?: (?:[A-Z][\w.&’'-]*|of|and|the|for|as well as),?)+,? ")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A statement's sentence, folded, with the words that state the event."""

    low: str
    plain: str  # the same with capitals
    trigger: tuple[int, int]  # within `low`
    rule: StatementRule

    def within(self) -> int:
        """Where the words of the trigger begin, its verb left out."""
        said = self.low[self.trigger[0] : self.trigger[1]]
        return self.trigger[1] - max(
            (len(word) for word in self.rule.trigger if said.endswith(word)), default=len(said)
        )

    @property
    def is_english(self) -> bool:
        # English pages print ’ and é too.
        first = self.low[self.trigger[0]]
        return first.isascii() and first.isalpha() and _CHINESE.search(self.low) is None


def attribute(title: str, text: str, reading: Reading, mentions: Sequence[Mention]) -> tuple[FirmStatement, ...]:
    """The events of known firms that a page states, each firm and kind once a sentence, in the page's order.

    `mentions` are those that `NameIndex.find` gave for the same title and text.
    """
    doc = open_document(title, text)
    ordered = sorted(mentions, key=lambda mention: mention.start)
    starts = [mention.start for mention in ordered]
    found: dict[tuple[str, str, int], FirmStatement] = {}
    for statement in reading.statements:
        first, last = bisect_left(starts, statement.start), bisect_left(starts, statement.end)
        inside = ordered[first:last]
        if not inside and (again := spoken_of(doc, statement.start, ordered, starts)) is not None:
            inside = [again]
        if not inside:
            continue
        for firm in _firms_of(doc, statement, inside):
            key = (firm, statement.kind, statement.start)
            found.setdefault(key, _of(firm, statement))
    return tuple(found.values())


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
    rule = _rule_of(statement.kind, doc.low[trigger[0] : trigger[1]])
    sentence = _Sentence(doc.low[start:end], doc.plain[start:end], (trigger[0] - start, trigger[1] - start), rule)
    spans = [(mention.firm, doc.folded(mention.start, mention.end)) for mention in mentions]
    here = with_aliases(sentence.low, [Slot(firm, first - start, last - start) for firm, (first, last) in spans])
    if rule.object:
        return _objects(sentence, here) + (_subjects(sentence, here) if rule.kind == "partnership" else [])
    return _receivers(sentence, here) if rule.receives else _subjects(sentence, here)


def _builder(doc: Document, first: Mention) -> list[str]:
    """The firm that the title of a filing names first, unless another organisation goes before it."""
    before = doc.low[: doc.folded(first.start, first.end)[0]]
    others = (*load_rules().attribute.organisation, "co.", "ltd")
    return [] if any(word in before for word in others) else [first.firm]


@cache
def _rule_of(kind: str, trigger: str) -> StatementRule:
    """The rule whose words end the trigger (its verb, if any, stands before them)."""
    rules = [rule for rule in load_rules().statement if rule.kind == kind]
    for rule in rules:
        if any(trigger.endswith(word) for word in rule.trigger):
            return rule
    return rules[0]


# ------------------------------------------------------------------------------------------------------- objects


def _objects(sentence: _Sentence, mentions: list[Slot]) -> list[str]:
    """The list of firms that begins right behind the trigger."""
    firms: list[str] = []
    at = sentence.trigger[1]
    for slot in (slot for slot in mentions if slot.start >= at):
        between = sentence.low[at : slot.start]
        joins = _OBJECTS_LEAD if not firms else _JOINS
        if not joins.fullmatch(between) and not (firms and _JOINS_UNKNOWN.fullmatch(between)):
            break
        firms.append(slot.firm)
        at = slot.end
    return [] if _OBJECT_GOES_ON.match(sentence.low, at) else firms


def _receivers(sentence: _Sentence, mentions: list[Slot]) -> list[str]:
    """The firms right before the trigger that something is given to: 为甲、乙等企业颁发."""
    before = [slot for slot in mentions if slot.end <= sentence.trigger[0]]
    if not before or not _GIVEN.fullmatch(sentence.low, before[-1].end, sentence.trigger[0]):
        return []
    firms = _list_ending_at(sentence, before)
    lead = sentence.low[: firms[0].start].rstrip(" “\"'")
    # Unknown firms may stand before the first that we know.
    in_list = lead.endswith(("、", "和", "与", "及")) and _GIVES_TO_LIST.search(_CLAUSE.split(lead)[-1]) is not None
    return [slot.firm for slot in firms] if in_list or lead.endswith(_GIVES) else []


# ------------------------------------------------------------------------------------------------------ subjects


def _subjects(sentence: _Sentence, mentions: list[Slot]) -> list[str]:
    """The firm or the list of firms that the trigger speaks of; none if something else may be its subject."""
    # 签署《甲与乙战略合作协议》: the parties stand between the verb and the rest of the trigger.
    within = sentence.within() if sentence.rule.kind == "partnership" else sentence.trigger[0]
    inside = [slot for slot in mentions if sentence.trigger[0] <= slot.start and slot.end == within]
    if inside:
        return [slot.firm for slot in _list_ending_at(sentence, [slot for slot in mentions if slot.end <= within])]
    before = [slot for slot in mentions if slot.end <= sentence.trigger[0]]
    if not before:
        return []
    last = before[-1]
    gap = _without_asides(sentence, last.end)
    if len(gap) > min(sentence.rule.gap, _MOST_BETWEEN) or not _passes(sentence, gap):
        return []
    firms = _list_ending_at(sentence, before)
    if not _may_act(sentence, firms[0]):
        # A, a subsidiary of B, won: what is said of A by the way names another.
        return _subjects(sentence, before[:-1]) if sentence.is_english and len(before) > 1 else []
    with_whom = _with_whom(sentence, before, firms[0]) if sentence.rule.kind == "partnership" else []
    return [slot.firm for slot in (*with_whom, *firms)] + _partners(sentence, mentions, last)


def _with_whom(sentence: _Sentence, before: list[Slot], first: Slot) -> list[Slot]:
    """The firms that the first of a list has its partnership with: 甲近日与乙达成合作."""
    earlier = [slot for slot in before if slot.end <= first.start]
    if not earlier or sentence.is_english:
        return []
    gap = _SPOKEN_FOR.sub("", sentence.low[earlier[-1].end : first.start])
    return _list_ending_at(sentence, earlier) if len(gap) <= _MOST_BETWEEN and _TO_PARTNER.fullmatch(gap) else []


def _without_asides(sentence: _Sentence, start: int) -> str:
    """What stands between a firm and the trigger; in English without what it is, and others of its list."""
    gap = sentence.low[start : sentence.trigger[0]]
    if not sentence.is_english:
        return _SPOKEN_FOR.sub("", gap)
    if len(gap) <= _LONGEST_LIST and _LIST_GOES_ON.fullmatch(sentence.plain, start, sentence.trigger[0]):
        return ""
    return _APPOSITION.sub("", gap)


def _passes(sentence: _Sentence, gap: str) -> bool:
    """Whether nothing between firm and trigger can be another subject."""
    rules = load_rules().attribute
    if any(word in gap for word in rules.others):
        return False
    clauses = _CLAUSE.split(gap)
    if sentence.is_english:
        return _is_light_english(_OWN_EN.sub("", gap) if sentence.rule.free else gap)
    if sentence.rule.kind == "partnership" and _WITH_PARTNER.fullmatch(gap):
        return True
    if any(_names_organisation(part) for part in clauses):
        return False
    if not sentence.rule.free:
        return _is_light(_without_own(sentence.rule, gap))
    # Behind a comma a new subject may begin, unless the clause goes on with 公司 or says only when and how.
    *_, here = clauses
    goes_on = here.startswith(sentence.rule.nouns) or _SUBJECT_AGAIN.match(here) is not None or _starts_with_verb(here)
    return len(clauses) == 1 or _is_light(here) or goes_on


def _names_organisation(part: str) -> bool:
    """Whether an organisation of whatever name stands in a clause, beside 等企业 and 公司 for the firm itself."""
    part = _ITSELF.sub("", _AND_OTHERS.sub("", part))
    return any(word in part for word in load_rules().attribute.organisation)


def _starts_with_verb(clause: str) -> bool:
    return clause.startswith(("并", "且", "其", "近日", "日前", "正式", "成功", "顺利", "自主", "同时", "现已", "已"))


def _without_own(rule: StatementRule, gap: str) -> str:
    """的华东总部 and the like taken away: the event of what is the firm's own is the firm's."""
    return _own(things=rule.place == "any").sub("", gap)


@cache
def _own(*, things: bool) -> re.Pattern[str]:
    rules = load_rules().attribute
    own = any_of((*rules.own, *rules.own_things) if things else rules.own)
    return re.compile(rf"的[\u4e00-\u9fff]{{0,4}}?(?:{own})")


@cache
def _light() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{any_of(load_rules().attribute.light)}|[0-9.%+]|[一二三四五六七八九十百千两]|{any_of(names_of_ours())})+"
    )


def _is_light(text: str) -> bool:
    return not text.strip() or _light().fullmatch(text.strip()) is not None


@cache
def _light_english() -> frozenset[str]:
    return frozenset(load_rules().attribute.light_en)


def _is_light_english(gap: str) -> bool:
    words = re.findall(r"[a-z0-9$]+", gap)
    return all(word in _light_english() or word.isdigit() for word in words)


def _list_ending_at(sentence: _Sentence, before: list[Slot]) -> list[Slot]:
    """The firms named one behind another, up to the one before the trigger."""
    chosen = [before[-1]]
    for slot in reversed(before[:-1]):
        between = sentence.low[slot.end : chosen[0].start]
        if not _JOINS.fullmatch(between) and not _JOINS_UNKNOWN.fullmatch(between):
            break
        chosen.insert(0, slot)
    return chosen


@cache
def _prepositions() -> tuple[str, ...]:
    return tuple(sorted(load_rules().attribute.prepositions, key=len, reverse=True))


def _may_act(sentence: _Sentence, first: Slot) -> bool:
    """Whether the first firm of the list is a subject, and not what a preposition leads in."""
    rules = load_rules().attribute
    lead = sentence.low[: first.start].rstrip(" “\"'《(")
    if is_acted_on(lead):
        return False
    if sentence.is_english:
        words = re.findall(r"[a-z]+", lead)
        return not words or words[-1] not in rules.prepositions_en or _ENGLISH_LEAD.search(lead + " ") is not None
    preposition = next((word for word in _prepositions() if lead.endswith(word)), "")
    if preposition in _WITH and sentence.rule.kind == "partnership":
        return True
    if preposition:
        # 桃浦镇与甲签约: a host of ours with his guest; so is a clause that begins with 与.
        host = _CLAUSE.split(lead.removesuffix(preposition))[-1].strip()
        return preposition in ("与", "和", "同") and (not host or host.endswith(rules.hosts))
    clause = _CLAUSE.split(lead)[-1]
    return not clause.endswith(rules.others) and not clause.removesuffix("的").endswith(rules.others)


def _partners(sentence: _Sentence, mentions: list[Slot], last: Slot) -> list[str]:
    """The firms at the other end of a partnership, where they stand right behind its English trigger."""
    if sentence.rule.kind != "partnership" or not sentence.is_english:
        return []
    at = sentence.trigger[1]
    return [slot.firm for slot in mentions if 0 <= slot.start - at <= 1 and slot.firm != last.firm]
