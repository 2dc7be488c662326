"""Rules that add up rates: `all engagement_rate >= 3%`, where the mean of the creators is meant."""

from __future__ import annotations

import re

from msgspec.structs import replace

from microopt.campaign.campaign import RangeRule
from microopt.campaign.metrics import METRICS, TARGET_METRICS, is_rate
from microopt.campaign.rule_grammar import format_rule
from microopt.errors import Fault
from microopt.planning.measures import Measure
from microopt.quantities.parse_and_format import Range

ADDED_UP = frozenset({"score", "index", "fit"})  # rates by their name, of which people do take sums and shares


def added_rates(rule: RangeRule, measure: Measure) -> Fault | None:
    """Return the fault of a rule on a sum of rates, or on a share of one, with the rule on their mean; else None."""
    words = {*re.findall(r"[^\W\d_]+", f"{rule.measure} {measure.name}".casefold())}
    is_sum_of_rates = not rule.mean and is_rate(measure.name) and ADDED_UP.isdisjoint(words)
    if (
        measure.name in (*METRICS, *TARGET_METRICS, "count", "spend")
        or not is_sum_of_rates
        or (measure.per_unit > measure.scale).any()
    ):
        return None
    message = f"rule {rule.label!r}: {rule.measure} is a rate, and the rates of several creators do not add up"
    fix = f"did you mean '{format_rule(replace(rule, mean=True, bounds=_as_percents(rule.bounds)))}'?"
    return Fault(code="rule-rate", message=message, fix=fix)


def _as_percents(bounds: Range) -> Range:
    """Return the range of a rate in percent: 3, 3% and 0.03 all mean 3%."""
    ends = (bounds.low, bounds.high)
    whole = 100 if not bounds.percent and any(end is not None and end > 1 for end in ends) else 1
    low, high = (None if end is None else end / whole for end in ends)
    return Range(low, high, percent=True)
