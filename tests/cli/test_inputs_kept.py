"""No command changes a file that it reads, whatever name of it is given for a file to be written.

What a command reads is observed by an audit hook of Python, not asked of the program. Each such file is then given to
each option that writes, under each kind of other name. The commands are those of the app, so that a new one is covered.
"""

import os
import shutil
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import typer
from typer.testing import CliRunner

from microopt.cli.app import app
from tests.cli.commands.test_replan import RESULTS, STATES
from tests.cli.conftest import ROSTER

WRITING = {"output": "--output", "store": "--store", "log": "--log"}  # parameters of commands, and their flags
CAMPAIGN = (
    'budget = 5000\ngoal = "balanced"\nideals = "lists/ideals.json"\nrules = ["niche:beauty count 1..3"]\n'
    "starts = 2026-11-01\nends = 2026-11-30\n"
)
OF_A_CAMPAIGN = ("roster.csv", "-c", "campaign.toml")
BALANCED = ("-b", "5k", "--goal", "balanced")
NIGHTLY = ("plan.json", "--states", "states.csv", "--results", "results.csv", "-c", "campaign.toml")
# By command: ways to use it, each with the ending of a file that it writes.
USES = {
    "plan": [((*OF_A_CAMPAIGN,), ".json"), (("roster.csv", *BALANCED, "--ideals", "lists/ideals.json"), ".md")],
    "compare": [((*OF_A_CAMPAIGN,), ".json"), (("plan.json", "other.json"), ".txt")],
    "explain": [(("plan.json", "--all"), ".json"), ((*OF_A_CAMPAIGN, "@anna"), ".txt")],
    "frontier": [((*OF_A_CAMPAIGN, "-b", "3k,5k"), ".csv")],
    "alternatives": [((*OF_A_CAMPAIGN,), ".json")],
    "tradeoff": [((*OF_A_CAMPAIGN[:1], "-b", "5k"), ".json")],
    "check": [((*OF_A_CAMPAIGN,), ".csv")],
    "forecast": [((*OF_A_CAMPAIGN,), ".json")],
    "claims": [((*OF_A_CAMPAIGN,), "")],
    "history": [((".",), ".json"), (("plan.json",), ".csv"), (("campaign.db",), ".md")],
    "report": [(("plan.json", "--steps", "2"), ".html")],
    "verify": [(("plan.json",), "")],
    "replan": [((*NIGHTLY,), ".json")],
    "init": [(("samples",), "")],
    "store check": [(("campaign.db",), "")],
}  # fmt: skip
QUICK_ALIASES = ("a symbolic link", "a hard link")
SLOW_ALIASES = ("the same path", "a path with ..", "another case")
ALIASES = (*QUICK_ALIASES, *(pytest.param(kind, marks=pytest.mark.slow) for kind in SLOW_ALIASES))
REPLACED_ON_PURPOSE = {("replan", "plan.json", "--output")}

OPENED = []  # of the command that is observed
IS_OBSERVED = [False]


def _observe(event, details):
    """Note the paths of files that are opened to be read; an audit hook cannot be removed."""
    if not IS_OBSERVED[0] or event not in ("open", "sqlite3.connect"):
        return
    path = details[0]
    if event == "sqlite3.connect":
        OPENED.append(unquote(urlsplit(path).path))
    elif isinstance(path, str) and details[2] & os.O_ACCMODE == os.O_RDONLY:
        OPENED.append(path)


sys.addaudithook(_observe)


def microopt(*args):
    return CliRunner().invoke(app, [*map(str, args)], prog_name="microopt")


def observe_reading(*args):
    """Return the outcome of a command, and the files of the current folder that it opens to read."""
    before = snapshot()
    OPENED.clear()
    IS_OBSERVED[0] = True
    try:
        done = microopt(*args)
    finally:
        IS_OBSERVED[0] = False
    return done, sorted({os.path.relpath(path) for path in OPENED} & set(before))


def snapshot():
    """Return the bytes of each file below the current folder."""
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def commands():
    """Return the commands of the app by their words."""

    def walk(group, words):
        for name, each in group.commands.items():
            if hasattr(each, "commands"):
                yield from walk(each, [*words, name])
            else:
                yield " ".join([*words, name]), each

    return dict(walk(typer.main.get_command(app), []))


