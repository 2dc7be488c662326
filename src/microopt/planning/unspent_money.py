"""Why a plan leaves money unspent, tested against every rule at the budget that a further purchase would need."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import RangeRule, Rule
from microopt.campaign.earnings import PROFIT
from microopt.campaign.metrics import canonical_measure
from microopt.planning.build_problem import labels_meant
from microopt.planning.closed_rules import rule_that_allows_nobody
from microopt.planning.formulation.objective import profit_cents
from microopt.planning.problem import PlanningProblem
from microopt.planning.purchase_steps import MAX_TRIED, Steps
from microopt.planning.share_caps import find_caps_below_total
from microopt.planning.target_sought import nobody_has_target
from microopt.quantities.parse_and_format import format_bound, format_money, join_words
from microopt.solver.program import IntegerProgram

CONFLICTS = "the conflicts on your list"
MET, TO_THE_CENT = "the targets are met", "the budget is spent to the cent"
TOO_LATE = "it is too late to book anybody in any wave"
CERTAIN = (MET, TO_THE_CENT, TOO_LATE)  # whatever else could be bought
NOT_THE_BUDGET = "the rules, not the budget, keep further creators out"
WORST_OUTCOMES = "the worst outcomes that you plan for"
MOST_NAMED = 3  # rules in the reason
Mask = NDArray[np.bool_]


def unspent_reason(problem: PlanningProblem, program: IntegerProgram, chosen: Mask) -> str:
    """Say why the rest of the budget buys nothing more.

    Parameters
    ----------
    chosen
        (choices,) the plan.
    """
    if problem.campaign.budget is None or problem.campaign.goal.targets:
        return MET
    unspent = (problem.campaign.spendable or 0) - int(program.cost[chosen].sum())
    if not chosen.any() and int(program.cost.min()) > unspent:
        return f"the cheapest creator costs {format_money(int(program.cost.min()), problem.currency)}"
    if not unspent:
        return TO_THE_CENT
    if problem.campaign.is_over:
        return TOO_LATE
    if not chosen.any() and (closed := rule_that_allows_nobody(problem)):
        return closed
    if not chosen.any() and (caps := find_caps_below_total(problem)):
        return caps.outcome
    useful = _useful(program, chosen)
    steps = Steps.from_plan(problem, program, chosen)
    if not useful.any():
        return _nobody_is_missing(steps, unspent)
    return _why_nobody_is_added(steps, useful, unspent)


def nothing_better_in_worst(problem: PlanningProblem, by_means: IntegerProgram, chosen: Mask, *, proven: bool) -> str:
    """Say why nobody joins a plan for the worst outcomes whom the rest of the budget buys, and who adds to the mean.

    Empty if there is nobody like that.

    Parameters
    ----------
    by_means
        The program of the mean.
    chosen
        (choices,) the plan.
    proven
        Whether no plan is better in the worst scenarios.
    """
    useful, budget = _useful(by_means, chosen), problem.campaign.budget
    if not useful.any() or (budget is None and chosen.any()):
        return ""
    if budget is not None:
        cheapest, _ = Steps.from_plan(problem, by_means, chosen).cheapest(useful)
        unspent = (problem.campaign.spendable or 0) - int(by_means.cost[chosen].sum())
        if cheapest is None or int(by_means.cost[cheapest]) > unspent:
            return ""
    if chosen.any():
        whom = "nobody whom it buys" if proven else "nobody was found whom it buys and who"
        return f"{whom} would improve {WORST_OUTCOMES}"
    brings = "earns more than it costs" if problem.campaign.goal.name == PROFIT else "brings anything"
    return f"no plan {'within your rules' if proven else 'was found that'} {brings} in {WORST_OUTCOMES}"


def rules_keep_creators_out(problem: PlanningProblem, program: IntegerProgram, chosen: Mask) -> bool:
    """Whether the money that a plan leaves would buy a creator who improves it, if it were not for the rules."""
    unspent = (problem.campaign.spendable or 0) - int(program.cost[chosen].sum())
    obstacles, _ = Steps.from_plan(problem, program, chosen).rules_in_the_way(unspent)
    return bool(obstacles)


def somebody_could_be_added(program: IntegerProgram, chosen: Mask) -> bool:
    """Whether a creator who is not in the plan could improve one."""
    return bool(_useful(program, chosen).any())


def _useful(program: IntegerProgram, chosen: Mask) -> Mask:
    return ~np.isin(program.group, program.group[chosen]) & program.can_increase_objective()


def _why_nobody_is_added(steps: Steps, useful: Mask, unspent: int) -> str:
    cheapest, complete = steps.cheapest(useful)
    if cheapest is not None and int(steps.program.cost[cheapest]) <= unspent:
        return "the search ended before it found the best use of this money"
    obstacles, all_tried = steps.rules_in_the_way(unspent)
    reason = _describe_rules(steps.problem, obstacles) if all_tried else ""
    if reason and (cheapest is None or reason != NOT_THE_BUDGET):
        return reason
    if cheapest is not None and steps.problem.campaign.goal.name == PROFIT:
        cost = int(steps.program.cost[cheapest])
        who = (
            "nobody within it who fits your rules"
            if (useful & (steps.program.cost < cost)).any()
            else "nobody within it"
        )
        return f"{who} would earn more than they cost; the cheapest who would costs {_money(steps, cost)}"
    if cheapest is not None:
        cost = int(steps.program.cost[cheapest])
        fits = " and fits your rules" if (useful & (steps.program.cost < cost)).any() else ""
        return f"the cheapest creator who would improve the plan{fits} costs {_money(steps, cost)}"
    if obstacles:
        return NOT_THE_BUDGET
    dearer, known = steps.cheapest_improving(useful)
    if not (complete and all_tried and known):
        return f"none of the {MAX_TRIED} cheapest creators whom the rules allow would improve the plan"
    if dearer is None:
        return _nobody_is_missing(steps, unspent)
    return "everyone who would improve the plan costs more, and your rules would still keep them out"


def _nobody_is_missing(steps: Steps, unspent: int) -> str:
    if steps.problem.campaign.goal.name == PROFIT:
        return nobody_earns(steps.problem, steps.chosen)
    if not steps.chosen.any():
        nobody = nobody_has_target(steps.problem) if steps.problem.campaign.goal.counts_target else ""
        return nobody or "nothing that keeps the rules adds to the goal"
    return f"everyone who would improve the result is already in{_describe_more_expensive(steps, unspent)}"


def nobody_earns(problem: PlanningProblem, chosen: Mask) -> str:
    """Say that no further creator earns more than they cost, or nobody at all, or none ever can.

    Parameters
    ----------
    chosen
        (choices,) the plan.
    """
    if problem.campaign.margin == 0:
        return "at a margin of 0%, no order pays for anything: nobody can earn more than they cost"
    if not chosen.any():
        return "nobody who keeps the rules is expected to earn more than they cost"
    if (profit_cents(problem)[chosen] > 0).any():
        return "nobody else is expected to earn more than they cost"
    return "nobody is expected to earn more than they cost; only your rules keep creators in the plan"


def _describe_rules(problem: PlanningProblem, obstacles: set[frozenset[str]]) -> str:
    """Name the rules without any one of which the plan would buy more; empty if there is nothing in the way."""
    campaign = problem.campaign
    written = {rule.label: rule for rule in campaign.rules}
    means = {label: each for each in written for label in labels_meant(campaign, each)}
    budgets = [rule for rule in problem.rules if isinstance(rule, RangeRule) and rule.wave_budget is not None]
    means |= {rule.label: rule.label for rule in budgets}

    def rules_of(labels: frozenset[str]) -> frozenset[str]:
        return frozenset(means.get(label, CONFLICTS) for label in labels)

    named = {rules_of(labels) for labels in obstacles}
    alone = sorted(next(iter(labels)) for labels in named if len(labels) == 1)
    together = sorted(frozenset().union(*named))
    if len(alone) == 1 and alone[0] in written:
        return _describe_limit(written[alone[0]])
    if len(alone) == 1 and alone[0] != CONFLICTS:
        return f"the {alone[0]} keeps further creators out"
    if len(alone) == 1:
        return f"{CONFLICTS} keep further creators out"
    for few, how in ((alone, ""), ([] if alone else together, " together")):
        if 1 < len(few) <= MOST_NAMED and CONFLICTS not in few:
            return f"your rules {join_words(few)}{how} keep further creators out"
    return NOT_THE_BUDGET if named else ""


def _describe_limit(rule: Rule) -> str:
    if isinstance(rule, RangeRule) and canonical_measure(rule.measure) == "count" and not rule.selector.clauses:
        limit = rule.bounds.high
        if limit is not None and not rule.bounds.percent and not rule.mean:
            return f"your limit of {format_bound(limit, False)} {'creator' if limit == 1 else 'creators'} is reached"
    return f"your rule {rule.label} keeps further creators out"


def _describe_more_expensive(steps: Steps, unspent: int) -> str:
    """Say what more a creator of the plan would need for an offer that brings more, or nothing if none does."""
    column, _ = steps.cheapest((steps.replaced >= 0) & (steps.cost > unspent))
    if column is None:
        return ""
    problem = steps.problem
    first, last = np.searchsorted(problem.choice, [column, column + 1]).tolist()
    name = problem.roster.texts["creator"][first].strip()
    budget = int(steps.budgets(np.asarray([column]))[0])
    more = _money(steps, budget - (problem.campaign.budget or 0))
    offer = "a more expensive offer" if last - first == 1 else "more offers"
    return f"; with the rest unchanged, {offer} of {name} would need {more} more"


def _money(steps: Steps, cents: int) -> str:
    return format_money(cents, steps.problem.currency)
