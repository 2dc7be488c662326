"""`microopt compare`: each tier alone beside the mix, and what a mega creator's money buys of smaller ones."""

from __future__ import annotations

import sys

import typer

from microopt.cli import options as o
from microopt.cli.boundary import boundary
from microopt.exits import Exit


def compare(
    context: typer.Context, roster: o.RosterPath, campaign: o.CampaignPath = None, budget: o.Budget = None,
    goal: o.GoalName = None, worth: o.Worth = None, rule: o.Rules = None, niche: o.Niche = None, tier: o.Tier = None,
    platform: o.Platform = None, region: o.Region = None, creators: o.Creators = None, include: o.Include = None,
    exclude: o.Exclude = None, competitor: o.Competitors = None, one_offer_per: o.OneOfferPer = None,
    target: o.Target = None, ideals: o.Ideals = None, audience: o.AudiencePools = None,
    tiers: o.Tiers = None, per_creator: o.PerCreator = None,
    order_value: o.OrderValue = None, where: o.Where = None, estimate_fees: o.EstimateFees = False,
    no_shrink: o.NoShrink = False, fit_benchmarks: o.FitBenchmarks = False,
    max_sponsored_share: o.MaxSponsoredShare = None, with_minors: o.WithMinors = False,
    skip_bad_rows: o.SkipBadRows = False, sheet: o.Sheet = None, max_unpacked: o.MaxUnpacked = "4G",
    time_limit: o.TimeLimit = 60.0, gap: o.Gap = 0.0, solver: o.SolverName = o.Solver.CBC,
    format: o.CompareFormatName = o.CompareFormat.TABLE, output: o.CompareOutputs = None, quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:  # fmt: skip
    """Hold micro alone, mega alone and every other tier against the mix of all, at equal budget.

    For each creator of the largest tier, too: the best that the same money buys of smaller ones.

    Examples:

    microopt compare roster.csv --budget 20000

    microopt compare roster.csv -b 20k --goal conversions --tiers wide-micro

    microopt compare roster.csv -c campaign.toml --where platform:instagram -o compare.json
    """
    with boundary(as_json=format is o.CompareFormat.JSON, verbose=verbose):
        from microopt.cli.comparing import run
        from microopt.cli.planning import Request

        code = run(Request(**context.params), sys.stdout, sys.stderr)
    if code is not Exit.OK:
        raise typer.Exit(code)
