"""What changed since the last plan: who was added and dropped, the facts behind it, and what each change gains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.progress import Contract, ContractState
from microopt.inflight.fallback_notes import ordinal
from microopt.inflight.freed_in_waves import freed_in_waves
from microopt.inflight.merge_contracts import has_declined
from microopt.inflight.transition import Keys, PlanTransition, available_creators, same_purchase
from microopt.plan.difference import Difference
from microopt.plan.purchase import Purchase, offer_keys, waves_by_offer
from microopt.plan.replan_summary import RosterChange
from microopt.planning.build_problem import build_problem
from microopt.planning.counterfactuals import (
    compare_picks,
    creator_choices,
    price_columns,
    solve_with_one,
    solve_without,
    without_rows,
)
from microopt.planning.formulation.rules.fixed import BUDGET_LABEL
from microopt.planning.problem import PlanningProblem
from microopt.planning.purchase_causes import (
    DECLINED_LEFT_MONEY,
    ComparisonTerms,
    exclusion_reasons,
    goal_metrics,
    uses_tiers,
    worsened_figures,
)
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_money, format_names, join_words
from microopt.roster.absences import Reason
from microopt.roster.contract_status import contracts_by_label, with_contract_columns
from microopt.roster.roster import with_tiers
from microopt.roster.selection import reasons_left_out
from microopt.solver.backends.base import Backend
from microopt.solver.constraint import constraint
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram
from microopt.solver.result import BRANCH_AND_BOUND, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

MOST_NAMES = 5  # creators in a sentence
NOT_AVAILABLE_BEFORE = "not available before"
LEFT_MONEY = "which left money"
BETTER_VALUE_NOW = "better value now"
BETTER_VALUE_ELSEWHERE = "better value elsewhere now"
PART_OF_BEST_PLAN = "in the best plan now, for no single reason"  # none that is known to hold
NO_BETTER_WITH_THEM = "the plan is no better with them now"
STOPPED_EARLY = "the search stopped before the plan was proven best"
CANNOT_KEEP_ALL = "no longer allow everyone in the last plan to be kept"


def find_switches(transition: PlanTransition, solver: Backend, time_budget: TimeBudget) -> tuple[RosterChange, ...]:
    """Return who was added, those with the most engagements first, then who was dropped, as the last plan lists them.

    The gain of each switch is solved for within the time left; a gain that was not looked at is None, as all are where
    the plan is for the worst outcomes, or for what comes after declines.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    last, now = transition.last_purchases, transition.purchases
    keys = {*now, *last}
    available = available_creators(transition.problem, keys)
    dropped = [key for key in last if key not in now]
    declined = [last[key].creator for key in dropped if _has_declined(transition, key, available)]
    changes = [*_explain_all_added(transition, declined)]
    changes += [_explain_dropped(transition, key, available) for key in dropped]
    if not transition.is_best_on_average:
        return tuple(changes)
    return tuple(_add_gains(transition, changes, solver, time_budget))


def _explain_all_added(transition: PlanTransition, declined: Sequence[str]) -> Iterator[RosterChange]:
    """Yield who was added; the last problem is built only if one of them was added by choice."""
    added = {key: selection for key, selection in transition.purchases.items() if key not in transition.last_purchases}
    contracts = {key: _kept_contract(transition, key) for key in added}
    chosen = any(contract is None for contract in contracts.values())
    last_problem = _build_last_problem(transition) if chosen else None
    available = None if last_problem is None else available_creators(last_problem, set(added))
    for key, purchase in added.items():
        contract = contracts[key]
        if contract is not None:
            cause = f"{contract.state.value} but not in the last plan"
            yield RosterChange(creator=purchase.creator, added=True, causes=(cause,), forced=True)
            continue
        if role := _fallback_role(transition, key):
            yield RosterChange(creator=purchase.creator, added=True, causes=(role,))
            continue
        causes: list[str] = []
        if last_problem is not None and available is not None:
            causes = _improvements(transition, last_problem, key) if key in available else [NOT_AVAILABLE_BEFORE]
        if declined:
            causes.append(f"{format_names(declined)} {DECLINED_LEFT_MONEY}")
        causes += freed_in_waves(transition, purchase)
        causes = causes or [_added_by_default(transition)]
        yield RosterChange(creator=purchase.creator, added=True, causes=tuple(causes))


