"""What CBC writes when it ends: a status line, then a line a row or column. What cannot be read is no answer."""

from __future__ import annotations

import re
from math import isfinite
from pathlib import Path

from msgspec import Struct

from microopt.solver.backends.sane import nonsense
from microopt.solver.result import Limit

STATUSES = ("optimal", "infeasible", "integer", "linear", "unbounded", "stopped", "status")  # their first words


class Solution(Struct, frozen=True, kw_only=True):
    """A solution file as it was read.

    Attributes
    ----------
    status
        Its first line.
    values
        By name of the column or row: its value.
    duals
        By name: its price, or the reduced cost of a column.
    """

    status: str
    values: dict[str, float]
    duals: dict[str, float]

    @property
    def finished(self) -> bool:
        """Whether it says that nothing cut it short but a gap."""
        return self.status.casefold().startswith("optimal")

    @property
    def objective(self) -> float | None:
        """The objective that the status line tells."""
        found = re.search(r"objective value\s+(\S+)", self.status)
        return number(found[1]) if found else None

    @property
    def limit(self) -> Limit:
        """The limit that the status line names."""
        return Limit.NODES if "iterations" in self.status or "nodes" in self.status else Limit.TIME


def read_solution(path: str) -> Solution | None:
    """Return what stands in a solution file, None where CBC wrote none.

    Raises
    ------
    BackendError
        If it is anything else than a solution file, or cut off.
    """
    file = Path(path)
    try:
        lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
        if not lines:
            return None
        cells = [line.replace("**", "").split() for line in lines[1:]]
        values = {cell[1]: float(cell[2]) for cell in cells}
        duals = {cell[1]: float(cell[3]) for cell in cells}
    except (ValueError, IndexError) as error:
        raise nonsense("CBC", f"its solution file cannot be read ({error})") from None
    if lines[0].split()[:1] == [] or lines[0].split()[0].casefold() not in STATUSES:
        raise nonsense("CBC", f"its solution file begins with {lines[0][:60]!r}")
    return Solution(status=lines[0], values=values, duals=duals)


def logged_bound(path: str) -> float | None:
    """Return the bound that CBC logs when it is cut short, None where it logs none, or no number."""
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    found = re.findall(r"^Upper bound:\s+(\S+)", text, re.MULTILINE)
    told = number(found[-1]) if found else None
    return told if told is not None and isfinite(told) else None


def number(text: str) -> float | None:
    """Return a number as it is written, None where it is none."""
    try:
        return float(text)
    except ValueError:
        return None
