"""Read what a firm's name says: whether it is a branch, and whose; and when two English names are one.

The words that decide stand in `reference/legal_forms.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from crawler.fields.names import LAST_BRACKETS, normal_name
from crawler.fields.words import any_of

_LEGAL_FORMS: Final = Path(__file__).parents[1] / "reference" / "legal_forms.toml"


@dataclass(frozen=True, slots=True)
class _Forms:
    """The words of legal_forms.toml, arranged for matching."""

    within_company: re.Pattern[str]  # a company's full name, and what follows it
    within_parent: re.Pattern[str]  # the same of a bank, a law office, a chain
    own_persons: tuple[str, ...]
    always: tuple[str, ...]
    never: tuple[str, ...]
    chain_shop: re.Pattern[str]
    shops: tuple[str, ...]
    spellings: dict[str, str]  # of legal forms in English


@cache
def _forms() -> _Forms:
    data = tomllib.loads(_LEGAL_FORMS.read_text(encoding="utf-8"))
    company, branch = data["company"], data["branch"]
    return _Forms(
        # 上海石油分公司 is a part itself, so a form behind 分 or 支 does not end a parent's name.
        within_company=re.compile(rf"(.+?(?<![分支])(?:{any_of(company['forms'])}))(?:\([^()]*\))?(.+)"),
        within_parent=re.compile(rf"(.+?(?:{any_of(company['parents'])})(?:\([^()]*\))?)(.+)"),
        own_persons=tuple(company["own_persons"]),
        always=tuple(branch["always"]),
        never=tuple(branch["never"]),
        chain_shop=re.compile(rf"(?:{any_of(branch['chains'])}).{{2,}}店|.+[路街]第?[一二三四五六七八九十]*店"),
        shops=tuple(branch["shops"]),
        spellings=data["english"]["spellings"],
    )


def _plain(name: str) -> str:
    """The normal name with a last remark in brackets opened, if it names a branch, or else dropped."""
    name = normal_name(name)
    remark = LAST_BRACKETS.search(name)
    if remark is None or remark.start() == 0:
        return name
    base = name[: remark.start()]
    return base + remark[1] if remark[1].endswith((*_forms().always, "店")) else base


def _company_and_rest(name: str) -> tuple[str, str] | None:
    """The company that a name begins with, and its part's name; None when the name is a company's own."""
    forms = _forms()
    match = forms.within_company.fullmatch(name)
    if match is None:
        return None
    company, rest = match[1], match[2]
    if rest.endswith(forms.own_persons) or rest.endswith("有限公司") or rest.endswith("有限责任公司"):
        return None
    # 某某总公司桃浦公司 is a part; 某某公司某某公司 may as well be a daughter with its own register entry.
    if rest.endswith("公司") and not rest.endswith(("分公司", "支公司")) and not company.endswith("总公司"):
        return None
    return company, rest


def is_branch(name: str) -> bool:
    """Whether the name is that of a part of another organisation: 分公司, 支行, …有限公司某某店, …公司经营部.

    A name that ends in 有限公司 is a firm's own, and so is a shop or an 经营部 that names no parent.
    """
    forms = _forms()
    name = _plain(name)
    if name.endswith(forms.never):
        return False
    if name.endswith(("有限公司", "有限责任公司")):
        return False
    if _company_and_rest(name) is not None:
        return True
    if name.endswith(forms.own_persons):
        return False
    if name.endswith(forms.always):
        return True
    return not name.endswith(forms.shops) and forms.chain_shop.search(name) is not None and name.endswith("店")


def parent_name(name: str) -> str:
    """The normal name of the organisation a branch belongs to; "" if it is no branch or names no parent."""
    if not is_branch(name):
        return ""
    name = _plain(name)
    found = _company_and_rest(name)
    if found is not None:
        return found[0]
    match = _forms().within_parent.fullmatch(name)
    return match[1] if match is not None else ""


def branch_ending(name: str) -> str:
    """The word by which a normal name ends as a branch's: 分公司, 代表处; "" if there is none."""
    return max((ending for ending in _forms().always if name.endswith(ending)), key=len, default="")


_LONGEST_ENGLISH: Final = 200
_WORD: Final = re.compile(r"[^\W_]+|&")


def english_name(name: str) -> str:
    """An English name for comparing: no case, no punctuation, one spelling of its legal form.

    Empty for a name in other letters than Latin ones, and one that is too long to be compared whole.
    """
    if len(name) > _LONGEST_ENGLISH:
        return ""
    plain = unicodedata.normalize("NFKD", name).replace("’", "").replace("'", "").casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if not plain.isascii() and any(letter.isalpha() and not letter.isascii() for letter in plain):
        return ""
    spellings = _forms().spellings
    words = [spellings.get(word, word) for word in _WORD.findall(plain)]
    return " ".join(words) if any(word.isalpha() for word in words) else ""
