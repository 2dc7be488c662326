"""A problem given that whoever is asked accepts: forecasts are multiplied by acceptance, and here they are not."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.forecast.audience_quality import share_column
from microopt.forecast.forecast import NO_REVENUE
from microopt.planning.problem import PlanningProblem

NEVER = 1e-12  # acceptance of whoever never accepts, whose expected results are 0
NDFloat = NDArray[np.float64]


def acceptance_of_rows(problem: PlanningProblem) -> NDFloat:
    """Return the probability that the creator of each row accepts, (rows,)."""
    return share_column(problem.roster, "acceptance")


def acceptance_of_choices(problem: PlanningProblem) -> NDFloat:
    """Return the probability that each choice is accepted, (choices,).

    A creator accepts or declines all offers of a choice together: it is as likely as the least likely of them.
    """
    rows = acceptance_of_rows(problem)
    if problem.choice_count == len(problem):
        return rows
    return np.minimum.reduceat(rows, np.flatnonzero(np.diff(problem.choice, prepend=-1)))


def everyone_accepts(problem: PlanningProblem) -> bool:
    """Whether nobody can decline."""
    return bool((acceptance_of_rows(problem) >= 1).all())


def if_accepted(problem: PlanningProblem) -> PlanningProblem:
    """Return the problem with what each offer brings if its creator accepts; the cost is that already.

    Results are those of the forecast divided by the acceptance of the choice, so that they are the forecast's on
    average.
    """
    acceptance = acceptance_of_choices(problem)[problem.choice]
    forecast = problem.forecast
    return replace(
        problem,
        forecast=replace(
            forecast,
            metrics={name: _divided(values, acceptance) for name, values in forecast.metrics.items()},
            revenue=_revenue(forecast.revenue, acceptance),
            kept_revenue=_revenue(forecast.kept_revenue, acceptance),
        ),
    )


def _divided(values: NDArray[np.int64], acceptance: NDFloat) -> NDArray[np.int64]:
    return np.rint(values / np.maximum(acceptance, NEVER)).astype(np.int64)


def _revenue(values: NDArray[np.int64] | None, acceptance: NDFloat) -> NDArray[np.int64] | None:
    return None if values is None else np.where(values == NO_REVENUE, NO_REVENUE, _divided(values, acceptance))
