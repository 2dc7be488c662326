"""A portfolio as a workbook: the house, who gets whom, and a sheet for each campaign that can be filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from microopt.analysis.report.portfolio_report import PortfolioReport
from microopt.analysis.report.result import report_of_plan
from microopt.plan.plan import Plan
from microopt.plan.portfolio import PortfolioPlan
from microopt.rendering.language.language import Language, find_language
from microopt.rendering.wording.portfolio import portfolio_title
from microopt.rendering.workbook.book import NumberFormats, WorkbookWriter
from microopt.rendering.workbook.creators_sheet import write_creators
from microopt.rendering.workbook.house_sheet import HouseSheet
from microopt.rendering.workbook.shared_creators_sheet import write_shared_creators
from microopt.rendering.workbook.sheet_names import sheet_names


def portfolio_xlsx(plan: PortfolioPlan) -> bytes:
    """Return the workbook of a portfolio alone, without sheets of its campaigns."""
    return portfolio_report_xlsx(PortfolioReport(plan=plan))


def portfolio_report_xlsx(report: PortfolioReport) -> bytes:
    """Return the workbook.

    Its sheets are House, Who gets whom, and one for each campaign that has a plan: its creators with the columns that
    an agency fills in, which `microopt replan --states` reads.
    """
    plan, language = report.plan, find_language(report.language)
    formats = number_formats(plan.currency, _amounts(plan), language)
    book = WorkbookWriter(portfolio_title(plan, language), formats, language, _day(report.plans.values()))
    house, shared = book.text("House"), book.text("Who gets whom")
    planned = [name for name in (each.name for each in plan.campaigns) if name in report.plans]
    names = dict(zip(planned, sheet_names(planned, (house, shared), book.text("Campaign")), strict=True))
    first = HouseSheet(book, plan, names)  # it comes before the sheets that it sums
    write_shared_creators(book, plan)
    spend = {
        name: _write_campaign(book, report.plans[name], names[name], number) for number, name in enumerate(planned)
    }
    book.formats = formats
    first.write(spend)
    return book.to_bytes()


def _write_campaign(book: WorkbookWriter, plan: Plan, name: str, number: int) -> str:
    """Write the sheet of a campaign, and return the name of the cells of its costs."""
    cents = [plan.totals.spend, *(amount for pick in plan.picks for amount in (pick.fee, pick.cost))]
    book.formats = number_formats(plan.roster.currency, cents, book.language)
    grid = write_creators(book, report_of_plan(plan), name=name)
    costs = f"costs_of_campaign_{number + 1}"
    book.define_name(costs, grid.column_reference("cost"))
    return costs


def number_formats(currency: str, cents: Sequence[int], language: Language) -> NumberFormats:
    """Return how money is shown: in whole units if no amount has cents."""
    sign_first = language.locale.currency_formats["standard"].pattern.startswith("¤")
    return NumberFormats(
        currency=currency, whole_money=not any(amount % 100 for amount in cents), sign_first=sign_first
    )


def _amounts(plan: PortfolioPlan) -> list[int]:
    booked = [each.house_spend for shared in plan.creators for each in shared.bookings]
    return [plan.budget or 0, plan.spend, *(each.house_spend for each in plan.campaigns), *booked]


def _day(plans: Any) -> date | None:
    """Return the day that all plans state, None where they state none or several."""
    days = {plan.campaign.report.date for plan in plans}
    return days.pop() if len(days) == 1 else None
