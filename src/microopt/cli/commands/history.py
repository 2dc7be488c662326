"""`microopt history`: a campaign's plans night after night."""

from __future__ import annotations

import sys

import typer

from microopt.cli import options as o
from microopt.cli.error_boundary import boundary
from microopt.cli.exit_codes import Exit


def history(
    plans: o.Plans,
    last: o.Last = None,
    format: o.HistoryFormatName = o.HistoryFormat.TABLE,
    output: o.HistoryOutputs = None,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Show a campaign's plans from the first to the last: what each night changed, and what it was worth.

    Examples:

    microopt history .

    microopt history campaign.db --last 7

    microopt history plan.json --format csv -o history.csv
    """
    with boundary(as_json=format is o.HistoryFormat.JSON, verbose=verbose):
        from microopt.cli.commands.recalling import run

        code = run(plans, last, format, output or (), quiet, sys.stdout)
    if code is not Exit.OK:
        raise typer.Exit(code)
