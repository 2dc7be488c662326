"""The options that only a nightly replan has."""

from __future__ import annotations

from typing import Annotated

import typer

from microopt.cli.options import CAMPAIGN, OUTPUT, ROSTER

NewRoster = Annotated[
    str | None,
    typer.Option("--roster", rich_help_panel=ROSTER, metavar="ROSTER",
                 help="The roster as it is now; by default the path in the plan."),
]  # fmt: skip
States = Annotated[
    str | None,
    typer.Option("--states", rich_help_panel=ROSTER, metavar="FILE",
                 help="Who is offered, signed, live, done or declined; a column status of the roster says it too."),
]  # fmt: skip
Results = Annotated[
    str | None,
    typer.Option("--results", rich_help_panel=ROSTER, metavar="FILE",
                 help="All results so far: posts, views, engagements, clicks, conversions; a row a day, or totals."),
]  # fmt: skip
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", rich_help_panel=ROSTER, metavar="DATE",
                 help="The day up to which results count; by default the last one in them."),
]  # fmt: skip
WholeBudget = Annotated[
    str | None,
    typer.Option("--budget", "-b", rich_help_panel=CAMPAIGN, metavar="MONEY",
                 help="The budget of the whole campaign, what is spent included; by default as it was."),
]  # fmt: skip
Starts = Annotated[
    str | None,
    typer.Option("--starts", rich_help_panel=CAMPAIGN, metavar="DATE", help="The campaign's first day: 2026-11-01."),
]  # fmt: skip
Ends = Annotated[
    str | None,
    typer.Option("--ends", rich_help_panel=CAMPAIGN, metavar="DATE", help="The campaign's last day."),
]  # fmt: skip
KeepAtLeast = Annotated[
    str | None,
    typer.Option("--keep-at-least", rich_help_panel=CAMPAIGN, metavar="SHARE",
                 help="Keep this share of the last plan's creators who can still be had: 80%."),
]  # fmt: skip
SwapWorth = Annotated[
    str | None,
    typer.Option("--swap-worth", rich_help_panel=CAMPAIGN, metavar="WORTH",
                 help="Let a creator go only for a gain of this much: 0.5% of the best of the goal, or in its units."),
]  # fmt: skip
Store = Annotated[
    str | None,
    typer.Option("--store", rich_help_panel=OUTPUT, metavar="FILE",
                 help="Keep every run, forecast and result in this SQLite database."),
]  # fmt: skip
Log = Annotated[
    str | None,
    typer.Option("--log", rich_help_panel=OUTPUT, metavar="FILE", help="Add a line of JSON on this run to a file."),
]  # fmt: skip
Wait = Annotated[
    float,
    typer.Option("--wait", rich_help_panel=OUTPUT, min=0, metavar="SECONDS",
                 help="How long to wait for another run on the same files."),
]  # fmt: skip
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", rich_help_panel=OUTPUT, help="Do everything but write: show what would come of it."),
]  # fmt: skip
