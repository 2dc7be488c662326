"""Collect every fault of a file before anything is raised."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from microopt.errors import Fault, RosterError

MAX_ROW_FAULTS = 10_000  # faults of rows held in memory; the rest are counted
MAX_SHOWN_CHARACTERS = 200  # characters of a cell that a fault shows


class FaultLog:
    """Faults in the order found; of those of rows, the ones beyond `KEPT` are only counted.

    Attributes
    ----------
    faults
        What is held: every fault of the file or a column, and the first ones of rows.
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
            Texts of the first cells, as many as there is `room` for.
        """

        def fault(place: int) -> Fault:
            cell = values[place]
            value = cell if len(cell) <= MAX_SHOWN_CHARACTERS else cell[:MAX_SHOWN_CHARACTERS] + "…"
            told = message.format(value=repr(value))
            return Fault(code=code, message=told, fix=fix, row=rows[place], column=column, value=value)

        self.add_rows(rows, fault)

    def add_rows(self, rows: Sequence[int], fault: Callable[[int], Fault]) -> None:
        """Note a fault for each row; it is made, by its place among `rows`, only where there is `room` for it."""
        held = self.remaining
        for place in range(min(held, len(rows))):
            self.add(fault(place))
        self.count += len(rows[held:])
        self.bad_rows.update(rows[held:])

    @property
    def remaining(self) -> int:
        """How many more faults of rows are held."""
        return max(MAX_ROW_FAULTS - (len(self.faults) - self._for_good), 0)

    @property
    def has_file_faults(self) -> bool:
        """Whether something is wrong that leaving out rows cannot mend."""
        return self._for_good > 0

    def raise_if_any(self, path: str, *, can_skip_rows: bool = True) -> None:
        """Raise what was found.

        Parameters
        ----------
        rows_may_go
            Whether the command can leave out bad rows.

        Raises
        ------
        RosterError
            If there is any fault.
        """
        if not self.count:
            return
        faults = sorted(self.faults, key=lambda fault: (fault.row is not None, fault.row or 0))
        what = "one fault" if self.count == 1 else f"{self.count:,} faults"
        kept = "" if self.count == len(faults) else f", of which {len(faults):,} are listed"
        fix = "mend it" if self.count == 1 else "mend them"
        if can_skip_rows and not self.has_file_faults:
            fix += ", or leave out bad rows with --skip-bad-rows"
        raise RosterError(f"{path} has {what}{kept}", fix=fix, faults=faults)
