"""`microopt verify`: a plan file recomputed without a solver, and what depends on one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from microopt.campaign.options import CAMPAIGN, option
from microopt.cli.command import Take, command
from microopt.cli.console import screen_for, write, write_json
from microopt.cli.exit_codes import Exit
from microopt.cli.options import MaxUnpacked, OutputOptions, PlanPath, PlanPosts, PlanRoster
from microopt.quantities.parse_and_format import parse_size

if TYPE_CHECKING:
    from microopt.plan.verification_result import Verification


CampaignToCompare = Annotated[
    str | None,
    option("--campaign", "-c", panel=CAMPAIGN, metavar="FILE", help="The campaign file of the plan, to compare."),
]


@command
def verify(
    *,
    plan: PlanPath,
    roster: PlanRoster = None,
    posts: PlanPosts = None,
    campaign: CampaignToCompare = None,
    max_unpacked: MaxUnpacked = "4G",
    output: Annotated[OutputOptions, Take(help={"format": "How to print the result."}, without=("output",))],
) -> Exit:
    """Check a plan file: recompute it from its roster without the solver, and say what depends on the solver.

    Examples:

    microopt plan roster.csv --budget 20000 -o plan.json && microopt verify plan.json

    microopt verify plan.json --roster lists/roster.csv -c campaign.toml --format json
    """
    from microopt.verification.verify import verify as verify_plan

    result = verify_plan(plan, roster, campaign, posts=posts, max_unpacked=parse_size(max_unpacked))
    if not (output.quiet and result.holds):
        _show(result, output.format)
    return Exit.OK if result.holds else Exit.SOLVER


def _show(result: Verification, format: str) -> None:
    """Write the result: on standard output, but as text on standard error if the check failed."""
    if format == "json":
        from microopt.rendering.data.json import object_json

        write_json(sys.stdout, object_json(result))
        return
    from microopt.rendering.terminal.verification import verification_text

    stream = sys.stdout if result.holds else sys.stderr
    write(stream, verification_text(result, screen_for(stream)))
