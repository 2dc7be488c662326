"""A store that something else wrote to: every fault is named, and no other file, run or plan suffers for it."""

import sqlite3
from contextlib import closing

import pytest

from microopt.errors import MicrooptError, OutputError
from microopt.readers.plan_file import parse_plan
from microopt.storage.database.store import open_store
from tests.storage.database.builders import daily_results, run_plan, run_plans, run_time, seal_and_encode

NEXT = seal_and_encode(run_plan(7, "ab" * 32))


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Return the bytes of a store of two runs."""
    path = tmp_path_factory.mktemp("store") / "campaign.db"
    with open_store(str(path)) as store:
        for number, plan_and_text in enumerate(run_plans(2)):
            store.add_plan(*plan_and_text, at=run_time(number), daily=daily_results(20 + number))
    return path.read_bytes()


@pytest.fixture
def path(tmp_path, sound):
    file = tmp_path / "campaign.db"
    file.write_bytes(sound)
    return file


def execute(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def open_error(path, **how):
    before = path.read_bytes()
    with pytest.raises(OutputError) as error:
        open_store(str(path), **how)
    assert path.read_bytes() == before
    assert str(path) in error.value.message
    return error.value


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("version", [-5, 0])
def test_a_version_that_cannot_be_is_damage(path, version, create):
    execute(path, f"PRAGMA user_version = {version}")
    error = open_error(path, create=create)
    assert (error.code, f"its version is {version}" in error.message) == ("store-damaged", True)


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (["DROP TABLE plans"], "it has no table plans"),
        (["DROP TABLE plans", "CREATE VIEW plans AS SELECT 1 AS run, 'x' AS document"], "it has no table plans"),
        (
            ["CREATE TRIGGER greedy AFTER INSERT ON runs BEGIN DELETE FROM plans; END"],
            "it has a trigger, greedy, which microopt never writes",
        ),
    ],
)
def test_tables_that_are_not_those_of_microopt_are_damage(path, statements, reason):
    execute(path, *statements)
    error = open_error(path)
    assert (error.code, error.message) == ("store-damaged", f"the store {path} is damaged: {reason}")


def test_tables_and_views_that_a_user_adds_are_allowed(path):
    execute(path, "CREATE TABLE notes (run INTEGER, text TEXT)", "CREATE VIEW last AS SELECT max(id) FROM runs")
    with open_store(str(path)) as store:
        assert len(list(store.plans())) == 2


def test_a_missing_column_is_damage(path):
    execute(path, "ALTER TABLE plans RENAME COLUMN document TO text")
    with open_store(str(path)) as store, pytest.raises(OutputError, match="is damaged: no such column: document"):
        list(store.plans())


@pytest.mark.parametrize("value", ["x'ff00fe41'", "CAST(x'7bff7d' AS TEXT)", "12", "'{}'", "''"])
def test_a_document_that_is_no_plan_is_named_and_the_other_runs_are_read(path, value):
    execute(path, f"UPDATE plans SET document = {value} WHERE run = 1")
    with open_store(str(path), create=False) as store:
        (name, _, damaged), (_, _, document) = store.plans()
    with pytest.raises(MicrooptError, match="run 1 is not a plan of microopt"):
        parse_plan(damaged, name)
    assert parse_plan(document, "run 2").sealed


def test_a_run_without_a_plan_is_named_too(path):
    execute(path, "DELETE FROM plans WHERE run = 2")
    with open_store(str(path), create=False) as store:
        assert [(name, len(document) > 0) for name, _, document in store.plans()] == [("run 1", True), ("run 2", False)]


@pytest.mark.parametrize("value", ["x'ff'", "'soon'", "CAST(x'ff' AS TEXT)", "5", "'২০২৬-০১-০১'"])
def test_a_time_that_is_none_is_not_shown(path, value):
    execute(path, f"UPDATE runs SET at = {value} WHERE id = 1")
    with open_store(str(path), create=False) as store:
        assert [at for _, at, _ in store.plans()] == [None, run_time(1)]


def test_a_plan_can_be_added_to_no_row_of_another(path):
    execute(path, "INSERT INTO plans VALUES (3, 'x')")  # of a run that is not there yet
    before = path.read_bytes()
    with open_store(str(path)) as store, pytest.raises(OutputError) as error:
        store.add_plan(*NEXT, at=run_time(7))
    assert error.value.code == "store-damaged"
    assert path.read_bytes() == before


def test_a_name_that_utf_8_cannot_hold_is_stored(path):
    with open_store(str(path)) as store:
        plan, text = seal_and_encode(run_plan(7, "ab" * 32, states=[("@\ud800", "signed")]))
        assert store.add_plan(plan, text, at=run_time(7), daily=daily_results(1))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT creator FROM contracts").fetchall() == [("@?",)]


def test_a_path_with_a_null_character_is_an_error():
    with pytest.raises(OutputError, match="null"):
        open_store("campaign\0.db")


def use(path):
    """Read and extend a store, and return the error that ends it."""
    try:
        with open_store(str(path)) as store:
            list(store.plans())
            store.add_plan(*NEXT, at=run_time(7))
    except OutputError as error:
        return error
    return None


@pytest.mark.parametrize("start", range(0, 8192, 1024))
def test_a_flipped_byte_ends_in_a_result_or_in_a_named_error(path, sound, start):
    for position in range(start, start + 1024, 43):
        damaged = bytearray(sound)
        damaged[position] ^= 0x5A
        path.write_bytes(damaged)
        error = use(path)
        assert error is None or (str(path) in error.message and error.fix)


def test_a_name_of_a_table_that_is_not_text_is_damage(path):
    data = bytearray(path.read_bytes())
    place = data.index(b"CREATE TABLE plans") + len("CREATE TABLE pl")
    data[place : place + 2] = b"\xc6\xff"
    path.write_bytes(data)
    error = use(path)
    assert error is not None
    assert error.code == "store-damaged"
