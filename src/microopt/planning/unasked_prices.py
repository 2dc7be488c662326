"""The prices of rules that nobody asked for, where rules leave much of the budget unspent."""

from __future__ import annotations

from msgspec.structs import replace

from microopt.errors import AuditError, BackendError
from microopt.plan.plan import Plan, RulePrice
from microopt.planning.counterfactuals import SolveAnew, rule_prices
from microopt.planning.solved import SolvedProblem
from microopt.planning.unspent_money import rules_keep_creators_out, somebody_could_be_added
from microopt.solver.backends.base import Backend
from microopt.solver.result import SolveLimits

UNASKED_SECONDS = 10.0  # for the prices of rules that nobody asked for


def with_rules_priced_unasked(
    plan: Plan, solved: SolvedProblem, limits: SolveLimits, solver: Backend, solve_anew: SolveAnew | None = None
) -> Plan:
    """Return the plan with what each rule costs, where rules leave more than a fifth of the budget unspent."""
    if not _rules_leave_much_unspent(plan, solved):
        return plan
    return replace(plan, rule_prices=_prices_unasked(solved, limits, solver, solve_anew))


def _rules_leave_much_unspent(plan: Plan, solved: SolvedProblem) -> bool:
    """Whether rules may be why more than a fifth of the budget is left."""
    campaign, program, columns = plan.campaign, solved.program, solved.result.columns
    if plan.tail is not None or solved.is_chosen_for_declines:
        return False  # other plans, measured by the mean, are no comparison
    if columns is None or not (plan.leaves_much_unspent and campaign.rules) or campaign.goal.targets:
        return False
    chosen = program.mask(columns)
    if not somebody_could_be_added(program, chosen):
        return False
    return any(use.binding for use in plan.rules) or rules_keep_creators_out(solved.problem, program, chosen)


def _prices_unasked(
    solved: SolvedProblem, limits: SolveLimits, solver: Backend, solve_anew: SolveAnew | None
) -> tuple[RulePrice, ...]:
    """Return what each rule costs, as far as some seconds allow; nothing if that shows nothing."""
    seconds = UNASKED_SECONDS if limits.seconds is None else min(UNASKED_SECONDS, limits.seconds)
    try:
        prices = rule_prices(solved, replace(limits, seconds=seconds), solver, solve_anew)
    except (AuditError, BackendError):
        return ()  # the plan does not depend on it
    return prices if any(price.change is not None for price in prices) else ()
