"""What is said of micro and mega creators, held against a roster."""

from __future__ import annotations

from math import exp, log

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign import Campaign
from microopt.case import Case
from microopt.forecast import Origin
from microopt.forecasting.engagement import own_rate
from microopt.outlook import Claim, Claims, TierFacts
from microopt.roster import Roster
from microopt.studies.assemble import facts_of
from microopt.studies.estimates import Estimate, difference, slope
from microopt.studies.prepare import prepare

HOLDS, FAILS, UNTOLD = "holds", "does not hold", "cannot be told"
SMALL, LARGE = "micro", "mega"
NDFloat = NDArray[np.float64]


class _Seen(Struct, frozen=True, kw_only=True, eq=False):
    """What the roster itself says of each offer, NaN where it is an assumption of ours, (n,) each.

    A claim tested on figures that rest on a benchmark by size would only find the benchmark again.
    """

    tier: NDArray[np.object_]
    followers: NDFloat
    rate: NDFloat
    fee: NDFloat
    cost: NDFloat
    engagements: NDFloat
    conversions: NDFloat
    sponsored: NDFloat

    def of(self, tier: str, values: NDFloat) -> NDFloat:
        """Return a tier's known values."""
        chosen: NDFloat = values[(self.tier == tier) & np.isfinite(values)]
        return chosen


def claims(roster: Roster, campaign: Campaign) -> Claims:
    """Test on a roster what is said of micro and mega creators.

    Each creator counts once, by the offer with the most expected engagements. Intervals are of 95%: Welch's for
    differences of mean logs, least squares for the slope.

    Raises
    ------
    CampaignError
        If the campaign does not fit the roster, or a fee is missing that was not to be estimated.
    """
    case, warnings = prepare(roster, campaign)
    seen = _seen(case)
    names = list(campaign.tiers.names)
    found = (
        _engagement(seen), _falls(seen), _cost(seen, "engagement", seen.engagements),
        _cost(seen, "conversion", seen.conversions), _basket(seen), _sponsored(seen),
    )  # fmt: skip
    tiers = tuple(_tier(seen, name) for name in reversed(names) if (seen.tier == name).any())
    return Claims(roster=facts_of(case), claims=found, tiers=tiers, notes=case.roster.notes, warnings=warnings)


def _seen(case: Case) -> _Seen:
    roster, forecast = case.roster, case.forecast
    order = np.argsort(-forecast.metrics["engagements"], kind="stable")
    rows = np.sort(order[np.unique(roster.creator_id[order], return_index=True)[1]])

    def stated(name: str, values: NDArray[np.int64], scale: int) -> NDFloat:
        known = forecast.origins[name] < Origin.DEFAULT
        return np.where(known & (values > 0), values / scale, np.nan)[rows]

    own_fee = forecast.origins["fee"] == Origin.OWN
    rate, tier = own_rate(roster), roster.texts["tier"]
    return _Seen(
        tier=np.asarray([str(label) for label in tier.labels], dtype=object)[tier.codes[rows]],
        followers=roster.numbers["followers"][rows],
        rate=np.where(rate > 0, rate, np.nan)[rows],
        fee=np.where(own_fee & (forecast.fee > 0), forecast.fee, np.nan)[rows],
        cost=np.where(own_fee & (forecast.cost > 0), forecast.cost, np.nan)[rows],
        engagements=stated("engagements", forecast.metrics["engagements"], 1000),
        conversions=stated("conversions", forecast.metrics["conversions"], 1000),
        sponsored=roster.number("sponsored_share")[rows],
    )


def _engagement(seen: _Seen) -> Claim:
    """Articles say three to five times; measured elsewhere: 1.39 times (1.26-1.53), 22,670 creators, 2019."""
    text = "Micro creators get 3 to 5 times the engagement rate of mega creators."
    found = difference(np.log(seen.of(SMALL, seen.rate)), np.log(seen.of(LARGE, seen.rate)))
    if found is None:
        return _untold("engagement rate", text, "too few micro or mega creators state an engagement rate")
    low, high = exp(found.low), exp(found.high)
    verdict = HOLDS if low >= 3 else FAILS if high < 3 else UNTOLD
    told = f"their typical rate is {exp(found.mean):.2g} times mega's, {_between(found)}"
    return _told("engagement rate", text, told, verdict, found, logs=True)


