"""README, example settings and lock file tell the truth of today."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from crawler import source_docs
from crawler.config import Config, load_config
from pipelines.store.analyst_views import view_statements

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(path.stem for path in (ROOT / "crawler" / "commands").glob("[a-z]*.py"))


def test_readme_opens_with_the_two_commands_of_a_newcomer() -> None:
    assert re.findall(r"^\$ (.+?)\s+#", README, re.MULTILINE)[:2] == ["make demo", "make test"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"`scrapy {command}" in README


def test_every_view_is_documented() -> None:
    views = set(re.findall(r"VIEW (\w+) AS", view_statements()))
    assert {view for view in views if f"`{view}`" not in README} == set()


def test_the_example_settings_are_the_defaults(tmp_path: Path) -> None:
    assert load_config(ROOT / "monitor.example.toml") == Config()


def test_every_setting_stands_in_the_example() -> None:
    text = (ROOT / "monitor.example.toml").read_text(encoding="utf-8")
    for section, model in Config.model_fields.items():
        if section == "sources":
            continue  # one section a source, each alike: docs/sources.md names them
        for name in getattr(model.annotation, "model_fields", {}):
            assert re.search(rf"\b{name}\b", text), f"{section}.{name}"


@pytest.mark.parametrize("target", ["help", "setup", "demo", "test", "lint", "bench", "docs"])
def test_make_has_what_people_type(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_page_of_sources_is_what_they_declare() -> None:
    written = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    assert written == source_docs.document(), "run `make docs`"


def test_the_lock_has_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pinned = re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE)
    assert len(pinned) > 40
    assert len(re.findall(r"^[a-z0-9-]+==[^\n]+\\\n +--hash=sha256:", lock, re.MULTILINE)) == len(pinned)


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split(r"[<>=~! ]", entry)[0].lower().replace("_", "-") for entry in declared}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert {name for name in names if not re.search(rf"^{name}==", lock, re.MULTILINE)} == set()
