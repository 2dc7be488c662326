"""`microopt check`: every problem in a roster and a campaign, or what the roster holds."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from microopt.campaign.options import Scope
from microopt.cli.command import Take, command
from microopt.cli.console import screen_for, write, write_json
from microopt.cli.error_boundary import boundary
from microopt.cli.options import CampaignOptions, OutputOptions, RosterPath
from microopt.errors import UsageError

if TYPE_CHECKING:
    from microopt.analysis.roster_summary import RosterSummary
    from microopt.campaign.campaign import Campaign
    from microopt.readers.options import ReadOptions
    from microopt.roster.roster import Roster

GITHUB = "github"

CheckOutput = Annotated[
    OutputOptions,
    Take(
        choices={"format": ("table", "json", GITHUB)},
        help={
            "format": "How to print the result.",
            "output": "Also write the list as it was read, as CSV.",
        },
        without=("quiet",),
    ),
]


@command
def check(
    roster: RosterPath,
    options: Annotated[CampaignOptions, Take(scope=Scope.ROSTER)],
    output: CheckOutput,
) -> None:
    """List every problem in a roster (and a campaign), or show what the roster holds.

    Examples:

    microopt check roster.csv

    microopt check roster.csv -c campaign.toml --format json

    microopt check roster.csv --format github   (annotations in a GitHub workflow)

    microopt check roster.xlsx -o clean.csv   (plain columns and numbers, and what was assumed in each row)
    """
    annotate = roster if output.format == GITHUB else None
    with boundary(as_json=output.format == "json", annotate=annotate, verbose=output.verbose, all_faults=True):
        from microopt.analysis.roster_summary import summarize_roster
        from microopt.cli.load import load
        from microopt.readers.roster import read_roster

        _check_targets(output.output, (roster, options.campaign_file))
        # A campaign file says whether there are waves. Without one there may yet be, with --waves of another command.
        read = read_roster if options.campaign_file is not None else _read_with_days
        loaded, campaign, _ = load(roster, options, budget_needed=False, list_all=True, read=read)
        summary = summarize_roster(loaded, campaign)
        if output.output:
            _write_roster(loaded, campaign, output.output)
        _show(summary, output.format)


def _read_with_days(path: str, options: ReadOptions) -> Roster:
    """Return a roster with the days on which creators are available, which must be days."""
    from msgspec.structs import replace

    from microopt.readers.roster import read_roster

    return read_roster(path, replace(options, days_without_calendar=True))


def _check_targets(targets: Sequence[str], sources: Sequence[str | None]) -> None:
    """Check before the work that each target is a CSV that can be written.

    Raises
    ------
    UsageError, OutputError
        If one is not.
    """
    from microopt.storage.targets import check_targets

    for path in targets:
        if not path.casefold().endswith(".csv"):
            fix = "end its name in .csv, such as -o clean.csv"
            raise UsageError(f"check writes the roster as CSV, not as {path}", fix=fix)
    check_targets(targets, sources)


def _write_roster(roster: Roster, campaign: Campaign, targets: Sequence[str]) -> None:
    """Write the roster as it was understood to each target."""
    from microopt.rendering.data.roster_csv import roster_csv
    from microopt.storage.atomic_write import write_files

    write_files(dict.fromkeys(targets, roster_csv(roster, decimal=campaign.decimal, lists=campaign.lists)))


def _show(summary: RosterSummary, format: str) -> None:
    if format == "json":
        from microopt.rendering.data.json import object_json

        write_json(sys.stdout, object_json(summary))
    elif format == GITHUB:
        from microopt.rendering.github_annotations import summary_annotations

        write(sys.stdout, summary_annotations(summary), instructs=True)
    else:
        from microopt.rendering.terminal.diagnosis_and_errors import summary_text

        write(sys.stdout, summary_text(summary, screen_for(sys.stdout)))
