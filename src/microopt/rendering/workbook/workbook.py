"""A plan as a workbook like an agency's media plan: its sums are formulas, and what is filled in can be read again."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.frontier.result import Frontier
from microopt.analysis.report.result import Report, report_of_plan
from microopt.plan.plan import Plan
from microopt.rendering.language.language import Language, find_language
from microopt.rendering.workbook.book import NumberFormats, WorkbookWriter
from microopt.rendering.workbook.creators_sheet import write_creators
from microopt.rendering.workbook.fallbacks_sheet import write_fallbacks
from microopt.rendering.workbook.for_creators_sheet import write_for_creators
from microopt.rendering.workbook.forecast_sheet import write_forecast
from microopt.rendering.workbook.frontier_sheet import write_frontier
from microopt.rendering.workbook.method_sheet import write_method
from microopt.rendering.workbook.plan_sheet import plan_sheet_name, write_plan_sheet
from microopt.rendering.workbook.progress_sheet import write_progress
from microopt.rendering.workbook.rules_sheet import write_rules


def plan_xlsx(plan: Plan) -> bytes:
    """Return the workbook of a plan alone, without other budgets and ranges."""
    return report_xlsx(report_of_plan(plan))


def report_xlsx(report: Report) -> bytes:
    """Return the plan of a report as a workbook.

    Its sheets are Plan, Creators, Waves (with a calendar), For creators and Fallbacks (of the team alone), So far (once
    the campaign runs), Rules, Budgets (of a report with other budgets), Forecast and Method.
    """
    plan, language = report.plan, find_language(report.edition.language)
    formats = _number_formats(plan.roster.currency, list(_displayed_cents(plan)), language)
    title = plan.campaign.name or language.text("Campaign plan")
    book = WorkbookWriter(title, formats, language, plan.campaign.report.date)
    first = book.sheet(plan_sheet_name(book))
    creators = write_creators(book, report)
    write_plan_sheet(book, first, report, creators)
    if plan.by_wave:
        from microopt.rendering.workbook.waves_sheet import write_waves

        write_waves(book, report, creators)
    if report.edition.is_internal:
        write_for_creators(book, report, creators)
    write_fallbacks(book, report)
    write_progress(book, report)
    write_rules(book, report)
    if report.frontier is not None:
        write_frontier(book, report.frontier, own_budget=plan.campaign.budget, has_shares=report.edition.fees)
    write_forecast(book, report)
    write_method(book, report)
    return book.to_bytes()


def frontier_xlsx(frontier: Frontier) -> bytes:
    """Return a frontier as a workbook with one sheet."""
    cents = [point.budget for point in frontier.points]
    cents += [point.totals.spend for point in frontier.points if point.totals is not None]
    stated = frontier.campaign.report
    language = find_language(stated.language)
    formats = _number_formats(frontier.roster.currency, cents, language)
    title = frontier.campaign.name or language.text("What more budget buys")
    book = WorkbookWriter(title, formats, language, stated.date)
    write_frontier(book, frontier)
    return book.to_bytes()


def _displayed_cents(plan: Plan) -> Iterator[int]:
    """Yield every amount of money that the sheets show."""
    yield from (plan.campaign.budget or 0, plan.totals.spend)
    for pick in plan.picks:
        yield from (pick.fee, pick.cost)
    yield from (each.cost for fallback in plan.fallbacks for each in fallback.substitutes)
    if plan.campaign.running is not None:
        yield from (plan.campaign.running.sunk_cost, plan.campaign.running.first_forecast.get("spend", 0))


def _number_formats(currency: str, cents: list[int], language: Language) -> NumberFormats:
    sign_first = language.locale.currency_formats["standard"].pattern.startswith("¤")
    whole_money = not any(amount % 100 for amount in cents)
    return NumberFormats(currency=currency, whole_money=whole_money, sign_first=sign_first)
