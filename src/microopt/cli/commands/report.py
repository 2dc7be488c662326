"""`microopt report`: a plan file as one page that can be sent: charts, a table to sort, other budgets."""

from __future__ import annotations

import sys

import typer

from microopt.cli import options as o
from microopt.cli.error_boundary import boundary
from microopt.cli.exit_codes import Exit


def report(
    plan: o.PlanPath,
    roster: o.RosterOfPlan = None,
    max_unpacked: o.MaxUnpacked = "4G",
    steps: o.ReportSteps = 20,
    time_limit: o.TimeLimit = 60.0,
    solver: o.SolverName = o.Solver.CBC,
    output: o.ReportOutputs = None,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Write a plan file as one HTML page to send: headline figures, the mix, every creator, what other budgets buy.

    The page needs no network and opens from a mail. Where the roster is gone, it is made of the plan file alone.

    Examples:

    microopt report plan.json

    microopt report plan.json --roster lists/roster.csv -o spring.html -o spring.xlsx
    """
    with boundary(verbose=verbose):
        from microopt.cli.commands.reporting import ReportOptions, run

        wanted = ReportOptions(
            plan=plan,
            roster=roster,
            max_unpacked=max_unpacked,
            steps=steps,
            time_limit=time_limit,
            solver=solver,
            output=output or (),
            quiet=quiet,
            verbose=verbose,
        )
        code = run(wanted, sys.stdout, sys.stderr)
    if code is not Exit.OK:
        raise typer.Exit(code)