def _falls(seen: _Seen) -> Claim:
    text = "The engagement rate falls as followers grow."
    known = np.isfinite(seen.rate) & (seen.followers > 0)
    found = slope(np.log(seen.followers[known]), np.log(seen.rate[known]))
    if found is None:
        return _untold("slope", text, "too few creators state an engagement rate, or all are of one size")
    verdict = HOLDS if found.high < 0 else FAILS if found.low >= 0 else UNTOLD
    tenfold = exp(found.mean * log(10)) - 1
    told = f"ten times the followers go with {abs(tenfold):.0%} {'less' if tenfold < 0 else 'more'} of it; "
    told += f"the slope of the logs is {found.mean:.2f}, within {found.low:.2f} to {found.high:.2f}"
    return _told("slope", text, told, verdict, found)


def _cost(seen: _Seen, what: str, results: NDFloat) -> Claim:
    name, text = f"cost per {what}", f"Micro creators cost less per {what} than mega creators."
    found = difference(np.log(seen.of(SMALL, seen.cost / results)), np.log(seen.of(LARGE, seen.cost / results)))
    if found is None:
        return _untold(name, text, f"too few micro or mega creators state what they cost and their {what}s")
    verdict = HOLDS if found.high < 0 else FAILS if found.low >= 0 else UNTOLD
    told = f"a micro creator's {what} typically costs {exp(found.mean):.2g} times mega's, {_between(found)}"
    return _told(name, text, told, verdict, found, logs=True)


def _basket(seen: _Seen) -> Claim:
    """How many micro creators a mega creator's fee buys, and what these bring: total over total, by the mean logs."""
    text = "The fee of one mega creator buys micro creators who bring more engagement."
    mega, micro = seen.of(LARGE, seen.cost), seen.of(SMALL, seen.cost)
    paid = difference(
        np.log(seen.of(SMALL, seen.engagements / seen.cost)), np.log(seen.of(LARGE, seen.engagements / seen.cost))
    )
    if paid is None or not len(mega) or not len(micro):
        return _untold("basket", text, "too few micro or mega creators state a fee and their engagement")
    count = float(np.median(mega) / np.median(micro))
    if count < 1:
        return _untold("basket", text, "the typical mega creator asks less than the typical micro creator")
    verdict = HOLDS if paid.low > 0 else FAILS if paid.high <= 0 else UNTOLD
    told = f"the typical mega fee buys {count:,.0f} typical micro creators, who bring {exp(paid.mean):.2g} times the "
    return _told("basket", text, told + f"engagement, {_between(paid)}", verdict, paid, logs=True)


def _sponsored(seen: _Seen) -> Claim:
    text = "A greater share of mega creators' posts is sponsored than of micro creators'."
    found = difference(seen.of(LARGE, seen.sponsored), seen.of(SMALL, seen.sponsored))
    if found is None:
        return _untold("sponsored posts", text, "too few micro or mega creators state a sponsored_share")
    verdict = HOLDS if found.low > 0 else FAILS if found.high <= 0 else UNTOLD
    told = f"mega's share is {abs(100 * found.mean):.1f} points {'higher' if found.mean > 0 else 'lower'}, "
    told += f"the difference within {100 * found.low:+.1f} to "
    return _told("sponsored posts", text, told + f"{100 * found.high:+.1f}", verdict, found)


def _between(found: Estimate) -> str:
    return f"within {exp(found.low):.2g} to {exp(found.high):.2g}"


def _untold(name: str, text: str, why: str) -> Claim:
    return Claim(name=name, text=text, found=why, verdict=UNTOLD)


def _told(name: str, text: str, found: str, verdict: str, estimate: Estimate, *, logs: bool = False) -> Claim:
    figures = (estimate.mean, estimate.low, estimate.high)
    mean, low, high = map(exp, figures) if logs else figures
    return Claim(name=name, text=text, found=found, verdict=verdict, estimate=mean, low=low, high=high)


def _tier(seen: _Seen, name: str) -> TierFacts:
    def middle(values: NDFloat) -> float | None:
        known = seen.of(name, values)
        return float(np.median(known)) if len(known) else None

    return TierFacts(
        tier=name, creators=int((seen.tier == name).sum()), rate=middle(seen.rate), fee=middle(seen.fee),
        cpe=middle(seen.cost / seen.engagements), cpa=middle(seen.cost / seen.conversions),
        sponsored=middle(seen.sponsored),
    )  # fmt: skip