def writing_flags(command):
    """Return the options of a command that name a file to be written."""
    return [WRITING[each.name] for each in commands()[command].params if each.name in WRITING]


@pytest.fixture(scope="module")
def full_desk(tmp_path_factory):
    """Return a folder with every kind of file that a command reads."""
    folder = tmp_path_factory.mktemp("desk")
    before = Path.cwd()
    os.chdir(folder)
    try:
        Path("lists").mkdir()
        files = {"roster.csv": ROSTER, "campaign.toml": CAMPAIGN, "states.csv": STATES, "results.csv": RESULTS}
        for name, text in files.items():
            Path(name).write_text(text, encoding="utf-8")
        assert microopt("plan", "roster.csv", *BALANCED, "-q", "-o", "lists/ideals.json").exit_code == 0
        assert microopt("plan", *OF_A_CAMPAIGN, "-o", "plan.json", "-q").exit_code == 0
        assert microopt("plan", "roster.csv", "-b", "3k", "-o", "other.json", "-q").exit_code == 0
        done = microopt("replan", *NIGHTLY, "-o", "plan.json", "--store", "campaign.db", "-q", "-b", "4k")
        assert done.exit_code == 0, done.output
        for lock in folder.glob(".*.lock"):
            lock.unlink()
    finally:
        os.chdir(before)
    return folder


@pytest.fixture
def copied_desk(full_desk, tmp_path, monkeypatch):
    """Return a function that makes a copy of the full desk the current folder."""

    def copy(name):
        shutil.copytree(full_desk, tmp_path / name)
        monkeypatch.chdir(tmp_path / name)

    return copy


def other_name(file, kind, ending):
    """Return another name of a file, made where it takes a link."""
    if kind == "the same path":
        return file
    if kind == "a path with ..":
        return f"lists/../{file}"
    if kind == "another case":
        return str(Path(file).with_name(Path(file).name.upper()).with_suffix(ending))
    alias = Path(f"alias{ending}")
    if kind == "a symbolic link":
        alias.symlink_to(file)
    else:
        os.link(file, alias)
    return str(alias)


def test_every_command_is_tried_and_every_option_that_writes_is_known():
    assert set(USES) == set(commands())
    takes_files = {
        each.name
        for command in commands().values()
        for each in command.params
        if each.metavar in ("FILE", "DIR", "FOLDER") and getattr(each, "rich_help_panel", None) == "Output"
    }
    assert takes_files == set(WRITING)


USED = [(name, args, ending) for name, uses in USES.items() for args, ending in uses]
IDS = [" ".join((name, *args)) for name, args, _ in USED]


@pytest.mark.parametrize(("name", "args", "ending"), USED, ids=IDS)
def test_a_command_leaves_all_files_that_there_are(copied_desk, name, args, ending):
    copied_desk("desk")
    before = snapshot()
    assert microopt(*name.split(), *args).exit_code in (0, 4)
    assert {path: data for path, data in snapshot().items() if path in before} == before


@pytest.mark.parametrize("kind", ALIASES)
@pytest.mark.parametrize(("name", "args", "ending"), [each for each in USED if each[2]])
def test_no_file_that_was_read_is_changed_under_any_name(copied_desk, name, args, ending, kind):
    copied_desk("desk")
    flags = writing_flags(name)
    new = [word for flag in flags for word in (flag, f"new{ending if flag == '--output' else flag}")]
    done, inputs = observe_reading(*name.split(), *args, *new)
    assert done.exit_code in (0, 4), done.output
    assert inputs
    assert Path(f"new{ending}").is_file()
    for flag in flags:
        for file in inputs:
            copied_desk(f"{flag}-{file.replace('/', '-')}")
            target = other_name(file, kind, ending if flag == "--output" else ".db")
            before = snapshot()
            done = microopt(*name.split(), *args, flag, target)
            changed = [path for path, data in snapshot().items() if path in before and before[path] != data]
            if (name, file, flag) in REPLACED_ON_PURPOSE:
                assert set(changed) <= {file, target}
                continue
            assert changed == [], (flag, file, done.output)
            assert done.exit_code != 0 or kind == "another case", (flag, file, done.output)
