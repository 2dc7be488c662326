"""Collect every fault of a file before anything is raised."""

from __future__ import annotations

from collections.abc import Iterable

from microopt.errors import Fault, RosterError

KEPT = 10_000  # faults held in memory; the rest are counted


class FaultLog:
    """Faults in the order found, those beyond `KEPT` only counted.

    Attributes
    ----------
    faults
        What is held.
    count
        How many there were.
    bad_rows
        Spreadsheet rows at fault, all of them.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.count = 0
        self.bad_rows: set[int] = set()
        self._for_good = 0

    def add(self, fault: Fault) -> None:
        """Note one fault."""
        self.count += 1
        if fault.row is None:
            self._for_good += 1
        else:
            self.bad_rows.add(fault.row)
        if len(self.faults) < KEPT:
            self.faults.append(fault)

    def add_cells(self, column: str, cells: Iterable[tuple[int, str]], code: str, message: str, fix: str) -> None:
        """Note the same fault for several (row, value) cells of a column; `{value}` in the message is the cell."""
        for row, value in cells:
            told = message.format(value=repr(value))
            self.add(Fault(code=code, message=told, fix=fix, row=row, column=column, value=value))

    @property
    def beyond_rows(self) -> bool:
        """Whether something is wrong that leaving out rows cannot mend."""
        return self._for_good > 0

    def stop_if_any(self, path: str) -> None:
        """Raise what was found.

        Raises
        ------
        RosterError
            If there is any fault.
        """
        if not self.count:
            return
        faults = sorted(self.faults, key=lambda fault: (fault.row is not None, fault.row or 0))
        what = "one fault" if self.count == 1 else f"{self.count:,} faults"
        raise RosterError(
            f"{path} has {what}", fix="mend them, or leave out bad rows with --skip-bad-rows", faults=faults
        )
