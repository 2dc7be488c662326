"""The files of `examples/nightly` are run as their schedulers would run them, each in a copy of its folder."""

import configparser
import csv
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from microopt.readers.plan_file import read_plan

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NIGHTLY = EXAMPLES / "nightly"
FOLDER, PROGRAM = "/srv/microopt/spring", "/opt/microopt/bin/microopt"


@pytest.fixture
def folder(tmp_path):
    """Return the campaign's folder as the page tells to make it, with its first plan, and a `bin` with microopt."""
    shutil.copytree(NIGHTLY, tmp_path / "spring")
    shutil.copy(EXAMPLES / "launch.csv", tmp_path / "spring" / "roster.csv")
    program(tmp_path, "microopt", f'exec {shlex.quote(sys.executable)} -m microopt "$@"')
    done = run(tmp_path, "microopt plan roster.csv -c campaign.toml -q -o plan.json", cwd=tmp_path / "spring")
    assert done.returncode == 0, done.stderr
    return tmp_path / "spring"


def program(place, name, line):
    (place / "bin").mkdir(exist_ok=True)
    file = place / "bin" / name
    file.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    file.chmod(0o755)


def run(place, line, shell="/bin/sh", cwd="/", **more):
    """Run a line as a scheduler does: with hardly any environment."""
    variables = {name: os.environ[name] for name in ("PYTHONPATH", "HOME") if name in os.environ}
    path = f"{place / 'bin'}:/usr/bin:/bin"
    return subprocess.run(
        [shell, "-c", line],
        cwd=cwd,
        env={"PATH": path, **variables, **more},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def here(folder, text):
    """Return a text with the example's paths replaced."""
    assert PROGRAM in text
    return text.replace(FOLDER, str(folder)).replace(PROGRAM, str(folder.parent / "bin" / "microopt"))


def planned(folder, done, first, notes=()):
    """See that a run made the next plan and all that goes with it, without a word but these notes."""
    assert (done.returncode, done.stderr.splitlines()) == (0, list(notes))
    assert read_plan(str(folder / "plan.json")).previous == first
    assert sorted(file.name for file in folder.iterdir() if file.suffix in (".db", ".jsonl") or file.is_dir()) == [
        "campaign.db",
        "history",
        "runs.jsonl",
    ]
    with (folder / "outreach.csv").open(encoding="utf-8-sig", newline="") as file:
        to_ask = {row["creator"] for row in csv.DictReader(file) if row["status"] == "to ask today"}
    assert to_ask and to_ask <= {pick.creator for pick in read_plan(str(folder / "plan.json")).plan.picks}


def seal(folder):
    return read_plan(str(folder / "plan.json")).seal


def jobs(text):
    """Return the settings and the (time, command) pairs of a crontab, `%` as cron reads it."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    settings = dict(line.split("=", 1) for line in lines if re.match(r"\w+=", line))
    result = [(line.split(maxsplit=5)[:5], line.split(maxsplit=5)[5]) for line in lines if not re.match(r"\w+=", line)]
    assert not any(re.search(r"(?<!\\)%", command) for _, command in result)
    return settings, [(" ".join(when), command.replace("\\%", "%")) for when, command in result]


def test_the_line_of_the_crontab_plans_anew_and_says_nothing(folder):
    settings, [(when, command)] = jobs((NIGHTLY / "crontab").read_text(encoding="utf-8"))
    assert "@" in settings["MAILTO"]
    assert when == "0 2 * * *"
    first = seal(folder)
    done = run(folder.parent, here(folder, command))
    planned(folder, done, first)
    assert done.stdout == ""


def test_what_is_wrong_is_said_where_cron_mails_it(folder):
    _, [(_, command)] = jobs((NIGHTLY / "crontab").read_text(encoding="utf-8"))
    (folder / "states.csv").write_text("creator,state\n@paper.blush,maybe\n", encoding="utf-8")
    done = run(folder.parent, here(folder, command))
    assert done.returncode == 3
    assert "maybe" in done.stderr


def unit(name):
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str
    parser.read(NIGHTLY / name, encoding="utf-8")
    return parser


def test_the_service_plans_anew(folder):
    service = unit("microopt-replan.service")["Service"]
    assert (service["Type"], service["SuccessExitStatus"]) == ("oneshot", "5")
    assert here(folder, f"{PROGRAM} {service['WorkingDirectory']}").endswith(str(folder))
    start = service["ExecStart"]
    assert not re.search(r"(?<!%)%(?!%)|\$", start.replace("%%", ""))
    first = seal(folder)
    done = run(folder.parent, shlex.join(shlex.split(here(folder, start.replace("%%", "%")))), cwd=folder)
    planned(folder, done, first)


def test_the_timer_runs_the_service_every_night():
    timer = unit("microopt-replan.timer")
    assert timer["Timer"]["OnCalendar"] == "*-*-* 02:00:00"
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_has_nothing_against_the_units(folder):
    for name in ("microopt-replan.service", "microopt-replan.timer"):
        text = (NIGHTLY / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(PROGRAM, str(folder.parent / "bin" / "microopt")), encoding="utf-8")
    units = [str(folder / name) for name in ("microopt-replan.service", "microopt-replan.timer")]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "microopt" in line] == []


def steps(text):
    """Return the shell of each step of a workflow, in the order of the file."""
    result = re.findall(r"^ {8}run: (\|\n(?:(?: {10}.*)?\n)+|.*\n)", text, re.MULTILINE)
    return [re.sub(r"^ {10}", "", step.removeprefix("|\n"), flags=re.MULTILINE) for step in result]


def test_each_step_of_the_workflow_runs(folder):
    program(folder.parent, "pip", 'echo "$@"')
    text = [
        run(folder.parent, f"set -eo pipefail\n{step}", "/bin/bash", folder, GITHUB_STEP_SUMMARY="summary.md")
        for step in steps((NIGHTLY / "check-rosters.yml").read_text(encoding="utf-8"))
    ]
    assert [(done.returncode, done.stderr) for done in text] == [(0, "")] * 3
    assert text[0].stdout == "install ./microopt\n"
    assert (folder / "summary.md").read_text(encoding="utf-8").startswith("# ")


def test_the_workflow_shows_a_fault_at_its_row_and_fails(folder):
    with (folder / "roster.csv").open("a", encoding="utf-8") as roster:
        roster.write("@broken,tiktok,video,beauty,US,many,100,1%,3,,0.9,en\n")
    step = steps((NIGHTLY / "check-rosters.yml").read_text(encoding="utf-8"))[1]
    done = run(folder.parent, step, "/bin/bash", folder)
    assert done.returncode == 3
    assert "::error file=roster.csv,line=52" in done.stdout


def airflow(monkeypatch):
    """Put a package like Airflow's in place, and return the operators and DAGs that are made with it."""
    operators = {}

    class DAG:
        def __init__(self, **options):
            operators["dag"] = options

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    def operator(**options):
        operators["task"] = options

    names = ["airflow", "airflow.providers", "airflow.providers.standard", "airflow.providers.standard.operators"]
    for name in [*names, "airflow.providers.standard.operators.bash"]:
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["airflow"].DAG = DAG
    sys.modules[f"{names[-1]}.bash"].BashOperator = operator
    return operators


def test_the_task_of_airflow_plans_anew(folder, monkeypatch):
    operators = airflow(monkeypatch)
    runpy.run_path(str(NIGHTLY / "airflow_dag.py"))
    assert (operators["dag"]["catchup"], operators["dag"]["max_active_runs"]) == (False, 1)
    assert operators["task"]["cwd"] == FOLDER
    assert not re.search(
        r"\{\{|\{%|\{#|\.(sh|bash)$", operators["task"]["bash_command"]
    )  # Airflow reads them as its own
    first = seal(folder)
    done = run(folder.parent, here(folder, operators["task"]["bash_command"]), "/bin/bash", folder)
    notes = (
        "states.csv: no offer is named for @lunar.vanity (feed post), so the one with the agreed fee is used.",
        "results.csv: engagements are the sum of likes, comments, shares.",
        "1 creator who was asked and may still say yes stays in the plan; with --swap-worth they go where that gains "
        "enough.",
        "@nimbus.palette is bought differently: youtube video for $13,650, now youtube short for $8,100.",
    )
    planned(folder, done, first, [f"Note: {note}" for note in notes])
    assert "14 creators" in done.stdout


@pytest.mark.parametrize(("code", "success"), [(0, True), (5, True), (8, False), (3, False)])
def test_airflow_takes_a_plan_without_its_proof_for_a_success(folder, monkeypatch, code, success):
    operators = airflow(monkeypatch)
    runpy.run_path(str(NIGHTLY / "airflow_dag.py"))
    program(folder.parent, "microopt", f"exit {code}")
    done = run(folder.parent, here(folder, operators["task"]["bash_command"]), "/bin/bash", folder)
    assert (done.returncode == 0) is success
