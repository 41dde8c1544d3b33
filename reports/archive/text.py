"""The pages of the archive in one language, ready to set: every string is clean, none is markup."""

from __future__ import annotations

from dataclasses import dataclass

from reports.page import LinkText


@dataclass(frozen=True, slots=True, kw_only=True)
class BarText:
    """A number as the length of a bar: `width` and the solid part of it, `solid`, in whole percent of the widest."""

    label: str
    number: str
    width: int
    solid: int
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimText:
    """One claim. `when` is what it speaks of, `mark` says that it is an aim, `who` who says it and when.

    `href` is the page, empty when it cannot be linked to; `ours` is what we count beside it, or why we do not.
    """

    figure: str
    about: str
    when: str
    mark: str
    bars: tuple[BarText, ...]
    ours: str
    quote: str
    who: str
    href: str
    again: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionText:
    """One question. `ours` is what we count now, `clashes` which claims contradict each other; either may be empty."""

    id: str
    title: str
    ours: str
    clashes: tuple[str, ...]
    claims: tuple[ClaimText, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonText:
    """Something to mind, and why."""

    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsPage:
    """The page of claims. `empty` stands in for the questions when there is no claim yet."""

    lang: str
    title: str
    as_of: str
    headline: str
    lines: tuple[str, ...]
    empty: str
    questions: tuple[QuestionText, ...]
    legend: str
    differ_title: str
    differ: tuple[ReasonText, ...]
    not_countable_title: str
    not_countable: tuple[ReasonText, ...]
    foot: tuple[str, ...]
    links: tuple[LinkText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueText:
    """One issue: its week, what it told, marks (draft, correction), and where it lies."""

    week: str
    days: str
    told: str
    marks: tuple[str, ...]
    links: tuple[LinkText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearText:
    """The issues of one year, newest first."""

    year: str
    issues: tuple[IssueText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage:
    """The list of issues. `claims` leads to the page of claims, None where there is none."""

    lang: str
    title: str
    note: str
    claims: LinkText | None
    claims_note: str
    years: tuple[YearText, ...]
    empty: str
    links: tuple[LinkText, ...]
