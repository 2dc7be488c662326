"""Volume discounts over campaigns: each choice once for each step, and the rows that say from when on a step holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.forecast.forecast import Forecast
from microopt.planning.build_problem import build_problem
from microopt.planning.laid_fees import with_laid_fees
from microopt.planning.portfolio.creator_rows import JointColumns, SharedCreatorRow
from microopt.planning.portfolio.entry import SharedProblem
from microopt.planning.problem import PlanningProblem
from microopt.quantities.discount_steps import DiscountSteps
from microopt.roster.roster import Roster
from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns


def with_levels(
    problem: PlanningProblem, roster: Roster, campaign: Campaign, steps: DiscountSteps, shared: frozenset[str]
) -> tuple[PlanningProblem, NDArray[np.int32]]:
    """Return the problem with each choice of some creators once more for each step, and the step of each choice.

    Parameters
    ----------
    shared
        The match keys of creators who may be in several campaigns.
    """
    texts, keys = problem.roster.texts["creator"], set(shared)
    has_copies = problem.any_by_choice(texts.contains_any(keys))
    names = {texts[row].strip() for row in np.flatnonzero(texts.contains_any(keys)).tolist()}
    if not steps or not names:
        return problem, np.zeros(problem.choice_count, dtype=np.int32)
    rows = problem.select_rows(has_copies)
    copies = [
        build_problem(roster, with_laid_fees(campaign, roster, discounts=dict.fromkeys(names, share)))[0].forecast
        for _, share in steps
    ]
    level = np.concatenate([np.full(int(has_copies.sum()), number) for number in range(1, len(steps) + 1)])
    _, choice = np.unique(problem.choice[rows], return_inverse=True)
    last = problem.choice_count
    choices = [choice + last + number * int(has_copies.sum()) for number in range(len(steps))]
    places = np.concatenate([np.arange(len(problem)), *[np.flatnonzero(rows)] * len(steps)])
    levels = np.concatenate([np.zeros(last), level]).astype(np.int32)
    joined = replace(
        problem,
        roster=problem.roster.take(places),
        forecast=reduce(_append, (copy.take(np.flatnonzero(rows)) for copy in copies), problem.forecast),
        choice=np.concatenate([problem.choice, *choices]).astype(np.int32),
    )
    return joined, levels


def _append(first: Forecast, second: Forecast) -> Forecast:
    """Return the forecast of the rows of both, one after the other."""

    def join(one: Any, other: Any) -> Any:
        return None if one is None else np.concatenate([one, other])

    def by_name(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
        return {name: np.concatenate([column, other[name]]) for name, column in one.items()}

    return replace(
        first,
        metrics=by_name(first.metrics, second.metrics),
        cost=join(first.cost, second.cost),
        fee=join(first.fee, second.fee),
        origins=by_name(first.origins, second.origins),
        extra_costs=by_name(first.extra_costs, second.extra_costs),
        usual_fee=join(first.usual_fee, second.usual_fee),
        fee_high=join(first.fee_high, second.fee_high),
        revenue=join(first.revenue, second.revenue),
        kept_revenue=join(first.kept_revenue, second.kept_revenue),
    )


def at_levels(columns: JointColumns, selected: Columns, steps: DiscountSteps) -> Columns:
    """Return selected columns, each at the step that the number of its creator's campaigns gives.

    A free post costs the same at each step, so that a plan does not say at which step it was booked. A column that
    costs something else at its step stays as it is.
    """
    if not steps:
        return selected
    campaigns = np.bincount(columns.creator[selected], minlength=len(columns.keys))
    moved = selected.tolist()
    for place, column in enumerate(moved):
        number = int(columns.campaign[column])
        problem, choice = columns.problems[number], column - columns.starts[number]
        count = int(campaigns[columns.creator[column]])
        step = sum(count >= least for least, _ in steps)
        if problem.level[choice] != step:
            moved[place] = columns.starts[number] + _same_at(problem, choice, step)
    return np.asarray(moved, dtype=np.intp)


def _same_at(problem: SharedProblem, choice: int, step: int) -> int:
    """Return the choice at a step that buys the same at the same cost, or the choice itself."""
    others = np.flatnonzero((problem.level == step) & (problem.creators == problem.creators[choice]))
    wanted = _bought(problem, choice)
    return next((other for other in others.tolist() if _bought(problem, other) == wanted), choice)


def _bought(problem: SharedProblem, choice: int) -> list[tuple[int, int, int, int]]:
    """Return what a choice buys: the row of the list, the units, the wave and the cost of each."""
    rows = np.flatnonzero(problem.problem.choice == choice)
    roster, cost = problem.problem.roster, problem.problem.forecast.cost[rows]
    wave = np.zeros(len(rows), dtype=np.int64) if roster.timing is None else roster.timing.wave[rows]
    of_rows = (roster.row[rows], roster.unit_counts()[rows], wave, cost)
    return sorted(zip(*(column.tolist() for column in of_rows), strict=True))


def level_rows(columns: JointColumns, steps: DiscountSteps) -> Iterator[SharedCreatorRow]:
    """Yield the rows by which a creator has exactly the step that the number of campaigns gives.

    Of a creator in n campaigns, a choice at a step that holds from k on to below m asks for n >= k and n < m. With x
    for the choice and y for the other campaigns of the creator: `y - (k - 1) x >= 0` and
    `y + (N - m + 1) x <= N - 1`, N being all campaigns that could book the creator.
    """
    level = np.concatenate([problem.level for problem in columns.problems])
    bounds = [*(number for number, _ in steps), None]
    order = np.argsort(columns.creator, kind="stable")
    starts = np.flatnonzero(np.diff(columns.creator[order], prepend=-1))
    for of_creator in np.split(order, starts[1:]) if steps and len(order) else ():
        own = np.sort(of_creator)
        campaigns = np.unique(columns.campaign[own])
        if not level[own].any():
            continue
        for campaign in campaigns.tolist():
            others = own[columns.campaign[own] != campaign]
            for step in range(len(steps) + 1):
                mine = own[(columns.campaign[own] == campaign) & (level[own] == step)]
                key = columns.keys[int(columns.creator[own[0]])]
                yield from _rows_of_step(key, mine, others, step, bounds, len(campaigns))


def _rows_of_step(
    key: str,
    mine: NDArray[np.intp],
    others: NDArray[np.intp],
    step: int,
    bounds: Sequence[int | None],
    most: int,
) -> Iterator[SharedCreatorRow]:
    at_least, below = (bounds[step - 1] if step else None), bounds[step]
    if at_least is not None:
        yield _weighted(key, f"volume discount from {at_least} campaigns", mine, others, 1 - at_least, lower=0)
    if below is not None and below <= most:
        limit = f"volume discount below {below} campaigns"
        yield _weighted(key, limit, mine, others, most - below + 1, upper=most - 1)


def _weighted(
    key: str,
    limit: str,
    mine: NDArray[np.intp],
    others: NDArray[np.intp],
    weight: int,
    *,
    lower: int | None = None,
    upper: int | None = None,
) -> SharedCreatorRow:
    where = np.concatenate([mine, others])
    amounts = np.concatenate([np.full(len(mine), weight), np.ones(len(others))]).astype(np.int64)
    order = np.argsort(where)
    row = Constraint(
        label=f"{key}: {limit}", columns=where[order], coefficients=amounts[order], lower=lower, upper=upper
    )
    return SharedCreatorRow(creator=key, limit=limit, row=row, is_limit=False)
