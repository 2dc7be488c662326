"""`microopt verify`: all of a plan file recomputed without a solver, and what rests on one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from microopt.cli import options as o
from microopt.cli.console import screen_of, write, write_json
from microopt.cli.error_boundary import boundary
from microopt.cli.exit_codes import Exit

if TYPE_CHECKING:
    from microopt.plan.verification_result import Verification


def verify(
    plan: o.PlanPath,
    roster: o.RosterOfPlan = None,
    campaign: o.CampaignOfPlan = None,
    max_unpacked: o.MaxUnpacked = "4G",
    format: o.VerifyFormatName = o.VerifyFormat.TABLE,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Recompute a plan file from its roster without a solver, and say what rests on one.

    Examples:

    microopt plan roster.csv --budget 20000 -o plan.json && microopt verify plan.json

    microopt verify plan.json --roster lists/roster.csv -c campaign.toml --format json
    """
    with boundary(as_json=format is o.VerifyFormat.JSON, verbose=verbose):
        from microopt.quantities.parse_and_format import read_size
        from microopt.verification.verify import verify as check

        found = check(plan, roster, campaign, max_unpacked=read_size(max_unpacked))
        _show(found, format, quiet=quiet)
        if not found.holds:
            raise typer.Exit(Exit.SOLVER)


def _show(found: Verification, format: o.VerifyFormat, *, quiet: bool) -> None:
    """Write what was found: on standard output, but as text on standard error where the plan is false."""
    if format is o.VerifyFormat.JSON:
        from microopt.rendering.terminal.verification import verification_json

        if not (quiet and found.holds):
            write_json(sys.stdout, verification_json(found))
    elif not (quiet and found.holds):
        from microopt.rendering.terminal.verification import verification_text

        stream = sys.stdout if found.holds else sys.stderr
        write(stream, verification_text(found, screen_of(stream)))
