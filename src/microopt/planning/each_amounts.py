"""What each creator has of a measure: all of it, or what falls in one wave; posts; and waves between posts."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.campaign import EachRule
from microopt.campaign.wave_rules import GAP
from microopt.planning.measures import find_measure, sum_over_choices
from microopt.planning.problem import PlanningProblem
from microopt.planning.wave_counts import gaps_between, waves_of
from microopt.roster.selection import matching_offers

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


class EachAmounts(Struct, frozen=True, kw_only=True, eq=False):
    """What each choice has of what a rule on each creator limits.

    Attributes
    ----------
    least, most
        (choices,) the smallest and the largest amount: of gaps there are several, of all else there is one.
    applies
        (choices,) whether the rule says anything of the choice.
    scale
        How many of these integers make one of the rule's units: of a share, the budget.
    unit
        How much of the measure's unit one of them is.
    """

    least: Integers
    most: Integers
    applies: Mask
    scale: int
    unit: Fraction

    def excess(self, lower: int | None, upper: int | None) -> Integers:
        """Return by how much each choice is outside of limits, (choices,)."""
        excess = np.zeros(len(self.least), dtype=np.int64)
        if lower is not None:
            excess = np.maximum(excess, lower - self.least)
        if upper is not None:
            excess = np.maximum(excess, self.most - upper)
        return np.where(self.applies, excess, 0)


def counts_posts(problem: PlanningProblem, rule: EachRule) -> bool:
    """Whether a rule counts the posts of each creator, as it does over the waves of a calendar."""
    return (
        problem.roster.timing is not None
        and rule.measure != GAP
        and find_measure(problem, rule.measure).name == "count"
    )


def rows_of_rule(problem: PlanningProblem, rule: EachRule) -> Mask:
    """Return the rows that count: those of a wave, or all."""
    return matching_offers(problem.roster, rule.selector)


def applies_to(problem: PlanningProblem, rule: EachRule) -> Mask:
    """Return which choices a rule says anything of, (choices,).

    A limit on what a creator has in a wave is on those who post in it. Posts are counted of everyone: nobody has none.
    """
    if not rule.selector.clauses or counts_posts(problem, rule):
        return np.ones(problem.choice_count, dtype=bool)
    return problem.any_by_choice(rows_of_rule(problem, rule))


def amounts_of_choices(problem: PlanningProblem, rule: EachRule) -> EachAmounts:
    """Return what each choice has of what a rule limits; the rule is not on a ratio.

    Raises
    ------
    CampaignError
        If the roster has no such column.
    """
    if rule.measure == GAP:
        return _gaps_of_choices(problem)
    measure, rows = find_measure(problem, rule.measure), rows_of_rule(problem, rule)
    if counts_posts(problem, rule):
        amounts = problem.sum_by_choice(np.where(rows, problem.roster.unit_counts(), 0))
    else:
        amounts = sum_over_choices(problem, measure, rows)
    scale = (problem.campaign.budget or 0) if rule.of_budget else measure.scale
    unit = Fraction(1, measure.scale)
    return EachAmounts(least=amounts, most=amounts, applies=applies_to(problem, rule), scale=scale, unit=unit)


def _gaps_of_choices(problem: PlanningProblem) -> EachAmounts:
    gaps = gaps_between(problem.choice, waves_of(problem))
    least = np.full(problem.choice_count, np.iinfo(np.int64).max)
    most = np.zeros(problem.choice_count, dtype=np.int64)
    np.minimum.at(least, gaps.owner, gaps.length)
    np.maximum.at(most, gaps.owner, gaps.length)
    applies = most > 0
    return EachAmounts(least=np.where(applies, least, 0), most=most, applies=applies, scale=1, unit=Fraction(1))


def amounts_of_creators(problem: PlanningProblem, rule: EachRule, selection: Mask) -> tuple[list[int], int]:
    """Return the amounts of each creator bought that a rule limits, and how much of it makes one unit of its bounds.

    Parameters
    ----------
    selection
        (rows,) the offers bought.
    """
    ids = problem.roster.creator_id
    if rule.measure == GAP:
        return gaps_between(ids[selection], waves_of(problem)[selection]).length.tolist(), 1
    measure, rows = find_measure(problem, rule.measure), rows_of_rule(problem, rule) & selection
    scale = (problem.campaign.budget or 0) if rule.of_budget else measure.scale
    if counts_posts(problem, rule):
        creators, place = np.unique(ids[selection], return_inverse=True)
        posts = np.zeros(len(creators), dtype=np.int64)
        np.add.at(posts, place[rows[selection]], problem.roster.unit_counts()[rows])
        return posts.tolist(), scale
    creators, place = np.unique(ids[rows], return_inverse=True)
    if measure.name == "count":  # a creator counts once, whatever the number of offers
        return [1] * len(creators), scale
    amounts = np.zeros(len(creators), dtype=np.int64)
    np.add.at(amounts, place, measure.weights[rows])
    return amounts.tolist(), scale
