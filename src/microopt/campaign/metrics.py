"""The metrics of a campaign: their names, their spellings, their units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from microopt.campaign.earnings import EARNINGS, RATIOS
from microopt.quantities.keys import header_key
from microopt.quantities.units import Scaled

METRICS = ("reach", "impressions", "engagements", "clicks", "conversions")
# What comes from people on target (`campaign/target_audience.py`), each with the metric that it is a part of; a plan
# has these only where its campaign has a target.
TARGET_METRICS = {f"target_{name}": name for name in METRICS if name != "clicks"}
TARGET_GOALS = {name.replace("_", " "): name for name in TARGET_METRICS}  # goals, each with what it maximizes
NET_REACH = "net reach"
REPEATS = "repeats"  # creators with posts in at least two waves of a calendar
BOOKED_POSTS = "booked_posts"  # each unit of an offer is a post
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


def metrics_of(figures: Mapping[str, object]) -> tuple[str, ...]:
    """Return the metrics that there are figures of: all of `METRICS`, and those on target where there is a target."""
    return (*METRICS, *(name for name in TARGET_METRICS if name in figures))


def _target_spellings() -> Iterator[tuple[str, str]]:
    for measure, whole in TARGET_METRICS.items():
        for word in {whole, whole.rstrip("s"), *(("views", "view") if whole == "impressions" else ())}:
            yield from ((f"{prefix}{word}", measure) for prefix in ("target", "ontarget"))


_TARGET_KEYS = dict(_target_spellings())  # by `header_key`


def canonical_measure(name: str) -> str:
    """Return the name of a measure for any spelling of it; unknown names are returned unchanged."""
    key = header_key(name)
    if key in _TARGET_KEYS:
        return _TARGET_KEYS[key]
    for measure in ("count", "spend", *METRICS, *EARNINGS, *RATIOS, REPEATS, BOOKED_POSTS):
        if key.rstrip("s") == header_key(measure).rstrip("s"):
            return measure
    return MEASURE_ALIASES.get(key.rstrip("s"), name)


MONEY_MEASURES = ("cost", "spend")


def internal_units(name: str) -> int:
    """Return how many internal units make one as written: 1,000 thousandths of a metric, 100 cents of money."""
    return 1000 if name in METRICS or name in TARGET_METRICS else 100 if name in MONEY_MEASURES else 1


Figures = Annotated[Mapping[str, int], Scaled(internal_units)]  # by name, each in its own unit
