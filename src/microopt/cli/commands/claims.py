"""`microopt claims`: what is said of micro and mega, tested on a roster."""

from __future__ import annotations

import sys
from typing import Annotated

from microopt.campaign.inputs import Scope
from microopt.cli.command import Take, command
from microopt.cli.console import screen_for, write, write_json
from microopt.cli.options import CampaignOptions, OutputOptions, RosterPath


@command
def claims(
    roster: RosterPath,
    options: Annotated[CampaignOptions, Take(scope=Scope.ROSTER)],
    output: Annotated[OutputOptions, Take(help={"format": "How the claims are printed."}, without=("output", "quiet"))],
) -> None:
    """Test on a roster what articles say of micro and mega creators, each claim with its interval and verdict.

    Examples:

    microopt claims roster.csv

    microopt claims roster.csv --tiers wide-micro --where platform:instagram --format json
    """
    from microopt.analysis.claims import evaluate_claims
    from microopt.cli.load import load
    from microopt.rendering.data.json import object_json
    from microopt.rendering.terminal.claims import claims_text

    loaded, campaign, _ = load(roster, options, budget_needed=False)
    result = evaluate_claims(loaded, campaign)
    if output.format == "json":
        write_json(sys.stdout, object_json(result))
    else:
        write(sys.stdout, claims_text(result, screen_for(sys.stdout)))