def _fallback_role(transition: PlanTransition, key: str) -> str:
    """Return for whom a creator was taken as a fallback, empty for nobody."""
    running = transition.problem.campaign.running
    taken = () if running is None else running.fallbacks
    return next(
        (f"{ordinal(each.rank)} fallback for {each.instead_of}" for each in taken if match_key(each.creator) == key),
        "",
    )


def _added_by_default(transition: PlanTransition) -> str:
    """Return why a creator was added of whom nothing is known to have improved."""
    spare = transition.spare_money()
    if spare:
        return f"{', '.join(spare)}, {LEFT_MONEY}"
    dropped = transition.last_purchases.keys() - transition.purchases.keys()
    if dropped and transition.is_better_value:
        return BETTER_VALUE_NOW
    return PART_OF_BEST_PLAN if transition.is_proven else STOPPED_EARLY


def _build_last_problem(transition: PlanTransition) -> PlanningProblem | None:
    """Return what could be bought for the last plan, None if the roster has changed since: then it is not known."""
    last = transition.last.plan
    if transition.roster.source.sha256 != last.roster.source.sha256:
        return None
    return build_problem(transition.roster, last.campaign)[0]


def _improvements(transition: PlanTransition, last_problem: PlanningProblem, key: str) -> list[str]:
    """Return which of a creator's own figures improved, if the same offers were available before."""
    purchase = transition.purchases[key]
    before = same_purchase(last_problem, key, purchase)
    if before is None:
        return []
    return [cause.message for cause in worsened_figures(purchase, before, _comparison_terms(transition, forward=False))]


def _contracts_with(transition: PlanTransition, key: str) -> list[Contract]:
    running = transition.problem.campaign.running
    return [] if running is None else [each for each in running.contracts if match_key(each.creator) == key]


def _kept_contract(transition: PlanTransition, key: str) -> Contract | None:
    return next((contract for contract in _contracts_with(transition, key) if contract.kept), None)


def _has_declined(transition: PlanTransition, key: str, available: Keys) -> bool:
    """Whether a creator declined and nothing else can be bought from them."""
    contracts = _contracts_with(transition, key)
    return key not in available and any(contract.state is ContractState.DECLINED for contract in contracts)


def _explain_dropped(transition: PlanTransition, key: str, available: Keys) -> RosterChange:
    before = transition.last_purchases[key]
    forced = _forced_drop_reasons(transition, key, available)
    if forced:
        return RosterChange(creator=before.creator, added=False, causes=forced, forced=True)
    now = same_purchase(transition.problem, key, before)
    if now is None:
        late = {pick.wave or "" for pick in before.picks} & transition.problem.campaign.closed_waves
        cause = _too_late(late) if late else "what was bought is no longer offered"
        return RosterChange(creator=before.creator, added=False, causes=(cause,))
    worsened = worsened_figures(before, now, _comparison_terms(transition, forward=True))
    causes = [cause.message for cause in worsened]
    shortfall = transition.budget_shortfall(key if worsened else "")
    causes += [shortfall] if shortfall else []
    return RosterChange(creator=before.creator, added=False, causes=tuple(causes) or (_dropped_by_default(transition),))


def _dropped_by_default(transition: PlanTransition) -> str:
    """Return why a creator was dropped of whom nothing is worse, if the budget still covers the last plan."""
    broken = _rules_against_last_plan(transition)
    if broken:
        return f"without changes, the last plan would break {' and '.join(broken)}"
    if transition.is_better_value and transition.buys_something_new:
        spare = transition.spare_money()
        return f"{', '.join(spare)}, {LEFT_MONEY} for a better choice" if spare else BETTER_VALUE_ELSEWHERE
    return NO_BETTER_WITH_THEM if transition.is_proven else STOPPED_EARLY


def _rules_against_last_plan(transition: PlanTransition) -> list[str]:
    """Return what the last plan, among those who are still available, would break; none if all can be kept."""
    today = transition.last_plan_today
    if today is None or transition.known_plans:
        return []
    names = {BUDGET_LABEL: "the budget"}
    for label, contract in contracts_by_label(transition.problem.campaign.running).items():
        names[label] = f"the contract with {contract.creator}"
    return [names.get(label, label) for label in transition.solved.program.violated_constraints(today.columns)]


