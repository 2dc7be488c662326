"""Answered: a campaign with its best picks in hand."""

from __future__ import annotations

from msgspec import Struct

from microopt.campaign.campaign import Ideal
from microopt.plan.plan import Proof
from microopt.planning.formulation.objective import Objective
from microopt.planning.problem import PlanningProblem
from microopt.solver.program import IntegerProgram
from microopt.solver.result import SolveResult


class SolvedProblem(Struct, frozen=True, kw_only=True, eq=False):
    """A campaign with a plan in hand: what its plan is made of, and what further questions start from."""

    case: PlanningProblem
    ideals: tuple[Ideal, ...]
    objective: Objective
    program: IntegerProgram
    answer: SolveResult
    proof: Proof
