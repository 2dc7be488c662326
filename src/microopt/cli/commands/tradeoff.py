"""`microopt tradeoff`: engagements against conversions, as a front to choose from."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from microopt.campaign.inputs import CampaignInput
from microopt.campaign.options import CAMPAIGN, option
from microopt.cli.command import Take, command
from microopt.cli.exit_codes import Exit
from microopt.cli.options import CampaignOptions, OutputOptions, RosterPath, SolveOptions
from microopt.errors import UsageError

GOAL_OPTIONS = ("goal", "worth", "target", "ideals")

TradeoffCampaign = Annotated[
    CampaignOptions,
    Take(
        hidden=("target",),
        help={
            "goal": "With --risk, the goal to make safer: balanced (the default), engagement, conversions, reach, "
            "net-reach, target-reach, profit, or value:COLUMN.",
            "worth": "With --risk, what one unit of a metric is worth, e.g. conversions=30.",
            "ideals": "With --risk, score balanced by the totals of this plan.",
        },
    ),
]

TradeoffOutput = Annotated[
    OutputOptions,
    Take(
        choices={"format": ("table", "json", "csv")},
        help={
            "format": "How to print the trade-off.",
            "output": "Also write to a file: .json, .csv, .txt. Repeatable.",
        },
    ),
]
Metrics = Annotated[
    str,
    option(
        "--of",
        panel=CAMPAIGN,
        metavar="METRIC,METRIC",
        help="Two of reach, impressions, engagements, clicks and conversions.",
    ),
]
Steps = Annotated[
    int,
    option(
        "--steps",
        panel=CAMPAIGN,
        metavar="N",
        help="How many plans to look for besides the balanced one, both ends included: 2..100.",
    ),
]


@command
def tradeoff(
    *,
    roster: RosterPath,
    options: TradeoffCampaign,
    solve: SolveOptions,
    of: Metrics = "engagements,conversions",
    steps: Steps = 10,
    output: TradeoffOutput,
) -> Exit:
    """Show how much of one metric you trade for another, such as engagements for conversions.

    Each point is a plan that is proven unbeatable: no plan has more of one metric without less of the other. The
    balanced plan is always one of them. With --risk, it shows how much of the mean of your goal you trade for more of
    it in the worst outcomes.

    Examples:

    microopt tradeoff roster.csv --budget 20000

    microopt tradeoff roster.csv -b 20k --of engagements,reach --steps 20

    microopt tradeoff roster.csv -b 20k --goal engagement --risk 10% --steps 5

    microopt tradeoff roster.csv -c campaign.toml -o tradeoff.csv -o tradeoff.json
    """
    from microopt.analysis.tradeoff import tradeoff as analysis
    from microopt.cli.results import analyze
    from microopt.rendering import tradeoff_renderer
    from microopt.rendering.terminal.tradeoff import tradeoff_table

    if options.settings.risk is not None or options.settings.at_least_in is not None:
        return _risk(roster, options, solve, output, steps)
    _refuse_goal(options.settings)
    metrics, count = analysis.parse_tradeoff_metrics(of.split(",")), analysis.check_tradeoff_steps(steps)
    return analyze(
        roster,
        options,
        solve,
        output,
        analysis=partial(analysis.tradeoff, metrics=metrics, steps=count),
        renderer=tradeoff_renderer,
        table=tradeoff_table,
        is_proven=lambda result: result.proven(solve.accepted_gap),
    )


def _risk(roster: str, options: CampaignOptions, solve: SolveOptions, output: OutputOptions, steps: int) -> Exit:
    """Trade the mean of the goal for its worst outcomes."""
    from microopt.analysis.tradeoff.risk_front import risk_front
    from microopt.cli.results import analyze
    from microopt.rendering import risk_front_renderer
    from microopt.rendering.terminal.risk_front import risk_front_table

    return analyze(
        roster,
        options,
        solve,
        output,
        analysis=partial(risk_front, steps=steps),
        renderer=risk_front_renderer,
        table=risk_front_table,
        is_proven=lambda result: result.proven(solve.accepted_gap),
    )


def _refuse_goal(settings: CampaignInput) -> None:
    for name in GOAL_OPTIONS:
        if getattr(settings, name) not in (None, {}):
            flag = f"--{name}"
            message = f"{flag} sets one goal, but a trade-off shows all weights of two metrics"
            fix = f"leave {flag} out, and name the two metrics with --of, such as --of engagements,conversions"
            raise UsageError(message, fix=fix, code="tradeoff-goal")
