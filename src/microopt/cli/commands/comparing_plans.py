"""What `microopt compare A.json B.json` does once its flags are read."""

from __future__ import annotations

from typing import TextIO

import typer

from microopt.analysis.plan_diff.compare_plans import compare_plans
from microopt.cli.exit_codes import Exit
from microopt.cli.outputs import check_targets
from microopt.cli.planning import Request
from microopt.cli.progress import Progress
from microopt.cli.showing import show
from microopt.errors import UsageError
from microopt.quantities.parse_and_format import read_size
from microopt.rendering import format_of, plan_comparison_renderer
from microopt.rendering.terminal.plan_diff import plan_comparison_table
from microopt.storage.atomic_write import write_files

TAKEN = ("roster", "other", "max_unpacked", "format", "output", "quiet", "verbose")


def compare_files(context: typer.Context, request: Request, other: str, out: TextIO, err: TextIO) -> Exit:
    """Compare two plan files, write that, show it, and return the exit code.

    Raises
    ------
    UsageError
        If an option is given that says how to plan, or one of the files is no plan.
    """
    _refuse_options(context)
    check_targets(request.output or (), (request.roster, other))
    renderers = {path: plan_comparison_renderer(format_of(path)) for path in request.output or ()}
    with Progress(err, quiet=request.quiet, every=request.verbose) as progress:
        unpacked = read_size(request.max_unpacked)
        found = compare_plans(request.roster, other, max_unpacked=unpacked, report=progress.report)
    write_files({path: render(found) for path, render in renderers.items()})
    if not request.quiet:
        show(found, request.format, out, renderer=plan_comparison_renderer, table=plan_comparison_table)
    return Exit.OK


def _refuse_options(context: typer.Context) -> None:
    given = [
        parameter.opts[0]
        for parameter in context.command.params
        if parameter.name not in TAKEN and _is_given(context, parameter.name)
    ]
    if given:
        told = f"{' and '.join(given)} {'says' if len(given) == 1 else 'say'} how to plan"
        fix = f"leave {'it' if len(given) == 1 else 'them'} out, or give one roster instead of two plans"
        raise UsageError(f"{told}, and two plans are compared as they are", fix=fix)


def _is_given(context: typer.Context, name: str | None) -> bool:
    source = None if name is None else context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def refuse_lone_plan(path: str) -> None:
    """Refuse a plan where a roster is asked for: no roster is a JSON file.

    Raises
    ------
    UsageError
        If the file's name says that it is one.
    """
    if path.casefold().endswith(".json"):
        fix = f"give the plan to compare it with: microopt compare {path} other.json"
        raise UsageError(f"{path} is no roster: compare takes one roster, or two plans", fix=fix)
