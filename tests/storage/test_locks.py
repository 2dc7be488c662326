"""One run at a time on a file, tested with real processes."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from errno import EACCES, ELOOP, ENOLCK, EROFS
from pathlib import Path

import pytest

from microopt.errors import OutputError
from microopt.storage import locks
from microopt.storage.locks import exclusive_lock, lock_path

HOLD = """
import sys, time
from microopt.storage.locks import exclusive_lock
with exclusive_lock(sys.argv[2:], 10):
    print("held", flush=True)
    time.sleep(float(sys.argv[1]))
"""
COUNT = """
import sys, time
from pathlib import Path
from microopt.storage.locks import exclusive_lock
file = Path(sys.argv[1])
for _ in range(20):
    with exclusive_lock(sys.argv[1:], 30):
        number = int(file.read_text())
        time.sleep(0.001)
        file.write_text(str(number + 1))
"""


def start(script, *args):
    return subprocess.Popen([sys.executable, "-c", script, *map(str, args)], stdout=subprocess.PIPE, text=True)


@pytest.fixture
def holder(tmp_path):
    """Return a process that holds plan.json for a minute."""
    process = start(HOLD, 60, tmp_path / "plan.json")
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_run_waits_and_then_names_the_file_the_holder_and_the_fix(holder, tmp_path):
    messages, start_time = [], time.monotonic()
    with pytest.raises(OutputError) as refused, exclusive_lock([str(tmp_path / "plan.json")], 0.4, messages.append):
        pass
    assert 0.4 <= time.monotonic() - start_time < 5
    assert refused.value.code == "locked"
    assert "plan.json" in refused.value.message
    assert f"process {holder.pid}" in refused.value.message
    assert refused.value.fix
    assert len(messages) == 1
    assert messages[0].startswith("waiting for another run of microopt")


def test_a_killed_run_leaves_nothing_locked(holder, tmp_path):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with exclusive_lock([str(tmp_path / "plan.json")], 0.0):
        assert lock_path(tmp_path / "plan.json").read_text().split()[0] == str(os.getpid())


def test_a_second_run_continues_when_the_first_ends_in_time(tmp_path):
    process = start(HOLD, 0.5, tmp_path / "plan.json")
    assert process.stdout.readline() == "held\n"
    with exclusive_lock([str(tmp_path / "plan.json")], 20):
        assert process.wait(5) == 0
    process.communicate()


def test_two_runs_never_interleave_whatever_the_order_of_their_targets(tmp_path):
    count, second = tmp_path / "count", tmp_path / "other"
    count.write_text("0")
    runs = [start(COUNT, count, second), start(COUNT.replace("sys.argv[1:]", "sys.argv[:0:-1]"), count, second)]
    assert [run.communicate() and run.returncode for run in runs] == [0, 0]
    assert count.read_text() == "40"


def test_locks_are_taken_in_one_order_whatever_the_order_of_their_targets(tmp_path):
    first, last = str(tmp_path / "a.json"), str(tmp_path / "b.json")
    in_use = pytest.raises(OutputError, match=r"b\.json is in use")
    with exclusive_lock([last], 0), in_use, exclusive_lock([last, first], 0):
        pass
    assert lock_path(Path(first)).exists()


def test_one_file_under_two_names_is_locked_once(tmp_path):
    (tmp_path / "link.json").symlink_to(tmp_path / "plan.json")
    with exclusive_lock(
        [str(tmp_path / name) for name in ("plan.json", "link.json", "../" + tmp_path.name + "/plan.json")], 0
    ):
        assert [path.name for path in tmp_path.glob(".*.lock")] == [".plan.json.lock"]


def test_an_error_inside_the_block_releases_the_lock(tmp_path):
    target = str(tmp_path / "plan.json")
    with pytest.raises(ZeroDivisionError), exclusive_lock([target], 0):
        raise ZeroDivisionError
    with exclusive_lock([target], 0):
        pass


def test_a_missing_folder_is_an_error_and_is_not_created(tmp_path):
    with (
        pytest.raises(OutputError, match="there is no folder"),
        exclusive_lock([str(tmp_path / "no" / "plan.json")], 0),
    ):
        pass
    assert not (tmp_path / "no").exists()


@pytest.fixture
def lock_file(tmp_path):
    """Return the lock file of plan.json."""
    return lock_path(tmp_path / "plan.json")


def hold(tmp_path, wait=0.0, report=lambda _message: None):
    return exclusive_lock([str(tmp_path / "plan.json")], wait, report)


def test_a_note_is_there_while_the_lock_is_held_and_no_longer(tmp_path, lock_file):
    with hold(tmp_path):
        assert re.fullmatch(rf"{os.getpid()} \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n", lock_file.read_text())
    assert lock_file.read_bytes() == b""


def test_a_lock_file_that_is_a_link_is_refused_and_its_file_is_untouched(tmp_path, lock_file):
    (tmp_path / "letter.txt").write_text("dear all", encoding="utf-8")
    lock_file.symlink_to(tmp_path / "letter.txt")
    with pytest.raises(OutputError, match=r"\.plan\.json\.lock: it is a symbolic link"), hold(tmp_path):
        pass
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "dear all"


def test_a_link_that_is_made_after_the_check_is_not_followed(tmp_path, lock_file, monkeypatch):
    (tmp_path / "letter.txt").write_text("dear all", encoding="utf-8")
    monkeypatch.setattr(locks, "require_regular", lambda *_args, **_given: lock_file.symlink_to("letter.txt"))
    with (
        pytest.raises(OutputError, match=r"with .*\.plan\.json\.lock: it is a symbolic link") as refused,
        hold(tmp_path),
    ):
        pass
    assert f"rm {lock_file}" in refused.value.fix
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "dear all"


def test_a_pipe_in_place_of_a_lock_file_is_refused_and_not_waited_for(tmp_path, lock_file, monkeypatch):
    os.mkfifo(lock_file)
    for _ in ("found before", "made after the check"):
        with pytest.raises(OutputError, match="not a regular file"), hold(tmp_path):
            pass
        monkeypatch.setattr(locks, "require_regular", lambda *_args, **_given: None)


def test_a_text_that_is_no_note_is_neither_shown_nor_replaced(tmp_path, lock_file):
    """A hard link, or somebody's file that happens to have this name."""
    text = "12 \x1b[2Jdone 2026-03-02T02:00:00Z\n"
    lock_file.write_text(text, encoding="utf-8")
    messages = []
    with hold(tmp_path), pytest.raises(OutputError) as refused, hold(tmp_path, report=messages.append):
        pass
    assert lock_file.read_text(encoding="utf-8") == text
    assert messages == [f"waiting for another run of microopt to be done with {tmp_path / 'plan.json'}"]
    assert (
        refused.value.message
        == f"{tmp_path / 'plan.json'} is in use by another run of microopt; the lock is {lock_file}"
    )


