"""What is shown of work that takes long, and where nothing is."""

import io
from fractions import Fraction
from time import sleep

import pytest

from microopt.cli import progress as module
from microopt.cli.progress import Progress
from tests.cli.test_console import Terminal


@pytest.fixture
def soon(monkeypatch):
    """Let a hundredth of a second be long."""
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    monkeypatch.setattr(module, "TICK", 0.01)


def progress_output(out, *reports, until="", **options):
    """Return what a progress line writes of some reports, once it has said something or for a while."""
    with Progress(out, **options) as progress:
        progress.start -= 10
        for report in reports:
            progress.report(*report)
        for _ in range(300):
            if until and until in out.getvalue():
                break
            sleep(0.01 if until else 0.001)
    return out.getvalue()


@pytest.mark.usefixtures("soon")
def test_progress_is_one_line_on_a_terminal_that_is_cleared_at_the_end(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    text = progress_output(Terminal(), ("solving", 90, 100), until="solving", quiet=False)
    assert "solving: 10 s, best plan 90, bound 100, gap 10.000% (Ctrl-C keeps the best plan so far)" in text
    assert text.endswith("\r\x1b[2K")
    assert "\n" not in text


@pytest.mark.usefixtures("soon")
def test_a_line_goes_on_while_nothing_is_reported():
    assert progress_output(Terminal(), ("reading", None, None), until="reading: 10 s\r\x1b[2Kreading: 1", quiet=False)


@pytest.mark.usefixtures("soon")
def test_a_line_is_no_longer_than_the_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "12")
    text = progress_output(Terminal(), ("solving", 90, 100), until="solving", quiet=False)
    assert {len(line) for line in text.split("\r\x1b[2K")} == {0, 11}


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (100, ", best plan 90,000, bound 100,000, gap 10.000% (Ctrl-C keeps the best plan so far)"),
        (80, ", best plan 90,000, bound 100,000, gap 10.000% (Ctrl-C keeps it)"),
        (60, ", best plan 90,000, bound 100,000, gap 10.000%"),
        (50, ", best plan 90,000, gap 10.000%"),
        (30, ", gap 10.000%"),
        (15, ""),
    ],
)
def test_a_line_leaves_out_whole_parts_where_it_is_too_long(width, shown, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    text = progress_output(Terminal(), ("solving", 90_000, 100_000), until="solving", quiet=False)
    assert {line.partition(" s")[2] for line in text.split("\r\x1b[2K") if line} == {shown}


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(("out", "quiet"), [(io.StringIO(), False), (Terminal(), True)], ids=["pipe", "quiet"])
def test_there_is_no_progress_on_a_pipe_or_where_quiet_is_asked(out, quiet):
    assert progress_output(out, ("solving", 90, 100), quiet=quiet) == ""


def test_what_takes_under_a_second_shows_nothing():
    out = Terminal()
    with Progress(out, quiet=False) as progress:
        progress.report("solving")
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("value", "bound", "expected"),
    [
        (None, None, ""),
        (None, Fraction(5, 4), ", bound 1.25"),
        (Fraction(3_588_526), Fraction(3_590_000), ", best plan 3,588,526, bound 3,590,000, gap 0.041%"),
        (-300, -200, ", best plan -300, bound -200, gap 50.000%"),
        (0, 0, ", best plan 0, bound 0, gap 0%"),
        (99_999_999, 100_000_000, ", best plan 99,999,999, bound 100,000,000, gap under 0.001%"),
    ],
)
def test_every_report_is_a_line_where_that_is_asked(value, bound, expected):
    out = io.StringIO()
    with Progress(out, quiet=False, verbose=True) as progress:
        progress.report("plan, prices", value, bound)
    assert out.getvalue().startswith("plan, prices: 0.0")
    assert out.getvalue().endswith(f" s{expected}\n")


@pytest.mark.usefixtures("soon")
def test_a_phase_may_be_called_by_the_name_of_any_column():
    assert progress_output(
        Terminal(), ("best possible {score}", None, None), until="best possible {score}: 10 s", quiet=False
    )
