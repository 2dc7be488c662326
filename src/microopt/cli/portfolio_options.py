"""The options of `microopt portfolio`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Struct

from microopt.campaign.options import CAMPAIGN, ROSTER, option
from microopt.cli.command import Take
from microopt.cli.options import OUTPUT, TABLE_OR_JSON, OutputOptions, ReadingOptions, SolveOptions

PORTFOLIO_FORMATS = (*TABLE_OR_JSON, "markdown")
PORTFOLIO_OUTPUT_HELP = {
    "format": "How to print the portfolio.",
    "output": "Also write the portfolio to a file: .json, .md, .txt, a page .html, a workbook .xlsx. Repeatable.",
}
PortfolioPath = Annotated[
    str, option(metavar="PORTFOLIO", help="A portfolio file (TOML): the campaigns and what they share.")
]


class PortfolioOptions(Struct, frozen=True, kw_only=True):
    """All that `microopt portfolio` is given.

    Attributes
    ----------
    file
        The path of the portfolio file.
    """

    file: PortfolioPath
    fair: Annotated[
        bool,
        option(
            "--fair",
            panel=CAMPAIGN,
            help="First raise the campaign that gets the smallest share of what it could reach alone.",
        ),
    ] = False
    allocate: Annotated[
        bool,
        option(
            "--allocate",
            panel=CAMPAIGN,
            help="Divide the house budget where it brings most, instead of by the campaigns' own budgets.",
        ),
    ] = False
    as_of: Annotated[
        str | None,
        option(
            "--as-of",
            panel=ROSTER,
            metavar="DATE",
            help="The day for which to plan campaigns that are running; by default today.",
        ),
    ] = None
    reading: ReadingOptions
    solve: SolveOptions
    plans: Annotated[
        Sequence[str],
        option(
            "--plans",
            panel=OUTPUT,
            metavar="PATTERN",
            help="Write the plan of each campaign: 'plans/{name}.json', 'pages/{name}.html', or a folder. Repeatable.",
        ),
    ] = ()
    output: Annotated[OutputOptions, Take(choices={"format": PORTFOLIO_FORMATS}, help=PORTFOLIO_OUTPUT_HELP)]
