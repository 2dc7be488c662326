"""No command changes a file that it reads, whatever name of it is given for a file to be written.

What a command reads is observed by an audit hook of Python, not asked of the program. Each such file is then given to
each option that writes, under each kind of other name. The commands are those of the app, so that a new one is covered.
"""

import os
import random
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import typer
from typer.testing import CliRunner

from microopt.cli.app import app
from tests.cli.commands.test_replan import RESULTS, STATES
from tests.cli.conftest import ROSTER
from tests.scale import repeats

WRITING = {"output": "--output", "store": "--store", "log": "--log"}  # parameters of commands, and their flags
CAMPAIGN = (
    'budget = 5000\ngoal = "balanced"\nideals = "lists/ideals.json"\nrules = ["niche:beauty count 1..3"]\n'
    'posts = "lists/posts.csv"\n'
    'acceptance_from = "lists/answers.csv"\n'
    "starts = 2026-11-01\nends = 2026-11-30\n"
)
OF_A_CAMPAIGN = ("roster.csv", "-c", "campaign.toml")
AGENCY = (
    '[[campaign]]\nfile = "campaign.toml"\nroster = "roster.csv"\nplan = "plan.json"\n'
    'states = "states.csv"\nresults = "results.csv"\n[[campaign]]\nfile = "other.toml"\nroster = "roster.csv"\n'
)
BALANCED = ("-b", "5k", "--goal", "balanced")
NIGHTLY = ("plan.json", "--states", "states.csv", "--results", "results.csv", "-c", "campaign.toml")
# By command: ways to use it, each with the ending of a file that it writes.
USES = {
    "plan": [((*OF_A_CAMPAIGN,), ".json"), (("roster.csv", *BALANCED, "--ideals", "lists/ideals.json"), ".md")],
    "compare": [((*OF_A_CAMPAIGN,), ".json"), (("plan.json", "other.json"), ".txt"), (("agency.toml",), ".md")],
    "explain": [(("plan.json", "--all"), ".json"), ((*OF_A_CAMPAIGN, "@anna"), ".txt")],
    "frontier": [((*OF_A_CAMPAIGN, "-b", "3k,5k"), ".csv")],
    "alternatives": [((*OF_A_CAMPAIGN,), ".json")],
    "tradeoff": [((*OF_A_CAMPAIGN[:1], "-b", "5k"), ".json")],
    "check": [((*OF_A_CAMPAIGN,), ".csv")],
    "forecast": [((*OF_A_CAMPAIGN,), ".json")],
    "claims": [((*OF_A_CAMPAIGN,), "")],
    "history": [((".",), ".json"), (("plan.json",), ".csv"), (("campaign.db",), ".md")],
    "report": [(("plan.json", "--steps", "2"), ".html")],
    "simulate": [(("plan.json", "--draws", "100"), ".json"), (("plan.json", "--draws", "100"), ".csv")],
    "verify": [(("plan.json",), "")],
    "replan": [((*NIGHTLY,), ".json"), ((*NIGHTLY,), "outreach.csv")],
    "batch": [(("lists",), ".json"), (("lists", "--roster", "roster.csv"), ".txt")],
    "portfolio": [(("agency.toml",), ".json"), (("agency.toml",), ".md")],
    "plan-b": [(("plan.json",), ".csv"), (("plan.json",), ".json")],
    "outreach": [(("plan.json", "--states", "states.csv"), ".csv"), (("plan.json",), ".json")],
    "init": [(("samples",), "")],
    "licenses": [((), "")],
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
        files["lists/posts.csv"] = "creator,date,likes\n@anna,2025-08-01,500\n"
        files |= {"agency.toml": AGENCY, "other.toml": "budget = 3000\n"}
        files["lists/answers.csv"] = "creator,state\n@anna,signed\n@ben,declined\n"
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
        return str(Path(file).with_name(Path(file).stem.upper() + ending))
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


NEW_NAMES = {
    "the same path": lambda name: name,
    "a path with ..": lambda name: f"lists/../{name}",
    "a linked folder": lambda name: (Path("linked").symlink_to("."), f"linked/{name}")[1],
    "another case": lambda name: str(Path(name).with_stem(Path(name).stem.upper())),
    "a link to it": lambda name: (Path(f"to-{name}").symlink_to(name), f"to-{name}")[1],
}
TWO_OPTIONS = [
    ("--output", "--output"),
    ("--output", "--store"),
    ("--output", "--log"),
    ("--store", "--log"),
]


@pytest.mark.parametrize("options", TWO_OPTIONS, ids=" and ".join)
@pytest.mark.parametrize("kind", NEW_NAMES)
def test_no_run_writes_one_new_file_in_two_ways(copied_desk, kind, options):
    copied_desk("desk")
    targets = "new.json", NEW_NAMES[kind]("new.json")
    before = snapshot()
    for first, second in (targets, targets[::-1]):
        done = microopt("replan", *NIGHTLY, options[0], first, options[1], second)
        assert done.exit_code == 2
        assert "different files" in done.stderr or "the same file" in done.stderr
        assert snapshot() == before


@pytest.mark.parametrize("name", [name for name in commands() if writing_flags(name) == ["--output"]])
def test_no_command_writes_one_file_under_two_names(copied_desk, name):
    copied_desk("desk")
    args, ending = USES[name][0]
    done = microopt(*name.split(), *args, "-o", f"new{ending}", "-o", f"lists/../new{ending}")
    assert done.exit_code == 2
    assert f"new{ending} and lists/../new{ending} are the same file" in " ".join(done.stderr.split())
    assert not Path(f"new{ending}").exists()


@pytest.mark.parametrize("file", [".plan.json.lock", ".campaign.db.lock", "campaign.db-journal", "campaign.db-wal"])
def test_files_that_a_run_makes_for_itself_are_neither_its_log_nor_its_inputs(copied_desk, file):
    copied_desk("desk")
    Path(file).write_text(STATES, encoding="utf-8")
    before = snapshot()
    nightly = ("replan", "plan.json", "-o", "plan.json", "--store", "campaign.db")
    for args in (("--log", file), ("--states", file), ("--log", f"lists/../{file}")):
        assert microopt(*nightly, *args).exit_code == 2
        assert snapshot() == before


def test_a_plan_that_is_replaced_on_purpose_is_kept_in_its_history(copied_desk):
    copied_desk("desk")
    before = Path("plan.json").read_bytes()
    assert microopt("replan", *NIGHTLY, "-b", "4500", "-o", "plan.json", "-q").exit_code == 0
    assert before != Path("plan.json").read_bytes()
    assert before in [path.read_bytes() for path in Path("history").iterdir()]


def test_a_link_that_is_turned_to_an_input_during_the_work_is_seen(copied_desk, monkeypatch):
    from microopt.analysis.report import report

    copied_desk("desk")
    Path("page.html").symlink_to("elsewhere.html")
    made = report.open_report

    def meanwhile(*args, **options):
        result = made(*args, **options)
        Path("page.html").unlink()
        Path("page.html").symlink_to("roster.csv")
        return result

    monkeypatch.setattr(report, "open_report", meanwhile)
    before = snapshot()
    done = microopt("report", "plan.json", "--steps", "2", "-o", "page.html")
    assert done.exit_code == 2
    assert "the same file as roster.csv" in " ".join(done.stderr.split())
    assert Path("roster.csv").read_bytes() == before["roster.csv"]


@pytest.mark.fuzz
def test_drawn_commands_with_drawn_names_change_no_input(copied_desk):
    """Draw several names at once for several options: of inputs, of each other, of other files."""
    draw, refused, done_well, inputs = random.Random(24), 0, 0, {}
    for number in range(repeats(300)):
        copied_desk(f"desk-{number}")
        name, args, ending = use = draw.choice([use for use in USED if use[2]])
        if use not in inputs:
            inputs[use] = observe_reading(*name.split(), *args, "-o", f"first{ending}")[1]
        flags = draw.sample(writing_flags(name), draw.randint(1, len(writing_flags(name))))
        words = []
        for flag in flags:
            for _ in range(draw.randint(1, 2) if flag == "--output" else 1):
                file = draw.choice([path for path in snapshot() if not path.startswith("alias")] + ["new", "new-2"])
                kind = draw.choice([*QUICK_ALIASES[: 2 * Path(file).exists()], *SLOW_ALIASES])
                made = Path(f"alias{ending if flag == '--output' else '.db'}")
                made.unlink(missing_ok=True)
                words += [flag, other_name(file, kind, ending if flag == "--output" else ".db")]
        before = snapshot()
        done = microopt(*name.split(), *args, *words)
        refused, done_well = refused + (done.exit_code == 2), done_well + (done.exit_code in (0, 4))
        changed = {path for path, data in snapshot().items() if path in before and before[path] != data}
        lost = {file for file in inputs[use] for path in changed if Path(path).samefile(file)}
        assert lost <= ({"plan.json"} if name == "replan" else set()), (number, name, args, words, done.output)
        shutil.rmtree(Path.cwd())
    assert refused > 100
    assert done_well > 20


REDIRECTED = {
    "explain - --roster roster.csv --all -o plan.json < plan.json": "plan.json: it is the same file as standard input",
    "check roster.csv >> roster.csv": "standard output: it is the same file as roster.csv",
    "explain plan.json --all >> roster.csv": "standard output: it is the same file as roster.csv",
    "check roster.csv 2>> roster.csv": "standard error: it is the same file as roster.csv",
    "plan roster.csv -b 5k --format json >> roster.csv": "standard output: it is the same file as roster.csv",
    "report plan.json": "plan.html: it is the same file as roster.csv",
}


@pytest.mark.parametrize("line", REDIRECTED)
def test_an_input_that_a_shell_redirects_or_that_is_the_page_by_default_is_kept(copied_desk, line):
    copied_desk("desk")
    os.link("roster.csv", "plan.html")
    before = snapshot()
    words = f"{shlex.join([sys.executable, '-m', 'microopt'])} {line}"
    done = subprocess.run(words, shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    output = " ".join((done.stdout + done.stderr).split())
    assert f"cannot write {REDIRECTED[line]}, one of the inputs" in output
    if ">>" in line:
        assert f"to another file, such as {'2> errors.txt' if '2>>' in line else '> plan.txt'}" in output
    assert snapshot() == before


def test_a_command_that_could_tell_only_its_input_that_it_is_refused_tells_nobody(copied_desk):
    copied_desk("desk")
    before = snapshot()
    words = f"{shlex.join([sys.executable, '-m', 'microopt'])} check roster.csv >> roster.csv 2>&1"
    assert subprocess.run(words, shell=True, check=False).returncode == 2
    assert snapshot() == before


@pytest.mark.parametrize("flag", ["--output", "--log"])
@pytest.mark.parametrize("kind", QUICK_ALIASES)
def test_an_alias_of_the_store_is_not_written_into(copied_desk, kind, flag):
    copied_desk("desk")
    alias = other_name("campaign.db", kind, ".json")
    before = snapshot()
    done = microopt("replan", *NIGHTLY, "--store", "campaign.db", flag, alias)
    assert done.exit_code == 2
    assert "are the same file" in done.stderr
    assert snapshot() == before
