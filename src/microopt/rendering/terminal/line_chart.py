"""A line through points, drawn with characters: no colour, and nothing that a plain font lacks beside braille."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10

from microopt.quantities.parse_and_format import print_count

WIDEST, HEIGHT = 100, 15  # columns and lines beyond which a chart in a terminal says no more
POINT, MARKED = "o", "X"
APART, BELOW = 14, 2  # columns, and lines, from one figure of an axis to the next, at least
PARTS = ((1e4, 1.0), (1e6, 1e2), (1e9, 1e5), (float("inf"), 1e8))  # what `print_count` tells apart below a number


def line_chart(
    xs: Sequence[float],
    ys: Sequence[float],
    *,
    width: int,
    height: int,
    x_label: str,
    y_label: str,
    marks: Sequence[int] = (),
) -> str:
    """Return a line through points as text, each point as `o`.

    Parameters
    ----------
    xs, ys
        At least one point, in the order of the line.
    width, height
        Columns and lines of all of it, axes and their names included.
    marks
        Positions of the points to be shown as `X`.
    """
    import plotext as plt

    plt.clear_figure()
    plt.theme("clear")
    plt.limit_size(False, False)  # else what is behind standard output decides
    plt.plotsize(width, height - 1)
    plt.plot(xs, ys, marker="braille")
    across, up = _limits(xs), _limits(ys)
    plt.xlim(*across)
    plt.ylim(*up)
    plt.xticks(*_ticks(*across, width // APART))
    plt.yticks(*_ticks(*up, height // BELOW))
    plt.xlabel(x_label)
    lines = plt.uncolorize(plt.build()).splitlines()
    at = list(zip(_shares(xs, across), _shares(ys, up), strict=True))
    signs = [MARKED if number in marks else POINT for number in range(len(at))]
    return "\n".join([y_label, *(line.rstrip() for line in _with_points(lines, at, signs))])


def _with_points(lines: Sequence[str], at: Sequence[tuple[float, float]], signs: Sequence[str]) -> list[str]:
    """Return a chart with signs on its line: plotext rounds a point otherwise than a line, and sets it beside it.

    Parameters
    ----------
    at
        Where each stands, as a share of the way across and up.
    """
    drawn = [list(line) for line in lines]
    top = next(number for number, line in enumerate(lines) if "┌" in line)
    bottom = next(number for number, line in enumerate(lines) if "└" in line)
    left, right = lines[top].index("┌") + 1, lines[top].index("┐")
    for sign in (POINT, MARKED):
        for (across, up), mine in zip(at, signs, strict=True):
            if mine == sign:
                column = round(across * ((right - left) * 2 - 1)) // 2  # two dots of braille across, and four up
                row = round(up * ((bottom - top - 1) * 4 - 1)) // 4
                drawn[bottom - 1 - row][left + column] = sign
    return ["".join(line) for line in drawn]


def _shares(values: Sequence[float], ends: tuple[float, float]) -> list[float]:
    return [(value - ends[0]) / (ends[1] - ends[0]) for value in values]


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of an axis, apart also where all values are one."""
    low, high = float(min(values)), float(max(values))
    beside = 0.0 if high > low else max(abs(high) / 10, 1.0)
    return low - beside, high + beside


def _ticks(low: float, high: float, most: int) -> tuple[list[float], list[str]]:
    """Return round figures between two ends, and how they are written."""
    step = _round_step((high - low) / max(most, 1))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    ticks = [number * step for number in range(first, last + 1)]
    part = next(part for limit, part in PARTS if max(abs(low), abs(high)) < limit)
    if step >= part and low >= 0:
        return ticks, [print_count(tick) for tick in ticks]
    digits = max(0, -floor(log10(step)))
    return ticks, [f"{tick:,.{digits}f}" for tick in ticks]


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is no less."""
    power = 10.0 ** floor(log10(least))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= least * (1 - 1e-9))
