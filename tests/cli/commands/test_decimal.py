"""The decimal mark of a list: what is told of it, `--decimal`, `[numbers]`, and what a plan keeps of it."""

import pytest

from tests.cli.conftest import only_object

LIST = """\
handle,followers,fee,platform
@ann,20000,14.000,instagram
@ben,30000,1.500,instagram
"""


@pytest.fixture
def own(desk):
    (desk / "own.csv").write_text(LIST, encoding="utf-8")
    (desk / "numbers.toml").write_text('budget = 20000\n[numbers]\ndecimal = "."\n', encoding="utf-8")
    return desk


def fees(done):
    assert done.exit_code == 0, done.stdout + done.stderr
    return sorted(pick["fee"] for pick in only_object(done.stdout)["picks"])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["-b", "20000"], [1500, 14000]),
        (["-b", "20000", "--decimal", ","], [1500, 14000]),
        (["-b", "20000", "--decimal", "comma"], [1500, 14000]),
        (["-b", "20000", "--decimal", "."], [1.5, 14]),
        (["-c", "numbers.toml"], [1.5, 14]),
        (["-c", "numbers.toml", "--decimal", ","], [1500, 14000]),
    ],
)
def test_the_mark_decides_what_a_fee_is(own, run, options, expected):
    assert fees(run("plan", "own.csv", "--format", "json", *options)) == expected


def test_what_was_taken_is_told_in_one_line(own, run):
    told = run("check", "own.csv")
    expected = "14.000 is read as 14,000 (fee), and so is 1 more cell. If they have decimals, add --decimal point"
    assert expected in told.stdout + told.stderr
    settled = run("check", "own.csv", "--decimal", ",")
    assert "is read as" not in settled.stdout + settled.stderr


@pytest.mark.parametrize("command", ["check", "plan", "compare", "forecast", "tradeoff", "frontier", "alternatives"])
def test_a_note_that_ends_with_a_mark_gets_no_second_one(own, run, command):
    budget = {"check": [], "forecast": [], "frontier": ["-b", "20k..30k"]}.get(command, ["-b", "20000"])
    told = run(command, "own.csv", *budget)
    assert "add --decimal" in told.stdout + told.stderr
    assert ".." not in (told.stdout + told.stderr).partition("add --decimal")[2].partition("\n")[0]


def test_a_mark_that_is_none_is_an_error(own, run):
    done = run("check", "own.csv", "--decimal", ";")
    assert done.exit_code != 0
    assert "';' is not a decimal mark" in done.stderr
    assert "--decimal ," in done.stderr


def test_a_misspelled_key_is_named(own, run):
    (own / "slip.toml").write_text('budget = 20000\n[numbers]\ndecimals = ","\n', encoding="utf-8")
    done = run("check", "own.csv", "-c", "slip.toml")
    assert "unknown key 'numbers.decimals'" in done.stderr
    assert "decimal" in done.stderr.partition("Fix")[2]


def test_a_plan_is_verified_with_its_own_mark(own, run):
    assert run("plan", "own.csv", "-b", "20000", "--decimal", ".", "-o", "plan.json").exit_code == 0
    assert run("verify", "plan.json").exit_code == 0
    assert only_object((own / "plan.json").read_text(encoding="utf-8"))["campaign"]["decimal"] == "."


def test_two_plans_that_read_the_list_differently_say_so(own, run):
    for mark, name in ((".", "points.json"), (",", "commas.json")):
        assert run("plan", "own.csv", "-b", "20000", "--decimal", mark, "-o", name).exit_code == 0
    done = run("compare", "points.json", "commas.json")
    assert "decimal mark: a point in A, a comma in B" in " ".join(done.stdout.split())
