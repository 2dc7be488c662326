"""The metrics of a campaign: their names, their spellings, their units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from microopt.quantities.keys import header_key
from microopt.quantities.units import Scaled

METRICS = ("reach", "impressions", "engagements", "clicks", "conversions")


NET_REACH = "net reach"


GROSS_SUFFIX = " (gross)"  # what caps net reach is of gross reach, and is named so


MEASURE_ALIASES = {"view": "impressions", "creator": "count", "cost": "spend", "fee": "spend"}


def canonical_measure(name: str) -> str:
    """Return the measure's own name for any spelling of it."""
    key = header_key(name)
    for known in ("count", "spend", *METRICS):
        if key.rstrip("s") == known.rstrip("s"):
            return known
    return MEASURE_ALIASES.get(key.rstrip("s"), name)


MONEY_MEASURES = ("cost", "spend")


def internal_units(name: str) -> int:
    """Return how many of a figure's own units make one as it is written: thousandths of a metric, cents of money."""
    return 1000 if name in METRICS else 100 if name in MONEY_MEASURES else 1


Figures = Annotated[Mapping[str, int], Scaled(internal_units)]  # by name, each in its own unit
