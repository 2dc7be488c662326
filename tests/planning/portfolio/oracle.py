"""An oracle: what a portfolio means, by going through every combination of plans of its campaigns.

Nothing here uses `microopt.planning.portfolio`, `microopt.solver` or the rows of a program. Of microopt's own figures
only what an offer is expected to bring, as integers of the forecast, is taken as given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from microopt.campaign.portfolio import Exclusivity, Portfolio, PortfolioMember

FLOORS = {"mega": 1_000_000, "macro": 500_000, "mid": 100_000, "micro": 10_000, "nano": 0}
EVERY_PERIOD = None
BALANCED = ("engagements", "conversions")
FAIR_ENOUGH = Fraction(1, 10_000)


@dataclass(frozen=True)
class Item:
    """Some units of an offer: its fee in cents before the discounts of the house, and results in thousandths."""

    creator: str
    offer: str
    platform: str
    niche: str
    followers: int
    brands: int | None
    units: int
    fee: Fraction
    metrics: tuple[tuple[str, int], ...]

    def brings(self, metric: str) -> int:
        return dict(self.metrics)[metric]

    @property
    def tier(self) -> str:
        return next(name for name, floor in FLOORS.items() if self.followers >= floor)


Selection = tuple[Item, ...]


@dataclass(frozen=True)
class Side:
    """A campaign: what it may buy, and what it wants.

    `goal` is a metric, `score`, `least cost`, `profit` or `balanced`. `rules` are functions of what is bought and
    of the cost of each item. `ideals` are what a balanced goal is measured by.
    """

    member: PortfolioMember
    items: tuple[Item, ...]
    goal: str
    several: bool
    per_creator: int
    usage: Fraction
    budget: int | None
    rules: tuple[Any, ...]
    rate: Fraction  # what one unit of its currency is worth in that of the house
    ideals: tuple[tuple[str, Fraction], ...] = ()


def selections(side: Side) -> Iterator[Selection]:
    """Yield everything that a campaign may buy: of each creator one item, or of each offer one."""
    slots: dict[Any, list[Item | None]] = {}
    for item in side.items:
        slots.setdefault((item.creator, item.platform, item.offer) if side.several else item.creator, [None])
        slots[(item.creator, item.platform, item.offer) if side.several else item.creator].append(item)
    for chosen in product(*slots.values()):
        yield tuple(item for item in chosen if item is not None)


def creators(selection: Selection) -> frozenset[str]:
    return frozenset(item.creator for item in selection)


def spends(side: Side, selection: Selection, off: dict[str, Fraction]) -> dict[Item, Fraction]:
    """Return what each item costs in cents; the handling of a creator is paid with the first item."""
    costs, handled = {}, set()
    for item in selection:
        cost = item.fee * (1 - off.get(item.creator, Fraction(0))) * (1 + side.usage)
        costs[item] = cost + (0 if item.creator in handled else side.per_creator)
        handled.add(item.creator)
    return costs


def value(side: Side, selection: Selection, costs: dict[Item, Fraction]) -> Fraction:
    if side.goal == "least cost":
        return -sum(costs.values(), Fraction(0))
    if side.goal == "profit":
        return sum(item.brings("kept revenue") for item in selection) - sum(costs.values(), Fraction(0))
    if side.goal == "balanced":
        return sum((total(selection, metric) / ideal for metric, ideal in side.ideals if ideal), Fraction(0))
    return total(selection, side.goal)


def total(selection: Selection, metric: str) -> Fraction:
    return Fraction(sum(item.brings(metric) for item in selection))


def with_ideals(side: Side, portfolio: Portfolio, allocate: bool) -> Side:
    """Return a campaign with the best total of each metric of a balanced goal that it could have alone."""
    if side.goal != "balanced":
        return side
    best = {metric: alone(replace(side, goal=metric), portfolio, allocate) for metric in BALANCED}
    return replace(side, ideals=tuple((metric, reached or Fraction(0)) for metric, reached in best.items()))


def keeps_its_rules(side: Side, selection: Selection, costs: dict[Item, Fraction], budget: Fraction | None) -> bool:
    within = budget is None or sum(costs.values()) <= budget
    return within and all(rule(selection, costs) for rule in side.rules)


def own_limit(side: Side, portfolio: Portfolio, allocate: bool) -> Fraction | None:
    """Return the cents, in its currency, with which the best of a campaign alone is measured."""
    if not allocate:
        return None if side.budget is None else Fraction(side.budget)
    limits = [limit for limit in (side.member.cap, portfolio.budget) if limit is not None]
    return Fraction(min(limits)) / side.rate if limits else side.budget and Fraction(side.budget)


def alone(side: Side, portfolio: Portfolio, allocate: bool) -> Fraction | None:
    """Return the best that a campaign reaches without the others; None if it has no plan."""
    limit, best = own_limit(side, portfolio, allocate), None
    for selection in selections(side):
        costs = spends(side, selection, {})
        if keeps_its_rules(side, selection, costs, limit):
            reached = value(side, selection, costs)
            best = reached if best is None else max(best, reached)
    return best


# What is shared


def compete(portfolio: Portfolio, one: PortfolioMember, two: PortfolioMember) -> bool:
    """Whether nobody may be in both of two campaigns."""
    return any(_compete_by(each, one, two) for each in portfolio.exclusivity)


def _compete_by(exclusivity: Exclusivity, one: PortfolioMember, two: PortfolioMember) -> bool:
    meant = [one.name in exclusivity.members or one.category in exclusivity.members]
    meant.append(two.name in exclusivity.members or two.category in exclusivity.members)
    if not all(meant):
        return False
    (first, last), (second_first, second_last) = one.days, two.days
    if exclusivity.days is None or None in (first, last, second_first, second_last):
        return True
    between = max((second_first - last).days, (first - second_last).days) - 1  # days of neither
    return between < exclusivity.days


def periods(member: PortfolioMember, period: str | None) -> frozenset[Any] | None:
    """Return the months (or weeks, or quarters) of a campaign; None if it counts in all of them."""
    first, last = member.days
    if period is None or first is None or last is None:
        return EVERY_PERIOD
    days = (first.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    names = {
        "week": lambda day: day.isocalendar()[:2],
        "month": lambda day: (day.year, day.month),
        "quarter": lambda day: (day.year, (day.month - 1) // 3),
    }
    return frozenset(map(names[period], days))


def most_campaigns(portfolio: Portfolio, item: Item) -> int | None:
    """Return in how many campaigns a creator may be: by the cell, else the tier, else the house."""
    capacity = portfolio.capacity
    if capacity.column is not None and item.brands is not None:
        return item.brands
    return capacity.tiers.get(item.tier, capacity.campaigns)


def keeps_capacity(portfolio: Portfolio, sides: tuple[Side, ...], chosen: tuple[Selection, ...]) -> bool:
    capacity = portfolio.capacity
    spans = [periods(side.member, capacity.period) for side in sides]
    known = frozenset().union(*(span for span in spans if span is not None)) or frozenset({"all of the time"})
    for period in known:
        counted = [
            selection
            for selection, span in zip(chosen, spans, strict=True)
            if span is EVERY_PERIOD or period in span or known == {"all of the time"}
        ]
        for item in {item for selection in counted for item in selection}:
            booked = [[each for each in selection if each.creator == item.creator] for selection in counted]
            limit = most_campaigns(portfolio, item)
            if limit is not None and sum(map(bool, booked)) > limit:
                return False
            if capacity.posts is not None and sum(each.units for part in booked for each in part) > capacity.posts:
                return False
    return True


def keeps_exclusivity(portfolio: Portfolio, sides: tuple[Side, ...], chosen: tuple[Selection, ...]) -> bool:
    pairs = combinations(zip(sides, chosen, strict=True), 2)
    return not any(
        creators(first) & creators(second) and compete(portfolio, one.member, two.member)
        for (one, first), (two, second) in pairs
    )


def discounts(portfolio: Portfolio, chosen: tuple[Selection, ...]) -> dict[str, Fraction]:
    """Return what is off the fees of each creator, by the number of campaigns."""
    counts: dict[str, int] = {}
    for selection in chosen:
        for name in creators(selection):
            counts[name] = counts.get(name, 0) + 1
    return {
        name: max((share for least, share in portfolio.volume if count >= least), default=Fraction(0))
        for name, count in counts.items()
    }


@dataclass(frozen=True)
class Combination:
    """A choice for every campaign that keeps all limits: the shares by campaign, and what it is worth."""

    chosen: tuple[Selection, ...]
    shares: tuple[Fraction | None, ...]
    total: Fraction
    spend: Fraction  # cents of the house


def house_spends(
    sides: tuple[Side, ...], chosen: tuple[Selection, ...], off: dict[str, Fraction]
) -> list[dict[Item, Fraction]]:
    """Return what each campaign spends on each item, in cents of the house."""
    return [
        {item: cost * side.rate for item, cost in spends(side, selection, off).items()}
        for side, selection in zip(sides, chosen, strict=True)
    ]


def keeps_money(
    portfolio: Portfolio,
    sides: tuple[Side, ...],
    best: tuple[Fraction | None, ...],
    spent: list[dict[Item, Fraction]],
) -> bool:
    totals = [sum(costs.values(), Fraction(0)) for costs in spent]
    for side, reached, total in zip(sides, best, totals, strict=True):
        if reached is None:  # it has no plan and spends nothing, whatever it must spend
            continue
        if side.member.floor is not None and total < side.member.floor:
            return False
        if side.member.cap is not None and total > side.member.cap:
            return False
    return portfolio.budget is None or sum(totals) <= portfolio.budget


def all_combinations(
    portfolio: Portfolio, sides: tuple[Side, ...], house_rules: tuple[Any, ...] = (), *, allocate: bool = False
) -> tuple[list[Combination], tuple[Fraction | None, ...]]:
    """Return every combination that keeps all limits, and the best of each campaign alone.

    Campaigns without a plan of their own buy nothing here.
    """
    sides = tuple(with_ideals(side, portfolio, allocate) for side in sides)
    best = tuple(alone(side, portfolio, allocate) for side in sides)
    own = [list(selections(side)) if reached is not None else [()] for side, reached in zip(sides, best, strict=True)]
    found = []
    for chosen in product(*own):
        if not keeps_exclusivity(portfolio, sides, chosen) or not keeps_capacity(portfolio, sides, chosen):
            continue
        off = discounts(portfolio, chosen)
        spent = house_spends(sides, chosen, off)
        if not all(_keeps_own(*each, off, portfolio, allocate) for each in zip(sides, chosen, best, strict=True)):
            continue
        if keeps_money(portfolio, sides, best, spent) and all(rule(chosen, spent) for rule in house_rules):
            found.append(_weighed(sides, chosen, best, off, spent))
    return found, best


def _keeps_own(
    side: Side,
    selection: Selection,
    reached: Fraction | None,
    off: dict[str, Fraction],
    portfolio: Portfolio,
    allocate: bool,
) -> bool:
    limit = own_limit(side, portfolio, allocate)
    return reached is None or keeps_its_rules(side, selection, spends(side, selection, off), limit)


def _weighed(
    sides: tuple[Side, ...],
    chosen: tuple[Selection, ...],
    best: tuple[Fraction | None, ...],
    off: dict[str, Fraction],
    spent: list[dict[Item, Fraction]],
) -> Combination:
    shares = tuple(
        None if not reached else 1 + (value(side, selection, spends(side, selection, off)) - reached) / abs(reached)
        for side, selection, reached in zip(sides, chosen, best, strict=True)
    )
    weights = (side.member.weight for side in sides)
    total = sum(
        (weight * share for weight, share in zip(weights, shares, strict=True) if share is not None), Fraction(0)
    )
    return Combination(
        chosen=chosen,
        shares=shares,
        total=total,
        spend=sum((cost for costs in spent for cost in costs.values()), Fraction(0)),
    )


def least_share(combination: Combination) -> Fraction:
    """Return the least share of the campaigns that count; 1 if none does."""
    return min((share for share in combination.shares if share is not None), default=Fraction(1))
