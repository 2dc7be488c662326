"""The options that only a nightly replan has."""

from __future__ import annotations

from typing import Annotated

import typer

from microopt.cli.options import CAMPAIGN, OUTPUT, ROSTER

NewRoster = Annotated[
    str | None,
    typer.Option(
        "--roster",
        rich_help_panel=ROSTER,
        metavar="ROSTER",
        help="The roster as it is now; by default the path in the plan.",
    ),
]
States = Annotated[
    str | None,
    typer.Option(
        "--states",
        rich_help_panel=ROSTER,
        metavar="FILE",
        help="Who is offered, signed, live, done or declined; a column status of the roster says it too.",
    ),
]
Results = Annotated[
    str | None,
    typer.Option(
        "--results",
        rich_help_panel=ROSTER,
        metavar="FILE",
        help="All results so far: posts, views, engagements, clicks, conversions; a row a day, or totals.",
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        rich_help_panel=ROSTER,
        metavar="DATE",
        help="The day up to which results count; by default the last one in them.",
    ),
]
WholeBudget = Annotated[
    str | None,
    typer.Option(
        "--budget",
        "-b",
        rich_help_panel=CAMPAIGN,
        metavar="MONEY",
        help="The budget of the whole campaign, what is spent included; by default as it was.",
    ),
]
Starts = Annotated[
    str | None,
    typer.Option("--starts", rich_help_panel=CAMPAIGN, metavar="DATE", help="The campaign's first day: 2026-11-01."),
]
Ends = Annotated[
    str | None,
    typer.Option("--ends", rich_help_panel=CAMPAIGN, metavar="DATE", help="The campaign's last day."),
]
KeepAtLeast = Annotated[
    str | None,
    typer.Option(
        "--keep-at-least",
        rich_help_panel=CAMPAIGN,
        metavar="SHARE",
        help="Keep this share of the last plan's creators who can still be had: 80%.",
    ),
]
SwapWorth = Annotated[
    str | None,
    typer.Option(
        "--swap-worth",
        rich_help_panel=CAMPAIGN,
        metavar="WORTH",
        help="Let a creator go only for a gain of this much: 0.5% of the best of the goal, or in its units.",
    ),
]
Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        rich_help_panel=OUTPUT,
        metavar="FILE",
        help="Keep every run, forecast and result in this SQLite database.",
    ),
]
Log = Annotated[
    str | None,
    typer.Option("--log", rich_help_panel=OUTPUT, metavar="FILE", help="Add a line of JSON on this run to a file."),
]
Wait = Annotated[
    float,
    typer.Option(
        "--wait",
        rich_help_panel=OUTPUT,
        min=0,
        metavar="SECONDS",
        help="How long to wait for another run on the same files.",
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", rich_help_panel=OUTPUT, help="Do everything but write: show what would come of it."),
]
