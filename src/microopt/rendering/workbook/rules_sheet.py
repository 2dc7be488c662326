"""The sheet Rules: each rule, how much of it the plan uses, and what it costs if that is known."""

from __future__ import annotations

from microopt.campaign.metrics import GROSS_SUFFIX
from microopt.plan.plan import Plan, RuleUse
from microopt.rendering.wording.plan_figures import describe_binding, format_allowed, format_rule_price
from microopt.rendering.workbook.book import GREY, ROW_STYLE, NumberFormats, WorkbookWriter

PRICE_HINT = "What each rule costs is told where the plan is made with --price-rules."
HEADERS = ("Rule", "Used", "At least", "At most", "Its limit", "Dropping it would bring")


def write_rules(book: WorkbookWriter, plan: Plan) -> None:
    """Write the sheet."""
    sheet = book.sheet("Rules")
    sheet.widths([44, 13, 13, 13, 24, 52])
    sheet.header(0, HEADERS)
    prices = {price.label: price for price in plan.rule_prices}
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
        sheet.text(row, 4, "; ".join(filter(None, (status, describe_binding(rule)))), indent=1, **ROW_STYLE)
        price = format_rule_price(plan, prices.get(rule.label.removesuffix(GROSS_SUFFIX)))
        sheet.text(row, 5, price, indent=1, **ROW_STYLE)
    below = len(plan.rules) + 1
    if not plan.rules:
        sheet.text(below, 0, "No rules were asked for but the budget.", font_color=GREY)
    elif not prices:
        sheet.text(below + 1, 0, PRICE_HINT, italic=True, font_color=GREY)
    sheet.page.freeze_panes(1, 1)
    sheet.page.autofilter(0, 0, max(len(plan.rules), 1), len(HEADERS) - 1)
    sheet.page.repeat_rows(0)


def _number_format(rule: RuleUse, formats: NumberFormats) -> str:
    if rule.share:
        return "0.0%"
    return formats.money if rule.money else "#,##0.###"
