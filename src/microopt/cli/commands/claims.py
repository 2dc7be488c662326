"""`microopt claims`: what is said of micro and mega, tested on a roster."""

from __future__ import annotations

import sys

from microopt.cli import options as o
from microopt.cli.console import screen_of, write, write_json
from microopt.cli.error_boundary import boundary


def claims(
    roster: o.RosterPath,
    campaign: o.CampaignPath = None,
    tiers: o.Tiers = None,
    where: o.Where = None,
    estimate_fees: o.EstimateFees = False,
    skip_bad_rows: o.SkipBadRows = False,
    sheet: o.Sheet = None,
    max_unpacked: o.MaxUnpacked = "4G",
    format: o.ClaimsFormatName = o.ClaimsFormat.TABLE,
    verbose: o.Verbose = False,
) -> None:
    """Test on a roster what articles say of micro and mega creators, each claim with its interval and verdict.

    Examples:

    microopt claims roster.csv

    microopt claims roster.csv --tiers wide-micro --where platform:instagram --format json
    """
    with boundary(as_json=format is o.ClaimsFormat.JSON, verbose=verbose):
        from microopt.analysis.claims import claims as tested
        from microopt.campaign.settings import CampaignInput
        from microopt.cli.load import RosterFlags, load
        from microopt.quantities.parse_and_format import read_size

        flags = CampaignInput(tiers=tiers, where=where or (), estimate_fees=estimate_fees)
        how = RosterFlags(skip_bad_rows=skip_bad_rows, sheet=sheet, max_unpacked=read_size(max_unpacked))
        found = tested(*load(roster, flags, campaign, how, budget_needed=False)[:2])
        from microopt.rendering.terminal.claims import claims_json, claims_text

        if format is o.ClaimsFormat.JSON:
            write_json(sys.stdout, claims_json(found))
        else:
            write(sys.stdout, claims_text(found, screen_of(sys.stdout)))
