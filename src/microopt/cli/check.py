"""`microopt check`: every fault of a roster and a campaign, or what the roster holds."""

from __future__ import annotations

import sys

from microopt.cli import options as o
from microopt.cli.boundary import boundary
from microopt.cli.console import screen_of, write, write_json


def check(
    roster: o.RosterPath, campaign: o.CampaignPath = None, where: o.Where = None, tiers: o.Tiers = None,
    estimate_fees: o.EstimateFees = False, skip_bad_rows: o.SkipBadRows = False,
    format: o.CheckFormatName = o.CheckFormat.TABLE, verbose: o.Verbose = False,
) -> None:  # fmt: skip
    """List every fault of a roster (and a campaign), or show what the roster holds.

    Examples:

    microopt check roster.csv

    microopt check roster.csv -c campaign.toml --format json
    """
    with boundary(as_json=format is o.CheckFormat.JSON, verbose=verbose, every_fault=True):
        from microopt.cli.load import load
        from microopt.renderers.reports import summary_text
        from microopt.renderers.summary_json import summary_json
        from microopt.settings import Settings
        from microopt.studies.inspect import inspect

        flags = Settings(where=where or (), tiers=tiers, estimate_fees=estimate_fees)
        read, asked, _ = load(roster, flags, campaign, skip_bad_rows=skip_bad_rows, budget_needed=False)
        summary = inspect(read, asked)
        if format is o.CheckFormat.JSON:
            write_json(sys.stdout, summary_json(summary))
        else:
            write(sys.stdout, summary_text(summary, screen_of(sys.stdout)))
