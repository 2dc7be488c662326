"""Tell from a row's figures whether it is the total or the average of other rows."""

from __future__ import annotations

from bisect import bisect_left, insort

import numpy as np
from numpy.typing import NDArray

from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import factorize_cells, is_numeric
from microopt.readers.numbers.decimal_mark import style_at
from microopt.readers.numbers.numeric_text import parse_numbers
from microopt.readers.words.row_words import TotalName, total_name
from microopt.readers.words.vocabulary import ColumnKind

TOLERANCE = 0.005  # of a total of rounded figures
EXACT = 1e-6
SAMPLE_ROWS = 1_000  # that show what is usual
FEW_ROWS = 200_000  # up to which columns of text are parsed for a row without a name of a total
MAX_COMPARED = 40_000_000  # rows with which named totals are compared group by group: some seconds


class RowFigures:
    """The figures of all rows, by column, read as they are needed.

    Parameters
    ----------
    others
        Positions of rows that may be no creators: a total does not count them.

    Attributes
    ----------
    uncompared
        How many rows named like totals were not compared with groups of rows, because the list is too long.
    """

    def __init__(self, context: ReadContext, others: set[int]) -> None:
        self._context = context
        self._others = sorted(others)
        self._values: dict[int, NDArray[np.float64]] = {}
        self._running_sums: dict[int, tuple[NDArray[np.float64], NDArray[np.int64]]] = {}
        self._labels: dict[int, tuple[NDArray[np.int32], int]] = {}
        self._compared = self.uncompared = 0
        self._count = len(context.table.row)
        kinds = {position: name for name, position in context.columns.items()}
        self._figures = [p for p, name in kinds.items() if context.kind(name) is not ColumnKind.TEXT]
        self._sums = [p for p, name in kinds.items() if context.kind(name) in (ColumnKind.COUNT, ColumnKind.MONEY)]
        self._extra = [p for p in range(len(context.table.columns)) if p not in kinds]
        self._texts = [p for p, name in kinds.items() if context.kind(name) is ColumnKind.TEXT and name != "creator"]
        self._followers = context.columns.get("followers")

    def keep(self, position: int) -> None:
        """Count a row among the creators after all."""
        if self._is_other(position):
            self._others.remove(position)

    def leave_out(self, position: int) -> None:
        """Count a row no longer among the creators."""
        if not self._is_other(position):
            insort(self._others, position)

    def _is_other(self, position: int) -> bool:
        place = bisect_left(self._others, position)
        return place < len(self._others) and self._others[place] == position

    def is_total(self, position: int, cells: list[str], name: TotalName, *, is_nameless: bool) -> bool:
        """Whether a row is a total or an average of others.

        Parameters
        ----------
        cells
            Its cells as text.
        name
            Whether it is named like one.
        is_nameless
            Whether the cell of the creator is empty.
        """
        if name is TotalName.EXTREME:
            return self._is_extreme(position, cells)
        if name is TotalName.COUNT:
            return self._is_count(position, cells)
        if name is not TotalName.NONE:
            return self._is_named_total(position, cells, is_plain=name is TotalName.PLAIN)
        if self._count > FEW_ROWS and not all(is_numeric(self._context.table.columns[p]) for p in self._sums):
            return False
        return self._is_unnamed_total(position, cells, is_nameless=is_nameless)

    def _is_named_total(self, position: int, cells: list[str], *, is_plain: bool) -> bool:
        filled = [p for p in (*self._figures, *self._extra) if cells[p]]
        agreeing = [p for p in filled if self._agrees(position, p, TOLERANCE, with_mean=True)]
        core = [p for p in self._sums if p in filled]
        if agreeing and (is_plain or set(core) <= set(agreeing)):
            return True
        has_texts = self.has_texts(cells)
        if self._followers is not None and not np.isfinite(self._read(self._followers)[position]):
            return is_plain or not (has_texts or cells[self._followers])  # nothing to plan a creator with
        if core and self._is_total_of_group(position, core):
            return True
        if has_texts:
            return False
        return self._lacks_usual_texts(cells) or (is_plain and all(self._is_largest(position, p) for p in core))

    def has_texts(self, cells: list[str]) -> bool:
        """Whether a row has a text of its own, such as a platform, that is not the name of a total."""
        return any(cells[p] and total_name(cells[p]) is TotalName.NONE for p in self._texts)

    def _is_total_of_group(self, position: int, core: list[int]) -> bool:
        """Whether all counts and amounts are the sums, or all the means, of the same rows: a platform, or a block."""
        if self._compared + self._count > MAX_COMPARED:
            self.uncompared += 1
            return False
        self._compared += min(self._count, FEW_ROWS)
        rows = self._rows_between(0, self._count)
        rows = rows[rows != position][-FEW_ROWS:]
        wanted = np.asarray([self._read(p)[position] for p in core])
        figures = np.column_stack([np.nan_to_num(self._read(p)[rows]) for p in core])
        if not len(rows) or not (wanted > 0).all():
            return False
        texts = (p for p in (*self._texts, *self._extra) if not is_numeric(self._context.table.columns[p]))
        if any(self._is_total_of_label(column, rows, figures, wanted) for column in texts):
            return True
        return self._is_total_of_block(figures, wanted)

    def _is_total_of_label(
        self, column: int, rows: NDArray[np.intp], figures: NDArray[np.float64], wanted: NDArray[np.float64]
    ) -> bool:
        codes, labels = self._read_labels(column)
        codes = codes[rows]
        counts = np.bincount(codes, minlength=labels)
        if np.count_nonzero(counts) == 1 or (counts < 2).all():
            return False
        sums = np.column_stack([np.bincount(codes, weights=column, minlength=labels) for column in figures.T])
        is_group = counts >= 2  # a single creator may well have the figures of another
        is_close = (
            np.abs(wanted - each) <= TOLERANCE * np.abs(each)
            for each in (sums[is_group], sums[is_group] / counts[is_group, None])
        )
        return any(bool(np.all(close, axis=1).any()) for close in is_close)

    def _is_total_of_block(self, figures: NDArray[np.float64], wanted: NDArray[np.float64]) -> bool:
        """Whether figures are the sums of some rows that follow each other."""
        sums = np.vstack([np.zeros(len(wanted)), np.cumsum(np.maximum(figures, 0.0), axis=0)])
        ends = np.searchsorted(sums[:, 0], sums[:, 0] + wanted[0] * (1 - EXACT))
        starts = np.flatnonzero((ends < len(sums)) & (ends - np.arange(len(sums)) >= 2))
        blocks = sums[ends[starts]] - sums[starts]
        return bool((np.abs(blocks - wanted) <= EXACT * wanted).all(axis=1).any())

    def _is_count(self, position: int, cells: list[str]) -> bool:
        """Whether every figure of a row is the number of the creators above, of its section, or of all rows."""
        filled = [p for p in self._sums if cells[p]]
        if not filled:
            return False
        numbers = {self._sum(p, *rows, position)[1] for p in self._sums for rows in self._ranges(position)}
        return all(self._read(p)[position] in numbers for p in filled)

    def _is_extreme(self, position: int, cells: list[str]) -> bool:
        """Whether a row next to a total has the least or the greatest figures of the creators, in every column."""
        filled = [p for p in self._figures if cells[p]]
        if len(filled) < 2 or not (self._is_other(position - 1) or self._is_other(position + 1)):
            return False
        others = sorted({position, *self._others})
        return all(
            self._read(p)[position] in (np.nanmin(rest), np.nanmax(rest))
            for p in filled
            if np.isfinite(rest := np.delete(self._read(p), others)).any()
        )

    def _is_unnamed_total(self, position: int, cells: list[str], *, is_nameless: bool) -> bool:
        filled = [p for p in self._sums if cells[p]]
        if not filled or any(cells[p] for p in self._texts):
            return False
        if not all(self._agrees(position, p, EXACT, with_mean=False) for p in filled):
            return False
        if is_nameless:
            return True
        above = self._rows_between(max(position - SAMPLE_ROWS, 0), position)
        if len(filled) < 2 or len(above) < 3:
            return False
        return self._lacks_usual_texts(cells) or not self._are_proportional(filled, above)

    def _agrees(self, position: int, column: int, tolerance: float, *, with_mean: bool) -> bool:
        """Whether a figure is the sum, or the mean, of the rows above, of its section, or of all rows."""
        values = self._read(column)
        value = values[position]
        if not np.isfinite(value) or value <= 0:
            return False
        for start, end in self._ranges(position):
            total, count = self._sum(column, start, end, position)
            wanted = (total, total / count) if with_mean and count else (total,)
            if count >= (1 if with_mean else 2) and any(
                abs(value - figure) <= tolerance * abs(figure) + 1e-9 for figure in wanted
            ):
                return True
        return False

    def _ranges(self, position: int) -> list[tuple[int, int]]:
        """Return the first row of each range that a row may sum up, and the row after its last."""
        place = bisect_left(self._others, position)
        before = self._others[place - 1] if place else -1
        return list(dict.fromkeys([(0, position), (before + 1, position), (0, self._count)]))

    def _sum(self, column: int, start: int, end: int, position: int) -> tuple[float, int]:
        """Return the sum of the creators' figures in a range of rows without one position, and their number."""
        values, (sums, counts) = self._read(column), self._read_sums(column)
        left_out = self._others_between(start, end)
        if start <= position < end and not self._is_other(position):
            left_out = [*left_out, position]
        others = values[left_out]
        total = sums[end] - sums[start] - np.nansum(others)
        return float(total), int(counts[end] - counts[start] - np.isfinite(others).sum())

    def _others_between(self, start: int, end: int) -> list[int]:
        return self._others[bisect_left(self._others, start) : bisect_left(self._others, end)]

    def _rows_between(self, start: int, end: int) -> NDArray[np.intp]:
        """Return the positions of the creators in a range of rows."""
        is_creator = np.ones(end - start, dtype=bool)
        is_creator[np.asarray(self._others_between(start, end), dtype=np.intp) - start] = False
        return np.flatnonzero(is_creator) + start

    def _is_largest(self, position: int, column: int) -> bool:
        values = self._read(column)
        rest = np.delete(values, sorted({position, *self._others}))
        rest = rest[np.isfinite(rest)]
        return bool(np.isfinite(values[position]) and len(rest) >= 2 and values[position] > rest.max())

    def _lacks_usual_texts(self, cells: list[str]) -> bool:
        """Whether a row lacks a text that most creators have, such as the platform or a link."""
        rows = self._rows_between(0, min(self._count, SAMPLE_ROWS))
        return len(rows) >= 2 and any(
            self._context.table.columns[position].iloc[rows].notna().mean() > 0.9
            for position in self._texts
            if not cells[position]
        )

    def _are_proportional(self, columns: list[int], rows: NDArray[np.intp]) -> bool:
        """Whether the columns are multiples of each other, so that they agree only once."""
        first = self._read(columns[0])[rows]
        return all(
            np.linalg.matrix_rank(np.nan_to_num(np.column_stack([first, self._read(column)[rows]]))) < 2
            for column in columns[1:]
        )

    def _read(self, column: int) -> NDArray[np.float64]:
        if column not in self._values:
            cells = self._context.table.columns[column]
            self._values[column] = parse_numbers(cells, style_at(self._context, column)).values
        return self._values[column]

    def _read_labels(self, column: int) -> tuple[NDArray[np.int32], int]:
        """Return the position of each cell among the distinct ones of a column, and the number of these."""
        if column not in self._labels:
            codes, labels = factorize_cells(self._context.table.columns[column])
            self._labels[column] = codes, len(labels)
        return self._labels[column]

    def _read_sums(self, column: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the sum and the number of the figures above each row, and of all."""
        if column not in self._running_sums:
            values = self._read(column)
            sums, counts = np.cumsum(np.nan_to_num(values)), np.cumsum(np.isfinite(values))
            self._running_sums[column] = np.concatenate([[0.0], sums]), np.concatenate([[0], counts])
        return self._running_sums[column]
