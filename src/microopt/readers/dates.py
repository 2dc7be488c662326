"""Dates in the cells of a column: any form of one meaning, or with slashes if the column shows their order.

A column with very many different times is one of time stamps, which pandas parses at once where they are ISO.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.quantities.invisible import INVISIBLE
from microopt.quantities.written_days import read_days, why_no_day
from microopt.readers.cells.text import to_text_column
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import to_arrow_strings
from microopt.roster.roster import TextColumn

DAY_FIRST, MONTH_FIRST, DOTTED = "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y"
UNIX_TIMES = {10: 1, 13: 1000}  # units in a second, by digits: from 2001 to 2065, as exports of scrapers have them
AFTER_SECONDS = "0123456789.:+-Z"  # parts of seconds, and the time zone
STAMP = r"^(?:\d{4}-\d\d-\d\d(?:[T ]\d\d?:\d\d[0-9:.+Z-]*)?)?$"
SAMPLE = 1_000  # cells that show whether a column has times
MANY_TIMES = 20_000  # from which on parsing each takes seconds
_NAMED, _YEAR_FIRST = re.compile(r"[^\W\d_]{3}"), re.compile(r"[0-9]{4}[/.]")
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
FIX = "write it as 2026-11-02 or 2 Nov 2026"


def parse_date_column(context: ReadContext, name: str) -> list[date | None]:
    """Parse a column of dates, None where a cell is empty; note cells that are not dates, and ambiguous ones."""
    codes, days = parse_distinct_dates(context, name)
    return [days[code] for code in codes.tolist()]


def parse_distinct_dates(context: ReadContext, name: str) -> tuple[NDArray[np.int32], list[date | None]]:
    """Return the position of each row's date among the distinct dates, and these; see `parse_date_column`."""
    cells = distinct_cells(context, name)
    return cells.codes, parse_labels(context, name, cells.codes, [_one_day(label) for label in cells.labels])


def distinct_cells(context: ReadContext, name: str) -> TextColumn:
    """Return the cells of a column of dates, of a long column of time stamps only their days.

    Spreadsheets put an apostrophe before texts, and marks of direction before dates, which nobody sees.
    """
    cells = _days_of_stamps(context.raw(name)) or to_text_column(context.raw(name), placeholders=True)
    return TextColumn(codes=cells.codes, labels=tuple(_without_marks(label) for label in cells.labels))


def parse_labels(
    context: ReadContext,
    name: str,
    codes: NDArray[np.int32],
    labels: list[str],
    fix: str = FIX,
    beside: Iterable[str] = (),
) -> list[date | None]:
    """Return the date of each distinct cell of a column, None where it is empty or a fault.

    Parameters
    ----------
    codes
        The position of each row's cell.
    fix
        Of a cell that is no date.
    beside
        Distinct cells of a column that was written with this one: it shows the order where this one does not.
    """
    slashed = {label for label in labels if "/" in label}
    order, conflict = _infer_order(slashed)
    if order is None and conflict is None:
        order, _ = _infer_order(label for label in beside if "/" in label)
    if conflict:
        day_first, month_first = conflict
        message = f"column {context.header(name)} has the day first in {day_first!r}"
        message += f" and the month first in {month_first!r}"
        context.fault_column(name, "date-ambiguous", message, FIX)
    stamps = _parse_stamps(labels) if len(labels) >= MANY_TIMES else {}
    days = [
        stamps.get(label) or (_parse(label, order or DAY_FIRST) if label in slashed else _parse_unslashed(label))
        for label in labels
    ]
    is_ambiguous = [label in slashed and not order and not conflict and _has_two_readings(label) for label in labels]
    noted = slashed if conflict else ()
    is_bad = [bool(label) and day is None and label not in noted for label, day in zip(labels, days, strict=True)]
    message = "{value}: cannot tell whether this is day/month or month/day"
    context.fault_cells(name, np.asarray(is_ambiguous, dtype=np.bool_)[codes], "date-ambiguous", message, FIX)
    reasons = [why_no_day(label) if bad else None for label, bad in zip(labels, is_bad, strict=True)]
    for reason in dict.fromkeys(each for each in reasons if each is not None):
        bad = np.asarray([each == reason for each in reasons], dtype=np.bool_)[codes]
        message = f"{{value}} is not a date{f': {reason}' if reason else ''}"
        context.fault_cells(name, bad, "date-unreadable", message, fix)
    return days


