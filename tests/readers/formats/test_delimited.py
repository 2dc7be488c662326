"""Delimited text: pandas reads a large file itself, on several cores, and reads what it would read from the bytes."""

import os
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from microopt.errors import RosterError
from microopt.readers.formats import delimited
from microopt.readers.roster import read_roster

HEADER = "creator,niche,followers,fee,engagement_rate"
CORPUS = Path(__file__).parents[2] / "data" / "rosters"
ODD = {
    "nothing odd": "a,beauty,5000,10,0.03",
    "a cell too many": "a,beauty,5000,10,0.03,7",
    "a cell too few": "a,beauty,5000,10",
    "text in a column of numbers": "a,beauty,5.1K,10,3%",
    "a cell in quotes": '"a, b","beau ""ty""",5000,10,0.03',
    "a line break in a cell": '"a\nb",beauty,5000,10,0.03',
    "an open quote": '"a,beauty,5000,10,0.03',
    "a blank row": "",
    "an empty fee": "a,beauty,5000,,0.03",
    "a fee that is no number": "a,beauty,5000,ten,0.03",
    "a return within a line": "a,beauty,5000,10,0.03\rb,food,6000,20,0.02",
    "a number of many digits": "a,beauty,5000,10,0.03000000000000000000001",
    "a name that is a number": "007,beauty,5000,10,0.03",
    "a sign above ASCII": "aé,beauty,5000,10,0.03",
    "a missing name": "NaN,null,5000,10,0.03",
}


def outcome(path):
    """Return all that reading a file gives, as plain values."""
    try:
        roster = read_roster(str(path))
    except RosterError as error:
        return str(error), error.faults
    texts = {name: [column[row] for row in range(len(roster))] for name, column in roster.texts.items()}
    numbers = {name: np.nan_to_num(column, nan=-1.0).tolist() for name, column in roster.numbers.items()}
    return texts, numbers, roster.fee.tolist(), roster.creator_id.tolist(), roster.row.tolist(), roster.notes


def both_ways(path, monkeypatch):
    monkeypatch.setattr(delimited, "LARGE", 0)
    by_file = outcome(path)
    monkeypatch.setattr(delimited, "LARGE", sys.maxsize)
    return by_file, outcome(path)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_large_file_is_read_as_its_bytes_are(odd, end, tmp_path, monkeypatch):
    rows = [f"creator{i:025d},beauty,{5000 + i},{10 + i % 90},0.03" for i in range(120_000)]
    rows[70_000] = odd
    path = tmp_path / "roster.csv"
    path.write_bytes(end.join([HEADER, *rows, ""]).encode())
    assert path.stat().st_size > 5 << 20  # from which pandas reads in parts
    by_file, by_bytes = both_ways(path, monkeypatch)
    assert by_file == by_bytes


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.[ct]s[v]")), ids=lambda path: path.name)
def test_every_file_of_the_corpus_is_read_as_its_bytes_are(path, monkeypatch):
    by_file, by_bytes = both_ways(path, monkeypatch)
    assert by_file == by_bytes


def test_a_file_that_is_written_to_meanwhile_is_what_was_read_first(tmp_path, monkeypatch):
    path = tmp_path / "roster.csv"
    path.write_text(f"{HEADER}\na,beauty,5000,10,0.03\n")
    read = delimited.read_bytes

    def and_change(*arguments):
        found = read(*arguments)
        path.write_text(f"{HEADER}\nb,beauty,5000,10,0.03\n")
        os.utime(path, (1, 1))
        return found

    monkeypatch.setattr(delimited, "LARGE", 0)
    monkeypatch.setattr(delimited, "read_bytes", and_change)
    assert list(read_roster(str(path)).texts["creator"].labels) == ["a"]


def test_a_pipe_is_read_once(tmp_path, monkeypatch):
    pipe = tmp_path / "roster.csv"
    os.mkfifo(pipe)
    monkeypatch.setattr(delimited, "LARGE", 0)
    writer = threading.Thread(target=pipe.write_text, args=[f"{HEADER}\na,beauty,5000,10,0.03\n"])
    writer.start()
    assert len(read_roster(str(pipe))) == 1
    writer.join()
