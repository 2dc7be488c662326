"""What is wrong with the file of a store, in plain words: its version, its tables, its pages, the links of its rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from microopt.plan.seal import SealedPlan
from microopt.storage.database.rows import FIGURES, digest, part_rows, run_row
from microopt.storage.database.schema import expected_tables

MAX_CHARACTERS = 60  # of a value that a message shows
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
    rows = connection.execute(f"PRAGMA integrity_check({MAX_FINDINGS})")
    lines = [line for (text,) in rows for line in str(text).splitlines() if not line.startswith("***") and line != "ok"]
    if lines:
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        yield f"SQLite finds damage in the file: {lines[0]}{more}"
    strays: dict[str, int] = {}
    for table, *_ in connection.execute("PRAGMA foreign_key_check"):
        strays[table] = strays.get(table, 0) + 1
    for table, count in strays.items():
        yield f"table {table} has {count:,} {'row' if count == 1 else 'rows'} of runs that the store does not have"
    yield from _changed_results(connection)


def _changed_results(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield how many rows of results do not have the figures that their digest stands for."""
    names = ", ".join(FIGURES)
    query = f"SELECT figures, {names} FROM results"  # noqa: S608 (constant names)
    count = sum(stated != digest(figures) for stated, *figures in connection.execute(query))
    if count:
        yield f"table results has {count:,} {'row' if count == 1 else 'rows'} with other figures than were read"


def find_changed_rows(connection: sqlite3.Connection, run: int, plan: SealedPlan) -> Iterator[str]:
    """Yield where the rows of a run say something else than its plan; older versions may lack columns."""
    expected = {"runs": [run_row(plan)], **part_rows(run, plan)}
    for table, rows in expected.items():
        key = "id" if table == "runs" else "run"
        cursor = connection.execute(f"SELECT * FROM {table} WHERE {key} = ?", (run,))  # noqa: S608 (constant names)
        names = [column[0] for column in cursor.description]
        stored = [dict(zip(names, values, strict=True)) for values in cursor]
        if len(stored) != len(rows):
            yield f"table {table} has {len(stored):,} rows of run {run}, but its plan has {len(rows):,}"
            continue
        for found, row in zip(stored, rows, strict=True):
            yield from _differences(table, run, found, row)


def _differences(table: str, run: int, found: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[str]:
    for column, value in expected.items():
        if column in found and found[column] != value:
            shown = f"{_shown(found[column])}, but its plan has {_shown(value)}"
            yield f"table {table}, run {run}: {column} is {shown}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}..."
