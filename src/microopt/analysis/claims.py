"""What is said of micro and mega creators, held against a roster.

Estimates with 95% intervals: the difference of two means, the slope of a line.
"""

from __future__ import annotations

from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.forecast.audience_quality import share_of
from microopt.forecast.engagement import own_rate
from microopt.plan.plan import RosterFacts
from microopt.planning.build_plan import facts_of
from microopt.planning.build_problem import build_problem, for_roster_analysis
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key, match_keys
from microopt.roster.roster import Roster

LEAST = 5  # values on each side, or points of a line: fewer give no interval worth the name


class Estimate(Struct, frozen=True, kw_only=True):
    """A figure with its 95% interval."""

    mean: float
    low: float
    high: float


def difference(one: NDFloat, other: NDFloat) -> Estimate | None:
    """Return the mean of one less the mean of the other, by Welch's interval; None where either is too short.

    Degrees of freedom after Satterthwaite (Welch, Biometrika 34, 1947).
    """
    if min(len(one), len(other)) < LEAST:
        return None
    errors = [float(values.var(ddof=1)) / len(values) for values in (one, other)]
    mean, error = float(one.mean() - other.mean()), sqrt(sum(errors))
    if not error:
        return Estimate(mean=mean, low=mean, high=mean)
    parts = sum(e * e / (len(values) - 1) for e, values in zip(errors, (one, other), strict=True))
    reach = student(sum(errors) ** 2 / parts) * error
    return Estimate(mean=mean, low=mean - reach, high=mean + reach)


def slope(x: NDFloat, y: NDFloat) -> Estimate | None:
    """Return the least-squares slope of y in x; None where there are too few points, or all have one x."""
    apart = x - x.mean() if len(x) else x
    square = float(apart @ apart)
    if len(x) < LEAST or square <= 1e-12 * len(x):
        return None
    mean = float(apart @ (y - y.mean())) / square
    rest = y - y.mean() - mean * apart
    reach = student(len(x) - 2) * sqrt(float(rest @ rest) / (len(x) - 2) / square)
    return Estimate(mean=mean, low=mean - reach, high=mean + reach)


def student(freedom: float) -> float:
    """Return the 97.5% quantile of Student's t.

    Cornish-Fisher in 1 / freedom (Abramowitz and Stegun 26.7.5), within 0.1% from 4 degrees on.
    """
    z = NormalDist().inv_cdf(0.975)
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return sum(term / freedom**power for power, term in enumerate(terms))


class Claim(Struct, frozen=True, kw_only=True):
    """Something said of micro and mega creators, tested on a roster.

    Attributes
    ----------
    text
        What is said, in a sentence.
    found
        What the roster shows, in a sentence.
    estimate, low, high
        The figure tested and its 95% interval, None where it cannot be had.
    verdict
        `holds`, `does not hold` or `cannot be told`.
    """

    name: str
    text: str
    found: str
    verdict: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None


