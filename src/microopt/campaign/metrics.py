"""The metrics of a campaign: their names, their spellings, their units."""

from __future__ import annotations

from microopt.quantities.keys import header_key

METRICS = ("reach", "impressions", "engagements", "clicks", "conversions")


NET_REACH = "net reach"


GROSS = " (gross)"  # what caps net reach is of gross reach, and is named so


ALIASES = {"view": "impressions", "creator": "count", "cost": "spend", "fee": "spend"}


def canonical(name: str) -> str:
    """Return the measure's own name for any spelling of it."""
    key = header_key(name)
    for known in ("count", "spend", *METRICS):
        if key.rstrip("s") == known.rstrip("s"):
            return known
    return ALIASES.get(key.rstrip("s"), name)


MONEY = ("cost", "spend")


def unit_of(name: str) -> int:
    """Return how many of a figure's own units make one as it is written: thousandths of a metric, cents of money."""
    return 1000 if name in METRICS else 100 if name in MONEY else 1
