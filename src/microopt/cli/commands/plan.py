"""`microopt plan`: the best plan, as a table, JSON, CSV or Markdown."""

from __future__ import annotations

import sys

import typer

from microopt.cli import options as o
from microopt.cli.error_boundary import boundary
from microopt.cli.exit_codes import Exit


def plan(
    context: typer.Context,
    roster: o.RosterPath,
    campaign: o.CampaignPath = None,
    budget: o.Budget = None,
    goal: o.GoalName = None,
    worth: o.Worth = None,
    rule: o.Rules = None,
    niche: o.Niche = None,
    tier: o.Tier = None,
    platform: o.Platform = None,
    region: o.Region = None,
    creators: o.Creators = None,
    include: o.Include = None,
    exclude: o.Exclude = None,
    competitor: o.Competitors = None,
    one_offer_per: o.OneOfferPer = None,
    target: o.Target = None,
    ideals: o.Ideals = None,
    audience: o.AudiencePools = None,
    tiers: o.Tiers = None,
    per_creator: o.PerCreator = None,
    order_value: o.OrderValue = None,
    where: o.Where = None,
    estimate_fees: o.EstimateFees = False,
    no_shrink: o.NoShrink = False,
    fit_benchmarks: o.FitBenchmarks = False,
    max_sponsored_share: o.MaxSponsoredShare = None,
    with_minors: o.WithMinors = False,
    skip_bad_rows: o.SkipBadRows = False,
    sheet: o.Sheet = None,
    max_unpacked: o.MaxUnpacked = "4G",
    time_limit: o.TimeLimit = 60.0,
    gap: o.Gap = 0.0,
    repair: o.Repair = False,
    solver: o.SolverName = o.Solver.CBC,
    cross_check: o.CrossCheck = False,
    price_rules: o.PriceRules = False,
    format: o.PlanFormat = o.Format.TABLE,
    output: o.Outputs = None,
    expect: o.Expect = None,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Find the mix of creators that brings the most within the budget and the rules, and prove it.

    Examples:

    microopt plan roster.csv --budget 20000

    microopt plan roster.csv -b 20k --niche beauty=2..5 --tier mega=..40% -o plan.json

    microopt plan roster.csv -c campaign.toml --goal conversions --where 'followers 5k..500k'
    """
    with boundary(as_json=format is o.Format.JSON, verbose=verbose):
        from microopt.cli.planning import Request, run

        code = run(Request(**context.params), sys.stdout, sys.stderr)
    if code is not Exit.OK:
        raise typer.Exit(code)
