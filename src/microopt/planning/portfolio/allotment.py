"""The part of one campaign in a portfolio, as a campaign of its own: its budget, who is out, and its part of each rule.

What is left to a campaign is written as its own settings, so that its plan is one like any other: it is verified,
explained and replanned alone. The best plan within the part is at least as good as the campaign's part of the joint
solution, and together such plans keep every limit of the house.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.calendar import WAVE
from microopt.campaign.campaign import Campaign, Clause, RangeRule, Rule, Selector
from microopt.campaign.metrics import BOOKED_POSTS
from microopt.campaign.portfolio import Portfolio
from microopt.campaign.rule_grammar import format_rule, format_selector
from microopt.errors import CampaignError
from microopt.planning.laid_fees import with_laid_fees
from microopt.planning.portfolio.booked import Booked, Bookings, posts_in
from microopt.planning.portfolio.budget_shares import amounts_of_budget
from microopt.planning.portfolio.creator_limits import UNLIMITED
from microopt.planning.portfolio.creator_rows import competing_pairs
from microopt.planning.portfolio.entry import Days, SharedProblem
from microopt.planning.portfolio.house_rows import own_currency, part_of_rule
from microopt.planning.portfolio.periods import find_periods, overlaps
from microopt.quantities.discount_steps import volume_discount
from microopt.quantities.parse_and_format import Range
from microopt.roster.selection import matching_offers
from microopt.solver.program import Columns


class Others(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """What a campaign has to leave to the others.

    Attributes
    ----------
    problems
        All campaigns.
    booked
        What each of the others books, by name.
    limits
        In how many campaigns a creator may be, by match key.
    """

    portfolio: Portfolio
    problems: Sequence[SharedProblem]
    booked: Mapping[str, Bookings]
    limits: Mapping[str, int]

    def campaigns_with(self, creator: str, period: Days | None = None) -> tuple[str, ...]:
        """Return the other campaigns that book a creator, in all or in a period."""
        return tuple(
            name
            for name, booked in self.by_creator.get(creator, {}).items()
            if period is None or any(overlaps(each.days, period) for each in booked)
        )

    @cached_property
    def by_creator(self) -> dict[str, dict[str, list[Booked]]]:
        """What the others book of each creator, by match key and name of the campaign."""
        found: dict[str, dict[str, list[Booked]]] = {}
        for name, booked in self.booked.items():
            for each in booked:
                found.setdefault(each.creator, {}).setdefault(name, []).append(each)
        return found

    @property
    def creators(self) -> Set[str]:
        """Whom the others book, by match key."""
        return self.by_creator.keys()

    @cached_property
    def periods(self) -> tuple[Days, ...]:
        """The periods in which bookings are counted."""
        days = [occasion for problem in self.problems for occasion in problem.occasions]
        return find_periods(self.portfolio.capacity.period, days)

    @cached_property
    def competitors(self) -> dict[str, list[tuple[str, int | None]]]:
        """By campaign: those that compete with it, and the days that must be between them."""
        members = [problem.entry.member for problem in self.problems]
        found: dict[str, list[tuple[str, int | None]]] = {}
        for one, other, days in competing_pairs(self.portfolio, members):
            found.setdefault(members[one].name, []).append((members[other].name, days))
            found.setdefault(members[other].name, []).append((members[one].name, days))
        return found

    def posts_left(self, creator: str, period: Days) -> int:
        """Return how many posts of a creator the others leave in a period; there must be a limit."""
        most = self.portfolio.capacity.posts_of(creator)
        assert most is not None
        own = self.by_creator.get(creator, {}).values()
        return most - sum(posts_in(booked, creator, period) for booked in own)


def allot(shared: SharedProblem, picks: Columns, others: Others) -> Campaign:
    """Return the campaign of a part: within it, the campaign plans alone.

    Parameters
    ----------
    picks
        The campaign's choices in the joint solution.
    """
    portfolio = others.portfolio
    discounts = discounts_with(shared, picks, others)
    campaign = with_laid_fees(shared.campaign, shared.entry.roster, discounts=discounts)
    rules = [*_house_parts(shared, picks, portfolio), *post_rules(shared, picks, others), *_floor(shared)]
    include, exclude = _held_for_volume(shared, picks, others)
    out = (*exclude, *(name for name in closed_to(shared, picks, others) if name not in exclude))
    return without(
        replace(
            campaign,
            budget=_budget(shared, picks, portfolio),
            rules=(*campaign.rules, *rules),
            include=(*campaign.include, *include),
            ideals=shared.alone.ideals if campaign.goal.name == "balanced" else campaign.ideals,
        ),
        shared,
        out,
    )


def without(campaign: Campaign, shared: SharedProblem, out: Sequence[str]) -> Campaign:
    """Return a campaign without these creators and offers; where nobody is left, with a rule that says so.

    Parameters
    ----------
    out
        Names of creators, or selectors of their offers in some waves.
    """
    if set(shared.creator_names) <= set(out):
        nobody = RangeRule(label="", selector=Selector(), measure="count", bounds=Range(None, Fraction(0)))
        return replace(campaign, rules=(*campaign.rules, _labelled(nobody)))
    return replace(campaign, exclude=(*campaign.exclude, *out))


def _budget(shared: SharedProblem, picks: Columns, portfolio: Portfolio) -> int | None:
    """Return what the campaign may spend, in cents: its part of the house budget where that is short."""
    own, member = shared.campaign.budget, shared.entry.member
    budgets = [own] if own is not None else []
    if member.cap is not None:
        budgets.append(shared.campaign.budget_for(floor(member.cap / shared.rate)))
    if portfolio.budget is not None:
        spend = int(shared.problem.sum_by_choice(shared.problem.forecast.cost)[picks].sum())
        budgets.append(shared.campaign.budget_for(spend))
    return min(budgets, default=None)


def _floor(shared: SharedProblem) -> Iterator[Rule]:
    floor_of_house = shared.entry.member.floor
    if floor_of_house is not None:
        low = Fraction(ceil(floor_of_house / shared.rate), 100)
        yield _labelled(RangeRule(label="", selector=Selector(), measure="spend", bounds=Range(low, None)))


def _labelled(rule: RangeRule) -> RangeRule:
    return replace(rule, label=format_rule(rule))


def _house_parts(shared: SharedProblem, picks: Columns, portfolio: Portfolio) -> Iterator[Rule]:
    """Yield the part of each rule of the house: no more of what is capped, and no less of what is asked for."""
    for stated in portfolio.rules:
        rule = amounts_of_budget(stated, portfolio.budget)
        low, high = rule.bounds.low is not None, rule.bounds.high is not None
        yield from _part(shared, picks, rule, rule.selector, at_least=low, at_most=high)
        if rule.bounds.percent:
            yield from _part(shared, picks, rule, rule.base, at_least=high, at_most=low)


def _part(
    shared: SharedProblem, picks: Columns, rule: RangeRule, selector: Selector, *, at_least: bool, at_most: bool
) -> Iterator[Rule]:
    try:
        matching_offers(shared.problem.roster, selector)
    except CampaignError:  # the list lacks the column: there is nothing of it
        return
    amounts, unit = part_of_rule(rule, shared, selector)
    amount = int(amounts[picks].sum()) * unit / own_currency(rule, shared)
    asks_for_some = at_least and (amount or bool((amounts < 0).any()))  # a profit of 0 may still become a loss
    bounds = Range(amount if asks_for_some else None, amount if at_most else None)
    if bounds.low is not None or bounds.high is not None:
        yield _labelled(RangeRule(label="", selector=selector, measure=rule.measure, bounds=bounds))


def closed_to(shared: SharedProblem, picks: Columns, others: Others) -> Iterator[str]:
    """Yield the names of creators, or of their offers in some waves, that the others leave no place for.

    Whoever has signed is out only in waves in which the campaign's own choices do not have them.

    Parameters
    ----------
    picks
        The campaign's choices in the joint solution; none where it has none, and then whoever has signed is not out.
    """
    own = _occasions_of(shared, picks)
    numbers = shared.number_of_creator
    for key in sorted(others.creators & numbers.keys()):
        number = numbers[key]
        if shared.signed[number] and not own[number].any():
            continue
        name = shared.creator_names[number]
        open_anyway = own[number] & shared.signed[number]
        places = zip(shared.occasions, open_anyway.tolist(), strict=True)
        closed = [not stays and _is_closed(shared, others, key, days) for days, stays in places]
        if all(closed):
            yield name
        elif any(closed):
            assert shared.campaign.calendar is not None
            waves = zip(shared.campaign.calendar.names, closed, strict=True)
            clauses = (
                Clause(column="creator", values=(name,)),
                Clause(column=WAVE, values=tuple(wave for wave, is_closed in waves if is_closed)),
            )
            yield format_selector(Selector(clauses=clauses))


def _occasions_of(shared: SharedProblem, picks: Columns) -> NDArray[np.bool_]:
    """Return on which occasions some choices have each creator, (creators, occasions)."""
    found = np.zeros((len(shared.creator_names), len(shared.occasions)), dtype=bool)
    for occasion in range(len(shared.occasions)):
        within = np.arange(len(shared.occasions)) == occasion
        found[shared.creators[picks[shared.choices_on(within)[picks]]], occasion] = True
    return found


def _is_closed(shared: SharedProblem, others: Others, creator: str, days: Days) -> bool:
    """Whether the campaign may not book a creator on an occasion."""
    limit, capacity = others.limits.get(creator, UNLIMITED), others.portfolio.capacity
    for period in others.periods:
        if not overlaps(days, period):
            continue
        if len(others.campaigns_with(creator, period)) >= limit:
            return True
        if capacity.posts is not None and others.posts_left(creator, period) <= 0:
            return True
    return any(
        between is None or overlaps(each.days, days, between)
        for name, between in others.competitors.get(shared.name, ())
        for each in others.by_creator.get(creator, {}).get(name, ())
    )


def post_rules(shared: SharedProblem, picks: Columns, others: Others) -> Iterator[Rule]:
    """Yield how many posts of a creator are left, where others book some of them or the limit is below its own.

    Whoever has signed keeps the posts that the campaign's own choices have, and has no limit where there are none.
    """
    capacity = others.portfolio.capacity
    if capacity.posts is None:
        return
    for period in others.periods:
        within = np.asarray([overlaps(days, period) for days in shared.occasions], dtype=bool)
        posts = shared.posts_on(within)
        most, own = np.zeros((2, len(shared.creator_names)), dtype=np.int64)
        np.maximum.at(most, shared.creators, posts)
        np.add.at(own, shared.creators[picks], posts[picks])
        for number in np.flatnonzero(most).tolist():
            left = others.posts_left(shared.creator_keys[number], period)
            if shared.signed[number]:
                left = max(left, int(own[number])) if len(picks) else 0
            if 0 < left < most[number]:
                clauses = [Clause(column="creator", values=(shared.creator_names[number],))]
                if shared.campaign.calendar is not None and not within.all():
                    waves = zip(shared.campaign.calendar.names, within.tolist(), strict=True)
                    open_waves = tuple(wave for wave, is_within in waves if is_within)
                    clauses.append(Clause(column=WAVE, values=open_waves))
                selector, bounds = Selector(clauses=tuple(clauses)), Range(None, Fraction(left))
                yield _labelled(RangeRule(label="", selector=selector, measure=BOOKED_POSTS, bounds=bounds))


def discounts_with(shared: SharedProblem, picks: Columns, others: Others) -> dict[str, Fraction]:
    """Return the volume discount of each creator who has one once the campaign books them too, by name."""
    steps = others.portfolio.volume
    if not steps:
        return {}
    own = {shared.creator_keys[number] for number in shared.creators[picks].tolist()}
    names = dict(zip(shared.creator_keys, shared.creator_names, strict=True))
    counted = {key: len(others.campaigns_with(key)) + 1 for key in (others.creators | own) & names.keys()}
    return {names[key]: share for key, count in sorted(counted.items()) if (share := volume_discount(steps, count))}


def _held_for_volume(shared: SharedProblem, picks: Columns, others: Others) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return whom the campaign must keep, and whom it must not add, because that would change the fees of others."""
    steps = others.portfolio.volume
    if not steps:
        return (), ()
    own = {shared.creator_keys[number] for number in shared.creators[picks].tolist()}
    kept: list[str] = []
    out: list[str] = []
    for key, name in zip(shared.creator_keys, shared.creator_names, strict=True):
        count = len(others.campaigns_with(key)) if key in others.creators else 0
        if count and volume_discount(steps, count) != volume_discount(steps, count + 1):
            (kept if key in own else out).append(name)
    return tuple(kept), tuple(out)
