"""Note numbers that seem to be in another unit than their column is read in: `12,400` under `Followers (k)`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import cell_text

MOST_OF_OTHERS = 20.0  # times the median of the other cells; a greater number is noted
LEAST_BARE = 1_000.0  # a smaller number under a header in thousands is not one in units
FAR_FROM_USUAL, NEAR_USUAL = np.log(20.0), np.log(5.0)
MOST_LOW_PERCENT, LEAST_HIGH_FRACTION = 0.25, 0.5  # beyond which a rate in the column's unit is never noted
NDFloat = NDArray[np.float64]
NDBool = NDArray[np.bool_]


def note_header_unit(context: ReadContext, name: str, values: NDFloat, scaled: NDBool, scale: float) -> None:
    """Note the numbers to which the unit of the header was applied although they do not seem to be in it.

    Parameters
    ----------
    values
        (n,) as read.
    scaled
        (n,) which of them have the unit of the header.
    scale
        What that multiplies by.
    """
    doubted = scaled & (values >= LEAST_BARE * scale)
    others = np.isfinite(values) & ~doubted
    if not doubted.any() or doubted.sum() > others.sum():
        return
    if values[doubted].max() <= MOST_OF_OTHERS * np.median(values[others]):
        return
    number = float(values[int(np.argmax(doubted))])
    meant = f"if {number / scale:,.10g} is meant, write {number / scale / 1e3:,.10g}k"
    _note(context, name, doubted, f"{number:,.10g}", meant, "may not be in the unit of the header")


def note_mixed_rates(
    context: ReadContext, name: str, values: NDFloat, rows: NDArray[np.intp], usual: NDFloat, unit: str
) -> None:
    """Note the rates that would be usual in the other unit, and are far from usual in that of the column.

    Parameters
    ----------
    values
        (n,) as written, without percent sign.
    rows
        Those that `find_extreme_rates` returns.
    usual
        The usual rate of each of these rows.
    unit
        `percent` or `fraction`.
    """
    as_read, as_other = (
        values[rows] / (100 if is_percent else 1) for is_percent in (unit == "percent", unit != "percent")
    )
    is_odd = (np.abs(np.log(as_read / usual)) > FAR_FROM_USUAL) & (np.abs(np.log(as_other / usual)) < NEAR_USUAL)
    if not is_odd.any():
        return
    doubted = np.zeros(len(values), dtype=np.bool_)
    doubted[rows[is_odd]] = True
    read, other = (100 * float(part[is_odd][0]) for part in (as_read, as_other))
    text = "may be a fraction among percents" if unit == "percent" else "may be a percent among fractions"
    _note(context, name, doubted, f"{read:,.4g}%", f"if {other:,.4g}% is meant, write {other:,.4g}%", text)


def find_extreme_rates(values: NDFloat, unsigned: NDBool, unit: str) -> NDArray[np.intp]:
    """Return the rows of rates without a percent sign that are so low or high that they may be in the other unit."""
    is_extreme = values < MOST_LOW_PERCENT if unit == "percent" else values > LEAST_HIGH_FRACTION
    return np.flatnonzero(unsigned & is_extreme)


def _note(context: ReadContext, name: str, doubted: NDBool, read: str, meant: str, remark: str) -> None:
    row = int(np.argmax(doubted))
    cell = cell_text(context.raw(name), row).strip()[:30]
    count = int(doubted.sum())
    more = f", and {count - 1:,} more" if count > 1 else ""
    header = context.header(name)
    context.notes.append(f"{header}: {cell} (row {context.table.row[row]}{more}) is read as {read}; {meant}")
    context.remark(doubted, "number-unit-doubtful", f"{header} {remark}")
