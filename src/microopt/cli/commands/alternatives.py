"""`microopt alternatives`: the next best plans, for when a creator declines, and who is in all of them."""

from __future__ import annotations

import sys

import typer

from microopt.cli import options as o
from microopt.cli.error_boundary import boundary
from microopt.cli.exit_codes import Exit
from microopt.cli.shared_options import with_plan_options


@with_plan_options
def alternatives(
    context: typer.Context,
    roster: o.RosterPath,
    count: o.Count = 5,
    differ: o.Differ = 1,
    format: o.AlternativesFormatName = o.CompareFormat.TABLE,
    output: o.CompareOutputs = None,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Find the best plan and the next best ones, each with other creators and proven.

    Each leaves out creators of every plan before it. What it loses by that is shown, and who is in how many of them:
    whoever is in all is safe to book.

    Examples:

    microopt alternatives roster.csv --budget 20000

    microopt alternatives roster.csv -b 20k --count 3 --differ 2 -o alternatives.json

    microopt alternatives roster.csv -c campaign.toml --goal conversions
    """
    with boundary(as_json=format is o.CompareFormat.JSON, verbose=verbose):
        from microopt.cli.commands.differing import run
        from microopt.cli.planning import request_of

        code = run(request_of(context.params), count, differ, sys.stdout, sys.stderr)
    if code is not Exit.OK:
        raise typer.Exit(code)
