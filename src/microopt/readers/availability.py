"""From when and until when creators are available, as dates: `microopt.roster.available_days` says what follows."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
from numpy.typing import NDArray

from microopt.quantities.parse_and_format import shorten
from microopt.quantities.written_days import SHORT_YEARS, read_days, read_serial
from microopt.readers.context import ReadContext
from microopt.readers.dates import distinct_cells, parse_labels
from microopt.roster.available_days import AVAILABLE_FROM, AVAILABLE_TO
from microopt.roster.roster import TextColumn

ENDS = {AVAILABLE_FROM: 0, AVAILABLE_TO: 1}  # which day of a month or a week each column means
OWN_WORDS = {AVAILABLE_FROM: r"(?:from|ab|since|seit) (?:the )?", AVAILABLE_TO: r"(?:until|till|to|bis) (?:the )?"}
# Words for an end that is open: in either column, and in only one of them.
OPEN_WORDS = {
    *("tbd", "tba", "tbc", "open", "any", "anytime", "any time", "always", "flexible", "unknown", "?"),
    *("offen", "flexibel", "jederzeit", "immer", "egal", "ongoing", "laufend"),
}
ONE_END_WORDS = {
    AVAILABLE_FROM: {"now", "immediately", "asap", "immediate", "sofort", "ab sofort"},
    AVAILABLE_TO: {
        "ende offen",
        "open end",
        "open-end",
        "open ended",
        "open-ended",
        "no end",
        "unlimited",
        "unbefristet",
    },
}
FIX = "write the earlier day under available_from, or leave a cell empty where it is open"
DATE_FIX = "write a day as 2027-03-15 or 15 Mar 2027, a month as 2027-03, or leave the cell empty where it is open"
_DASHED = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4}|[0-9]{2})")


def read_availability(context: ReadContext) -> dict[str, TextColumn]:
    """Return the columns of days from and until which creators are available, as ISO dates; an empty cell is open.

    A month or a week is its first day in the one column, its last day in the other. Cells that are no dates, and rows
    that end before they begin, are faults.
    """
    found = {name: _parse_days(context, name) for name in ENDS if name in context.columns}
    if len(found) == 2:
        first, last = (
            np.asarray([day.toordinal() if day else unknown.toordinal() for day in days])[codes]
            for (codes, days), unknown in zip(found.values(), (date.min, date.max), strict=True)
        )
        message = "{value} is before the day from which the creator is available"
        context.fault_cells(AVAILABLE_TO, last < first, "available-reversed", message, FIX)
    return {name: _iso_column(codes, days) for name, (codes, days) in found.items()}


def _parse_days(context: ReadContext, name: str) -> tuple[NDArray[np.int32], list[date | None]]:
    """Return the position of each row's day among the distinct days of a column, and these."""
    cells = distinct_cells(context, name)
    words = OPEN_WORDS | ONE_END_WORDS[name]
    is_open = [" ".join(label.casefold().split()) in words for label in cells.labels]
    _note_open(context, name, cells, is_open)
    labels = ["" if opened else _to_iso(label, name) for label, opened in zip(cells.labels, is_open, strict=True)]
    if any((days := read_days(_without_own_word(label, name))) and days[0] < days[1] for label in cells.labels):
        context.note_interpretation(name, f"a month or a week is its {('first', 'last')[ENDS[name]]} day")
    other = next(each for each in ENDS if each != name)
    is_other = any(re.match(OWN_WORDS[other], label.strip(), re.IGNORECASE) for label in cells.labels)
    fix = f"write a day of the other end under {other}; {DATE_FIX}" if is_other else DATE_FIX
    beside = [
        _to_iso(label, other) for label in (distinct_cells(context, other).labels if other in context.columns else ())
    ]
    return cells.codes, parse_labels(context, name, cells.codes, labels, fix, beside)


def _note_open(context: ReadContext, name: str, cells: TextColumn, is_open: list[bool]) -> None:
    """Note how many cells are words for an end that is open."""
    count = int(np.asarray(is_open, dtype=np.bool_)[cells.codes].sum())
    if count:
        word = shorten(next(label for label, opened in zip(cells.labels, is_open, strict=True) if opened))
        subject = f"1 cell of {context.header(name)}, {word!r}, was"
        if count > 1:
            subject = f"{count:,} cells of {context.header(name)} such as {word!r} were"
        side = "from the start" if name == AVAILABLE_FROM else "to the end"
        context.notes.append(f"{subject} read as empty: available {side}")


def _to_iso(text: str, name: str) -> str:
    """Return the ISO text of a cell, one with slashes if its column has to show the order, or any other as it is."""
    if serial := read_serial(text):
        return serial.isoformat()
    text = _without_own_word(text, name)
    days = read_days(text)
    return _with_slashes(text) if days is None else days[ENDS[name]].isoformat()


def _without_own_word(text: str, name: str) -> str:
    """Return a cell without the word that says what its column says: `from` the first day, `until` the last one."""
    return re.sub(rf"\A\s*{OWN_WORDS[name]}", "", text, flags=re.IGNORECASE)


def _with_slashes(text: str) -> str:
    """Return a day in numbers with slashes and all digits of its year: the order is that of its column.

    Two digits at the front that could be a year stay as they are, and are no date.
    """
    match = _DASHED.fullmatch(text)
    if match is None:
        return text
    first, second, year = match.groups()
    if len(year) == 2:
        if int(first) in SHORT_YEARS or int(year) not in SHORT_YEARS:
            return text
        year = f"20{year}"
    return f"{first}/{second}/{year}"


def _iso_column(codes: NDArray[np.int32], days: list[date | None]) -> TextColumn:
    labels = ["" if day is None else day.isoformat() for day in days]
    places = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    numbers = np.asarray([places[label] for label in labels], dtype=np.int32)
    return TextColumn(codes=numbers[codes], labels=tuple(places))
