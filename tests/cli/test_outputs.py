"""Writing plans to files."""

import io
import sys

import pytest

from microopt.cli.outputs import say_written


class Stream(io.StringIO):
    def __init__(self, terminal):
        super().__init__()
        self._terminal = terminal

    def isatty(self):
        return self._terminal


@pytest.mark.parametrize(
    ("paths", "terminal", "said"),
    [
        (["plan.json", "plan.xlsx"], True, "Wrote plan.json and plan.xlsx.\n"),
        ([], True, ""),
        (["plan.json"], False, ""),
    ],
)
def test_which_files_were_written_is_said_on_a_terminal_alone(paths, terminal, said, monkeypatch):
    stream = Stream(terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    say_written(paths)
    assert stream.getvalue() == said
