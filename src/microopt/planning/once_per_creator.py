"""What a creator costs once, however many offers are bought: handling, and the sample that is sent."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.forecast.forecast import Forecast
from microopt.roster.extra_costs import ONCE_PER_CREATOR


def charge_once_per_creator(expected: Forecast, choice: NDArray[np.int32]) -> Forecast:
    """Return the forecast with handling and seeding in the first offer of each choice alone: the highest of them."""
    names = [name for name in ONCE_PER_CREATOR if name in expected.extra_costs]
    if not names:
        return expected
    first = np.diff(choice, prepend=-1) != 0
    if first.all():
        return expected
    lines, cost = dict(expected.extra_costs), expected.cost
    for name in names:
        charged = np.zeros(len(choice), dtype=np.int64)
        charged[first] = np.maximum.reduceat(lines[name], np.flatnonzero(first))
        cost, lines[name] = cost + charged - lines[name], charged
    return replace(expected, cost=cost, extra_costs=lines)