def _one_day(text: str) -> str:
    """Return the ISO text of a day with the name of its month, or with slashes and the year first; others as they are.

    Years of two digits are not read: files of figures and of posts could have them in any order.
    """
    days = read_days(text) if _NAMED.search(text) or _YEAR_FIRST.match(text) else None
    is_day = days is not None and days[0] == days[1] and str(days[0].year) in text
    return days[0].isoformat() if days is not None and is_day else text


def _without_marks(label: str) -> str:
    shown = label if label.isascii() else INVISIBLE.sub("", label)
    return shown.strip().removeprefix("'")


def _infer_order(slashed: Iterable[str]) -> tuple[str | None, tuple[str, str] | None]:
    """Return the order of day and month in the column, or None, and two cells that contradict each other, or None."""
    evidence: dict[str, list[str]] = {DAY_FIRST: [], MONTH_FIRST: []}
    for label in sorted(slashed):
        possible = [order for order in evidence if _parse(label, order)]
        if len(possible) == 1:
            evidence[possible[0]].append(label)
    if all(evidence.values()):
        return None, (evidence[DAY_FIRST][0], evidence[MONTH_FIRST][0])
    return next((order for order, labels in evidence.items() if labels), None), None


def _has_two_readings(label: str) -> bool:
    """Whether a cell is two different days in the two orders; 02/02/2026 is not."""
    day_first, month_first = _parse(label, DAY_FIRST), _parse(label, MONTH_FIRST)
    return day_first is not None and month_first is not None and day_first != month_first


def _parse_unslashed(label: str) -> date | None:
    if (per_second := UNIX_TIMES.get(len(label))) and label.isdecimal() and label[0] in "12":
        return datetime.fromtimestamp(int(label) // per_second, UTC).date()
    try:
        return datetime.fromisoformat(label).date()
    except ValueError:
        return _parse(label, DOTTED)


def _parse(label: str, order: str) -> date | None:
    for time in TIMES:
        try:
            return datetime.strptime(label, order + time).date()
        except ValueError:
            continue
    return None


def _days_of_stamps(column: pd.Series[Any]) -> TextColumn | None:
    """Return a long column of ISO time stamps without their times, of which nearly all differ; None for another one."""
    cells = to_arrow_strings(column) if len(column) >= MANY_TIMES else None
    if cells is None:
        return None
    import pyarrow.compute as pc

    compute: Any = pc  # its functions are made when it is imported, so that no type checker knows them
    if (compute.max(compute.binary_length(cells.slice(0, SAMPLE))).as_py() or 0) <= len("2026-11-02"):
        return None  # plain days, of which there are few
    if not compute.all(compute.match_substring_regex(cells, STAMP)).as_py():
        return None
    days = compute.utf8_slice_codeunits(cells, 0, 10).combine_chunks().dictionary_encode()
    return TextColumn(codes=days.indices.to_numpy(), labels=tuple(days.dictionary.to_pylist()))


def _parse_stamps(labels: list[str]) -> dict[str, date]:
    """Return the days of the labels that are ISO dates or time stamps, in the time that they state."""
    texts = pd.Series([label[:19] for label in labels], dtype=object)
    stamps = pd.to_datetime(texts, format="ISO8601", errors="coerce")
    found = zip(labels, stamps.dt.date, stamps.notna(), strict=True)
    return {
        label: day
        for label, day, is_known in found
        if is_known and len(label) >= 10 and label[4] == "-" and not label[19:].strip(AFTER_SECONDS)
    }
