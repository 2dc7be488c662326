"""README and pages are run: their sessions print what they show, their Python works, and CI runs the commands."""

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = ROOT.joinpath("README.md").read_text(encoding="utf-8")
COLOURS = ("FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "TERMINAL_WIDTH")


def blocks(tag, text=README):
    return re.findall(rf"^```{tag}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def page_blocks(tag):
    """Return the blocks of the README and of all pages."""
    pages = [README, *(page.read_text(encoding="utf-8") for page in sorted(ROOT.glob("docs/*.md")))]
    return [block for text in pages for block in blocks(tag, text)]


def sessions():
    return [block for block in page_blocks("console") if block.startswith("$ microopt")]


def commands(session):
    """Return (command, shown output) of each command of a session."""
    parts = re.split(r"^\$ (.*)\n", session, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def plain(text):
    """Return output without what differs from run to run."""
    text = re.sub(r"(CBC|HiGHS) \d+\.\d+\.\d+", r"\1", re.sub(r"in \d+\.\d+ s", "in 0.00 s", text))
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def pattern(shown):
    """Return the pattern of shown output, in which a line of three dots stands for any lines."""
    parts = re.split(r"^\.\.\.$", plain(shown), flags=re.MULTILINE)
    return r"[\s\S]*".join(re.escape(part) for part in parts)


def environment():
    variables = {name: value for name, value in os.environ.items() if name not in COLOURS}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    a_day = {"SOURCE_DATE_EPOCH": "1796083200"}  # 1 December 2026, when no wave of an example is over
    return {**variables, **a_day, "PATH": path, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}


@pytest.fixture
def folder(tmp_path):
    """Return a folder with the examples, as at the root of the repository; what a command writes stays here."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copy(ROOT / "examples" / "launch.csv", tmp_path / "roster.csv")
    return tmp_path


@pytest.mark.parametrize("session", sessions())
def test_a_session_of_the_readme_and_the_pages_prints_what_is_shown(session, folder):
    for command, displayed in commands(session):
        done = subprocess.run(
            command,
            shell=True,
            check=False,
            cwd=folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        got = plain(done.stdout)
        assert got == plain(displayed) or re.fullmatch(pattern(displayed), got), got


def run_python(arguments, folder):
    options = {"cwd": folder, "env": environment(), "capture_output": True, "text": True}
    done = subprocess.run([sys.executable, *arguments], check=False, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("code", page_blocks("python"))
def test_the_python_of_the_readme_and_the_pages_runs_to_its_end(code, folder):
    for budget, name in (("15k", "monday.json"), ("20k", "tuesday.json")):
        if name in code:
            run_python(["-m", "microopt", "plan", "roster.csv", "-b", budget, "-q", "-o", name], folder)
    assert run_python(["-c", f"{code}\nprint('the end')"], folder).endswith("the end\n")


def test_the_readme_shows_the_messy_list_as_it_is():
    assert ROOT.joinpath("examples", "messy.csv").read_text(encoding="utf-8") in blocks("text")


def test_the_messy_list_and_what_was_understood_of_it_make_the_same_plan(folder):
    def run(*words):
        return run_python(["-m", "microopt", *words, "-c", "examples/messy.toml"], folder)

    run("check", "examples/messy.csv", "-o", "clean.csv")
    plans = [run("plan", roster, "--format", "csv") for roster in ("examples/messy.csv", "clean.csv")]
    assert plans[0] == plans[1]
    assert "@rivetandrose" in plans[0]


@pytest.mark.parametrize(("kind", "extra"), [("Excel", "excel"), ("Parquet", "parquet")])
def test_the_readme_says_what_a_file_other_than_text_needs_where_it_first_names_it(kind, extra):
    assert f".[{extra}]'`)" in README[README.index(kind) :].split("\n\n")[0]


@pytest.mark.parametrize("marker", ["ci:run", "ci:test"])
def test_the_readme_has_the_commands_that_ci_runs(marker):
    block = re.search(rf"<!-- {marker} -->\n```sh\n(.*?)```", README, re.DOTALL)
    assert block
    assert len(block[1].strip().splitlines()) == 1


def test_the_changelog_has_the_version():
    changelog = ROOT.joinpath("CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[(\d[^\]]*)\]", changelog, re.MULTILINE)[0] == version("microopt")
