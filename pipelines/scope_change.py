"""What a firm may do now that it might not before: new permitted items between two business scopes, not new words.

Since 2021 registrars rewrite whole scopes into standard phrases (经营范围规范化). A rewritten text is not a wider one:
an item counts as new only when its own words do not stand in the old scope, and nothing counts when the scope was
rewritten as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.fields.text import fold_width

_BOILERPLATE = re.compile(r"【[^】]*】|依法须经批准的项目.{0,60}?(?:经营活动|$)")
_HEADINGS = re.compile(r"(?:一般|许可|前置许可|后置许可)(?:经营)?项目\s*[:：]?")
_STANDARD_FORM = re.compile(r"(?:一般|许可)项目\s*[:：]")
_BRACKETS = re.compile(r"\([^()]*\)|（[^（）]*）")
_SEPARATORS = re.compile(r"[，,；;。、\s\n]+")
_NEGATED = ("除", "不含", "不得", "不包括", "非")
# Words that say how one deals in a thing, not in what: "医疗器械的销售" and "第二类医疗器械批发" are the same thing.
_MANNER = re.compile(
    r"第?[一二三ⅠⅡⅢ123]+、?[一二三ⅠⅡⅢ123]*类|从事|提供|经营|领域内?的?|以及|及其|相关|有关|自产产品|上述|同类|商品|产品|业务"
    r"|销售|批发|零售|代理|佣金|生产|制造|加工|服务|进出口|咨询|技术|开发|转让|推广|交流|的|和|及|与|等"
)
_KNOWN_SHARE = 0.6  # of an item's letter pairs standing in the old scope: then it is a rewording
_SURVIVING_SHARE = 0.5  # of the old items: fewer under a newly standard form means the scope was rewritten as a whole
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """Items gained and lost, as printed in the scope that holds them."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


def compare_scopes(before: str, after: str) -> ScopeChange:
    """The new permitted items of `after` and the lost ones of `before`; both empty for a mere rewording."""
    old, new = _items(before[:_LONGEST]), _items(after[:_LONGEST])
    if not old or not new or _cut_off(before, after) or _rewritten(before, after, old, new):
        return ScopeChange((), ())
    return ScopeChange(_unknown_to(old, new), _unknown_to(new, old))


def _cut_off(before: str, after: str) -> bool:
    """Whether one is the other cut inside an item, as narrow columns do: a loss of text, not of permission."""
    short, long = sorted((before.strip(), after.strip()), key=len)
    return len(short) < len(long) and long.startswith(short) and not _SEPARATORS.match(long[len(short)])


def _rewritten(before: str, after: str, old: dict[str, str], new: dict[str, str]) -> bool:
    if not _STANDARD_FORM.search(after) or _STANDARD_FORM.search(before):
        return False
    surviving = len(old) - len(_unknown_to(new, old))
    return surviving < _SURVIVING_SHARE * len(old)


@lru_cache(maxsize=4096)
def _split(scope: str) -> tuple[tuple[str, str], ...]:
    text = _HEADINGS.sub("，", _BOILERPLATE.sub("，", scope))
    while (shorter := _BRACKETS.sub("", text)) != text:
        text = shorter
    found = []
    for item in _SEPARATORS.split(text):
        core = _MANNER.sub("", fold_width(item)).strip("()（）:：.")
        if len(core) >= 2 and not item.startswith(_NEGATED):
            found.append((core, item.strip()))
    return tuple(found)


def _items(scope: str) -> dict[str, str]:
    return dict(_split(scope))


def _unknown_to(known: dict[str, str], items: dict[str, str]) -> tuple[str, ...]:
    text = "\n".join(known)
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    return tuple(printed for core, printed in items.items() if core not in text and _share(core, pairs) < _KNOWN_SHARE)


def _share(core: str, pairs: set[str]) -> float:
    own = [core[at : at + 2] for at in range(len(core) - 1)]
    return sum(pair in pairs for pair in own) / len(own)
