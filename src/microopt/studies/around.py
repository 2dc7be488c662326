"""What would half the budget of a plan buy, and twice? The best plan of each, measured by the plan's own ideals."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from time import perf_counter

from msgspec.structs import replace

from microopt.budget_frontier import Frontier
from microopt.solver.answer import Limits
from microopt.solver.backend import Backend
from microopt.studies.asked import Asked
from microopt.studies.assemble import facts_of
from microopt.studies.frontier import Question, answers, check_steps, point_of
from microopt.studies.stint import Stint


def budgets_around(own: int, steps: int) -> tuple[int, ...]:
    """Return budgets in cents from half to twice a budget: round ones, and the budget itself to the cent.

    Raises
    ------
    UsageError
        If there are too few or too many.
    """
    check_steps(steps)
    below = round((steps - 1) / 3)
    above = steps - 1 - below
    lower = [own - (own - own // 2) * number // below for number in range(below, 0, -1)]
    upper = [own + own * number // above for number in range(1, above + 1)]
    unit = 10 ** max(0, floor(log10(max(1, own / steps))) - 1)
    inner = [max(1, round(budget / unit) * unit) for budget in (*lower, *upper)]
    return tuple(sorted({own, *inner}))


def around(
    asked: Asked, budgets: Sequence[int], *, limits: Limits, solver: Backend, campaign_sha256: str | None = None
) -> Frontier:
    """Return the best plan of each of several budgets, of which one is the plan that is there.

    Parameters
    ----------
    budgets
        In cents, the lowest first.
    limits
        For all of it. After the time, or an interrupt, what is left is told to be not looked at.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    start, mine = perf_counter(), asked.answered
    campaign = mine.case.campaign
    question = Question(top=mine, solver=solver, stint=Stint(limits))
    found = answers(question, budgets, {} if campaign.budget is None else {campaign.budget: mine.answer}, 1.0)
    points = tuple(point_of(mine, one) for one in found)
    return Frontier(
        campaign=replace(campaign, budget=budgets[-1]), campaign_sha256=campaign_sha256, roster=facts_of(mine.case),
        ideals=mine.ideals, points=points, enough=None, backend=mine.proof.backend, version=mine.proof.version,
        seconds=perf_counter() - start,
    )  # fmt: skip
