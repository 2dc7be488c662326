"""A workbook as it is written: text stays text, money has its currency, every sheet prints, formulas name cells."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from math import ceil
from typing import Any

from msgspec import Struct
from rich.cells import cell_len
from xlsxwriter.utility import quote_sheetname

from microopt.quantities.cell_names import column_letters
from microopt.quantities.currencies import shown_sign
from microopt.rendering.language.language import Language, find_language
from microopt.rendering.sanitize import workbook_text
from microopt.rendering.workbook.package import leave_out_day

INK, DARK, PALE, LINE, GREY = "#1F2937", "#1F3A5F", "#EEF2F7", "#CBD5E1", "#64748B"
TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
A4 = 9  # XlsxWriter's number of the paper size
DEFAULT_STYLE = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "vcenter"}
HEADER_STYLE = {"bold": True, "font_color": "#FFFFFF", "bg_color": DARK, "text_wrap": True}
ROW_STYLE = {"bottom": 1, "bottom_color": LINE}  # a line below each row of a table
ROW_HEIGHT, LINE_HEIGHT, TALLEST_ROW = 18, 13, 409  # in points; the last is Excel's limit
LETTER_WIDTH, CAPITAL_EXCESS, WRAP_LOSS = 0.92, 0.25, 1.1  # of letters in places, of lines that end before the edge


class NumberFormats(Struct, frozen=True, kw_only=True):
    """How the numbers of a workbook are shown.

    Attributes
    ----------
    currency
        ISO code.
    whole_money
        Whether all amounts paid are without cents.
    sign_first
        Whether a currency's sign stands before the amount.
    """

    currency: str
    whole_money: bool
    sign_first: bool = True

    @property
    def money(self) -> str:
        """The number format of amounts that are paid."""
        return self._with_currency("#,##0" if self.whole_money else "#,##0.00")

    @property
    def rate(self) -> str:
        """The number format of the cost of one result."""
        return self._with_currency("#,##0.00")

    def _with_currency(self, digits: str) -> str:
        sign = shown_sign(self.currency)
        code = "".join(letter for letter in self.currency if letter.isalnum())
        return f'"{sign}"{digits}' if sign and self.sign_first else f'{digits} "{sign or code}"'


def _unchanged_formula(formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG001 (XlsxWriter's own)
    return formula


def chart_text(text: str) -> str:
    """Return text for a chart; XlsxWriter would take it for a reference to cells where it begins with `=`."""
    safe = workbook_text(text, 255)
    return f" {safe}" if safe.startswith("=") else safe


class WorkbookWriter:
    """A workbook in memory.

    Parameters
    ----------
    title
        For the properties of the document.
    language
        Of all texts that are not the user's own.
    day
        The day of the plan, which its campaign states; without one the document has no day, as the same plan is the
        same file on every day.
    """

    def __init__(
        self, title: str, formats: NumberFormats, language: Language | None = None, day: date | None = None
    ) -> None:
        import xlsxwriter

        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._out, {"in_memory": True, **TEXT_STAYS_TEXT})
        created = {} if day is None else {"created": datetime(day.year, day.month, day.day)}
        if day is None:
            leave_out_day(self._book)
        self._book.set_properties({"title": workbook_text(title, 255), "comments": "Made by microopt.", **created})
        self._book.set_size(2400, 1500)
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.formats = formats
        self.language = language or find_language("en")

    def text(self, message: str, **values: object) -> str:
        """Return a text in the language of the workbook."""
        return self.language.text(message, **values)

    def sheet(self, name: str) -> Sheet:
        """Return a new sheet, which prints on landscape pages, one page wide."""
        page = self._book.add_worksheet(name)
        # A quarter of the time went into 29 searches per formula for functions that none of them has.
        page._prepare_formula = _unchanged_formula
        page.hide_gridlines(2)
        page.set_default_row(ROW_HEIGHT)
        page.set_landscape()
        page.set_paper(A4)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.set_footer("&L&8&A&C&8microopt&R&8&P / &N")
        return Sheet(self, page)

    def style(self, **properties: Any) -> Any:
        """Return the format with these properties; each is made once, as a workbook holds 64,000 at most."""
        key = tuple(sorted(properties.items()))
        if key not in self._styles:
            self._styles[key] = self._book.add_format({**DEFAULT_STYLE, **properties})
        return self._styles[key]

    def difference(self, **properties: Any) -> Any:
        """Return a format that changes these properties alone, for cells that fulfil a condition."""
        return self._book.add_format(properties)

    def chart(self, kind: Mapping[str, str]) -> Any:
        """Return a new chart without series, which a sheet can insert."""
        return self._book.add_chart(dict(kind))

    def define_name(self, name: str, reference: str) -> None:
        """Give cells a name for formulas, which then hold no name of a sheet that somebody else chose."""
        self._book.define_name(name, f"={reference}")

    def to_bytes(self) -> bytes:
        """Close the workbook and return its bytes."""
        self._book.close()
        return self._out.getvalue()


class Sheet:
    """A sheet, whose rows and columns are counted from 0.

    Text is written as text whatever it holds, so that none of it runs as a formula.
    """

    def __init__(self, book: WorkbookWriter, page: Any) -> None:
        self.book, self.page = book, page

    def text(self, row: int, column: int, text: str, cell_format: Any = None, **style: Any) -> None:
        """Write text, in a given format or in one with these properties; the other methods do the same."""
        self.page.write_string(row, column, workbook_text(text), cell_format or self.book.style(**style))

    def number(self, row: int, column: int, value: float, cell_format: Any = None, **style: Any) -> None:
        """Write a number."""
        self.page.write_number(row, column, value, cell_format or self.book.style(**style))

    def formula(
        self, row: int, column: int, formula: str, value: float | str, cell_format: Any = None, **style: Any
    ) -> None:
        """Write a formula, and its present value for viewers that do not calculate."""
        shown = workbook_text(value) if isinstance(value, str) else value
        self.page.write_formula(row, column, formula, cell_format or self.book.style(**style), shown)

    def write(self, row: int, column: int, value: float | str | None, cell_format: Any = None, **style: Any) -> None:
        """Write a number, a text, or an empty cell with the format."""
        cell_format = cell_format or self.book.style(**style)
        if value is None:
            self.page.write_blank(row, column, None, cell_format)
        elif isinstance(value, str):
            self.page.write_string(row, column, workbook_text(value), cell_format)
        else:
            self.page.write_number(row, column, value, cell_format)

    def link(self, row: int, column: int, address: str, cell_format: Any) -> None:
        """Write a web address that opens when it is clicked; it must be one of a known platform."""
        self.page.write_url(row, column, address, cell_format, workbook_text(address))

    def link_to_sheet(self, row: int, column: int, sheet: str, text: str, cell_format: Any) -> None:
        """Write text that leads to another sheet of the workbook."""
        self.page.write_url(row, column, f"internal:{quote_sheetname(sheet)}!A1", cell_format, workbook_text(text))

    def header(self, row: int, names: Sequence[str], *, left: int = 1, remarks: Collection[int] = ()) -> None:
        """Write the header of a table: the first `left` names and remarks left-justified, the others above numbers.

        Parameters
        ----------
        remarks
            The places of columns of text to the right of numbers, which are indented.
        """
        self.page.set_row(row, 30)
        for column, name in enumerate(names):
            align = "left" if column < left or column in remarks else "right"
            indent = {"indent": 1} if column in remarks else {}
            self.text(row, column, name, **HEADER_STYLE, align=align, **indent)

    def title(self, row: int, text: str) -> None:
        """Write the title of a sheet or of a part of it."""
        self.page.set_row(row, 24)
        self.text(row, 0, text, bold=True, font_size=14, font_color=DARK)

    def widths(self, widths: Sequence[float]) -> None:
        """Set the columns' widths, in characters."""
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)


