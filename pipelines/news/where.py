"""Whether the event a trigger states is in a place of ours, and in which park."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.event_kinds import CATEGORY
from pipelines.news.page import Page
from pipelines.news.places import Named, Whose
from pipelines.news.triggers import Trigger

# What may stand between a trigger and its place, and between two names of one place (普陀区桃浦智创城).
_TO_PLACE = re.compile(
    r"(?:位于|坐落于|于|到|在|至|了|我区|本区|该区|区内|上海市?|的|“"
    r"|the |our |shanghai's |shanghai’s |downtown |northwest | )*$"
)
_REACH_ZH, _REACH_EN, _SAME_PLACE = 8, 24, 16
_INTO = re.compile(r"(?:(?<!位)(?<!坐落)[在于到至进]|来到|入驻)$")
# Shanghai or the country at large behind the trigger is no place of ours, whatever was named before.
_AT_LARGE = re.compile(r"(?:于|到|在|至|了)?(?:上海|沪|中国|我国|长三角|国内| ?in (?:shanghai|china)\b)")
# Behind these a place is named, or nothing; what else stands there is a place that the lists do not know.
_SETTLES = re.compile(r"(?:落户|落地|落子|入驻|进驻|迁入|迁至|搬入|搬迁至)$")
_SETTLES_AT = re.compile(r"(?:落户|落地|落子|入驻|进驻|迁入)")
_NO_PLACE = ("签约", "的", "并", "等", "企业", "项目", "、", "仪式")
_TAIL = re.compile(
    r"[“《]?(?:于|到|在|至|了)*(?:我区|本区|该区|我镇|区内|园区|这里|此地)?(?P<more>[^,。;:!?、”\"()\n]*)"
)
# 普陀 and 桃浦 without 区 or 镇 may begin another place's name: 普陀海洋产业园.
_BARE = ("普陀", "桃浦")
_NAME_GOES_ON = re.compile(
    r"[^,。;:!?、的并和与及后将是在了]{0,8}?(?:产业园|工业园|科技园|创新园|园区|新区|开发区|高新区|港|岛|山)"
)
# Goods and people go to hospitals and shops; firms do not settle there.
_USERS = re.compile(r"[^,。;:!?、]{0,8}?(?:医院|药房|药店|学校|卫生服务中心)|[a-z' ]{0,20}?(?:hospital|pharmac|school)")
_USER = re.compile(r"(?:医院|hospital)$")
_SIGNS = re.compile(r"签约|落户|引进|sign")
# 普陀区企业 says whose the firm is, not where its rooms are.
_OWNER = re.compile(r"(?:本土|重点|知名)?(?:企业|公司|药企|领导|区委|区政府|政府|商务|相关|多家|籍)")
# the hub, the innovation park; 园区 alone, or with 该, 本, 这座
_THAT_PARK = re.compile(
    r"(?: the (?:innovation |industrial |science |technology )?(?:park|hub)(?![a-z'’])(?! in | of )"
    r"|(?:在|于|到|至|了)?(?:该|本|这座|这一)?(?:园区|创新园|产业园)(?:内|里)?(?=[,。;!?、”\")\n]|$))"
)
# Behind a country: it is only that of a firm.
_OF_A_FIRM = re.compile(
    r"(?:的)?(?:独角兽|知名|初创|医疗|医药|生物|数字健康|科技|创新|高新技术|[\u4e00-\u9fff]{0,6}?)(?:企业|公司|药企|品牌|巨头|孵化器|集团)|(?=[A-Z])"
    r"| (?:[a-z-]+ ){0,4}(?:startup|start-up|company|firm|maker|developer|incubator|group|giant)\b|’s [A-Z]|'s [A-Z]"
)
_LEADS_THERE = re.compile(r"(?:在|于|到|至|往|赴|迁|\b(?:in|to|at|from) (?:the )?)$")
_HELD_THERE = re.compile(r"(?:内|里)?(?:成功|隆重|圆满|正式)?(?:举行|召开|举办|开幕|启幕|落幕)")
_STANDS_IN = re.compile(r"(?:位于|坐落于|坐落在|设在|设于|建在|建于|地处)(?!上海)(?=[\u4e00-\u9fff]{2})")
_OTHER_DIVISION = re.compile(r"[\u4e00-\u9fff]{2}(?:县|(?<!神)(?<!九)州(?!路|通)|省(?!级)|开发区|高新区|经开区|自贸区)")
_ENGLISH_PLACE = re.compile(
    r"\b(?:in|at|near) (?:the |its |downtown )?(?!Shanghai|China\b|Series|R&D\b"
    r"|AI\b|IPO|Phase|GMP|Chinese|January|February|March|April|May\b|June|July"
    r"|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)(?=[A-Z])"
)
_REACH_OF_IN = 8
_ORIGIN = re.compile(r" [^.;]{2,50}? to\b")


@dataclass(frozen=True, slots=True)
class Where:
    """Whether the event is in a place of ours, where its name ends, which park, and whether the sentence says so."""

    accepted: bool
    end: int
    park: str = ""
    placed: bool = False


def _of_that_park(page: Page, trigger: Trigger) -> Where | None:
    """In "the park", where the page has just named one of ours."""
    that = _THAT_PARK.match(page.doc.low, trigger.end, trigger.clause.end)
    if that is None or _AT_LARGE.search(page.doc.low, that.end(), min(that.end() + 24, trigger.clause.end)):
        return None
    named = page.park_before(trigger.sentence, trigger.start)
    return None if named is None else Where(accepted=True, end=that.end(), park=named.place.id, placed=True)


def where_of(page: Page, trigger: Trigger) -> Where:
    """Where the event is: by the words behind its trigger, else those before, else what the page spoke of last."""
    rule, places = trigger.rule, page.within(*trigger.span)
    if rule.place in ("away", "abroad"):
        return (_away if rule.place == "away" else _abroad)(page, trigger, places)
    behind = _behind(page, trigger, places)
    if behind is None and rule.place in ("direct", "setting"):
        behind = _of_that_park(page, trigger)
    if behind is not None:
        return behind
    ours = [named for named in places if named.place.whose is Whose.OURS]
    elsewhere = _go_elsewhere if rule.object else _is_elsewhere
    if (rule.object or rule.place != "any") and elsewhere(page, trigger, ours):
        return Where(accepted=False, end=trigger.end)
    into = [named for named in places if named.end <= trigger.word and _is_into(page.doc.low, trigger, named)]
    if into:
        here = into[-1].place.whose is Whose.OURS
        return Where(here, trigger.end, _park(into), placed=here)
    return _around(page, trigger, places, ours)


def _around(page: Page, trigger: Trigger, places: list[Named], ours: list[Named]) -> Where:
    """Where the event is by the places of its sentence, and what the page spoke of last."""
    rule, nowhere = trigger.rule, Where(accepted=False, end=trigger.end)
    places = [named for named in places if not _is_origin(page, trigger, named)]
    if rule.place == "any":
        # With whom another district signs is no firm of ours for that.
        if rule.object and any(named.place.whose is Whose.ELSEWHERE for named in places if named.end <= trigger.start):
            return nowhere
        return Where(accepted=True, end=trigger.end, park=_park(ours))
    # Where a firm comes from is not where it goes: 以色列甲签约入驻.
    from_abroad = Whose.ABROAD if CATEGORY[rule.kind] == "arrival" else Whose.OURS
    if rule.place == "direct" or any(named.place.whose not in (Whose.OURS, from_abroad) for named in places):
        return nowhere
    set_in_putuo = page.is_set_in_putuo(trigger.sentence, behind=rule.place == "near")
    settled = bool(ours) or rule.place == "here" or set_in_putuo
    park = _park(ours) if ours else _park_in_mind(page, trigger)
    return Where(settled, trigger.end, park, placed=_is_placed(page, trigger, ours, set_in_putuo))


def _is_origin(page: Page, trigger: Trigger, named: Named) -> bool:
    """Whether a country is only that of a firm: 以色列企业, 德国某某, Israeli startup Oakfen."""
    if named.place.whose is not Whose.ABROAD or named.end > trigger.start:
        return False
    low = page.doc.low
    return _OF_A_FIRM.match(page.doc.plain, named.end) is not None and not _LEADS_THERE.search(
        low, max(0, named.start - 12), named.start
    )


def _park_in_mind(page: Page, trigger: Trigger) -> str:
    """The park that the page has just spoken of, and not only as where somebody met: 桃浦智创城再添新成员."""
    named = page.park_before(trigger.sentence - 1, trigger.span.start) if trigger.sentence else None
    return "" if named is None or _HELD_THERE.match(page.doc.low, named.end) else named.place.id


def _away(page: Page, trigger: Trigger, places: list[Named]) -> Where:
    """Whether the place right behind the trigger is another's, so that who goes there goes from us."""
    end = trigger.end
    there = next((named for named in places if named.start >= end), None)
    goes = (
        there is not None
        and there.place.whose is Whose.ELSEWHERE
        and _TO_PLACE.match(page.doc.low[end : there.start]) is not None
    )
    return Where(accepted=goes, end=there.end if there is not None and goes else end)


