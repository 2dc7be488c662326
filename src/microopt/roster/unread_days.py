"""Columns that say when creators are available, under headers that are not those of `available_from` and `_to`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from microopt.quantities.keys import header_key
from microopt.quantities.written_days import read_days, read_serial
from microopt.roster.available_days import AVAILABLE_FROM, AVAILABLE_TO
from microopt.roster.roster import NO_WORDS, YES_WORDS, Roster

MOST_CELLS = 200  # that are looked at
_BOTH = {
    *("available", "availability", "availabledate", "availabledates", "availabledays", "availabilitydate"),
    *("availabilitydates", "availabilitywindow", "whenavailable", "datesavailable", "free", "freedates", "freewhen"),
    *("bookingwindow", "verfügbar", "verfügbarkeit", "verfugbar", "verfugbarkeit", "frei", "zeitraum"),
    *("disponible", "disponibilité", "disponibilités", "disponibilite", "disponibilites", "disponibilidad"),
    *("disponibile", "disponibilità", "disponibilita", "disponibilidade", "beschikbaar", "beschikbaarheid"),
}
_ENDS = {  # of a header that means days only if its cells are some
    AVAILABLE_FROM: {"start", "starts", "startdate", "starting", "begin", "begins", "from", "since", "ab", "von"},
    AVAILABLE_TO: {"end", "ends", "enddate", "ending", "until", "till", "to", "through", "bis", "ende"},
}
_SLASHED = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}")


class DayColumn(Struct, frozen=True, kw_only=True):
    """A column that says when creators are available, and that no wave depends on.

    Attributes
    ----------
    column
        `available_from` or `available_to`, which it can be read as; None if its cells are no such days.
    """

    header: str
    column: str | None


def unread_day_columns(roster: Roster) -> Iterator[DayColumn]:
    """Yield the columns of a roster that say when creators are available, but are kept for rules and filters."""
    for name, column in roster.texts.items():
        if found := find_day_column(name, column.labels, roster.texts):
            yield found


def find_day_column(header: str, cells: Sequence[str], known: Collection[str]) -> DayColumn | None:
    """Return what days a column that is not used says, None if it says none, or if they are in another column.

    Parameters
    ----------
    cells
        Its distinct cells.
    known
        The columns that the roster has.
    """
    key = header_key(header)
    if header in (AVAILABLE_FROM, AVAILABLE_TO):
        return None
    for name, words in _ENDS.items():
        if key in words and name not in known and _are_days(cells):
            return DayColumn(header=header, column=name)
    if key not in _BOTH or {AVAILABLE_FROM, AVAILABLE_TO} & {*known} or not _says_something(cells):
        return None
    return DayColumn(header=header, column=AVAILABLE_FROM if _are_days(cells) else None)


def _says_something(cells: Sequence[str]) -> bool:
    """Whether some cells are more than yes, no or a number."""
    answers = {*YES_WORDS, *NO_WORDS, "", "y", "n", "x"}
    return any(cell.strip().casefold() not in answers and not cell.strip().isdecimal() for cell in cells)


def _are_days(cells: Sequence[str]) -> bool:
    """Whether most cells are days, months or weeks."""
    filled = [*islice((cell.strip() for cell in cells if cell.strip()), MOST_CELLS)]
    days = sum(bool(read_days(cell) or read_serial(cell) or _SLASHED.fullmatch(cell)) for cell in filled)
    return 2 * days > len(filled)
