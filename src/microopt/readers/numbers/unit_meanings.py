"""What the units with two meanings are in a column: `105 mil`, `45 B`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from microopt.quantities.number_units import BIN, LETTER_B, MIL, UNIT_SCALES, is_thousand
from microopt.readers.numbers.number_shapes import ShapeMeaning

THOUSAND, MILLION = 1e3, 1e6
IBERIAN, TURKISH = frozenset(["es", "pt"]), frozenset(["tr"])


def settle_units(
    meanings: Sequence[ShapeMeaning],
    known: Mapping[str, float],
    find_languages: Callable[[], frozenset[str]],
    find_mark: Callable[[], str | None],
) -> tuple[Mapping[str, float], frozenset[str]]:
    """Return what `mil` and `B` multiply the numbers of a column by, and which of these is only assumed.

    Parameters
    ----------
    meanings
        The shapes of the column.
    known
        What is settled already.
    find_languages
        Returns the languages of the headers.
    find_mark
        Returns the decimal mark of the file, or None if it shows none.
    """
    units = {meaning.unit for meaning in meanings} & {MIL, LETTER_B} - known.keys()
    if not units:
        return known, frozenset()
    settled, assumed = dict(known), set[str]()
    if MIL in units:
        is_sure = find_languages() <= IBERIAN and bool(find_languages())
        is_sure = is_sure or any(m.unit == MIL and m.decimal_mark == "," for m in meanings) or find_mark() == ","
        settled[MIL] = THOUSAND if is_sure or _is_assumed_thousand(meanings) else MILLION
        assumed |= set() if is_sure else {MIL}
    if LETTER_B in units:
        is_turkish = find_languages() == TURKISH or any(m.unit == BIN or m.currency == "TRY" for m in meanings)
        settled[LETTER_B] = THOUSAND if is_turkish else UNIT_SCALES[LETTER_B]
        assumed |= {LETTER_B} if is_turkish else set()
    return settled, frozenset(assumed)


def _is_assumed_thousand(meanings: Sequence[ShapeMeaning]) -> bool:
    """Whether the cells with `mil` make sense as thousands: whole numbers of two digits, or with a currency."""
    cells = [meaning for meaning in meanings if meaning.unit == MIL]
    by_currency = [meaning for meaning in cells if is_thousand("0", meaning.currency)]
    has_point = any(meaning.decimal_mark == "." for meaning in cells)
    has_own = any(is_thousand("0.0", meaning.currency) for meaning in cells)
    return has_own or (not has_point and (bool(by_currency) or any(is_thousand(m.body, None) for m in cells)))
