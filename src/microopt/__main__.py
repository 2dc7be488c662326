"""`python -m microopt`, and the console script."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from microopt.cli.end_process import end_process
from microopt.cli.garbage_collection import collect_rarely
from microopt.cli.signals import quit_at_once
from microopt.cli.standard_streams import guard_standard_streams
from microopt.errors import UnreportedError
from microopt.files.reading_clock import note_program_start


def main() -> None:
    """Run the command line and end the process."""
    try:
        run()
    except SystemExit as end:
        end_process(end.code if isinstance(end.code, int) else 0)


def run() -> None:
    """Run the command line; a scheduler's TERM is taken like Ctrl-C.

    Raises
    ------
    SystemExit
        With the exit code.
    """
    note_program_start()
    collect_rarely()
    quit_at_once()
    guard_standard_streams()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # no linear algebra here: its threads only cost a slower start
    _have_a_home()
    from microopt.cli.app import app

    try:
        app(prog_name="microopt")
    except UnreportedError as error:  # outside of a command: the help or the version could not be printed
        from microopt.cli.error_boundary import exit_code_of_error, show_error

        show_error(error)
        sys.exit(exit_code_of_error(error))


def _have_a_home() -> None:
    """Name a home that cannot be written to where the user has none: altair asks for one when it is imported."""
    try:
        Path.home()
    except RuntimeError:  # neither $HOME nor an entry in the list of users
        os.environ["HOME"] = os.devnull


if __name__ == "__main__":
    main()
