"""The one error boundary: every error becomes a message and an exit code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import typer

from microopt.cli.console import screen_for, write, write_json
from microopt.cli.exit_codes import Exit
from microopt.cli.resources import find_exhaustion, show_plainly
from microopt.errors import (
    AuditError,
    BackendError,
    CampaignError,
    MicrooptError,
    OutputError,
    ResourceError,
    RosterError,
    TimeLimitError,
    UnreportedError,
    UsageError,
)

CODES: dict[type[MicrooptError], Exit] = {
    UsageError: Exit.USAGE,
    CampaignError: Exit.USAGE,
    OutputError: Exit.USAGE,
    UnreportedError: Exit.UNREPORTED,
    ResourceError: Exit.NO_PLAN,
    TimeLimitError: Exit.NO_PLAN,
    RosterError: Exit.ROSTER,
    BackendError: Exit.SOLVER,
    AuditError: Exit.SOLVER,
}


def exit_code_of_error(error: MicrooptError) -> Exit:
    """Return the exit code of an error: that of its class, or of the nearest class above it."""
    return next((CODES[kind] for kind in type(error).__mro__ if kind in CODES), Exit.BUG)


@contextmanager
def boundary(
    *, as_json: bool = False, annotate: str | None = None, verbose: bool = False, all_faults: bool = False
) -> Iterator[None]:
    """Turn what is raised inside into a message and an exit.

    Parameters
    ----------
    as_json
        Errors are an object on standard output; else, and where that cannot be written, a message on standard error.
    annotate
        Errors are GitHub workflow annotations of this file on standard output, too.
    verbose
        Show the traceback too.
    all_faults
        List every fault, not the first ten.
    """
    try:
        yield
    except MicrooptError as raised:
        error = (find_exhaustion(raised) or raised) if isinstance(raised, BackendError) else raised
        if verbose:
            traceback.print_exc()
        if annotate is not None:
            from microopt.rendering.github_annotations import error_annotations

            with suppress(UnreportedError):  # the error itself follows, and counts
                write(sys.stdout, error_annotations(error, annotate), instructs=True)
        show_error(error, as_json, all_faults)
        raise typer.Exit(exit_code_of_error(error)) from None
    except KeyboardInterrupt:
        stopped = MicrooptError("interrupted before there was a result: nothing was written", code="interrupted")
        show_error(stopped, as_json, all_faults)
        raise typer.Exit(Exit.INTERRUPTED) from None
    except (BrokenPipeError, typer.Exit, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of a library in Rust is no Exception
        if verbose:
            traceback.print_exc()
        unexpected = find_exhaustion(error) or MicrooptError(
            f"a defect of microopt: {type(error).__name__}: {error}",
            fix="run it again with --verbose and report what it prints",
            code="bug",
        )
        show_error(unexpected, as_json, all_faults)
        raise typer.Exit(exit_code_of_error(unexpected)) from None


def show_error(error: MicrooptError, as_json: bool = False, all_faults: bool = False) -> None:
    """Print an error: as an object where that is asked for and can be, else as a message on standard error."""
    try:
        _show_error(error, as_json, all_faults)
    except Exception as failure:
        if find_exhaustion(failure) is None:
            raise
        show_plainly(error, as_json)


def _show_error(error: MicrooptError, as_json: bool, all_faults: bool) -> None:
    if isinstance(error, ResourceError):
        show_plainly(error, as_json)
        return
    if as_json and not isinstance(error, UnreportedError):
        from microopt.rendering.data.json import object_json

        with suppress(UnreportedError):
            write_json(sys.stdout, object_json(error))
            return
    from microopt.rendering.terminal.diagnosis_and_errors import error_text

    write(sys.stderr, error_text(error, screen_for(sys.stderr), all_faults=all_faults))
