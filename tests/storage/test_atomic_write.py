"""Files are written completely or not at all, and of several files all or none."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from microopt.errors import OutputError
from microopt.storage.atomic_write import write_files
from microopt.storage.locks import exclusive_lock
from microopt.storage.temporary_files import remove_stale_temp_files
from tests.cli.conftest import files
from tests.scale import repeats

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


def test_the_folder_is_synced_after_the_rename(tmp_path, monkeypatch):
    synced, real = [], os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: (synced.append(str(Path(f"/proc/self/fd/{handle}").readlink())), real(handle))
    )
    write_files({str(tmp_path / "a.json"): "a", str(tmp_path / "b.json"): "b"})
    assert synced[-1] == str(tmp_path)
    assert len(synced) == 3


@pytest.mark.parametrize("text", ["", "é" * 70_000 + "🙂" * 70_000, "a\ud800b", "x" * 65_535 + "\ud83d\ude00\n"])
def test_text_of_any_length_is_written_in_utf_8(tmp_path, text):
    write_files({str(tmp_path / "a.json"): text})
    assert (tmp_path / "a.json").read_bytes() == text.encode("utf-8", "replace")


def refuse(monkeypatch, name):
    """Let the replacing of one file fail."""
    real = Path.replace

    def replace(self, target):
        if Path(target).name == name:
            raise PermissionError(1, "Operation not permitted")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)


CONTENTS = {"a.json": "new a", "new.json": "new", "b.json": "new b"}


@pytest.fixture
def two_plans(tmp_path, monkeypatch):
    """Return a folder with a.json and b.json, which is the current one."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(f"old {name[0]}", encoding="utf-8")
    (tmp_path / "a.json").chmod(0o640)
    return tmp_path


def test_all_files_are_replaced_and_nothing_else_is_left(two_plans):
    write_files(CONTENTS)
    assert files(two_plans) == {name: text.encode() for name, text in CONTENTS.items()}
    assert (two_plans / "a.json").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("name", CONTENTS)
def test_where_one_file_cannot_be_replaced_all_keep_their_old_content(two_plans, monkeypatch, name, links):
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", lambda *_: Path("a file system without links").stat())
    before, mode = files(two_plans), (two_plans / "a.json").stat().st_mode
    refuse(monkeypatch, name)
    with pytest.raises(OutputError, match=f"cannot write {name}: Operation not permitted"):
        write_files(CONTENTS)
    assert files(two_plans) == before
    assert (two_plans / "a.json").stat().st_mode == mode


def test_a_file_that_another_program_made_meanwhile_is_kept(two_plans, monkeypatch):
    def make_another(*_):
        (two_plans / "new.json").write_text("of another program", encoding="utf-8")
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "replace", make_another)
    with pytest.raises(OutputError, match=r"cannot write a\.json"):
        write_files(CONTENTS)
    assert files(two_plans)["new.json"] == b"of another program"


