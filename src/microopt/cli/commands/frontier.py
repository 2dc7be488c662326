"""`microopt frontier`: what more budget buys, as a table, a chart and data."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from msgspec import Struct
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
        help={"output": "Also write to a file: .json, .csv, .txt, .xlsx. Repeatable."},
    ),
]
Budgets = Annotated[
    str | None,
    option(
        "--budget",
        "-b",
        panel=CAMPAIGN,
        metavar="BUDGETS",
        help="A range such as 5k..50k, or a list such as 20k,25k,30k.",
    ),
]
Steps = Annotated[
    int | None,
    option(
        "--steps",
        panel=CAMPAIGN,
        metavar="N",
        help="At most how many budgets of a range, both ends included; 20 by default.",
    ),
]


@command
def frontier(
    *,
    roster: RosterPath,
    options: Annotated[CampaignOptions, Take(without=("budget",))],
    solve: SolveOptions,
    budget: Budgets = None,
    steps: Steps = None,
    output: FrontierOutput,
) -> Exit:
    """Show what each of several budgets buys at best, and where more money stops paying off.

    Give a range, of which round budgets are taken, or a list. Without --budget the range is from a quarter of the
    campaign's budget to its double. With --worth it says whether any budget earns its cost.

    Examples:

    microopt frontier roster.csv --budget 5k..50k

    microopt frontier roster.csv -b 20k,25k,30k

    microopt frontier roster.csv -b 5k..50k --steps 10 --worth conversions=30 --worth engagements=0.05

    microopt frontier roster.csv -c campaign.toml -b 10k..40k -o frontier.csv
    """
    from microopt.analysis.frontier.frontier import frontier as analysis
    from microopt.cli.results import analyze
    from microopt.rendering import frontier_renderer
    from microopt.rendering.terminal.frontier import frontier_table

    asked = _parse_budgets(budget, steps)
    return analyze(
        roster,
        replace(options, settings=replace(options.settings, budget=asked.highest)),
        solve,
        output,
        analysis=partial(analysis, low=asked.low, steps=asked.steps, budgets=asked.listed),
        renderer=frontier_renderer,
        table=frontier_table,
        is_proven=lambda result: result.proven(solve.accepted_gap) and not result.lacks_optimal_spend,
        amounts=[("budget", text) for text in asked.others],
    )


class _AskedBudgets(Struct, frozen=True, kw_only=True):
    """The budgets of the command line: the highest and the others as written, and what they mean in cents."""

    steps: int
    highest: str | None = None
    others: tuple[str, ...] = ()
    low: int | None = None
    listed: tuple[int, ...] | None = None


def _parse_budgets(text: str | None, steps: int | None) -> _AskedBudgets:
    """Return what is asked for; budgets that cannot be are refused before anything is read."""
    from microopt.analysis.frontier.budgets import (
        check_frontier_steps,
        listed_budgets,
        round_budgets,
        split_list,
        split_range,
    )
    from microopt.analysis.frontier.frontier import DEFAULT_STEPS
    from microopt.quantities.parse_and_format import parse_money

    count = DEFAULT_STEPS if steps is None else steps
    check_frontier_steps(count)
    if text is None:
        return _AskedBudgets(steps=count)
    if ends := split_range(text):
        low, high = ends
        round_budgets(parse_money(low), parse_money(high), count)
        return _AskedBudgets(steps=count, highest=high, others=(low,), low=parse_money(low))
    if steps is not None:
        message = "--steps belongs to a range of budgets, and a list names its own"
        raise UsageError(message, fix="leave --steps out, or give a range such as --budget 5k..50k", code="steps")
    *others, highest = sorted(split_list(text), key=parse_money)
    listed = listed_budgets([parse_money(written) for written in (*others, highest)])
    return _AskedBudgets(steps=count, highest=highest, others=tuple(others), listed=listed)
