"""`microopt outreach`: whom to ask today, whom next, and until when."""

from __future__ import annotations

from typing import Annotated

from microopt.campaign.options import ROSTER, option
from microopt.cli.command import Take, command
from microopt.cli.options import OUTPUT, OutputOptions, PlanPath, ReplyDays


@command
def outreach(
    *,
    plan: PlanPath,
    states: Annotated[
        str | None,
        option(
            "--states",
            panel=ROSTER,
            metavar="FILE",
            help="Who was asked, accepted or declined: an earlier outreach list that you filled in, or any file of "
            "contract states.",
        ),
    ] = None,
    as_of: Annotated[
        str | None, option("--as-of", panel=OUTPUT, metavar="DATE", help="The day of the list; by default today.")
    ] = None,
    reply_days: ReplyDays = None,
    output: Annotated[
        OutputOptions,
        Take(
            choices={"format": ("table", "json", "csv")},
            help={
                "format": "How to print the list.",
                "output": "Also write to a file: .csv, .json, .txt. Repeatable.",
            },
        ),
    ],
) -> None:
    """Say whom of a plan to ask today, whom next if they say no, and until when each answer is due.

    A plan made with --fallbacks names whom to ask next. Fill in the column status of the CSV, and give it back with
    --states here or to microopt replan.

    Examples:

    microopt plan roster.csv --budget 20000 --fallbacks 3 -o plan.json && microopt outreach plan.json -o outreach.csv

    microopt outreach plan.json --states states.csv --as-of 2026-11-30 --reply-days 3
    """
    from microopt.cli.outreach_run import make_outreach
    from microopt.cli.results import ResultWriter
    from microopt.rendering import outreach_renderer
    from microopt.rendering.terminal.outreach import outreach_table

    writer = ResultWriter(output, (plan, states), outreach_renderer, outreach_table)
    writer.write(make_outreach(plan, states, as_of, reply_days))
