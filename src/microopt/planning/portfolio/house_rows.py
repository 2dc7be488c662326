"""The rows by which campaigns share money and rules: the house budget, floors and caps, and sums over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor, lcm

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import RangeRule, Selector
from microopt.campaign.earnings import is_money
from microopt.campaign.metrics import canonical_measure
from microopt.campaign.portfolio import Portfolio, PortfolioMember
from microopt.errors import CampaignError
from microopt.planning.measures import find_measure, sum_over_choices
from microopt.planning.portfolio.budget_shares import amounts_of_budget
from microopt.planning.portfolio.creator_rows import JointColumns
from microopt.planning.portfolio.entry import SharedProblem
from microopt.roster.selection import matching_offers
from microopt.solver.arrays import exact_product
from microopt.solver.constraint import Constraint, constraint, reduce_by_gcd

HOUSE_BUDGET = "house budget"
Integers = NDArray[np.int64]


class HouseSum(Struct, frozen=True, kw_only=True, eq=False):
    """A sum over all campaigns in the units of the house.

    Attributes
    ----------
    amounts
        (n,) integers, one for each column of the joint program.
    scale
        How many of them make one unit: of money, one in the currency of the house.
    """

    amounts: Integers
    scale: int


def house_rows(portfolio: Portfolio, columns: JointColumns) -> Iterator[Constraint]:
    """Yield the rows of the house: its budget, floors and caps of campaigns, and its rules."""
    cost = house_cost(columns.problems)
    if portfolio.budget is not None:
        yield _money_row(HOUSE_BUDGET, cost, None, portfolio.budget)
    for number, problem in enumerate(columns.problems):
        member = problem.entry.member
        if member.floor is not None or member.cap is not None:
            own = np.zeros_like(cost.amounts)
            own[columns.of(number)] = cost.amounts[columns.of(number)]
            sums = HouseSum(amounts=own, scale=cost.scale)
            yield _money_row(f"{problem.name}: {_floor_and_cap(member)}", sums, member.floor, member.cap)
    for rule in portfolio.rules:
        yield from _rule_rows(columns, amounts_of_budget(rule, portfolio.budget))


def _floor_and_cap(member: PortfolioMember) -> str:
    stated = [key for key, amount in (("floor", member.floor), ("cap", member.cap)) if amount is not None]
    return " and ".join(stated)


def house_cost(problems: Sequence[SharedProblem]) -> HouseSum:
    """Return the cost of each column; the scale is that of a cent of the house."""
    costs = [problem.problem.sum_by_choice(problem.problem.forecast.cost) for problem in problems]
    return _join("the house budget", costs, [problem.rate for problem in problems])


def _join(label: str, amounts: Sequence[Integers], factors: Sequence[Fraction]) -> HouseSum:
    """Return amounts times the factor of each campaign, as integers."""
    scale = lcm(*(factor.denominator for factor in factors))
    joined = [
        exact_product(label, own, int(factor * scale)) if factor != Fraction(1, scale) else own
        for own, factor in zip(amounts, factors, strict=True)
    ]
    return HouseSum(amounts=np.concatenate(joined).astype(np.int64), scale=scale)


def _money_row(label: str, sums: HouseSum, low: int | None, high: int | None) -> Constraint:
    lower, upper = (None if cents is None else cents * sums.scale for cents in (low, high))
    return reduce_by_gcd(constraint(label, sums.amounts, lower=lower, upper=upper, unit=Fraction(1, 100 * sums.scale)))


def own_currency(rule: RangeRule, shared: SharedProblem) -> Fraction:
    """Return what a unit of a rule's measure in a campaign is worth in the house: its rate if it is money, else 1."""
    return shared.rate if is_money(canonical_measure(rule.measure)) else Fraction(1)


def part_of_rule(rule: RangeRule, shared: SharedProblem, selector: Selector | None = None) -> tuple[Integers, Fraction]:
    """Return how much each choice of a campaign has of a rule of the house, and what one of these integers is worth.

    A list that lacks a column that the rule names has nothing of it.

    Raises
    ------
    CampaignError
        If there is no such measure.
    """
    problem = shared.problem
    measure = find_measure(problem, rule.measure)
    try:
        selected = matching_offers(problem.roster, rule.selector if selector is None else selector)
    except CampaignError:
        selected = np.zeros(len(problem), dtype=bool)
    unit = own_currency(rule, shared) / measure.scale
    return sum_over_choices(problem, measure, selected), unit


def house_sum(rule: RangeRule, problems: Sequence[SharedProblem], selector: Selector | None = None) -> HouseSum:
    """Return how much each column has of a rule of the house.

    Parameters
    ----------
    selector
        Other offers than those that the rule is about.

    Raises
    ------
    CampaignError
        If there is no such measure, or its numbers are too large.
    """
    parts = [part_of_rule(rule, problem, selector) for problem in problems]
    return _join(rule.label, [amounts for amounts, _ in parts], [unit for _, unit in parts])


def _refuse_unknown_column(rule: RangeRule, problems: Sequence[SharedProblem]) -> None:
    """Refuse a rule about a column that no list has: it would be a limit on nothing.

    Raises
    ------
    CampaignError
        If every list lacks a column that the rule names.
    """
    faults = []
    for problem in problems:
        try:
            for selector in (rule.selector, rule.base):
                if selector is not None:
                    matching_offers(problem.problem.roster, selector)
        except CampaignError as error:
            faults.append(error)
    if faults and len(faults) == len(problems):
        message = f"rule {rule.label!r} of the portfolio: {faults[0].message}"
        raise CampaignError(message, fix=faults[0].fix, code=faults[0].code)


def _rule_rows(columns: JointColumns, rule: RangeRule) -> Iterator[Constraint]:
    _refuse_unknown_column(rule, columns.problems)
    part, bounds = house_sum(rule, columns.problems), rule.bounds
    if not bounds.percent:
        lower = None if bounds.low is None else ceil(bounds.low * part.scale)
        upper = None if bounds.high is None else floor(bounds.high * part.scale)
        yield reduce_by_gcd(
            constraint(rule.label, part.amounts, lower=lower, upper=upper, unit=Fraction(1, part.scale))
        )
        return
    total = house_sum(rule, columns.problems, rule.base)
    for share, sides in ((bounds.high, {"upper": 0}), (bounds.low, {"lower": 0})):
        if share is not None:
            exact_product(rule.label, np.abs(part.amounts) + np.abs(total.amounts), share.denominator)
            amounts = part.amounts * share.denominator - total.amounts * share.numerator
            row = constraint(rule.label, amounts, unit=Fraction(1, part.scale * share.denominator))
            yield reduce_by_gcd(replace(row, **sides))
