"""The sheet House: what the campaigns get together, one by one if that was compared, and the rules of the house."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from microopt.campaign.goals import MONEY_GOALS
from microopt.plan.portfolio import CampaignOutcome, PortfolioPlan
from microopt.quantities.cell_names import column_letters
from microopt.rendering.story.rule_words import allowed_words, limit_words, used_words
from microopt.rendering.wording.one_by_one import compared_campaigns, one_by_one_head, one_by_one_headings
from microopt.rendering.wording.portfolio import (
    campaign_headings,
    legends,
    mean_share,
    method,
    money_facts,
    portfolio_head,
    portfolio_title,
    remarks,
)
from microopt.rendering.workbook.book import DARK, GREY, PALE, ROW_STYLE, NumberFormats, WorkbookWriter
from microopt.rendering.workbook.metric_columns import COUNT

SHARE = "0.0%"
NAME_WIDTH = 28
WIDTHS = {"goal": 15, "weight": 8, "creators": 10, "posts": 8}
WIDTH = 13.5  # of other columns
SUMMED = ("posts", "spend")
TEXTS = ("goal",)
TOTAL = {"bold": True, "bg_color": PALE, "top": 1}


class HouseSheet:
    """The first sheet, which is written last: its spend is the sum of the sheets of the campaigns.

    Parameters
    ----------
    names
        The names of the sheets of the campaigns that have one, by name of the campaign.
    """

    def __init__(self, book: WorkbookWriter, plan: PortfolioPlan, names: Mapping[str, str]) -> None:
        self._book, self._plan, self._names = book, plan, names
        self._sheet = book.sheet(book.text("House"))
        self._headings = campaign_headings(plan, book.language)

    def write(self, costs: Mapping[str, str]) -> None:
        """Write the sheet.

        Parameters
        ----------
        costs
            By name of the campaign, the name of the cells that hold the costs of its creators.
        """
        sheet = self._sheet
        sheet.widths([NAME_WIDTH, *(WIDTHS.get(key, WIDTH) for key in self._headings)])
        row = self._write_heading()
        row = self._write_campaigns(row, costs)
        row = self._write_one_by_one(row)
        row = self._write_rules(row)
        for sentence in (*legends(self._plan, self._book.language), *method(self._plan, self._book.language)):
            sheet.text(row, 0, sentence, font_color=GREY)
            row += 1
        sheet.page.activate()

    def _write_heading(self) -> int:
        sheet, plan, language = self._sheet, self._plan, self._book.language
        sheet.page.set_row(0, 34)
        sheet.text(0, 0, portfolio_title(plan, language), bold=True, font_size=20, font_color=DARK)
        (_, answer), *others = portfolio_head(plan, language)
        sheet.text(1, 0, answer, bold=True)
        sentences = [*(sentence for _, sentence in others), *money_facts(plan, language)]
        sentences += [sentence for _, sentence in remarks(plan, language)]
        for row, sentence in enumerate(sentences, 2):
            sheet.text(row, 0, sentence)
        return len(sentences) + 3

    def _write_campaigns(self, row: int, costs: Mapping[str, str]) -> int:
        """Write a row for each campaign and their sum, and return the row after them."""
        sheet, keys = self._sheet, [*self._headings]
        sheet.header(row, [self._book.text("Campaign"), *self._headings.values()], left=2)
        first = row + 1
        for place, outcome in enumerate(self._plan.campaigns, first):
            self._write_name(place, outcome)
            for column, key in enumerate(keys, 1):
                self._write_cell(place, column, key, outcome, costs)
        last = first + len(self._plan.campaigns)
        self._write_total(first, last, keys)
        return last + 2

    def _write_name(self, row: int, outcome: CampaignOutcome) -> None:
        if outcome.name in self._names:
            linked = self._book.style(font_color=DARK, underline=1, **ROW_STYLE)
            self._sheet.link_to_sheet(row, 0, self._names[outcome.name], outcome.name, linked)
        else:
            self._sheet.text(row, 0, outcome.name, **ROW_STYLE)

    def _write_cell(self, row: int, column: int, key: str, outcome: CampaignOutcome, costs: Mapping[str, str]) -> None:
        sheet, value = self._sheet, self._value(key, outcome)
        style = {**ROW_STYLE, "num_format": self._format(key, outcome), "align": "left" if key in TEXTS else "right"}
        own = key == "own" or (key == "spend" and outcome.currency == self._plan.currency)
        if own and value is not None and outcome.name in costs:
            sheet.formula(row, column, f"SUM({costs[outcome.name]})", value, **style)
        else:
            sheet.write(row, column, value, **style)

    def _value(self, key: str, outcome: CampaignOutcome) -> float | str | None:
        """Return the value of a cell, None where there is none."""
        if not outcome.is_planned:
            return self._book.text("no plan") if key == "share" else None
        found: dict[str, float | str | Fraction | None] = {
            "goal": outcome.goal,
            "weight": outcome.weight,
            "creators": outcome.creators,
            "posts": outcome.posts,
            "spend": outcome.house_spend / 100,
            "own": None if outcome.currency == self._plan.currency else outcome.spend / 100,
            "budget": None if outcome.budget is None else outcome.budget / 100,
            "value": outcome.value,
            "alone": outcome.alone,
            "share": outcome.share,
            "lost": outcome.lost,
        }
        value = found[key]
        return float(value) if isinstance(value, Fraction) else value

    def _format(self, key: str, outcome: CampaignOutcome) -> str:
        formats = self._book.formats
        own = NumberFormats(currency=outcome.currency, whole_money=True, sign_first=formats.sign_first).money
        if key in ("value", "alone"):
            number = "0.000" if outcome.goal == "balanced" else "#,##0.#"
            return own if outcome.goal in MONEY_GOALS else number
        money = {"spend": formats.money, "own": own, "budget": own}
        return money.get(key) or {"share": SHARE, "lost": SHARE, "weight": "0.##", "goal": "@"}.get(key, COUNT)

    def _write_total(self, first: int, row: int, keys: list[str]) -> None:
        sheet, plan = self._sheet, self._plan
        sheet.text(row, 0, self._book.text("Together"), **TOTAL)
        share = mean_share(plan.planned)
        values: dict[str, Any] = {
            "creators": plan.booked_creators,
            "posts": sum(each.posts for each in plan.planned),
            "spend": plan.spend / 100,
            "share": None if share is None else float(share),
            "lost": None if share is None else float(1 - share),
        }
        formats = {"spend": self._book.formats.money, "share": SHARE, "lost": SHARE}
        for column, key in enumerate(keys, 1):
            letter, style = column_letters(column), {**TOTAL, "num_format": formats.get(key, COUNT)}
            if key in SUMMED:
                sheet.formula(row, column, f"SUM({letter}{first + 1}:{letter}{row})", values[key], **style)
            else:
                sheet.write(row, column, values.get(key), **style)

    def _write_one_by_one(self, row: int) -> int:
        """Write what each campaign reaches together and one by one, if that was compared."""
        sheet, plan, language = self._sheet, self._plan, self._book.language
        if not plan.one_by_one:
            return row
        sheet.title(row, self._book.text("Together or one by one"))
        row += 1
        for sentence in one_by_one_head(plan, language):
            sheet.text(row, 0, sentence)
            row += 1
        sheet.header(row, [self._book.text("Of its best alone"), *one_by_one_headings(plan, language)])
        orders = [{each.name: each for each in outcomes} for outcomes in plan.one_by_one.values()]
        for outcome in compared_campaigns(plan):
            row += 1
            sheet.text(row, 0, outcome.name, **ROW_STYLE)
            for column, found in enumerate([outcome, *(order.get(outcome.name) for order in orders)], 1):
                planned = found is not None and found.is_planned
                value = self._book.text("no plan") if found is None or not planned else self._value("share", found)
                sheet.write(row, column, value, num_format=SHARE, align="right", **ROW_STYLE)
        return row + 2

    def _write_rules(self, row: int) -> int:
        sheet, plan, language, text = self._sheet, self._plan, self._book.language, self._book.text
        if not plan.rules:
            return row
        sheet.title(row, text("Rules of the house"))
        row += 1
        sheet.header(row, [text("Rule"), text("Used"), text("Allowed"), text("Limit")], remarks=(3,))
        for rule in plan.rules:
            row += 1
            sheet.text(row, 0, rule.label, **ROW_STYLE)
            used, allowed = used_words(rule, plan.currency, language), allowed_words(rule, plan.currency, language)
            for column, words in enumerate((used, allowed), 1):
                sheet.text(row, column, words, align="right", **ROW_STYLE)
            sheet.text(row, 3, limit_words(rule, plan.currency, language), indent=1, **ROW_STYLE)
        return row + 2
