"""Whatever is printed, and whoever prints it: no control characters, and no instructions to GitHub Actions."""

import ast
import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import microopt
from microopt.cli.console import write
from microopt.cli.printed_text import printed_text
from tests.cli.conftest import ROSTER

ACTIONS = "GITHUB_ACTIONS"


@pytest.fixture(autouse=True)
def nowhere(monkeypatch):
    monkeypatch.delenv(ACTIONS, raising=False)


@pytest.fixture
def actions(monkeypatch):
    monkeypatch.setenv(ACTIONS, "true")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\tc\n", "a\nb\tc\n"),
        ("\x1b[1;31mred\x1b[0m\n", "\x1b[1;31mred\x1b[0m\n"),  # our own colors
        ("\r\x1b[2KNote", "\r\x1b[2KNote"),  # our own line of progress
        ("\x1b]0;title\x07", "]0;title"),
        ("\x1b[2J\x1b[H", "[2J[H"),
        ("\x9b31m", "31m"),
        ("over\rwritten", "over written"),
        ("a\x85b\u2028c\x0bd", "a b c d"),
        ("a\u202eb\u200bc", "abc"),
        ("👩\u200d👧 é ❤\ufe0f", "👩\u200d👧 é ❤\ufe0f"),
        ("\0nul", "nul"),
    ],
)
def test_only_line_breaks_colors_and_progress_are_controls(text, shown):
    assert printed_text(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::stop-commands::x\n", "'::stop-commands::x\n"),
        ("a\n  ::error::x", "a\n'  ::error::x"),
        ("\u00a0::error::x", "'\u00a0::error::x"),
        ("\x1b[1m::error::x", "'\x1b[1m::error::x"),
        ("a ##[add-mask]b", "a ##'[add-mask]b"),
        ("a ::b", "a ::b"),
        ("##x", "##x"),
    ],
)
def test_no_line_is_an_instruction_under_github_actions(actions, text, shown):
    assert printed_text(text) == shown


def test_elsewhere_a_line_may_begin_with_colons():
    assert printed_text("::stop-commands::x") == "::stop-commands::x"


def test_annotations_are_instructions(actions):
    assert printed_text("::error file=a::b\x1b[2J\n", instructs=True) == "::error file=a::b[2J\n"


@given(st.text(st.characters() | st.sampled_from(":#[ \n\r\x1b\x85\u2028\u202e")))
def test_what_is_printed_is_printed_the_same_again(text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ACTIONS, "true")
        shown = printed_text(text)
        assert printed_text(shown) == shown
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in shown.split("\n"))
    rest = shown.replace("\x1b[2K", "").replace("\r", "")
    controls = {mark for mark in rest if unicodedata.category(mark) in ("Cc", "Cs")} - {"\n", "\t"}
    assert controls <= {"\x1b"}


def test_a_table_whose_creator_is_an_instruction_is_none_under_github_actions(run, desk, actions):
    name = "::stop-commands::x"
    (desk / "roster.csv").write_text(ROSTER.replace("@eve", name).replace("@anna", "##[group]y"), encoding="utf-8")
    for command in (
        ("plan", "roster.csv", "-b", "5000"),
        ("plan", "roster.csv", "-b", "5000", "--format", "csv"),
        ("plan", "roster.csv", "-b", "5000", "--format", "markdown"),
        ("plan", "roster.csv", "-b", "5000", "--format", "json"),
        ("forecast", "roster.csv"),
        ("forecast", "roster.csv", "--format", "csv"),
        ("explain", "roster.csv", name, "-b", "5000"),
        ("check", "roster.csv"),
    ):
        done = run(*command)
        assert "stop-commands" in done.output or command[0] == "check"
        lines = done.output.split("\n")
        assert not [line for line in lines if line.lstrip().startswith("::") or "##[" in line]


def test_annotations_are_printed_as_they_are_under_github_actions(shell, desk):
    (desk / "roster.csv").write_text(ROSTER.replace("18300", "::error::x"), encoding="utf-8")
    done = shell("check", "roster.csv", "--format", "github", env={ACTIONS: "true"})
    (line,) = done.stdout.decode().splitlines()
    assert line.startswith("::error file=roster.csv,line=2,title=")


def test_what_typer_prints_itself_is_checked_too(shell):
    done = shell("plan", "roster.csv", "--niet\x1b[2J\x9b\u202e", env={ACTIONS: "true"})
    output = (done.stdout + done.stderr).decode()
    assert "niet" in output
    assert not set(output) & set("\x9b\u202e")
    assert "\x1b[2J" not in output


def test_a_traceback_is_checked_too(shell, desk):
    (desk / "roster.csv").write_text(ROSTER.replace("18300", "1\x1b[2J8"), encoding="utf-8")
    done = shell("check", "roster.csv", "--verbose")
    assert b"Traceback" in done.stderr
    assert b"\x1b" not in done.stderr


def test_a_stream_without_a_check_of_its_own_is_written_to_as_well(actions):
    out = io.StringIO()
    write(out, "::a\n")
    write(out, "::b\n", instructs=True)
    assert out.getvalue() == "'::a\n::b\n"


# Who may write to a stream, and to which: everybody else prints through `microopt.cli.console`.
WRITERS = {
    "cli/app.py: formatter.write": "our help",
    "cli/app.py: typer.echo": "the version",
    "cli/batch/pool.py: os.write": "one sentence of ours",
    "cli/batch/progress.py: self._stream.write": "numbers, and names after plain_text",
    "cli/console.py: put": "after printed_text",
    "cli/progress.py: self.stream.write": "phases, which are ours, and notes after plain_text",
    "cli/error_boundary.py: traceback.print_exc": "through the checked streams",
    "cli/resources.py: os.write": "without memory: what is printable",
    "cli/signals.py: os.write": "one sentence of ours",
    "cli/standard_streams.py: super().write": "after printed_text",
}
WRITES = ("write", "print_exc", "echo", "secho", "writelines", "put", "print_exception")


def test_there_is_no_other_way_to_print():
    root = Path(microopt.__file__).parent
    found = set()
    for path in sorted((root / "cli").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in WRITES:
                name = ast.unparse(node.func)
                if name not in ("write", "writer.write", "self.write"):
                    found.add(f"{path.relative_to(root)}: {name}")
    assert found == set(WRITERS)
