"""Refuse values that no campaign can have."""

from __future__ import annotations

from codecs import lookup
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import fsum

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.agreed_fees import invalid_agreed_fees
from microopt.campaign.campaign import GOALS, ONE_OFFER_PER, QUOTE_ENDS, Campaign, Ideal
from microopt.campaign.decline_settings import invalid_decline_values
from microopt.campaign.earnings import MAX_ORDERS
from microopt.campaign.extra_costs import FEE_SHARES, MAX_FEE_SHARE
from microopt.campaign.fit_settings import invalid_fit_values
from microopt.campaign.goals import BALANCED_METRICS, LEAST_COST
from microopt.campaign.metrics import METRICS, NET_REACH, TARGET_METRICS
from microopt.campaign.progress import RESULT_METRICS, CampaignProgress
from microopt.campaign.report_settings import invalid_report_values
from microopt.campaign.risk_settings import invalid_risk_values
from microopt.campaign.target_audience import invalid_target_audience
from microopt.errors import CampaignError
from microopt.quantities.currencies import ISO_CODES
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import MAX_CENTS, MAX_NUMBER
from microopt.quantities.platforms import PLATFORM_SPELLINGS
from microopt.quantities.size_limits import MAX_RULES

MAX_PEOPLE = 10**11
MAX_EXACT = 2**53
ROUNDING = 1e-9  # of sums of the same numbers in another order


