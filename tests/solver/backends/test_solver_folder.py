"""The solver and its folder end with the run, however that ends."""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from microopt.solver.backends import solver_folder as module
from microopt.solver.backends.solver_folder import PREFIX, solver_folder

HOLD = """
import subprocess, sys, time
from microopt.solver.backends.solver_folder import solver_folder
with solver_folder() as folder:
    solver = subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL, start_new_session=True)
    folder.guard(solver)
    if sys.argv[1] == "ended":
        solver.kill()
        solver.wait()
        folder.release(solver)
    print(solver.pid, folder.path, flush=True)
    time.sleep(60)
"""
PATIENCE = 20.0


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Return the temporary directory of this process and of those that it starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    caches = (module._remove_abandoned_folders, module._watch)
    for each in caches:
        each.cache_clear()
    yield tmp_path
    for each in caches:
        each.cache_clear()


def start(solver="running"):
    """Start a run with a solver, and return it, the solver's process id and its folder."""
    run = subprocess.Popen([sys.executable, "-c", HOLD, solver], stdout=subprocess.PIPE, text=True)
    pid, folder = run.stdout.readline().split()
    return run, int(pid), Path(folder)


def is_running(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def eventually(condition):
    """Whether a condition becomes true."""
    end = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def test_a_killed_run_leaves_neither_its_solver_nor_its_folder(temporary):
    run, solver, folder = start()
    assert is_running(solver)
    assert folder.is_dir()
    run.kill()
    run.communicate(timeout=PATIENCE)
    assert eventually(lambda: not is_running(solver))
    assert eventually(lambda: not folder.exists())


def test_only_a_solver_that_still_runs_is_killed(temporary):
    """The number of one that has ended may be another process's by now."""
    run, _, folder = start("ended")
    run.kill()
    run.communicate(timeout=PATIENCE)
    assert eventually(lambda: not folder.exists())


def test_a_run_that_ends_leaves_nothing(temporary):
    with solver_folder() as folder:
        assert folder.path.parent == temporary
        with pytest.raises(ZeroDivisionError), solver_folder():
            raise ZeroDivisionError
        assert list(temporary.iterdir()) == [folder.path]
    assert list(temporary.iterdir()) == []


def make_abandoned(temporary, name="abcd1234", seconds=3600):
    """Make the folder of a run that was killed together with its shell."""
    folder = temporary / f"{PREFIX}{name}"
    folder.mkdir()
    (folder / "model.mps").write_text("NAME", encoding="ascii")
    os.utime(folder, (time.time() - seconds,) * 2)
    return folder


def test_the_next_run_removes_the_folders_of_dead_ones(temporary):
    abandoned = make_abandoned(temporary)
    with solver_folder():
        assert not abandoned.exists()


@pytest.mark.parametrize(("name", "seconds"), [("abcd1234", 5), ("abcd1234-mine", 3600)])
def test_what_may_be_in_use_or_another_programs_is_left_alone(temporary, name, seconds):
    folder = make_abandoned(temporary, name, seconds)
    with solver_folder():
        assert folder.exists()


def test_a_link_is_not_followed(temporary, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "photo").touch()
    link = temporary / f"{PREFIX}abcd1234"
    link.symlink_to(elsewhere)
    os.utime(link, (0, 0), follow_symlinks=False)
    with solver_folder():
        assert (elsewhere / "photo").exists()


def test_the_folder_of_a_run_that_is_alive_stays_however_old_it_is(temporary):
    run, _, folder = start()
    os.utime(folder, (0, 0))
    with solver_folder():
        assert folder.is_dir()
    run.kill()
    run.communicate(timeout=PATIENCE)
    assert eventually(lambda: not folder.exists())


def test_a_run_that_is_killed_between_two_solvers_leaves_nothing(temporary):
    code = HOLD.replace("with solver_folder() as folder", "with solver_folder(): pass\nwith solver_folder() as folder")
    run = subprocess.Popen([sys.executable, "-c", code, "running"], stdout=subprocess.PIPE, text=True)
    solver, _ = run.stdout.readline().split()
    run.kill()
    run.communicate(timeout=PATIENCE)
    assert eventually(lambda: not is_running(int(solver)))
    assert eventually(lambda: not any(temporary.iterdir()))


def test_a_run_that_is_killed_while_it_removes_the_folder_leaves_nothing(temporary):
    code = """
import tempfile, time
from microopt.solver.backends.solver_folder import solver_folder
def stop(_folder):
    print("removing", flush=True)
    time.sleep(60)
tempfile.TemporaryDirectory.cleanup = stop
with solver_folder():
    pass
"""
    run = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert run.stdout.readline() == "removing\n"
    assert any(temporary.iterdir())
    run.kill()
    run.communicate(timeout=PATIENCE)
    assert eventually(lambda: not any(temporary.iterdir()))


def test_without_a_shell_the_run_goes_on(temporary, monkeypatch):
    def fail(*_args, **_given):
        raise FileNotFoundError

    monkeypatch.setattr(module.subprocess, "Popen", fail)
    with solver_folder() as folder:
        assert folder.path.is_dir()
    assert list(temporary.iterdir()) == []


def test_a_shell_that_was_killed_does_not_end_the_run(temporary):
    with solver_folder() as folder:
        folder._watch._shell.kill()
        folder._watch._shell.wait()
        folder.forget()
    assert list(temporary.iterdir()) == []
