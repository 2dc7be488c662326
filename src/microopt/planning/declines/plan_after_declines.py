"""The plan of means, followed by the plan that brings most after declines."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Protocol

from msgspec.structs import replace

from microopt.plan.proof import Proof
from microopt.planning.declines.choose import BuildObjective, choose_after_declines, with_picks
from microopt.planning.formulation.objective import Objective
from microopt.planning.solved import SolvedProblem
from microopt.solver.backends.base import Backend
from microopt.solver.cross_check import CrossCheckResult
from microopt.solver.program import IntegerProgram
from microopt.solver.result import SolveLimits, SolveResult

BuildProof = Callable[[CrossCheckResult, Objective, IntegerProgram, float], Proof]


class Run(Protocol):
    """What is left of the time of a run, and how it solves a program."""

    @property
    def solver(self) -> Backend:
        """The solver."""

    @property
    def start(self) -> float:
        """When the run began, by `time.perf_counter`."""

    def solve(self, program: IntegerProgram, solver: Backend, limits: SolveLimits) -> SolveResult:
        """Solve a program."""

    def remaining_limits(self, share: float = 1.0) -> SolveLimits:
        """Return the limits with this share of the time that is left."""


def plan_after_declines(
    means: SolvedProblem, run: Run, *, build_objective: BuildObjective, build_proof: BuildProof
) -> SolvedProblem:
    """Return the plan that brings most after declines; its proof says how much better one is if nobody is replaced.

    Parameters
    ----------
    means
        The plan of means.
    build_objective, build_proof
        Return the objective of a problem's goal, and the proof of a result.
    """

    def solve(program: IntegerProgram, objective: Objective, to_come: int) -> SolveResult:
        limits = run.remaining_limits(1 / (to_come + 1)).reporting_as("after declines", objective.unit)
        return run.solve(program, run.solver, limits)

    picks, after = choose_after_declines(means, build_objective, solve)
    if not after.share:
        return replace(means, after_declines=after)
    result, stated = with_picks(means.result, means.program, picks), means.proof
    checked = CrossCheckResult(result=result, confirmed_by=stated.confirmed_by, unconfirmed=stated.unconfirmed)
    proof = build_proof(checked, means.objective, means.program, perf_counter() - run.start)
    return replace(means, result=result, proof=proof, after_declines=after)
