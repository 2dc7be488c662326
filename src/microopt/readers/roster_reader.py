"""A roster file -> Roster: the one road every format takes once its cells are a RawTable."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks import PLATFORMS, default_benchmarks, usual_engagement_rate
from microopt.errors import Fault, RosterError, nearest
from microopt.readers.delimited import read_delimited
from microopt.readers.faults import FaultLog
from microopt.readers.headers import KIND_OF, Kind, assign
from microopt.readers.table import RawTable, is_number, texts
from microopt.readers.values import Numbers, read_numbers
from microopt.roster import NO_FEE, ColumnUse, Roster, Source, TextColumn, match_key

MAX_PEOPLE = 1e11  # more than ten times mankind: a follower count above it is a slip
_RATE_FIX = "write rates as 3.4% or 0.034"
_NUMBER_FIX = "write a plain number such as 12500, 12.5K or 1,250"


class ReadOptions(Struct, frozen=True, kw_only=True):
    """How a roster is to be read.

    Attributes
    ----------
    fees_required
        Whether an empty fee is a fault (else it is left to be estimated).
    skip_bad_rows
        Leave out rows with faults, and say how many.
    """

    fees_required: bool = True
    skip_bad_rows: bool = False


def read_roster(path: str, options: ReadOptions | None = None) -> Roster:
    """Read a roster, checking everything.

    Parameters
    ----------
    path
        Delimited text, gzipped or not; `-` is standard input.

    Raises
    ------
    RosterError
        With every fault of the file.
    """
    options = options or ReadOptions()
    faults = FaultLog()
    return _Assembly(path, read_delimited(path, faults), faults, options).roster()


class _Assembly:
    """The columns of one roster while they are read; each raw column is let go once it is."""

    def __init__(self, path: str, table: RawTable, faults: FaultLog, options: ReadOptions) -> None:
        self.path, self.table, self.faults, self.options = path, table, faults, options
        self.columns = assign(table.headers)
        self.readings: dict[str, str] = {}
        self.notes = list(table.notes)
        self.currency: str | None = None

    def roster(self) -> Roster:
        self._require_columns()
        texts_of = {name: self._text(name) for name in self.columns if KIND_OF[name] is Kind.TEXT}
        numbers = {name: self._numbers(name) for name in self.columns if KIND_OF[name] is not Kind.TEXT}
        extra_texts, extra_numbers = self._extras()
        numbers |= extra_numbers
        self._check_people(numbers)
        self._rates(texts_of, numbers)
        fee = self._fee(numbers)
        creator_id = self._creators(texts_of)
        roster = Roster(
            texts=texts_of | extra_texts, numbers=_derived(numbers), fee=fee, creator_id=creator_id, row=self.table.row,
            source=Source(path=self.path, sha256=self.table.sha256), currency=self.currency, columns=self._uses(),
            notes=tuple(self.notes),
        )  # fmt: skip
        return self._finish(self._without_repeats(roster))

    def _header(self, name: str) -> str:
        return self.table.headers[self.columns[name]].strip() if name in self.columns else name

    def _require_columns(self) -> None:
        needed = ["creator", "followers", *(["fee"] if self.options.fees_required else [])]
        for name in needed:
            if name not in self.columns:
                found = ", ".join(header.strip() for header in self.table.headers)
                guess = nearest(name, self.table.headers, 1)
                fix = f"add a column {name}" + (f" ({guess})" if guess else "")
                if name == "fee":
                    fix += ", or have missing fees estimated with --estimate-fees"
                message = f"there is no column {name} (found: {found[:300]})"
                self.faults.add(Fault(code="column-missing", message=message, fix=fix, column=name))
        if not len(self.table.row):
            self.faults.add(
                Fault(code="no-rows", message="there is a header and no row below it", fix="add a row a creator")
            )
        if self.faults.beyond_rows:
            self.faults.stop_if_any(self.path)

    def _cells(self, mask: NDArray[np.bool_], column: list[str]) -> list[tuple[int, str]]:
        return [(int(self.table.row[i]), column[i]) for i in np.flatnonzero(mask)]

    def _text(self, name: str) -> TextColumn:
        column = _categories(self.table.columns[self.columns[name]])
        if name == "niche":
            column = _several(column)
        return column

    def _numbers(self, name: str) -> NDArray[np.float64]:
        raw = self.table.columns[self.columns[name]]
        read = read_numbers(raw)
        header, row = self._header(name), self.table.row
        kind = KIND_OF[name]
        fix = _RATE_FIX if kind in (Kind.RATE, Kind.SHARE) else _NUMBER_FIX
        bad = [(int(row[i]), cell) for i, cell in read.bad]
        self.faults.add_cells(header, bad, "number-unreadable", "{value} is not " + kind.value, fix)
        negative = np.nan_to_num(read.values) < 0
        if negative.any():
            cells = self._cells(negative, texts(raw))
            self.faults.add_cells(header, cells, "number-negative", "{value} is below zero", "correct the number")
        self._convention(name, read)
        if kind is Kind.MONEY:
            self._one_currency(name, read)
        return self._in_units(name, read)

    def _convention(self, name: str, read: Numbers) -> None:
        header = self._header(name)
        if read.contradiction:
            one, other = read.contradiction
            message = f"column {header} writes decimals in two ways: {one!r} and {other!r}"
            self.faults.add(
                Fault(code="decimal-mixed", message=message, fix="use one way in the column", column=header)
            )
        if read.decimal_comma:
            self.readings[name] = "decimal comma"

    def _one_currency(self, name: str, read: Numbers) -> None:
        currencies = read.currencies | ({self.currency} if self.currency else set())
        if len(currencies) > 1:
            header = self._header(name)
            message = f"column {header} holds several currencies: {', '.join(sorted(currencies))}"
            fix = "convert the amounts to one currency"
            self.faults.add(Fault(code="currency-mixed", message=message, fix=fix, column=header))
        self.currency = min(currencies) if currencies else self.currency

    def _in_units(self, name: str, read: Numbers) -> NDArray[np.float64]:
        """Rates and shares become proportions; rates without a percent sign are left to `_rates`."""
        values = read.values
        if KIND_OF[name] is Kind.SHARE:
            if not read.percent.any() and np.nanmax(values, initial=0.0) > 1:
                values = values / 100
                self.readings[name] = "percent"
            self._within(name, values, 1.0)
        elif KIND_OF[name] is Kind.RATE and not name.startswith("engagement_rate"):
            if not read.percent.any() and np.nanmedian(values) > 1 if np.isfinite(values).any() else False:
                values = values / 100
                self.readings[name] = "percent"
        elif read.percent.any() and KIND_OF[name] is not Kind.RATE:
            cells = self._cells(read.percent, texts(self.table.columns[self.columns[name]]))
            self.faults.add_cells(self._header(name), cells, "number-percent", "{value} is a percent", _NUMBER_FIX)
        elif name.startswith("engagement_rate"):
            self.readings[name] = "percent" if read.percent.any() else ""
            if read.percent.any() and not read.percent[~np.isnan(values)].all():
                self.readings[name] = "percent signs as percent, the others as proportions"
        return values

    def _within(self, name: str, values: NDArray[np.float64], most: float) -> None:
        above = np.nan_to_num(values) > most
        if above.any():
            cells = self._cells(above, texts(self.table.columns[self.columns[name]]))
            message = "{value} is above " + f"{most:.0%}"
            self.faults.add_cells(self._header(name), cells, "number-range", message, "a share is from 0 to 1")

    def _check_people(self, numbers: dict[str, NDArray[np.float64]]) -> None:
        followers = numbers["followers"]
        header, cells = self._header("followers"), texts(self.table.columns[self.columns["followers"]])
        unread = {fault.row for fault in self.faults.faults if fault.column == header}
        missing = [cell for cell in self._cells(np.isnan(followers), cells) if cell[0] not in unread]
        self.faults.add_cells(header, missing, "followers-missing", "the follower count is missing", "fill it in")
        none = self._cells(followers == 0, cells)
        fix = "fill in the real count, or remove the row"
        self.faults.add_cells(header, none, "followers-zero", "a creator with {value} followers reaches nobody", fix)
        many = self._cells(np.nan_to_num(followers) > MAX_PEOPLE, cells)
        self.faults.add_cells(header, many, "followers-range", "{value} followers are more than mankind", fix)

    def _rates(self, texts_of: dict[str, TextColumn], numbers: dict[str, NDArray[np.float64]]) -> None:
        """Tell percent from proportions in engagement rates that carry no percent sign."""
        for name in [name for name in numbers if name.startswith("engagement_rate")]:
            values = numbers[name]
            known = np.isfinite(values) & (values > 0) & np.isfinite(numbers["followers"])
            if self.readings[name] or not known.any():
                continue
            usual = usual_engagement_rate(
                default_benchmarks(), _platform_codes(texts_of, len(values))[known], numbers["followers"][known]
            )
            distance = abs(float(np.log(np.median(values[known]) / np.median(usual))))
            in_percent = abs(float(np.log(np.median(values[known]) / 100 / np.median(usual))))
            self.readings[name] = "percent" if in_percent < distance else "proportion"
            if in_percent < distance:
                numbers[name] = values / 100
        for name in [name for name in numbers if name.startswith("engagement_rate")]:
            high = int((np.nan_to_num(numbers[name]) > 1).sum())
            if high and name == "engagement_rate":
                self.notes.append(
                    f"{high:,} of the engagement rates are above 100%: check the column {self._header(name)}"
                )

    def _fee(self, numbers: dict[str, NDArray[np.float64]]) -> NDArray[np.int64]:
        values = numbers.pop("fee", np.full(len(self.table.row), np.nan))
        cents = np.where(np.isnan(values), NO_FEE, np.rint(np.nan_to_num(values) * 100))
        if self.options.fees_required and "fee" in self.columns:
            header = self._header("fee")
            unread = {fault.row for fault in self.faults.faults if fault.column == header}
            cells = texts(self.table.columns[self.columns["fee"]])
            missing = [cell for cell in self._cells(np.isnan(values), cells) if cell[0] not in unread]
            fix = "fill it in (0 is a gifted post), or have missing fees estimated with --estimate-fees"
            self.faults.add_cells(header, missing, "fee-missing", "the fee is missing", fix)
            huge = self._cells(cents > 1e13, cells)
            self.faults.add_cells(header, huge, "fee-range", "a fee of {value} is beyond reason", "correct the number")
        return np.where(cents > 1e13, NO_FEE, cents).astype(np.int64)

    def _creators(self, texts_of: dict[str, TextColumn]) -> NDArray[np.int32]:
        creator = texts_of["creator"]
        keys = [match_key(label) for label in creator.labels]
        ids, _ = pd.factorize(np.asarray(keys, dtype=object))
        creator_id = ids.astype(np.int32)[creator.codes]
        nameless = np.asarray([not key for key in keys], dtype=bool)[creator.codes]
        cells = [(int(row), "") for row in self.table.row[nameless]]
        header = self._header("creator")
        self.faults.add_cells(header, cells, "creator-missing", "the creator's name is missing", "fill it in")
        return creator_id

    def _extras(self) -> tuple[dict[str, TextColumn], dict[str, NDArray[np.float64]]]:
        texts_of, numbers, taken = {}, {}, set(self.columns.values())
        for position, header in enumerate(self.table.headers):
            name = header.strip()
            if position in taken or not name or name in KIND_OF or name in texts_of:
                continue
            read = read_numbers(self.table.columns[position])
            texts_of[name] = _categories(self.table.columns[position])
            if not read.bad and not read.contradiction and np.isfinite(read.values).any():
                numbers[name] = read.values
        return texts_of, numbers

    def _uses(self) -> tuple[ColumnUse, ...]:
        names = {position: name for name, position in self.columns.items()}
        uses = []
        for position, header in enumerate(self.table.headers):
            name = names.get(position)
            reading = self.readings.get(name or "", "")
            if not name and self.table.columns[position].nunique() == 1 and len(self.table.row) > 1:
                reading = f"the same in every row: {self.table.columns[position].iloc[0]}"
            uses.append(ColumnUse(header=header.strip(), column=name, reading=reading))
        return tuple(uses)

    def _without_repeats(self, roster: Roster) -> Roster:
        """Drop rows that repeat an offer to the letter; the same offer with other figures is a fault."""
        keys = [roster.creator_id.astype(np.int64)]
        keys += [_codes_by_key(roster.texts[name]) for name in ("platform", "offer") if name in roster.texts]
        frame = pd.DataFrame({str(i): key for i, key in enumerate(keys)})
        repeated = frame.duplicated(keep="first").to_numpy()
        if not repeated.any():
            return roster
        first = (
            frame.groupby(list(frame.columns), sort=False)[frame.columns[0]].transform(lambda g: g.index[0]).to_numpy()
        )
        dropped = []
        for i in np.flatnonzero(repeated):
            if _same(roster, int(i), int(first[i])):
                dropped.append(int(i))
            else:
                self._two_offers(roster, int(i), int(first[i]))
        if dropped:
            self.notes.append(f"{len(dropped):,} rows repeat an earlier row and were dropped")
        return roster.take(np.setdiff1d(np.arange(len(roster)), dropped))

    def _two_offers(self, roster: Roster, row: int, first: int) -> None:
        name = roster.texts["creator"][row]
        offer = " ".join(filter(None, (roster.text("platform", row), roster.text("offer", row)))) or "offer"
        message = f"{name} {offer} stands already in row {roster.row[first]}, with other figures"
        fix = "keep one of the two, or give them different names in a column offer"
        self.faults.add(
            Fault(code="offer-twice", message=message, fix=fix, row=int(roster.row[row]),
            column=self._header("creator"), value=name)
        )  # fmt: skip

    def _finish(self, roster: Roster) -> Roster:
        if self.faults.count and self.options.skip_bad_rows and not self.faults.beyond_rows:
            good = ~np.isin(roster.row, sorted(self.faults.bad_rows))
            if not good.any():
                raise RosterError(
                    f"every row of {self.path} has a fault", fix="run check to see them", faults=self.faults.faults
                )
            self.notes.append(f"{len(self.faults.bad_rows):,} rows with faults were left out (--skip-bad-rows)")
            roster = roster.take(np.flatnonzero(good))
        else:
            self.faults.stop_if_any(self.path)
        return replace(roster, notes=tuple(self.notes))


def _derived(numbers: dict[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Add what follows from other columns: `authentic` from a count of authentic engagements."""
    if "authentic" not in numbers and {"authentic_engagements", "engagements"} <= numbers.keys():
        with np.errstate(divide="ignore", invalid="ignore"):
            share = numbers["authentic_engagements"] / numbers["engagements"]
        numbers["authentic"] = np.where(np.isfinite(share), np.minimum(share, 1.0), np.nan)
    return numbers


