"""The command line as a whole: help, version, what is unknown."""

import re
from importlib.metadata import version

import pytest

COMMANDS = ("plan", "compare", "alternatives", "check", "init")
# Plan's flags in CLI.md that are of this version (issue 2).
FLAGS = [
    "--campaign",
    "-c",
    "--budget",
    "-b",
    "--goal",
    "--worth",
    "--rule",
    "-r",
    "--niche",
    "--tier",
    "--platform",
    "--region",
    "--creators",
    "--include",
    "-i",
    "--exclude",
    "-x",
    "--tiers",
    "--order-value",
    "--per-creator",
    "--where",
    "-w",
    "--estimate-fees",
    "--skip-bad-rows",
    "--sheet",
    "--time-limit",
    "--gap",
    "--solver",
    "--format",
    "--output",
    "-o",
    "--quiet",
    "-q",
    "--verbose",
    "-v",
]


def test_the_version_is_that_of_the_package(run):
    done = run("--version")
    assert (done.exit_code, done.stdout) == (0, f"microopt {version('microopt')}\n")


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_lists_the_commands(run, flag):
    done = run(flag)
    assert done.exit_code == 0
    assert all(re.search(rf"^  {name} ", done.stdout, re.MULTILINE) for name in COMMANDS)


def test_no_argument_at_all_is_answered_with_help(run):
    assert "Commands:" in run().output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(run, name):
    done = run(name, "--help")
    assert done.exit_code == 0
    assert f"microopt {name}" in done.stdout
    assert "Example" in done.stdout


def test_plan_has_every_flag_of_this_version(run):
    text = re.sub(r"\x1b\[[\d;]*m", "", run("plan", "--help").stdout)
    assert [flag for flag in FLAGS if not re.search(rf"(?<![\w-]){flag}(?![\w-])", text)] == []


def test_check_has_every_flag_of_this_version(run):
    text = run("check", "--help").stdout
    for flag in ("--campaign", "--where", "--tiers", "--estimate-fees", "--skip-bad-rows", "--format"):
        assert flag in text


@pytest.mark.parametrize("args", [("plna",), ("plan",), ("plan", "roster.csv", "--bugdet", "5"), ("check",)])
def test_what_is_unknown_or_missing_is_a_usage_error(run, args):
    done = run(*args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        ("--bugdet", ["--budget"]),
        ("--time", ["--tier", "--time-limit"]),
        ("--creator", ["--creators", "--per-creator"]),
        ("--state", []),
        ("--colour", []),
    ],
)
def test_of_the_options_only_near_ones_are_suggested_for_an_unknown_one(run, flag, expected):
    done = run("plan", "roster.csv", flag, "5")
    assert done.exit_code == 2
    text = re.sub(r"[\s│]+", " ", re.sub(r"\x1b\[[\d;]*m", "", done.stderr))
    assert f"No such option: {flag}" in text
    assert re.findall(r"--[\w-]+", text.partition(flag)[2]) == expected


def test_python_dash_m_runs_it_too(shell):
    done = shell("--version")
    assert done.stdout.decode() == f"microopt {version('microopt')}\n"
