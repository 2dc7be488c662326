"""One run at a time on a file, tested with real processes."""

import os
import signal
import subprocess
import sys
import time

import pytest

from microopt.errors import OutputError
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
