"""Load the word lists that lie beside the readers, so that a new word is a line of data."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def load_words(name: str) -> dict[str, Any]:
    """The tables of `<name>.toml` in this folder. Raises FileNotFoundError for a name that is not there."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
