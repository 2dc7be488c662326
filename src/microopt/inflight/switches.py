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

from microopt.campaign.progress import Contract, ContractState
from microopt.plan.difference import Difference
from microopt.plan.purchase import Purchase, purchases_by_creator
from microopt.plan.replan_summary import RosterChange
from microopt.plan.seal import SealedPlan
from microopt.planning.barriers import exclusion_reasons
from microopt.planning.build_plan import build_picks
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
from microopt.quantities.parse_and_format import format_money, format_names
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns, IntegerProgram, constraint
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

    last: SealedPlan
    last_purchases: Mapping[str, Purchase]
    last_problem: PlanningProblem | None
    solved: SolvedProblem
    roster: Roster
    known_plans: tuple[Columns, ...] = ()

    @property
    def problem(self) -> PlanningProblem:
        return self.solved.problem

    @property
    def picks(self) -> Columns:
        assert self.solved.result.columns is not None
        return self.solved.result.columns


def find_switches(transition: PlanTransition, solver: Backend, time_budget: TimeBudget) -> tuple[RosterChange, ...]:
    """Return who came, those of most engagements first, and then who left, as the last plan had them.

    What a switch gains is asked of the solver within the time left; what was not looked at is None.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    now = _current_purchases(transition)
    keys = {*now, *transition.last_purchases}
    sold = _available_creators(transition.problem, keys)
    before = None if transition.last_problem is None else _available_creators(transition.last_problem, keys)
    came = [key for key in now if key not in transition.last_purchases]
    left = [key for key in transition.last_purchases if key not in now]
    freed = [transition.last_purchases[key].creator for key in left if _has_declined(transition, key, sold)]
    changes = [_explain_added(transition, key, now[key], freed, before) for key in came] + [
        _explain_dropped(transition, key, sold) for key in left
    ]
    return tuple(_add_gains(transition, changes, solver, time_budget))


def _current_purchases(transition: PlanTransition) -> Mapping[str, Purchase]:
    rows = transition.problem.select_rows(transition.solved.program.mask(transition.picks))
    return purchases_by_creator(build_picks(transition.problem, rows))


def _contracts_with(transition: PlanTransition, key: str) -> list[Contract]:
    running = transition.problem.campaign.running
    return [one for one in running.contracts if match_key(one.creator) == key] if running is not None else []


def _has_declined(transition: PlanTransition, key: str, sold: Keys) -> bool:
    """Whether nothing is to be had of a creator any more because it declined."""
    return any(one.state is ContractState.DECLINED for one in _contracts_with(transition, key)) and key not in sold


def _explain_added(
    transition: PlanTransition, key: str, bought: Purchase, freed: Sequence[str], before: Keys | None
) -> RosterChange:
    kept = next((one for one in _contracts_with(transition, key) if one.kept), None)
    if kept is not None:
        told = f"it is {kept.state.value}, and was not in the last plan"
        return RosterChange(creator=bought.creator, added=True, causes=(told,), forced=True)
    causes = _improvements(transition, key, bought, before)
    if freed:
        causes.append(f"{format_names(freed)} declined, which left money and room")
    return RosterChange(
        creator=bought.creator, added=True, causes=tuple(causes) or ("it is now better worth the money",)
    )


def _improvements(transition: PlanTransition, key: str, bought: Purchase, before: Keys | None) -> list[str]:
    """Return which of a creator's own figures got better, where what they were can be told."""
    then = None if transition.last_problem is None else _same_purchase(transition.last_problem, key, bought)
    if then is None:
        return ["it could not be bought before"] if before is not None and key not in before else []
    return [cause.message for cause in worsened_figures(bought, then, _comparison_terms(transition, forward=False))]


def _explain_dropped(transition: PlanTransition, key: str, sold: Keys) -> RosterChange:
    was = transition.last_purchases[key]
    if _has_declined(transition, key, sold):
        return RosterChange(creator=was.creator, added=False, causes=("it declined",), forced=True)
    mine = transition.roster.texts["creator"].contains_any({key})
    if not mine.any():
        return RosterChange(creator=was.creator, added=False, causes=("it is no longer on the roster",), forced=True)
    if key not in sold:
        reasons = list(exclusion_reasons(transition.roster, transition.problem.campaign, was.creator)) or [
            "no offer of it may enter"
        ]
        return RosterChange(creator=was.creator, added=False, causes=tuple(reasons), forced=True)
    now = _same_purchase(transition.problem, key, was)
    if now is None:
        return RosterChange(creator=was.creator, added=False, causes=("what was bought is no longer offered", BETTER))
    causes = [cause.message for cause in worsened_figures(was, now, _comparison_terms(transition, forward=True))]
    return RosterChange(creator=was.creator, added=False, causes=tuple(causes) or (BETTER,))


def changed_offers(transition: PlanTransition) -> Iterator[str]:
    """Yield who stays and is bought otherwise: another offer has to be asked for."""
    currency = transition.problem.currency
    for key, now in _current_purchases(transition).items():
        was = transition.last_purchases.get(key)
        if was is not None and _offer_keys(was) != _offer_keys(now):
            told = (f"{_describe_offers(one)} for {format_money(one.fee, currency)}" for one in (was, now))
            yield f"{now.creator} is bought otherwise: {', now '.join(told)}"


