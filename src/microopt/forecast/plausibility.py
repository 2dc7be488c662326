"""Which creators' figures are hard to believe, to list them, to name them with a plan, and to leave them out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.campaign import Campaign
from microopt.forecast.contradictory_engagement import doubt_contradictions
from microopt.forecast.fee_plausibility import doubt_fees
from microopt.forecast.figure_plausibility import Doubt, Mask, doubt_figures
from microopt.forecast.post_plausibility import doubt_posts
from microopt.roster.roster import Roster
from microopt.roster.suspicion import FEE_CODE, Suspicion, SuspiciousCreator

MAX_LISTED = 1_000  # creators of a kind that are listed; all are counted
NAMED_IN_PLAN = 3


def find_suspicions(
    roster: Roster, campaign: Campaign, usual_fee: NDArray[np.int64] | None = None
) -> tuple[Suspicion, ...]:
    """Return the kinds of figures that are hard to believe, each with its creators.

    Parameters
    ----------
    usual_fee
        (n,) the usual fee of each offer in cents in the campaign's currency, if it is known already.
    """
    return tuple(
        _to_suspicion(roster, doubt, _one_per_creator(roster, doubt.rows))
        for doubt in _doubts(roster, campaign, usual_fee)
    )


def find_suspicions_of_plan(
    roster: Roster, campaign: Campaign, selection: Mask, usual_fee: NDArray[np.int64] | None = None
) -> tuple[Suspicion, ...]:
    """Return the same with each creator once, and at most three named of each kind, those of the offers bought first.

    Doubtful fees are listed apart from other figures, so a creator may be named for both.

    Parameters
    ----------
    selection
        (n,) the offers bought.
    """
    bought = np.unique(roster.creator_id[selection])
    suspicions, named = [], np.empty(0, dtype=roster.creator_id.dtype)
    for doubt in _doubts(roster, campaign, usual_fee):
        rows = _one_per_creator(roster, np.concatenate([doubt.rows[selection[doubt.rows]], doubt.rows]))
        if doubt.code != FEE_CODE:
            rows = rows[~np.isin(roster.creator_id[rows], named)]
            named = np.concatenate([named, roster.creator_id[rows]])
        in_plan = np.isin(roster.creator_id[rows], bought)
        ordered = np.concatenate([rows[in_plan], rows[~in_plan]])
        suspicion = _to_suspicion(roster, doubt, ordered, limit=NAMED_IN_PLAN)
        creators = tuple(replace(creator, row=None) for creator in suspicion.creators)
        suspicions.append(replace(suspicion, creators=creators, in_plan=int(in_plan.sum())))
    return tuple(suspicion for suspicion in suspicions if suspicion.count)


def suspicious_offers(roster: Roster, campaign: Campaign) -> Mask:
    """Return which offers are of creators any of whose figures are hard to believe, (n,)."""
    suspicious = np.zeros(int(roster.creator_id.max(initial=-1)) + 1, dtype=bool)
    for doubt in _doubts(roster, campaign, None):
        suspicious[roster.creator_id[doubt.rows]] = True
    return suspicious[roster.creator_id]


def _doubts(roster: Roster, campaign: Campaign, usual_fee: NDArray[np.int64] | None) -> Iterator[Doubt]:
    benchmarks = override_benchmarks(default_benchmarks(), campaign.forecast)
    doubted = np.zeros(len(roster), dtype=bool)
    of_figures = doubt_figures(roster, benchmarks), doubt_posts(roster), doubt_contradictions(roster, benchmarks)
    for doubt in chain(*of_figures):
        doubted[doubt.rows] = True
        if len(doubt.rows):
            yield doubt
    yield from (doubt for doubt in doubt_fees(roster, campaign, benchmarks, usual_fee, doubted) if len(doubt.rows))


def _one_per_creator(roster: Roster, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the first of these rows of each creator, in the same order."""
    _, first = np.unique(roster.creator_id[rows], return_index=True)
    return rows[np.sort(first)]


def _to_suspicion(roster: Roster, doubt: Doubt, rows: NDArray[np.intp], *, limit: int = MAX_LISTED) -> Suspicion:
    creators = tuple(
        SuspiciousCreator(
            creator=roster.texts["creator"][row].strip(), row=int(roster.row[row]), text=doubt.describe(row)
        )
        for row in rows[:limit].tolist()
    )
    return Suspicion(code=doubt.code, text=doubt.text, fix=doubt.fix, count=len(rows), creators=creators)
