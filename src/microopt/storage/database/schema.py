"""The tables of a store, as migrations that bring an older file up to date."""

from __future__ import annotations

import re
import sqlite3

APPLICATION_ID = 0x6D6F7074  # "mopt", the id of microopt's files in SQLite's header
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            seal TEXT NOT NULL UNIQUE,
            previous TEXT,
            status TEXT NOT NULL,
            goal TEXT NOT NULL,
            objective REAL NOT NULL,
            bound REAL NOT NULL,
            budget REAL,
            currency TEXT NOT NULL,
            creators INTEGER NOT NULL,
            spend REAL NOT NULL,
            reach REAL NOT NULL,
            impressions REAL NOT NULL,
            engagements REAL NOT NULL,
            clicks REAL NOT NULL,
            conversions REAL NOT NULL,
            revenue REAL,
            gain REAL,
            roster_sha256 TEXT NOT NULL,
            results_sha256 TEXT,
            states_sha256 TEXT,
            asked_sha256 TEXT,
            exit_code INTEGER,
            seconds REAL,
            microopt TEXT NOT NULL
        )
        """,
        "CREATE INDEX runs_previous ON runs (previous)",
        "CREATE TABLE plans (run INTEGER PRIMARY KEY REFERENCES runs, document TEXT NOT NULL)",
        """
        CREATE TABLE forecasts (
            run INTEGER NOT NULL REFERENCES runs,
            pick INTEGER NOT NULL,
            creator TEXT NOT NULL,
            platform TEXT NOT NULL,
            offer TEXT NOT NULL,
            tier TEXT NOT NULL,
            units INTEGER NOT NULL,
            fee REAL NOT NULL,
            cost REAL NOT NULL,
            reach REAL NOT NULL,
            impressions REAL NOT NULL,
            engagements REAL NOT NULL,
            clicks REAL NOT NULL,
            conversions REAL NOT NULL,
            revenue REAL,
            PRIMARY KEY (run, pick)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX forecasts_creator ON forecasts (creator)",
        """
        CREATE TABLE switches (
            run INTEGER NOT NULL REFERENCES runs,
            number INTEGER NOT NULL,
            creator TEXT NOT NULL,
            came INTEGER NOT NULL,
            forced INTEGER NOT NULL,
            gain REAL,
            causes TEXT NOT NULL,
            PRIMARY KEY (run, number)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE contracts (
            run INTEGER NOT NULL REFERENCES runs,
            number INTEGER NOT NULL,
            creator TEXT NOT NULL,
            platform TEXT,
            offer TEXT,
            units INTEGER NOT NULL,
            state TEXT NOT NULL,
            fee REAL,
            paid REAL NOT NULL,
            PRIMARY KEY (run, number)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE results (
            place BLOB NOT NULL,
            first_run INTEGER NOT NULL REFERENCES runs,
            figures BLOB NOT NULL,
            creator TEXT NOT NULL,
            platform TEXT,
            offer TEXT,
            day TEXT,
            post TEXT NOT NULL,
            posts REAL,
            impressions REAL,
            engagements REAL,
            clicks REAL,
            conversions REAL,
            PRIMARY KEY (place, first_run)
        ) WITHOUT ROWID
        """,
        """
        CREATE VIEW latest_results AS
        SELECT creator, platform, offer, day, post, posts, impressions, engagements, clicks, conversions, first_run
        FROM results AS one
        WHERE first_run = (SELECT max(first_run) FROM results WHERE place = one.place)
        """,
    ),
    ("CREATE TABLE months (place BLOB PRIMARY KEY, figures BLOB NOT NULL) WITHOUT ROWID",),
)
VERSION = len(MIGRATIONS)  # of the files that this version of microopt writes


def read_version(connection: sqlite3.Connection) -> int:
    """Return the number of migrations that a file has had."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def read_application_id(connection: sqlite3.Connection) -> int:
    """Return the id of the program that wrote a file, or 0 if the file has none."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    return int(application_id)


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether a file has no tables."""
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def expected_tables(version: int) -> list[str]:
    """Return the names of the tables of a version."""
    statements = "".join(statement for migration in MIGRATIONS[:version] for statement in migration)
    return re.findall(r"CREATE TABLE (\w+)", statements)


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the migrations that a file lacks.

    Each is one transaction, so that a killed run leaves only complete migrations. If two runs start at once, one
    migrates and the other finds the file migrated.
    """
    while (version := read_version(connection)) < len(MIGRATIONS):
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            if read_version(connection) != version:
                continue
            for statement in MIGRATIONS[version]:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {version + 1}")
