"""A data directory for each test of the pipelines."""

from pathlib import Path

import pytest

from tests.pipelines.runs import Runs


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)
