"""Standard output that is full or closed: one plain message and an exit code of its own, whatever is printed."""

import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from microopt.cli.app import app
from microopt.cli.exit_codes import Exit
from microopt.cli.standard_streams import CheckedOutput, LenientError
from microopt.errors import UnreportedError
from tests.cli.conftest import command

PLAN = ("plan", "roster.csv", "-b", "5000")
PRINTING = [
    ("--help",),
    ("--version",),
    ("plan", "--help"),
    *((*PLAN, "--format", name) for name in ("table", "json", "csv", "markdown", "line")),
    ("plan", "roster.csv", "-b", "1", "--include", "@anna", "--format", "json"),
    ("check", "roster.csv"),
    ("check", "roster.csv", "--format", "json"),
    ("forecast", "roster.csv"),
    ("init", "sample"),
    ("init", "--schema", "plan"),
]
needs_full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
NOWHERE = [pytest.param("> /dev/full", marks=needs_full_device), ">&-"]


def run_in_shell(*args, streams):
    """Run the command with its streams redirected by a shell."""
    line = f"{shlex.join(command(*args))} {streams}"
    null = subprocess.DEVNULL
    return subprocess.run(["sh", "-c", line], stdin=null, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("streams", NOWHERE)
@pytest.mark.parametrize("args", PRINTING, ids=shlex.join)
def test_output_that_cannot_be_printed_is_one_message_and_its_own_exit_code(desk, args, streams):
    done = run_in_shell(*args, streams=streams)
    assert (done.returncode, done.stdout) == (Exit.UNREPORTED, "")
    reason = "it is closed" if "&-" in streams else "No space left on device"
    assert done.stderr.startswith("Error: cannot write to standard output: " + reason)
    assert done.stderr.count("Error:") == 1
    assert not any(word in done.stderr for word in ("defect", "Traceback", "Exception ignored"))


@pytest.mark.parametrize("streams", NOWHERE)
def test_a_quiet_command_needs_no_standard_output(desk, streams):
    done = run_in_shell(*PLAN, "-q", "-o", "plan.json", streams=streams)
    assert (done.returncode, done.stderr) == (Exit.OK, "")
    assert json.loads((desk / "plan.json").read_text(encoding="utf-8"))["status"] == "optimal"


@pytest.mark.parametrize("streams", NOWHERE)
def test_an_error_that_cannot_be_printed_as_json_is_told_in_words_with_its_own_code(desk, streams):
    done = run_in_shell("plan", "missing.csv", "-b", "5000", "--format", "json", streams=streams)
    assert done.returncode == Exit.ROSTER
    assert done.stderr.startswith("Error: there is no file missing.csv")
    assert done.stderr.count("Error:") == 1


@pytest.mark.parametrize("streams", NOWHERE)
def test_annotations_that_cannot_be_printed_leave_the_error_and_its_code(desk, streams):
    (desk / "bad.csv").write_text("creator,fee\n@anna,x\n", encoding="utf-8")
    done = run_in_shell("check", "bad.csv", "--format", "github", streams=streams)
    assert done.returncode == Exit.ROSTER
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("streams", NOWHERE)
def test_the_files_are_written_though_the_plan_cannot_be_shown(desk, streams):
    done = run_in_shell(*PLAN, "-o", "plan.json", "-o", "plan.csv", streams=streams)
    assert done.returncode == Exit.UNREPORTED
    assert "files of -o are complete" in " ".join(done.stderr.split())
    assert json.loads((desk / "plan.json").read_text(encoding="utf-8"))["status"] == "optimal"
    assert (desk / "plan.csv").stat().st_size > 0


@pytest.mark.parametrize("streams", ["2>&-", pytest.param("2> /dev/full", marks=needs_full_device)])
@pytest.mark.parametrize(
    ("args", "code"),
    [((*PLAN, "-v"), Exit.OK), (("plan", "missing.csv", "-b", "1"), Exit.ROSTER), (("plan", "--no-flag"), Exit.USAGE)],
    ids=["a plan", "an error", "an unknown flag"],
)
def test_a_standard_error_that_cannot_be_written_changes_no_exit_code(desk, args, code, streams):
    assert run_in_shell(*args, streams=streams).returncode == code


def test_no_file_takes_the_place_of_a_closed_standard_output(desk):
    """The first file that a process opens gets the number of a closed stream, and with it all that is printed."""
    done = run_in_shell(*PLAN, "-o", "plan.json", "--solver", "highs", streams="<&- >&- 2>&-")
    assert done.returncode == Exit.UNREPORTED
    assert json.loads((desk / "plan.json").read_text(encoding="utf-8"))["status"] == "optimal"


def test_a_reader_that_leaves_is_no_error_of_the_help_either(desk):
    line = f"{shlex.join(command('--help'))} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_an_unbuffered_standard_output_is_written_completely_or_is_an_error(desk, monkeypatch, tmp_path):
    """Unbuffered, Python itself takes a part that fits for all of it."""
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    target = tmp_path / "out.json"
    limited = f"ulimit -f 4; {shlex.join(command(*PLAN, '--format', 'json'))} > {shlex.quote(str(target))}"
    done = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == Exit.UNREPORTED
    assert target.stat().st_size == 4096
    assert "File too large" in done.stderr


class Failing(io.RawIOBase):
    """A raw stream with a descriptor that takes nothing."""

    def __init__(self, handle, error):
        super().__init__()
        self.handle, self.error = handle, error

    def writable(self):
        return True

    def fileno(self):
        return self.handle

    def write(self, _content):
        raise self.error


@pytest.fixture
def handle(tmp_path):
    """Return a descriptor that may be redirected."""
    handle = os.open(tmp_path / "stream", os.O_WRONLY | os.O_CREAT)
    yield handle
    os.close(handle)


def test_a_failed_write_is_told_once_and_what_follows_goes_nowhere(handle):
    raw = Failing(handle, OSError(28, "No space left on device"))
    stream = CheckedOutput(io.BufferedWriter(raw), encoding="utf-8")
    stream.write("a plan")
    with pytest.raises(UnreportedError, match="No space left on device"):
        stream.flush()
    assert os.fstat(handle).st_rdev == Path(os.devnull).stat().st_rdev
    raw.error = BlockingIOError(11, "Try again")
    lenient = LenientError(io.BufferedWriter(raw), encoding="utf-8")
    assert lenient.write("x" * 100_000) == 100_000
    lenient.flush()
    for each in (stream, lenient):
        raw.write = len  # so that closing finds a stream that takes what is left
        each.close()


def test_the_streams_keep_their_encoding():
    code = "from microopt.cli.standard_streams import guard_standard_streams as g; g(); print('caf\\u00e9')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONIOENCODING": "latin-1:replace"},
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"caf\xe9\n"


