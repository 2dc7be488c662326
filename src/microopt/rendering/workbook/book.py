"""A workbook that is being written: text enters as text only, money in its currency, and every sheet prints."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from microopt.quantities.parse_and_format import CURRENCY_SIGNS
from microopt.rendering.sanitize import workbook_text

INK, DARK, PALE, LINE, GREY = "#1F2937", "#1F3A5F", "#EEF2F7", "#CBD5E1", "#64748B"
AS_IT_IS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MADE = datetime(1980, 1, 1, tzinfo=UTC)  # as of the files in the package: the same plan is the same file
A4 = 9
TYPE = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "vcenter"}
HEADER = {"bold": True, "font_color": "#FFFFFF", "bg_color": DARK, "text_wrap": True}
ASIDE = ("Notes", "Its limit", "Dropping it would bring", "Because")  # headers of remarks, set apart
EDGE = {"bottom": 1, "bottom_color": LINE}  # below each line of a table


class NumberFormats(Struct, frozen=True, kw_only=True):
    """How the numbers of a workbook are shown.

    Attributes
    ----------
    currency
        Code.
    whole
        Whether no amount paid has cents.
    """

    currency: str
    whole: bool

    @property
    def money(self) -> str:
        """The number format of what is paid."""
        return self._of("#,##0" if self.whole else "#,##0.00")

    @property
    def rate(self) -> str:
        """The number format of what one result costs."""
        return self._of("#,##0.00")

    def _of(self, digits: str) -> str:
        sign = next((sign for sign, code in CURRENCY_SIGNS.items() if code == self.currency), "")
        code = "".join(letter for letter in self.currency if letter.isalnum())
        return f'"{sign}"{digits}' if sign else f'{digits} "{code}"'


def _as_written(formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG001 (XlsxWriter's own)
    return formula


class WorkbookWriter:
    """A workbook in memory.

    Parameters
    ----------
    title
        For the properties of the document.
    """

    def __init__(self, title: str, look: NumberFormats) -> None:
        import xlsxwriter

        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._out, {"in_memory": True, **AS_IT_IS})
        self._book.set_properties(
            {"title": workbook_text(title, 255), "comments": "Made by microopt.", "created": MADE}
        )
        self._book.set_size(2400, 1500)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.look = look

    def sheet(self, name: str) -> Sheet:
        """Return a new sheet, which prints on landscape pages of one width."""
        page = self._book.add_worksheet(name)
        page._prepare_formula = _as_written  # a quarter of the time went into 29 searches a formula, for what none has
        page.hide_gridlines(2)
        page.set_default_row(18)
        page.set_landscape()
        page.set_paper(A4)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.set_footer("&L&8&A&C&8microopt&R&8&P of &N")
        return Sheet(self, page)

    def style(self, **properties: Any) -> Any:
        """Return the format of these properties, each made once: a workbook may hold 64,000."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({**TYPE, **properties})
        return self._formats[key]

    def chart(self, kind: Mapping[str, str]) -> Any:
        """Return a new chart, to be filled and put on a sheet."""
        return self._book.add_chart(dict(kind))

    def to_bytes(self) -> bytes:
        """Close the workbook and return its bytes."""
        self._book.close()
        return self._out.getvalue()


class Sheet:
    """A sheet: cells by row and column, counted from 0.

    Text is written as text whatever it holds, so that none of it is ever run.
    """

    def __init__(self, book: WorkbookWriter, page: Any) -> None:
        self.book, self.page = book, page

    def text(self, row: int, column: int, text: str, form: Any = None, **style: Any) -> None:
        """Write text, in a format that was made before or of these properties; so do the others."""
        self.page.write_string(row, column, workbook_text(text), form or self.book.style(**style))

    def number(self, row: int, column: int, value: float, form: Any = None, **style: Any) -> None:
        """Write a number."""
        self.page.write_number(row, column, value, form or self.book.style(**style))

    def formula(self, row: int, column: int, formula: str, value: float | str, form: Any = None, **style: Any) -> None:
        """Write a formula, and the value it has now for viewers that do not calculate."""
        self.page.write_formula(row, column, formula, form or self.book.style(**style), value)

    def write(self, row: int, column: int, value: float | str | None, form: Any = None, **style: Any) -> None:
        """Write a number, a text, or an empty cell that has the format."""
        form = form or self.book.style(**style)
        if value is None:
            self.page.write_blank(row, column, None, form)
        elif isinstance(value, str):
            self.page.write_string(row, column, workbook_text(value), form)
        else:
            self.page.write_number(row, column, value, form)

    def header(self, row: int, names: Sequence[str], *, left: int = 1) -> None:
        """Write the header of a table: the first `left` names and remarks stand left, the others above numbers."""
        self.page.set_row(row, 30)
        for column, name in enumerate(names):
            align = "left" if column < left or name in ASIDE else "right"
            indent = {"indent": 1} if name in ASIDE else {}
            self.text(row, column, name, **HEADER, align=align, **indent)

    def title(self, row: int, text: str) -> None:
        """Write what a sheet or a part of it is about."""
        self.page.set_row(row, 24)
        self.text(row, 0, text, bold=True, font_size=14, font_color=DARK)

    def widths(self, widths: Sequence[float]) -> None:
        """Set the columns' widths, in characters."""
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)
