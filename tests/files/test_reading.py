"""All files of the user are read through one door; a pipe may be read, and standard input is known as a file too."""

import ast
import io
import os
import sys
import threading
from pathlib import Path

import pytest

import microopt
from microopt.errors import OutputError
from microopt.files.identity import identify
from microopt.files.reading import read_file, read_standard_input
from microopt.files.record import current_record, recorded_files

SRC = Path(microopt.__file__).parent
READING = ("open", "read_bytes", "read_text")
# Modules that read files which are not the user's, or that read them to write them.
OTHERS = {
    "__init__": "its own stub",
    "benchmarks/table": "its own table",
    "cli/batch/worker": "the null device",
    "cli/commands/init": "its own samples",
    "cli/console": "the null device",
    "files/reading": "the door",
    "files/record": "the null device",
    "quantities/countries": "its own names",
    "readers/cells/quote_phrases": "its own words",
    "readers/words/vocabulary": "its own words",
    "rendering/html/browser": "the page that a browser printed",
    "rendering/html/environment": "its own templates",
    "rendering/language/language": "its own texts",
    "rendering/story/disclosure": "its own rules",
}
FOLDERS_OF_OTHERS = ("storage/", "solver/", "cli/standard_streams", "__main__")


def reads_files(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in READING:
                yield ast.unparse(node)


def test_files_of_the_user_are_read_through_one_door():
    found = {path.relative_to(SRC).with_suffix("").as_posix() for path in SRC.rglob("*.py") if any(reads_files(path))}
    assert {name for name in found if not name.startswith(FOLDERS_OF_OTHERS)} <= set(OTHERS)


def test_a_pipe_is_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(b"creator\n",))
    writer.start()
    with recorded_files():
        assert read_file(str(tmp_path / "pipe")) == b"creator\n"
    writer.join()


def test_the_file_behind_standard_input_is_an_input(tmp_path, monkeypatch):
    roster = tmp_path / "roster.csv"
    roster.write_bytes(b"creator\n")
    with roster.open(encoding="utf-8") as stream, recorded_files():
        monkeypatch.setattr(sys, "stdin", stream)
        assert read_standard_input() == b"creator\n"
        with pytest.raises(OutputError, match="the same file as standard input"):
            current_record().claim([identify(str(roster))])


def test_closed_standard_input_is_an_error_of_the_system(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(OSError, match="it is closed"):
        read_standard_input()


def test_standard_input_stands_for_one_file_of_a_command(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"creator\n")))
    with recorded_files():
        assert read_standard_input() == b"creator\n"
        with pytest.raises(OSError, match="another file was read from it already"):
            read_standard_input()


@pytest.mark.parametrize("kind", ["a pipe", "a link to a device"])
def test_what_is_found_in_a_folder_is_not_waited_for(tmp_path, kind):
    path = tmp_path / "found.json"
    os.mkfifo(path) if kind == "a pipe" else path.symlink_to("/dev/zero")
    with pytest.raises(OSError, match="it is not a regular file"):
        read_file(str(path), may_wait=False)
