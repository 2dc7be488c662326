"""Counterfactuals: the best plan without some choices, with one more, or without a rule; and how two plans differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign, include_label
from microopt.campaign.metrics import metrics_of
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.plan.plan import RulePrice
from microopt.planning.build_problem import labels_meant
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.planning.totals import sum_totals
from microopt.quantities.keys import match_key
from microopt.solver.backends.base import Backend
from microopt.solver.constraint import constraint
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve
from microopt.solver.subproblem import solve_subproblem

SolveAnew = Callable[..., SolvedProblem | Diagnosis]
NO_COLUMNS = np.zeros(0, dtype=np.intp)


def creator_choices(solved: SolvedProblem, creator: str) -> Columns:
    """Return the choices of a creator, none where filters exclude them."""
    return choices_of_creators(solved, [creator])[match_key(creator)]


def choices_of_creators(solved: SolvedProblem, creators: Iterable[str]) -> dict[str, Columns]:
    """Return the choices of creators by match key, none where filters exclude them."""
    problem, column = solved.problem, solved.problem.roster.texts["creator"]
    choices: dict[str, set[int]] = {match_key(creator): set() for creator in creators}
    for row in np.flatnonzero(column.contains_any(set(choices))).tolist():
        choices[match_key(column[row])].add(int(problem.choice[row]))
    return {key: np.asarray(sorted(own), dtype=np.intp) for key, own in choices.items()}


def price_columns(solved: SolvedProblem) -> PricedProgram | None:
    """Return the program priced at the plan's dual prices, None where the result has none."""
    prices = solved.result.prices
    return None if prices is None else price_program(solved.program, prices, solved.result.pool_prices)


def solve_without(
    solved: SolvedProblem,
    columns: Columns,
    solver: Backend,
    limits: SolveLimits,
    *plans: Columns,
    had_too_many_states: bool = False,
) -> SolveResult:
    """Return the best picks without these choices.

    Parameters
    ----------
    plans
        Known picks that may already satisfy this: the solver starts from them.
    had_too_many_states
        As in `WarmStart`.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    free = np.ones(len(solved.program), dtype=bool)
    free[columns] = False
    warm_start = replace(_warm_start(solved), plans=plans, had_too_many_states=had_too_many_states)
    return solve_subproblem(solved.program, free, NO_COLUMNS, solver, limits, warm_start)


def solve_with_one(
    solved: SolvedProblem,
    columns: Columns,
    solver: Backend,
    limits: SolveLimits,
    *plans: Columns,
    priced: PricedProgram | None = None,
    had_too_many_states: bool = False,
) -> SolveResult:
    """Return the best picks with one of these choices.

    Parameters
    ----------
    plans
        Known picks that may already satisfy this: the solver starts from them.
    priced
        As `price_columns` returns it. It saves a relaxation.
    had_too_many_states
        As in `WarmStart`.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    coefficients = np.zeros(len(solved.program), dtype=np.int64)
    coefficients[columns] = 1
    forced = solved.program.with_row(constraint("the creator is in", coefficients, lower=1))
    free = np.ones(len(coefficients), dtype=bool)
    warm_start = replace(_warm_start(solved), plans=plans, had_too_many_states=had_too_many_states)
    if priced is not None:  # at this dual price of the new row, the cheapest of the choices has reduced cost 0
        loss = float(priced.deviation[columns].min())
        warm_start = replace(warm_start, prices=np.insert(priced.prices, len(solved.program.rows), -loss))
    return solve_subproblem(forced, free, NO_COLUMNS, solver, limits, warm_start)


def _warm_start(solved: SolvedProblem) -> WarmStart:
    return WarmStart(prices=solved.result.prices, pool_prices=solved.result.pool_prices)


