"""Files are written completely or not at all; only the temporary files of killed runs are removed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from microopt.errors import OutputError
from microopt.storage.atomic_write import remove_stale_temp_files, write_files
from tests.cli.conftest import files

KILLED = """
import os, signal, sys
from pathlib import Path
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from microopt.storage.atomic_write import write_files
write_files({sys.argv[1]: "new"})
"""


def kill_writer(target):
    """Kill a run between its writing and its renaming."""
    assert subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False).returncode == -9


def test_a_killed_run_leaves_the_old_file_and_the_next_run_removes_its_temporary_files(tmp_path):
    target = tmp_path / "plan.json"
    target.write_text("old")
    kill_writer(target)
    assert len(files(tmp_path)) == 2
    remove_stale_temp_files([str(target)])
    assert files(tmp_path) == {"plan.json": b"old"}


def test_only_stale_temporary_files_of_this_target_are_removed(tmp_path):
    second = tmp_path / "other.json"
    kill_writer(second)
    for name in (
        ".plan.json.lock",
        ".plan.json.settings",
        ".plan.json.99999999",
        "plan.json.1-abcdefgh",
        ".plan.json.1-abcdefghi",
        ".planXjson.99999999-abcdefgh",
    ):
        (tmp_path / name).write_text("mine")
    before = files(tmp_path)
    remove_stale_temp_files([str(tmp_path / "plan.json")])
    assert files(tmp_path) == before


def test_temporary_files_of_a_running_process_are_not_removed(tmp_path):
    (tmp_path / f".plan.json.{os.getppid()}-abcdefgh").write_text("half")
    (tmp_path / f".plan.json.{2**40}-abcdefgh").write_text("half")
    remove_stale_temp_files([str(tmp_path / "plan.json")])
    assert list(files(tmp_path)) == [f".plan.json.{os.getppid()}-abcdefgh"]


def test_the_folder_is_synced_after_the_rename(tmp_path, monkeypatch):
    synced, real = [], os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: (synced.append(str(Path(f"/proc/self/fd/{handle}").readlink())), real(handle))
    )
    write_files({str(tmp_path / "a.json"): "a", str(tmp_path / "b.json"): "b"})
    assert synced[-1] == str(tmp_path)
    assert len(synced) == 3


def test_stale_files_of_a_missing_folder_cannot_be_removed(tmp_path):
    with pytest.raises(OutputError, match="cannot write"):
        remove_stale_temp_files([str(tmp_path / "no" / "plan.json")])
