"""What is wrong with the file of a store, in plain words: its version, its tables, its pages, the links of its rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from microopt.storage.database.schema import expected_tables

MAX_FINDINGS = 10  # of SQLite's own about pages and indexes


def describe_wrong_schema(connection: sqlite3.Connection, version: int) -> str:
    """Return what is wrong with the version and the tables of a file, in words, or an empty text.

    Tables and views that a user adds are allowed; triggers are not, because they would run when a plan is added.
    """
    if version < 1:
        return f"its version is {version}, and versions begin with 1"
    kinds = dict(connection.execute("SELECT name, type FROM sqlite_master WHERE type != 'index'").fetchall())
    if trigger := next((name for name, kind in kinds.items() if kind == "trigger"), None):
        return f"it has a trigger, {trigger}, which microopt never writes"
    missing = [name for name in expected_tables(version) if kinds.get(name) != "table"]
    return f"it has no table {missing[0]}" if missing else ""


def find_damage(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what SQLite finds wrong with the pages, indexes and columns of a file, and each table with stray rows."""
    for (finding,) in connection.execute(f"PRAGMA integrity_check({MAX_FINDINGS})"):
        if finding != "ok":
            yield f"SQLite finds damage in the file: {' '.join(str(finding).split())}"
    strays: dict[str, int] = {}
    for table, *_ in connection.execute("PRAGMA foreign_key_check"):
        strays[table] = strays.get(table, 0) + 1
    for table, count in strays.items():
        yield f"table {table} has {count:,} {'row' if count == 1 else 'rows'} of runs that the store does not have"
