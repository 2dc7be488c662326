"""`python -m microopt`, and the console script.

Everything else of the program is imported once signals end it: Ctrl-C during an import would end in a traceback.
"""

from __future__ import annotations

import os
import signal
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line and end the process."""
    _begin()
    from microopt.cli.end_process import end_process

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
    _begin()
    from microopt.cli.signals import quit_at_once
    from microopt.cli.standard_streams import guard_standard_streams
    from microopt.errors import UnreportedError
    from microopt.files.reading_clock import note_program_start

    note_program_start()
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


def _begin() -> None:
    """End silently at a signal until `microopt.cli.signals` takes over, and import without collecting garbage."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(INTERRUPTED))
    from microopt.cli.garbage_collection import collect_rarely

    collect_rarely()


def _have_a_home() -> None:
    """Name a home that cannot be written to where the user has none: altair asks for one when it is imported."""
    from pathlib import Path

    try:
        Path.home()
    except RuntimeError:  # neither $HOME nor an entry in the list of users
        os.environ["HOME"] = os.devnull


if __name__ == "__main__":
    main()
