"""Answered: a campaign with its best picks in hand."""

from __future__ import annotations

from msgspec import Struct

from microopt.campaign.campaign import Ideal
from microopt.plan.plan import Proof
from microopt.planning.formulation.objective import Objective
from microopt.planning.problem import Case
from microopt.solver.program import Program
from microopt.solver.result import Answer


class Answered(Struct, frozen=True, kw_only=True, eq=False):
    """A campaign with a plan in hand: what its plan is made of, and what further questions start from."""

    case: Case
    ideals: tuple[Ideal, ...]
    objective: Objective
    program: Program
    answer: Answer
    proof: Proof
