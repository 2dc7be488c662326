"""What `microopt frontier` does once its flags are read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, TextIO

from microopt.analysis.frontier.frontier import budgets_of, frontier
from microopt.cli import run_analysis as studying
from microopt.cli.exit_codes import Exit
from microopt.cli.planning import request_of
from microopt.errors import UsageError
from microopt.quantities.parse_and_format import read_money
from microopt.rendering import frontier_renderer
from microopt.rendering.terminal.frontier import frontier_table

FIX = "give the lowest and the highest, such as --budget 5k..50k"


def run(params: Mapping[str, Any], out: TextIO, err: TextIO) -> Exit:
    """Make the frontier, write it, show it, and return the exit code."""
    low, high = budgets(params["budget"])
    budgets_of(low or 1, 2 if high is None else read_money(high), params["steps"])  # before anything is read
    request = request_of({**params, "budget": high})
    return studying.run(
        request,
        out,
        err,
        study=partial(frontier, low=low, steps=params["steps"]),
        renderer=frontier_renderer,
        table=frontier_table,
        done=lambda found: found.proven(request.gap),
    )


def budgets(written: str | None) -> tuple[int | None, str | None]:
    """Return the lowest budget in cents and the highest as it is written, of a range such as `5k..50k`.

    Raises
    ------
    UsageError
        If it is no range of money.
    """
    if written is None:
        return None, None
    low, dots, high = written.partition("..")
    if not (dots and low.strip() and high.strip()):
        raise UsageError(f"a frontier is of a range of budgets, {written!r} is none", fix=FIX, code="budget-range")
    return read_money(low), high
