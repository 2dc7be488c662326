"""Write a plan to files, each in the format of its suffix; what takes long is begun while the plan is sought."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.cli.background_import import import_in_background
from microopt.cli.console import write
from microopt.cli.resources import check_image_memory
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import join_words
from microopt.rendering import (
    DATED_FORMAT,
    REPORT_FORMATS,
    format_from_path,
    plan_renderer,
    report_renderer,
    require_extra,
)
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend
from microopt.solver.result import Limit, SolveLimits
from microopt.storage import targets
from microopt.storage.atomic_write import write_files

if TYPE_CHECKING:  # most plans are made from no other
    from microopt.plan.seal import SealedPlan
    from microopt.readers.plan_file import PlanFile

XLSX = "xlsx"
PAGES = ("html", "pdf")
NO_ATTACHMENTS: Mapping[str, str | bytes] = MappingProxyType({})


def check_targets(
    paths: Sequence[str], sources: Sequence[str | None], replaces: Sequence[str] = (), *, kind: str | None = None
) -> None:
    """Check before the work that each target's format is known, its folder exists, and it is none of the sources.

    Parameters
    ----------
    replaces
        Sources that the command replaces on purpose, such as the last plan.
    kind
        The kind of result, whose formats a refusal names.

    Raises
    ------
    UsageError, OutputError, ResourceError
        If a target cannot be written.
    """
    for path in paths:
        require_extra(format_from_path(path, kind))
        check_image_memory(format_from_path(path))
    targets.check_targets(paths, sources, replaces)


def check_dates(paths: Sequence[str], campaign: Campaign) -> None:
    """Check that a campaign has waves if dates of its posts are to be written.

    Raises
    ------
    UsageError
        If it has none.
    """
    if campaign.calendar is None and any(format_from_path(path) == DATED_FORMAT for path in paths):
        from microopt.rendering.wording.no_calendar import no_calendar

        raise no_calendar(campaign)


def write_plan(
    plan: Plan,
    paths: Sequence[str],
    attachments: Mapping[str, str | bytes] = NO_ATTACHMENTS,
    *,
    replaces: Sequence[str] = (),
) -> None:
    """Write the plan to each path in the format of its suffix: to all of them, or to none.

    Parameters
    ----------
    attachments
        By format: the content, where it is more than the plan's alone.
    replaces
        Inputs of the command that it replaces on purpose, such as the last plan.

    Raises
    ------
    OutputError
        If a file cannot be written; what stood there before is untouched.
    """
    formats = {path: format_from_path(path) for path in paths}
    contents = {path: attachments.get(name) or _file_content(plan, name) for path, name in formats.items()}
    write_files(contents, replaces=replaces)


def _file_content(plan: Plan, name: str) -> str | bytes:
    """Return the content of a plan's file; that of JSON in bytes, since it may be large."""
    if name == "json":
        from microopt.rendering.data.json import object_bytes

        return object_bytes(plan)
    return plan_renderer(name)(plan)


def say_written(paths: Sequence[str]) -> None:
    """Say on standard error which files were written, if it is a terminal: a scheduled run that went well is silent."""
    if paths and sys.stderr.isatty():
        write(sys.stderr, f"Wrote {join_words(list(paths))}.\n")


def attachment_formats(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the formats to be written that hold more than the plan, and begin to load what a page needs."""
    formats = {format_from_path(path) for path in paths}
    if formats & set(PAGES):
        from microopt.rendering.charts.vega import find_vega_process

        find_vega_process()  # it starts while the plan is sought
        import_in_background("microopt.rendering.html.page")
    return tuple(name for name in REPORT_FORMATS if name in formats)


def render_attachments(
    plan: Plan, roster: Roster, formats: Sequence[str], limits: SolveLimits, solver: Backend
) -> Mapping[str, str | bytes]:
    """Return the content by format: a page shows as many other budgets as there is time for.

    A workbook alone has the likely ranges, and no other budgets: these take a while.
    """
    from microopt.analysis.report.report import report, report_with_ranges

    if plan.proof.limit == Limit.INTERRUPT:
        limits = replace(limits, seconds=0.0)
    try:
        if set(formats) - {XLSX}:
            content = report(plan, roster, limits=limits, solver=solver)
        else:
            content = report_with_ranges(plan, roster)
        return {name: report_renderer(name)(content) for name in formats}
    except KeyboardInterrupt:  # the plan is there
        return {name: plan_renderer(name)(plan) for name in formats}


def render_next_attachments(
    sealed: SealedPlan, roster: Roster, last: PlanFile, formats: Sequence[str], limits: SolveLimits, solver: Backend
) -> Mapping[str, str | bytes]:
    """Return the content by format of the report of a plan that was made from the file of the last one."""
    if not formats:
        return NO_ATTACHMENTS
    from microopt.analysis.report.report import report_of_next_plan

    if sealed.plan.proof.limit == Limit.INTERRUPT:
        limits = replace(limits, seconds=0.0)
    try:
        content = report_of_next_plan(sealed, roster, last, limits=limits, solver=solver)
        return {name: report_renderer(name)(content) for name in formats}
    except KeyboardInterrupt:  # the plan is there
        return {name: plan_renderer(name)(sealed.plan) for name in formats}
