"""`microopt frontier`: what more budget buys, as a table, a chart and data."""

from __future__ import annotations

import sys

import typer

from microopt.cli import options as o
from microopt.cli.error_boundary import boundary
from microopt.cli.exit_codes import Exit
from microopt.cli.shared_options import with_plan_options


@with_plan_options
def frontier(
    context: typer.Context,
    roster: o.RosterPath,
    budget: o.BudgetRange = None,
    steps: o.Steps = 20,
    format: o.TableDataFormat = o.ForecastFormat.TABLE,
    output: o.FrontierOutputs = None,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Show what each of several budgets buys at best, and what the next dollar buys.

    All budgets are measured alike: balanced is by the ideals of the highest. Without --budget the range is from a
    quarter of the campaign's budget to its double. With --worth it says where spending stops being worth it.

    Examples:

    microopt frontier roster.csv --budget 5k..50k

    microopt frontier roster.csv -b 5k..50k --steps 10 --worth conversions=30 --worth engagements=0.05

    microopt frontier roster.csv -c campaign.toml -b 10k..40k -o frontier.csv
    """
    with boundary(as_json=format is o.ForecastFormat.JSON, verbose=verbose):
        from microopt.cli.commands.frontiers import run

        code = run(context.params, sys.stdout, sys.stderr)
    if code is not Exit.OK:
        raise typer.Exit(code)
