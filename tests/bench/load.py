"""How fast a run folder is loaded, and in how much memory; each size in a process of its own."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipelines.ingest import ingest
from pipelines.store.database import open_store
from tests.bench.invented import write_run

SIZES = (100_000, 1_000_000)


def measure(firms: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        folder = write_run(home, firms)
        manifest = folder.read_manifest()
        size = manifest.files["items.jsonl"]["bytes"] / 1e6
        with open_store(home) as connection:
            began = time.perf_counter()
            folder.verify(manifest)
            ingest(connection, folder, manifest)
            first = time.perf_counter() - began
        again = write_run(home, firms, day=1, changed=firms // 100)
        with open_store(home) as connection:
            began = time.perf_counter()
            ingest(connection, again, again.read_manifest())
            second = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{firms:>9,} items ({size:.0f} MB): all new {firms / first:,.0f} items/s ({first:.2f} s); 1 % changed"
        f" {firms / second:,.0f} items/s ({second:.2f} s); peak {peak:,.0f} MiB",
        flush=True,
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
    else:
        for size in SIZES:
            subprocess.run([sys.executable, "-m", "tests.bench.load", str(size)], check=True)