class Claims(Struct, frozen=True, kw_only=True):
    """The claims tested, and by tier what they were tested on."""

    roster: RosterFacts
    claims: tuple[Claim, ...]
    tiers: tuple[TierFacts, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class TierFacts(Struct, frozen=True, kw_only=True):
    """The creators of a tier, by their medians; None where the roster does not say.

    Attributes
    ----------
    rate
        Engagement rate by followers as the roster states it.
    fee, cpe, cpa
        Cents.
    sponsored
        Share of sponsored posts.
    """

    tier: str
    creators: int
    rate: float | None
    fee: float | None
    cpe: float | None
    cpa: float | None
    sponsored: float | None


HOLDS, FAILS, UNTOLD = "holds", "does not hold", "cannot be told"
SMALL, LARGE = "micro", "mega"
NDFloat = NDArray[np.float64]


class _Seen(Struct, frozen=True, kw_only=True, eq=False):
    """What the roster itself states of each creator, NaN where it does not, (n,) each.

    Nothing of the forecast is in it: a claim tested on figures that rest on a benchmark by size would only find the
    benchmark again.
    """

    tier: NDArray[np.object_]
    followers: NDFloat
    rate: NDFloat
    fee: NDFloat
    engagements: NDFloat
    conversions: NDFloat
    sponsored: NDFloat

    def of(self, tier: str, values: NDFloat) -> NDFloat:
        """Return a tier's known values."""
        chosen: NDFloat = values[(self.tier == match_key(tier)) & np.isfinite(values)]
        return chosen


def claims(roster: Roster, campaign: Campaign) -> Claims:
    """Test on a roster what is said of micro and mega creators.

    Each creator counts once, by the offer with the most expected engagements. Intervals are of 95%: Welch's for
    differences of mean logs, least squares for the slope.

    Raises
    ------
    CampaignError
        If the campaign does not fit the roster.
    """
    case, warnings = build_problem(roster, for_roster_analysis(campaign), bundles=False)
    seen = _seen(case)
    names = list(campaign.tiers.names)
    found = (
        _engagement(seen),
        _falls(seen),
        _cost(seen, "engagement", seen.engagements),
        _cost(seen, "conversion", seen.conversions),
        _basket(seen),
        _sponsored(seen),
    )
    tiers = tuple(_tier(seen, name) for name in reversed(names) if (seen.tier == match_key(name)).any())
    return Claims(roster=facts_of(case), claims=found, tiers=tiers, notes=case.roster.notes, warnings=warnings)


def _seen(case: PlanningProblem) -> _Seen:
    roster = case.roster
    order = np.argsort(-case.forecast.metrics["engagements"], kind="stable")
    rows = np.sort(order[np.unique(roster.creator_id[order], return_index=True)[1]])
    roster = roster.take(rows)
    rate, tier = _stated_rate(roster), roster.texts["tier"]
    engagements = rate * roster.numbers["followers"] * share_of(roster, "deliverables")
    return _Seen(
        tier=np.asarray(match_keys(tier.labels), dtype=object)[tier.codes],
        followers=roster.numbers["followers"],
        rate=rate,
        fee=np.where(roster.fee > 0, roster.fee, np.nan),
        engagements=engagements,
        conversions=_stated_conversions(roster, engagements),
        sponsored=roster.number("sponsored_share"),
    )


def _stated_rate(roster: Roster) -> NDFloat:
    """Return the engagement rate by followers as stated; one by views or reach counts with these stated too."""
    rate = own_rate(roster)
    for name, base in (("engagement_rate_views", "views"), ("engagement_rate_reach", "reach")):
        found = roster.number(name) * roster.number(base) / roster.numbers["followers"]
        rate = np.where(np.isfinite(rate), rate, found)
    return np.where(rate > 0, rate, np.nan)


def _stated_conversions(roster: Roster, engagements: NDFloat) -> NDFloat:
    """Return what views, click-through and conversion rate, or engagement and action rate, all stated, come to."""
    found = roster.number("views") * share_of(roster, "deliverables") * roster.number("ctr") * roster.number("cvr")
    acted = engagements * roster.number("action_rate")
    found = np.where(np.isfinite(acted), acted, found)
    return np.where(found > 0, found, np.nan)


def _engagement(seen: _Seen) -> Claim:
    """Articles say three to five times; measured elsewhere: 1.39 times (1.26-1.53), 22,670 creators, 2019."""
    text = "Micro creators get 3 to 5 times the engagement rate of mega creators."
    found = difference(np.log(seen.of(SMALL, seen.rate)), np.log(seen.of(LARGE, seen.rate)))
    if found is None:
        return _untold("engagement rate", text, "an engagement rate")
    low, high = exp(found.low), exp(found.high)
    verdict = HOLDS if low >= 3 else FAILS if high < 3 else UNTOLD
    told = f"their typical rate is {exp(found.mean):.2g} times mega's, {_between(found)}"
    return _told("engagement rate", text, told, verdict, found, logs=True)


def _falls(seen: _Seen) -> Claim:
    text = "The engagement rate falls as followers grow."
    known = np.isfinite(seen.rate) & (seen.followers > 0)
    found = slope(np.log(seen.followers[known]), np.log(seen.rate[known]))
    if found is None:
        why = f"fewer than {LEAST} creators state an engagement rate, or all are of one size"
        return Claim(name="slope", text=text, found=why, verdict=UNTOLD)
    verdict = HOLDS if found.high < 0 else FAILS if found.low >= 0 else UNTOLD
    tenfold = exp(found.mean * log(10)) - 1
    told = f"ten times the followers go with {abs(tenfold):.0%} {'less' if tenfold < 0 else 'more'} of it; "
    told += f"the slope of the logs is {found.mean:.2f}, within {found.low:.2f} to {found.high:.2f}"
    return _told("slope", text, told, verdict, found)


def _cost(seen: _Seen, what: str, results: NDFloat) -> Claim:
    name, text = f"cost per {what}", f"Micro creators cost less per {what} than mega creators."
    per = np.log(seen.fee / results)
    found = difference(seen.of(SMALL, per), seen.of(LARGE, per))
    if found is None:
        needs = "views, ctr and cvr" if what == "conversion" else "engagement rate"
        return _untold(name, text, f"their fee and their {needs}")
    verdict = HOLDS if found.high < 0 else FAILS if found.low >= 0 else UNTOLD
    told = f"a micro creator's {what} typically costs {exp(found.mean):.2g} times mega's, {_between(found)}"
    return _told(name, text, told, verdict, found, logs=True)


def _basket(seen: _Seen) -> Claim:
    """How many micro creators, at their typical fee, a mega creator's fee buys, and what these bring to mega's one."""
    text = "The fee of one mega creator buys micro creators who bring more engagement."
    micro = seen.of(SMALL, seen.fee)
    bought = np.floor(seen.fee / np.median(micro)) if len(micro) else np.full(len(seen.fee), np.nan)
    count = seen.of(LARGE, bought)
    each = np.log(np.where(bought > 0, seen.engagements / np.where(bought > 0, bought, 1.0), np.nan))
    paid = difference(seen.of(SMALL, np.log(seen.engagements)), seen.of(LARGE, each))
    if paid is None or not np.median(count):
        return _untold("basket", text, "their fee and their engagement rate")
    verdict = HOLDS if paid.low > 0 else FAILS if paid.high <= 0 else UNTOLD
    told = f"the typical mega fee buys {np.median(count):,.0f} typical micro creators, who bring "
    told += f"{exp(paid.mean):.2g} times the engagement, {_between(paid)}"
    return _told("basket", text, told, verdict, paid, logs=True)


def _sponsored(seen: _Seen) -> Claim:
    text = "A greater share of mega creators' posts is sponsored than of micro creators'."
    found = difference(seen.of(LARGE, seen.sponsored), seen.of(SMALL, seen.sponsored))
    if found is None:
        return _untold("sponsored posts", text, "a sponsored_share")
    verdict = HOLDS if found.low > 0 else FAILS if found.high <= 0 else UNTOLD
    told = f"mega's share is {abs(100 * found.mean):.1f} points {'higher' if found.mean > 0 else 'lower'}, "
    told += f"the difference within {100 * found.low:+.1f} to "
    return _told("sponsored posts", text, told + f"{100 * found.high:+.1f}", verdict, found)


def _between(found: Estimate) -> str:
    return f"within {exp(found.low):.2g} to {exp(found.high):.2g}"


def _untold(name: str, text: str, what: str) -> Claim:
    told = f"fewer than {LEAST} micro or {LEAST} mega creators state {what}"
    return Claim(name=name, text=text, found=told, verdict=UNTOLD)


def _told(name: str, text: str, found: str, verdict: str, estimate: Estimate, *, logs: bool = False) -> Claim:
    figures = (estimate.mean, estimate.low, estimate.high)
    mean, low, high = map(exp, figures) if logs else figures
    return Claim(name=name, text=text, found=found, verdict=verdict, estimate=mean, low=low, high=high)


def _tier(seen: _Seen, name: str) -> TierFacts:
    def middle(values: NDFloat) -> float | None:
        known = seen.of(name, values)
        return float(np.median(known)) if len(known) else None

    return TierFacts(
        tier=name,
        creators=int((seen.tier == match_key(name)).sum()),
        rate=middle(seen.rate),
        fee=middle(seen.fee),
        cpe=middle(seen.fee / seen.engagements),
        cpa=middle(seen.fee / seen.conversions),
        sponsored=middle(seen.sponsored),
    )
