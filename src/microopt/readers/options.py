"""ReadOptions: how a roster is to be read."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct, field

from microopt.readers.vocabulary import ROSTER, Vocabulary

MAX_UNPACKED = 4 * 1024**3  # bytes that a packed file may unpack to
MAX_RATIO = 200  # times its packed size, beyond FREE bytes
UNPACKED_WITHOUT_RATIO = 64 * 1024**2


class ReadOptions(Struct, frozen=True, kw_only=True):
    """How a roster is to be read.

    Attributes
    ----------
    fees_required
        Whether an empty fee is a fault (else it is left to be estimated).
    skip_bad_rows
        Leave out rows with faults, and say how many.
    sheet
        Name or number (from 1) of a workbook's sheet; the first by default.
    columns
        The file's headers, and which of our columns each stands for, where no alias knows it.
    units
        `percent` or `fraction` by column, where the reading inferred from the values is wrong.
    currency
        Code of the campaign's currency, or None.
    exchange
        What one of each other currency is worth in the campaign's.
    max_unpacked
        Bytes that a packed file may unpack to.
    vocabulary
        The columns that the file may have.
    """

    fees_required: bool = True
    skip_bad_rows: bool = False
    sheet: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    exchange: Mapping[str, Fraction] = field(default_factory=dict)
    max_unpacked: int = MAX_UNPACKED
    vocabulary: Vocabulary = ROSTER
