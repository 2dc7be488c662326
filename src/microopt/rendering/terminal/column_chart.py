"""A chart of columns drawn with characters, to an eighth of a line: a histogram of a few lines."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

LINES = 4
EIGHTHS = " ▁▂▃▄▅▆▇█"
WIDEST_COLUMN, GAP = 3, 2  # characters of a column, and at least between two labels


def column_chart(counts: Sequence[int], labels: Sequence[str], *, width: int) -> str:
    """Return columns as high as their counts, and below them the labels of the edges for which there is room.

    Parameters
    ----------
    labels
        Of the edges: one more than there are columns.
    width
        Columns of the screen.
    """
    most = max(counts, default=0)
    wide = max(1, min(WIDEST_COLUMN, (width - cell_len(labels[-1]) // 2) // max(len(counts), 1)))
    heights = [0 if not most else max(1, round(count * LINES * 8 / most)) if count else 0 for count in counts]
    lines = []
    for line in reversed(range(LINES)):
        lines.append("".join(EIGHTHS[max(0, min(8, height - 8 * line))] * wide for height in heights).rstrip())
    return "\n".join([*lines, "─" * (wide * len(counts)), _labels(labels, wide, width)])


def _labels(labels: Sequence[str], wide: int, width: int) -> str:
    """Return the labels below their edges, each where it does not touch the last."""
    line = ""
    for number, label in enumerate(labels):
        start = max(0, number * wide - cell_len(label) // 2)
        if (not line or start >= cell_len(line) + GAP) and start + cell_len(label) <= width:
            line += " " * (start - cell_len(line)) + label
    return line
