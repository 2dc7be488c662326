"""Delimited text: large files that pandas reads itself, encodings, and malformed rows."""

from __future__ import annotations

import csv
import io
import os
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.errors import RosterError
from microopt.readers.fault_log import FaultLog
from microopt.readers.formats import delimited
from microopt.readers.formats.delimited import EMPTY_ROW, blank_malformed_rows, read_delimited
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from tests.readers.builders import decode
from tests.readers.oracle import parse_records

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


def read_all(path):
    """Return all that reading a file gives, as plain values."""
    try:
        roster = read_roster(str(path))
    except RosterError as error:
        return str(error), error.faults
    texts = {name: [column[row] for row in range(len(roster))] for name, column in roster.texts.items()}
    numbers = {name: np.nan_to_num(column, nan=-1.0).tolist() for name, column in roster.numbers.items()}
    return texts, numbers, roster.fee.tolist(), roster.creator_id.tolist(), roster.row.tolist(), roster.notes


def read_both_ways(path, monkeypatch):
    monkeypatch.setattr(delimited, "LARGE_FILE", 0)
    by_file = read_all(path)
    monkeypatch.setattr(delimited, "LARGE_FILE", sys.maxsize)
    return by_file, read_all(path)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_large_file_is_parsed_like_its_bytes(odd, end, tmp_path, monkeypatch):
    rows = [f"creator{i:025d},beauty,{5000 + i},{10 + i % 90},0.03" for i in range(120_000)]
    rows[70_000] = odd
    path = tmp_path / "roster.csv"
    path.write_bytes(end.join([HEADER, *rows, ""]).encode())
    assert path.stat().st_size > 5 << 20  # from which pandas reads in parts
    by_file, by_bytes = read_both_ways(path, monkeypatch)
    assert by_file == by_bytes


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.[ct]s[v]")), ids=lambda path: path.name)
def test_every_file_of_the_corpus_is_parsed_like_its_bytes(path, monkeypatch):
    by_file, by_bytes = read_both_ways(path, monkeypatch)
    assert by_file == by_bytes


def test_a_file_that_changes_meanwhile_is_what_was_read_first(tmp_path, monkeypatch):
    path = tmp_path / "roster.csv"
    path.write_text(f"{HEADER}\na,beauty,5000,10,0.03\n")
    read_bytes = delimited.read_unpacked_bytes

    def read_and_change(*arguments):
        result = read_bytes(*arguments)
        path.write_text(f"{HEADER}\nb,beauty,5000,10,0.03\n")
        os.utime(path, (1, 1))
        return result

    monkeypatch.setattr(delimited, "LARGE_FILE", 0)
    monkeypatch.setattr(delimited, "read_unpacked_bytes", read_and_change)
    assert list(read_roster(str(path)).texts["creator"].labels) == ["a"]


def test_a_pipe_is_read_once(tmp_path, monkeypatch):
    pipe = tmp_path / "roster.csv"
    os.mkfifo(pipe)
    monkeypatch.setattr(delimited, "LARGE_FILE", 0)
    writer = threading.Thread(target=pipe.write_text, args=[f"{HEADER}\na,beauty,5000,10,0.03\n"])
    writer.start()
    assert len(read_roster(str(pipe))) == 1
    writer.join()


TEXT = "creator,fee\nÅsa – €,5\n😀,6\n"


@pytest.mark.parametrize(
    ("data", "noted"),
    [
        (TEXT.encode("utf-8"), []),
        (TEXT.encode("utf-8-sig"), []),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), ["the text is UTF-16-LE"]),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), ["the text is UTF-16-BE"]),
        (TEXT.encode("utf-16-le"), ["the text is UTF-16-LE"]),
        (TEXT.encode("utf-16-be"), ["the text is UTF-16-BE"]),
        (TEXT.encode("utf-32"), ["the text is UTF-32-LE"]),
        (TEXT.encode("utf-32-le"), ["the text is UTF-32-LE"]),
        (TEXT.encode("utf-32-be"), ["the text is UTF-32-BE"]),
    ],
)
def test_the_encoding_is_detected_and_noted(data, noted):
    assert decode(data) == (TEXT.encode("utf-8"), noted)


def test_text_that_is_not_utf_8_is_cp1252():
    assert decode("Åsa – €\n".encode("cp1252")) == ("Åsa – €\n".encode(), ["the text is Windows-1252 (cp1252)"])


def test_bytes_that_cp1252_lacks_are_noted():
    data, notes = decode(b"\xc5sa \x81,5\n")
    assert data.decode() == "Åsa \ufffd,5\n"
    assert notes[1] == "1 character cannot be decoded and is shown as \ufffd"


def test_one_slip_in_utf_8_does_not_spoil_the_other_names():
    data, notes = decode("Åsa, Zoë, 😀".encode() + b" \xe9,5\n")
    assert data.decode() == "Åsa, Zoë, 😀 \ufffd,5\n"
    assert notes == ["1 character cannot be decoded and is shown as \ufffd"]


