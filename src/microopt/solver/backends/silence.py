"""Keep what a library prints at the level of the process off standard output, where the plan goes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

STDOUT = 1


@contextmanager
def suppress_stdout() -> Iterator[None]:
    """Send what is written to standard output meanwhile nowhere.

    HiGHS needs it: from 1.16 its first instance prints a banner, before any option can forbid that.
    """
    try:
        kept = os.dup(STDOUT)
    except OSError:  # the process was started without a standard output: nothing can reach it
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDOUT)
    try:
        yield
    finally:
        os.dup2(kept, STDOUT)
        os.close(nowhere)
        os.close(kept)
