"""Which mix of creators is best? The whole road from a roster and a campaign to an audited plan."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from time import perf_counter

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign import NET_REACH, Campaign, Ideal
from microopt.case import Case
from microopt.goals import LEAST_COST
from microopt.plan import Diagnosis, Plan, Proof
from microopt.roster import Roster
from microopt.solver.answer import Answer, Limit, Limits, Stop
from microopt.solver.backend import Backend, backend
from microopt.solver.fingerprint import fingerprint
from microopt.solver.formulate import formulate
from microopt.solver.lexicographic import solve_cheapest
from microopt.solver.objective import (
    BALANCED,
    METRIC_OF_GOAL,
    Objective,
    balanced_objective,
    cost_objective,
    metric_objective,
    net_reach_objective,
    worth_objective,
)
from microopt.solver.program import Program
from microopt.solver.search import solve
from microopt.solver.tangents import room
from microopt.studies.assemble import assemble
from microopt.studies.diagnose import diagnose
from microopt.studies.prepare import prepare

IDEAL_SHARE = 0.25  # of the time left, for each ideal of a balanced goal
RETRY_SHARE = 0.5  # where that finds no plan at all
IDEAL_NODES = 500  # an ideal is a scale: where its last digits are hard to prove, its bound is reported


class _Question(Struct, frozen=True, kw_only=True, eq=False):
    case: Case
    solver: Backend
    limits: Limits
    start: float

    def left(self, share: float = 1.0) -> Limits:
        if self.limits.seconds is None:
            return self.limits
        left = self.limits.seconds - (perf_counter() - self.start)
        return replace(self.limits, seconds=max(0.0, left * share))


def optimise(
    roster: Roster, campaign: Campaign, *, limits: Limits | None = None, solver: Backend | None = None,
    campaign_sha256: str | None = None,
) -> Plan | Diagnosis:  # fmt: skip
    """Return the best plan of a campaign on a roster, or why there is none.

    Parameters
    ----------
    limits
        60 seconds and no gap by default.
    solver
        CBC by default.
    campaign_sha256
        Of the campaign file, to be kept with the plan.

    Raises
    ------
    CampaignError
        If the campaign does not fit the roster.
    AuditError
        If the solver's answer does not hold.
    BackendError
        If the solver fails.
    """
    case, warnings = prepare(roster, campaign)
    limits = limits or Limits(seconds=60.0)
    return best_of(case, limits=limits, solver=solver or backend(), warnings=warnings, campaign_sha256=campaign_sha256)


def best_of(
    case: Case, *, limits: Limits, solver: Backend, warnings: tuple[str, ...] = (), campaign_sha256: str | None = None
) -> Plan | Diagnosis:
    """Return the best plan of a case, or why there is none; `optimise` once the case is there.

    Parameters
    ----------
    warnings
        Of the case, to be kept with the plan.

    Raises
    ------
    AuditError, BackendError
        As `optimise` does.
    """
    question = _Question(case=case, solver=solver, limits=limits, start=perf_counter())
    ideals, blocked = _ideals(question)
    if blocked is not None:
        return diagnose(case, blocked, warnings)
    objective = objective_of(case, ideals)
    program = formulate(case, objective)
    least = case.campaign.goal.name == LEAST_COST  # then a plan of equal value costs as much
    if least:
        answer = solve(program, question.solver, question.left(), cheapest=False)
        answer = replace(answer, cheapest=answer.stop is Stop.OPTIMAL)
    else:
        answer = solve_cheapest(program, question.solver, question.left())
    if answer.picks is None:
        return diagnose(case, answer, warnings)
    proof = _proof(answer, objective, program, perf_counter() - question.start)
    return assemble(case, program, answer, proof, ideals=ideals, warnings=warnings, campaign_sha256=campaign_sha256)


def _ideals(question: _Question) -> tuple[tuple[Ideal, ...], Answer | None]:
    """Return the best totals that a balanced goal is measured by, or the answer that stands in the way."""
    campaign = question.case.campaign
    if campaign.goal.name != "balanced" or campaign.ideals:
        return campaign.ideals, None
    ideals = []
    for metric in BALANCED:
        objective = metric_objective(question.case, metric)
        program = formulate(question.case, objective)
        limits = replace(question.left(IDEAL_SHARE), nodes=IDEAL_NODES)
        answer = solve(program, question.solver, limits, cheapest=False)
        if answer.stop is Stop.UNKNOWN and answer.limit is not Limit.INTERRUPT:  # a limit that nobody asked for
            answer = solve(program, question.solver, question.left(RETRY_SHARE), cheapest=False)
        if answer.limit is Limit.INTERRUPT:
            raise KeyboardInterrupt
        if answer.picks is None:
            return (), answer
        bought = question.case.rows(program.chosen(answer.picks))
        total = int(question.case.forecast.metrics[metric][bought].sum())
        assert answer.bound is not None
        bound = total if answer.stop is Stop.OPTIMAL else max(total, floor(answer.bound * objective.unit * 1000))
        ideals.append(Ideal(metric=metric, total=total, bound=bound))
    return tuple(ideals), None


def objective_of(case: Case, ideals: tuple[Ideal, ...]) -> Objective:
    """Return what the goal of a case counts; a balanced one by its ideals."""
    goal = case.campaign.goal
    if goal.name == "balanced":
        return balanced_objective(case, {ideal.metric: ideal.total for ideal in ideals})
    if goal.name == NET_REACH:
        return net_reach_objective(case)
    if goal.name == LEAST_COST:
        return cost_objective(case)
    if goal.name == "worth":
        return worth_objective(case, goal.worths)
    return metric_objective(case, goal.column or METRIC_OF_GOAL[goal.name])


def _proof(answer: Answer, objective: Objective, program: Program, seconds: float) -> Proof:
    assert answer.value is not None and answer.bound is not None and answer.price_bound is not None
    assert answer.prices is not None
    reached = answer.bound - answer.value <= room(program, answer.bound)  # also where a limit stopped the last proof
    return Proof(
        status=(Stop.OPTIMAL if reached else Stop.FEASIBLE).value, limit=answer.limit.value if answer.limit else None,
        objective=Fraction(answer.value) * objective.unit, bound=Fraction(answer.bound) * objective.unit,
        shown_by=answer.shown_by, cheapest=answer.cheapest, row_prices=tuple(answer.prices.tolist()),
        price_bound=Fraction(answer.price_bound) * objective.unit, core=answer.core, backend=answer.backend,
        version=answer.version, seconds=seconds,
        pool_prices=() if answer.pool_prices is None else tuple(answer.pool_prices.tolist()),
        program=fingerprint(program),
    )  # fmt: skip
