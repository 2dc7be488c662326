"""In how many scenarios the offers bought keep a rule, by adding up what they bring in each."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import RangeRule
from microopt.campaign.earnings import is_money
from microopt.plan.chance import Chance, FreshChance
from microopt.plan.plan import RuleUse
from microopt.planning.formulation.rules.chance import limit_of_rule, may_fail
from microopt.planning.fresh_draws import fresh_draws_of, fresh_seed
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.planning.scenario_values import measure_in_scenarios, scenarios_of
from microopt.roster.selection import matching_offers
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota import Quota

Mask = NDArray[np.bool_]


class RuleOutcomes(Struct, frozen=True, kw_only=True, eq=False):
    """What the offers bought have of what a rule limits in each scenario.

    Attributes
    ----------
    totals
        (scenarios,) integers, on the scale of the rule's limit.
    limit
        The rule's limit on the same scale.
    scale
        How many of these integers make one of the rule's units.
    is_floor
        Whether the limit is the least that is asked for, and not the most.
    asked
        The share of the scenarios in which the rule must hold.
    """

    totals: NDArray[np.int64]
    limit: int
    scale: int
    is_floor: bool
    asked: Fraction

    @property
    def failures(self) -> int:
        """In how many scenarios the rule does not hold."""
        fails = self.totals < self.limit if self.is_floor else self.totals > self.limit
        return int(fails.sum())

    @property
    def may_fail(self) -> int:
        """In how many it need not hold."""
        return may_fail(self.asked, len(self.totals))

    @property
    def reached(self) -> Fraction:
        """The limit that holds in as many scenarios as asked for, in the rule's units: the nearest that does."""
        ordered = np.sort(self.totals)
        place = self.may_fail if self.is_floor else len(ordered) - 1 - self.may_fail
        return Fraction(int(ordered[place]), self.scale) if self.scale else Fraction(0)


def outcomes_of_rule(
    problem: PlanningProblem, rule: RangeRule, selection: Mask, *, fresh: bool = False
) -> RuleOutcomes:
    """Return what the offers bought have of what a rule with a chance limits in each scenario.

    Parameters
    ----------
    selection
        (rows,) the offers bought.
    fresh
        Whether in draws that no plan was chosen by, and not in the scenarios of the campaign.
    """
    assert rule.chance is not None
    measure = find_measure(problem, rule.measure)
    rows = np.flatnonzero(matching_offers(problem.roster, rule.selector) & selection)
    # Scenarios of some offers are those that they have among all.
    scenarios = fresh_draws_of(problem, rows) if fresh else scenarios_of(problem, rows=rows)
    amounts = measure_in_scenarios(problem, scenarios, rule.measure)
    if measure.name == "count":  # a creator counts once, whatever the number of offers
        creators = problem.roster.creator_id[rows]
        each = [amounts[creators == creator].any(axis=0) for creator in np.unique(creators)]
        totals = sum(each, start=np.zeros(scenarios.count, dtype=np.int64))
    else:
        totals = amounts.sum(axis=0)
    return RuleOutcomes(
        totals=totals,
        limit=limit_of_rule(problem, rule),
        scale=(problem.campaign.budget or 0) if rule.of_budget else measure.scale,
        is_floor=rule.bounds.high is None,
        asked=rule.chance,
    )


def chance_usage(problem: PlanningProblem, rule: RangeRule, selection: Mask) -> RuleUse:
    """Return how the offers bought use a rule with a chance: what they reach in as many scenarios as it asks for."""
    outcomes = outcomes_of_rule(problem, rule, selection)
    scenarios = len(outcomes.totals)
    return RuleUse(
        label=rule.label,
        used=outcomes.reached,
        at_least=rule.bounds.low,
        at_most=rule.bounds.high,
        share=rule.bounds.percent,
        money=is_money(find_measure(problem, rule.measure).name) and not rule.bounds.percent,
        chance=Chance(
            share=Fraction(scenarios - outcomes.failures, scenarios), asked=outcomes.asked, scenarios=scenarios
        ),
    )


def leaves_no_room(quota: Quota, program: IntegerProgram, picks: Columns) -> bool:
    """Whether a rule with a chance is binding: it fails in as many scenarios as it may, and with any step in too many.

    A step drops a pick that counts for a lower limit, or adds an offer of somebody else that counts for an upper one.
    """
    totals = quota.activities(picks)
    if int((totals < quota.floors).sum()) != quota.may_fail:
        return False
    picked = np.isin(quota.columns, picks)
    others = ~np.isin(program.group[quota.columns], program.group[picks])
    dropped = quota.amounts[:, picked & (quota.amounts > 0).any(axis=0)]
    added = quota.amounts[:, others & (quota.amounts < 0).any(axis=0)]
    steps = np.concatenate([-dropped, added], axis=1)
    failing = (totals[:, None] + steps < quota.floors[:, None]).sum(axis=0)
    return steps.shape[1] > 0 and bool((failing > quota.may_fail).all())


def with_fresh_chances(problem: PlanningProblem, uses: tuple[RuleUse, ...], selection: Mask) -> tuple[RuleUse, ...]:
    """Return how a plan uses each rule, with the chances that rules have in draws that it was not chosen by.

    Parameters
    ----------
    uses
        Of all rules of the problem, in their order.
    selection
        (rows,) the offers bought.

    Raises
    ------
    CampaignError
        As `draw_scenarios`.
    """
    return tuple(
        replace(use, chance=replace(use.chance, fresh=fresh_chance(problem, rule, selection)))
        if isinstance(rule, RangeRule) and use.chance is not None
        else use
        for use, rule in zip(uses, problem.rules, strict=True)
    )


def fresh_chance(problem: PlanningProblem, rule: RangeRule, selection: Mask) -> FreshChance:
    """Return in how many draws that no plan was chosen by the offers bought keep a rule with a chance.

    Parameters
    ----------
    selection
        (rows,) the offers bought.
    """
    outcomes = outcomes_of_rule(problem, rule, selection, fresh=True)
    draws = len(outcomes.totals)
    return FreshChance(share=Fraction(draws - outcomes.failures, draws), draws=draws, seed=fresh_seed(problem.campaign))


def keeps_chance(problem: PlanningProblem, rule: RangeRule, selection: Mask) -> bool:
    """Whether the offers bought keep a rule with a chance."""
    outcomes = outcomes_of_rule(problem, rule, selection)
    return outcomes.failures <= outcomes.may_fail
