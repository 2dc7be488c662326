"""Which mark is the decimal one, by the evidence of the whole file, and the note on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import numpy as np
from msgspec.structs import replace

from microopt.quantities.parse_and_format import format_names
from microopt.readers.context import DecimalEvidence, ReadContext, ThousandsCell
from microopt.readers.formats.raw_table import cell_text, is_numeric
from microopt.readers.numbers.number_shapes import find_shape_marks
from microopt.readers.numbers.numeric_text import NumberColumn, NumberStyle, ThreeDigits, looks_numeric
from microopt.readers.words.header_languages import find_languages
from microopt.readers.words.number_units import header_scale
from microopt.readers.words.vocabulary import ColumnKind

RATIO_COLUMNS = ("sentiment", "sponsored_ratio")  # numbers that count nothing, and have decimals
MARK_NAMES = {".": "decimal point", ",": "decimal comma"}
_GROUPING = {".": "commas group thousands", ",": "points group thousands"}  # by the decimal mark


def number_style(context: ReadContext, name: str) -> NumberStyle:
    """Return how the numbers of a column may be written."""
    kind = context.kind(name)
    is_money = kind is ColumnKind.MONEY
    return NumberStyle(
        three_digits=_three_digits(context, name, kind),
        decimal=context.options.decimal,
        find_mark=partial(find_file_mark, context),
        is_loose=True,
        has_rounded=not is_money,
        has_ranges=not is_money,
        find_languages=partial(find_languages, context.table.headers, context.header(name)),
        scale=header_scale(context.header(name)) if is_money or kind is ColumnKind.COUNT else 1.0,
    )


def extra_style(context: ReadContext) -> NumberStyle:
    """Return how the numbers of an unknown column may be written."""
    return NumberStyle(decimal=context.options.decimal, find_mark=partial(find_file_mark, context))


def surcharge_style(context: ReadContext, name: str) -> NumberStyle:
    """Return how the cells of a surcharge may be written while amounts of money stand among its shares."""
    style = number_style(context, name)
    holds_shares = style.three_digits is ThreeDigits.RATE and "%" not in context.header(name)
    return replace(style, three_digits=ThreeDigits.SURCHARGE) if holds_shares else style


def money_style(context: ReadContext) -> NumberStyle:
    """Return how the amounts of an unknown column may be written that holds money."""
    return replace(extra_style(context), three_digits=ThreeDigits.MONEY)


def style_at(context: ReadContext, position: int) -> NumberStyle:
    """Return how the numbers of the column at a position of the table may be written."""
    name = next((name for name, place in context.columns.items() if place == position), None)
    if name is None or context.kind(name) is ColumnKind.TEXT:
        return extra_style(context)
    return number_style(context, name)


def _three_digits(context: ReadContext, name: str, kind: ColumnKind) -> ThreeDigits:
    if kind in (ColumnKind.RATE, ColumnKind.SHARE) or name in RATIO_COLUMNS:
        return ThreeDigits.RATE
    if kind is ColumnKind.MONEY:
        return ThreeDigits.MONEY
    is_whole = name.partition(":")[0] in context.options.vocabulary.whole_numbers
    return ThreeDigits.PEOPLE if is_whole else ThreeDigits.COUNT


def find_file_mark(context: ReadContext) -> str | None:
    """Return the decimal mark of a file, or None if it shows none."""
    return find_evidence(context).mark


def find_evidence(context: ReadContext) -> DecimalEvidence:
    """Return the decimal mark of a file and what shows it.

    A cell that can only be read one way decides, in whichever column it is; else a semicolon between the cells; else
    the place of the currency, which follows the amount where commas are decimal marks. The search is made once, and
    only for files in which it matters.
    """
    if context.decimal_evidence is None:
        context.decimal_evidence = (
            _evidence_of_cells(context)
            or _evidence_of_delimiter(context)
            or _evidence_of_currencies(context)
            or DecimalEvidence()
        )
    return context.decimal_evidence


def _evidence_of_cells(context: ReadContext) -> DecimalEvidence | None:
    """Return the mark that cells show beyond doubt, unless they show both."""
    table, found = context.table, dict[str, DecimalEvidence]()
    for position in _number_positions(context):
        column, header = table.columns[position], table.headers[position].strip()
        if is_numeric(column):
            values = column.to_numpy()
            is_fraction = np.isfinite(values) & (values != np.rint(values))
            rows = {".": int(np.argmax(is_fraction))} if column.dtype.kind == "f" and is_fraction.any() else {}
        else:
            rows = find_shape_marks(column, decisive=True)
        for mark, row in rows.items():
            cell = cell_text(column, row).strip()
            what = MARK_NAMES[mark] if re.search(rf"\{mark}\d", cell) else _GROUPING[mark]
            reason = f"{what}, as in {cell[:20]} (column {header[:30]}, row {table.row[row]})"
            found.setdefault(mark, DecimalEvidence(mark=mark, reason=reason))
    return next(iter(found.values())) if len(found) == 1 else None


def _number_positions(context: ReadContext) -> Iterator[int]:
    """Yield the positions of the columns that hold numbers; a workbook's own numbers are written with no mark."""
    table = context.table
    names = {position: name for name, position in context.columns.items()}
    for position, column in enumerate(table.columns[: len(table.headers)]):
        kind = context.kind(names[position]) if position in names else None
        if is_numeric(column):
            if table.delimiter:
                yield position
        elif kind is not ColumnKind.TEXT and (kind is not None or looks_numeric(column)):
            yield position


