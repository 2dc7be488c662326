"""`microopt check`: every fault of a roster and a campaign, or what the roster holds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from microopt.campaign.inputs import Scope
from microopt.cli.command import Take, command
from microopt.cli.console import screen_for, write, write_json
from microopt.cli.error_boundary import boundary
from microopt.cli.options import CampaignOptions, OutputOptions, RosterPath

if TYPE_CHECKING:
    from microopt.analysis.roster_summary import RosterSummary

GITHUB = "github"

CheckOutput = Annotated[
    OutputOptions,
    Take(
        choices={"format": ("table", "json", GITHUB)},
        help={"format": "How the check is printed."},
        without=("output", "quiet"),
    ),
]


@command
def check(
    roster: RosterPath,
    options: Annotated[CampaignOptions, Take(scope=Scope.ROSTER)],
    output: CheckOutput,
) -> None:
    """List every fault of a roster (and a campaign), or show what the roster holds.

    Examples:

    microopt check roster.csv

    microopt check roster.csv -c campaign.toml --format json

    microopt check roster.csv --format github   (annotations in a GitHub workflow)
    """
    annotate = roster if output.format == GITHUB else None
    with boundary(as_json=output.format == "json", annotate=annotate, verbose=output.verbose, all_faults=True):
        from microopt.analysis.roster_summary import summarize_roster
        from microopt.cli.load import load

        loaded, campaign, _ = load(roster, options, budget_needed=False, list_all=True)
        _show(summarize_roster(loaded, campaign), output.format)


def _show(summary: RosterSummary, format: str) -> None:
    if format == "json":
        from microopt.rendering.data.json import object_json

        write_json(sys.stdout, object_json(summary))
    elif format == GITHUB:
        from microopt.rendering.github_annotations import summary_annotations

        write(sys.stdout, summary_annotations(summary))
    else:
        from microopt.rendering.terminal.diagnosis_and_errors import summary_text

        write(sys.stdout, summary_text(summary, screen_for(sys.stdout)))