def row_height(cells: Collection[tuple[str, float]]) -> float | None:
    """Return how high a row must be to show wrapped texts, each with the width of its column; None as by default."""
    lines = max((_count_lines(text, width) for text, width in cells), default=1)
    return None if lines <= 1 else min(TALLEST_ROW, ROW_HEIGHT + LINE_HEIGHT * (lines - 1))


def _count_lines(text: str, width: float) -> int:
    """Return how many lines a text takes: a column is as wide as so many digits, and small letters are narrower."""
    if len(text) <= width / 2:  # the most that a letter takes is two places
        return 1
    lines = (LETTER_WIDTH * cell_len(text) + CAPITAL_EXCESS * sum(map(str.isupper, text))) / width
    return 1 if lines <= 1 else ceil(WRAP_LOSS * lines)


class SheetGrid(Struct, frozen=True, kw_only=True):
    """Where a table is on its sheet, so that formulas of other cells can name its cells.

    Attributes
    ----------
    sheet
        Name of the sheet.
    keys
        One key per column.
    first
        First row, counted from 0.
    rows
        Number of rows; a formula over an empty table names one row.
    """

    sheet: str
    keys: tuple[str, ...]
    first: int
    rows: int

    def column(self, key: str) -> int:
        """Return the number of a column, counted from 0."""
        return self.keys.index(key)

    def cell(self, key: str, row: int) -> str:
        """Return the reference of a cell within its sheet."""
        return f"{column_letters(self.column(key))}{row + 1}"

    def cell_reference(self, key: str, row: int) -> str:
        """Return the reference of a cell for other sheets."""
        return f"{quote_sheetname(self.sheet)}!{self.cell(key, row)}"

    def row_template(self, key: str) -> str:
        """Return a cell reference whose row is a placeholder: `A{row}`."""
        return f"{column_letters(self.column(key))}{{row}}"

    def column_range(self, key: str) -> str:
        """Return the reference of all rows of a column within its sheet."""
        name = column_letters(self.column(key))
        return f"${name}${self.first + 1}:${name}${self.first + max(self.rows, 1)}"

    def column_reference(self, key: str) -> str:
        """Return the reference of all rows of a column for other sheets."""
        return f"{quote_sheetname(self.sheet)}!{self.column_range(key)}"


FONT = {"name": "Arial", "color": GREY, "size": 9}
