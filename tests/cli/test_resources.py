"""Without memory, threads or a working folder a command ends with a plain message, never with a traceback."""

import os
import resource
from errno import EMFILE, ENFILE

import pytest

from microopt.cli import resources
from microopt.cli.error_boundary import exit_code_of_error, show_error
from microopt.cli.exit_codes import Exit
from microopt.cli.resources import find_exhaustion, show_plainly
from microopt.errors import BackendError, MicrooptError, ResourceError, UsageError
from tests.cli.conftest import only_object

PLAN = ("plan", "roster.csv", "--budget", "5000", "-q")
KB = 1024


def limited(megabytes):
    """Return what makes a process use at most so much memory, as `ulimit -v` does."""
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1000 * KB,) * 2)


@pytest.fixture
def limit(monkeypatch):
    """Return a function that lets this process believe in a limit of memory."""

    def limit(size):
        monkeypatch.setattr(resource, "getrlimit", lambda _: (size, size))

    limit(resource.RLIM_INFINITY)
    return limit


@pytest.mark.parametrize("command", [PLAN, ("check", "roster.csv"), ("history", ".")], ids=lambda words: words[0])
def test_200_mb_are_not_enough_and_the_message_says_so(shell, command):
    done = shell(*command, preexec_fn=limited(200))
    assert (done.returncode, done.stdout) == (6, b"")
    assert done.stderr.decode() == (
        "Error: not enough memory: microopt may use 205 MB.\nFix: Allow it more: ulimit -v 2097152.\n"
    )


def test_as_json_it_is_an_object(shell):
    done = shell("check", "roster.csv", "--format", "json", preexec_fn=limited(60))
    value = only_object(done.stdout.decode())
    assert (done.returncode, value["schema"], value["code"]) == (6, "microopt.error/1", "memory")
    assert [fault["message"] for fault in value["faults"]] == [value["message"]]


@pytest.mark.parametrize(
    ("name", "drawn"), [("plan.png", b"png"), ("plan.square.svg", b"square.svg"), ("plan.html", b"the charts of html")]
)
def test_charts_that_there_is_no_address_space_for_are_refused_before_the_work(shell, desk, name, drawn):
    done = shell(*PLAN, "-o", name, preexec_fn=limited(4000))
    assert done.returncode == 6
    assert b"drawing %b takes 80 GB of address space, and microopt may use 4.1 GB" % drawn in done.stderr
    assert not (desk / name).exists()


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", [*range(40, 400, 40), 450, 600])
@pytest.mark.parametrize("files", [(), ("-o", "plan.html"), ("-o", "plan.xlsx", "--solver", "highs")])
def test_with_any_memory_a_command_ends_with_its_result_or_a_plain_message(shell, megabytes, files):
    done = shell(*PLAN, *files, preexec_fn=limited(megabytes))
    assert b"a defect" not in done.stderr
    assert done.returncode in (0, 5, 6) or b"ABRT" in done.stderr or b"ABORT" in done.stderr  # of the C library


def raised(error, context):
    """Return an error as it is when it was raised while another was handled, as by `raise ... from None`."""
    error.__context__ = context
    return error


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        raised(
            ImportError("numpy could not be imported"), ImportError("x.so: failed to map segment from shared object")
        ),
        raised(ValueError("half read"), MemoryError()),
        OSError(12, "Cannot allocate memory"),
        BlockingIOError(11, "Resource temporarily unavailable"),
        raised(BackendError("CBC could not be run"), BlockingIOError(11, "Resource temporarily unavailable")),
    ],
)
def test_what_is_behind_an_error_is_found(error, limit):
    found = find_exhaustion(error)
    assert isinstance(found, ResourceError)
    assert found.message == "not enough memory"
    assert "a machine with more memory" in found.fix
    limit(10**9)
    assert find_exhaustion(error).message == "not enough memory: microopt may use 1,000 MB"


def test_a_thread_that_cannot_start_is_named(limit):
    error = raised(BackendError("CBC could not be run"), RuntimeError("can't start new thread"))
    assert find_exhaustion(error).code == "threads"
    limit(10**9)
    assert find_exhaustion(error).code == "memory"


@pytest.mark.usefixtures("limit")
@pytest.mark.parametrize("number", [EMFILE, ENFILE])
def test_a_file_that_cannot_be_opened_beside_the_others_is_named(number):
    error = raised(BackendError("CBC could not be run"), OSError(number, "Too many open files"))
    assert find_exhaustion(error).code == "open-files"


@pytest.mark.usefixtures("limit")
@pytest.mark.parametrize(
    "error",
    [
        ValueError("a defect"),
        RuntimeError("something else"),
        raised(ValueError("a defect"), BlockingIOError(11, "a lock that was waited for")),
        ImportError("No module named polars"),
        raised(BackendError("CBC was killed"), ValueError()),
    ],
)
def test_other_errors_are_not_called_that(error):
    assert find_exhaustion(error) is None


def test_with_little_memory_allowed_an_error_of_a_library_is_probably_that(limit):
    limit(10**9)
    assert find_exhaustion(SystemError("returned NULL")).message.endswith(
        "may use 1,000 MB, and ended with SystemError"
    )
    assert find_exhaustion(UsageError("a flag")) is None
    limit(10**11)
    assert find_exhaustion(SystemError("returned NULL")) is None


def test_an_error_that_rich_has_no_memory_for_is_printed_plainly(capfd, monkeypatch):
    monkeypatch.setattr("microopt.cli.error_boundary.screen_for", lambda _: bytearray(1 << 62))
    show_error(MicrooptError("no\x1b[31m plan", fix="try again"))
    assert capfd.readouterr().err == "Error: no?[31m plan.\nFix: Try again.\n"


def test_a_plain_message_that_nobody_takes_is_no_error(monkeypatch):
    tried = []

    def full(number, text):
        tried.append((number, text))
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        show_plainly(ResourceError("no memory", fix="close other programs"), as_json=False)
    assert tried == [(2, b"Error: no memory.\nFix: Close other programs.\n")]


def test_the_exit_code_is_that_of_a_limit():
    assert exit_code_of_error(ResourceError("no memory")) is Exit.NO_PLAN


@pytest.mark.parametrize(
    "command", [PLAN, ("plan", "/tmp/roster.csv", "-b", "1"), ("replan", "p.json", "-o", "p.json"), ("init",)]
)
def test_a_deleted_working_folder_is_named(shell, desk, command):
    gone = desk / "gone"
    gone.mkdir()
    done = shell(*command, preexec_fn=lambda: (os.chdir(gone), gone.rmdir()))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == (
        "Error: the folder in which microopt was started has been deleted.\n"
        "Fix: Go to a folder that exists, such as your own: cd ~.\n"
    )


def test_without_a_command_a_deleted_working_folder_is_answered_with_help(shell, desk):
    gone = desk / "gone"
    gone.mkdir()
    done = shell(preexec_fn=lambda: (os.chdir(gone), gone.rmdir()))
    assert b"Commands:" in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr


def test_a_working_folder_that_cannot_be_read_is_no_obstacle(monkeypatch):
    def unreadable():
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(resources.os, "getcwd", unreadable)
    resources.check_process()
