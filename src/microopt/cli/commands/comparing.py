"""What `microopt compare` does once its flags are read: tiers of a roster, or two plans."""

from __future__ import annotations

from typing import TextIO

import typer

from microopt.analysis.tiers.compare import compare
from microopt.cli import run_analysis as studying
from microopt.cli.commands.comparing_plans import compare_files, refuse_lone_plan
from microopt.cli.exit_codes import Exit
from microopt.cli.planning import Request, request_of
from microopt.rendering import comparison_renderer
from microopt.rendering.terminal.tiers import comparison_table


def run(context: typer.Context, out: TextIO, err: TextIO) -> Exit:
    """Make the comparison that is asked for, write it, show it, and return the exit code."""
    request, other = request_of(context.params), context.params["other"]
    if other is not None:
        return compare_files(context, request, other, out, err)
    refuse_lone_plan(request.roster)
    return _tiers(request, out, err)


def _tiers(request: Request, out: TextIO, err: TextIO) -> Exit:
    return studying.run(
        request,
        out,
        err,
        study=compare,
        renderer=comparison_renderer,
        table=comparison_table,
        done=lambda found: found.proven(request.gap),
    )
