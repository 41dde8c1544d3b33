"""Writes the proof of an event as one page that needs no network and runs nothing of what was captured."""

from __future__ import annotations

from pathlib import Path

from crawler.run_folder import write_atomically
from reports.render import render_why
from reports.why.model import Chain

FOLDER = "why"


def write_page(chain: Chain, home: Path) -> Path:
    """Writes `why/<event_id>.html` below the data directory and returns where it lies. Raises OSError."""
    path = home / FOLDER / f"{chain.event_id}.html"
    write_atomically(path, render_why(chain))
    return path
