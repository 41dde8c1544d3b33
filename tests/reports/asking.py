"""Asks a file, in whichever DuckDB this process finds: a script of its own, for one process holds only one DuckDB.

Reads `{"path": …, "queries": {name: sql}}` from standard input; writes the version and, by name, types and rows. With
no path the queries attach what they need.
"""

from __future__ import annotations

import json
import sys

import duckdb


def main() -> None:
    asked = json.load(sys.stdin)
    path = asked["path"]
    with duckdb.connect(path, read_only=True) if path else duckdb.connect() as connection:
        answers = {}
        for name, query in asked["queries"].items():
            cursor = connection.execute(query)
            types = [str(column[1]) for column in cursor.description or ()]
            answers[name] = {"types": types, "rows": [[repr(cell) for cell in row] for row in cursor.fetchall()]}
    json.dump({"version": duckdb.__version__, "answers": answers}, sys.stdout)


if __name__ == "__main__":
    main()
