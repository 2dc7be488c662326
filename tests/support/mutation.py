"""Damage to files: bytes that flipped, lines and cells that became something else, values that no key can have."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from microopt.plan.seal import seal_of

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 0.5, -0.0, 1e-300, 1e300, 10**400, -(2**63), 2**53 + 1),
    *(
        "",
        " ",
        "-",
        "NaN",
        "1e400",
        "\x00",
        "\ud800",
        "\x1b[31m",
        "=1+1",
        "x" * 3000,
        "2026-02-30",
        "9999-12-31",
        "@anna",
    ),
    *([], {}, [[]], [None], {"": None}, [1, "a"], {"a": {"b": [1]}}),
)
TEXTS = (
    *("", " ", "-", "0", "-1", "1e308", "1e999", "NaN", "inf", "∞", "½", "١٢", "1,5", "1.000,00", "12.5K", "50%", "€5"),
    *(
        "2026-02-30",
        "0000-00-00",
        "31/12/99",
        "@",
        "@@",
        "a|b",
        '"',
        "'",
        "\\",
        "\x00",
        "\x1b",
        "\u202e",
        "\ufeff",
        "\u2028",
    ),
    *("=1+1", "true", "[", "{", "]]", "#", "x" * 2000, "9" * 400, "…", "gifted", "signed", "live", "declined"),
)
LONGEST_COPY = 5000  # characters of a part that takes another one's place


def flip_bytes(data: bytes, random: Random) -> bytes:
    """Return data with one to eight changes: flipped, inserted, deleted, repeated or cut bytes."""
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8))):
        start = random.randrange(len(changed) + 1)
        end = min(len(changed), start + random.choice((1, 1, 2, 16, 300)))
        part = bytes(changed[start:end])
        changed[start:end] = random.choice(
            (
                bytes(byte ^ (1 << random.randrange(8)) for byte in part),
                random.randbytes(len(part)),
                b"",
                part * 2,
                bytes(part[::-1]),
                random.choice((b"\0", b"\xff", b"\xef\xbb\xbf", b"\n", b"\r", b'"', b",", b"{", b"[")) + part,
            )
        )
        if random.random() < 0.05:
            del changed[start:]
    return bytes(changed)


def change_lines(data: bytes, random: Random) -> bytes:
    """Return text with one to three of its lines dropped, repeated, moved, or with other cells or values."""
    lines = data.decode("utf-8").split("\n")
    for _ in range(random.choice((1, 1, 2, 3))):
        place = random.randrange(len(lines))
        mark = next((mark for mark in (" = ", ",") if mark in lines[place]), " ")
        cells = lines[place].split(mark)
        cells[random.randrange(len(cells))] = random.choice(TEXTS)
        other = random.randrange(len(lines))
        choice = random.randrange(8)
        if choice == 0 and len(lines) > 1:
            del lines[place]
        elif choice == 1:
            lines.insert(place, lines[other])
        elif choice == 2:
            lines[place], lines[other] = lines[other], lines[place]
        else:
            lines[place] = mark.join(cells)
    return "\n".join(lines).encode("utf-8", "replace")


def change_json(data: bytes, random: Random) -> bytes:
    """Return a plan with one to three other values or keys, half of the time sealed anew."""
    value = json.loads(data)
    for _ in range(random.choice((1, 1, 2, 3))):
        places = list(_places(value))
        container, key = random.choice(places)
        old = container[key]
        if random.random() < 0.15:
            del container[key]
        elif random.random() < 0.2:
            text = json.dumps(random.choice(places)[0])  # another part of it, or all of it
            container[key] = json.loads(text) if len(text) < LONGEST_COPY else None
        elif isinstance(old, int | float) and not isinstance(old, bool) and random.random() < 0.5:
            container[key] = old * random.choice((-1, 2, 1.000001, 0, 1e9)) + random.choice((0, 1, -1, 0.01))
        else:
            container[key] = random.choice(VALUES)
    if isinstance(value, dict) and random.random() < 0.5:
        value["seal"] = seal_of(value)
    return json.dumps(value).encode("utf-8", "replace")


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each list or object in a JSON value with each of its keys."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in list(parts):
        yield value, key
        yield from _places(part)


def change_store(path: Path, random: Random) -> None:
    """Change one value, row, table or number of a store, as another program could."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        table = random.choice(tables)
        column = random.choice([row[1] for row in connection.execute(f"PRAGMA table_info({table})")])
        value = random.choice((None, 0, -5, 1e300, "", "x", "\x00", b"\xff\x00", "{}", "[" * 3000, 2**62))
        statement, values = random.choice(
            (
                (f"UPDATE OR IGNORE {table} SET {column} = ?", [value]),
                (f"UPDATE OR IGNORE {table} SET {column} = CAST(? AS TEXT)", [random.randbytes(5)]),
                (f"DELETE FROM {table}", []),
                (f"DROP TABLE {table}", []),
                (f"ALTER TABLE {table} RENAME TO other", []),
                (f"PRAGMA user_version = {random.choice((-5, 0, 1, 2, 3, 2**31 - 1))}", []),
                (f"PRAGMA application_id = {random.choice((0, 1, -1))}", []),
                ("UPDATE sqlite_master SET sql = ? WHERE name = ?", ["CREATE TABLE " + table + " (a)", table]),
                ("UPDATE sqlite_master SET rootpage = ? WHERE name = ?", [random.randrange(99), table]),
                (f"CREATE TRIGGER t AFTER INSERT ON {table} BEGIN SELECT 1; END", []),
            )
        )
        try:
            connection.execute(statement, values)
        except sqlite3.Error:  # the change cannot be made: the store stays as it was
            return
