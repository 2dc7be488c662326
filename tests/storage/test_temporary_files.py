"""What killed runs leave is removed, and nothing else; names stay within what a file system takes, and differ."""

import os
import subprocess
import sys

import pytest

from microopt.errors import OutputError
from microopt.storage import temporary_files
from microopt.storage.atomic_write import write_files
from microopt.storage.temporary_files import MAX_NAME_BYTES, bounded_name, remove_stale_temp_files
from tests.cli.conftest import files
from tests.storage.test_atomic_write import kill_writer


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


def test_temporary_files_of_a_running_process_of_another_user_are_not_removed(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "kill", refuse)
    (tmp_path / ".plan.json.1-abcdefgh").write_text("half")
    remove_stale_temp_files([str(tmp_path / "plan.json")])
    assert list(files(tmp_path)) == [".plan.json.1-abcdefgh"]


def test_temporary_files_of_an_ended_process_that_had_the_same_number_are_removed(tmp_path):
    (tmp_path / f".plan.json.{os.getpid()}-abcdefgh").write_text("half")
    remove_stale_temp_files([str(tmp_path / "plan.json")])
    assert files(tmp_path) == {}


def test_stale_files_of_a_missing_folder_cannot_be_removed(tmp_path):
    with pytest.raises(OutputError, match="cannot write"):
        remove_stale_temp_files([str(tmp_path / "no" / "plan.json")])


def test_a_short_name_is_kept_and_a_long_one_is_cut_by_bytes():
    assert bounded_name("plan.json") == "plan.json"
    for letter in ("a", "é", "計", "😀"):
        cut = bounded_name(letter * 255)
        assert MAX_NAME_BYTES - 4 < len(os.fsencode(cut)) <= MAX_NAME_BYTES
    assert len(bounded_name("\udcff" * 255)) <= MAX_NAME_BYTES  # bytes that are not UTF-8


def test_long_names_that_begin_alike_stay_apart():
    names = {bounded_name("plan-" * 45 + ending) for ending in ("monday.json", "tuesday.json", "")}
    assert len(names) == 3


def test_any_run_removes_temporary_files_that_are_an_hour_old(tmp_path, monkeypatch):
    target = tmp_path / "plan.json"
    kill_writer(target)
    write_files({str(target): "new"})
    assert len(files(tmp_path)) == 2
    monkeypatch.setattr(temporary_files, "OLD", -60.0)  # a clock that a minute has passed on
    (tmp_path / f".plan.json.{os.getppid()}-abcdefgh").write_text("of a running process")
    write_files({str(target): "newer"})
    assert files(tmp_path) == {"plan.json": b"newer", f".plan.json.{os.getppid()}-abcdefgh": b"of a running process"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_what_another_user_left_in_a_shared_folder_stops_nobody(open_path):
    shared = open_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    left = shared / f".plan.json.{2**40}-abcdefgh"
    left.write_text("half", encoding="utf-8")
    program = AS_NOBODY.format(str(shared / "plan.json"))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert files(shared) == {"plan.json": b"new", left.name: b"half"}


AS_NOBODY = """
import os
from microopt.storage.atomic_write import write_files
from microopt.storage.temporary_files import remove_stale_temp_files
os.setgid(65534)
os.setuid(65534)
remove_stale_temp_files([{0!r}])
write_files({{{0!r}: "new"}})
"""
