"""What `microopt alternatives` does once its flags are read."""

from __future__ import annotations

from functools import partial
from typing import TextIO

from microopt.analysis.alternatives import alternatives, refuse_odd
from microopt.cli import run_analysis as studying
from microopt.cli.exit_codes import Exit
from microopt.cli.planning import Request
from microopt.rendering import alternatives_renderer
from microopt.rendering.terminal.alternatives import alternatives_table


def run(request: Request, count: int, differ: int, out: TextIO, err: TextIO) -> Exit:
    """Find the plans, write them, show them, and return the exit code."""
    refuse_odd(count, differ)  # before the roster is read
    return studying.run(
        request,
        out,
        err,
        study=partial(alternatives, count=count, differ=differ),
        renderer=alternatives_renderer,
        table=alternatives_table,
        done=lambda found: found.proven(request.gap),
    )
