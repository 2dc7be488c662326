"""The sheet Rules: what each rule uses and allows, and what the plan would gain without it."""

from __future__ import annotations

from microopt.analysis.report.result import Report
from microopt.campaign.metrics import GROSS_SUFFIX
from microopt.plan.plan import RuleUse
from microopt.rendering.story.rule_words import gain_words, limit_words, outcome_words
from microopt.rendering.wording.plan_figures import format_allowed
from microopt.rendering.wording.rules import NamedCreators, named_creators
from microopt.rendering.workbook.book import GREY, ROW_STYLE, NumberFormats, Sheet, WorkbookWriter, row_height

WIDTHS = (44, 13, 13, 13, 24, 52)


def write_rules(book: WorkbookWriter, report: Report) -> None:
    """Write the sheet."""
    plan, text = report.plan, book.text
    sheet = book.sheet(text("Rules"))
    sheet.widths(WIDTHS)
    priced = bool(plan.rule_prices)
    headers = [text("Rule"), text("Used"), text("At least"), text("At most"), text("Limit")]
    headers += [text("Without this rule")] if priced else []
    sheet.header(0, headers, remarks=(4, 5))
    for row, rule in enumerate(plan.rules, 1):
        _write_rule(sheet, report, row, rule, priced=priced)
    below = len(plan.rules) + 1
    for named in named_creators(plan):
        _write_named_creators(sheet, report, below, named, priced=priced)
        below += 1
    if below == 1:
        sheet.text(below, 0, text("No rules besides the budget."), font_color=GREY)
    sheet.page.freeze_panes(1, 1)
    sheet.page.autofilter(0, 0, max(below - 1, 1), len(headers) - 1)
    sheet.page.repeat_rows(0)


def _write_rule(sheet: Sheet, report: Report, row: int, rule: RuleUse, *, priced: bool) -> None:
    currency, formats = report.plan.roster.currency, sheet.book.formats
    hides = not report.edition.fees and (rule.money or rule.share)  # which may be the fee of one creator
    for column, bound in enumerate((None if hides else rule.used, rule.at_least, rule.at_most), 1):
        value = None if bound is None else float(bound)
        sheet.write(row, column, value, num_format=_number_format(rule, formats), align="right", **ROW_STYLE)
    unmeasured = rule.used is None or (rule.at_least is None and rule.at_most is None)
    status = format_allowed(rule, currency) if unmeasured else ""
    limit = "; ".join(filter(None, (status, limit_words(rule, currency, sheet.book.language))))
    without = ""
    if priced:
        prices = {price.label: price for price in report.plan.rule_prices}
        without = gain_words(report.plan, prices.get(rule.label.removesuffix(GROSS_SUFFIX)), sheet.book.language)
    _write_texts(sheet, row, rule.label, limit, *([without] if priced else []))


def _write_named_creators(sheet: Sheet, report: Report, row: int, named: NamedCreators, *, priced: bool) -> None:
    spend = None if named.spend is None or not report.edition.fees else named.spend / 100
    for column, value in enumerate((spend, None, None), 1):
        sheet.write(row, column, value, num_format=sheet.book.formats.money, align="right", **ROW_STYLE)
    language, prices = sheet.book.language, {price.label: price for price in report.plan.rule_prices}
    without = gain_words(report.plan, prices.get(named.label), language) or named.without
    _write_texts(sheet, row, named.label, outcome_words(language)[named.outcome], *([without] if priced else []))


def _write_texts(sheet: Sheet, row: int, label: str, *texts: str) -> None:
    """Write the label and what stands to the right of the numbers, in a row high enough for all."""
    sheet.text(row, 0, label, text_wrap=True, **ROW_STYLE)
    for column, text in enumerate(texts, 4):
        sheet.text(row, column, text, indent=1, text_wrap=True, **ROW_STYLE)
    height = row_height([(label, WIDTHS[0]), *zip(texts, WIDTHS[4:], strict=False)])
    if height is not None:
        sheet.page.set_row(row, height)


def _number_format(rule: RuleUse, formats: NumberFormats) -> str:
    if rule.share:
        return "0.0%"
    return formats.money if rule.money else "#,##0.###"
