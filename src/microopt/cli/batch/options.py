"""The options of `microopt batch`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated

from msgspec import Struct

from microopt.campaign.options import CAMPAIGN, ROSTER, option
from microopt.cli.command import Take
from microopt.cli.options import OUTPUT, SOLVE, Expectations, OutputOptions, ReadingOptions, SolveOptions

MOST_JOBS = 256
ALSO = ("html", "md", "txt", "csv", "xlsx", "ics", "outreach.csv", "pdf", "pptx", "png", "svg")
BATCH_FORMATS = ("table", "json", "line")

BatchPath = Annotated[
    str, option(metavar="FOLDER", help="A folder with campaign files and plans, or the file of a portfolio (TOML).")
]


class BatchOptions(Struct, frozen=True, kw_only=True):
    """All that `microopt batch` is given.

    Attributes
    ----------
    source
        The folder, or the file of a portfolio.
    """

    source: BatchPath
    jobs: Annotated[
        int | None,
        option(
            "--jobs",
            "-j",
            panel=SOLVE,
            metavar="N",
            minimum=1,
            maximum=MOST_JOBS,
            help="How many campaigns to plan at once; by default as many as there are cores.",
        ),
    ] = None
    roster: Annotated[
        str | None,
        option("--roster", panel=ROSTER, metavar="ROSTER", help="One list for all campaigns, instead of their own."),
    ] = None
    fair: Annotated[
        bool,
        option(
            "--fair",
            panel=CAMPAIGN,
            help="Of a portfolio: first raise the campaign that gets the smallest share of what it could reach alone.",
        ),
    ] = False
    allocate: Annotated[
        bool,
        option("--allocate", panel=CAMPAIGN, help="Of a portfolio: divide the house budget where it brings most."),
    ] = False
    keep_at_least: Annotated[
        str | None,
        option(
            "--keep-at-least",
            panel=CAMPAIGN,
            metavar="SHARE",
            help="Keep this share of each last plan's creators who are still available: 80%.",
        ),
    ] = None
    as_of: Annotated[
        str | None,
        option(
            "--as-of",
            panel=ROSTER,
            metavar="DATE",
            help="The day for which to plan; by default today, and results count up to the last day in them.",
        ),
    ] = None
    reading: ReadingOptions
    solve: SolveOptions
    expect: Expectations = ()
    also: Annotated[
        Sequence[str],
        option(
            "--also",
            panel=OUTPUT,
            metavar="FORMAT",
            help="Also write each plan next to its .json: html, md, txt, csv, xlsx, ics, outreach.csv, pdf, pptx, png, "
            "svg. Repeatable.",
        ),
    ] = ()
    stores: Annotated[
        bool,
        option(
            "--stores", panel=OUTPUT, help="Keep the runs of each campaign in an SQLite database of its own, NAME.db."
        ),
    ] = False
    log: Annotated[
        str | None,
        option("--log", panel=OUTPUT, metavar="FILE", help="Append one line of JSON about each campaign to a file."),
    ] = None
    wait: Annotated[
        float,
        option(
            "--wait",
            panel=OUTPUT,
            metavar="SECONDS",
            minimum=0,
            help="How long each campaign waits for another run on the same files.",
        ),
    ] = 60.0
    dry_run: Annotated[bool, option("--dry-run", panel=OUTPUT, help="Plan, but write nothing except -o.")] = False
    output: Annotated[
        OutputOptions,
        Take(
            choices={"format": BATCH_FORMATS},
            help={
                "format": "How to print the summary.",
                "output": "Also write the summary to a file: .json, .txt. Repeatable.",
                "quiet": "Print only what went wrong.",
            },
        ),
    ]

    @property
    def most_at_once(self) -> int:
        """How many campaigns are planned at once."""
        return self.jobs or usable_cores()


def usable_cores() -> int:
    """Return how many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
