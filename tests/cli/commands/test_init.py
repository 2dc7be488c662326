"""`microopt init`: a start that works."""

import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import files, only_object


def next_command(stdout):
    """Return the arguments of the command that init says comes next."""
    line = next(line for line in stdout.splitlines() if line.strip().startswith("microopt "))
    return shlex.split(line)[1:]


@pytest.mark.parametrize("folder", ["spring", "deep/er/spring", "with space"])
def test_the_command_that_init_names_works(run, desk, folder):
    done = run("init", folder)
    assert (done.exit_code, done.stderr) == (0, "")
    assert sorted(files(desk / folder)) == ["campaign.toml", "roster.csv"]
    planned = run(*next_command(done.stdout))
    assert planned.exit_code == 0
    assert "Proven best" in planned.stdout


def test_without_a_folder_it_writes_here(run, desk, monkeypatch):
    (desk / "empty").mkdir()
    monkeypatch.chdir(desk / "empty")
    done = run("init")
    assert sorted(files(desk / "empty")) == ["campaign.toml", "roster.csv"]
    assert run(*next_command(done.stdout)).exit_code == 0


def test_nothing_that_is_there_is_replaced_unless_forced(run, desk):
    before = files(desk)
    done = run("init", ".")
    assert done.exit_code == 2
    assert "--force" in done.stderr
    assert files(desk) == before
    assert run("init", ".", "--force").exit_code == 0
    assert files(desk) != before


def test_one_file_in_the_way_leaves_the_other_unwritten(run, desk):
    (desk / "half").mkdir()
    (desk / "half" / "campaign.toml").touch()
    assert run("init", "half").exit_code == 2
    assert sorted(files(desk / "half")) == ["campaign.toml"]


@pytest.mark.parametrize("folder", ["roster.csv", "roster.csv/below", "/proc/none"])
def test_a_folder_that_cannot_be_made_is_told(run, folder):
    done = run("init", folder)
    assert done.exit_code == 2
    assert "Fix:" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_samples_are_the_launch_example(run, desk):
    examples = Path(__file__).parents[3] / "examples"
    run("init", "spring")
    assert (desk / "spring" / "roster.csv").read_bytes() == (examples / "launch.csv").read_bytes()
    assert (desk / "spring" / "campaign.toml").read_bytes() == (examples / "launch.toml").read_bytes()


@pytest.mark.parametrize("name", ["plan", "diagnosis", "error", "verification", "campaign"])
def test_a_schema_is_printed_and_nothing_is_written(run, desk, name):
    before = files(desk)
    done = run("init", "--schema", name)
    assert (done.exit_code, done.stderr) == (0, "")
    assert only_object(done.stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert files(desk) == before


def test_an_unknown_schema_is_a_usage_error(run):
    assert run("init", "--schema", "roster").exit_code == 2
