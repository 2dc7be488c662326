"""The state of reading a file: each step notes its faults here and continues."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from msgspec import Struct, field
from numpy.typing import NDArray

from microopt.errors import Fault
from microopt.readers.fault_log import FaultLog
from microopt.readers.file_kinds import PARQUET, WORKBOOKS
from microopt.readers.formats.raw_table import RawTable, to_texts
from microopt.readers.formats.table_limits import fault_long_cells
from microopt.readers.options import ReadOptions
from microopt.readers.words.vocabulary import ColumnKind
from microopt.roster.roster import RowRemark, TextColumn

FormatReader = Callable[[str, ReadOptions, FaultLog], RawTable]


class DecimalEvidence(Struct, frozen=True, kw_only=True):
    """The decimal mark that a file shows, None if it shows none, and how.

    Attributes
    ----------
    mark
        `,` or `.`, None if the file shows none.
    reason
        What shows it, `decimal comma, as in 4,1 % (column ER)`; empty where only the place of the currency hints at it.
    """

    mark: str | None = None
    reason: str = ""


class ThousandsCell(Struct, frozen=True, kw_only=True):
    """The first cell of a column whose lone mark was taken for one of thousands, its number, and how many there are."""

    text: str
    value: float
    lone_mark: str
    count: int


class ReadContext(Struct, kw_only=True, eq=False):
    """What is known about a file so far.

    Attributes
    ----------
    path
        As the user wrote it.
    table
        The raw cells.
    columns
        Position in the table of the header of each column, by the column's name.
    ignored
        Positions of the headers that the user sets aside.
    unused
        Why a known header is not used, in a few words, by its position.
    audience
        What the cells of each header of an audience are shares of, by its position.
    totals
        Positions of the headers whose cells are totals of the account.
    rivals
        Positions of the headers of prices in place of which others are used.
    faults
        The faults found so far.
    interpretations
        How the cells of each column were interpreted, in a few words for the user to check.
    notes
        Assumptions and omissions, in sentences.
    warnings
        What makes the figures less certain than they look, in sentences; of files of posts alone.
    remarks
        What was changed or doubted, by row.
    left_out
        Which rows were left out, and why.
    currency
        Code of the one currency of the money read so far, or None.
    decimal_evidence
        The decimal mark that the file shows, once it has been looked for.
    split_headers
        The header of the cells of each column that the file does not have, such as the amounts among its shares.
    thousands
        The first cell of each column, by header, whose lone mark was taken for one of thousands.
    assumed_units
        The first cell of each column, by header, with a unit of two meanings such as `mil`, and its number.
    hidden_figures
        The first word of each column, by header, that was taken for an empty cell since it says `hidden`.
    """

    path: str
    table: RawTable
    options: ReadOptions
    faults: FaultLog
    columns: dict[str, int] = field(default_factory=dict)
    ignored: set[int] = field(default_factory=set)
    unused: dict[int, str] = field(default_factory=dict)
    audience: dict[int, str] = field(default_factory=dict)
    totals: set[int] = field(default_factory=set)
    rivals: set[int] = field(default_factory=set)
    interpretations: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    currency: str | None = None
    decimal_evidence: DecimalEvidence | None = None
    split_headers: dict[str, str] = field(default_factory=dict)
    thousands: dict[str, ThousandsCell] = field(default_factory=dict)
    assumed_units: dict[str, tuple[str, float]] = field(default_factory=dict)
    hidden_figures: dict[str, str] = field(default_factory=dict)
    remarks: list[RowRemark] = field(default_factory=list)
    left_out: list[RowRemark] = field(default_factory=list)

    def note_interpretation(self, name: str, text: str) -> None:
        """Add to the notes on how a column was interpreted."""
        self.interpretations[name] = ", ".join(filter(None, (self.interpretations.get(name), text)))

    def kind(self, name: str) -> ColumnKind:
        """Return the kind of a column's cells."""
        return self.options.vocabulary.get_kind(name)

    def header(self, name: str) -> str:
        """Return the file's own header of a column, or the one of the column that its cells were split from."""
        position = self.columns.get(name, len(self.table.headers))
        if position < len(self.table.headers):
            return self.table.headers[position].strip()
        return self.split_headers.get(name, name)

    def raw(self, name: str) -> pd.Series:
        """Return the raw cells of a column."""
        return self.table.columns[self.columns[name]]

    def replace_column(self, name: str, cells: pd.Series) -> None:
        """Take other raw cells for a column; one that the file does not have is added, without a header."""
        if name in self.columns:
            self.table.columns[self.columns[name]] = cells
        else:
            self.columns[name] = len(self.table.columns)
            self.table.columns.append(cells)

    def fault_cells(self, name: str, mask: NDArray[np.bool_], code: str, message: str, fix: str) -> None:
        """Note a fault for each cell in `mask`; `{value}` in the message is the cell."""
        if mask.any():
            positions = np.flatnonzero(mask)
            cells = to_texts(self.raw(name).iloc[positions[: self.faults.remaining]])
            self.faults.add_cells(self.header(name), self.table.row[positions].tolist(), cells, code, message, fix)

    def remark(self, mask: NDArray[np.bool_], code: str, text: str) -> None:
        """Remark on the rows of the table in `mask`, which stay."""
        if mask.any():
            self.remarks.append(RowRemark(code=code, rows=self.table.row[mask], text=text))

    def remark_on_labels(self, column: TextColumn, code: str, texts: Mapping[int, str]) -> None:
        """Remark on the rows of the table that have certain labels of a column, by position of the label."""
        if not texts:
            return
        by_label = np.argsort(column.codes, kind="stable")  # once, as there may be as many labels as rows
        ends = np.cumsum(np.bincount(column.codes, minlength=len(column.labels))).tolist()
        for label, text in texts.items():
            rows = self.table.row[by_label[ends[label - 1] if label else 0 : ends[label]]]
            if len(rows):
                self.remarks.append(RowRemark(code=code, rows=rows, text=text))

    def leave_out(self, mask: NDArray[np.bool_], code: str, text: str) -> None:
        """Drop the rows of the table in `mask`, and keep account of them."""
        if mask.any():
            self.left_out.append(RowRemark(code=code, rows=self.table.row[mask], text=text))
            self.table.keep_rows(~mask)

    def fault_column(self, name: str, code: str, message: str, fix: str) -> None:
        """Note a fault of a whole column."""
        self.faults.add(Fault(code=code, message=message, fix=fix, column=self.header(name)))


def open_file(path: str, options: ReadOptions) -> ReadContext:
    """Read a file's raw cells, without interpreting them."""
    faults = FaultLog()
    table = format_reader(path)(path, options, faults)
    fault_long_cells(table, faults)
    notes, remarks = [*table.doubts, *table.notes], list(table.remarks)
    return ReadContext(path=path, table=table, options=options, faults=faults, notes=notes, remarks=remarks)


def format_reader(path: str) -> FormatReader:
    """Return the reader of a path's format, by its suffix.

    A folder or a glob means Parquet; a file with an unknown suffix is read as delimited text.
    """
    suffix = Path(path).suffix.casefold()
    if suffix in WORKBOOKS:
        from microopt.readers.formats.xlsx import read_xlsx

        return read_xlsx
    if suffix in PARQUET or (path != "-" and _is_folder(path)):
        from microopt.readers.formats.parquet import read_parquet

        return read_parquet
    from microopt.readers.formats.delimited import read_delimited

    return read_delimited


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except OSError:  # such as a name that is too long, which reading it says
        return False
