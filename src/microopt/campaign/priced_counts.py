"""Amounts of money where a rule or a filter counts creators, people, or what posts bring."""

from __future__ import annotations

from microopt.campaign.metrics import METRICS, NET_REACH, TARGET_METRICS, canonical_measure
from microopt.errors import CampaignError
from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import find_priced

COUNTED_COLUMNS = ("followers", "likes", "comments", "shares", "posts")  # of the roster, besides the metrics


def refuse_money(text: str, kind: str, measure: str, bounds: str) -> None:
    """Refuse an amount of money as a number of creators, of people, or of what posts bring.

    Parameters
    ----------
    text, kind
        All of a rule or filter, and what the error message calls it.
    bounds
        Its range, as written.

    Raises
    ------
    CampaignError
        With the same rule or filter on money.
    """
    amounts = find_priced(bounds)
    is_count = (
        canonical_measure(measure) in ("count", NET_REACH, *METRICS, *TARGET_METRICS)
        or header_key(measure) in COUNTED_COLUMNS
    )
    if amounts and is_count:
        message = f"{kind} {text!r}: {amounts[0]} is an amount of money, but {measure} is a plain number"
        way_on = "filter by fee" if kind == "filter" else "limit the spend"
        fix = f"leave the currency out, or {way_on}: '{_of_money(text, kind, measure, bounds)}'"
        raise CampaignError(message, fix=fix, code=f"{kind}-range")


def _of_money(text: str, kind: str, measure: str, bounds: str) -> str:
    """Return the same rule or filter on money, or an example where its words are not of that form."""
    name, example = ("fee", "fee <= 5000") if kind == "filter" else ("spend", "tier:mega spend <= 5000")
    selector, found, rest = text.rpartition(measure)
    return f"{selector}{name} {bounds}" if found and rest.strip() == bounds.strip() else example
