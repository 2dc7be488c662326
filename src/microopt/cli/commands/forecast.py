"""`microopt forecast`: what each offer is expected to bring, and where each number came from."""

from __future__ import annotations

import sys

from microopt.cli import options as o
from microopt.cli.console import screen_of, write, write_json
from microopt.cli.error_boundary import boundary


def forecast(
    roster: o.RosterPath,
    campaign: o.CampaignPath = None,
    order_value: o.OrderValue = None,
    per_creator: o.PerCreator = None,
    tiers: o.Tiers = None,
    where: o.Where = None,
    estimate_fees: o.EstimateFees = False,
    no_shrink: o.NoShrink = False,
    fit_benchmarks: o.FitBenchmarks = False,
    max_sponsored_share: o.MaxSponsoredShare = None,
    with_minors: o.WithMinors = False,
    skip_bad_rows: o.SkipBadRows = False,
    sheet: o.Sheet = None,
    max_unpacked: o.MaxUnpacked = "4G",
    format: o.ForecastFormatName = o.ForecastFormat.TABLE,
    output: o.ForecastOutputs = None,
    verbose: o.Verbose = False,
) -> None:
    """Show what each offer is expected to bring, within which range, and where each number came from.

    Examples:

    microopt forecast roster.csv

    microopt forecast roster.csv -c campaign.toml -o forecast.csv

    microopt forecast roster.csv --estimate-fees --fit-benchmarks --order-value 45
    """
    with boundary(as_json=format is o.ForecastFormat.JSON, verbose=verbose):
        from microopt.campaign.settings import CampaignInput
        from microopt.cli.commands.foreseeing import foreseen

        flags = CampaignInput(
            order_value=order_value,
            per_creator=per_creator,
            tiers=tiers,
            where=where or (),
            estimate_fees=estimate_fees,
            no_shrink=no_shrink,
            fit_benchmarks=fit_benchmarks,
            max_sponsored_share=max_sponsored_share,
            with_minors=with_minors,
        )
        outlook = foreseen(roster, campaign, flags, (skip_bad_rows, sheet, max_unpacked), output or ())
        if format is o.ForecastFormat.TABLE:
            from microopt.rendering.terminal.forecast import outlook_table

            write(sys.stdout, outlook_table(outlook, screen_of(sys.stdout)))
        else:
            from microopt.rendering import outlook_renderer

            show = write_json if format is o.ForecastFormat.JSON else write
            show(sys.stdout, outlook_renderer(format)(outlook))
