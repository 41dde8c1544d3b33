"""A file that a command is told to write is refused before the work, and replaced when the work is done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.command import MISTAKE, CommandError
from crawler.target_file import replacing


def test_the_file_is_the_last_one_until_the_work_is_done(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("the last one", encoding="utf-8")
    with replacing(str(path)) as file:
        file.write("the new one\r\n")
        assert path.read_text(encoding="utf-8") == "the last one"
    assert path.read_bytes() == b"the new one\r\n"
    assert list(tmp_path.iterdir()) == [path]


def test_work_that_fails_leaves_the_last_one_and_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("the last one", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), replacing(str(path)) as file:
        file.write(f"half {1 / 0}")
    assert path.read_text(encoding="utf-8") == "the last one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["", "gone/out.csv", "file.csv/out.csv", "/"])
def test_where_no_file_can_be_the_work_does_not_begin(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file.csv").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError) as caught, replacing(name):
        pytest.fail("the work began")
    assert caught.value.exitcode == MISTAKE


def test_what_is_read_is_never_written_over_whatever_name_it_is_called_by(tmp_path: Path) -> None:
    labels, firms, link = tmp_path / "labels.csv", tmp_path / "firms.csv", tmp_path / "link.csv"
    labels.write_text("judged by people", encoding="utf-8")
    firms.touch()
    link.symlink_to(labels)
    for name in (labels, link, tmp_path / "." / "labels.csv"):
        with pytest.raises(CommandError, match="is what is read") as caught, replacing(str(name), firms, labels):
            pytest.fail("the work began")
        assert caught.value.exitcode == MISTAKE
    assert labels.read_text(encoding="utf-8") == "judged by people"


def test_a_name_too_long_for_the_disk_is_told_in_a_line(tmp_path: Path) -> None:
    told = r"-o .*: cannot be written \(File name too long\)"
    with pytest.raises(CommandError, match=told), replacing(str(tmp_path / ("x" * 250))):
        pytest.fail("the work began")


def test_what_is_written_to_a_link_or_a_pipe_goes_through_it(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    link.symlink_to(real)
    with replacing(str(link)) as file:
        file.write("told")
    assert (link.is_symlink(), real.read_text(encoding="utf-8")) == (True, "told")
    read, write = os.pipe()
    with os.fdopen(read, "rb") as end:
        with os.fdopen(write, "wb"), replacing(f"/dev/fd/{write}") as file:
            file.write("told")
        assert end.read() == b"told"
