"""Keep what native code prints off standard output."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

STDOUT = 1


@contextmanager
def suppress_stdout() -> Iterator[None]:
    """Discard what native code writes to standard output during the block: the plan goes there.

    HiGHS needs this: from 1.16 its first instance prints a banner before any option can prevent that.
    """
    try:
        saved = os.dup(STDOUT)
    except OSError:  # the process was started without a standard output
        yield
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, STDOUT)
    try:
        yield
    finally:
        os.dup2(saved, STDOUT)
        os.close(null)
        os.close(saved)
