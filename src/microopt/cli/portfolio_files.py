"""The files of the plans of a portfolio: where each goes; those of a campaign are written together or not at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from microopt.campaign.campaign import Campaign
from microopt.campaign.portfolio import PortfolioMember
from microopt.cli.outputs import (
    attachment_formats,
    check_dates,
    check_targets,
    render_attachments,
    render_next_attachments,
    write_plan,
)
from microopt.cli.replan_inputs import ReplanInputs
from microopt.cli.replan_persist import archive_replaced, is_same_file, refuse_change
from microopt.errors import UsageError
from microopt.plan.seal import SealedPlan
from microopt.planning.portfolio.entry import Entry
from microopt.readers.plan_file import PlanFile
from microopt.rendering import format_from_path
from microopt.rendering.data.json import json_text
from microopt.solver.backends.base import Backend
from microopt.solver.result import SolveLimits
from microopt.storage.plan_history import archive_plan

NAME = "{name}"  # in a pattern: that of the campaign
FOLDER_PATTERN = f"{NAME}.json"  # of a folder
MAX_NAME = 80  # characters of a file's name
_UNSAFE = re.compile(r"[^\w.-]+")

TargetsByName = Mapping[str, tuple[str, ...]]


def find_plan_files(patterns: Sequence[str], names: Sequence[str]) -> TargetsByName:
    """Return the files of each campaign's plan, by its name.

    Parameters
    ----------
    patterns
        Paths with `{name}` for the name of the campaign, or folders.

    Raises
    ------
    UsageError
        If a pattern would give two campaigns one file.
    """
    patterns = [_pattern(each) for each in patterns]
    for pattern in patterns:
        format_from_path(pattern, "plan")
        if NAME not in pattern and len(names) > 1:
            fix = f"write {NAME} where the name of the campaign goes, such as --plans 'plans/{NAME}.json'"
            raise UsageError(f"--plans {pattern} is one file for {len(names):,} campaigns", fix=fix, code="plans-name")
    files: dict[str, str] = {}
    for name in names:
        other = files.setdefault(safe_file_name(name).casefold(), name)
        if patterns and other != name:
            message = f"the plans of {other} and {name} would have one file name, {safe_file_name(name)}"
            raise UsageError(
                message,
                fix='give one of them another name in the portfolio file, such as name = "glow-2"',
                code="plans-name",
            )
    return {name: tuple(each.replace(NAME, safe_file_name(name)) for each in patterns) for name in names}


def safe_file_name(name: str) -> str:
    """Return a name of a campaign as that of a file: letters, digits, dots and dashes, in no other folder."""
    safe = _UNSAFE.sub("-", unicodedata.normalize("NFC", name)).strip("-.")
    return safe[:MAX_NAME].rstrip("-.") or "campaign"


def find_page(paths: Sequence[str]) -> str | None:
    """Return the first of the files that is a page, or None."""
    return next((path for path in paths if format_from_path(path) == "html"), None)


def check_plan_files(
    files: TargetsByName,
    members: Sequence[PortfolioMember],
    sources: Sequence[str | None],
    outputs: Sequence[str] = (),
) -> None:
    """Check before the work that each file can be written, and is no input but the last plan of its own campaign.

    Parameters
    ----------
    sources, outputs
        Files that are read, and those of the portfolio itself.

    Raises
    ------
    UsageError, OutputError
        If one cannot be written.
    """
    plans = {member.name: member.plan for member in members}
    for path in (path for paths in files.values() for path in paths if path in outputs):
        fix = "name another file for the portfolio, such as -o portfolio.json"
        raise UsageError(f"{path} is named for a plan and for the portfolio", fix=fix, code="plans-name")
    for name, paths in files.items():
        own = plans.get(name)
        others = [plan for each, plan in plans.items() if each != name]
        check_targets(paths, (*sources, *others), replaces=() if own is None else (own,), kind="plan")


def check_contents(paths: Sequence[str], campaign: Campaign) -> None:
    """Check before the work that the files of a campaign can be made.

    Raises
    ------
    UsageError
        If dates are to be written of a campaign without waves, or its logo is faulty.
    """
    check_dates(paths, campaign)
    if attachment_formats(paths) and campaign.report.logo:
        from microopt.readers.logo import read_logo

        read_logo(campaign.report.logo)


def write_campaign(
    sealed: SealedPlan,
    paths: Sequence[str],
    contents: Mapping[str, str | bytes],
    running: ReplanInputs | None,
    own: str | None,
) -> None:
    """Write the files of a campaign: all of them, or none. A plan that is replaced is first kept in its history.

    Parameters
    ----------
    contents
        By format: what is more than the plan's alone.
    running
        What the plan was made from, if it follows another one.
    own
        Where the portfolio expects the campaign's last plan, which may not be there yet.

    Raises
    ------
    OutputError
        If a file cannot be written, or another command has replaced the last plan meanwhile.
    """
    replaces = () if own is None else (own,)
    if running is not None:
        _keep_replaced(paths, running.last)
    write_plan(sealed.plan, paths, {**contents, "json": json_text(sealed.object)}, replaces=replaces)


def _keep_replaced(paths: Sequence[str], last: PlanFile) -> None:
    """Keep the plans that are about to be replaced in their history."""
    for path in paths:
        if is_same_file(path, last.path):
            refuse_change(last)
            archive_plan(path, last.text, last)
        else:
            archive_replaced(path)


def render_campaign(
    sealed: SealedPlan,
    paths: Sequence[str],
    entry: Entry,
    running: ReplanInputs | None,
    limits: SolveLimits,
    solver: Backend,
) -> Mapping[str, str | bytes]:
    """Return by format the content of the files of a campaign that hold more than its plan."""
    formats = attachment_formats(paths)
    if not formats:
        return {}
    if running is not None:
        return render_next_attachments(sealed, entry.roster, running.last, formats, limits, solver)
    return render_attachments(sealed.plan, entry.roster, formats, limits, solver)


def _pattern(written: str) -> str:
    """Return a pattern as it is written, or that of a folder."""
    is_folder = written.endswith("/") or Path(written).is_dir()
    return str(Path(written) / FOLDER_PATTERN) if is_folder else written
