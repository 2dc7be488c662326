"""`microopt claims`: common claims about micro and mega creators, tested on a roster."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from msgspec.structs import replace

from microopt.campaign.options import Scope
from microopt.cli.command import Take, command
from microopt.cli.console import screen_for, write, write_json
from microopt.cli.options import CampaignOptions, OutputOptions, RosterPath

if TYPE_CHECKING:
    from microopt.analysis.claims import Claims


@command
def claims(
    roster: RosterPath,
    options: Annotated[CampaignOptions, Take(scope=Scope.CLAIMS)],
    output: Annotated[OutputOptions, Take(help={"format": "How to print the claims."}, without=("output", "quiet"))],
) -> None:
    """Test common claims about micro and mega creators on your list, each with its 95% range and a verdict.

    Examples:

    microopt claims roster.csv

    microopt claims roster.csv --tiers wide-micro --where platform:instagram --format json
    """
    from microopt.analysis.claims import evaluate_claims
    from microopt.cli.load import load

    without_fees = replace(options, settings=replace(options.settings, estimate_fees=True))  # most claims need none
    loaded, campaign, _ = load(roster, without_fees, budget_needed=False)
    _show(evaluate_claims(loaded, campaign), output.format)


def _show(result: Claims, format: str) -> None:
    if format == "json":
        from microopt.rendering.data.json import object_json

        write_json(sys.stdout, object_json(result))
    else:
        from microopt.rendering.terminal.claims import claims_text

        write(sys.stdout, claims_text(result, screen_for(sys.stdout)))
