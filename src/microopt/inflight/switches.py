"""Who came into a plan since the last one, and who left: with the facts that bear on it, and what it gains.

What a plan gains over the best one that keeps everybody of the last plan who can still be had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.progress import Contract, State
from microopt.plan.difference import Difference
from microopt.plan.document.plan import PlanDocument
from microopt.plan.purchase import Purchase, bought_of
from microopt.plan.replan_summary import RosterChange
from microopt.planning.barriers import exclusion_reasons
from microopt.planning.build_plan import build_picks, facts_of
from microopt.planning.counterfactuals import (
    compare_picks,
    creator_columns,
    price_columns,
    solve_with_one,
    solve_without,
)
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.planning.worse_figures import ComparisonTerms, goal_metrics, worsened_figures
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import print_money, print_names
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend
from microopt.solver.program import IntegerProgram, Picks, row
from microopt.solver.reduced_cost_fixing import PricedProgram
from microopt.solver.result import SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

Keys = set[str]
BETTER = "others are now better worth the money"


class PlanTransition(Struct, frozen=True, kw_only=True, eq=False):
    """From one plan to the next.

    Attributes
    ----------
    last
        The plan before.
    bought
        What it bought, by match key of the creator.
    before
        What could be bought then, where the roster is still the same; else None.
    answered
        The campaign now, with its plan.
    roster
        As it is now, tiers and contracts included.
    known
        Plans that are near the best one.
    """

    last: PlanDocument
    last_purchases: Mapping[str, Purchase]
    last_problem: PlanningProblem | None
    solved: SolvedProblem
    roster: Roster
    known_plans: tuple[Picks, ...] = ()

    @property
    def problem(self) -> PlanningProblem:
        return self.solved.problem

    @property
    def picks(self) -> Picks:
        assert self.solved.result.picks is not None
        return self.solved.result.picks


def find_switches(step: PlanTransition, solver: Backend, stint: TimeBudget) -> tuple[RosterChange, ...]:
    """Return who came, those of most engagements first, and then who left, as the last plan had them.

    What a switch gains is asked of the solver within the time left; what was not looked at is None.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    now = _current_purchases(step)
    keys = {*now, *step.last_purchases}
    sold = _available_creators(step.problem, keys)
    before = None if step.last_problem is None else _available_creators(step.last_problem, keys)
    came = [key for key in now if key not in step.last_purchases]
    left = [key for key in step.last_purchases if key not in now]
    freed = [step.last_purchases[key].creator for key in left if _has_declined(step, key, sold)]
    changes = [_explain_added(step, key, now[key], freed, before) for key in came] + [
        _explain_dropped(step, key, sold) for key in left
    ]
    return tuple(_add_gains(step, changes, solver, stint))


def _current_purchases(step: PlanTransition) -> Mapping[str, Purchase]:
    rows = step.problem.select_rows(step.solved.program.chosen(step.picks))
    return bought_of(build_picks(step.problem, rows))


def _contracts_with(step: PlanTransition, key: str) -> list[Contract]:
    running = step.problem.campaign.running
    return [one for one in running.contracts if match_key(one.creator) == key] if running is not None else []


def _has_declined(step: PlanTransition, key: str, sold: Keys) -> bool:
    """Whether nothing is to be had of a creator any more because it declined."""
    return any(one.state is State.DECLINED for one in _contracts_with(step, key)) and key not in sold


def _explain_added(
    step: PlanTransition, key: str, bought: Purchase, freed: Sequence[str], before: Keys | None
) -> RosterChange:
    kept = next((one for one in _contracts_with(step, key) if one.kept), None)
    if kept is not None:
        told = f"it is {kept.state.value}, and was not in the last plan"
        return RosterChange(creator=bought.creator, came=True, causes=(told,), forced=True)
    causes = _improvements(step, key, bought, before)
    if freed:
        causes.append(f"{print_names(freed)} declined, which left money and room")
    return RosterChange(
        creator=bought.creator, came=True, causes=tuple(causes) or ("it is now better worth the money",)
    )