def _forced_drop_reasons(transition: PlanTransition, key: str, available: Keys) -> tuple[str, ...]:
    """Return why a creator could not stay in the plan, empty if they could."""
    if _has_declined(transition, key, available):
        return ("declined",)
    if key in available:
        return ()
    campaign, creator = transition.problem.campaign, transition.last_purchases[key].creator
    named = transition.roster.texts["creator"].contains_any({key})
    if not named.any():
        return reasons_left_out(transition.roster, creator) or ("no longer on the roster",)
    offers = with_tiers(transition.roster.take(np.flatnonzero(named)), campaign.tiers)
    offers = with_contract_columns(offers, campaign.running)
    waves = {pick.wave or "" for pick in transition.last_purchases[key].picks}
    late = waves & transition.problem.campaign.closed_waves
    reasons = tuple(exclusion_reasons(offers, campaign, creator))
    if late and set(reasons) <= {Reason.TODAY.value, Reason.LEAD.value}:
        return (_too_late(late),)
    return reasons or ("none of their offers is allowed",)


def _too_late(waves: Iterable[str]) -> str:
    return f"not agreed, and it is too late for a post in {join_words(sorted(waves))}"


def changed_offers(transition: PlanTransition) -> Iterator[str]:
    """Yield which creators stay with other offers than before: those have to be agreed on again.

    Creators who only lose posts in waves of a calendar for which it is too late share one sentence.
    """
    currency, closed = transition.problem.currency, transition.problem.campaign.closed_waves
    late: dict[str, list[str]] = {}
    for key, now in transition.purchases.items():
        before = transition.last_purchases.get(key)
        if before is None or offer_keys(before) == offer_keys(now):
            continue
        lost = {wave for *_, wave in offer_keys(before) - offer_keys(now)}
        declined = any(has_declined(_contracts_with(transition, key), wave) for wave in lost)
        if offer_keys(now) < offer_keys(before) and lost <= closed and not declined:
            late.setdefault(join_words(sorted(lost)), []).append(now.creator)
            continue
        offers = (f"{_describe_offers(each)} for {format_money(each.fee, currency)}" for each in (before, now))
        yield f"{now.creator} is bought differently: {', now '.join(offers)}"
    for waves, names in late.items():
        who = f"{format_names(names, MOST_NAMES)} {'has' if len(names) == 1 else 'have'} not agreed"
        yield f"{who} to posts in {waves}, for which it is too late now; their other posts stay"


def _describe_offers(purchase: Purchase) -> str:
    names = (
        " ".join(filter(None, (pick.platform, pick.offer, f"in {join_words(waves)}" if waves else "")))
        for pick, waves in waves_by_offer(purchase)
    )
    return " and ".join(names) or "one offer"


def _comparison_terms(transition: PlanTransition, *, forward: bool) -> ComparisonTerms:
    currency = transition.problem.currency
    same = currency == transition.last.plan.roster.currency
    campaign = transition.problem.campaign
    return ComparisonTerms(
        forward=forward,
        currency=currency if same else None,
        metrics=goal_metrics([campaign.goal]),
        uses_tiers=uses_tiers([campaign]),
    )


def _add_gains(
    transition: PlanTransition, changes: Sequence[RosterChange], solver: Backend, time_budget: TimeBudget
) -> Iterator[RosterChange]:
    """Yield the changes with the gain of each that was a choice; each gets its share of the time left.

    The picks found for one change are a start for the next.
    """
    counterfactuals = _CounterfactualSolver(
        transition=transition,
        solver=solver,
        priced=price_columns(transition.solved),
        known_plans=[*transition.known_plans],
    )
    unsolved = sum(not change.forced for change in changes)
    for change in changes:
        if change.forced:
            yield change
            continue
        result = time_budget.run(partial(counterfactuals.solve, change.creator), change.creator, 1 / unsolved)
        unsolved -= 1
        if result is None or result.columns is None:
            yield change
        else:
            yield replace(change, gain=_gain_over(transition, result.columns))


