"""When drafts are due on the sheet Creators: formulas that follow the post dates, which a team may change."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct

from microopt.analysis.report.result import Report
from microopt.campaign.calendar import Calendar
from microopt.plan.plan import Pick
from microopt.plan.posting_dates import WorkingDays
from microopt.rendering.workbook.book import SheetGrid

DAY_ZERO = date(1899, 12, 30)  # from which spreadsheets count days
WEEKS_AROUND = timedelta(weeks=6)  # before and after a post, in which holidays count for the day of its draft


class DueDay(Struct, frozen=True, kw_only=True):
    """A formula with its present value, a number of days."""

    formula: str
    value: int


def due_days(grid: SheetGrid, report: Report) -> list[DueDay | None]:
    """Return when the draft of each pick is due; None where no formula gives the day of the plan."""
    calendar = report.plan.campaign.calendar
    if calendar is None or not {"day", "due"} <= {*grid.keys}:
        return [None] * len(report.plan.picks)
    working = WorkingDays(calendar)
    return [
        _due_day(grid.cell("day", grid.first + number), pick, calendar, working)
        for number, pick in enumerate(report.plan.picks)
    ]


def _due_day(cell: str, pick: Pick, calendar: Calendar, working: WorkingDays) -> DueDay | None:
    """Return the last working day that leaves the days for approval: `WORKDAY` counts back from the day after it."""
    posting, before = pick.posting_date, timedelta(calendar.approval_days)
    if posting is None or pick.approval_date is None or working.last_until(posting - before) != pick.approval_date:
        return None
    near = sorted(day for day in working.holidays if abs(day - posting) <= WEEKS_AROUND + before)
    holidays = "" if not near else f",{{{','.join(str((day - DAY_ZERO).days) for day in near)}}}"
    earlier = f"{cell}-{calendar.approval_days - 1}" if calendar.approval_days > 1 else cell
    return DueDay(
        formula=f'IF(ISNUMBER({cell}),WORKDAY({earlier},-1{holidays}),"")', value=(pick.approval_date - DAY_ZERO).days
    )
