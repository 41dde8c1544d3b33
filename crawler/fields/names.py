"""The names of firms as fields: one way of writing them, and whether a person's name stands in their place."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from crawler.fields.words import load_words

_LONGEST_NAME: Final = 200
_SPACE = re.compile(r"\s+")
_HAN_WORD = re.compile(r"[\u3400-\u9fff〇*·]+")
LAST_BRACKETS: Final = re.compile(r"\(([^()]*)\)$")  # a remark at the end of a normal name
_DOTS = dict.fromkeys(map(ord, "•・‧∙●"), "·")
_BRACKETS = {ord("〔"): "(", ord("〕"): ")", ord("【"): "(", ord("】"): ")", ord("["): "(", ord("]"): ")"}


def normal_name(name: str) -> str:
    """A name for comparing: one width, round brackets, no blanks, capitals, however it was printed."""
    name = unicodedata.normalize("NFKC", name[:_LONGEST_NAME]).upper()
    name = _SPACE.sub("", name).translate(_DOTS).translate(_BRACKETS)
    # Without blanks between them accents join their letters: once more, so that a normal name stays as it is.
    return unicodedata.normalize("NFKC", name)[:_LONGEST_NAME]


def looks_personal(name: str) -> bool:
    """Whether a person's name or nickname stands where an organisation's should.

    So are two to four Han characters without a word of an organisation (甲山医院 has one), and whatever is
    shorter than four characters. A remark in brackets is no part of the name: 某某某（个体工商户）. A blank
    name is nobody's: False.
    """
    organisation, endings, compound_surnames = _words()
    name = normal_name(name)
    remark = LAST_BRACKETS.search(name)
    if remark is not None and remark.start() > 0:
        name = name[: remark.start()]
    if not name:
        return False
    letters = name.replace("·", "")
    if len(letters) < 4:
        return True
    if _HAN_WORD.fullmatch(name) is None or organisation.search(name):
        return False
    if "·" in name:
        return True  # 阿卜杜拉·买买提
    if len(letters) > 4:
        return False
    return not name.endswith(endings) or name.startswith(compound_surnames)


@cache
def _words() -> tuple[re.Pattern[str], tuple[str, ...], tuple[str, ...]]:
    data = load_words("name_words")
    organisation = re.compile("|".join(map(re.escape, data["words"])))
    return organisation, tuple(data["endings"]), tuple(data["compound_surnames"])
