"""In which simulated outcomes a plan keeps each rule of its campaign: what declines do to quotas counts too.

A rule is judged as `microopt.planning.audit` judges it for a plan of the creators who accept, in exact integers.
"""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from microopt.campaign.campaign import EachRule, PairRule, RangeRule, Relation, Rule
from microopt.campaign.metrics import METRICS, NET_REACH, TARGET_METRICS
from microopt.campaign.wave_rules import GAP
from microopt.planning.each_amounts import counts_posts, rows_of_rule
from microopt.planning.measures import Measure, find_measure
from microopt.planning.outcomes.net_reach import net_reach_in_outcomes
from microopt.planning.outcomes.outcomes import Integers, Mask, Outcomes, sum_rows, within, within_parts
from microopt.planning.outcomes.waves_in_outcomes import gaps_hold, posts_by_creator
from microopt.planning.ratios import Ratio, find_ratio
from microopt.planning.shares import share_base
from microopt.planning.wave_counts import exclusive_sides
from microopt.quantities.parse_and_format import Range
from microopt.roster.selection import matching_offers


def rule_holds(outcomes: Outcomes, rule: Rule) -> Mask:
    """Return whether the plan keeps a rule in each outcome, (outcomes,)."""
    if isinstance(rule, PairRule):
        return _pair_holds(outcomes, rule)
    if isinstance(rule, EachRule):
        return _each_holds(outcomes, rule)
    return _range_holds(outcomes, rule)


def _range_holds(outcomes: Outcomes, rule: RangeRule) -> Mask:
    problem, bounds = outcomes.problem, rule.bounds
    rows = matching_offers(problem.roster, rule.selector)
    if rule.measure == NET_REACH:
        return within(net_reach_in_outcomes(outcomes, rows), 1000, bounds)
    if not rule.mean and (ratio := find_ratio(problem, rule.measure)):
        return ratio_holds(
            ratio, outcomes.total(ratio.above.name, rows), outcomes.total(ratio.below.name, rows), bounds
        )
    measure = find_measure(problem, rule.measure)
    if rule.mean:
        return _mean_holds(outcomes, measure, rows, bounds)
    amounts = outcomes.total(measure.name, rows)
    if rule.of_budget:
        return within(amounts, problem.campaign.budget or 0, bounds)
    if bounds.percent:
        base_measure, base = share_base(rule)
        whole = outcomes.total(find_measure(problem, base_measure).name, matching_offers(problem.roster, base))
        return within_parts(amounts, whole, bounds)
    return within(amounts, measure.scale, bounds)


def ratio_holds(ratio: Ratio, above: Integers, below: Integers, bounds: Range) -> Mask:
    """Return whether amounts above and below the line keep to a range of their ratio, as `Ratio.within` does."""
    low, high = (None if bound is None else bound / ratio.factor for bound in (bounds.low, bounds.high))
    return within_parts(above, below, replace(bounds, low=low, high=high))


def _mean_holds(outcomes: Outcomes, measure: Measure, rows: Mask, bounds: Range) -> Mask:
    """Return whether the mean over the offers of those who accept is within a range; of none, it says nothing."""
    accepted = outcomes.scenarios.accepted[rows]
    if measure.name in (*METRICS, *TARGET_METRICS, "spend", "revenue", "profit"):
        sums = outcomes.total(measure.name, rows)
    else:
        sums = sum_rows(np.where(accepted, measure.per_unit[rows][:, None], 0))
    low, high = (None if bound is None else bound * measure.scale for bound in (bounds.low, bounds.high))
    return within_parts(sums, sum_rows(accepted), replace(bounds, low=low, high=high))


def _each_holds(outcomes: Outcomes, rule: EachRule) -> Mask:
    """Return whether every creator who accepts is within the range."""
    problem = outcomes.problem
    if rule.measure == GAP:
        return gaps_hold(problem, outcomes.scenarios, rule.bounds)
    rows = rows_of_rule(problem, rule)
    if counts_posts(problem, rule):
        kept = within(posts_by_creator(problem, outcomes.scenarios, rows), 1, rule.bounds)
        return ~_any(~kept & outcomes.accepted_by_creator(outcomes.every_row))
    declined = ~outcomes.accepted_by_creator(rows)
    if ratio := find_ratio(problem, rule.measure):
        above, below = (outcomes.amounts_by_creator(side.name, rows) for side in (ratio.above, ratio.below))
        kept = ratio_holds(ratio, above, below, rule.bounds)
    else:
        measure = find_measure(problem, rule.measure)
        scale = (problem.campaign.budget or 0) if rule.of_budget else measure.scale
        kept = within(outcomes.amounts_by_creator(measure.name, rows), scale, rule.bounds)
    return ~_any(~kept & ~declined)


def _pair_holds(outcomes: Outcomes, rule: PairRule) -> Mask:
    accepted = outcomes.scenarios.accepted
    if rule.days is not None:
        held = np.ones(outcomes.count, dtype=bool)
        for sides in exclusive_sides(outcomes.problem, rule):
            held &= _never_both(outcomes, *sides)
        return held
    left, right = (matching_offers(outcomes.problem.roster, side) for side in (rule.left, rule.right))
    if rule.relation is Relation.REQUIRES:
        return ~_any(accepted[left & ~right]) | _any(accepted[right])
    return _never_both(outcomes, left, right)


def _never_both(outcomes: Outcomes, left: Mask, right: Mask) -> Mask:
    """Return in which outcomes no creator of one side accepts with another one of the other side."""
    ids = outcomes.problem.roster.creator_id
    both = left & np.isin(ids, np.intersect1d(ids[left], ids[right]))
    lefts, rights, boths = (sum_rows(outcomes.accepted_by_creator(rows)) for rows in (left, right, both))
    held: Mask = lefts * rights <= boths  # every pair is of one creator with itself
    return held


def _any(accepted: Mask) -> Mask:
    """Return in which outcomes any of some rows is accepted."""
    found: Mask = np.logical_or.reduce(accepted, axis=0)
    return found
