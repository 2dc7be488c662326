"""`microopt claims`: common claims about micro and mega creators, tested on a roster or on a file of posts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from msgspec.structs import replace

from microopt.campaign.options import Scope
from microopt.cli.command import Take, command
from microopt.cli.console import screen_for, write, write_json
from microopt.cli.options import CampaignOptions, OutputOptions, RosterPath
from microopt.errors import RosterError

if TYPE_CHECKING:
    from microopt.analysis.claims import Claims
    from microopt.campaign.campaign import Campaign
    from microopt.readers.options import ReadOptions
    from microopt.roster.roster import Roster


@command
def claims(
    roster: RosterPath,
    options: Annotated[CampaignOptions, Take(scope=Scope.CLAIMS)],
    output: Annotated[OutputOptions, Take(help={"format": "How to print the claims."}, without=("output", "quiet"))],
) -> None:
    """Test common claims about micro and mega creators on your list, each with its 95% range and a verdict.

    In place of a list, a file of posts can be given that says how many followers each creator has.

    Examples:

    microopt claims roster.csv

    microopt claims roster.csv --tiers wide-micro --where platform:instagram --format json

    microopt claims posts.csv
    """
    from microopt.analysis.claims import evaluate_claims

    without_fees = replace(options, settings=replace(options.settings, estimate_fees=True))  # most claims need none
    loaded, campaign = _load(roster, without_fees)
    _show(evaluate_claims(loaded, campaign), output.format)


def _load(path: str, options: CampaignOptions) -> tuple[Roster, Campaign]:
    """Return the roster and the campaign; of a file of posts, its creators with what their posts say."""
    from microopt.cli.load import load
    from microopt.readers.roster import read_roster

    def read(path: str, reading: ReadOptions) -> Roster:
        # Posts count by their own trend alone: the public growth differs by size, and a test would find it again.
        reading = replace(reading, forecast={**reading.forecast, "growth": {"per_year": 0}})
        try:
            return read_roster(path, reading)
        except RosterError:
            from microopt.readers.creators_of_posts import is_file_of_posts, read_creators_of_posts

            if reading.posts is not None or not is_file_of_posts(path, reading):
                raise
            return read_creators_of_posts(path, reading)

    roster, campaign, _ = load(path, options, budget_needed=False, read=read)
    return roster, campaign


def _show(result: Claims, format: str) -> None:
    if format == "json":
        from microopt.rendering.data.json import object_json

        write_json(sys.stdout, object_json(result))
    else:
        from microopt.rendering.terminal.claims import claims_text

        write(sys.stdout, claims_text(result, screen_for(sys.stdout)))
