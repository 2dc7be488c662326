"""Note unused headers that are nearly known ones, such as `engagment_rate`, if their cells can be that column's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from microopt.readers.context import ReadContext
from microopt.readers.headers.cell_evidence import CellEvidence
from microopt.readers.words.price_headers import is_price_header
from microopt.readers.words.vocabulary import ColumnKind, Vocabulary, alias_key
from microopt.roster.available_days import AVAILABLE_FROM, AVAILABLE_TO
from microopt.roster.unread_days import find_day_column

MIN_LENGTH = 5  # of a header, in letters and digits; among shorter ones a slip gives another word
LONG = 10  # from which two slips are likely too
MOST_SLIPS = 2
KnownHeaders = dict[tuple[str, int], list[str]]


def note_similar_headers(context: ReadContext, cells: Sequence[CellEvidence], used: Collection[int]) -> None:
    """Note each unused header that is a slip away from one whose column is not there."""
    vocabulary = context.options.vocabulary
    taken = {*context.columns.values(), *context.ignored, *used}
    known = _known_headers(vocabulary)
    for position, header in enumerate(context.table.headers):
        if position in taken or vocabulary.find_columns(header) or is_price_header(header):
            continue
        if find_day_column(header.strip(), cells[position].texts, context.columns):
            context.unused[position] = f"not used for waves: that needs {AVAILABLE_FROM} and {AVAILABLE_TO}"
            continue
        column = _find_similar(alias_key(header), cells[position], context, known)
        if column is not None:
            context.unused[position] = f"not used: did you mean {column}?"
            context.notes.append(f"{header.strip()} is not used: did you mean {column}?")


def _find_similar(key: str, cells: CellEvidence, context: ReadContext, known: KnownHeaders) -> str | None:
    """Return the missing column that a header means, or None."""
    if len(key) < MIN_LENGTH or not cells.texts:
        return None
    vocabulary = context.options.vocabulary
    near = [
        (slips, rank, column)
        for length in range(len(key) - MOST_SLIPS, len(key) + MOST_SLIPS + 1)
        for header in known.get((key[0], length), ())
        if (slips := _count_slips(key, header))
        for column, rank in vocabulary.ranks[header]
        if column not in context.columns and _can_be(column, cells, vocabulary)
    ]
    return min(near)[2] if near else None


def _known_headers(vocabulary: Vocabulary) -> KnownHeaders:
    """Return the known headers that can be misspelled, by their first letter and length."""
    known: KnownHeaders = {}
    for header in vocabulary.ranks:
        if len(header) >= MIN_LENGTH:
            known.setdefault((header[0], len(header)), []).append(header)
    return known


def _count_slips(key: str, known: str) -> int:
    """Return the number of typing errors between two keys, or 0 if they are equal or have more than are likely."""
    most = MOST_SLIPS if len(key) >= LONG else 1
    if abs(len(key) - len(known)) > most:
        return 0
    left, right = Counter(key), Counter(known)
    if max((left - right).total(), (right - left).total()) > most:
        return 0
    from rapidfuzz.distance import OSA

    slips = OSA.distance(key, known)
    return slips if slips <= most else 0


def _can_be(column: str, cells: CellEvidence, vocabulary: Vocabulary) -> bool:
    kind = vocabulary.get_kind(column)
    if kind is ColumnKind.TEXT:
        return cells.holds_text and (column != "platform" or cells.holds_platforms)
    if not cells.holds_numbers or (cells.holds_money and kind is not ColumnKind.MONEY):
        return False
    return cells.holds_rates if kind is ColumnKind.RATE else kind is ColumnKind.SHARE or not cells.holds_percents