def invalid_values(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Yield the place of each value that no campaign can have, and a sentence about it."""
    yield from _invalid_amounts(campaign)
    yield from invalid_agreed_fees(campaign.fees)
    yield from _invalid_goal(campaign)
    yield from _invalid_choices(campaign)
    floors, names = campaign.tiers.floors, campaign.tiers.names
    if len(names) != len(floors):
        yield "tiers", "each tier needs one lower bound"
    if not floors or floors[0] < 0 or not all(low < high for low, high in pairwise(floors)) or floors[-1] > MAX_EXACT:
        yield "tiers", "the lower bounds of the tiers must rise"
    if campaign.audience is not None:
        for name, people in campaign.audience.size.items():
            if not 1 <= people <= MAX_PEOPLE:
                yield f"audience.size.{name}", f"{people} is not a number of people"
        if not campaign.audience.size:
            yield "audience.size", "there are no pools"
    yield from invalid_target_audience(campaign.target_audience)
    yield from invalid_fit_values(campaign.fit)
    yield from invalid_risk_values(campaign.worst_share, campaign.scenarios)
    yield from invalid_decline_values(campaign.declines)
    if campaign.calendar is not None:
        from microopt.campaign.calendar_validation import invalid_calendar_values  # which most campaigns do not need

        yield from invalid_calendar_values(campaign.calendar, has_budget=campaign.budget is not None)
    if campaign.starts and campaign.ends and campaign.ends < campaign.starts:
        yield "ends", f"the campaign ends on {campaign.ends}, before it starts on {campaign.starts}"
    yield from _invalid_progress(campaign.running)
    yield from _invalid_forecast(campaign)
    yield from ((f"report.{name}", message) for name, message, _ in invalid_report_values(campaign.report))
    if len(campaign.rules) + len(campaign.where) > MAX_RULES:
        count = len(campaign.rules) + len(campaign.where)
        yield "rules", f"there are {count:,} rules and filters, but the limit is {MAX_RULES:,}"


def _invalid_amounts(campaign: Campaign) -> Iterator[tuple[str, str]]:
    for name in ("budget", "order_value", "per_creator", "seeding"):
        amount = getattr(campaign, name)
        if amount is not None and not 0 <= amount <= MAX_CENTS:
            yield name, f"{amount / 100:.2f} is not an amount of money"
    if campaign.budget is None and campaign.goal.name != LEAST_COST:
        yield "budget", "there is no budget"
    if campaign.currency is not None and campaign.currency not in ISO_CODES:
        yield "currency", f"there is no currency {campaign.currency!r}"
    for code, rate in campaign.exchange.items():
        if code not in ISO_CODES:
            yield "exchange", f"there is no currency {code!r}"
        elif not 0 < rate <= MAX_NUMBER:
            yield f"exchange.{code}", f"{float(rate)} is not an exchange rate"
    for name in FEE_SHARES:
        surcharge = getattr(campaign, name)
        if surcharge is not None and not 0 <= surcharge <= MAX_FEE_SHARE:
            yield name, f"{float(surcharge)} is not a share of the fee"
    if campaign.contingency is not None and not 0 <= campaign.contingency < 1:
        yield "contingency", f"{float(campaign.contingency)} is not a share of the budget"
    yield from _invalid_earnings(campaign)
    share = campaign.max_sponsored_share
    if share is not None and not 0 <= share <= 1:
        yield "max_sponsored_share", f"{float(share)} is not a share"


def _invalid_earnings(campaign: Campaign) -> Iterator[tuple[str, str]]:
    if campaign.margin is not None and not 0 <= campaign.margin <= 1:
        yield "margin", f"{float(campaign.margin)} is not a share of the revenue"
    if campaign.returns is not None and not 0 <= campaign.returns < 1:
        yield "returns", f"{float(campaign.returns)} is not a share of the orders"
    if campaign.ltv is not None and not 1 <= campaign.ltv <= MAX_ORDERS:
        yield "ltv", f"{float(campaign.ltv)} is not a number of orders"


def _invalid_goal(campaign: Campaign) -> Iterator[tuple[str, str]]:
    goal = campaign.goal
    if goal.name not in (*GOALS, "worth", LEAST_COST) and not goal.column:
        yield "goal", f"there is no goal {goal.name!r}"
    if (goal.name == "worth") != bool(goal.worths):
        yield "worth", f"it does not go with the goal {goal.name}"
    if (goal.name == LEAST_COST) != bool(goal.targets):
        yield "target", f"it does not go with the goal {goal.name}"
    if campaign.target_audience is None and goal.counts_target:
        yield "goal", "it needs a target audience"
    for name, worth in goal.worths.items():
        if name not in (*METRICS, *TARGET_METRICS) or not 0 <= worth <= MAX_NUMBER:
            yield f"worth.{name}", f"{float(worth)} is not what a metric can be worth"
    for name, amount in goal.targets.items():
        if not 0 < amount <= MAX_NUMBER:
            yield f"target.{name}", f"{float(amount)} is not a target"
    yield from invalid_ideals("ideals", campaign.ideals, BALANCED_METRICS if campaign.ideals else ())
    if campaign.ideals and goal.name != "balanced":
        yield "ideals", f"they do not go with the goal {goal.name}"


def invalid_ideals(place: str, ideals: tuple[Ideal, ...], needed: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the place of each impossible ideal, and a sentence about it.

    Parameters
    ----------
    needed
        The metrics that must have an ideal; no others may have one.
    """
    names = sorted(ideal.metric for ideal in ideals)
    if names != sorted(needed):
        yield place, f"the ideals are of {', '.join(names) or 'nothing'}"
    for ideal in ideals:
        low, high = (ideal.bound, ideal.total) if ideal.metric == LEAST_COST else (ideal.total, ideal.bound)
        is_count = ideal.metric in (*METRICS, *TARGET_METRICS, NET_REACH, LEAST_COST)
        least = 0 if is_count else -MAX_EXACT  # rules may demand a loss, or creators whose column is below 0
        if not least <= low <= high < MAX_EXACT:
            yield (
                f"{place}.{ideal.metric}",
                f"{ideal.total / 1000} is not a total within a bound of {ideal.bound / 1000}",
            )


def _invalid_progress(running: CampaignProgress | None) -> Iterator[tuple[str, str]]:
    if running is None:
        return
    for i, contract in enumerate(running.contracts):
        money = (contract.paid or 0, contract.fee or 0)
        if not all(0 <= amount <= MAX_CENTS for amount in money) or (contract.units or 1) < 1:
            yield f"running.contracts[{i}]", f"{contract.creator} cannot have agreed to that"
    for i, actual in enumerate(running.results):
        counts = [actual.posts, actual.matured_posts, *(actual.total(name) or 0.0 for name in RESULT_METRICS)]
        if not all(0 <= count < MAX_EXACT for count in counts) or actual.matured_posts > actual.posts:
            yield f"running.results[{i}]", f"{actual.creator} cannot have such results"
    yield from _invalid_days(running)
    if not 0 <= running.sunk_cost <= MAX_CENTS:
        yield "running.sunk_cost", f"{running.sunk_cost / 100:.2f} cannot be sunk"


def _invalid_days(running: CampaignProgress) -> Iterator[tuple[str, str]]:
    """Yield days out of order, impossible results of a day, and metrics with more by day than in total."""
    place, days = "running.results_by_day", running.results_by_day
    if not all(first.day < second.day for first, second in pairwise(days)):
        yield place, "the days must be in ascending order"
    for i, each in enumerate(days):
        if not all(0 <= (each.total(name) or 0.0) < MAX_EXACT for name in RESULT_METRICS):
            yield f"{place}[{i}]", f"{each.day} cannot have such results"
    for name in RESULT_METRICS:
        by_day, total = (fsum(each.total(name) or 0.0 for each in part) for part in (days, running.results))
        if by_day > total * (1 + ROUNDING):
            yield place, f"{name} by day add up to {by_day:,.10g}, more than the total of {total:,.10g}"


def _invalid_choices(campaign: Campaign) -> Iterator[tuple[str, str]]:
    if campaign.one_offer_per not in ONE_OFFER_PER:
        yield "one_offer_per", f"one offer per {campaign.one_offer_per!r} is not possible"
    if campaign.quotes not in QUOTE_ENDS:
        yield "quotes", f"{campaign.quotes!r} cannot be used"
    if campaign.decimal not in (None, ".", ","):
        yield "decimal", f"{campaign.decimal!r} is not a decimal mark"
    if campaign.encoding is not None and find_text_encoding(campaign.encoding) is None:
        yield "encoding", f"there is no encoding {campaign.encoding!r}"
    if campaign.platform_default is not None and campaign.platform_default not in PLATFORM_SPELLINGS:
        yield "platform_default", f"there is no platform {campaign.platform_default!r}"
    for column, unit in campaign.units.items():
        if unit not in ("percent", "fraction"):
            yield f"units.{column}", f"{unit!r} is neither percent nor fraction"
    for i, brand in enumerate(campaign.competitors):
        if not match_key(brand):
            yield f"competitors[{i}]", "a competitor has no name"


def _invalid_forecast(campaign: Campaign) -> Iterator[tuple[str, str]]:
    try:
        override_benchmarks(default_benchmarks(), campaign.forecast)
    except CampaignError as error:
        yield error.faults[0].column or "forecast", error.message


def find_text_encoding(name: str) -> str | None:
    """Return the name of an encoding of texts in any spelling as Python's `codecs` has it, or None."""
    try:
        "creator,\n".encode(name).decode(name)
        return lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        return None
