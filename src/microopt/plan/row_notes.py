"""What the reader did with rows, as JSON holds it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from microopt.roster.roster import RowRemark


class RowNote(Struct, frozen=True, kw_only=True):
    """What the reader did with some rows.

    Attributes
    ----------
    code
        Stable name of the reason.
    rows
        Row numbers as a spreadsheet shows them.
    text
        The reason, and the creator if known.
    """

    code: str
    rows: tuple[int, ...]
    text: str


def row_notes(remarks: Sequence[RowRemark]) -> tuple[RowNote, ...]:
    """Return what the reader did with rows, as JSON holds it."""
    return tuple(RowNote(code=it.code, rows=tuple(it.rows.tolist()), text=it.text) for it in remarks)
