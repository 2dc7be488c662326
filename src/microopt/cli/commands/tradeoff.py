"""`microopt tradeoff`: engagements against conversions, as a front to choose from."""

from __future__ import annotations

import sys

import typer

from microopt.cli import options as o
from microopt.cli.error_boundary import boundary
from microopt.cli.exit_codes import Exit
from microopt.cli.shared_options import with_plan_options


@with_plan_options
def tradeoff(
    context: typer.Context,
    roster: o.RosterPath,
    of: o.TradeoffOf = "engagements,conversions",
    steps: o.TradeoffSteps = 10,
    goal: o.Hidden = None,
    worth: o.HiddenList = None,
    target: o.HiddenList = None,
    ideals: o.Hidden = None,
    format: o.TradeoffFormatName = o.TradeoffFormat.TABLE,
    output: o.TradeoffOutputs = None,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Show what of one metric is given up for more of another: engagements against conversions, as a front.

    Each point is a plan of which it is proven that no plan has more of one without less of the other.

    Examples:

    microopt tradeoff roster.csv --budget 20000

    microopt tradeoff roster.csv -b 20k --of engagements,reach --steps 20

    microopt tradeoff roster.csv -c campaign.toml -o tradeoff.csv -o tradeoff.json
    """
    with boundary(as_json=format is o.TradeoffFormat.JSON, verbose=verbose):
        from microopt.cli.commands.weighing import run
        from microopt.cli.planning import request_of

        code = run(request_of(context.params), of, steps, sys.stdout, sys.stderr)
    if code is not Exit.OK:
        raise typer.Exit(code)
