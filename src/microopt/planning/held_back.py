"""Whom did the rule of one offer a creator hold back? What a further offer would be worth at the plan's own prices."""

from __future__ import annotations

import numpy as np

from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key
from microopt.solver.program import IntegerProgram
from microopt.solver.result import SolveResult


def held_back(case: PlanningProblem, program: IntegerProgram, answer: SolveResult) -> tuple[str, ...]:
    """Return the creators picked of whom another offer is worth more than it costs at the plan's row prices.

    Prices are those of the relaxation: that an offer is held back is an indication, not a proof.
    """
    if case.campaign.one_offer_per == "offer" or answer.prices is None or answer.picks is None:
        return ()
    pools = np.zeros(len(program.pools)) if answer.pool_prices is None else answer.pool_prices
    worth = program.reduced(answer.prices, pools)[case.choice]
    mine, ids = case.rows(program.chosen(answer.picks)), case.roster.creator_id
    alone = np.bincount(case.choice, minlength=case.choices)[case.choice] == 1
    names = {int(ids[row]): case.roster.texts["creator"][row].strip() for row in np.flatnonzero(mine).tolist()}
    bought = {_offer(case, row) for row in np.flatnonzero(mine).tolist()}
    taken = {_slot(case, row) for row in np.flatnonzero(mine).tolist()}
    wanted = np.flatnonzero(alone & ~mine & (worth > 0) & np.isin(ids, list(names))).tolist()
    found = {int(ids[row]) for row in wanted if _offer(case, row) not in bought and _slot(case, row) in taken}
    return tuple(names[creator] for creator in sorted(found))


def _slot(case: PlanningProblem, row: int) -> tuple[int, str]:
    """Return what at most one offer may be bought of."""
    platform = case.roster.text("platform", row) if case.campaign.one_offer_per == "creator,platform" else ""
    return int(case.roster.creator_id[row]), match_key(platform)


def _offer(case: PlanningProblem, row: int) -> tuple[int, str, str]:
    """Return what tells offers apart, whatever the number of units."""
    return int(case.roster.creator_id[row]), case.roster.text("platform", row), case.roster.text("offer", row)