def _offer_keys(bought: Purchase) -> set[tuple[str, str, int]]:
    return {(match_key(pick.platform), match_key(pick.offer), pick.units) for pick in bought.picks}


def _describe_offers(bought: Purchase) -> str:
    names = (" ".join(filter(None, (pick.platform, pick.offer))) for pick in bought.picks)
    return " and ".join(names) or "one offer"


def _available_creators(problem: PlanningProblem, keys: Keys) -> Keys:
    """Return which of these creators may be bought of."""
    column = problem.roster.texts["creator"]
    return {match_key(column[row]) for row in np.flatnonzero(column.contains_any(keys)).tolist()}


def _same_purchase(problem: PlanningProblem, key: str, bought: Purchase) -> Purchase | None:
    """Return what the same offers are in a case, None where they are not all for sale."""
    wanted = _offer_keys(bought)
    rows, roster = np.zeros(len(problem), dtype=bool), problem.roster
    for row in np.flatnonzero(roster.texts["creator"].contains_any({key})).tolist():
        units = 1 if roster.units is None else int(roster.units[row])
        offer = match_key(roster.text("platform", row)), match_key(roster.text("offer", row)), units
        if offer in wanted:
            wanted.remove(offer)
            rows[row] = True
    return None if wanted else Purchase(creator=bought.creator, picks=build_picks(problem, rows))


def _comparison_terms(transition: PlanTransition, *, forward: bool) -> ComparisonTerms:
    currency = transition.problem.currency
    same = currency == transition.last.plan.roster.currency
    return ComparisonTerms(
        forward=forward, currency=currency if same else None, metrics=goal_metrics([transition.problem.campaign.goal])
    )


def _add_gains(
    transition: PlanTransition, changes: Sequence[RosterChange], solver: Backend, time_budget: TimeBudget
) -> Iterator[RosterChange]:
    """Yield the switches with what each gains, where there was a choice: each has its share of the time left.

    What is found for one is a plan that the next may start from.
    """
    ask = _CounterfactualSolver(
        transition=transition,
        solver=solver,
        priced=price_columns(transition.solved),
        known_plans=[*transition.known_plans],
    )
    left = sum(not change.forced for change in changes)
    for change in changes:
        if change.forced:
            yield change
            continue
        found = time_budget.run(partial(ask.solve, change.creator), change.creator, 1 / left)
        yield replace(change, gain=_gain_over(transition, found))
        left -= 1


class _CounterfactualSolver(Struct, frozen=True, kw_only=True, eq=False):
    """What would be if a switch had not been made, and the plans that are known to be near."""

    transition: PlanTransition
    solver: Backend
    priced: PricedProgram | None
    known_plans: list[Columns]

    def solve(self, creator: str, limits: SolveLimits) -> SolveResult:
        """Return the best plan without a creator who is in it, or with one who is not."""
        solved, columns = self.transition.solved, creator_columns(self.transition.solved, creator)
        if np.isin(columns, self.transition.picks).any():
            found = solve_without(solved, columns, self.solver, limits, *self.known_plans)
        else:
            found = solve_with_one(solved, columns, self.solver, limits, *self.known_plans, priced=self.priced)
        if found.columns is not None:
            self.known_plans.append(found.columns)
        return found


def _gain_over(transition: PlanTransition, other: SolveResult | None) -> Difference | None:
    """Return what the plan has more than another one, None where there is none."""
    if other is None or other.columns is None:
        return None
    unit, program = transition.solved.objective.unit, transition.solved.program
    values = (program.objective_value(other.columns) * unit, program.objective_value(transition.picks) * unit)
    return compare_picks(transition.problem, other.columns, transition.picks, values)


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
    picks: Columns | None = None


def gain_over_carry_over(transition: PlanTransition, solver: Backend, time_budget: TimeBudget) -> CarryOverPlan:
    """Return what the plan has more than the best one that keeps everybody, where there is one.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    program = transition.solved.program
    mine = transition.problem.any_by_choice(
        transition.problem.roster.texts["creator"].contains_any(set(transition.last_purchases))
    )
    there = len(np.unique(program.group[mine]))
    kept = program.with_row(constraint("the last plan is kept", mine.astype(np.int64), lower=there))
    if not kept.violated_constraints(transition.picks):
        same = compare_picks(transition.problem, transition.picks, transition.picks, (Fraction(1), Fraction(1)))
        return CarryOverPlan(gain=same, picks=transition.picks)
    answer = time_budget.run(partial(_solve_keeping, kept, solver, transition), "the last plan, kept", 0.5)
    if answer is None or answer.columns is None:
        return CarryOverPlan(
            obstacle=NOT_KEPT if answer is not None and answer.termination is Termination.INFEASIBLE else ""
        )
    unit = transition.solved.objective.unit
    values = (
        Fraction(program.objective_value(answer.columns)) * unit,
        Fraction(program.objective_value(transition.picks)) * unit,
    )
    return CarryOverPlan(
        gain=compare_picks(transition.problem, answer.columns, transition.picks, values), picks=answer.columns
    )


def _solve_keeping(
    kept: IntegerProgram, solver: Backend, transition: PlanTransition, limits: SolveLimits
) -> SolveResult:
    known = transition.solved.result
    prices = None if known.prices is None else np.append(known.prices, 0.0)
    hint = WarmStart(prices=prices, pool_prices=known.pool_prices)
    return solve(kept, solver, limits, cheapest=False, warm_start=hint)