ARGUMENTS = {
    "plan": ("roster.csv", "-b", "5000"),
    "check": ("roster.csv",),
    "forecast": ("roster.csv",),
    "claims": ("roster.csv",),
    "explain": ("plan.json", "@anna"),
    "compare": ("roster.csv", "-b", "5000", "--waves", "2099-03,2099-04", "--over-time"),  # as it has all formats
    "verify": ("plan.json",),
    "history": ("plan.json",),
    "frontier": ("roster.csv", "--budget", "3k,5k"),
    "alternatives": ("roster.csv", "-b", "5000"),
    "tradeoff": ("roster.csv", "-b", "5000", "--steps", "2"),
    "simulate": ("plan.json", "--draws", "100"),
    "report": ("plan.json", "-o", "page.html"),
    "replan": ("plan.json",),
    "batch": (".",),
    "portfolio": ("agency.toml",),
    "outreach": ("plan.json",),
    "plan-b": ("plan.json", "@anna"),
    "init": ("sample",),
    "store": ("check", "campaign.db"),
    "licenses": (),
}


def formats_of(name):
    """Return the arguments that name each format of a command; of one that has no formats, none."""
    options = {name: option for option in get_command(app).commands[name].params for name in option.opts}
    choices = options["--format"].type.choices if "--format" in options else ()
    return [("--format", choice) for choice in choices] or [()]


def test_every_command_is_tried():
    assert set(get_command(app).commands) == set(ARGUMENTS)


@pytest.mark.slow
@pytest.mark.parametrize("name", ARGUMENTS)
def test_every_command_says_in_every_format_that_it_cannot_print(run, desk, monkeypatch, capfd, name):
    assert run("plan", "roster.csv", "-b", "5000", "-q", "-o", "plan.json").exit_code == 0
    assert run("replan", "plan.json", "-q", "-o", "next.json", "--store", "campaign.db").exit_code == 0
    (desk / "agency.toml").write_text('[[campaign]]\nfile = "campaign.toml"\nroster = "roster.csv"\n', encoding="utf-8")
    for format in formats_of(name):
        handle = os.open(os.devnull, os.O_RDONLY)
        try:
            monkeypatch.setattr(sys, "stdout", CheckedOutput.over(handle, None))
            with pytest.raises(SystemExit) as ended:
                app([name, *ARGUMENTS[name], *format], prog_name="microopt")
        finally:
            os.close(handle)
        told = capfd.readouterr().err
        assert (format, ended.value.code) == (format, Exit.UNREPORTED), told
        assert told.count("Error: cannot write to standard output: it is closed") == 1


def test_a_list_from_a_closed_standard_input_is_told_with_what_to_do(desk):
    done = run_in_shell("plan", "-", "-b", "5000", streams="<&-")
    assert done.returncode == Exit.ROSTER
    assert "standard input cannot be read: it is closed" in done.stderr
    assert "Pipe a list into microopt" in done.stderr
