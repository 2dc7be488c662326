"""SolvedProblem: a planning problem together with its best picks and their proof."""

from __future__ import annotations

from msgspec import Struct

from microopt.campaign.campaign import Ideal
from microopt.plan.after_declines import AfterDeclines
from microopt.plan.proof import Proof
from microopt.plan.tail import Tail
from microopt.planning.formulation.objective import Objective
from microopt.planning.problem import PlanningProblem
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import SolveResult


class SolvedProblem(Struct, frozen=True, kw_only=True, eq=False):
    """A problem with its solution: a plan is built from it, and further analyses start from it.

    Attributes
    ----------
    after_declines
        What the plan brings after declines, where it was chosen for that.
    by_means
        The program of the mean of all outcomes, where the plan was chosen for the worst of them.
    tail
        What the plan brings in the worst scenarios, where it was chosen for that.
    """

    problem: PlanningProblem
    ideals: tuple[Ideal, ...]
    objective: Objective
    program: IntegerProgram
    result: SolveResult
    proof: Proof
    after_declines: AfterDeclines | None = None
    by_means: IntegerProgram | None = None
    tail: Tail | None = None

    @property
    def is_chosen_for_declines(self) -> bool:
        """Whether it was chosen for what it brings after declines, and is not the plan of means."""
        return self.after_declines is not None and self.after_declines.is_chosen

    @property
    def picks(self) -> Columns:
        """The columns of the solution."""
        assert self.result.columns is not None
        return self.result.columns


class OfSolvedProblem(Struct, frozen=True, kw_only=True, eq=False):
    """What starts from a solved problem, with its problem, program and picks at hand."""

    solved: SolvedProblem

    @property
    def problem(self) -> PlanningProblem:
        """The problem that was solved."""
        return self.solved.problem

    @property
    def program(self) -> IntegerProgram:
        """Its program."""
        return self.solved.program

    @property
    def picks(self) -> Columns:
        """The columns of the solution."""
        return self.solved.picks
