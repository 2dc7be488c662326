"""The clock of a time limit counts the start of the program, and no waiting for the first byte."""

import time

import pytest

from microopt.files import reading_clock
from microopt.files.reading_clock import ReadingClock, note_program_start


@pytest.fixture
def program(monkeypatch):
    monkeypatch.setattr(reading_clock, "_program_start", None)


def test_the_first_byte_starts_it(program):
    clock = ReadingClock()
    time.sleep(0.1)
    clock.note_byte()
    start = clock.start
    clock.note_byte()
    assert clock.start == start
    assert time.perf_counter() - start < 0.1


def test_what_the_program_took_until_its_command_began_counts_and_waiting_does_not(program):
    note_program_start()
    time.sleep(0.2)
    clock = ReadingClock()
    time.sleep(0.4)
    clock.note_byte()
    assert 0.2 <= time.perf_counter() - clock.start < 0.4


def test_what_a_command_does_before_it_reads_counts_too(program, monkeypatch):
    now = iter([100.0, 101.0, 104.0, 110.0])  # start, the command begins, it begins to read, the first byte
    monkeypatch.setattr(reading_clock, "perf_counter", lambda: next(now))
    note_program_start()
    clock, starts = ReadingClock(), []
    with clock.at_start(starts.append):
        clock.note_byte()
    assert starts == [clock.start] == [106.0]  # four seconds before the byte: those six until it came were waiting
