"""The sheet Rules: what each rule uses and allows, and what the plan would gain without it."""

from __future__ import annotations

from microopt.analysis.report.result import Report
from microopt.campaign.metrics import GROSS_SUFFIX
from microopt.plan.plan import RuleUse
from microopt.rendering.story.rule_words import (
    allowed_words,
    gain_words,
    limit_words,
    named_words,
    outcome_words,
    rule_sentences,
)
from microopt.rendering.wording.rules import NamedCreators, named_creators
from microopt.rendering.wording.rules_of_waves import ShownRule, shown_rules
from microopt.rendering.workbook.book import GREY, ROW_STYLE, NumberFormats, Sheet, WorkbookWriter, row_height

WIDTHS = (44, 13, 13, 13, 24)
WITHOUT_WIDTH, WRITTEN_WIDTH = 52, 38


def write_rules(book: WorkbookWriter, report: Report) -> None:
    """Write the sheet."""
    plan, text = report.plan, book.text
    sheet = book.sheet(text("Rules"))
    priced = bool(plan.rule_prices)
    sheet.widths(_widths(report))
    headers = [text("Rule"), text("Used"), text("At least"), text("At most"), text("Limit")]
    headers += [text("Without this rule")] if priced else []
    headers += [text("As written")] if report.edition.is_internal else []
    sheet.header(0, headers, remarks=range(4, len(headers)))
    sentences = rule_sentences(plan, book.language)
    shown = shown_rules(plan)
    for row, each in enumerate(shown, 1):
        sentence = sentences.get(each.use.label, each.use.label)
        _write_rule(sheet, report, row, each, sentence)
    below = len(shown) + 1
    for named in named_creators(plan):
        _write_named_creators(sheet, report, below, named)
        below += 1
    if below == 1:
        sheet.text(below, 0, text("No rules besides the budget."), font_color=GREY)
    sheet.page.freeze_panes(1, 1)
    sheet.page.autofilter(0, 0, max(below - 1, 1), len(headers) - 1)
    sheet.page.repeat_rows(0)


def _widths(report: Report) -> tuple[int, ...]:
    without = (WITHOUT_WIDTH,) if report.plan.rule_prices else ()
    return (*WIDTHS, *without, *((WRITTEN_WIDTH,) if report.edition.is_internal else ()))


def _write_rule(sheet: Sheet, report: Report, row: int, shown: ShownRule, sentence: str) -> None:
    rule, currency, formats = shown.use, report.plan.roster.currency, sheet.book.formats
    hides = not report.edition.fees and (rule.money or rule.share)  # which may be the fee of one creator
    for column, bound in enumerate((None if hides else rule.used, rule.at_least, rule.at_most), 1):
        value = None if bound is None else float(bound)
        sheet.write(row, column, value, num_format=_number_format(rule, formats), align="right", **ROW_STYLE)
    unmeasured = rule.used is None or (rule.at_least is None and rule.at_most is None)
    status = allowed_words(rule, currency, sheet.book.language) if unmeasured else ""
    nearest = sheet.book.text("nearest in {wave}", wave=shown.wave) if shown.wave else ""
    limit = "; ".join(filter(None, (status, limit_words(rule, currency, sheet.book.language), nearest)))
    prices = {price.label: price for price in report.plan.rule_prices}
    without = gain_words(report.plan, prices.get(rule.label.removesuffix(GROSS_SUFFIX)), sheet.book.language)
    _write_texts(sheet, report, row, sentence, limit, without, rule.label)


def _write_named_creators(sheet: Sheet, report: Report, row: int, named: NamedCreators) -> None:
    spend = None if named.spend is None or not report.edition.fees else named.spend / 100
    for column, value in enumerate((spend, None, None), 1):
        sheet.write(row, column, value, num_format=sheet.book.formats.money, align="right", **ROW_STYLE)
    language, prices = sheet.book.language, {price.label: price for price in report.plan.rule_prices}
    without = gain_words(report.plan, prices.get(named.label), language) or named.without
    outcome = outcome_words(language)[named.outcome]
    _write_texts(sheet, report, row, named_words(named, language), outcome, without, named.label)


def _write_texts(sheet: Sheet, report: Report, row: int, label: str, limit: str, without: str, written: str) -> None:
    """Write the label and what stands to the right of the numbers, in a row high enough for all."""
    texts = [limit, *([without] if report.plan.rule_prices else []), *([written] if report.edition.is_internal else [])]
    sheet.text(row, 0, label, text_wrap=True, **ROW_STYLE)
    for column, text in enumerate(texts, 4):
        sheet.text(row, column, text, indent=1, text_wrap=True, **ROW_STYLE)
    height = row_height([(label, WIDTHS[0]), *zip(texts, _widths(report)[4:], strict=True)])
    if height is not None:
        sheet.page.set_row(row, height)


def _number_format(rule: RuleUse, formats: NumberFormats) -> str:
    if rule.share:
        return "0.0%"
    return formats.money if rule.money else "#,##0.###"