def _abroad(page: Page, trigger: Trigger, places: list[Named]) -> Where:
    """Whether the event is abroad: 在新加坡设立子公司, 设立子公司于新加坡."""
    low = page.doc.low
    there = any(
        named.place.whose is Whose.ABROAD
        and ((named.end <= trigger.start and _is_into(low, trigger, named)) or 0 <= named.start - trigger.end <= 1)
        for named in places
    )
    return Where(accepted=there, end=trigger.end)


def _go_elsewhere(page: Page, trigger: Trigger, ours: list[Named]) -> bool:
    """Whether those who were brought settle in a place that is not ours: 吸引甲、乙落户某地."""
    low, end = page.doc.low, trigger.clause.end
    for settles in _SETTLES_AT.finditer(low, trigger.end, end):
        tail = _TAIL.match(low, settles.end(), end)
        more = tail.start("more") if tail is not None and tail["more"].strip() else end
        if (
            more < end
            and not low.startswith(_NO_PLACE, more)
            and not any(0 <= one.start - more <= _REACH_ZH for one in ours)
        ):
            return True
    return False


def _is_placed(page: Page, trigger: Trigger, ours: list[Named], set_in_putuo: bool) -> bool:
    """Whether the sentence itself says that it is here; to words of signing the sentence before may say it."""
    low = page.doc.low
    if _SIGNS.search(low, trigger.start, trigger.end):
        return bool(ours) or set_in_putuo
    return any(named.start >= trigger.clause.start and not _OWNER.match(low, named.end) for named in ours)


