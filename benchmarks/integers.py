"""A program as integers in one file, for solvers that are not microopt's: this module loads nothing but numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
OPEN = np.iinfo(np.int64)  # its ends stand for an open side


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearRow:
    """`lower <= sum coefficients x[columns] <= upper`; None is an open side."""

    label: str
    columns: Integers
    coefficients: Integers
    lower: int | None
    upper: int | None

    def activity(self, chosen: NDArray[np.bool_]) -> int:
        """Return its sum over the chosen columns."""
        return int(self.coefficients[chosen[self.columns]].sum())

    def is_satisfied(self, chosen: NDArray[np.bool_]) -> bool:
        """Whether the chosen columns keep it."""
        total = self.activity(chosen)
        return (self.lower is None or total >= self.lower) and (self.upper is None or total <= self.upper)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainProgram:
    """Maximize `sum value x` over binaries within the lines.

    Attributes
    ----------
    value, cost
        (n,) integers.
    lines
        The budget and the rules.
    picks
        What microopt found, ascending.
    """

    value: Integers
    cost: Integers
    lines: tuple[LinearRow, ...]
    picks: Integers

    def __len__(self) -> int:
        return len(self.value)

    def objective_value(self, picks: Integers) -> int:
        """Return the value of picks, exactly."""
        return int(self.value[picks].sum())

    def violated_rows(self, picks: Integers) -> list[str]:
        """Return the labels of the lines that picks break."""
        chosen = np.zeros(len(self), dtype=bool)
        chosen[picks] = True
        return [line.label for line in self.lines if not line.is_satisfied(chosen)]


def save_program(path: Path, given: PlainProgram) -> None:
    """Write a program, its lines one after the other."""
    lines = given.lines
    np.savez(
        path,
        value=given.value,
        cost=given.cost,
        picks=given.picks,
        labels=np.array([line.label for line in lines]),
        starts=np.cumsum([0, *(len(line.columns) for line in lines)]),
        columns=_concatenate([line.columns for line in lines]).astype(np.int32),
        coefficients=_concatenate([line.coefficients for line in lines]),
        lower=np.array([OPEN.min if line.lower is None else line.lower for line in lines], dtype=np.int64),
        upper=np.array([OPEN.max if line.upper is None else line.upper for line in lines], dtype=np.int64),
    )


def _concatenate(parts: Sequence[Integers]) -> Integers:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def load_program(path: str) -> PlainProgram:
    """Return the program of a file."""
    with np.load(path) as file:
        stored = {name: file[name] for name in file.files}
    starts = stored["starts"].tolist()
    lines = [
        LinearRow(
            label=str(label),
            columns=stored["columns"][first:last].astype(np.int64),
            coefficients=stored["coefficients"][first:last],
            lower=None if lower == OPEN.min else lower,
            upper=None if upper == OPEN.max else upper,
        )
        for label, first, last, lower, upper in zip(
            stored["labels"].tolist(),
            starts[:-1],
            starts[1:],
            stored["lower"].tolist(),
            stored["upper"].tolist(),
            strict=True,
        )
    ]
    return PlainProgram(value=stored["value"], cost=stored["cost"], lines=tuple(lines), picks=stored["picks"])
