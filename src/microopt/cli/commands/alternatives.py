"""`microopt alternatives`: the next best plans, for when a creator declines, and who is in all of them."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from microopt.campaign.options import option
from microopt.cli.command import Take, command
from microopt.cli.exit_codes import Exit
from microopt.cli.options import CampaignOptions, OutputOptions, RosterPath, SolveOptions

NEXT = "Alternatives"

Count = Annotated[
    int, option("--count", "-n", panel=NEXT, metavar="N", help="How many plans besides the best, 1 to 50.")
]
Differ = Annotated[
    int,
    option(
        "--differ",
        panel=NEXT,
        metavar="N",
        help="How many creators of each earlier plan the next one leaves out.",
    ),
]


@command
def alternatives(
    *,
    roster: RosterPath,
    options: CampaignOptions,
    solve: SolveOptions,
    count: Count = 5,
    differ: Differ = 1,
    output: Annotated[OutputOptions, Take(help={"format": "How to print the plans."})],
) -> Exit:
    """Find the best plan and the next best ones, each with other creators and proven.

    Each leaves out creators of every plan before it. What it loses by that is shown, and who is in how many of them:
    whoever is in all is safe to book.

    Examples:

    microopt alternatives roster.csv --budget 20000

    microopt alternatives roster.csv -b 20k --count 3 --differ 2 -o alternatives.json

    microopt alternatives roster.csv -c campaign.toml --goal conversions
    """
    from microopt.analysis import alternatives as analysis
    from microopt.cli.results import analyze
    from microopt.rendering import alternatives_renderer
    from microopt.rendering.terminal.alternatives import alternatives_table

    analysis.check_alternative_counts(count, differ)  # before the roster is read
    return analyze(
        roster,
        options,
        solve,
        output,
        analysis=partial(analysis.alternatives, count=count, differ=differ),
        renderer=alternatives_renderer,
        table=alternatives_table,
        is_proven=lambda result: result.proven(solve.accepted_gap),
    )
