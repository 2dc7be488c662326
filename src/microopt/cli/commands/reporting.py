"""What `microopt report` does once its flags are read: reopen, ask, write."""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf, isnan
from pathlib import Path
from typing import TextIO

from msgspec import Struct

from microopt.analysis.frontier.frontier import check_frontier_steps
from microopt.analysis.report import Report, report_from_file
from microopt.cli.attachments import attachment_formats
from microopt.cli.console import write
from microopt.cli.exit_codes import Exit
from microopt.cli.outputs import check_targets
from microopt.cli.progress import Progress
from microopt.cli.signals import solving
from microopt.errors import UsageError
from microopt.quantities.parse_and_format import parse_size
from microopt.rendering import format_from_path, report_renderer
from microopt.rendering.sanitize import plain_text
from microopt.solver.backends.base import load_backend
from microopt.solver.result import SolveLimits
from microopt.storage.atomic_write import write_files


class ReportOptions(Struct, frozen=True, kw_only=True):
    """The flags of `microopt report`, as written, under their own names."""

    plan: str
    roster: str | None
    max_unpacked: str
    steps: int
    time_limit: float
    solver: str
    output: Sequence[str]
    quiet: bool
    verbose: bool


def run(wanted: ReportOptions, out: TextIO, err: TextIO) -> Exit:
    """Make the report, write it to every target, say where, and return the exit code."""
    targets = _targets(wanted)
    check_targets(targets, (wanted.plan, wanted.roster))
    renders = {target: report_renderer(format_from_path(target)) for target in targets}
    check_frontier_steps(wanted.steps)
    attachment_formats(targets)
    with Progress(err, quiet=wanted.quiet, every=wanted.verbose) as progress, solving():
        progress.report("reading the plan and its roster")
        seconds = None if isinf(wanted.time_limit) else wanted.time_limit
        limits = SolveLimits(seconds=seconds, report=progress.report)
        found = report_from_file(
            wanted.plan,
            wanted.roster,
            steps=wanted.steps,
            limits=limits,
            solver=load_backend(wanted.solver),
            max_unpacked=parse_size(wanted.max_unpacked),
        )
    write_files({target: render(found) for target, render in renders.items()})
    for told in _warnings(found):
        write(err, f"Warning: {plain_text(told)}.\n")
    if not wanted.quiet:
        write(out, "".join(f"{plain_text(target)}: {_holds(found)}.\n" for target in renders))
    return Exit.OK if found.frontier is None or found.frontier.proven() else Exit.UNPROVEN


def _targets(wanted: ReportOptions) -> Sequence[str]:
    """Return where the report goes.

    Raises
    ------
    UsageError
        If nothing says so, or the time limit is no number.
    """
    if isnan(wanted.time_limit):
        fix = "give a number such as 60, or leave the flag out"
        raise UsageError(f"--time-limit {wanted.time_limit} is not a number", fix=fix)
    if wanted.output:
        return wanted.output
    if wanted.plan == "-":
        raise UsageError("a plan from standard input has no name for its page", fix="give one: -o plan.html")
    return [str(Path(wanted.plan).with_suffix(".html"))]


def _warnings(found: Report) -> list[str]:
    alone = [f"made from the plan file alone: {found.missing}"] if found.missing else []
    return [*found.warnings, *alone]


def _holds(found: Report) -> str:
    """Return what the page shows, in a few words."""
    creators = found.plan.totals.creators
    told = f"{creators:,} creator{'' if creators == 1 else 's'}"
    if found.frontier is None:
        return told
    looked = sum(point.totals is not None for point in found.frontier.points)
    doubt = "" if found.frontier.proven() else ", not all proven: a longer --time-limit helps"
    return f"{told}, plans of {looked:,} budgets{doubt}"
