"""Roster: the offers a plan can pick from, as checked columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import TierBands
from microopt.quantities.keys import header_key, match_key, match_keys
from microopt.roster.fee_discounts import FeeDiscounts
from microopt.roster.post_history import PostHistory
from microopt.roster.stated_audience import StatedAudience
from microopt.roster.taken_columns import TakenColumns
from microopt.roster.timing import PostTiming

NO_FEE = -1
RADIX_MIN_KEYS, RADIX_MAX_WIDTH = 1_000, 40  # from so many keys, of at most so many characters, sort them as numbers
YES_WORDS, NO_WORDS = (
    (
        *("yes", "y", "true", "1", "x", "✓", "✔", "ja", "wahr", "oui", "vrai", "sí", "si", "sì", "sim", "verdadero"),
        *("tak", "да", "так", "evet", "ya", "是", "はい", "예", "네", "نعم", "हाँ"),
    ),
    (
        *("no", "n", "false", "0", "nein", "falsch", "non", "faux", "não", "nao", "falso", "nee", "nej", "nie"),
        *("нет", "ні", "hayır", "tidak", "否", "いいえ", "아니요", "لا", "नहीं"),
    ),
)  # match keys of a flag that is set, and of one that is not


class TextColumn(Struct, frozen=True, kw_only=True, eq=False):
    """A column of text that stores each distinct text once.

    Attributes
    ----------
    codes
        (n,) position of each row's text in `labels`.
    labels
        The distinct texts as written; the empty text is an empty cell.
    values
        The parts of each label if cells hold several values; None if each label is one value.
    ranks
        The rank of each label in the order of match keys, if the reader has computed it.
    """

    codes: NDArray[np.int32]
    labels: Sequence[str]
    values: tuple[tuple[str, ...], ...] | None = None
    ranks: NDArray[np.int32] | None = None

    def __getitem__(self, row: int) -> str:
        return self.labels[int(self.codes[row])]

    def take(self, rows: NDArray[np.intp] | slice) -> TextColumn:
        """Return the column of these rows."""
        return replace(self, codes=self.codes[rows])

    def label_values(self, code: int) -> tuple[str, ...]:
        """Return the values that a label stands for."""
        return self.values[code] if self.values is not None else (self.labels[code].strip(),)

    def distinct_values(self) -> set[str]:
        """Return every value that occurs in a row."""
        return {
            value for code in np.flatnonzero(np.bincount(self.codes)) for value in self.label_values(int(code)) if value
        }

    def contains_any(self, wanted: set[str]) -> NDArray[np.bool_]:
        """Return, per row, whether any of its values is in `wanted` (match keys, see `match_key`)."""
        if self.values is None:
            hits = [key in wanted for key in match_keys(self.labels)]
        else:
            hits = [any(match_key(value) in wanted for value in values) for values in self.values]
        return np.asarray(hits, dtype=bool)[self.codes]


class Source(Struct, frozen=True, kw_only=True):
    """Where a roster came from.

    Attributes
    ----------
    path
        As the user wrote it; `-` is standard input.
    sha256
        SHA-256 of the bytes read, as hexadecimal text.
    sheet
        The requested sheet of the workbook, by name or number, or None.
    skip_bad_rows
        Whether rows with faults were left out on request.
    posts_sha256
        SHA-256 of the bytes of the file of posts, or None without one.
    """

    path: str
    sha256: str
    sheet: str | None = None
    skip_bad_rows: bool = False
    posts_sha256: str | None = None


class ColumnUse(Struct, frozen=True, kw_only=True):
    """How the reader understood a header: `column` is our name, or None for a column kept as it is."""

    header: str
    column: str | None
    reading: str = ""


class RowRemark(Struct, frozen=True, kw_only=True, eq=False):
    """What the reader changed, doubted or left out in some rows.

    Attributes
    ----------
    code
        Stable name of the kind of remark, such as `total-row`.
    rows
        (k,) row numbers as a spreadsheet shows them.
    text
        A sentence part that reads well after `row 7: `.
    creator
        Whose row was left out, if that is known; the text then begins with this name.
    """

    code: str
    rows: NDArray[np.int64]
    text: str
    creator: str = ""


class Roster(Struct, frozen=True, kw_only=True, eq=False):
    """The offers of creators as columns, with one row per offer.

    Attributes
    ----------
    texts
        Text columns by name; `creator` is always there.
    numbers
        (n,) float columns by name, NaN where the cell is empty; `followers` is always there. Rates are proportions.
    fee
        (n,) cents, `NO_FEE` where the roster has none.
    creator_id
        (n,) a number for each creator, the same for every spelling of the name.
    row
        (n,) row number as a spreadsheet shows it.
    unit_counts
        (n,) how many units of the offer are bought together, or None for one each.
    discount_share
        (n,) the volume discount on that as a share of the fee, or None for no discount.
    fee_discounts
        What was agreed to be taken off the fees and is not yet, or None for nothing.
    currency
        Code of the single currency of the fees, or None if unknown.
    audience
        Which share of each audience is on target, as the roster states it, or None where the campaign has no target.
    posts
        What the past posts of each offer's creator say, or None without a file of posts.
    timing
        In which wave each offer is posted, or None without a calendar.
    columns
        How each header was understood.
    notes
        Sentences about what the reader assumed or dropped.
    warnings
        Sentences about what makes the past posts less certain than they look.
    remarks
        What the reader changed or doubted, by row.
    left_out
        Which rows the reader left out, and why.
    """

    texts: Mapping[str, TextColumn]
    numbers: Mapping[str, NDArray[np.float64]]
    fee: NDArray[np.int64]
    creator_id: NDArray[np.int32]
    row: NDArray[np.int64]
    source: Source
    units: NDArray[np.int64] | None = None
    discount_share: NDArray[np.float64] | None = None
    fee_discounts: FeeDiscounts | None = None
    audience: StatedAudience | None = None
    currency: str | None = None
    posts: PostHistory | None = None
    timing: PostTiming | None = None
    columns: tuple[ColumnUse, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    remarks: tuple[RowRemark, ...] = ()
    left_out: tuple[RowRemark, ...] = ()

    def __len__(self) -> int:
        return len(self.fee)

    @property
    def creators(self) -> int:
        """The number of creators."""
        return int(np.count_nonzero(np.bincount(self.creator_id)))  # a tenth of the time of np.unique

    def take(self, rows: NDArray[np.intp] | slice) -> Roster:
        """Return the roster of these rows, in this order; a slice shares memory with this roster."""
        texts, numbers = self.texts, self.numbers
        if isinstance(texts, TakenColumns) and isinstance(numbers, TakenColumns):
            return self._take_arrays(rows, texts=texts.take(rows), numbers=numbers.take(rows))
        taken = {name: column.take(rows) for name, column in texts.items()}
        return self._take_arrays(rows, texts=taken, numbers={name: column[rows] for name, column in numbers.items()})

    def reorder(self, rows: NDArray[np.intp]) -> Roster:
        """Return the roster of these rows, whose texts and numbers are taken only when they are asked for."""
        if isinstance(self.texts, TakenColumns):
            return self.take(rows)
        texts, numbers = TakenColumns(self.texts, rows), TakenColumns(self.numbers, rows)
        return self._take_arrays(rows, texts=texts, numbers=numbers)

    def _take_arrays(self, rows: NDArray[np.intp] | slice, **columns: Mapping[str, Any]) -> Roster:
        """Return the roster of these rows with their texts and numbers."""
        return replace(
            self,
            fee=self.fee[rows],
            creator_id=self.creator_id[rows],
            row=self.row[rows],
            units=None if self.units is None else self.units[rows],
            discount_share=None if self.discount_share is None else self.discount_share[rows],
            fee_discounts=None if self.fee_discounts is None else self.fee_discounts.take(rows),
            audience=None if self.audience is None else self.audience.take(rows),
            posts=None if self.posts is None else self.posts.take(rows),
            timing=None if self.timing is None else self.timing.take(rows),
            **columns,
        )

    def unit_counts(self) -> NDArray[np.int64]:
        """Return how many units of each offer are bought together, (n,)."""
        return np.ones(len(self), dtype=np.int64) if self.units is None else self.units

    def number(self, name: str) -> NDArray[np.float64]:
        """Return a numeric column, or NaN throughout if the roster does not have it."""
        column = self.numbers.get(name)
        return column if column is not None else np.full(len(self), np.nan)

    def text(self, name: str, row: int) -> str:
        """Return a cell of a text column, or empty text if the roster does not have it."""
        column = self.texts.get(name)
        return column[row] if column is not None else ""

    def canonical_order(self) -> NDArray[np.intp]:
        """Return the rows in (creator, offer, platform) order, which does not depend on the order of the file."""
        creator = _key_ranks(self.texts["creator"])
        if len(self) and np.bincount(creator).max() == 1:  # one row per creator: no other key is needed
            return _argsort_distinct(creator)
        keys = [_key_ranks(self.texts[name]) for name in ("platform", "offer") if name in self.texts]
        numbers = [self.numbers["followers"], self.fee]
        return np.lexsort([*numbers, *keys, creator])


def _key_ranks(column: TextColumn) -> NDArray[np.int64] | NDArray[np.int32]:
    if column.ranks is not None:
        return column.ranks[column.codes]
    labels = list(column.labels)
    order = _sort_labels(match_keys(labels), labels)
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks[column.codes]


def _argsort_distinct(ranks: NDArray[np.int64] | NDArray[np.int32]) -> NDArray[np.intp]:
    """Return the order of ranks, none of which occurs twice, by putting each row in its place."""
    places = np.full(int(ranks.max()) + 1, -1, dtype=np.int32)
    places[ranks] = np.arange(len(ranks), dtype=np.int32)
    return places[places >= 0].astype(np.intp)


def _sort_labels(keys: Sequence[str], labels: Sequence[str]) -> NDArray[np.intp]:
    """Return the order by key, then label; many short ASCII keys are sorted as eight-byte words."""
    width = max(map(len, keys), default=0)
    joined = "".join(keys) if len(keys) >= RADIX_MIN_KEYS and width <= RADIX_MAX_WIDTH else "\0"
    if "\0" in joined or not joined.isascii():
        return np.asarray(sorted(range(len(keys)), key=lambda i: (keys[i], labels[i])), dtype=np.intp)
    words = np.array(keys, dtype=f"S{8 * -(-max(width, 1) // 8)}").view(">u8").astype(np.uint64).reshape(len(keys), -1)
    order = np.lexsort(words.T[::-1])
    alike = np.flatnonzero((words[order[1:]] == words[order[:-1]]).all(axis=1))
    for first in alike[np.diff(alike, prepend=-2) > 1].tolist():  # each run of equal keys
        last = first + 1
        while last + 1 < len(order) and keys[order[last + 1]] == keys[order[first]]:
            last += 1
        order[first : last + 1] = sorted(order[first : last + 1].tolist(), key=lambda i: labels[i])
    return order


def tiers_by_followers(roster: Roster, bands: TierBands) -> NDArray[np.int32]:
    """Return the position of each creator's tier in the bands, by followers; one without followers is in the last."""
    followers, position = roster.numbers["followers"], np.zeros(len(roster), dtype=np.int32)
    for floor in bands.floors[1:]:  # they are few: a search takes five times as long
        position += ~(followers < float(floor))
    return position


