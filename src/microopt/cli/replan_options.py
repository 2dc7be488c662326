"""The options of `microopt replan`."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from microopt.campaign.options import CAMPAIGN, ROSTER, option
from microopt.cli.command import Take
from microopt.cli.options import (
    OUTPUT,
    PLAN_FORMATS,
    PLAN_OUTPUT_HELP,
    CampaignPath,
    CrossCheck,
    Details,
    Expectations,
    OutputOptions,
    PlanPath,
    ReadingOptions,
    ReplyDays,
    SolveOptions,
)


class ReplanOptions(Struct, frozen=True, kw_only=True):
    """All that `microopt replan` is given.

    Attributes
    ----------
    only_changed_campaign
        Whether the campaign file counts only where it is not the one that the last plan was made by.
    in_portfolio
        Whether the last plan may have rules that a portfolio gave it, which nobody misses in the campaign file.
    """

    plan: PlanPath
    roster: Annotated[
        str | None,
        option(
            "--roster",
            panel=ROSTER,
            metavar="ROSTER",
            help="The roster as it is now; by default the path that the plan states.",
        ),
    ] = None
    states: Annotated[
        str | None,
        option(
            "--states",
            panel=ROSTER,
            metavar="FILE",
            help="Who is offered, signed, live, done or declined, also the plan's workbook once it is filled in; a "
            "status column in the roster works too.",
        ),
    ] = None
    results: Annotated[
        str | None,
        option(
            "--results",
            panel=ROSTER,
            metavar="FILE",
            help="All results so far: posts, views, engagements, clicks, conversions; one row per day, or totals.",
        ),
    ] = None
    posts: Annotated[
        str | None,
        option(
            "--posts",
            panel=ROSTER,
            metavar="FILE",
            help="Past posts as they are now; by default the file that the plan states, if it has one.",
        ),
    ] = None
    campaign_file: CampaignPath = None
    only_changed_campaign: bool = False
    in_portfolio: bool = False
    budget: Annotated[
        str | None,
        option(
            "--budget",
            "-b",
            panel=CAMPAIGN,
            metavar="MONEY",
            help="Budget of the whole campaign, including what is spent; by default unchanged.",
        ),
    ] = None
    keep_at_least: Annotated[
        str | None,
        option(
            "--keep-at-least",
            panel=CAMPAIGN,
            metavar="SHARE",
            help="Keep this share of the last plan's creators who are still available: 80%.",
        ),
    ] = None
    swap_worth: Annotated[
        str | None,
        option(
            "--swap-worth",
            panel=CAMPAIGN,
            metavar="WORTH",
            help="Drop a creator only for at least this gain: 0.5% of the best possible, or in the goal's units.",
        ),
    ] = None
    as_of: Annotated[
        str | None,
        option(
            "--as-of",
            panel=ROSTER,
            metavar="DATE",
            help="The day for which to plan: results count up to it, and a calendar's waves begin and end by it. "
            "By default results count up to the last day in them, and waves go by today.",
        ),
    ] = None
    starts: Annotated[
        str | None,
        option("--starts", panel=CAMPAIGN, metavar="DATE", help="The campaign's first day: 2026-11-01."),
    ] = None
    ends: Annotated[str | None, option("--ends", panel=CAMPAIGN, metavar="DATE", help="The campaign's last day.")] = (
        None
    )
    reading: ReadingOptions
    solve: SolveOptions
    cross_check: CrossCheck = False
    expect: Expectations = ()
    details: Details = False
    reply_days: ReplyDays = None
    store: Annotated[
        str | None,
        option(
            "--store",
            panel=OUTPUT,
            metavar="FILE",
            help="Keep every run, forecast and result in this SQLite database.",
        ),
    ] = None
    log: Annotated[
        str | None,
        option("--log", panel=OUTPUT, metavar="FILE", help="Append one line of JSON about this run to a file."),
    ] = None
    wait: Annotated[
        float,
        option(
            "--wait",
            panel=OUTPUT,
            metavar="SECONDS",
            minimum=0,
            help="How long to wait for another run on the same files.",
        ),
    ] = 60.0
    dry_run: Annotated[bool, option("--dry-run", panel=OUTPUT, help="Show what would change, and write nothing.")] = (
        False
    )
    output: Annotated[OutputOptions, Take(choices={"format": PLAN_FORMATS}, help=PLAN_OUTPUT_HELP)]

    @property
    def targets(self) -> tuple[str, ...]:
        """The files that a run replaces."""
        return tuple(self.output.output)

    @property
    def sources(self) -> tuple[str | None, ...]:
        """The files that a run reads and must not replace; the plan itself it may."""
        return self.roster, self.states, self.results, self.posts, self.campaign_file
