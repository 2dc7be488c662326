"""The next best plans, each with other creators, and how often each creator is in one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import partial
from typing import ClassVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.analysis.session import solve_or_diagnose
from microopt.campaign.campaign import Campaign
from microopt.errors import UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.difference import Difference
from microopt.plan.plan import AnalyzedPlan, Plan, PlanResult
from microopt.planning.build_plan import build_plan
from microopt.planning.counterfactuals import compare_picks, creator_names, top_offer_rows
from microopt.planning.declines.choose import refuse_after_declines
from microopt.planning.optimize import build_proof
from microopt.planning.problem import PlanningProblem
from microopt.planning.problem_run import solve_for_goal
from microopt.planning.risk.tail_goal import refuse_worst_share
from microopt.planning.solved import OfSolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.units import Approximate, Seconds
from microopt.roster.roster import Roster
from microopt.signals import finish_first
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.constraint import Constraint, constraint
from microopt.solver.cross_check import CrossCheckResult
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, WarmStart


class StopReason(StrEnum):
    """Why a search for alternatives stopped."""

    FOUND = "found"  # as many as requested
    EXHAUSTED = "exhausted"  # proven that no further plan differs enough
    STOPPED = "stopped"  # by a limit or an interrupt


class Alternative(Struct, frozen=True, kw_only=True):
    """The best of the plans that differ enough from the best plan and from each earlier alternative.

    Attributes
    ----------
    plan
        Its proof covers only plans that differ enough: the campaign has better plans.
    change
        Its difference from the best plan.
    swapped
        Creators of both plans with other offers, other numbers of units, or in other waves.
    share_of_best
        Its value by the best plan's, None where one of the two has none above zero.
    """

    plan: PlanResult
    change: Difference
    swapped: tuple[str, ...] = ()
    share_of_best: Approximate | None = None


class CreatorFrequency(Struct, frozen=True, kw_only=True):
    """The plans that a creator is in.

    Attributes
    ----------
    plans
        Their numbers, ascending: 0 is the best plan, 1 the first alternative.
    """

    creator: str
    tier: str
    plans: tuple[int, ...]


class Alternatives(Struct, frozen=True, kw_only=True):
    """The best plan of a campaign and the next best ones.

    Attributes
    ----------
    count
        The number requested.
    differ
        How many creators of each earlier plan an alternative leaves out; all of them if the plan has fewer.
    plans
        The alternatives in the order found: if all are proven, their values do not rise, except within the tolerance of
        a proof of net reach.
    creators
        The creators of all plans, the most frequent first.
    stop_reason
        Why there are no more.
    limit
        What ended the last search early, or None.
    seconds
        The total time.
    warnings
        Warnings of this analysis; the best plan has the campaign's.
    """

    best: AnalyzedPlan
    count: int
    differ: int
    plans: tuple[Alternative, ...]
    creators: tuple[CreatorFrequency, ...]
    stop_reason: StopReason
    seconds: Seconds
    limit: str | None = None
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "alternatives"
    computed: ClassVar[tuple[str, ...]] = ("status",)

    @property
    def status(self) -> str:
        """`optimal` where all of it is proven, else `feasible`."""
        return "optimal" if self.proven() else "feasible"

    def proven(self, gap: float = 0.0) -> bool:
        """Whether all alternatives are there, or proven not to exist, and each is proven or within this gap."""
        proofs = [self.best.proof, *(alternative.plan.proof for alternative in self.plans)]
        return self.stop_reason is not StopReason.STOPPED and all(
            proof.status == "optimal" or (gap > 0 and proof.gap <= gap) for proof in proofs
        )


DEFAULT_COUNT, MAX_COUNT = 5, 50  # the number of alternatives by default, and at most
BEST_SHARE = 0.5  # of the time, for the best plan


class _AlternativesSearch(OfSolvedProblem, frozen=True, kw_only=True, eq=False):
    best: Plan
    solver: Backend
    time_budget: TimeBudget
    count: int
    differ: int


class _Candidate(Struct, frozen=True, kw_only=True, eq=False):
    result: SolveResult
    alternative: Alternative | None = None

    @property
    def picks(self) -> Columns:
        assert self.result.columns is not None
        return self.result.columns


def alternatives(
    roster: Roster,
    campaign: Campaign,
    *,
    count: int = DEFAULT_COUNT,
    differ: int = 1,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    campaign_sha256: str | None = None,
) -> Alternatives | Diagnosis:
    """Return the best plan and the next best ones, each of which leaves out creators of every earlier plan.

    Rules and goal stay the same; a balanced goal measures all plans by the ideals of the best one. If there is no plan
    at all, a diagnosis is returned.

    Parameters
    ----------
    count
        How many alternatives, 1 to 50; fewer if no more plans differ enough.
    differ
        The least number of creators of each earlier plan that an alternative leaves out.
    limits
        For the whole analysis; 60 seconds and no gap by default. An interrupt keeps what was found.
    solver
        CBC by default.
    campaign_sha256
        SHA-256 of the campaign file, stored with the plans.

    Raises
    ------
    UsageError
        If `count` or `differ` is out of range.
    CampaignError
        If the campaign does not fit the roster.
    AuditError, BackendError
        If the solver fails, or its result does not pass the audit.
    """
    refuse_worst_share(campaign, "alternatives")
    refuse_after_declines(campaign, "alternatives")
    check_alternative_counts(count, differ)
    time_budget, solver = TimeBudget(limits or SolveLimits(seconds=60.0)), solver or load_backend()
    best_limits = time_budget.limits_for("best plan", BEST_SHARE)
    solved_or_diagnosis = solve_or_diagnose(roster, campaign, best_limits, time_budget, solver, study="alternatives")
    if isinstance(solved_or_diagnosis, Diagnosis):
        return solved_or_diagnosis
    solved, warnings = solved_or_diagnosis
    with finish_first():
        best = build_plan(solved, warnings=warnings, campaign_sha256=campaign_sha256)
    return _collect(
        _AlternativesSearch(
            solved=solved, best=best, solver=solver, time_budget=time_budget, count=count, differ=differ
        )
    )


def check_alternative_counts(count: int, differ: int) -> None:
    """Check the number of alternatives, and of creators to leave out.

    Raises
    ------
    UsageError
        If one is out of range.
    """
    if not 1 <= count <= MAX_COUNT:
        raise UsageError(
            f"--count {count} is not between 1 and {MAX_COUNT}",
            fix=f"ask for 1 to {MAX_COUNT}: --count {DEFAULT_COUNT}",
        )
    if differ < 1:
        message = f"--differ {differ} would let the best plan itself be an alternative"
        raise UsageError(message, fix="leave out at least one creator of each plan: --differ 1")


def _collect(search: _AlternativesSearch) -> Alternatives:
    """Search for one alternative after the other."""
    candidates: list[_Candidate] = []
    stop_reason, limit = StopReason.FOUND, None
    for candidate in _search_alternatives(search):
        if candidate.alternative is None:
            exhausted = candidate.result.termination is Termination.INFEASIBLE
            stop_reason, limit = StopReason.EXHAUSTED if exhausted else StopReason.STOPPED, candidate.result.limit
            break
        candidates.append(candidate)
    plans = [search.picks, *(candidate.picks for candidate in candidates)]
    return Alternatives(
        best=search.best,
        count=search.count,
        differ=search.differ,
        plans=tuple(candidate.alternative for candidate in candidates if candidate.alternative is not None),
        creators=tuple(_creator_frequencies(search.problem, plans)),
        stop_reason=stop_reason,
        limit=None if limit is None else limit.value,
        seconds=search.time_budget.elapsed,
        warnings=tuple(_small_plan_warnings(search, plans)),
    )


def _search_alternatives(search: _AlternativesSearch) -> Iterator[_Candidate]:
    """Yield the alternatives; if there are fewer than requested, the last candidate has none."""
    time_budget, program, previous = search.time_budget, search.solved.program, search.solved.result
    for number in range(search.count):
        assert previous.columns is not None
        if not len(previous.columns):  # an empty plan has no creator to leave out
            yield _Candidate(result=SolveResult(termination=Termination.INFEASIBLE))
            return
        program = program.with_row(_exclusion_row(program, previous.columns, search.differ, number))
        share = 1 / (search.count - number)
        candidate = time_budget.run(partial(_solve_next, search, program, previous), f"alternative {number + 1}", share)
        if candidate is None:
            limit = Limit.INTERRUPT if time_budget.interrupted else Limit.TIME
            candidate = _Candidate(result=SolveResult(termination=Termination.UNKNOWN, limit=limit))
        yield candidate
        time_budget.note_interrupt(candidate.result.limit)
        previous = candidate.result


def _exclusion_row(program: IntegerProgram, picks: Columns, differ: int, number: int) -> Constraint:
    """Return the constraint that leaves out creators of a plan; a group has one column, so the sum counts creators."""
    is_picked = np.isin(program.group, program.group[picks]).astype(np.int64)
    label = f"other than alternative {number}" if number else "other than the best plan"
    return constraint(label, is_picked, upper=max(0, len(picks) - differ))


def _solve_next(
    search: _AlternativesSearch, program: IntegerProgram, previous: SolveResult, limits: SolveLimits
) -> _Candidate:
    """Solve a program that has one row more than that of the previous result."""
    solved = search.solved
    assert previous.prices is not None
    hint = WarmStart(prices=np.insert(previous.prices, len(program.rows) - 1, 0.0), pool_prices=previous.pool_prices)
    labeled_limits = limits.reporting_as("", solved.objective.unit)
    result = solve_for_goal(search.problem, program, search.solver, labeled_limits, hint, search.best.picks)
    if result.columns is None:
        return _Candidate(result=result)
    return _Candidate(result=result, alternative=_build_alternative(search, program, result))


def _build_alternative(search: _AlternativesSearch, program: IntegerProgram, result: SolveResult) -> Alternative:
    solved, problem = search.solved, search.problem
    assert result.columns is not None and result.prices is not None
    proof = build_proof(CrossCheckResult(result=result), solved.objective, program, result.seconds)
    added = slice(len(solved.program.rows), len(program.rows))
    trimmed = replace(result, prices=np.delete(result.prices, added))
    plan = build_plan(replace(solved, result=trimmed, proof=proof), campaign_sha256=search.best.campaign_sha256)
    best_value, value = search.best.proof.objective, proof.objective
    return Alternative(
        plan=replace(plan, warnings=()),
        change=compare_picks(problem, search.picks, result.columns, (best_value, value)),
        swapped=_swapped_creators(problem, search.picks, result.columns),
        share_of_best=value / best_value if best_value > 0 and value > 0 else None,
    )


def _swapped_creators(problem: PlanningProblem, before: Columns, after: Columns) -> tuple[str, ...]:
    """Return the creators in both plans with different offers."""
    exclusive = [
        set(problem.choice_creators[np.setdiff1d(left, right)].tolist())
        for left, right in ((before, after), (after, before))
    ]
    return creator_names(problem, exclusive[0] & exclusive[1])


def _creator_frequencies(problem: PlanningProblem, plans: Sequence[Columns]) -> Iterator[CreatorFrequency]:
    """Yield each creator with the numbers of their plans, the most frequent creators first."""
    plans_by_creator: dict[int, list[int]] = {}
    for number, picks in enumerate(plans):
        for creator in problem.choice_creators[picks].tolist():
            plans_by_creator.setdefault(creator, []).append(number)
    rows = top_offer_rows(problem, set(plans_by_creator))
    for creator in sorted(
        rows, key=lambda creator_id: -len(plans_by_creator[creator_id])
    ):  # a stable sort: ties stay in the order of engagements
        creators, tiers = problem.roster.texts["creator"], problem.roster.texts["tier"]
        yield CreatorFrequency(
            creator=creators[rows[creator]].strip(),
            tier=tiers[rows[creator]].strip(),
            plans=tuple(plans_by_creator[creator]),
        )


def _small_plan_warnings(search: _AlternativesSearch, plans: Sequence[Columns]) -> Iterator[str]:
    """Yield a warning if a plan has fewer creators than later alternatives must leave out."""
    small = [len(picks) for picks in plans[: search.count] if 0 < len(picks) < search.differ]
    if small:
        subject = "the best plan has" if small[0] == len(plans[0]) else "one of the plans has"
        number = f"{small[0]:,} creator{'' if small[0] == 1 else 's'}"
        yield f"{subject} only {number}, not {search.differ:,} to leave out: the plans after it leave out all of them"