def rule_prices(
    solved: SolvedProblem, limits: SolveLimits, solver: Backend, solve_anew: SolveAnew | None = None
) -> tuple[RulePrice, ...]:
    """Return what the plan would gain without each of the labels to price, in their order.

    Each is solved again without the rule: the dual prices of a relaxation would mislead.

    Parameters
    ----------
    limits
        For all rules together: after the time, or an interrupt, the remaining rules are reported as not looked at.
    solve_anew
        Solves a problem without a rule from the start, where its schedules are some of very many: without the rule,
        others may be needed. Else no rule of such a problem is looked at.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    time_budget = TimeBudget(limits)
    time_budget.note_interrupt(solved.proof.limit)
    labels = labels_to_price(solved.problem.campaign)
    prices = []
    for number, label in enumerate(labels):
        share = 1 / (len(labels) - number)
        price = time_budget.run(
            partial(_price_rule, solved, label, solver, time_budget, solve_anew), f"without {label}", share
        )
        prices.append(price or RulePrice(label=label, status=NOT_LOOKED_AT))
    return tuple(prices)


def labels_to_price(campaign: Campaign) -> tuple[str, ...]:
    """Return the labels of the rules, of the budgets of waves, and of the creators who are required, each once."""
    labels = [rule.label for rule in campaign.rules]
    if campaign.calendar is not None:
        from microopt.campaign.calendar_budgets import calendar_rules  # only for a campaign with a calendar

        labels += [rule.label for rule in calendar_rules(campaign.calendar, campaign.budget)]
    return tuple(dict.fromkeys((*labels, *map(include_label, campaign.include))))


def _price_rule(
    solved: SolvedProblem,
    label: str,
    solver: Backend,
    time_budget: TimeBudget,
    solve_anew: SolveAnew | None,
    limits: SolveLimits,
) -> RulePrice | None:
    current = solved.result
    assert current.columns is not None
    if solved.problem.schedules is not None:
        return _price_anew(solved, label, limits, solve_anew)
    program = without_rows(solved.program, labels_meant(solved.problem.campaign, label))
    warm_start = WarmStart(prices=current.prices, plans=(current.columns,))
    result = solve(program, solver, limits, cheapest=False, warm_start=warm_start)
    time_budget.note_interrupt(result.limit)
    if result.columns is None or result.objective is None:
        return RulePrice(label=label, status=result.termination.value)
    unit = solved.objective.unit
    values = (solved.program.objective_value(current.columns) * unit, result.objective * unit)
    change = compare_picks(solved.problem, current.columns, result.columns, values)
    return RulePrice(label=label, status=result.termination.value, change=change)


def _price_anew(
    solved: SolvedProblem, label: str, limits: SolveLimits, solve_anew: SolveAnew | None
) -> RulePrice | None:
    """Return what the plan would gain without a rule, with the schedules that can be in a best plan without it."""
    problem, value = solved.problem, solved.proof.objective
    found = None if solve_anew is None else solve_anew(_without_rule(solved, label), limits=limits)
    if not isinstance(found, SolvedProblem):
        return None if found is None else RulePrice(label=label, status=Termination.UNKNOWN.value)
    after, status = found.proof.objective, found.proof.status
    gain = after - value if found.objective.unit > 0 else value - after
    if gain <= 0:  # the plan itself keeps the other rules, and was not found again
        known = Termination.OPTIMAL if found.proof.bound == value else Termination.FEASIBLE
        unchanged = compare_picks(problem, solved.picks, solved.picks, (value, value))
        return RulePrice(label=label, status=known.value, change=unchanged)
    change = compare_plans((problem, solved.picks), (found.problem, found.picks), (value, after))
    return RulePrice(label=label, status=status, change=change)


def _without_rule(solved: SolvedProblem, label: str) -> PlanningProblem:
    """Return the problem without a rule or a required creator, measured by the same ideals."""
    problem, labels = solved.problem, labels_meant(solved.problem.campaign, label)
    include = tuple(name for name in problem.campaign.include if include_label(name) != label)
    campaign = replace(problem.campaign, include=include, ideals=solved.ideals)
    return replace(problem, campaign=campaign, rules=tuple(rule for rule in problem.rules if rule.label not in labels))


def without_rows(program: IntegerProgram, labels: tuple[str, ...]) -> IntegerProgram:
    """Free the rows of these labels; they stay in place, because pools refer to rows by position."""
    rows = [
        replace(line, lower=None, upper=None, penalty=None) if line.label in labels else line for line in program.rows
    ]
    return replace(program, rows=tuple(rows))


def compare_picks(
    problem: PlanningProblem, before: Columns, after: Columns, values: tuple[Fraction, Fraction]
) -> Difference:
    """Return what the plan `after` has more than the plan `before`.

    Parameters
    ----------
    before, after
        Choices of the problem.
    values
        The values of the two plans, in the goal's unit.
    """
    return compare_plans((problem, before), (problem, after), values)


def compare_plans(
    before: tuple[PlanningProblem, Columns], after: tuple[PlanningProblem, Columns], values: tuple[Fraction, Fraction]
) -> Difference:
    """Return what the plan `after` has more than the plan `before`, each with its choices of a problem.

    Parameters
    ----------
    values
        As in `compare_picks`. The problems have the same creators.
    """
    old, new = (sum_totals(problem, _selected_rows(problem, picks)) for problem, picks in (before, after))
    old_creators, new_creators = (set(problem.choice_creators[picks].tolist()) for problem, picks in (before, after))
    gain = values[1] - values[0]
    return Difference(
        objective=gain,
        share=gain / abs(values[0]) if values[0] else None,
        creators=new.creators - old.creators,
        spend=new.spend - old.spend,
        metrics={name: new.metrics[name] - old.metrics[name] for name in metrics_of(new.metrics)},
        added=creator_names(after[0], new_creators - old_creators),
        dropped=creator_names(before[0], old_creators - new_creators),
    )


def creator_names(problem: PlanningProblem, creators: set[int]) -> tuple[str, ...]:
    """Return the names of creators by their numbers, those with the most engagements first."""
    return tuple(problem.roster.texts["creator"][row].strip() for row in top_offer_rows(problem, creators).values())


def top_offer_rows(problem: PlanningProblem, creators: set[int]) -> dict[int, int]:
    """Return, by creator number, the row of the offer with the most engagements; the largest first."""
    ids, engagements = problem.roster.creator_id, problem.forecast.metrics["engagements"]
    best: dict[int, int] = {}
    for row in np.flatnonzero(np.isin(ids, sorted(creators))).tolist():
        creator = int(ids[row])
        if creator not in best or engagements[row] > engagements[best[creator]]:
            best[creator] = row
    return dict(sorted(best.items(), key=lambda item: (-int(engagements[item[1]]), item[0])))


def _selected_rows(problem: PlanningProblem, picks: Columns) -> NDArray[np.bool_]:
    chosen = np.zeros(problem.choice_count, dtype=bool)
    chosen[picks] = True
    return problem.select_rows(chosen)
