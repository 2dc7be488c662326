"""Common claims about micro and mega creators, tested on a roster with 95% intervals."""

from __future__ import annotations

from math import exp, log
from typing import ClassVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.estimates import MIN_SAMPLE, Estimate, mean_difference, regression_slope
from microopt.analysis.tier_rates import TierDifference, TierRate, rate_sample, typical_rates
from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.campaign import Campaign
from microopt.forecast.audience_quality import share_column
from microopt.forecast.engagement import ranking_rate
from microopt.forecast.model import forecast
from microopt.plan.plan import RosterFacts
from microopt.planning.build_problem import build_problem, for_roster_analysis
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.units import FractionalCents
from microopt.roster.roster import Roster


class Claim(Struct, frozen=True, kw_only=True):
    """A claim about micro and mega creators, tested on a roster.

    Attributes
    ----------
    text
        The claim in a sentence.
    finding
        The finding on the roster in a sentence.
    estimate, low, high
        The tested figure and its 95% interval, or None without enough data.
    verdict
        `holds`, `does not hold`, `too close to call` (the interval allows both) or `not enough data`.
    """

    name: str
    text: str
    finding: str
    verdict: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None


class Claims(Struct, frozen=True, kw_only=True):
    """The tested claims, and the figures by tier behind them.

    Attributes
    ----------
    typical_rates, differences
        The typical engagement rate of each tier, adjusted for small samples, and by how much each two tiers differ.
    """

    roster: RosterFacts
    claims: tuple[Claim, ...]
    tiers: tuple[TierFacts, ...]
    typical_rates: tuple[TierRate, ...] = ()
    differences: tuple[TierDifference, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "claims"


class TierFacts(Struct, frozen=True, kw_only=True):
    """Medians of the creators of a tier; None where the roster states too little.

    Attributes
    ----------
    rate
        Engagement rate by followers as stated in the roster.
    fee, cpe, cpa
        Cents.
    sponsored
        Share of sponsored posts.
    """

    tier: str
    creators: int
    rate: float | None
    fee: FractionalCents | None
    cpe: FractionalCents | None
    cpa: FractionalCents | None
    sponsored: float | None


HOLDS, FAILS, UNCERTAIN, NO_DATA = "holds", "does not hold", "too close to call", "not enough data"
SMALL, LARGE = "micro", "mega"
NDFloat = NDArray[np.float64]


class _StatedFigures(Struct, frozen=True, kw_only=True, eq=False):
    """Figures that the roster itself states about each creator, NaN where it does not, (n,) each.

    They contain nothing of the forecast: a test on figures that rest on benchmarks by size would only find the
    benchmarks again.
    """

    tier: NDArray[np.object_]
    followers: NDFloat
    rate: NDFloat
    fee: NDFloat
    engagements: NDFloat
    conversions: NDFloat
    sponsored: NDFloat

    def of_tier(self, tier: str, values: NDFloat) -> NDFloat:
        """Return the known values of a tier."""
        chosen: NDFloat = values[(self.tier == match_key(tier)) & np.isfinite(values)]
        return chosen


def evaluate_claims(roster: Roster, campaign: Campaign) -> Claims:
    """Test common claims about micro and mega creators on a roster.

    Each creator counts once, by the offer with the most engagements that the list alone lets expect. The 95% intervals
    are Welch's for differences of mean logs, and least squares for the slope.

    Raises
    ------
    CampaignError
        If the campaign does not fit the roster.
    """
    tested = replace(for_roster_analysis(campaign), exclude_suspicious=campaign.exclude_suspicious)
    problem, warnings = build_problem(roster, tested, bundles=False)
    creators = problem.roster.take(_main_offers(problem))
    figures = _stated_figures(creators)
    names = list(campaign.tiers.names)
    results = (
        _engagement_claim(figures),
        _slope_claim(figures),
        _cost_claim(figures, "engagement", figures.engagements),
        _cost_claim(figures, "conversion", figures.conversions),
        _bundle_claim(figures),
        _sponsored_claim(figures),
    )
    tiers = tuple(_tier_facts(figures, name) for name in reversed(names) if (figures.tier == match_key(name)).any())
    benchmarks = override_benchmarks(default_benchmarks(), campaign.forecast)
    rates, differences = typical_rates(rate_sample(creators, figures.rate, names, benchmarks), names)
    return Claims(
        roster=problem.roster_facts,
        claims=results,
        tiers=tiers,
        typical_rates=rates[::-1],
        differences=differences,
        notes=problem.roster.notes,
        warnings=warnings,
    )


def _main_offers(problem: PlanningProblem) -> NDArray[np.intp]:
    """Return the row of each creator's offer with the most expected engagements.

    Posts do not count here: fees are those of the same offers with a file of posts and without one.
    """
    expected = problem.forecast
    if problem.roster.posts is not None:
        expected = forecast(replace(problem.roster, posts=None), problem.campaign)
    order = np.argsort(-expected.metrics["engagements"], kind="stable")
    return np.sort(order[np.unique(problem.roster.creator_id[order], return_index=True)[1]])


def _stated_figures(roster: Roster) -> _StatedFigures:
    rate, tier = _stated_rate(roster), roster.texts["tier"]
    engagements = rate * roster.numbers["followers"] * share_column(roster, "deliverables")
    return _StatedFigures(
        tier=np.asarray(match_keys(tier.labels), dtype=object)[tier.codes],
        followers=roster.numbers["followers"],
        rate=rate,
        fee=np.where(roster.fee > 0, roster.fee, np.nan),
        engagements=engagements,
        conversions=_stated_conversions(roster, engagements),
        sponsored=roster.number("sponsored_share"),
    )


def _stated_rate(roster: Roster) -> NDFloat:
    """Return engagement rates by followers: of the creator's posts where there are some, else as stated.

    Rates by views or reach are converted if these are stated too.
    """
    rate = ranking_rate(roster)
    for name, base in (("engagement_rate_views", "views"), ("engagement_rate_reach", "reach")):
        converted = roster.number(name) * roster.number(base) / roster.numbers["followers"]
        rate = np.where(np.isfinite(rate), rate, converted)
    if roster.posts is not None:
        of_posts = np.exp(roster.posts.level + roster.posts.within**2 / 2)  # the mean of posts that are log-normal
        rate = np.where(roster.posts.posts > 0, of_posts, rate)
    return np.where(rate > 0, rate, np.nan)


def _stated_conversions(roster: Roster, engagements: NDFloat) -> NDFloat:
    """Return conversions from stated views, click-through and conversion rates, or engagement and action rates."""
    conversions = (
        roster.number("views") * share_column(roster, "deliverables") * roster.number("ctr") * roster.number("cvr")
    )
    acted = engagements * roster.number("action_rate")
    conversions = np.where(np.isfinite(acted), acted, conversions)
    return np.where(conversions > 0, conversions, np.nan)


def _engagement_claim(figures: _StatedFigures) -> Claim:
    """Articles say three to five times; measured elsewhere: 1.39 times (1.26-1.53), 22,670 creators, 2019."""
    text = "Micro creators get 3 to 5 times the engagement rate of mega creators."
    estimate = mean_difference(
        np.log(figures.of_tier(SMALL, figures.rate)), np.log(figures.of_tier(LARGE, figures.rate))
    )
    if estimate is None:
        return _insufficient_data(figures, "engagement rate", text, "the engagement rates")
    low, high = exp(estimate.low), exp(estimate.high)
    verdict = HOLDS if low >= 3 else FAILS if high < 3 else UNCERTAIN
    finding = f"typically {exp(estimate.mean):.2g} times the rate of mega creators {_format_interval(estimate)}"
    return _build_claim("engagement rate", text, finding, verdict, estimate, logs=True)


def _slope_claim(figures: _StatedFigures) -> Claim:
    text = "The engagement rate falls as followers grow."
    has_both = np.isfinite(figures.rate) & (figures.followers > 0)
    estimate = regression_slope(np.log(figures.followers[has_both]), np.log(figures.rate[has_both]))
    if estimate is None:
        reason = f"needs the engagement rates of {MIN_SAMPLE} creators of different sizes"
        return Claim(name="slope", text=text, finding=reason, verdict=NO_DATA)
    verdict = HOLDS if estimate.high < 0 else FAILS if estimate.low >= 0 else UNCERTAIN
    mean, low, high = (_tenfold_change(slope) for slope in (estimate.mean, estimate.low, estimate.high))
    finding = f"{mean} at ten times the followers (95% range: {low} to {high})"
    return _build_claim("slope", text, finding, verdict, estimate)


def _tenfold_change(slope: float) -> str:
    """Return by how much a rate changes at ten times the followers."""
    change = exp(slope * log(10)) - 1
    return f"{abs(change):.0%} {'lower' if change < 0 else 'higher'}"


def _cost_claim(figures: _StatedFigures, metric: str, results: NDFloat) -> Claim:
    name, text = f"cost per {metric}", f"Micro creators cost less per {metric} than mega creators."
    log_costs = np.log(figures.fee / results)
    estimate = mean_difference(figures.of_tier(SMALL, log_costs), figures.of_tier(LARGE, log_costs))
    if estimate is None:
        needs = "views, click-through and conversion rates" if metric == "conversion" else "engagement rates"
        return _insufficient_data(
            figures, name, text, f"the fees, {needs}" if "," in needs else f"the fees and {needs}"
        )
    verdict = HOLDS if estimate.high < 0 else FAILS if estimate.low >= 0 else UNCERTAIN
    finding = f"typically {exp(estimate.mean):.2g} times the cost for mega creators {_format_interval(estimate)}"
    return _build_claim(name, text, finding, verdict, estimate, logs=True)


def _bundle_claim(figures: _StatedFigures) -> Claim:
    """Compare a mega creator with the micro creators that the same fee buys at their typical fee."""
    text = "The fee of one mega creator buys micro creators who bring more engagement."
    micro = figures.of_tier(SMALL, figures.fee)
    affordable = np.floor(figures.fee / np.median(micro)) if len(micro) else np.full(len(figures.fee), np.nan)
    count = figures.of_tier(LARGE, affordable)
    log_share = np.log(
        np.where(affordable > 0, figures.engagements / np.where(affordable > 0, affordable, 1.0), np.nan)
    )
    estimate = mean_difference(figures.of_tier(SMALL, np.log(figures.engagements)), figures.of_tier(LARGE, log_share))
    if estimate is None or not np.median(count):
        return _insufficient_data(figures, "basket", text, "the fees and engagement rates")
    verdict = HOLDS if estimate.low > 0 else FAILS if estimate.high <= 0 else UNCERTAIN
    finding = f"the typical mega fee buys {np.median(count):,.0f} typical micro creators, who bring "
    finding += f"{exp(estimate.mean):.2g} times the engagement {_format_interval(estimate)}"
    return _build_claim("basket", text, finding, verdict, estimate, logs=True)


def _sponsored_claim(figures: _StatedFigures) -> Claim:
    text = "A greater share of mega creators' posts is sponsored than of micro creators'."
    estimate = mean_difference(figures.of_tier(LARGE, figures.sponsored), figures.of_tier(SMALL, figures.sponsored))
    if estimate is None:
        return _insufficient_data(figures, "sponsored posts", text, "the shares of sponsored posts")
    verdict = HOLDS if estimate.low > 0 else FAILS if estimate.high <= 0 else UNCERTAIN
    mean, low, high = (100 * value for value in (estimate.mean, estimate.low, estimate.high))
    finding = f"{abs(mean):.1f} points {'higher' if mean > 0 else 'lower'} for mega creators "
    finding += f"(95% range: {low:+.1f} to {high:+.1f})"
    return _build_claim("sponsored posts", text, finding, verdict, estimate)


def _format_interval(estimate: Estimate) -> str:
    return f"(95% range: {exp(estimate.low):.2g} to {exp(estimate.high):.2g})"


def _insufficient_data(figures: _StatedFigures, name: str, text: str, columns: str) -> Claim:
    """Return a claim that cannot be tested: creators of a tier are too few, or too few of them state the columns."""
    counts = {tier: int((figures.tier == match_key(tier)).sum()) for tier in (SMALL, LARGE)}
    scarce = [f"{count:,} {tier}" for tier, count in counts.items() if count < MIN_SAMPLE]
    finding = f"needs {columns} of {MIN_SAMPLE} micro and {MIN_SAMPLE} mega creators"
    if scarce:
        only = " and ".join(scarce)
        noun = "creator" if only.startswith("1 ") and len(scarce) == 1 else "creators"
        finding = f"needs {MIN_SAMPLE} micro and {MIN_SAMPLE} mega creators; your list has {only} {noun}"
    return Claim(name=name, text=text, finding=finding, verdict=NO_DATA)


def _build_claim(name: str, text: str, finding: str, verdict: str, estimate: Estimate, *, logs: bool = False) -> Claim:
    figures = (estimate.mean, estimate.low, estimate.high)
    mean, low, high = map(exp, figures) if logs else figures
    return Claim(name=name, text=text, finding=finding, verdict=verdict, estimate=mean, low=low, high=high)


def _tier_facts(figures: _StatedFigures, name: str) -> TierFacts:
    def middle(values: NDFloat) -> float | None:
        values_of_tier = figures.of_tier(name, values)
        return float(np.median(values_of_tier)) if len(values_of_tier) else None

    return TierFacts(
        tier=name,
        creators=int((figures.tier == match_key(name)).sum()),
        rate=middle(figures.rate),
        fee=middle(figures.fee),
        cpe=middle(figures.fee / figures.engagements),
        cpa=middle(figures.fee / figures.conversions),
        sponsored=middle(figures.sponsored),
    )
