"""A plan as a workbook like an agency's media plan: its sums are formulas, and it can be read as a roster.

The short sheets Rules and Method are written here, the others in modules of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.frontier.result import Frontier
from microopt.analysis.report.result import Report
from microopt.campaign.metrics import GROSS_SUFFIX
from microopt.files.reading import source_name
from microopt.plan.plan import Plan, RuleUse
from microopt.plan.seal import seal_plan
from microopt.planning.likely_ranges import Ranges
from microopt.quantities.parse_and_format import format_count, format_number_of
from microopt.rendering.wording.plan_figures import (
    DISCLOSURE,
    describe_binding,
    format_allowed,
    format_budget,
    format_rule_price,
    score_rows,
)
from microopt.rendering.wording.plan_sentences import plan_sentences
from microopt.rendering.wording.rules import WITHOUT_RULE, NamedCreators, named_creators
from microopt.rendering.workbook.book import GREY, ROW_STYLE, NumberFormats, Sheet, WorkbookWriter
from microopt.rendering.workbook.creators_sheet import write_creators
from microopt.rendering.workbook.forecast_sheet import write_forecast
from microopt.rendering.workbook.frontier_sheet import write_frontier
from microopt.rendering.workbook.plan_sheet import write_plan_sheet
from microopt.rendering.workbook.progress_sheet import write_progress

HEADERS = ("Rule", "Used", "At least", "At most", "Limit")
FRONTIER_HINT = "microopt report plan.json -o plan.xlsx writes this workbook with a sheet Frontier"
KIND_NAMES = {
    "proof": "Proof",
    "doubt": "Proof",
    "warning": "Warning",
    "fact": "Of the plan",
    "caveat": "Note",
    "note": "Note",
}


def plan_xlsx(plan: Plan, *, frontier: Frontier | None = None, ranges: Ranges | None = None) -> bytes:
    """Return the plan as a workbook: the sheets Plan, Creators, Rules, Forecast and Method, and So far once it runs.

    Parameters
    ----------
    frontier
        If given, written to a sheet of its own.
    ranges
        Of the expected results, if they are known.
    """
    formats = _number_formats(plan.roster.currency, list(_displayed_cents(plan)))
    book = WorkbookWriter(plan.campaign.name or "Campaign plan", formats)
    first = book.sheet("Plan")
    write_plan_sheet(book, first, plan, write_creators(book, plan))
    write_progress(book, plan)
    write_rules(book, plan)
    if frontier is not None:
        write_frontier(book, frontier)
    write_forecast(book, plan, ranges)
    write_method(book, plan, frontier)
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


def _displayed_cents(plan: Plan) -> Iterator[int]:
    """Yield every amount of money that the sheets show."""
    yield from (plan.campaign.budget or 0, plan.totals.spend)
    for pick in plan.picks:
        yield from (pick.fee, pick.cost)
    if plan.campaign.running is not None:
        yield from (plan.campaign.running.sunk_cost, plan.campaign.running.first_forecast.get("spend", 0))


def _number_formats(currency: str, cents: list[int]) -> NumberFormats:
    return NumberFormats(currency=currency, whole_money=not any(amount % 100 for amount in cents))


def write_rules(book: WorkbookWriter, plan: Plan) -> None:
    """Write the sheet."""
    sheet = book.sheet("Rules")
    sheet.widths([44, 13, 13, 13, 24, 52])
    prices = {price.label: price for price in plan.rule_prices}
    headers = (*HEADERS, *([WITHOUT_RULE] if prices else []))
    sheet.header(0, headers)
    for row, rule in enumerate(plan.rules, 1):
        sheet.text(row, 0, rule.label, **ROW_STYLE)
        for column, bound in enumerate((rule.used, rule.at_least, rule.at_most), 1):
            sheet.write(
                row,
                column,
                None if bound is None else float(bound),
                num_format=_number_format(rule, book.formats),
                align="right",
                **ROW_STYLE,
            )
        unmeasured = rule.used is None or (rule.at_least is None and rule.at_most is None)
        status = format_allowed(rule, plan.roster.currency) if unmeasured else ""
        sheet.text(
            row,
            4,
            "; ".join(filter(None, (status, describe_binding(rule, plan.roster.currency)))),
            indent=1,
            **ROW_STYLE,
        )
        if prices:
            price = format_rule_price(plan, prices.get(rule.label.removesuffix(GROSS_SUFFIX)))
            sheet.text(row, 5, price, indent=1, **ROW_STYLE)
    below = len(plan.rules) + 1
    for named in named_creators(plan):
        _write_named_creators(sheet, below, named, book.formats, priced=bool(prices))
        below += 1
    if below == 1:
        sheet.text(below, 0, "No rules besides the budget.", font_color=GREY)
    sheet.page.freeze_panes(1, 1)
    sheet.page.autofilter(0, 0, max(below - 1, 1), len(headers) - 1)
    sheet.page.repeat_rows(0)


def _write_named_creators(
    sheet: Sheet, row: int, named: NamedCreators, formats: NumberFormats, *, priced: bool
) -> None:
    sheet.text(row, 0, named.label, **ROW_STYLE)
    spend = None if named.spend is None else named.spend / 100
    for column, value in enumerate((spend, None, None), 1):
        sheet.write(row, column, value, num_format=formats.money, align="right", **ROW_STYLE)
    for column, text in enumerate((named.outcome, *([named.without] if priced else [])), 4):
        sheet.text(row, column, text, indent=1, **ROW_STYLE)


def _number_format(rule: RuleUse, formats: NumberFormats) -> str:
    if rule.share:
        return "0.0%"
    return formats.money if rule.money else "#,##0.###"


def write_method(book: WorkbookWriter, plan: Plan, frontier: Frontier | None) -> None:
    """Write the sheet."""
    sheet = book.sheet("Method")
    sheet.widths([24, 118])
    sheet.title(0, "How this plan was made, and how far it can be trusted")
    for row, (name, sentence) in enumerate(_statements(plan, frontier), 1):
        style = {**ROW_STYLE, "valign": "top"}
        sheet.page.set_row(row, 4 + 14 * (1 + len(sentence) // 130))
        sheet.text(row, 0, name, font_color=GREY, **style)
        sheet.text(row, 1, sentence, text_wrap=True, **style)
    sheet.page.repeat_rows(0)


def _statements(plan: Plan, frontier: Frontier | None) -> Iterator[tuple[str, str]]:
    for kind, sentence in plan_sentences(plan, hints=False):
        yield KIND_NAMES[kind], sentence
    yield "Before posting", DISCLOSURE
    yield "Goal", f"{plan.campaign.goal.name}, {format_budget(plan)}"
    proof, roster = plan.proof, plan.roster
    yield from score_rows(plan)
    yield "Roster", source_name(roster.source.path)
    yield "Roster, SHA-256", roster.source.sha256
    size = f"{format_number_of(roster.offers, 'offer')} of {format_number_of(roster.creators, 'creator')}"
    yield "Roster, size", f"{size}, {roster.filtered:,} filtered out"
    if plan.campaign_sha256:
        yield "Campaign file, SHA-256", plan.campaign_sha256
    sealed = seal_plan(plan)
    yield "Seal", f"{sealed.seal}: of the same plan as JSON (-o plan.json), which microopt verify checks"
    yield "Made by", f"microopt {sealed.microopt}, solver {proof.backend} {proof.version}; bound by {proof.proven_by}"
    if frontier is None and plan.campaign.budget is not None:  # without a budget there are no others
        yield "What more budget buys", FRONTIER_HINT
    yield (
        "Reach",
        f"{format_count(plan.totals.metrics['reach'] / 1000)}: people who see several creators count each time",
    )