def _is_elsewhere(page: Page, trigger: Trigger, ours: list[Named]) -> bool:
    """Whether the words around the trigger lead to a place that is not ours, though no list may know it."""
    low, start, end = page.doc.low, trigger.clause.start, trigger.clause.end
    if _AT_LARGE.match(low, trigger.end):
        return True
    if _SETTLES.search(low, trigger.start, trigger.end):
        tail = _TAIL.match(low, trigger.end, end)
        return tail is not None and bool(tail["more"].strip())
    # 总部位于杭州的甲在普陀区设立: where it is done stands behind where its firm comes from.
    into = max(
        (named.start for named in ours if named.end <= trigger.start and _is_into(low, trigger, named)), default=0
    )
    for match in _STANDS_IN.finditer(low, max(start, into), end):
        if not any(0 <= named.start - match.end() <= _REACH_OF_IN for named in ours):
            return True
    for match in _OTHER_DIVISION.finditer(low, max(start, into), trigger.start):
        if not any(named.start < match.end() and match.start() < named.end for named in ours):
            return True
    known = {named.start for named in ours}
    return any(match.end() not in known for match in _ENGLISH_PLACE.finditer(page.doc.plain, start, trigger.span.end))


def _behind(page: Page, trigger: Trigger, places: list[Named]) -> Where | None:
    """The place right behind the trigger, with the names that go on with it: 普陀区桃浦智创城."""
    low, chain = page.doc.low, list[Named]()
    end = _behind_origin(low, trigger)
    reach = _REACH_EN if low[trigger.end - 1].isascii() else _REACH_ZH
    for named in places:
        if named.start < end:
            continue
        between = low[end : named.start]
        if not chain and (len(between) > reach or not _TO_PLACE.match(between)):
            return None
        if chain and (len(between) > _SAME_PLACE or any(mark in between for mark in ",;:的与和及")):
            break
        chain.append(named)
        end = named.end
    if not chain:
        return None
    here = chain[0].place.whose is Whose.OURS and not _is_another(page, trigger, chain, places)
    return Where(here, end, _park(chain), placed=here)


def _behind_origin(low: str, trigger: Trigger) -> int:
    """Where the words end that say from where one came: moved its headquarters from Minhang to."""
    if not low.startswith("from", trigger.end - 4):
        return trigger.end
    origin = _ORIGIN.match(low, trigger.end, trigger.clause.end)
    return origin.end() if origin else trigger.end


def _is_another(page: Page, trigger: Trigger, chain: list[Named], places: list[Named]) -> bool:
    """Whether the name goes on to another place's, or to one where no firm settles: 普陀海洋产业园, Putuo, Zhejiang."""
    low, last = page.doc.low, chain[-1]
    if low[last.start : last.end] in _BARE and _NAME_GOES_ON.match(low, last.end):
        return True
    if any(named.place.whose is not Whose.OURS and low[last.end : named.start] == ", " for named in places):
        return True
    settles = trigger.rule.kind == "arrival_announced"
    return settles and (_USER.search(low, last.start, last.end) or _USERS.match(low, last.end)) is not None


def _is_into(low: str, trigger: Trigger, named: Named) -> bool:
    return named.start >= trigger.clause.start and _INTO.search(low, trigger.clause.start, named.start) is not None


def _park(places: Iterable[Named]) -> str:
    return next((named.place.id for named in places if named.place.park), "")
