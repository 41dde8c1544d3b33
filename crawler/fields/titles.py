"""Titles of notices and documents: the organisation that one names, and the persons that none may name."""

from __future__ import annotations

import re
from typing import Final

from crawler.fields.names import looks_personal
from crawler.fields.personal import MASK
from crawler.fields.text import fold_width

_LONGEST: Final = 500  # characters

# 某某局关于某某公司某某项目环境影响报告表的审批意见
_BEFORE: Final = re.compile(r"^.{0,40}?关于(?:同意|批准|对|印发)?")
_PROJECT: Final = "项目|工程|新建|改建|扩建|迁建|改造|环境影响"
_NAME: Final = rf"(?:(?!{_PROJECT})[^\s，,。；;：:、《》“”\"]){{2,40}}?"
# A firm first: 医院 and 大学 stand in names of firms too.
_FIRM: Final = re.compile(rf"{_NAME}公司(?:(?!{_PROJECT})[\u3400-\u9fff]{{1,12}}?(?:分公司|分厂|分院|分店))?")
_ENDING: Final = "医院|卫生服务中心|门诊部|研究院|研究所|大学|学院|科学院|中心|集团|厂"
# Of two parts the second too: 某某大学附属医院, 某某科学院某某研究所.
_OTHER: Final = re.compile(rf"{_NAME}(?:{_ENDING})(?:(?!{_PROJECT})[\u3400-\u9fff]{{0,14}}?(?:{_ENDING}))?")

_BRACKETED: Final = re.compile(r"(?<=[(])[^()]{2,30}(?=[)])")
_BETWEEN: Final = re.compile(r"[、,;/\s]+")
_OFFICES: Final = (
    "实际控制人|控股股东|股东|董事会秘书|独立董事|董事长|董事|监事会主席|职工代表监事|监事|副总经理|总经理|总裁|"
    "财务总监|财务负责人|证券事务代表|核心技术人员|高级管理人员|法定代表人"
)
_ACTS: Final = (
    "辞职|辞任|离任|离职|退休|逝世|变更|任职|履职|述职|减持|增持|质押|解除|股份|所持|的|先生|女士|、|及|和|与|$"
)
_BEHIND_OFFICE: Final = re.compile(rf"(?:{_OFFICES})(?:候选人|提名人)?[:： ]?([\u3400-\u9fff·]{{2,4}}?)(?={_ACTS})")
_ADDRESSED: Final = re.compile(r"(?<![\u3400-\u9fff])([\u3400-\u9fff·]{2,4}?)(?=先生|女士)")


def organisation_in(title: str) -> str:
    """The organisation that a title names first, behind 关于 if that stands in it; empty where it names none.

    A firm goes before another organisation. What is found begins where the title, or the words behind 关于, begin, and
    ends before the words of a project: a title that names its project only (道路新建工程) names none.
    """
    title = title.strip()[:_LONGEST]
    after = _BEFORE.sub("", title, count=1)
    found = _FIRM.match(after) or _OTHER.match(after)
    return found[0] if found else ""


def without_persons(title: str) -> str:
    """A title with persons' names blanked where its form gives them away.

    So do brackets that hold nothing else (述职报告（某某某）), an office before them (董事某某某辞职) and a form of
    address behind them. What is no person's name there (股东大会, 董事会) stays. Names without a mark are not found.
    """
    folded = fold_width(title)
    spans = [found.span() for found in _BRACKETED.finditer(folded) if _are_personal(found[0])]
    spans += [
        found.span(1)
        for pattern in (_BEHIND_OFFICE, _ADDRESSED)
        for found in pattern.finditer(folded)
        if looks_personal(found[1]) and not _is_word(found[1])
    ]
    for start, end in sorted(spans, reverse=True):
        title = title[:start] + MASK + title[end:]
    return title


def _are_personal(text: str) -> bool:
    names = _BETWEEN.split(text)
    shaped = all(re.fullmatch(r"[\u3400-\u9fff·]{2,4}", name) and looks_personal(name) for name in names)
    return shaped and not any(map(_is_word, names))


# Words of few characters that stand in brackets, or behind an office, and name nobody.
_WORDS: Final = re.compile(
    "成交|中标|大会|会议|议案|决议|公告|报告|声明|承诺|制度|办法|规则|细则|薪酬|津贴|选举|提名|换届|聘任|辞任|辞职|离任|离职|退休|任职|"
    "履职|述职|变更|独立|提议|权益|股份|股票|比例|部分|提前|延期|集中|竞价|大宗|计划|结果|进展|完成|修订|更新|更正|草案|摘要|"
    "全文|英文|中文|版|稿|一致|行动|被动|稀释|质押|解除|减持|增持|回购|变动|人员|情况|事项|工作|专门|委员|会|期|次|号|年|月|"
    "度|上海|北京|中国|香港|深圳|广州|有限|临时|第|等|关于|及|的"
)


def _is_word(text: str) -> bool:
    return _WORDS.search(text) is not None
