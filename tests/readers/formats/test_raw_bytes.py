"""Bytes from a file, gzip or standard input, files refused before they are unpacked, and background work."""

from __future__ import annotations

import gzip
import io
import os
import sys
import threading
import time
import tracemalloc
from hashlib import sha256

import pytest

from microopt.errors import RosterError
from microopt.readers.formats.raw_bytes import check_unpacked_size, read_unpacked_bytes, run_in_background
from microopt.readers.roster import read_roster
from tests.readers.builders import read, roster_error

TEXT = b"creator,followers,fee\na,5,1\n"
LIMIT = 1 << 40


@pytest.fixture
def path(tmp_path):
    def path(data):
        (tmp_path / "roster.csv").write_bytes(data)
        return str(tmp_path / "roster.csv")

    return path


def error_code(path, limit=LIMIT):
    with pytest.raises(RosterError) as caught:
        read_unpacked_bytes(path, limit)
    assert caught.value.fix
    return caught.value.code


def test_bytes_come_with_their_digest(path):
    data, digest = read_unpacked_bytes(path(TEXT), LIMIT)
    assert (data, digest()) == (TEXT, sha256(TEXT).hexdigest())


def test_the_digest_of_a_gzip_file_is_that_of_the_packed_bytes(path):
    packed = gzip.compress(TEXT)
    data, digest = read_unpacked_bytes(path(packed), LIMIT)
    assert (data, digest()) == (TEXT, sha256(packed).hexdigest())


def test_gzip_is_recognized_by_its_bytes_not_by_its_name():
    assert len(read(gzip.compress(TEXT), name="roster.csv")) == 1
    assert len(read(TEXT, name="roster.csv.gz")) == 1


@pytest.mark.parametrize("size", [1, 1 << 20, (1 << 20) + 1, 5_000_000])
def test_gzip_of_any_size_is_unpacked_completely(path, size):
    data = os.urandom(1 << 16) * (size // (1 << 16)) + b"x" * (size % (1 << 16))
    assert read_unpacked_bytes(path(gzip.compress(data)), LIMIT)[0] == data


def test_members_are_joined_and_padding_is_left_out(path):
    packed = b"".join(map(gzip.compress, [TEXT, b"", b"b,6,2\n"])) + b"\0" * 100
    assert read_unpacked_bytes(path(packed), LIMIT)[0] == TEXT + b"b,6,2\n"


def test_a_gzip_file_of_many_small_members_is_unpacked_in_time(path):
    """For each of them a megabyte was copied: 300,000, of 6 MB, took minutes."""
    packed = gzip.compress(b"") * 100_000 + gzip.compress(TEXT)
    start = time.process_time()
    assert read_unpacked_bytes(path(packed), LIMIT)[0] == TEXT
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: packed[:-1],
        lambda packed: packed[:-9],
        lambda packed: packed[:12],
        lambda packed: packed[:2],
        lambda packed: packed[:-6] + b"abcdef",
        lambda packed: packed + b"more",
        lambda packed: packed + packed[:-3],
        lambda packed: packed[:15] + b"\xff\xff\xff" + packed[18:],
    ],
)
def test_damaged_gzip_is_refused(path, damage):
    assert error_code(path(damage(gzip.compress(TEXT * 50)))) == "file-damaged"


def test_a_bomb_is_refused_before_it_is_unpacked(path):
    packed = b"".join([gzip.compress(bytes(64 << 20), 9)] * 16)  # 1 GB from 1 MB: 200 times that is the most
    tracemalloc.start()
    try:
        assert error_code(path(packed)) == "file-bomb"
        assert tracemalloc.get_traced_memory()[1] < 256 << 20
    finally:
        tracemalloc.stop()


def test_the_limit_can_be_set():
    rows = b"".join(b"c%d,5,1\n" % number for number in range(100))
    packed = gzip.compress(TEXT + rows)
    assert roster_error(packed, "roster.csv.gz", max_unpacked=500).code == "file-bomb"
    assert len(read(packed, "roster.csv.gz", max_unpacked=5_000)) == 101


@pytest.mark.parametrize(
    ("packed", "unpacked", "limit", "refuses"),
    [
        (1, 64 << 20, LIMIT, False),
        (1 << 20, 200 << 20, LIMIT, False),
        (1 << 20, (200 << 20) + 1, LIMIT, True),
        (1 << 20, 1 << 10, 1 << 9, True),
        (511_000, 521 << 20, LIMIT, True),
    ],
)
def test_a_file_that_unpacks_to_too_much_is_refused(packed, unpacked, limit, refuses):
    if refuses:
        with pytest.raises(RosterError, match="is not read"):
            check_unpacked_size("r", packed, unpacked, limit)
    else:
        check_unpacked_size("r", packed, unpacked, limit)


@pytest.mark.parametrize("data", [b"", b" \n\r\t", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_refused(path, data):
    assert error_code(path(data)) == "file-empty"


def test_a_missing_file_names_the_folder_that_was_searched(tmp_path):
    with pytest.raises(RosterError) as caught:
        read_unpacked_bytes(str(tmp_path / "none.csv"), LIMIT)
    assert caught.value.code == "file-missing"
    assert "microopt init" in caught.value.fix


def test_a_folder_without_parquet_is_refused(tmp_path):
    assert error_code(str(tmp_path)) == "file-folder"


def test_an_impossible_file_name_is_refused():
    assert error_code("x" * 5_000) == "file-unreadable"


def test_standard_input_is_read(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT)))
    roster = read_roster("-")
    assert (roster.source.path, len(roster)) == ("-", 1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "standard input is empty"),
        (b" \n", "standard input is empty"),
        (b"abc\n1\n", "standard input: 3 problems found"),
        (b'{"a": 1}', "standard input is JSON, not a table"),
        (b"\x1f\x8bzzz", "standard input is a damaged gzip file"),
        (b"PK\x03\x04" + bytes(99), "standard input is a workbook or another zip file"),
        (b"a" * 1_001 + b",b\n1,2\n", "the header of column 1 of standard input, in row 1, has more than 1,000"),
    ],
)
def test_what_is_wrong_with_standard_input_is_not_told_of_a_dash(data, message, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    with pytest.raises(RosterError) as caught:
        read_roster("-")
    assert caught.value.message.startswith(message)
    assert "rename" not in caught.value.fix
    assert "gzip -t" not in caught.value.fix


def test_large_work_runs_in_a_thread():
    assert run_in_background(threading.current_thread, 5, 5)() is not threading.main_thread()


def test_small_work_is_done_when_its_result_is_asked_for():
    done = []
    wait = run_in_background(lambda: done.append(threading.current_thread()), 4, 5)
    assert not done
    wait()
    assert done == [threading.main_thread()]


def test_an_error_in_a_thread_is_raised_to_the_waiting_caller():
    def fail():
        raise ValueError("no")

    waiting = run_in_background(fail, 5, 5)
    with pytest.raises(ValueError, match="no"):
        waiting()


def test_a_pipe_among_the_files_of_a_folder_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.parquet")
    with pytest.raises(RosterError, match=r"a\.parquet cannot be read: it is not a regular file"):
        read_roster(str(tmp_path))
    with pytest.raises(RosterError, match=r"a\.parquet cannot be read: it is not a regular file"):
        read_roster(str(tmp_path / "*.parquet"))
