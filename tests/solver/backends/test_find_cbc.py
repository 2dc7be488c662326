"""CBC is found without PuLP, and where PuLP says it is."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pulp
import pytest

from microopt.solver.backends import find_cbc

CODE = "import sys; from microopt.solver.backends.base import load_backend; load_backend('cbc').version"


@pytest.mark.filterwarnings("ignore:PULP_CBC_CMD is deprecated:DeprecationWarning")
def test_it_is_the_one_that_pulp_bundles():
    assert Path(find_cbc.cbc_path()).samefile(pulp.PULP_CBC_CMD.pulp_cbc_path)
    said = subprocess.run([find_cbc.cbc_path(), "-quit"], capture_output=True, text=True, check=True).stdout
    assert f"Version: {find_cbc.cbc_version()}" in said


def test_neither_pulp_nor_highs_is_imported_to_find_it():
    code = f"{CODE}; sys.exit(str([name for name in ('pulp', 'highspy') if name in sys.modules]))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stderr == "[]\n"


@pytest.mark.parametrize(
    ("system", "machine", "size", "folder"),
    [
        ("linux", "x86_64", 2**63 - 1, "linux/i64/cbc"),
        ("linux", "aarch64", 2**63 - 1, "linux/arm64/cbc"),
        ("linux", "i686", 2**31 - 1, "linux/i32/cbc"),
        ("darwin", "arm64", 2**63 - 1, "osx/i64/cbc"),
        ("win32", "AMD64", 2**63 - 1, "win/i64/cbc.exe"),
    ],
)
def test_each_system_has_a_file_of_its_own(monkeypatch, system, machine, size, folder):
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr("sys.maxsize", size)
    monkeypatch.setattr("platform.machine", lambda: machine)
    assert find_cbc.bundled_path() == str(Path(pulp.__file__).parent / "solverdir" / "cbc" / folder)


def test_without_a_bundled_one_pulp_is_asked(monkeypatch):
    monkeypatch.setattr(find_cbc, "bundled_path", lambda: None)
    assert Path(find_cbc.cbc_path()).samefile(pulp.PULP_CBC_CMD.pulp_cbc_path)


def test_a_bundled_one_that_nobody_may_run_is_left_to_pulp_which_makes_it_executable(monkeypatch, tmp_path):
    file = tmp_path / "cbc"
    file.touch(mode=0o600)
    monkeypatch.setattr(find_cbc, "bundled_path", lambda: str(file))
    assert Path(find_cbc.cbc_path()).samefile(pulp.PULP_CBC_CMD.pulp_cbc_path)


@pytest.mark.parametrize("is_installed", [True, False])
def test_a_pulp_without_it_bundles_none(is_installed, monkeypatch, tmp_path):
    spec = SimpleNamespace(submodule_search_locations=[str(tmp_path)]) if is_installed else None
    monkeypatch.setattr(find_cbc, "find_spec", lambda _name: spec)
    assert find_cbc.bundled_path() is None


def test_one_that_is_not_bundled_tells_its_version_unless_it_does_not_run(monkeypatch, tmp_path):
    version = find_cbc.cbc_version.__wrapped__
    monkeypatch.setattr(find_cbc, "bundled_path", lambda: None)
    assert (version(), find_cbc.is_cbc_installed()) == (find_cbc.BUNDLED_VERSION, True)
    monkeypatch.setattr(find_cbc, "cbc_path", lambda: str(tmp_path / "cbc"))
    assert (version(), find_cbc.is_cbc_installed()) == ("unknown", False)
