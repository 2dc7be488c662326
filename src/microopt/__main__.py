"""`python -m microopt`, and the console script."""

from __future__ import annotations

import os
import sys

from microopt.cli.exit_codes import Exit
from microopt.cli.signals import quit_at_once


def main() -> None:
    """Run the command line; a scheduler's TERM is taken like Ctrl-C."""
    quit_at_once()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # no linear algebra here: its threads only cost a slower start
    from microopt.cli.app import app

    try:
        app(prog_name="microopt")
    except BrokenPipeError:  # the reader of our output has left, as in `microopt plan ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.OK)


if __name__ == "__main__":
    main()