def test_a_removed_lock_file_does_not_let_a_second_run_in_unnoticed(tmp_path, lock_file, monkeypatch):
    """Who waits for a file that is removed would get a lock that nobody else sees."""
    real, removed = fcntl.flock, []

    def flock(handle, how):
        real(handle, how)
        if not removed:
            removed.append(lock_file.unlink())

    monkeypatch.setattr(fcntl, "flock", flock)
    with hold(tmp_path):
        assert lock_file.exists()
        with pytest.raises(OutputError, match="is in use"), hold(tmp_path):
            pass


@pytest.mark.parametrize(
    ("folder", "expected"), [(0o755, 0o644), (0o775, 0o664), (0o1777, 0o666), (0o700, 0o644)], ids=oct
)
def test_who_may_write_to_the_folder_may_write_to_its_locks(tmp_path, lock_file, folder, expected):
    tmp_path.chmod(folder)
    mask = os.umask(0o077)
    try:
        with hold(tmp_path):
            assert lock_file.stat().st_mode & 0o7777 == expected
    finally:
        os.umask(mask)


def test_two_names_that_share_two_hundred_letters_are_two_locks(tmp_path):
    first, second = (str(tmp_path / ("x" * 220 + end)) for end in "ab")
    with exclusive_lock([first], 0), exclusive_lock([second], 0):
        assert len(list(tmp_path.iterdir())) == 2


AS_ANOTHER_USER = "import os, microopt.storage.locks; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


@needs_root
@pytest.mark.parametrize("mode", [0o644, 0o666])
def test_a_lock_file_of_another_user_locks(mode, request):
    tmp_path = Path(tempfile.mkdtemp())  # that of pytest is closed to others
    request.addfinalizer(lambda: shutil.rmtree(tmp_path))
    tmp_path.chmod(0o1777)
    lock_file = lock_path(tmp_path / "plan.json")
    lock_file.touch()
    lock_file.chmod(mode)
    process = start(AS_ANOTHER_USER + HOLD, 60, tmp_path / "plan.json")
    try:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(OutputError, match="is in use"), hold(tmp_path):
            pass
        assert (str(process.pid) in lock_file.read_text()) is (mode == 0o666)
    finally:
        process.kill()
        process.communicate()
    with hold(tmp_path):
        assert str(os.getpid()) in lock_file.read_text()


@pytest.mark.parametrize(
    ("number", "fix"), [(ENOLCK, "use a folder"), (EROFS, "use a folder"), (EACCES, "chmod a+rw "), (ELOOP, "rm ")]
)
def test_each_reason_has_its_own_fix(tmp_path, lock_file, monkeypatch, number, fix):
    def fail(*_args):
        raise OSError(number, os.strerror(number))

    lock_file.touch()
    monkeypatch.setattr(fcntl, "flock", fail)
    with pytest.raises(OutputError, match="cannot lock") as refused, hold(tmp_path):
        pass
    assert fix in refused.value.fix
    assert os.strerror(number) in refused.value.message
