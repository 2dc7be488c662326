"""What `microopt compare` does once its flags are read: load, compare, write, print."""

from __future__ import annotations

from typing import TextIO

from microopt.cli.console import screen_of, write, write_json
from microopt.cli.output import write_all
from microopt.cli.planning import Request, opened, tell_why
from microopt.cli.progress import Progress
from microopt.cli.signals import solving
from microopt.comparison import Comparison
from microopt.exits import Exit
from microopt.plan import Diagnosis
from microopt.renderers import comparison_renderer, format_of
from microopt.studies.compare import compare


def run(request: Request, out: TextIO, err: TextIO) -> Exit:
    """Make the comparison, write it, show it, and return the exit code."""
    renderers = {path: comparison_renderer(format_of(path)) for path in request.output or ()}
    with Progress(err, quiet=request.quiet, every=request.verbose) as progress:
        solver, roster, campaign, digest = opened(request, progress)
        limits = request.limits(progress.report)
        with solving():
            found = compare(roster, campaign, limits=limits, solver=solver, campaign_sha256=digest)
    if isinstance(found, Diagnosis):
        return tell_why(found, request, out, err)
    write_all({path: render(found) for path, render in renderers.items()})
    if not request.quiet:
        _show(found, request.format, out)
    return Exit.OK if found.proven(request.gap) else Exit.UNPROVEN


def _show(comparison: Comparison, format: str, out: TextIO) -> None:
    if format == "json":
        write_json(out, comparison_renderer(format)(comparison))
    else:
        from microopt.renderers.comparison_table import comparison_table

        write(out, comparison_table(comparison, screen_of(out)))