def _improvements(step: PlanTransition, key: str, bought: Purchase, before: Keys | None) -> list[str]:
    """Return which of a creator's own figures got better, where what they were can be told."""
    then = None if step.last_problem is None else _same_purchase(step.last_problem, key, bought)
    if then is None:
        return ["it could not be bought before"] if before is not None and key not in before else []
    return [cause.told for cause in worsened_figures(bought, then, _comparison_terms(step, forward=False))]


def _explain_dropped(step: PlanTransition, key: str, sold: Keys) -> RosterChange:
    was = step.last_purchases[key]
    if _has_declined(step, key, sold):
        return RosterChange(creator=was.creator, came=False, causes=("it declined",), forced=True)
    mine = step.roster.texts["creator"].holds({key})
    if not mine.any():
        return RosterChange(creator=was.creator, came=False, causes=("it is no longer on the roster",), forced=True)
    if key not in sold:
        reasons = list(exclusion_reasons(step.roster, step.problem.campaign, was.creator)) or [
            "no offer of it may enter"
        ]
        return RosterChange(creator=was.creator, came=False, causes=tuple(reasons), forced=True)
    now = _same_purchase(step.problem, key, was)
    if now is None:
        return RosterChange(creator=was.creator, came=False, causes=("what was bought is no longer offered", BETTER))
    causes = [cause.told for cause in worsened_figures(was, now, _comparison_terms(step, forward=True))]
    return RosterChange(creator=was.creator, came=False, causes=tuple(causes) or (BETTER,))


def changed_offers(step: PlanTransition) -> Iterator[str]:
    """Yield who stays and is bought otherwise: another offer has to be asked for."""
    currency = facts_of(step.problem).currency
    for key, now in _current_purchases(step).items():
        was = step.last_purchases.get(key)
        if was is not None and _offer_keys(was) != _offer_keys(now):
            told = (f"{_describe_offers(one)} for {print_money(one.fee, currency)}" for one in (was, now))
            yield f"{now.creator} is bought otherwise: {', now '.join(told)}"


def _offer_keys(bought: Purchase) -> set[tuple[str, str, int]]:
    return {(match_key(pick.platform), match_key(pick.offer), pick.units) for pick in bought.picks}


def _describe_offers(bought: Purchase) -> str:
    names = (" ".join(filter(None, (pick.platform, pick.offer))) for pick in bought.picks)
    return " and ".join(names) or "one offer"


def _available_creators(case: PlanningProblem, keys: Keys) -> Keys:
    """Return which of these creators may be bought of."""
    column = case.roster.texts["creator"]
    return {match_key(column[row]) for row in np.flatnonzero(column.holds(keys)).tolist()}


def _same_purchase(case: PlanningProblem, key: str, bought: Purchase) -> Purchase | None:
    """Return what the same offers are in a case, None where they are not all for sale."""
    wanted = _offer_keys(bought)
    rows, roster = np.zeros(len(case), dtype=bool), case.roster
    for row in np.flatnonzero(roster.texts["creator"].holds({key})).tolist():
        units = 1 if roster.units is None else int(roster.units[row])
        offer = match_key(roster.text("platform", row)), match_key(roster.text("offer", row)), units
        if offer in wanted:
            wanted.remove(offer)
            rows[row] = True
    return None if wanted else Purchase(creator=bought.creator, picks=build_picks(case, rows))


def _comparison_terms(step: PlanTransition, *, forward: bool) -> ComparisonTerms:
    currency = facts_of(step.problem).currency
    same = currency == step.last.campaign.currency
    return ComparisonTerms(
        forward=forward, currency=currency if same else None, metrics=goal_metrics([step.problem.campaign.goal])
    )