def test_what_cannot_be_restored_is_named_and_its_old_content_is_there_still(two_plans, monkeypatch):
    real, calls = Path.replace, []

    def fail_after_the_first(self, target):
        calls.append(target)
        if len(calls) > 1:
            raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fail_after_the_first)
    with pytest.raises(OutputError, match=r"cannot write b\.json: .* not restored: a\.json \(its old content is in "):
        write_files({"a.json": "new a", "b.json": "new b"})
    assert sorted(files(two_plans).values()) == [b"new a", b"old a", b"old b"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
@pytest.mark.parametrize("second", ["file", "folder"])
def test_a_file_of_another_user_in_a_sticky_folder_stops_all(open_path, second):
    ours, sticky = open_path / "ours", open_path / "sticky"
    for folder, mode in ((ours, 0o777), (sticky, 0o1777 if second == "file" else 0o755)):
        folder.mkdir()
        folder.chmod(mode)
        (folder / "plan.json").write_text("old", encoding="utf-8")
        (folder / "plan.json").chmod(0o666)
    program = WRITE_BOTH.format(targets=[str(ours / "plan.json"), str(sticky / "plan.json")])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "cannot write" in done.stderr, done.stderr
    assert "sticky/plan.json" in done.stderr
    assert [folder.joinpath("plan.json").read_text(encoding="utf-8") for folder in (ours, sticky)] == ["old", "old"]
    assert len([*ours.iterdir(), *sticky.iterdir()]) == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_two_files_of_another_user_in_a_sticky_folder_are_kept_and_nothing_is_left_beside_them(open_path):
    sticky = open_path / "sticky"
    sticky.mkdir()
    sticky.chmod(0o1777)
    for name in ("a.json", "b.json"):
        (sticky / name).write_text("old", encoding="utf-8")
        (sticky / name).chmod(0o666)  # who may write to a file may link to it, and then not remove the link
    program = WRITE_BOTH.format(targets=[str(sticky / "a.json"), str(sticky / "b.json")])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "OutputError: cannot write" in done.stderr, done.stderr
    assert files(sticky) == {"a.json": b"old", "b.json": b"old"}


WRITE_BOTH = """
import os
from microopt.storage.atomic_write import write_files
os.setgid(65534)
os.setuid(65534)
write_files(dict.fromkeys({targets}, "new"))
"""
INTERRUPTED = """
import os, signal, sys
from pathlib import Path
from microopt.cli.signals import quit_at_once
from microopt.storage.atomic_write import write_files
real = Path.replace
def replace(self, target):
    os.kill(os.getpid(), int(sys.argv[1]))
    return real(self, target)
Path.replace = replace
quit_at_once()
write_files({"a.json": "new", "b.json": "new"})
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_told_to_end_meanwhile_replaces_all_first(two_plans, number):
    done = subprocess.run([sys.executable, "-c", INTERRUPTED, str(int(number))], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"Interrupted.\n")
    assert files(two_plans) == {"a.json": b"new", "b.json": b"new"}


def test_a_killed_run_leaves_whole_files_and_its_backups_are_removed(two_plans):
    killed = INTERRUPTED.replace("    os.kill", '    if str(target).endswith("b.json"): os.kill')
    done = subprocess.run([sys.executable, "-c", killed, "9"], check=False)
    assert done.returncode == -9
    assert (two_plans / "a.json").read_text() + (two_plans / "b.json").read_text() == "newold b"
    remove_stale_temp_files(["a.json", "b.json"])
    assert files(two_plans) == {"a.json": b"new", "b.json": b"old b"}


def test_long_names_that_begin_alike_are_written_together_and_locked_together(two_plans):
    names = [stem + ending for stem in ("a" * 240, "計" * 80) for ending in ("1.json", "2.json")]
    with exclusive_lock(names, 0.0):
        write_files(dict.fromkeys(names, "new"))
    assert {name for name in files(two_plans) if not name.startswith(".")} == {*names, "a.json", "b.json"}


WRITE_FOR_EVER = """
from itertools import count
from microopt.storage.atomic_write import write_files
for number in count():
    write_files(dict.fromkeys(["a.json", "b.json", "c.json"], str(number) * 20_000))
    print(number, flush=True)
"""


@pytest.mark.kill
def test_runs_killed_at_any_moment_leave_whole_files_and_nothing_after_the_next(two_plans):
    """Each file is complete, of the last generation or the one before; most kills leave temporary files."""
    draw, left = random.Random(24), Counter()
    for _ in range(repeats(200)):
        process = subprocess.Popen([sys.executable, "-c", WRITE_FOR_EVER], stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "0\n"
        time.sleep(draw.uniform(0, 0.02))
        process.kill()
        last = int(["0", *process.communicate()[0].split()][-1])
        found = files(two_plans)
        for name in ("a.json", "b.json", "c.json"):
            number = found[name][: len(found[name]) // 20_000].decode()
            assert found[name].decode() == number * 20_000
            assert int(number) in (last, last + 1)
        left[len(found) - 3] += 1
        remove_stale_temp_files(["a.json", "b.json", "c.json"])
        assert len(files(two_plans)) == 3
    assert left[0] < left.total()
    assert len(left) > 3


def test_a_new_file_is_as_open_as_the_umask_says_and_a_replaced_one_as_it_was(tmp_path):
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text("old", encoding="utf-8")
    old.chmod(0o640)
    before = os.umask(0o077)
    try:
        write_files({str(old): "a", str(new): "b"})
    finally:
        os.umask(before)
    assert [file.stat().st_mode & 0o777 for file in (old, new)] == [0o640, 0o600]
