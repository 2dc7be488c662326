"""Which files are stores, and how older stores are migrated."""

import sqlite3
import stat
from contextlib import closing

import pytest

from microopt.errors import OutputError
from microopt.storage.database import schema
from microopt.storage.database.store import is_store, open_store
from tests.storage.database.builders import run_plans, run_time


@pytest.fixture
def path(tmp_path):
    return tmp_path / "campaign.db"


def pragma(path, name):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def open_error(path, **how):
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(OutputError) as error:
        open_store(str(path), **how)
    assert error.value.fix
    assert (path.read_bytes() if path.exists() else None) == before
    assert [file.name for file in path.parent.iterdir()] == ([path.name] if before is not None else [])
    return error.value


def test_a_new_store_has_the_application_id_and_the_version(path):
    open_store(str(path)).__exit__(None, None, None)
    assert (pragma(path, "application_id"), pragma(path, "user_version")) == (schema.APPLICATION_ID, schema.VERSION)
    assert is_store(str(path))


def test_between_runs_a_store_is_one_file(path):
    with open_store(str(path)) as store:
        store.add_plan(*run_plans(1)[0], at=run_time(0))
    assert [file.name for file in path.parent.iterdir()] == ["campaign.db"]
    assert pragma(path, "integrity_check") == "ok"


def test_an_empty_file_becomes_a_store(path):
    path.touch()
    with open_store(str(path)) as store:
        assert store.add_plan(*run_plans(1)[0], at=run_time(0)) is True


def test_a_store_of_a_later_version_is_refused_and_unchanged(path):
    open_store(str(path)).__exit__(None, None, None)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    error = open_error(path)
    assert error.code == "store-newer"
    assert "pip install --upgrade" in error.fix


@pytest.mark.parametrize("content", [b"creator,fee\n@anna,5\n", b"{}", b"SQLite format 3\0", b"\0" * 4096])
def test_a_file_that_is_not_a_store_is_refused_and_unchanged(path, content):
    path.write_bytes(content)
    assert open_error(path).code == "store-foreign"


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_database_of_another_program_is_refused_and_unchanged(path, journal):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("CREATE TABLE runs (id INTEGER)")
    assert open_error(path).code == "store-foreign"


def test_a_damaged_store_is_reported_as_damaged(path):
    with open_store(str(path)) as store:
        store.add_plan(*run_plans(1)[0], at=run_time(0))
    data = bytearray(path.read_bytes())
    data[100:] = b"\xff" * (len(data) - 100)
    path.write_bytes(data)
    assert open_error(path).code == "store-damaged"


def test_a_store_in_a_missing_folder_or_at_a_folder_is_an_error(tmp_path):
    with pytest.raises(OutputError, match="store"):
        open_store(str(tmp_path / "nowhere" / "campaign.db"))
    with pytest.raises(OutputError, match="store"):
        open_store(str(tmp_path))


def test_a_missing_store_is_not_created_for_reading(path):
    with pytest.raises(OutputError):
        open_store(str(path), create=False)
    assert not path.exists()


def test_an_older_store_is_not_migrated_for_reading(path, monkeypatch):
    with open_store(str(path)) as store:
        store.add_plan(*run_plans(1)[0], at=run_time(0))
    older = path.read_bytes()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("ALTER TABLE runs ADD COLUMN note TEXT",)))
    with open_store(str(path), create=False) as store:
        assert len(list(store.plans())) == 1
    assert path.read_bytes() == older


def test_a_store_in_use_is_waited_for_and_then_an_error(path):
    open_store(str(path)).__exit__(None, None, None)
    with closing(sqlite3.connect(path, isolation_level=None)) as second:
        second.execute("BEGIN IMMEDIATE")
        with open_store(str(path), wait=0.1) as store, pytest.raises(OutputError) as error:
            store.add_plan(*run_plans(1)[0], at=run_time(0))
    assert error.value.code == "locked"


def test_an_older_store_is_migrated_and_keeps_its_rows(path, monkeypatch):
    with open_store(str(path)) as store:
        store.add_plan(*run_plans(1)[0], at=run_time(0))
    later = (*schema.MIGRATIONS, ("ALTER TABLE runs ADD COLUMN note TEXT", "UPDATE runs SET note = 'old'"))
    monkeypatch.setattr(schema, "MIGRATIONS", later)
    with open_store(str(path)) as store:
        assert len(list(store.plans())) == 1
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT note FROM runs").fetchall() == [("old",)]
    assert pragma(path, "user_version") == schema.VERSION + 1


def test_a_failed_migration_leaves_the_store_unchanged(path, monkeypatch):
    open_store(str(path)).__exit__(None, None, None)
    before = path.read_bytes()
    bad = (*schema.MIGRATIONS, ("CREATE TABLE extra (id INTEGER)", "INSERT INTO nowhere VALUES (1)"))
    monkeypatch.setattr(schema, "MIGRATIONS", bad)
    with pytest.raises(OutputError):
        open_store(str(path))
    assert path.read_bytes() == before


def test_a_store_is_not_readable_by_more_than_the_umask_allows(path):
    open_store(str(path)).__exit__(None, None, None)
    assert not path.stat().st_mode & stat.S_IWOTH
