"""The log of runs: one line each, whatever happens to the runs."""

import fcntl
import json
import os
import random
import subprocess
import sys
import time
from contextlib import suppress
from errno import EIO

import pytest

from microopt.errors import OutputError, RosterError
from microopt.plan.expectations import parse_expectation, unmet_expectations
from microopt.storage import run_log
from microopt.storage.run_log import append_entry, build_entry
from tests.scale import repeats
from tests.storage.database.builders import added, dropped, run_plan, seal_and_encode

MANY = """
import sys
from microopt.storage.run_log import append_entry
for number in range(50):
    append_entry(sys.argv[1], {"schema": "microopt.run/1", "run": sys.argv[2], "number": number, "text": "x" * 9000})
"""


def entry(**facts):
    return {"schema": "microopt.run/1", **facts}


FIRST = json.dumps(entry(a=1))


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_entry_tells_what_a_run_made(tmp_path):
    sample = run_plan(1, "ab" * 32, switches=[added("@anna"), dropped("@ben")])
    sealed, _ = seal_and_encode(sample)
    missed = unmet_expectations(sample, [parse_expectation("conversions >= 1M")])
    entry = build_entry(
        sealed,
        at="2026-03-02T02:00:00Z",
        command="replan",
        path="plan.json",
        exit_code=8,
        seconds=1.23456,
        unmet=missed,
    )
    append_entry(str(tmp_path / "runs.jsonl"), entry)
    (read,) = lines(tmp_path / "runs.jsonl")
    assert read == entry
    assert (read["seal"], read["previous"], read["status"]) == (sealed.seal, "ab" * 32, "optimal")
    assert (read["added"], read["dropped"], read["gain"]["objective"], read["seconds"]) == (
        ["@anna"],
        ["@ben"],
        0.01,
        1.235,
    )
    assert read["unmet"] == ["conversions >= 1M is not met: the plan expects 14"]


def test_a_failed_run_is_told_with_its_error():
    error = RosterError("no such file", code="file-missing")
    entry = build_entry(None, at="now", command="replan", path="plan.json", exit_code=3, seconds=0, error=error)
    assert entry["error"] == {"code": "file-missing", "message": "no such file"}
    assert (entry["seal"], entry["totals"], entry["added"]) == (None, None, [])
    assert (
        entry.keys()
        == build_entry(seal_and_encode(run_plan(0))[0], at="", command="", path=None, exit_code=0, seconds=0).keys()
    )


def test_a_torn_line_spoils_no_other(tmp_path):
    log = tmp_path / "runs.jsonl"
    log.write_text(f'{FIRST}\n{{"torn')
    append_entry(str(log), entry(b=2))
    append_entry(str(log), entry(c=3))
    assert log.read_text() == f'{FIRST}\n{{"torn\n{json.dumps(entry(b=2))}\n{json.dumps(entry(c=3))}\n'


def test_runs_that_write_at_once_write_whole_lines(tmp_path):
    log = tmp_path / "runs.jsonl"
    runs = [subprocess.Popen([sys.executable, "-c", MANY, str(log), name]) for name in "ab"]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert sorted((item["run"], item["number"]) for item in lines(log)) == [(r, n) for r in "ab" for n in range(50)]


@pytest.mark.parametrize("name", ["no/runs.jsonl", "."])
def test_a_log_that_cannot_be_written_is_told(tmp_path, name):
    with pytest.raises(OutputError, match="cannot write"):
        append_entry(str(tmp_path / name), entry())


FULL = """
import resource, sys
from microopt.errors import OutputError
from microopt.storage.run_log import append_entry
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    append_entry(sys.argv[1], {"schema": "microopt.run/1", "text": "x" * 5000})
except OutputError as error:
    print(error.message)
"""


