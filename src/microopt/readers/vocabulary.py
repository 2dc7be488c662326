"""Vocabulary: the columns that one kind of file has, and the headers that mean them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from microopt.quantities.keys import header_key
from microopt.readers.price_headers import is_price

TOLD = -1  # rank of a header that the user explained


class Kind(Enum):
    """What a column's cells are read as."""

    TEXT = "text"
    COUNT = "a number"
    RATE = "a rate"  # a proportion that may be written as percent
    SHARE = "a share from 0 to 1"
    MONEY = "money"


def alias_key(header: str) -> str:
    """Return what two spellings of one header share; a percent sign is a word."""
    return header_key(header.replace("%", " pct"))


class Vocabulary(Struct, frozen=True, kw_only=True):
    """The columns of one kind of file.

    Attributes
    ----------
    kinds
        What the cells of each column are read as.
    ranks
        Column and rank of each spelling of a header, by its key; a lower rank is the better spelling.
    example
        The first headers that such a file may have.
    priced
        Whether headers that are prices of formats stand for columns too.
    whole
        Columns that count whole things, so that a point before three digits, `1.234`, is doubtful.
    needed
        Columns by which a sheet of a workbook is told to be such a file.
    """

    kinds: Mapping[str, Kind]
    ranks: Mapping[str, tuple[str, int]]
    example: str
    priced: bool = False
    whole: tuple[str, ...] = ()
    needed: tuple[str, ...] = ("creator",)

    def kind_of(self, column: str) -> Kind:
        """Return what a column's cells are read as."""
        return self.kinds[column.partition(":")[0]]

    def column_of(self, header: str) -> tuple[str, int] | None:
        """Return the column a header stands for and the rank of that spelling (below 0: as told), or None."""
        return self.ranks.get(alias_key(header))

    def taught(self, columns: Mapping[str, str]) -> Vocabulary:
        """Return the vocabulary with the headers of `[columns]`; a column that is none of ours is left out."""
        ours = {header_key(name): name for name in self.kinds}
        told = {alias_key(header): ours.get(header_key(column), "") for header, column in columns.items()}
        return replace(self, ranks={**self.ranks, **{key: (name, TOLD) for key, name in told.items() if name}})

    def holds_numbers(self, header: str) -> bool:
        """Whether the header's column should hold numbers, so that a format reader may read it as such."""
        found = self.column_of(header)
        if found is None:
            return self.priced and is_price(header)
        return self.kind_of(found[0]) is not Kind.TEXT

    def recognised(self, headers: Sequence[str]) -> int:
        """Return how many of our columns these cells would name, were they headers."""
        return len({found[0] for header in headers if (found := self.column_of(header))})

    def header_row(self, rows: Sequence[Sequence[str]]) -> tuple[int, int] | None:
        """Return which of the first rows is the header and how many columns it names; None if all are blank.

        It is the first row that is not blank, unless a later one, below a title block, names clearly more of our
        columns.
        """
        best: tuple[int, int] | None = None
        for number, cells in enumerate(rows):
            if not any(cell.strip() for cell in cells):
                continue
            named = self.recognised(cells)
            if best is None or (named > best[1] and named >= (3 if best[1] else 2)):
                best = number, named
        return best


def vocabulary(
    kinds: Mapping[Kind, str],
    aliases: Mapping[str, str],
    *,
    example: str,
    priced: bool = False,
    whole: tuple[str, ...] = (),
    needed: tuple[str, ...] = ("creator",),
) -> Vocabulary:
    """Return the vocabulary of columns, told by kind, and of their other spellings, the better ones first."""
    kind_of = {name: kind for kind, names in kinds.items() for name in names.split()}
    ranks = {
        alias_key(alias): (name, rank)
        for name in kind_of
        for rank, alias in enumerate([name, *aliases.get(name, "").split(",")])
        if alias_key(alias)
    }
    return Vocabulary(kinds=kind_of, ranks=ranks, example=example, priced=priced, whole=whole, needed=needed)
