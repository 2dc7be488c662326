"""The metrics of a campaign: their names, their spellings, their units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from microopt.quantities.keys import header_key
from microopt.quantities.units import Scaled

METRICS = ("reach", "impressions", "engagements", "clicks", "conversions")
NET_REACH = "net reach"
GROSS_SUFFIX = " (gross)"  # marks rows that cap net reach: they count gross reach
MEASURE_ALIASES = {"view": "impressions", "creator": "count", "cost": "spend", "fee": "spend"}


# Words in the name of a figure that may have three decimals; every other figure is money or a number of people.
_RATE_WORDS = (
    "rate ratio share percent pct er erv err ctr cvr roas cpm cpe cpc cpv score index credibility authentic fit "
    "acceptance sentiment usage whitelisting exclusivity commission discount gap frequency"
)
RATE_WORDS = frozenset(_RATE_WORDS.split())


def is_rate(measure: str) -> bool:
    """Whether a figure is a rate, a share or a score by its name, so that the point in 1.125 is its decimal mark."""
    words = re.findall(r"[^\W\d_]+", measure.casefold())
    return "%" in measure or not RATE_WORDS.isdisjoint(words)


def canonical_measure(name: str) -> str:
    """Return the name of a measure for any spelling of it; unknown names are returned unchanged."""
    key = header_key(name)
    for measure in ("count", "spend", *METRICS):
        if key.rstrip("s") == measure.rstrip("s"):
            return measure
    return MEASURE_ALIASES.get(key.rstrip("s"), name)


MONEY_MEASURES = ("cost", "spend")


def internal_units(name: str) -> int:
    """Return how many internal units make one as written: 1,000 thousandths of a metric, 100 cents of money."""
    return 1000 if name in METRICS else 100 if name in MONEY_MEASURES else 1


Figures = Annotated[Mapping[str, int], Scaled(internal_units)]  # by name, each in its own unit
