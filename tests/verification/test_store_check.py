"""A check of a store names everything in it that microopt did not write."""

import sqlite3
from contextlib import closing

import pytest

from microopt.errors import OutputError, UsageError
from microopt.plan.seal import seal_of
from microopt.readers.plan_file import parse_plan
from microopt.rendering.data.json import json_text
from microopt.storage.database import schema
from microopt.storage.database.store import open_store
from microopt.verification.store_check import check_store
from tests.storage.database.builders import added, daily_results, dropped, run_plans, run_time


@pytest.fixture
def path(tmp_path):
    """Return a store of three runs with results."""
    file = tmp_path / "campaign.db"
    nights = run_plans(3, switches=[added("@anna"), dropped("@ben")], states=[("@cleo", "live"), ("@dora", "signed")])
    with open_store(str(file)) as store:
        for number, plan_and_text in enumerate(nights):
            store.add_plan(*plan_and_text, at=run_time(number), daily=daily_results(20, engagements=5.0 + number))
    return file


def execute(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement, *values in statements:
            connection.execute(statement, values)


def problems(path):
    before = path.read_bytes()
    check = check_store(str(path))
    assert path.read_bytes() == before
    assert check.sound == (not check.problems) == (not check.fix)
    return [problem.message for problem in check.problems]


def test_a_sound_store_has_no_problem(path):
    check = check_store(str(path))
    assert (check.sound, check.runs, check.version, check.fix) == (True, 3, schema.VERSION, "")


def test_a_store_without_a_run_is_sound(tmp_path):
    file = tmp_path / "campaign.db"
    open_store(str(file)).__exit__(None, None, None)
    assert check_store(str(file)).runs == 0
    assert problems(file) == []


def test_an_older_store_is_sound(path):
    execute(path, ["DROP TABLE months"], ["PRAGMA user_version = 1"])
    assert problems(path) == []
    assert check_store(str(path)).version == 1


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE plans SET document = x'ff00' WHERE run = 2", "run 2 is not a plan of microopt: it is not JSON"),
        ("DELETE FROM plans WHERE run = 2", "run 2 has no plan"),
        ("UPDATE runs SET at = 'soon' WHERE id = 2", "run 2 has no valid time"),
        ("UPDATE runs SET spend = 1 WHERE id = 2", "table runs, run 2: spend is 1.0, but its plan has 3150.0"),
        ("UPDATE forecasts SET fee = 1 WHERE run = 2 AND pick = 1", "table forecasts, run 2: fee is 1.0, but its plan"),
        ("DELETE FROM forecasts WHERE run = 2 AND pick = 7", "table forecasts has 6 rows of run 2, but its plan has 7"),
        (
            "UPDATE switches SET creator = '@eve' WHERE run = 2 AND number = 1",
            "table switches, run 2: creator is '@ev",
        ),
        ("UPDATE contracts SET paid = 9 WHERE run = 2 AND number = 1", "table contracts, run 2: paid is 9.0, but"),
        ("UPDATE results SET clicks = 7 WHERE first_run = 2", "table results has 20 rows with other figures than"),
    ],
)
def test_what_was_changed_is_named_and_nothing_else(path, statement, problem):
    execute(path, [statement])
    (found,) = problems(path)
    assert found.startswith(problem)


def test_rows_of_a_run_that_is_not_there_are_counted(path):
    execute(path, ["DELETE FROM runs WHERE id = 3"])
    assert "table forecasts has 7 rows of runs that the store does not have" in problems(path)


def test_a_plan_that_was_changed_is_named_even_with_a_seal_of_its_own(path):
    with open_store(str(path), create=False) as store:
        _, (_, _, document), _ = store.plans()
    value = parse_plan(document, "run 2").object
    value["totals"]["spend"] += 1
    execute(path, ["UPDATE plans SET document = ? WHERE run = 2", json_text(value)])
    assert problems(path) == ["the plan of run 2 was changed after it was written: its seal does not match"]
    execute(path, ["UPDATE plans SET document = ? WHERE run = 2", json_text({**value, "seal": seal_of(value)})])
    assert any(problem.startswith("table runs, run 2: seal is ") for problem in problems(path))


def test_a_store_that_cannot_be_opened_is_a_problem_with_its_fix(path):
    execute(path, ["PRAGMA user_version = -5"])
    (problem,) = problems(path)
    assert problem.endswith("its version is -5, and versions begin with 1")
    assert check_store(str(path)).version is None


def test_damaged_pages_are_one_problem(path):
    data = bytearray(path.read_bytes())
    data[4096 + 8 : 4096 + 40] = b"\xff" * 32  # pointers to the rows of runs
    path.write_bytes(data)
    assert sum("SQLite finds damage in the file: " in problem for problem in problems(path)) <= 1
    assert problems(path)


@pytest.mark.parametrize("content", [b"", b"creator,fee\n"])
def test_a_file_that_is_not_a_store_is_an_error(tmp_path, content):
    file = tmp_path / "other.db"
    file.write_bytes(content)
    with pytest.raises(OutputError, match="not a microopt store"):
        check_store(str(file))


@pytest.mark.parametrize(
    ("name", "fix"), [("campain.db", "did you mean"), ("x.db", "microopt store check campaign.db")]
)
def test_a_file_that_is_not_there_is_told_and_none_is_made(path, name, fix):
    missing = path.with_name(name)
    with pytest.raises(UsageError, match=f"there is no file {missing}") as told:
        check_store(str(missing))
    assert fix in told.value.fix
    assert not missing.exists()


def test_a_flipped_byte_of_a_plan_or_a_row_is_found(path):
    data = path.read_bytes()
    for mark in (b'"status": "optimal"', b'"creator": "@', b"fee fell from", run_time(1).encode()):
        for position in [data.index(mark) + offset for offset in range(1, len(mark), 5)]:
            damaged = bytearray(data)
            damaged[position] ^= 0x15
            path.write_bytes(damaged)
            assert problems(path), (mark, position)
