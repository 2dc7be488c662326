"""The figures of a problem's offers that are hard to believe, each offer looked at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.forecast.plausibility import find_suspicions_of_plan
from microopt.planning.problem import PlanningProblem
from microopt.roster.suspicion import Suspicion


def suspicions_of_plan(problem: PlanningProblem, selection: NDArray[np.bool_]) -> tuple[Suspicion, ...]:
    """Return the figures that are hard to believe, those of the offers bought first.

    An offer is in many schedules of a calendar, with a discount in some of them: it is looked at as a single post.

    Parameters
    ----------
    selection
        (rows,) the offers bought.
    """
    roster, usual = problem.roster, problem.forecast.public_fees
    if roster.timing is None:
        return find_suspicions_of_plan(roster, problem.campaign, selection, usual)
    offer = roster.row * (int(roster.unit_counts().max(initial=1)) + 1) + roster.unit_counts()
    for name in ("offer", "platform"):
        if name in roster.texts:
            offer = offer * len(roster.texts[name].labels) + roster.texts[name].codes
    single = np.flatnonzero(np.bincount(problem.choice)[problem.choice] == 1)
    rows = single[np.sort(np.unique(offer[single], return_index=True)[1])]
    bought = np.isin(offer[rows], offer[selection])
    return find_suspicions_of_plan(roster.take(rows), problem.campaign, bought, None if usual is None else usual[rows])