class _CounterfactualSolver(Struct, kw_only=True, eq=False):
    """Solves for the plan without a change.

    Attributes
    ----------
    known_plans
        The picks that it has found.
    needs_backend
        For plans without a creator, and for plans with one more: whether dynamic programming did not prove the last of
        them. Then it would hardly prove the next.
    """

    transition: PlanTransition
    solver: Backend
    priced: PricedProgram | None
    known_plans: list[Columns]
    needs_backend: dict[bool, bool] = field(default_factory=lambda: {True: False, False: False})

    def solve(self, creator: str, limits: SolveLimits) -> SolveResult:
        """Return the best picks without a creator who is in the plan, or with one who is not."""
        solved, columns = self.transition.solved, creator_choices(self.transition.solved, creator)
        is_in = bool(np.isin(columns, self.transition.picks).any())
        solve_case = solve_without if is_in else partial(solve_with_one, priced=self.priced)
        result = solve_case(
            solved, columns, self.solver, limits, *self.known_plans, had_too_many_states=self.needs_backend[is_in]
        )
        self.needs_backend[is_in] |= result.proven_by.startswith(BRANCH_AND_BOUND)
        if result.columns is not None:
            self.known_plans.append(result.columns)
        return result


def _gain_over(transition: PlanTransition, picks: Columns) -> Difference:
    """Return what the new plan has more than other picks."""
    unit, program = transition.solved.objective.unit, transition.solved.program
    values = (program.objective_value(picks) * unit, program.objective_value(transition.picks) * unit)
    return compare_picks(transition.problem, picks, transition.picks, values)


class CarryOverPlan(Struct, frozen=True, kw_only=True, eq=False):
    """The best plan that keeps every creator of the last plan who is still available.

    Attributes
    ----------
    gain
        What the new plan has more than it; None if there is no such plan, or it was not found.
    obstacle
        Why there is no such plan, or empty; empty too where the plan was not chosen for what it brings on average.
    picks
        Its picks.
    """

    gain: Difference | None = None
    obstacle: str = ""
    picks: Columns | None = None


def gain_over_carry_over(transition: PlanTransition, solver: Backend, time_budget: TimeBudget) -> CarryOverPlan:
    """Return the best plan that keeps every creator of the last plan, and what the new plan has more.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    if not transition.is_best_on_average:
        return CarryOverPlan()
    problem, program = transition.problem, transition.solved.program
    creators = problem.roster.texts["creator"].contains_any(set(transition.last_purchases))
    columns = problem.any_by_choice(creators)
    count = len(np.unique(program.group[columns]))
    keeping = program.with_row(constraint("the last plan is kept", columns.astype(np.int64), lower=count))
    if not keeping.violated_constraints(transition.picks):
        same = compare_picks(problem, transition.picks, transition.picks, (Fraction(1), Fraction(1)))
        return CarryOverPlan(gain=same, picks=transition.picks)
    result = time_budget.run(partial(_solve_keeping, keeping, solver, transition), "the last plan, kept", 0.5)
    if result is not None and result.columns is not None:
        return CarryOverPlan(gain=_gain_over(transition, result.columns), picks=result.columns)
    infeasible = result is not None and result.termination is Termination.INFEASIBLE
    obstacle = _obstacle(transition, keeping, columns, solver, time_budget) if infeasible else ""
    return CarryOverPlan(obstacle=obstacle)


def _obstacle(
    transition: PlanTransition,
    keeping: IntegerProgram,
    columns: NDArray[np.bool_],
    solver: Backend,
    time_budget: TimeBudget,
) -> str:
    """Return what no longer allows everyone of the last plan to be kept: the budget, the rules, or both together."""
    spendable = transition.problem.campaign.spendable
    if spendable is None:
        return f"the rules {CANNOT_KEEP_ALL}"
    cheapest = np.full(int(keeping.group.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(cheapest, keeping.group[columns], keeping.cost[columns])
    if int(cheapest[np.unique(keeping.group[columns])].sum()) > spendable:
        return transition.budget_shortfall() or "the budget no longer covers everyone in the last plan"
    unlimited = without_rows(keeping, (BUDGET_LABEL,))
    result = time_budget.run(partial(_solve_keeping, unlimited, solver, transition), "the last plan at any cost", 0.5)
    rules_alone = result is not None and result.termination is Termination.INFEASIBLE
    return f"{'the rules' if rules_alone else 'the rules and the budget together'} {CANNOT_KEEP_ALL}"


def _solve_keeping(
    keeping: IntegerProgram, solver: Backend, transition: PlanTransition, limits: SolveLimits
) -> SolveResult:
    current = transition.solved.result
    prices = None if current.prices is None else np.insert(current.prices, len(keeping.rows) - 1, 0.0)
    warm_start = WarmStart(prices=prices, pool_prices=current.pool_prices)
    return solve(keeping, solver, limits, cheapest=False, warm_start=warm_start)