def with_tiers(roster: Roster, bands: TierBands) -> Roster:
    """Return the roster with a `tier` column by followers, unless it has a tier column already.

    Parameters
    ----------
    bands
        Tier names with their lower bounds; creators below the first bound count as the first tier.
    """
    if "tier" in roster.texts:
        return roster
    tier = TextColumn(codes=tiers_by_followers(roster, bands), labels=bands.names)
    return replace(roster, texts={**roster.texts, "tier": tier})


def find_column(roster: Roster, name: str) -> str:
    """Return the roster's name of a column: for any spelling of it, or for the header that the user's file gives it.

    A name that no column has is returned as it is.
    """
    key = header_key(name)
    names = [*roster.texts, *roster.numbers, "fee"]
    own = {header_key(column): column for column in reversed(names)}.get(key)
    if own is not None:
        return own
    by_header = {header_key(use.header): use.column for use in roster.columns if use.column in names}
    return by_header.get(key) or name


def find_number_column(roster: Roster, name: str) -> str | None:
    """Return the roster's name of a numeric column for any spelling of it or its header, or None."""
    keys = {header_key(column): column for column in reversed([*roster.numbers])}
    key = header_key(find_column(roster, name))
    return keys.get(key) or keys.get(key.rstrip("s")) or keys.get(key + "s")


def find_header(roster: Roster, name: str) -> str:
    """Return the file's own header of a column, or its name if no header stands for it."""
    return next((use.header for use in roster.columns if use.column == name), name)
