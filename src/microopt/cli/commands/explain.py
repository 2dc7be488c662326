"""`microopt explain`: why a creator is in the plan or not, and the fee at which that changes."""

from __future__ import annotations

import sys

import typer

from microopt.cli import options as o
from microopt.cli.error_boundary import boundary
from microopt.cli.exit_codes import Exit
from microopt.cli.shared_options import with_plan_options


@with_plan_options
def explain(
    context: typer.Context,
    plan: o.PlanOrRoster,
    who: o.CreatorNames = None,
    all_picks: o.AllPicks = False,
    roster: o.RosterOfPlan = None,
    format: o.CompareFormatName = o.CompareFormat.TABLE,
    output: o.CompareOutputs = None,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Say why creators are in the plan or not: what the plan loses if it were otherwise, and who has the money.

    The break-even fee is the highest at which a creator is in, to the cent: what you can still agree to, or what an
    offer must come down to. PLAN is a plan file; with a roster and plan's options instead, the plan is made first.

    Examples:

    microopt explain plan.json @anna @ben

    microopt explain plan.json --all

    microopt explain roster.csv @anna --budget 20000
    """
    with boundary(as_json=format is o.CompareFormat.JSON, verbose=verbose):
        from microopt.cli.commands.explaining import run

        code = run(context.params, sys.stdout, sys.stderr)
    if code is not Exit.OK:
        raise typer.Exit(code)
