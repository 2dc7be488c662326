"""`microopt compare`: each tier alone beside the mix, baskets for large creators' money; or two plan files."""

from __future__ import annotations

import sys

import typer

from microopt.cli import options as o
from microopt.cli.error_boundary import boundary
from microopt.cli.exit_codes import Exit
from microopt.cli.shared_options import with_plan_options


@with_plan_options
def compare(
    context: typer.Context,
    roster: o.RosterOrPlan,
    other: o.OtherPlan = None,
    format: o.CompareFormatName = o.CompareFormat.TABLE,
    output: o.CompareOutputs = None,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Hold micro alone, mega alone and every other tier against the mix of all, at equal budget.

    For each creator of the largest tier, too: the best that the same money buys of smaller ones.

    Of two plan files instead: who came, who left, what that changes, and why.

    Examples:

    microopt compare roster.csv --budget 20000

    microopt compare roster.csv -b 20k --goal conversions --tiers wide-micro

    microopt compare roster.csv -c campaign.toml --where platform:instagram -o compare.json

    microopt compare monday.json tuesday.json
    """
    with boundary(as_json=format is o.CompareFormat.JSON, verbose=verbose):
        from microopt.cli.commands.comparing import run

        code = run(context, sys.stdout, sys.stderr)
    if code is not Exit.OK:
        raise typer.Exit(code)