def _evidence_of_delimiter(context: ReadContext) -> DecimalEvidence | None:
    if context.table.delimiter != ";":
        return None
    return DecimalEvidence(mark=",", reason="decimal comma, as usual where cells are separated by semicolons")


def _evidence_of_currencies(context: ReadContext) -> DecimalEvidence | None:
    """Return the mark that the place of the currency speaks for: `1.500 €` for the comma, `$1,500` for the point."""
    found: set[str] = set()
    for name, position in context.columns.items():
        column = context.table.columns[position]
        if context.kind(name) is ColumnKind.MONEY and not is_numeric(column):
            found |= find_shape_marks(column, decisive=False).keys()
    mark = next(iter(found)) if len(found) == 1 else None
    return None if mark is None else DecimalEvidence(mark=mark)


def record_thousands(context: ReadContext, name: str, parsed: NumberColumn) -> str:
    """Remember a cell of a column whose lone mark was taken for one of thousands although it may be a decimal mark.

    A comma is noted only where it might be one: `12,400` is clear in a file that shows no decimal commas.

    Returns
    -------
    interpretation
        How the column is read, in a few words; nothing if there is no doubt.
    """
    points, commas = parsed.points_as_thousands, parsed.commas_as_thousands
    if commas is not None and context.table.delimiter == ";":
        lone_mark, cells = ",", commas
    elif points is not None:
        lone_mark, cells = ".", points
    else:
        return ""
    row = int(np.argmax(cells))
    context.thousands[context.header(name)] = ThousandsCell(
        text=cell_text(context.raw(name), row).strip()[:30],
        value=float(parsed.values[row]),
        lone_mark=lone_mark,
        count=int(np.count_nonzero(cells)),
    )
    if not _is_settled(find_evidence(context), lone_mark):
        context.remark(cells, "number-thousands", f"{context.header(name)} is read without decimals")
    if points is not None and commas is not None:
        return "points and commas group thousands"
    return _GROUPING["," if lone_mark == "." else "."]


def _is_settled(evidence: DecimalEvidence, lone_mark: str) -> bool:
    """Whether the file shows beyond doubt that a lone mark is not the decimal one."""
    return bool(evidence.reason) and evidence.mark != lone_mark


def note_thousands(context: ReadContext, *, can_be_settled: bool = True) -> None:
    """Note in one line for the file which marks were taken for thousands, and why.

    Parameters
    ----------
    can_be_settled
        Whether `--decimal` counts for this file.
    """
    if not context.thousands:
        return
    first = next(iter(context.thousands.values()))
    evidence = find_evidence(context)
    more = sum(cell.count for cell in context.thousands.values()) - 1
    reason = ""
    if _is_settled(evidence, first.lone_mark):
        reason = f": {evidence.reason}"
    elif can_be_settled:
        others = f", and so {'is 1 more cell' if more == 1 else f'are {more:,} more cells'}" if more else ""
        subject, mark = "they have" if more else "it has", MARK_NAMES[first.lone_mark].removeprefix("decimal ")
        reason = f"{others}. If {subject} decimals, add --decimal {mark}"
    places = format_names([header[:30] for header in context.thousands], limit=4)
    context.notes.append(f"{first.text} is read as {first.value:,.10g} ({places}){reason}")
