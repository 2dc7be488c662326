"""Names beside the dots of a chart, so that none covers a dot or another name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

from msgspec import Struct
from rich.cells import cell_len

CHARACTER_WIDTH, LINE_HEIGHT = 6.3, 13.0  # pixels of text of 11 pixels, on the generous side
GAP = 9.0  # pixels from the center of a dot to its name
DOT_RADIUS = 6.0


class Box(Struct, frozen=True):
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether two rectangles share any place."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def inside(self, width: float, height: float) -> bool:
        """Whether a rectangle lies within a plot."""
        return self.left >= 0 and self.top >= 0 and self.right <= width and self.bottom <= height


class Side(Struct, frozen=True):
    """Where a name stands, seen from its dot.

    Attributes
    ----------
    align, baseline
        As Vega names them.
    dx, dy
        Pixels.
    """

    align: Literal["left", "center", "right"]
    baseline: Literal["top", "middle", "bottom"]
    dx: float
    dy: float

    def box(self, x: float, y: float, text: str) -> Box:
        """Return the place that a name takes."""
        width = cell_len(text) * CHARACTER_WIDTH
        left = x + self.dx - {"left": 0.0, "center": width / 2, "right": width}[self.align]
        top = y + self.dy - {"top": 0.0, "middle": LINE_HEIGHT / 2, "bottom": LINE_HEIGHT}[self.baseline]
        return Box(left, top, left + width, top + LINE_HEIGHT)


SIDES = (  # the best first
    Side("left", "middle", GAP, 0),
    Side("right", "middle", -GAP, 0),
    Side("center", "bottom", 0, -GAP + 1),
    Side("center", "top", 0, GAP - 1),
    Side("left", "bottom", GAP - 3, -GAP + 5),
    Side("left", "top", GAP - 3, GAP - 5),
    Side("right", "bottom", -GAP + 3, -GAP + 5),
    Side("right", "top", -GAP + 3, GAP - 5),
)

TRIES = 8


def place_labels(
    dots: Sequence[tuple[float, float]],
    names: Sequence[str],
    order: Iterable[int],
    *,
    width: float,
    height: float,
    most: int,
) -> dict[int, Side]:
    """Return the side of each dot that gets its name; the others have no room.

    Parameters
    ----------
    dots
        (x, y) in pixels, from the top left of the plot.
    order
        The dots that may have a name, the most telling first.
    most
        Names to place; so many times as `TRIES` are tried, as among thousands of dots few have room.
    """
    taken = [Box(x - DOT_RADIUS, y - DOT_RADIUS, x + DOT_RADIUS, y + DOT_RADIUS) for x, y in dots]
    placed: dict[int, Side] = {}
    for number in islice(order, TRIES * most):
        if len(placed) >= most:
            break
        x, y = dots[number]
        for side in SIDES:
            box = side.box(x, y, names[number])
            if box.inside(width, height) and not any(
                box.overlaps(other) for place, other in enumerate(taken) if place != number
            ):
                placed[number] = side
                taken.append(box)
                break
    return placed
