"""What may stand between a firm and the words of its event, so that nobody else can be meant."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from crawler.fields.words import any_of
from pipelines.event_kinds import CATEGORY
from pipelines.news.places import names_of_ours
from pipelines.news.rules import StatementRule, load_rules
from pipelines.news.said import CLAUSE, Said

_LONGEST_LIST: Final = 160  # characters of firms that we do not know, behind one that we do
# 甲、乙、丙等: of the list's others we know nothing.
_LISTED_TOO = re.compile(r"^(?:[、和与及][^,、;:。的与和及]{2,14}){1,12}(?=等)")
# 甲、乙等多家企业代表
LIST_TAIL = re.compile(
    r"^(?:等|在内的|(?=[0-9一二三四五六七八九十百两多数]+[余多]?家))(?:[0-9一二三四五六七八九十百两多数]+)?[余多]?[家个位]?[\u4e00-\u9fff]{0,10}?(?:企业|公司|机构|单位|项目|药企)(?:的?代表|负责人)?(?![\u4e00-\u9fff]*的)"
)
# 等企业 and 公司 for the firm itself, and what it makes
_AND_OTHERS = re.compile(
    r"等[0-9一二三四五六七八九十多数]*[余多]?[家个]?[\u4e00-\u9fff]{0,10}?(?:企业|公司|机构|单位|项目)"
)
_ITSELF = re.compile(r"^(?:该|本)?公司|(?:自主研发|研发|开发|申报|生产|研制)的.*$")
_OWN_EN = re.compile(r"\b(?:its|their) (?:[a-z0-9-]+ ?){1,6}$")  # its heart valve was approved
_SUBJECT_AGAIN = re.compile(r"^(?:公司|该公司|企业|其|the company|it)")
# With whom: 甲与某某医院达成合作. Who the other is makes no difference to whose partnership it is.
_WITH_PARTNER = re.compile(
    r"(?:通过[^,]{2,20}?)?(?:近日|日前|正式|成功|已|现场|今日|昨日|,)*(?:与|和|同|携手|联合|牵手|、)[^,;:的]{2,32}"
)
# , a wholly-owned subsidiary of Oakmere,
_APPOSITION = re.compile(
    r"^, (?:an?|the|one of|founded|established|based|headquartered|located|known|formerly"
    r"|which (?:is|was|has|makes|focus|focuses|develops|specializes|specialises)) [^,;]{1,80},"
)
# and others of the list, of whom we know nothing: as well as China's Some Center and Another,
# 甲相关负责人介绍,企业与…: it is 甲 that acts.
SPOKEN_FOR = re.compile(r"^(?:相关)?负责人(?:介绍|表示|告诉记者|说),(?:企业|公司|我们)")
# 甲,这家专注于…的企业, 甲作为…,
_ASIDE = re.compile(r"^,?(?:作为|这家|一家|是一家|专注于?|主营|主要从事|致力于|深耕)[^,。;]{2,40},")
# Oakfen's new research center
_OF_ITS_OWN = re.compile(
    r"^(?:'s|’s) (?:[a-z0-9&-]+ ){0,6}?(?:cent(?:er|re)|headquarters|plant|factory|lab(?:oratory)?|base|facility|campus"
    r"|park|institute|clinic)\b"
)
_LIST_GOES_ON = re.compile(r"(?: as well as| and|, and)(?: (?:[A-Z][\w.&’'-]*|of|and|the|for|as well as),?)+,? ")
# 甲细胞治疗产业化项目落户: what a firm brings here stands right behind its name.
_PROJECT = re.compile(
    r"^[^,:;、与和及同助推为向对由让使见参携联引带的“”《》()]{0,14}(?:项目|总部|研发中心|基地|创新中心|工厂)"
)
_IN_A_COUNTRY = re.compile(r"[在于][^,与和及]{2,14}$")
# 由浦东迁至
_WHERE_FROM = re.compile(r"(?:由|从|自)(?:原来的|原)?[^,、与和的]{2,14}(?:整体|正式|全部)?$")
_SOMEBODY = re.compile(r"[、,:;与和及同由让使对向为“”《》]|见证|参与|参加|承建|施工|助力|支持|投资|合作|服务|供应")


def without_asides(sentence: Said, start: int) -> str:
    """What stands between a firm and the trigger; in English without what it is, and others of its list."""
    gap = sentence.low[start : sentence.trigger[0]]
    if not sentence.is_english:
        return LIST_TAIL.sub("", _LISTED_TOO.sub("", _ASIDE.sub("", SPOKEN_FOR.sub("", gap))))
    if len(gap) <= _LONGEST_LIST and _LIST_GOES_ON.fullmatch(sentence.plain, start, sentence.trigger[0]):
        return ""
    return _OF_ITS_OWN.sub("", _APPOSITION.sub("", gap))


def passes(sentence: Said, gap: str) -> bool:
    """Whether nothing between firm and trigger can be another subject."""
    rule = sentence.rule
    if any(word in gap for word in load_rules().attribute.others):
        return False
    if rule.apart and not any(noun in gap for noun in rule.nouns):
        return False
    if sentence.is_english:
        return _is_light_english(_OWN_EN.sub("", gap) if rule.free else gap)
    if (rule.kind == "partnership" and _WITH_PARTNER.fullmatch(gap)) or (rule.own and _is_of_its_own(rule, gap)):
        return True
    clauses = CLAUSE.split(gap)
    if any(_names_organisation(part) for part in clauses):
        return False
    return _goes_on(rule, clauses) if rule.free else is_light(_without_own(rule, gap))


def _goes_on(rule: StatementRule, clauses: list[str]) -> bool:
    """Whether the last clause has no new subject: it goes on with 公司 or what the rule is of, or says when and how."""
    *_, here = clauses
    begins = here.startswith(rule.nouns) or _SUBJECT_AGAIN.match(here) is not None or _starts_with_verb(here)
    return len(clauses) == 1 or is_light(here) or begins


def _names_organisation(part: str) -> bool:
    """Whether an organisation of whatever name stands in a clause, beside 等企业 and 公司 for the firm itself."""
    part = _ITSELF.sub("", _AND_OTHERS.sub("", part))
    return any(word in part for word in load_rules().attribute.organisation)


def _starts_with_verb(clause: str) -> bool:
    return clause.startswith(("并", "且", "其", "近日", "日前", "正式", "成功", "顺利", "自主", "同时", "现已", "已"))


def _without_own(rule: StatementRule, gap: str) -> str:
    """的华东总部 and the like taken away: the event of what is the firm's own is the firm's."""
    gap = _own(things=rule.place == "any").sub("", gap)
    if rule.place == "abroad":
        gap = _IN_A_COUNTRY.sub("", gap)
    gap = _WHERE_FROM.sub("", gap) if CATEGORY[rule.kind] == "arrival" else gap
    return _PROJECT.sub("", gap) if CATEGORY[rule.kind] == "arrival" else gap


@cache
def _own(*, things: bool) -> re.Pattern[str]:
    rules = load_rules().attribute
    own = any_of((*rules.own, *rules.own_things) if things else rules.own)
    return re.compile(rf"的[\u4e00-\u9fff]{{0,4}}?(?:{own})")


def _is_of_its_own(rule: StatementRule, gap: str) -> bool:
    """Whether the gap names what of the firm's is begun, built or opened, and nobody else."""
    return any(noun in gap for noun in rule.nouns) and _SOMEBODY.search(gap) is None


@cache
def _light() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{any_of(load_rules().attribute.light)}|[0-9.%+]|[一二三四五六七八九十百千两]|{own_places()})+"
    )


def own_places() -> str:
    return any_of(names_of_ours())


def is_light(text: str) -> bool:
    return not text.strip() or _light().fullmatch(text.strip()) is not None


@cache
def _light_english() -> frozenset[str]:
    return frozenset(load_rules().attribute.light_en)


def _is_light_english(gap: str) -> bool:
    words = re.findall(r"[a-z0-9$]+", gap)
    return all(word in _light_english() or word.isdigit() for word in words)
