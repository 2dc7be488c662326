"""What a stream can show, and writing to it."""

import io
import json
import os
from pathlib import Path

import pytest

from microopt.cli.console import screen_for, write, write_json


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def stream(encoding):
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


def test_a_reader_that_has_left_is_no_error_now_or_later():
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as out:
        write(out, "a line\n")
        assert Path(f"/dev/fd/{writer}").samefile(os.devnull)
        write(out, "another line\n")
    assert out.closed


def test_what_a_stream_cannot_encode_is_a_question_mark():
    out = stream("ascii")
    write(out, "café\n")
    assert out.buffer.getvalue() == b"caf?\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8", "utf-16"])
def test_json_keeps_its_values_in_every_encoding(encoding):
    value = {"creator": "@é漢🎉", "quote": '"\\'}
    out = stream(encoding)
    write_json(out, json.dumps(value, ensure_ascii=False))
    assert json.loads(out.buffer.getvalue().decode(encoding)) == value


@pytest.mark.parametrize(("columns", "width"), [("80", 80), ("", 120), ("7", 40), ("x", 120)])
def test_a_pipe_is_as_wide_as_columns_or_120_and_without_colour(monkeypatch, columns, width):
    monkeypatch.setenv("COLUMNS", columns)
    screen = screen_for(io.StringIO())
    assert (screen.width, screen.color) == (width, False)


@pytest.mark.parametrize(
    ("name", "value", "colour"), [("TERM", "xterm", True), ("TERM", "dumb", False), ("NO_COLOR", "1", False)]
)
def test_a_terminal_has_colour_unless_it_is_not_wanted(monkeypatch, name, value, colour):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    assert screen_for(Terminal()).color is colour
