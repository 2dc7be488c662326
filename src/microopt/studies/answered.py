"""Answered: a campaign with its best picks in hand."""

from __future__ import annotations

from msgspec import Struct

from microopt.campaign import Ideal
from microopt.case import Case
from microopt.plan import Proof
from microopt.solver.answer import Answer
from microopt.solver.objective import Objective
from microopt.solver.program import Program


class Answered(Struct, frozen=True, kw_only=True, eq=False):
    """A campaign with a plan in hand: what its plan is made of, and what further questions start from."""

    case: Case
    ideals: tuple[Ideal, ...]
    objective: Objective
    program: Program
    answer: Answer
    proof: Proof
