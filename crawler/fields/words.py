"""Load the word lists that lie beside the readers, so that a new word is a line of data, and match them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any


def load_words(name: str) -> dict[str, Any]:
    """The tables of `<name>.toml` in this folder. Raises FileNotFoundError for a name that is not there."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def any_of(words: Iterable[str]) -> str:
    """The pattern of any of these words as they are, the longest first, so that a part never hides the whole."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def begins(words: Iterable[str]) -> str:
    """The pattern of a place where one of these words may begin; it spares trying each of them everywhere."""
    return f"(?=[{re.escape(''.join(sorted({word[0] for word in words})))}])"
