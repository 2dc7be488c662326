"""Every error becomes a message and an exit code."""

import pytest
import typer

from microopt.cli.error_boundary import boundary
from microopt.cli.exit_codes import Exit
from microopt.errors import UnreportedError


class Panic(BaseException):
    """What a library in Rust raises where it fails in a way that it did not expect."""


@pytest.mark.parametrize("error", [Panic("index out of bounds"), ZeroDivisionError("by zero")])
def test_an_unexpected_error_is_a_defect_with_its_name_and_no_traceback(capsys, error):
    with pytest.raises(typer.Exit) as ended, boundary():
        raise error
    assert ended.value.exit_code == Exit.BUG
    told = capsys.readouterr().err
    assert told.startswith(f"Error: a defect of microopt: {type(error).__name__}: {error}")
    assert "Traceback" not in told


def test_an_interrupt_does_not_say_that_there_was_no_plan_where_one_was_read(capsys):
    with pytest.raises(typer.Exit) as ended, boundary():
        raise KeyboardInterrupt
    assert ended.value.exit_code == Exit.INTERRUPTED
    assert capsys.readouterr().err.startswith("Error: interrupted before there was a result: nothing was written")


@pytest.mark.parametrize("error", [SystemExit(3), typer.Exit(5), BrokenPipeError()])
def test_an_end_on_purpose_is_passed_on(capsys, error):
    with pytest.raises(type(error)) as ended, boundary():
        raise error
    assert ended.value is error
    assert capsys.readouterr() == ("", "")


def test_output_that_could_not_be_printed_is_not_told_on_the_same_output(capsys):
    with pytest.raises(typer.Exit) as ended, boundary(as_json=True):
        raise UnreportedError("cannot write to standard output: it is closed")
    assert ended.value.exit_code == Exit.UNREPORTED
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("Error: cannot write to standard output")
