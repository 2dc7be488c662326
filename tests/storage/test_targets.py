"""Only regular files are written: what a link leads to, and never a pipe, a device, a socket or a folder."""

import os
import socket
from pathlib import Path

import pytest

from microopt.errors import OutputError
from microopt.files.reading import read_file
from microopt.files.record import recorded_files
from microopt.storage.atomic_write import write_files
from microopt.storage.database.store import SIDE_FILES, open_store
from microopt.storage.locks import exclusive_lock
from microopt.storage.run_log import append_entry
from microopt.storage.targets import check_targets, check_writable, claim_targets, require_regular


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)


SPECIAL = {
    "a pipe": os.mkfifo,
    "a link to a pipe": lambda path: (os.mkfifo("pipe"), Path(path).symlink_to("pipe")),
    "a link to a device": lambda path: Path(path).symlink_to("/dev/full"),
    "a socket": make_socket,
    "a folder": os.mkdir,
    "a link to itself": lambda path: Path(path).symlink_to(path),
}


def lock(path):
    with exclusive_lock([path], 0.0):
        pass


RUN = {"schema": "microopt.run/1"}
WRITERS = {
    "check": check_writable,
    "-o": lambda path: write_files({path: "new"}),
    "--log": lambda path: append_entry(path, RUN),
    "--store": open_store,
    "lock": lock,
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the current folder, which is empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_no_regular_file_is_refused_and_never_waited_for(folder, kind, writer):
    SPECIAL[kind]("target.db")
    before = sorted((path.name, path.lstat().st_mode, path.lstat().st_ino) for path in folder.iterdir())
    with pytest.raises(OutputError, match="cannot write"):
        WRITERS[writer]("target.db")
    assert sorted((path.name, path.lstat().st_mode, path.lstat().st_ino) for path in folder.iterdir()) == before


@pytest.mark.parametrize("kind", ["a pipe", "a socket", "a link to a device"])
def test_a_lock_file_that_is_no_regular_file_is_refused(folder, kind):
    SPECIAL[kind](".plan.json.lock")
    with pytest.raises(OutputError, match=r"\.plan\.json\.lock"):
        lock("plan.json")


def test_a_link_in_place_of_a_lock_file_is_not_followed(folder):
    Path("precious").write_text("mine", encoding="utf-8")
    Path(".plan.json.lock").symlink_to("precious")
    with pytest.raises(OutputError, match=r"\.plan\.json\.lock"):
        lock("plan.json")
    assert Path("precious").read_text(encoding="utf-8") == "mine"


def test_a_link_is_kept_and_its_file_written(folder):
    Path("real").mkdir()
    Path("real/plan.json").write_text("old", encoding="utf-8")
    Path("plan.json").symlink_to("real/plan.json")
    write_files({"plan.json": "new"})
    assert Path("plan.json").is_symlink()
    assert Path("real/plan.json").read_text(encoding="utf-8") == "new"
    assert [path.name for path in Path("real").iterdir()] == ["plan.json"]


def test_a_link_to_a_file_that_is_not_there_makes_it(folder):
    Path("real").mkdir()
    Path("plan.json").symlink_to("real/plan.json")
    write_files({"plan.json": "new"})
    assert Path("real/plan.json").read_text(encoding="utf-8") == "new"


def test_a_link_into_a_folder_that_is_not_there_is_refused(folder):
    Path("plan.json").symlink_to("real/plan.json")
    with pytest.raises(OutputError, match=f"there is no folder {folder}/real") as refused:
        write_files({"plan.json": "new"})
    assert refused.value.fix == f"make it with: mkdir -p {folder}/real"


def test_a_device_is_not_to_be_removed_and_a_pipe_is(folder):
    Path("full.json").symlink_to("/dev/full")
    os.mkfifo("a pipe.json")
    fixes = {}
    for name in ("full.json", "a pipe.json"):
        with pytest.raises(OutputError, match="not a regular file") as refused:
            require_regular(name)
        fixes[name] = refused.value.fix
    assert fixes == {
        "full.json": "name another file, such as plan-2.json",
        "a pipe.json": "name another file, or remove it: rm 'a pipe.json'",
    }


@pytest.mark.parametrize("name", ["a\0b.json", "a" * 300])
def test_a_name_that_no_file_can_have_is_an_error_with_a_reason(folder, name):
    with pytest.raises(OutputError, match=r"null byte|File name too long"):
        check_writable(name)


def test_a_name_that_is_too_long_is_to_be_shorter(folder):
    with pytest.raises(OutputError) as refused:
        check_writable("a" * 300 + ".json")
    assert refused.value.fix == "use a shorter name, such as plan.json"


def test_sources_are_refused_before_they_are_read(folder):
    Path("roster.csv").write_text("old", encoding="utf-8")
    with recorded_files(), pytest.raises(OutputError, match="one of the inputs"):
        check_targets(["roster.csv"], [None, "-", "roster.csv"])


def test_what_a_run_writes_first_cannot_be_written_again_in_another_way(folder):
    with recorded_files():
        write_files({"runs.json": "plan"})
        with pytest.raises(OutputError, match="two different files"):
            append_entry("runs.json", RUN)
        with pytest.raises(OutputError, match="two different files"):
            open_store("runs.json")
    assert Path("runs.json").read_text(encoding="utf-8") == "plan"


def test_a_store_or_a_log_that_was_read_is_refused(folder):
    Path("results.csv").write_bytes(b"")
    with recorded_files():
        read_file("results.csv")
        for write in (open_store, lambda path: append_entry(path, RUN), lambda path: claim_targets([path])):
            with pytest.raises(OutputError, match="one of the inputs"):
                write("results.csv")
    assert Path("results.csv").read_bytes() == b""


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("ending", SIDE_FILES)
@pytest.mark.parametrize("kind", ["a pipe", "a link"])
def test_a_pipe_or_a_link_where_a_store_has_its_journal_is_refused(folder, kind, ending, create):
    open_store("runs.db").__exit__(None, None, None)
    Path("precious").write_text("mine", encoding="utf-8")
    Path("link.db").symlink_to("runs.db")
    os.mkfifo(f"runs.db{ending}") if kind == "a pipe" else Path(f"runs.db{ending}").symlink_to("precious")
    for path in ("runs.db", "link.db"):
        with pytest.raises(OutputError, match=rf"runs\.db{ending} next to it is not a regular file"):
            open_store(path, create=create)
    assert Path("precious").read_text(encoding="utf-8") == "mine"


def test_a_file_that_is_called_a_dash_is_not_standard_input(folder):
    with recorded_files():
        check_targets(["./-"], ["-"])


def test_a_dash_is_not_written_to_since_it_means_standard_input(folder):
    with pytest.raises(OutputError, match="cannot write -: a dash means standard input"):
        check_writable("-")
    assert check_writable("./-") == folder / "-"