@pytest.mark.parametrize("room", [0, 1, 100, 5000])
@pytest.mark.parametrize("before", [b"", f"{FIRST}\n".encode(), FIRST.encode()[:9], f'{FIRST}\n{{"torn'.encode()])
def test_a_line_for_which_there_is_no_room_leaves_the_log_as_it_was(tmp_path, before, room):
    log = tmp_path / "runs.jsonl"
    log.write_bytes(before)
    arguments = [sys.executable, "-c", FULL, str(log), str(len(before) + room)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout == f"cannot write {log}: File too large\n"
    assert log.read_bytes() == before


def test_a_line_that_is_taken_in_parts_is_written_whole(tmp_path, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, content: real(handle, bytes(content)[:7]))
    append_entry(str(tmp_path / "runs.jsonl"), entry(a="x" * 100))
    append_entry(str(tmp_path / "runs.jsonl"), entry(b=2))
    assert lines(tmp_path / "runs.jsonl") == [entry(a="x" * 100), entry(b=2)]


def test_a_line_that_cannot_be_made_durable_is_taken_back(tmp_path, monkeypatch):
    def fail(_handle):
        raise OSError(EIO, "Input/output error")

    append_entry(str(tmp_path / "runs.jsonl"), entry(a=1))
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match="Input/output error"):
        append_entry(str(tmp_path / "runs.jsonl"), entry(b=2))
    assert lines(tmp_path / "runs.jsonl") == [entry(a=1)]


def test_a_log_that_a_stranger_keeps_locked_is_not_waited_for_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(run_log, "PATIENCE", 0.1)
    log = tmp_path / "runs.jsonl"
    with log.open("w") as stranger:
        fcntl.flock(stranger, fcntl.LOCK_EX)
        with pytest.raises(OutputError, match="another program has locked it"):
            append_entry(str(log), entry())
    assert log.read_bytes() == b""


@pytest.mark.parametrize("kind", ["pipe", "link to a pipe", "device"])
def test_a_log_that_is_no_file_is_refused_and_not_waited_for(tmp_path, kind):
    log = tmp_path / "runs.jsonl"
    os.mkfifo(tmp_path / "pipe")
    if kind == "pipe":
        (tmp_path / "pipe").rename(log)
    else:
        log.symlink_to(tmp_path / "pipe" if kind == "link to a pipe" else os.devnull)
    with pytest.raises(OutputError, match=r"cannot write .*regular file"):
        append_entry(str(log), entry())


@pytest.mark.parametrize(
    "content", ["creator,followers,fee\n", "\n", '{"schema": "microopt.plan/1"}\n', json.dumps({"a": 1}), "[]"]
)
def test_a_file_that_is_no_log_is_left_as_it_is(tmp_path, content):
    """A run that failed before it read all its inputs has nothing to compare the file with."""
    log = tmp_path / "runs.jsonl"
    log.write_text(content, encoding="utf-8")
    with pytest.raises(OutputError, match="not a log of runs"):
        append_entry(str(log), entry())
    assert log.read_text(encoding="utf-8") == content


ADD_LINES = """
import sys
from microopt.storage.run_log import append_entry
number = 0
while True:
    append_entry(sys.argv[1], {"schema": "microopt.run/1", "run": sys.argv[2], "number": number, "text": "x" * 20_000})
    print(number, flush=True)
    number += 1
"""


def complete_lines(log):
    """Return the entries of a log; a line that a killed run has left unfinished is not one."""
    entries = []
    for line in log.read_bytes().split(b"\n"):
        with suppress(ValueError):
            entries.append(json.loads(line))
    return [(entry["run"], entry["number"]) for entry in entries]


@pytest.mark.kill
def test_a_log_keeps_every_line_of_runs_that_are_killed_while_they_write(tmp_path):
    log, drawn, count = tmp_path / "runs.jsonl", random.Random(11), repeats(60)
    for number in range(count):
        run = subprocess.Popen([sys.executable, "-c", ADD_LINES, str(log), str(number)], stdout=subprocess.PIPE)
        run.stdout.readline()
        time.sleep(drawn.uniform(0.0, 0.02))
        run.kill()
        told = len(run.communicate()[0].splitlines()) + 1
        kept = [entry for entry in complete_lines(log) if entry[0] == str(number)]
        assert kept == [(str(number), line) for line in range(len(kept))]
        assert told <= len(kept) <= told + 1
    append_entry(str(log), entry(run="last", number=0))
    assert complete_lines(log)[-1] == ("last", 0)
    assert len({run for run, _ in complete_lines(log)}) == count + 1
    torn = [line for line in log.read_bytes().split(b"\n")[:-1] if not line.endswith(b"}")]
    assert len(torn) <= count
