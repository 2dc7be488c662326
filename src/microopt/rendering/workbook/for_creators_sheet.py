"""The sheet For creators, which an agency sends out: who posts what, where and when, how to disclose, and no money.

Its cells follow the sheet Creators, so that a post date is written once, and the rows of a sorted list stay whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from microopt.analysis.report.result import Report
from microopt.rendering.sanitize import workbook_text
from microopt.rendering.story.disclosure import disclosure_line
from microopt.rendering.wording.plan_figures import format_offer
from microopt.rendering.workbook.book import GREY, ROW_STYLE, Sheet, SheetGrid, WorkbookWriter, row_height
from microopt.rendering.workbook.creators_columns import DAY
from microopt.rendering.workbook.due_days import DAY_ZERO
from microopt.rendering.workbook.working_columns import pick_contracts

FIRST = 4  # row of the first creator
WIDTHS = {"creator": 30, "offer": 20, "platform": 14, "wave": 13, "due": 13, "day": 13, "label": 76}


class _Cell(Struct, frozen=True, kw_only=True):
    """A formula over the sheet Creators with its present value."""

    formula: str
    value: float | str
    number_format: str | int = "General"


def write_for_creators(book: WorkbookWriter, report: Report, creators: SheetGrid) -> None:
    """Write the sheet: a row for each deliverable, which for most creators is one."""
    text, plan = book.text, report.plan
    sheet = book.sheet(text("For creators"))
    headers = {
        "creator": text("Creator"),
        "offer": text("Deliverable"),
        "platform": text("Platform"),
        "wave": text("Wave"),
        "due": text("Draft due"),
        "day": text("Post date"),
        "label": text("Disclosure"),
    }
    shown = [key for key in headers if key in ("creator", "day", "label") or key in creators.keys]
    sheet.widths([WIDTHS[key] for key in shown])
    sheet.title(0, plan.campaign.name or text("Campaign plan"))
    about = text("What each creator posts. Post dates are those of the sheet {sheet}.", sheet=creators.sheet)
    sheet.text(1, 0, about, font_color=GREY)
    sheet.header(FIRST - 1, [headers[key] for key in shown], left=len(shown))
    line = disclosure_line(plan, book.language)
    for number, contract in enumerate(pick_contracts(report)):
        day = None if contract.posting is None else contract.posting.day
        cells = {key: _follow(creators, report, number, key) for key in shown if key not in ("due", "day", "label")}
        cells["day"] = _day(creators, number, "day", day)
        if "due" in shown:
            cells["due"] = _day(creators, number, "due", plan.picks[number].approval_date)
        _write_row(sheet, FIRST + number, [line if key == "label" else cells[key] for key in shown], shown)
    sheet.page.print_area(0, 0, FIRST + max(len(plan.picks), 1) - 1, len(shown) - 1)
    sheet.page.freeze_panes(FIRST, 1)
    sheet.page.repeat_rows(FIRST - 1)


def _follow(creators: SheetGrid, report: Report, number: int, key: str) -> _Cell:
    """Return a cell that shows the text of a cell on the sheet Creators, an empty one where that row is gone."""
    pick, row = report.plan.picks[number], creators.first + number
    text, source = workbook_text(getattr(pick, key)), f'{creators.cell_reference(key, row)}&""'
    if key == "offer" and "units" in creators.keys:
        units = creators.cell_reference("units", row)
        text, source = workbook_text(format_offer(pick)), f'{source}&IF({units}>1," x"&{units},"")'
    return _Cell(formula=f'IFERROR({source},"")', value=text)


def _day(creators: SheetGrid, number: int, key: str, day: date | None) -> _Cell:
    source = creators.cell_reference(key, creators.first + number)
    value = "" if day is None else (day - DAY_ZERO).days
    return _Cell(formula=f'IFERROR(IF({source}="","",{source}),"")', value=value, number_format=DAY)


def _write_row(sheet: Sheet, row: int, cells: Sequence[_Cell | str], shown: Sequence[str]) -> None:
    texts = [
        (cell if isinstance(cell, str) else str(cell.value), WIDTHS[key])
        for cell, key in zip(cells, shown, strict=True)
    ]
    height = row_height(texts)
    if height is not None:
        sheet.page.set_row(row, height)
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.text(row, column, cell, text_wrap=True, **ROW_STYLE)
        else:
            style = {"num_format": cell.number_format, "align": "left", "text_wrap": True, **ROW_STYLE}
            sheet.formula(row, column, cell.formula, cell.value, **style)
