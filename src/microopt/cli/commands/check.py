"""`microopt check`: every fault of a roster and a campaign, or what the roster holds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from microopt.cli import options as o
from microopt.cli.console import screen_of, write, write_json
from microopt.cli.error_boundary import boundary

if TYPE_CHECKING:
    from microopt.plan.roster_summary import RosterSummary


def check(
    roster: o.RosterPath,
    campaign: o.CampaignPath = None,
    where: o.Where = None,
    tiers: o.Tiers = None,
    estimate_fees: o.EstimateFees = False,
    skip_bad_rows: o.SkipBadRows = False,
    sheet: o.Sheet = None,
    max_unpacked: o.MaxUnpacked = "4G",
    format: o.CheckFormatName = o.CheckFormat.TABLE,
    verbose: o.Verbose = False,
) -> None:
    """List every fault of a roster (and a campaign), or show what the roster holds.

    Examples:

    microopt check roster.csv

    microopt check roster.csv -c campaign.toml --format json

    microopt check roster.csv --format github   (annotations in a GitHub workflow)
    """
    annotate = roster if format is o.CheckFormat.GITHUB else None
    with boundary(as_json=format is o.CheckFormat.JSON, annotate=annotate, verbose=verbose, every_fault=True):
        from microopt.analysis.roster_summary import inspect
        from microopt.campaign.settings import CampaignInput
        from microopt.cli.load import RosterFlags, load
        from microopt.quantities.parse_and_format import read_size

        flags = CampaignInput(where=where or (), tiers=tiers, estimate_fees=estimate_fees)
        how = RosterFlags(skip_bad_rows=skip_bad_rows, sheet=sheet, max_unpacked=read_size(max_unpacked))
        read, asked, _ = load(roster, flags, campaign, how, budget_needed=False)
        _show(inspect(read, asked), format)


def _show(summary: RosterSummary, format: o.CheckFormat) -> None:
    if format is o.CheckFormat.JSON:
        from microopt.rendering.data.summary_json import summary_json

        write_json(sys.stdout, summary_json(summary))
    elif format is o.CheckFormat.GITHUB:
        from microopt.rendering.github_annotations import summary_annotations

        write(sys.stdout, summary_annotations(summary))
    else:
        from microopt.rendering.terminal.diagnosis_and_errors import summary_text

        write(sys.stdout, summary_text(summary, screen_of(sys.stdout)))
