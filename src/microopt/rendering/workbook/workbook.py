"""A plan as a workbook like an agency's media plan: its sums are formulas, and it can be read as a roster."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.frontier.result import Frontier
from microopt.analysis.report import Ranges, Report
from microopt.plan.plan import Plan
from microopt.rendering.workbook.book import NumberFormats, WorkbookWriter
from microopt.rendering.workbook.creators_sheet import write_creators
from microopt.rendering.workbook.forecast_sheet import write_forecast
from microopt.rendering.workbook.frontier_sheet import write_frontier
from microopt.rendering.workbook.method_sheet import write_method
from microopt.rendering.workbook.plan_sheet import write_plan_sheet
from microopt.rendering.workbook.progress_sheet import write_progress
from microopt.rendering.workbook.rules_sheet import write_rules


def plan_xlsx(plan: Plan, *, frontier: Frontier | None = None, ranges: Ranges | None = None) -> bytes:
    """Return the plan as a workbook: the sheets Plan, Creators, Rules, Forecast and Method, and So far once it runs.

    Parameters
    ----------
    frontier
        If given, written to a sheet of its own.
    ranges
        Of the expected results, if they are known.
    """
    formats = _number_formats(plan.roster.currency, list(_shown_cents(plan)))
    book = WorkbookWriter(plan.campaign.name or "Campaign plan", formats)
    first = book.sheet("Plan")
    write_plan_sheet(book, first, plan, write_creators(book, plan))
    write_progress(book, plan)
    write_rules(book, plan)
    if frontier is not None:
        write_frontier(book, frontier)
    write_forecast(book, plan, ranges)
    write_method(book, plan)
    return book.to_bytes()


def report_xlsx(report: Report) -> bytes:
    """Return the plan of a report as a workbook, with the ranges of its results and the budgets around its own."""
    return plan_xlsx(report.plan, frontier=report.frontier, ranges=report.ranges)


def frontier_xlsx(frontier: Frontier) -> bytes:
    """Return a frontier as a workbook with one sheet."""
    cents = [point.budget for point in frontier.points]
    cents += [point.totals.spend for point in frontier.points if point.totals is not None]
    formats = _number_formats(frontier.roster.currency, cents)
    book = WorkbookWriter(frontier.campaign.name or "What more budget buys", formats)
    write_frontier(book, frontier)
    return book.to_bytes()


def _shown_cents(plan: Plan) -> Iterator[int]:
    """Yield every amount of money that the sheets show."""
    yield from (plan.campaign.budget or 0, plan.totals.spend)
    for pick in plan.picks:
        yield from (pick.fee, pick.cost)
    if plan.campaign.running is not None:
        yield from (plan.campaign.running.sunk, plan.campaign.running.first.get("spend", 0))


def _number_formats(currency: str, cents: list[int]) -> NumberFormats:
    return NumberFormats(currency=currency, whole_money=not any(amount % 100 for amount in cents))