def _add_gains(
    step: PlanTransition, changes: Sequence[RosterChange], solver: Backend, stint: TimeBudget
) -> Iterator[RosterChange]:
    """Yield the switches with what each gains, where there was a choice: each has its share of the time left.

    What is found for one is a plan that the next may start from.
    """
    ask = _CounterfactualSolver(
        transition=step, solver=solver, priced=price_columns(step.solved), known_plans=[*step.known_plans]
    )
    left = sum(not change.forced for change in changes)
    for change in changes:
        if change.forced:
            yield change
            continue
        found = stint.run(partial(ask.solve, change.creator), change.creator, 1 / left)
        yield replace(change, gain=_gain_over(step, found))
        left -= 1


class _CounterfactualSolver(Struct, frozen=True, kw_only=True, eq=False):
    """What would be if a switch had not been made, and the plans that are known to be near."""

    transition: PlanTransition
    solver: Backend
    priced: PricedProgram | None
    known_plans: list[Picks]

    def solve(self, creator: str, limits: SolveLimits) -> SolveResult:
        """Return the best plan without a creator who is in it, or with one who is not."""
        answered, columns = self.transition.solved, creator_columns(self.transition.solved, creator)
        if np.isin(columns, self.transition.picks).any():
            found = solve_without(answered, columns, self.solver, limits, *self.known_plans)
        else:
            found = solve_with_one(answered, columns, self.solver, limits, *self.known_plans, priced=self.priced)
        if found.picks is not None:
            self.known_plans.append(found.picks)
        return found


def _gain_over(step: PlanTransition, other: SolveResult | None) -> Difference | None:
    """Return what the plan has more than another one, None where there is none."""
    if other is None or other.picks is None:
        return None
    unit, program = step.solved.objective.unit, step.solved.program
    values = (program.objective_value(other.picks) * unit, program.objective_value(step.picks) * unit)
    return compare_picks(step.problem, other.picks, step.picks, values)


NOT_KEPT = "not everybody of the last plan can be kept any more: the rules do not allow it"


class CarryOverPlan(Struct, frozen=True, kw_only=True, eq=False):
    """The last plan, carried on.

    Attributes
    ----------
    gain
        What the plan has more than the best one that keeps everybody; None where there is none, or it was not found.
    obstacle
        Why there is none, or empty.
    picks
        That plan.
    """

    gain: Difference | None = None
    obstacle: str = ""
    picks: Picks | None = None


def gain_over_carry_over(step: PlanTransition, solver: Backend, stint: TimeBudget) -> CarryOverPlan:
    """Return what the plan has more than the best one that keeps everybody, where there is one.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    program = step.solved.program
    mine = step.problem.any_by_choice(step.problem.roster.texts["creator"].holds(set(step.last_purchases)))
    there = len(np.unique(program.group[mine]))
    kept = program.with_row(row("the last plan is kept", mine.astype(np.int64), lower=there))
    if not kept.violated_constraints(step.picks):
        same = compare_picks(step.problem, step.picks, step.picks, (Fraction(1), Fraction(1)))
        return CarryOverPlan(gain=same, picks=step.picks)
    answer = stint.run(partial(_solve_keeping, kept, solver, step), "the last plan, kept", 0.5)
    if answer is None or answer.picks is None:
        return CarryOverPlan(obstacle=NOT_KEPT if answer is not None and answer.stop is Termination.INFEASIBLE else "")
    unit = step.solved.objective.unit
    values = (
        Fraction(program.objective_value(answer.picks)) * unit,
        Fraction(program.objective_value(step.picks)) * unit,
    )
    return CarryOverPlan(gain=compare_picks(step.problem, answer.picks, step.picks, values), picks=answer.picks)


def _solve_keeping(kept: IntegerProgram, solver: Backend, step: PlanTransition, limits: SolveLimits) -> SolveResult:
    known = step.solved.result
    prices = None if known.prices is None else np.append(known.prices, 0.0)
    hint = WarmStart(prices=prices, pool_prices=known.pool_prices)
    return solve(kept, solver, limits, cheapest=False, hint=hint)
