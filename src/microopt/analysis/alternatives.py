"""What else would do nearly as well? The next best plans, each with other creators, and who is in all of them.

Alternatives: the next best plans of a campaign, how they differ from the best, and who is in how many of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import partial

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.errors import UsageError
from microopt.plan.difference import Difference
from microopt.plan.plan import Diagnosis, Plan
from microopt.planning.build_plan import build_plan
from microopt.planning.build_problem import build_problem
from microopt.planning.counterfactuals import compare_picks, creator_names, top_offer_rows
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.optimize import build_proof, solve_for_goal, solve_problem
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend, backend
from microopt.solver.cross_check import CrossCheckResult
from microopt.solver.program import Constraint, IntegerProgram, Picks, row
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, WarmStart


class StopReason(StrEnum):
    """Why there are no more alternatives."""

    FOUND = "found"  # as many as were asked for
    EXHAUSTED = "exhausted"  # shown that no further plan differs as much
    STOPPED = "stopped"  # a limit or an interrupt came first


class Alternative(Struct, frozen=True, kw_only=True):
    """The best plan of those that differ enough from the best plan and from each earlier alternative.

    Attributes
    ----------
    plan
        Its proof is that no such plan is worth more: as a plan of the campaign alone it is not the best.
    change
        What it has more than the best plan.
    swapped
        Creators of both plans with other offers, or other numbers of them.
    of_best
        Its value by the best plan's, None where one of the two has none above zero.
    """

    plan: Plan
    change: Difference
    swapped: tuple[str, ...] = ()
    of_best: Fraction | None = None


class CreatorFrequency(Struct, frozen=True, kw_only=True):
    """In which plans a creator is.

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
        How many were asked for.
    differ
        How many creators of each plan before it an alternative leaves out; all of them where a plan has fewer.
    plans
        The alternatives, in the order in which they were found: where all are proven, none is worth more than one
        before it, but for what a proof of net reach leaves open.
    creators
        Of all the plans, those who are in most of them first.
    ended
        Why there are no more.
    limit
        What cut the last search short, or None.
    seconds
        That all of it took.
    warnings
        Of this study; those of the campaign are the best plan's.
    """

    best: Plan
    count: int
    differ: int
    plans: tuple[Alternative, ...]
    creators: tuple[CreatorFrequency, ...]
    ended: StopReason
    seconds: float
    limit: str | None = None
    warnings: tuple[str, ...] = ()

    def proven(self, gap: float = 0.0) -> bool:
        """Whether all that was asked for is there or shown not to be, and proven or within this gap of the best."""
        proofs = [self.best.proof, *(one.plan.proof for one in self.plans)]
        return self.ended is not StopReason.STOPPED and all(
            proof.status == "optimal" or (gap > 0 and proof.gap <= gap) for proof in proofs
        )


COUNT, MOST = 5, 50  # alternatives where none are asked for, and at the most
BEST_SHARE = 0.5  # of the time: the plan that all others are held against


class _Question(Struct, frozen=True, kw_only=True, eq=False):
    answered: SolvedProblem
    best: Plan
    solver: Backend
    stint: TimeBudget
    count: int
    differ: int

    @property
    def case(self) -> PlanningProblem:
        return self.answered.problem

    @property
    def picks(self) -> Picks:
        assert self.answered.result.picks is not None
        return self.answered.result.picks


class _Found(Struct, frozen=True, kw_only=True, eq=False):
    answer: SolveResult
    alternative: Alternative | None = None

    @property
    def picks(self) -> Picks:
        assert self.answer.picks is not None
        return self.answer.picks


def alternatives(
    roster: Roster,
    campaign: Campaign,
    *,
    count: int = COUNT,
    differ: int = 1,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    campaign_sha256: str | None = None,
) -> Alternatives | Diagnosis:
    """Return the best plan and the next best ones, each of which leaves out creators of every plan before it.

    Rules and goal stay as they are; a balanced goal measures all plans by the ideals of the best.

    Parameters
    ----------
    count
        How many alternatives, 1 to 50; fewer where no more plans differ as much.
    differ
        How many creators of each plan before it an alternative leaves out, at least.
    limits
        For all of it; 60 seconds and no gap by default. After the time, or an interrupt, what is found by then stands.
    solver
        CBC by default.
    campaign_sha256
        Of the campaign file, to be kept with the plans.

    Returns
    -------
    Alternatives | Diagnosis
        Why there is no plan, where there is not even one.

    Raises
    ------
    UsageError
        If `count` or `differ` is out of range.
    CampaignError
        If the campaign does not fit the roster.
    AuditError
        If the solver's answer does not hold.
    BackendError
        If the solver fails.
    """
    refuse_odd(count, differ)
    case, warnings = build_problem(roster, campaign)
    stint, solver = TimeBudget(limits or SolveLimits(seconds=60.0)), solver or backend()
    found = solve_problem(case, limits=stint.limits_for("best plan", BEST_SHARE), solver=solver, warnings=warnings)
    if isinstance(found, Diagnosis):
        return diagnose(case, found, solver, stint.remaining_limits()).diagnosis
    stint.note_interrupt(found.proof.limit)
    best = build_plan(
        case,
        found.program,
        found.result,
        found.proof,
        ideals=found.ideals,
        warnings=warnings,
        campaign_sha256=campaign_sha256,
    )
    return _all(_Question(answered=found, best=best, solver=solver, stint=stint, count=count, differ=differ))


def refuse_odd(count: int, differ: int) -> None:
    """Refuse numbers of alternatives, or of creators to leave out, that nobody can mean.

    Raises
    ------
    UsageError
        If one is out of range.
    """
    if not 1 <= count <= MOST:
        raise UsageError(f"--count {count} is not between 1 and {MOST}", fix=f"ask for 1 to {MOST}: --count {COUNT}")
    if differ < 1:
        told = f"--differ {differ} would let an alternative be the best plan once more"
        raise UsageError(told, fix="leave out at least one creator of each plan: --differ 1")


def _all(question: _Question) -> Alternatives:
    """Ask for one alternative after the other."""
    found: list[_Found] = []
    ended, limit = StopReason.FOUND, None
    for one in _each(question):
        if one.alternative is None:
            ended = StopReason.EXHAUSTED if one.answer.stop is Termination.INFEASIBLE else StopReason.STOPPED
            limit = one.answer.limit
            break
        found.append(one)
    plans = [question.picks, *(one.picks for one in found)]
    return Alternatives(
        best=question.best,
        count=question.count,
        differ=question.differ,
        plans=tuple(one.alternative for one in found if one.alternative is not None),
        creators=tuple(_held(question.case, plans)),
        ended=ended,
        limit=None if limit is None else limit.value,
        seconds=question.stint.elapsed,
        warnings=tuple(_smaller(question, plans)),
    )


def _each(question: _Question) -> Iterator[_Found]:
    """Yield the alternatives, and last, where there are fewer than asked for, the answer that has none."""
    stint, program, before = question.stint, question.answered.program, question.answered.result
    for number in range(question.count):
        assert before.picks is not None
        if not len(before.picks):  # of a plan of nobody, nobody can be left out
            yield _Found(answer=SolveResult(stop=Termination.INFEASIBLE))
            return
        program = program.with_row(_others(program, before.picks, question.differ, number))
        share = 1 / (question.count - number)
        one = stint.run(partial(_next, question, program, before), f"alternative {number + 1}", share)
        if one is None:
            limit = Limit.INTERRUPT if stint.interrupted else Limit.TIME
            one = _Found(answer=SolveResult(stop=Termination.UNKNOWN, limit=limit))
        yield one
        stint.note_interrupt(one.answer.limit)
        before = one.answer


def _others(program: IntegerProgram, picks: Picks, differ: int, number: int) -> Constraint:
    """Return the row of plans that leave out creators of a plan: each is one group, so its sum is of creators kept."""
    kept = np.isin(program.group, program.group[picks]).astype(np.int64)
    label = f"other than alternative {number}" if number else "other than the best plan"
    return row(label, kept, upper=max(0, len(picks) - differ))


def _next(question: _Question, program: IntegerProgram, before: SolveResult, limits: SolveLimits) -> _Found:
    """Return the best plan of a program with one row more than that of the answer before."""
    answered = question.answered
    assert before.prices is not None
    hint = WarmStart(prices=np.append(before.prices, 0.0), pool_prices=before.pool_prices)
    told = limits.saying("", answered.objective.unit)
    answer = solve_for_goal(question.case, program, question.solver, told, hint)
    if answer.picks is None:
        return _Found(answer=answer)
    return _Found(answer=answer, alternative=_alternative(question, program, answer))


def _alternative(question: _Question, program: IntegerProgram, answer: SolveResult) -> Alternative:
    answered, case = question.answered, question.case
    assert answer.picks is not None and answer.prices is not None
    proof = build_proof(CrossCheckResult(answer=answer), answered.objective, program, answer.seconds)
    known = replace(answer, prices=answer.prices[: len(answered.program.rows)])
    plan = build_plan(
        case,
        answered.program,
        known,
        proof,
        ideals=answered.ideals,
        warnings=(),
        campaign_sha256=question.best.campaign_sha256,
    )
    mine, worth = question.best.proof.objective, proof.objective
    return Alternative(
        plan=replace(plan, warnings=()),
        change=compare_picks(case, question.picks, answer.picks, (mine, worth)),
        swapped=_swapped(case, question.picks, answer.picks),
        of_best=worth / mine if mine > 0 and worth > 0 else None,
    )


def _swapped(case: PlanningProblem, before: Picks, after: Picks) -> tuple[str, ...]:
    """Return the creators of two plans of whom these do not buy the same."""
    only = [
        set(case.choice_creators[np.setdiff1d(one, other)].tolist())
        for one, other in ((before, after), (after, before))
    ]
    return creator_names(case, only[0] & only[1])


def _held(case: PlanningProblem, plans: Sequence[Picks]) -> Iterator[CreatorFrequency]:
    """Yield each creator of the plans with the plans' numbers, those in most of them first."""
    of: dict[int, list[int]] = {}
    for number, picks in enumerate(plans):
        for creator in case.choice_creators[picks].tolist():
            of.setdefault(creator, []).append(number)
    rows = top_offer_rows(case, set(of))
    for creator in sorted(rows, key=lambda one: -len(of[one])):  # which keeps those of most engagements first
        creators, tiers = case.roster.texts["creator"], case.roster.texts["tier"]
        yield CreatorFrequency(
            creator=creators[rows[creator]].strip(), tier=tiers[rows[creator]].strip(), plans=tuple(of[creator])
        )


def _smaller(question: _Question, plans: Sequence[Picks]) -> Iterator[str]:
    """Say that a plan has fewer creators than each alternative after it is to leave out."""
    small = [len(picks) for picks in plans[: question.count] if 0 < len(picks) < question.differ]
    if small:
        told = "the best plan has" if small[0] == len(plans[0]) else "one of the plans has"
        number = f"{small[0]:,} creator{'' if small[0] == 1 else 's'}"
        yield f"{told} only {number}, not {question.differ:,} to leave out: the plans after it leave out all of them"
