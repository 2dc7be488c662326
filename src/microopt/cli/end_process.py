"""The end of a process of the command line: its memory goes back to the system as a whole."""

from __future__ import annotations

import atexit
import os
import sys
from typing import NoReturn


def end_process(code: int) -> NoReturn:
    """End the process with this exit code, after all that was registered for its end.

    Python would first look for garbage, then take apart each module, class and function: a fifth of the time of a plan
    of 1,000 creators. Nothing is lost: files are closed by whoever writes them, and only daemon threads are left.
    """
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
