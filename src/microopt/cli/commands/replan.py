"""`microopt replan`: every night, the plan of a campaign that runs."""

from __future__ import annotations

import sys

import typer

from microopt.cli import options as o
from microopt.cli import replan_options as r
from microopt.cli.error_boundary import boundary
from microopt.cli.exit_codes import Exit


def replan(
    context: typer.Context,
    plan: o.PlanPath,
    roster: r.NewRoster = None,
    states: r.States = None,
    results: r.Results = None,
    campaign: o.CampaignPath = None,
    budget: r.WholeBudget = None,
    keep_at_least: r.KeepAtLeast = None,
    swap_worth: r.SwapWorth = None,
    as_of: r.AsOf = None,
    starts: r.Starts = None,
    ends: r.Ends = None,
    skip_bad_rows: o.SkipBadRows = False,
    sheet: o.Sheet = None,
    max_unpacked: o.MaxUnpacked = "4G",
    time_limit: o.TimeLimit = 60.0,
    gap: o.Gap = 0.0,
    solver: o.SolverName = o.Solver.CBC,
    cross_check: o.CrossCheck = False,
    expect: o.Expect = None,
    store: r.Store = None,
    log: r.Log = None,
    wait: r.Wait = 60.0,
    dry_run: r.DryRun = False,
    format: o.PlanFormat = o.Format.TABLE,
    output: o.Outputs = None,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Plan a campaign anew while it runs: keep who signed, learn from results, spend the rest better.

    Examples:

    microopt replan plan.json --roster roster.csv --states states.csv --results results.csv -o plan.json

    microopt replan plan.json --results results.csv --keep-at-least 80% -o plan.json --store campaign.db

    microopt replan plan.json --results results.csv --expect 'conversions >= 300' --dry-run --format line
    """
    with boundary(as_json=format is o.Format.JSON, verbose=verbose):
        from microopt.cli.commands.replanning import run
        from microopt.cli.replan_request import ReplanOptions

        code = run(ReplanOptions(**context.params), sys.stdout, sys.stderr)
    if code is not Exit.OK:
        raise typer.Exit(code)
