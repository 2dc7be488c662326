"""Collect every fault of a file before anything is raised."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from microopt.errors import Fault, RosterError
from microopt.files.reading import source_name
from microopt.quantities.parse_and_format import shorten

MAX_ROW_FAULTS = 10_000  # faults of rows held in memory; further ones are only counted


class FaultLog:
    """Faults in the order in which they were found.

    Attributes
    ----------
    faults
        Every fault of the file or of a column, and the first `MAX_ROW_FAULTS` faults of rows.
    count
        The number of all faults, held or not.
    bad_rows
        The spreadsheet rows of all faults.
    missing
        The columns that the file lacks, each with the header that may be it, or an empty text.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.count = 0
        self.bad_rows: set[int] = set()
        self.missing: dict[str, str] = {}
        self.maps_headers = False  # whether the campaign has [columns], which must not be there twice
        self._file_faults = 0

    def add(self, fault: Fault) -> None:
        """Note one fault."""
        self.count += 1
        if fault.row is None:
            self._file_faults += 1
            self.faults.append(fault)
            return
        self.bad_rows.add(fault.row)
        if self.remaining:
            self.faults.append(fault)

    def add_cells(
        self, column: str, rows: Sequence[int], values: Sequence[str], code: str, message: str, fix: str
    ) -> None:
        """Note the same fault for several cells of a column; `{value}` in the message is the cell.

        Parameters
        ----------
        rows
            Spreadsheet row of every cell.
        values
            Texts of the first `remaining` cells.
        """

        def make_fault(position: int) -> Fault:
            value = shorten(values[position])
            text = message.format(value=repr(value))
            return Fault(code=code, message=text, fix=fix, row=rows[position], column=column, value=value)

        self.add_rows(rows, make_fault)

    def add_rows(self, rows: Sequence[int], make_fault: Callable[[int], Fault]) -> None:
        """Note a fault for each row.

        Parameters
        ----------
        make_fault
            Makes the fault of a row from its position among `rows`; called only for the first `remaining` rows.
        """
        limit = self.remaining
        for position in range(min(limit, len(rows))):
            self.add(make_fault(position))
        self.count += len(rows[limit:])
        self.bad_rows.update(rows[limit:])

    @property
    def remaining(self) -> int:
        """How many more faults of rows are held."""
        return max(MAX_ROW_FAULTS - (len(self.faults) - self._file_faults), 0)

    @property
    def has_file_faults(self) -> bool:
        """Whether there is a fault that skipping rows cannot fix."""
        return self._file_faults > 0

    def raise_if_any(self, path: str, *, can_skip_rows: bool = True, are_rows_skipped: bool = False) -> None:
        """Raise the faults found so far.

        Parameters
        ----------
        can_skip_rows
            Whether the command has an option that skips bad rows.
        are_rows_skipped
            Whether --skip-bad-rows was given: only faults of the file are then raised, if there are any.

        Raises
        ------
        RosterError
            If there is any fault.
        """
        if not self.count:
            return
        only_file = are_rows_skipped and self.has_file_faults
        faults = [fault for fault in self.faults if fault.row is None or not only_file]
        faults.sort(key=lambda fault: (fault.row is not None, fault.row or 0))
        count = self._file_faults if only_file else self.count
        what = "1 problem" if count == 1 else f"{count:,} problems"
        listed = "" if count == len(faults) else f" (the first {len(faults):,} are listed)"
        place = "this" if count == 1 else "these" if self.has_file_faults else "these rows"
        fix = f"correct {place} and try again"
        if can_skip_rows and not self.has_file_faults:
            fix += f", or leave {'the row' if count == 1 else 'them'} out with --skip-bad-rows"
        fix += self._missing_columns_fix()
        error = RosterError(f"{source_name(path)}: {what} found{listed}", fix=fix, faults=faults)
        error.missing = dict(self.missing)
        raise error

    def _missing_columns_fix(self) -> str:
        """Return how to say which headers are the missing columns: lines to paste into a campaign file."""
        if not self.missing:
            return ""
        known = {header or f"Your header of the {name}": name for name, header in self.missing.items()}
        lines = [f"{json.dumps(header, ensure_ascii=False)} = {json.dumps(name)}" for header, name in known.items()]
        where = "it is there under another name" if len(known) == 1 else "they are there under other names"
        if self.maps_headers:
            return "\n".join([f". If {where}, write under [columns] in the campaign file:", *lines])
        return "\n".join([f". If {where}, write at the end of the campaign file:", "[columns]", *lines])
