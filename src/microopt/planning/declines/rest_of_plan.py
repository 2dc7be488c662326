"""The problem that is left where creators of a plan decline, with the rest of it kept as it was bought."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign, Clause, RangeRule, Selector
from microopt.planning.problem import PlanningProblem, restrict
from microopt.quantities.parse_and_format import Range
from microopt.roster.roster import TextColumn
from microopt.roster.selection import offers_named
from microopt.solver.program import Columns

KEPT_COLUMN, KEPT, OTHERS = "kept of the plan", "yes", "no"  # the column of the problem that says who is kept
KEEP_LABEL = "keep everyone else of the plan"


class RestOfPlan(Struct, frozen=True, kw_only=True, eq=False):
    """The problem that is left.

    Attributes
    ----------
    columns
        Of the whole problem: the choice that each choice of this one is.
    """

    problem: PlanningProblem
    columns: Columns


def keep_rest(problem: PlanningProblem, rest: Columns, others_of_plan: Columns) -> RestOfPlan:
    """Return the problem with the rest of a plan as it was bought, and a rule that keeps all of it.

    Parameters
    ----------
    rest
        The choices that stay.
    others_of_plan
        The choices of who declines: nothing else of theirs is on offer either.
    """
    of_plan = np.concatenate([rest, others_of_plan])
    selected = ~np.isin(problem.choice_creators, problem.choice_creators[of_plan])
    selected[rest] = True
    rule = RangeRule(
        label=KEEP_LABEL,
        selector=Selector(clauses=(Clause(column=KEPT_COLUMN, values=(KEPT,)),)),
        measure="count",
        bounds=Range(Fraction(len(rest)), None),
    )
    rules = problem.rules if not len(rest) else (*problem.rules, rule)
    kept = np.zeros(problem.choice_count, dtype=bool)
    kept[rest] = True
    left = restrict(problem, selected, problem.campaign, rules)
    codes = problem.select_rows(kept)[problem.select_rows(selected)].astype(np.int32)
    texts = {**left.roster.texts, KEPT_COLUMN: TextColumn(codes=codes, labels=(OTHERS, KEPT))}
    roster = replace(left.roster, texts=texts)
    return RestOfPlan(problem=replace(left, roster=roster), columns=np.flatnonzero(selected))


def after_decline(problem: PlanningProblem, declined: Columns) -> PlanningProblem:
    """Return the problem without what ends where some creators decline: that they are required, that all are kept.

    Parameters
    ----------
    declined
        Their choices in the plan.
    """
    own = np.isin(problem.choice_creators, problem.choice_creators[declined])
    campaign = problem.campaign
    include = tuple(name for name in campaign.include if not _means_only(problem, name, own))
    ended = set() if campaign.running is None else {each for each in campaign.running.stability if "(soft" not in each}
    rules = tuple(rule for rule in problem.rules if rule.label not in ended)
    return replace(problem, campaign=by_the_mean_plan(replace(campaign, include=include)), rules=rules)


def by_the_mean_plan(campaign: Campaign) -> Campaign:
    """Return the campaign without a choice for the answers of creators: it is known who declines."""
    if campaign.declines is None or not campaign.declines.after_declines:
        return campaign
    return replace(campaign, declines=replace(campaign.declines, after_declines=False))


def _means_only(problem: PlanningProblem, name: str, own: NDArray[np.bool_]) -> bool:
    """Whether a name, or a selector, means offers of these choices alone."""
    meant = problem.any_by_choice(offers_named(problem.roster, name))
    return bool(meant.any()) and not bool((meant & ~own).any())
