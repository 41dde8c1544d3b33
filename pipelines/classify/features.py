"""What is weighed: evidence as a short list of named facts, each of which holds or does not.

The names are the keys of weights.toml. Counts and shares are told by the steps they reach, so that a weight is always
the worth of one plain statement ("half of the scope is life-health"):

    name.strong, scope.silent   how far the name speaks, whether the scope does; and both in one fact
    name:RULE, scope:RULE       this rule speaks in the name, in the scope; name:RULE? gives way to what the scope says
    called.trader               what else the name calls the firm (callings of the rules): a shop, a trader
    lead1.clear                 how far the first item of the scope speaks; so lead2, lead3
    share>=0.5                  life-health items among all items; share.clear, share.strong: those that speak so far
    telling.share>=0.5          the same among the items that tell one firm from another (no 会务服务, no 货物进出口)
    others>=8                   how many telling items are of something else; before.2: how many stand before the first
    strong>=3, best.strong      how many items speak strongly; how far the best one does
    part>=0.4, own>=3           this sub-sector's among the life-health items, and how many they are
    first:RULE, first.strong    the first life-health item is this sub-sector's, by that rule
    named.A+B, called.trader+A  the name speaks for B, or calls the firm so, where A is weighed

Facts come in groups that hold together (of the name, of the scope's shape, of its rules). A group is a short key, and
`facts_of` spells it out: the same groups recur from firm to firm, so whoever weighs them can keep what each weighs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import Any, Final, TypeAlias

from pipelines.classify.evidence import Evidence, NameWord
from pipelines.classify.label import SubSector
from pipelines.classify.scope_words import ScopeWord

STRENGTHS: Final = ("weak", "clear", "strong", "certain")
_RANK: Final = {strength: rank for rank, strength in enumerate(STRENGTHS)}
_SILENT: Final = -1
_CLEAR, _STRONG = _RANK["clear"], _RANK["strong"]
_SHARES: Final = (0.1, 0.2, 0.33, 0.5, 0.75, 0.99)
_PARTS: Final = (0.2, 0.4, 0.6, 0.8, 0.99)
_COUNTS: Final = (2, 3, 5, 8)
_OTHERS: Final = (1, 2, 4, 8, 16)
_LEADS: Final = 3  # the first items of a scope, in which it says what it leads with


# Facts that hold together: what kind of facts, and what they are told from.
Group: TypeAlias = tuple[str, tuple[Any, ...]]
Groups: TypeAlias = list[Group]


def facts_of(groups: Groups) -> list[str]:
    """The facts of these groups, spelled out."""
    return [fact for kind, of in groups for fact in _TOLD[kind](*of)]


def grade_features(evidence: Evidence) -> Groups:
    """What bears on how far life-health is what the firm is for."""
    name, items = evidence.name, evidence.items
    scope = [word for word in evidence.scope if not word.rule.only_if_named]
    level = max([_RANK[word.rule.strength] for word in name]) if name else _SILENT
    state = "speaks" if scope else "silent" if items else "empty"
    groups: Groups = [("grade.name", (level, state, _rules(name)))]
    if not scope:
        return groups
    levels = _levels(scope)
    reached, first, anyones = list(levels.values()), min(levels), evidence.anyones
    shape = (
        items,
        max(items - len(anyones), 1),
        len(reached),
        sum([rank >= _CLEAR for rank in reached]),
        reached.count(_STRONG),
        max(reached),
        sum([place not in anyones for place in range(first)]) if first else 0,
        (levels.get(0, _SILENT), levels.get(1, _SILENT), levels.get(2, _SILENT)),
    )
    groups += (("grade.shape", shape), ("rules", _rules(scope)))
    if evidence.called:
        groups.append(("grade.called", tuple(evidence.called)))
    return groups


def candidates(evidence: Evidence) -> list[SubSector]:
    """The sub-sectors that anything speaks for; where a name settles it, as that of a pharmacy does, that alone."""
    if settled := [word.rule.sector for word in evidence.name if word.rule.settles]:
        return list(dict.fromkeys(settled))
    told = [*[word.sector for word in evidence.scope], *[word.rule.sector for word in evidence.name]]
    return list(dict.fromkeys(told))


def sector_features(evidence: Evidence) -> dict[SubSector, Groups]:
    """Of each candidate: what bears on whether it is the primary one."""
    name, scope = evidence.name, evidence.scope
    by_scope: dict[SubSector, list[ScopeWord]] = {}
    for word in scope:
        by_scope.setdefault(word.sector, []).append(word)
    by_name: dict[SubSector, list[NameWord]] = {}
    for named in name:
        by_name.setdefault(named.rule.sector, []).append(named)
    strong: set[SubSector] = set()
    if name:
        strong = {sector for sector, words in by_scope.items() if any(word.rule.strength == "strong" for word in words)}
    speaking = len({word.rank for word in scope})
    first = scope[0].sector if scope else None
    called, names = tuple(evidence.called), tuple(by_name)
    return {
        sector: [
            ("sector", (sector, names, called)),
            _of_name(by_name.get(sector, ()), strong),
            *_of_scope(by_scope.get(sector, ()), evidence.items, speaking, is_first=sector is first),
        ]
        for sector in candidates(evidence)
    }


def _of_name(words: Sequence[NameWord], strong: Set[SubSector]) -> Group:
    if not words:
        return _NAMELESS
    level = max([_RANK[word.rule.strength] for word in words])
    said = tuple([(word.rule.id, not strong.isdisjoint(word.rule.gives_way)) for word in words])
    return ("sector.name", (level, said))


def _of_scope(words: Sequence[ScopeWord], items: int, speaking: int, *, is_first: bool) -> Groups:
    if not words:
        return [_SCOPELESS]
    levels = _levels(words)
    reached, first = list(levels.values()), words[0].rule
    shape = (items, speaking, len(reached), reached.count(_STRONG), max(reached), levels.get(0, _SILENT))
    groups: Groups = [("sector.shape", shape), ("rules", _rules(words))]
    if is_first:
        groups.append(("sector.first", (first.strength, first.id)))
    return groups


def _levels(words: Sequence[ScopeWord]) -> dict[int, int]:
    """How far each item speaks, by its rank."""
    levels: dict[int, int] = {}
    for word in words:
        level = _RANK[word.rule.strength]
        if level > levels.get(word.rank, _SILENT):
            levels[word.rank] = level
    return levels


def _rules(words: Sequence[NameWord] | Sequence[ScopeWord]) -> tuple[str, ...]:
    """The rules that speak, each once, in one order whatever that of the words: the same set is the same group."""
    if len(words) == 1:
        return (words[0].rule.id,)
    return tuple(sorted({word.rule.id for word in words}))


# ----------------------------------------------------------------------------------------- groups, spelled out as facts


def _name_of_grade(level: int, state: str, rules: tuple[str, ...]) -> list[str]:
    strength = STRENGTHS[level] if level >= 0 else "absent"
    told = [f"name.{strength}", f"scope.{state}", f"name.{strength}+scope.{state}"]
    return told + [f"name:{rule}" for rule in rules]


def _shape_of_scope(  # noqa: PLR0917 - the numbers of a key, in its order
    items: int, telling: int, speaking: int, clear: int, strong: int, best: int, before: int, leads: tuple[int, ...]
) -> list[str]:
    """`telling`: items that tell one firm from another; `before`: those ahead of the first that speaks."""
    return [
        *[_lead(place, level) for place, level in enumerate(leads[:items])],
        *_reached("share", speaking / items, _SHARES),
        *_reached("share.clear", clear / items, _SHARES),
        *_reached("share.strong", strong / items, _SHARES),
        *_reached("telling.share", speaking / telling, _SHARES),
        *_reached("others", telling - speaking, _OTHERS),
        f"before.{min(before, _LEADS)}",
        *_reached("strong", strong, _COUNTS),
        f"best.{STRENGTHS[best]}",
    ]


def _beside_sector(sector: SubSector, names: tuple[SubSector, ...], called: tuple[str, ...]) -> list[str]:
    beside = [f"named.{sector}+{other}" for other in names if other is not sector]
    return [f"sector.{sector}", *beside, *[f"{calling}+{sector}" for calling in called]]


def _name_of_sector(level: int, said: tuple[tuple[str, bool], ...]) -> list[str]:
    told = [f"name:{rule}{'?' if gives_way else ''}" for rule, gives_way in said]
    return [f"name.{STRENGTHS[level]}", *dict.fromkeys(told)]


def _shape_of_sector(  # noqa: PLR0917 - the numbers of a key, in its order
    items: int, speaking: int, own: int, strong: int, best: int, lead: int
) -> list[str]:
    return [
        f"best.{STRENGTHS[best]}",
        *([_lead(0, lead)] if lead >= 0 else []),
        *_reached("share", own / items, _SHARES),
        *_reached("part", own / speaking, _PARTS),
        *_reached("own", own, _COUNTS),
        *_reached("strong", strong, _COUNTS),
    ]


def _lead(place: int, level: int) -> str:
    return f"lead{place + 1}.{STRENGTHS[level] if level >= 0 else 'silent'}"


def _reached(name: str, value: float, steps: tuple[float, ...]) -> list[str]:
    return [f"{name}>={step}" for step in steps if value >= step]


_TOLD: Final[dict[str, Callable[..., list[str]]]] = {
    "grade.name": _name_of_grade,
    "grade.shape": _shape_of_scope,
    "grade.called": lambda *called: list(called),
    "rules": lambda *rules: [f"scope:{rule}" for rule in rules],
    "sector": _beside_sector,
    "sector.name": _name_of_sector,
    "sector.shape": _shape_of_sector,
    "sector.first": lambda strength, rule: [f"first.{strength}", f"first:{rule}"],
    "absent": lambda told: [told],
}
_NAMELESS: Final[Group] = ("absent", ("name.absent",))
_SCOPELESS: Final[Group] = ("absent", ("scope.silent",))
