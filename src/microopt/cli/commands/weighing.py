"""What `microopt tradeoff` does once its flags are read."""

from __future__ import annotations

from functools import partial
from typing import TextIO

from microopt.analysis.tradeoff.tradeoff import metrics_of, steps_of, tradeoff
from microopt.cli import run_analysis as studying
from microopt.cli.exit_codes import Exit
from microopt.cli.planning import Request
from microopt.errors import UsageError
from microopt.rendering import front_renderer
from microopt.rendering.terminal.tradeoff import front_table


def run(request: Request, of: str, steps: int, out: TextIO, err: TextIO) -> Exit:
    """Make the trade-off, write it, show it, and return the exit code."""
    _stop_at_goal(request)
    study = partial(tradeoff, of=metrics_of(of.split(",")), steps=steps_of(steps))
    return studying.run(
        request,
        out,
        err,
        study=study,
        renderer=front_renderer,
        table=front_table,
        done=lambda found: found.proven(request.gap),
    )


def _stop_at_goal(request: Request) -> None:
    given = {"--goal": request.goal, "--worth": request.worth, "--target": request.target, "--ideals": request.ideals}
    for flag, value in given.items():
        if value not in (None, [], ()):
            message = f"{flag} belongs to one goal; a trade-off has none: it shows all weights of two metrics"
            fix = f"leave {flag} out, and name the two metrics with --of, such as --of engagements,conversions"
            raise UsageError(message, fix=fix, code="tradeoff-goal")
