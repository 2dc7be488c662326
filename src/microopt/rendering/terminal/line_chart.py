"""A line chart drawn with characters: the line in braille dots, the points as letters, no color."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10

from msgspec import Struct

from microopt.quantities.parse_and_format import format_count

WIDEST, HEIGHT = 100, 15  # columns and lines beyond which a chart in a terminal shows no more
POINT, MARKED_POINT = "o", "X"
X_TICK_GAP, Y_TICK_GAP = 14, 2  # columns and lines from one tick of an axis to the next, at least
COUNT_STEPS = (
    (1e4, 1.0),
    (1e6, 1e2),
    (1e9, 1e5),
    (float("inf"), 1e8),
)  # below a number, what `format_count` tells apart
BRAILLE = 0x2800
DOTS = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))  # of a braille sign, by column and by row from below


class _Axis(Struct, frozen=True):
    """An axis: its ends in units of the data, and how many dots lie between them."""

    low: float
    high: float
    dots: int

    @classmethod
    def of(cls, values: Sequence[float], dots: int) -> _Axis:
        """Return the axis of these values, with its ends apart even if all values are equal."""
        low, high = float(min(values)), float(max(values))
        margin = 0.0 if high > low else max(abs(high) / 10, 1.0)
        return cls(low - margin, high + margin, dots)

    def dot(self, value: float) -> int:
        """Return the dot at which a value lies, counted from the low end."""
        return round((value - self.low) / (self.high - self.low) * (self.dots - 1))

    def ticks(self, max_ticks: int) -> dict[float, str]:
        """Return round figures between the ends, and how they are written."""
        step = _round_step((self.high - self.low) / max(max_ticks, 1))
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        ticks = [number * step for number in range(first, last + 1)]
        precision = next(part for limit, part in COUNT_STEPS if max(abs(self.low), abs(self.high)) < limit)
        if step >= precision and self.low >= 0:
            return {tick: format_count(tick) for tick in ticks}
        digits = max(0, -floor(log10(step)))
        return {tick: f"{tick:,.{digits}f}" for tick in ticks}


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
        Columns and lines of the whole chart, including the axes and their labels.
    marks
        Positions of the points to be shown as `X`.
    """
    rows = height - 5  # without the two labels, the frame and the figures below it
    y_axis = _Axis.of(ys, 4 * rows)
    y_ticks = {y_axis.dot(tick) // 4: text for tick, text in y_axis.ticks(height // Y_TICK_GAP).items()}
    margin = max(map(len, y_ticks.values()))
    columns = width - margin - 2
    x_axis = _Axis.of(xs, 2 * columns)
    x_ticks = {x_axis.dot(tick) // 2: text for tick, text in x_axis.ticks(width // X_TICK_GAP).items()}
    points = [(x_axis.dot(x), y_axis.dot(y)) for x, y in zip(xs, ys, strict=True)]
    canvas = _draw_line(points, columns, rows)
    for number in sorted(range(len(points)), key=lambda number: number in marks):  # a mark covers a point
        x, y = points[number]
        canvas[y // 4][x // 2] = MARKED_POINT if number in marks else POINT
    lines = [f"{'':{margin}}┌{'─' * columns}┐"]
    for row in reversed(range(rows)):
        label = y_ticks.get(row, "")
        lines.append(f"{label:>{margin}}{'┤' if label else '│'}{''.join(canvas[row])}│")
    lines.append(f"{'':{margin}}└{''.join('┬' if column in x_ticks else '─' for column in range(columns))}┘")
    figures = _place_labels(x_ticks, margin + 1, width)
    return "\n".join([y_label, *lines, figures, f"{'':{margin + 1}}{x_label:^{columns}}".rstrip()])


def _draw_line(points: Sequence[tuple[int, int]], columns: int, rows: int) -> list[list[str]]:
    """Return the characters of a canvas with a line through points, the lowest row first."""
    dots = [[0] * columns for _ in range(rows)]
    for (x, y), (next_x, next_y) in zip(points, [*points[1:], points[-1]], strict=True):
        steps = max(abs(next_x - x), abs(next_y - y), 1)
        for step in range(steps + 1):
            across, up = (x + round((next_x - x) * step / steps)), y + round((next_y - y) * step / steps)
            dots[up // 4][across // 2] |= DOTS[across % 2][up % 4]
    return [[chr(BRAILLE + dot) if dot else " " for dot in row] for row in dots]


def _place_labels(ticks: dict[int, str], start: int, width: int) -> str:
    """Return a line with each tick's figure centered below it; a figure that would touch the one before is left out."""
    line = ""
    for column, text in ticks.items():
        place = min(max(start + column - len(text) // 2, 0), width - len(text))
        if not line or place > len(line):
            line = line.ljust(place) + text
    return line


def _round_step(minimum: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is not below a minimum."""
    power = 10.0 ** floor(log10(minimum))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= minimum * (1 - 1e-9))
