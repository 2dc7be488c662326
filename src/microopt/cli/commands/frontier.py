"""`microopt frontier`: what more budget buys, as a table, a chart and data."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from msgspec.structs import replace

from microopt.campaign.options import CAMPAIGN, option
from microopt.cli.command import Take, command
from microopt.cli.exit_codes import Exit
from microopt.cli.options import CampaignOptions, OutputOptions, RosterPath, SolveOptions
from microopt.errors import UsageError

FrontierOutput = Annotated[
    OutputOptions,
    Take(
        choices={"format": ("table", "json", "csv")},
        help={"output": "Write it too: .json, .csv, .txt, .xlsx. Repeatable."},
    ),
]
BudgetRange = Annotated[
    str | None,
    option("--budget", "-b", panel=CAMPAIGN, metavar="RANGE", help="The lowest and the highest budget: 5k..50k."),
]
Steps = Annotated[int, option("--steps", panel=CAMPAIGN, metavar="N", help="How many budgets, both ends included.")]


@command
def frontier(
    *,
    roster: RosterPath,
    options: Annotated[CampaignOptions, Take(without=("budget",))],
    solve: SolveOptions,
    budget: BudgetRange = None,
    steps: Steps = 20,
    output: FrontierOutput,
) -> Exit:
    """Show what each of several budgets buys at best, and what the next dollar buys.

    All budgets are measured alike: balanced is by the ideals of the highest. Without --budget the range is from a
    quarter of the campaign's budget to its double. With --worth it says where spending stops being worth it.

    Examples:

    microopt frontier roster.csv --budget 5k..50k

    microopt frontier roster.csv -b 5k..50k --steps 10 --worth conversions=30 --worth engagements=0.05

    microopt frontier roster.csv -c campaign.toml -b 10k..40k -o frontier.csv
    """
    from microopt.analysis.frontier import frontier as analysis
    from microopt.cli.results import analyze
    from microopt.quantities.parse_and_format import parse_money
    from microopt.rendering import frontier_renderer
    from microopt.rendering.terminal.frontier import frontier_table

    low, high = _split_budgets(budget)
    lowest = None if low is None else parse_money(low)
    analysis.spaced_budgets(lowest or 1, 2 if high is None else parse_money(high), steps)  # before anything is read
    return analyze(
        roster,
        replace(options, settings=replace(options.settings, budget=high)),
        solve,
        output,
        analysis=partial(analysis.frontier, low=lowest, steps=steps),
        renderer=frontier_renderer,
        table=frontier_table,
        is_proven=lambda result: result.proven(solve.gap),
        amounts=() if low is None else [("budget", low)],
    )


def _split_budgets(text: str | None) -> tuple[str | None, str | None]:
    """Return the lowest and the highest budget of a range such as `5k..50k`; a sign at one end is that of both."""
    from microopt.quantities.parse_and_format import written_sign

    if text is None:
        return None, None
    low, dots, high = map(str.strip, text.partition(".."))
    if not (dots and low and high):
        fix = "give the lowest and the highest, such as --budget 5k..50k"
        raise UsageError(f"--budget {text!r} is not a range of budgets", fix=fix, code="budget-range")
    sign = "" if written_sign(high) else written_sign(low)
    return low, f"{sign} {high}" if sign.isalpha() else f"{sign}{high}"