def _categories(column: pd.Series[Any]) -> TextColumn:
    cells = pd.Series(texts(column), dtype=object) if is_number(column) else column.fillna("").astype(object)
    codes, labels = pd.factorize(cells.to_numpy(dtype=object))
    shown = tuple(str(label) for label in labels)
    return TextColumn(codes=codes.astype(np.int32), labels=shown, values=tuple((label.strip(),) for label in shown))


def _several(column: TextColumn) -> TextColumn:
    """Split cells that hold several values, at `|` or `;`, or at `/` where the column has neither."""
    joined = "".join(column.labels)
    separators = "|;" if "|" in joined or ";" in joined else "/"
    split = tuple(
        tuple(part.strip() for part in label.replace(separators[-1], separators[0]).split(separators[0]))
        for label in column.labels
    )
    return replace(column, values=split)


def _platform_codes(texts_of: dict[str, TextColumn], rows: int) -> NDArray[np.int8]:
    column = texts_of.get("platform")
    if column is None:
        return np.zeros(rows, dtype=np.int8)
    known = [PLATFORMS.index(key) if (key := label.strip().casefold()) in PLATFORMS else 0 for label in column.labels]
    return np.asarray(known, dtype=np.int8)[column.codes]


def _codes_by_key(column: TextColumn) -> NDArray[np.int64]:
    codes, _ = pd.factorize(np.asarray([label.strip().casefold() for label in column.labels], dtype=object))
    return codes[column.codes].astype(np.int64)


def _same(roster: Roster, one: int, other: int) -> bool:
    if roster.fee[one] != roster.fee[other]:
        return False
    texts_equal = all(column[one].casefold() == column[other].casefold() for column in roster.texts.values())
    return texts_equal and all(
        column[one] == column[other] or (np.isnan(column[one]) and np.isnan(column[other]))
        for column in roster.numbers.values()
    )
