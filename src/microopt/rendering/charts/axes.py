"""The axes of charts: where their ticks stand, in steps of 1, 2 and 5, and how a language writes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from math import ceil, floor, log10
from typing import Any

import altair as alt

STEPS = (1.0, 2.0, 5.0, 10.0)
LOG_STEPS = ((1, 2, 5), (1, 3), (1,))  # of a decade, from the finest
TOLERANCE = 1e-9


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return the round numbers between two, at most so many, in steps of 1, 2 or 5 times a power of ten."""
    if high <= low:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in STEPS if factor * power >= rough * (1 - TOLERANCE))
    first, last = ceil(low / step - TOLERANCE), floor(high / step + TOLERANCE)
    return [round(number * step, 12) for number in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return round numbers between two positive ones for a logarithmic scale, at most so many if decades allow it."""
    decades = range(floor(log10(low)), ceil(log10(high)) + 1)
    for factors in LOG_STEPS:
        found = [factor * 10.0**decade for decade in decades for factor in factors]
        inside = [tick for tick in found if low <= tick <= high]
        if len(inside) <= most:
            break
    if len(inside) > most:
        inside = inside[:: ceil(len(inside) / most)]
    return inside if len(inside) > 1 else ticks(low, high, most)


def padded_log_domain(values: Sequence[float], share: float = 0.06) -> tuple[float, float]:
    """Return the ends of a logarithmic scale with some room around its values."""
    low, high = min(values), max(values)
    room = max((high / low) ** share, 1.25)
    return low / room, high * room


def written_axis(values: Sequence[float], write: Callable[[float], str], **options: Any) -> alt.Axis:
    """Return an axis whose ticks are written as a language writes them."""
    numbers, texts = json.dumps(list(values)), json.dumps([write(value) for value in values])
    # Vega may hand back a tick that is off in its last digit, so the nearest is looked up.
    nearest = f"indexof({numbers}, datum.value)"
    return alt.Axis(values=list(values), labelExpr=f"{texts}[{nearest}]", **options)
