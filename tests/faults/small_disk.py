"""A disk that is small and can be filled to the byte: a tmpfs, which takes root to mount."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_FILLER = "filler"
_BLOCK = b"\0" * 65_536


class SmallDisk:
    """`path` is where it is mounted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def free(self) -> int:
        """Bytes."""
        return shutil.disk_usage(self.path).free

    def leave(self, free: int) -> None:
        """Fills it until that many bytes are free, rounded down to whole blocks; fewer if somebody else writes too."""
        self.make_room()
        surplus = self.free - free
        with suppress(OSError), (self.path / _FILLER).open("wb", buffering=0) as file:
            for _ in range(surplus // len(_BLOCK)):
                file.write(_BLOCK)
            file.write(_BLOCK[: surplus % len(_BLOCK)])

    def make_room(self) -> None:
        """Takes away what filled it."""
        (self.path / _FILLER).unlink(missing_ok=True)


@contextmanager
def small_disk(at: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A disk of its own, mounted at a new folder; the test is skipped where that is not allowed."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    at.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(at)], check=False)
    if mounted.returncode != 0:
        pytest.skip("this machine does not let us mount")
    try:
        yield SmallDisk(at)
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)
