"""docs/store.md says what a store holds: its tables are the real ones, its queries run."""

import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from microopt.campaign.progress import ResultRow
from microopt.plan.expectations import parse_expectation
from microopt.storage.database import schema
from microopt.storage.database.store import open_store
from tests.storage.database.builders import added, dropped, run_plans, run_time

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "store.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^```sql\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SHELL = re.findall(r'^sqlite3 .*campaign\.db "(SELECT .*)"$', PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Return a store of three nights, with results of which one was corrected."""
    path = tmp_path_factory.mktemp("store") / "campaign.db"
    nights = run_plans(3, switches=[added("@anna"), dropped("@ben")], states=[("@cleo", "live")])
    with open_store(str(path)) as opened:
        for number, (document, text) in enumerate(nights):
            row = ResultRow(creator="@creator.0", day=date(2026, 3, 1), post="p", posts=1, engagements=5.0 + number)
            opened.add_plan(document, text, at=run_time(number), daily=[row], exit_code=0, seconds=1.0)
    return path


def documented():
    """Return the columns that the page lists, by table."""
    parts = re.split(r"^#### `(\w+)`$", PAGE.partition("### Versions")[0], flags=re.MULTILINE)[1:]
    return {
        name: re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


def test_the_page_lists_the_tables_and_columns_that_there_are(store):
    with closing(sqlite3.connect(store)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
        real = {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in names}
    assert documented() == real


@pytest.mark.parametrize("query", [*QUERIES, *SHELL])
def test_every_query_of_the_page_finds_something(query, store):
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        assert connection.execute(query).fetchall()


def test_the_page_tells_the_version_that_there_is():
    assert f"`PRAGMA user_version`, now {schema.VERSION})" in " ".join(PAGE.split())


@pytest.mark.parametrize("name", re.findall(r"`(\w+)`", PAGE.partition("| Measure |")[2].replace("95%", "")))
def test_every_measure_of_the_page_can_be_expected(name):
    assert parse_expectation(f"{name} >= 0").label