def test_half_a_character_at_the_end_is_noted():
    data, notes = decode(b"\xff\xfe" + "ab".encode("utf-16-le")[:-1])
    assert data.decode() == "a\ufffd"
    assert notes == ["the text is UTF-16-LE", "1 character cannot be decoded and is shown as \ufffd"]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"creator\0,5", "NUL bytes"),
        (b"PK\x03\x04\x14\0\0\0", "workbook"),
        (b"PAR1\x15\0", "Parquet"),
        (b"\xd0\xcf\x11\xe0\0\0", ".xls"),
        (b"\xff\xfea\0\0\0", "NUL bytes"),
    ],
)
def test_a_file_that_is_not_text_is_refused_with_its_format(data, what):
    with pytest.raises(RosterError, match=what) as caught:
        decode(data)
    assert caught.value.code == "file-not-text"


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(data):
    try:
        text, _ = decode(data)
    except RosterError:
        return
    assert "\0" not in text.decode("utf-8")


def repair(text, width=3, mark=",", row=2):
    faults = FaultLog()
    repaired, short = blank_malformed_rows(text, mark, width, row, faults)
    return repaired, short, [(fault.code, fault.row) for fault in faults.faults]


def test_well_formed_rows_are_unchanged():
    text = 'a,b,c\r\n"a, b","x\ny",c\r"q ""r""",,\n\na,b,c'
    assert repair(text) == (text, 0, [])


def test_a_row_with_too_many_cells_is_blanked():
    assert repair("a,b,c\na,b,c,d\na,b,c\n") == (f"a,b,c\n{EMPTY_ROW}a,b,c\n", 0, [("row-too-long", 3)])


def test_empty_cells_beyond_the_header_are_cut_off():
    assert repair('a,b,c,,\n"a, b",b,c,\n') == ('a,b,c\n"a, b",b,c\n', 0, [])


def test_spaces_beyond_the_header_are_cut_off_too():
    assert repair("a,b,c, ,\t\n,,  , ,\n") == ("a,b,c\n,,  \n", 0, [])


def test_rows_that_are_too_short_are_counted():
    assert repair("a\na,b\n\n \na,b,c\n")[1:] == (2, [])


@pytest.mark.parametrize(
    ("text", "bad", "good"),
    [
        ('"a,b,c\nd,e,f\n', [2], ["d,e,f"]),
        ('d,e,f\n"a,b,c\n', [3], ["d,e,f"]),
        ('"a,b,c\nd,e,f\n"g,h,i\nj,k,l\n', [2, 4], ["d,e,f", "j,k,l"]),
        ('a,"b\nc,d,e\n', [2], ["c,d,e"]),
        ('"a" b,"c\nd,e,f\n', [2], ["d,e,f"]),
        ('"a" b,c,d\n', [], ['"a" b,c,d']),
    ],
)
def test_an_open_quote_blanks_only_its_own_row(text, bad, good):
    repaired, _, noted = repair(text)
    assert noted == [("row-quote", row) for row in bad]
    assert [line for line in repaired.splitlines() if line != EMPTY_ROW.strip()] == good


def test_an_empty_row_after_a_carriage_return_is_a_separate_row():
    repaired, _, _ = repair("a,b,c\ra,b,c,d\na,b,c\n")
    assert [row[0] for row in csv.reader(io.StringIO(repaired, newline=""))] == ["a", "", "a"]


def test_a_row_spanning_lines_counts_once():
    assert repair('a,"x\ny\nz",c\na,b,c,d\n')[2] == [("row-too-long", 3)]


def test_a_cell_of_millions_of_letters_is_read():
    text = f'a,"{"x" * 20_000_000}",c\n'
    assert repair(text) == (text, 0, [])


@given(st.text('ab",;\n\r ', max_size=40))
def test_the_slow_reader_finds_the_same_rows(text):
    repaired, _, noted = repair(text, width=4)
    rows = parse_records(text, ",")
    long = [cells is not None and any(map(str.strip, cells[4:])) for cells in rows]
    assert noted == [
        ("row-quote" if cells is None else "row-too-long", row)
        for row, (cells, too) in enumerate(zip(rows, long, strict=True), start=2)
        if cells is None or too
    ]
    assert len(parse_records(repaired, ",")) == len(rows)


@pytest.mark.parametrize(("name", "holds"), [("@anna", False), ("instagram.com/anna", True)])
def test_a_file_without_slashes_is_known_to_hold_no_links(tmp_path, name, holds):
    path = tmp_path / "roster.csv"
    path.write_text(f"creator,followers,fee\n{name},5000,100\n")
    assert read_delimited(str(path), ReadOptions(), FaultLog()).has_slashes is holds
