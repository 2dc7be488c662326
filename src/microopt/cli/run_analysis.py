"""What a command does that asks a study of plan's options: load, ask, write, print."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO, TypeVar

from microopt.cli.exit_codes import Exit
from microopt.cli.planning import Request, load_inputs, report_infeasible
from microopt.cli.progress import Progress
from microopt.cli.showing import show
from microopt.cli.signals import solving
from microopt.plan.plan import Diagnosis
from microopt.rendering import format_of
from microopt.rendering.terminal.screen import Screen
from microopt.storage.atomic_write import write_files

T = TypeVar("T")


def run(
    request: Request,
    out: TextIO,
    err: TextIO,
    *,
    study: Callable[..., T | Diagnosis],
    renderer: Callable[[str], Callable[[T], str | bytes]],
    table: Callable[[T, Screen], str],
    done: Callable[[T], bool],
) -> Exit:
    """Ask, write, show, and return the exit code.

    Parameters
    ----------
    study
        Called with roster and campaign, and `limits`, `solver`, `campaign_sha256`.
    renderer
        By the name of a format: what writes an answer, as text or as the bytes of a file.
    table
        Writes it for a screen.
    done
        Whether all of the answer is proven, or as near as was asked for.
    """
    renderers = {path: renderer(format_of(path)) for path in request.output or ()}
    with Progress(err, quiet=request.quiet, every=request.verbose) as progress:
        solver, roster, campaign, digest = load_inputs(request, progress)
        limits = request.limits(progress.report)
        with solving():
            found = study(roster, campaign, limits=limits, solver=solver, campaign_sha256=digest)
    if isinstance(found, Diagnosis):
        return report_infeasible(found, request.format, out, err)
    write_files({path: render(found) for path, render in renderers.items()})
    if not request.quiet:
        show(found, request.format, out, renderer=renderer, table=table)
    return Exit.OK if done(found) else Exit.UNPROVEN
