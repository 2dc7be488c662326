"""The days of the offers that a plan buys in the waves of a calendar: posting, approval and briefing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.campaign import PairRule
from microopt.campaign.progress import CampaignProgress, Contract
from microopt.plan.posting_dates import Post, Promise, suggest_dates
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key
from microopt.quantities.platforms import platform_key
from microopt.quantities.tables import Column
from microopt.roster.roster import Roster
from microopt.roster.selection import matching_offers
from microopt.roster.waves import AVAILABLE_FROM, AVAILABLE_TO

Rows = NDArray[np.intp]


def date_columns(problem: PlanningProblem, calendar: Calendar, rows: Rows) -> dict[str, Column]:
    """Return the columns of days of the offers bought.

    Parameters
    ----------
    rows
        Of all offers that a plan buys, in the order in which it lists them: their days depend on each other.
    """
    bought = problem.roster.take(rows)
    agreed = _agreed_days(problem.campaign.running, calendar, bought)
    found = suggest_dates(calendar, _posts(bought, agreed), _promises(problem, bought))
    return {
        "posting_date": [dates.posting for dates in found],
        "approval_date": [dates.approval for dates in found],
        "briefing_date": [dates.briefing for dates in found],
    }


def _posts(bought: Roster, agreed: Sequence[date | None]) -> list[Post]:
    """Return the offers bought as posts whose days are sought."""
    assert bought.timing is not None
    columns = (
        bought.creator_id.tolist(),
        bought.timing.wave.tolist(),
        _days(bought, AVAILABLE_FROM),
        _days(bought, AVAILABLE_TO),
        agreed,
    )
    return [
        Post(creator=creator, wave=wave, available_from=first, available_to=last, agreed=day)
        for creator, wave, first, last, day in zip(*columns, strict=True)
    ]


def _days(bought: Roster, name: str) -> list[date | None]:
    column = bought.texts.get(name)
    if column is None:
        return [None] * len(bought)
    known = {code: column.labels[code].strip() for code in np.unique(column.codes).tolist()}
    days = {code: date.fromisoformat(label) if label else None for code, label in known.items()}
    return [days[code] for code in column.codes.tolist()]


def _agreed_days(running: CampaignProgress | None, calendar: Calendar, bought: Roster) -> list[date | None]:
    """Return the days that contracts state for the offers bought, if they are in their waves."""
    by_creator: dict[str, list[Contract]] = {}
    for contract in () if running is None else running.contracts:
        if contract.posting is not None and contract.posting.day is not None:
            by_creator.setdefault(match_key(contract.creator), []).append(contract)
    if not by_creator:
        return [None] * len(bought)

    def agreed(row: int, wave: Wave) -> date | None:
        own = by_creator.get(match_key(bought.text("creator", row)), ())
        return next((day for day in _stated_days(own, bought, row) if wave.starts <= day <= wave.ends), None)

    assert bought.timing is not None
    return [agreed(row, calendar.waves[number]) for row, number in enumerate(bought.timing.wave.tolist())]


def _stated_days(contracts: Sequence[Contract], bought: Roster, row: int) -> Iterator[date]:
    """Yield the days of contracts that may be of an offer: what one of them does not name counts as equal."""
    offer, platform = match_key(bought.text("offer", row)), platform_key(bought.text("platform", row))
    for contract in contracts:
        same = contract.offer is None or match_key(contract.offer) == offer
        same = same and (contract.platform is None or platform_key(contract.platform) == platform)
        if same and contract.posting is not None and contract.posting.day is not None:
            yield contract.posting.day


def _promises(problem: PlanningProblem, bought: Roster) -> list[Promise]:
    """Return what rules such as `creator:@a exclusive 30d` promise for the days after posts."""
    promises = []
    for rule in problem.rules:
        if isinstance(rule, PairRule) and rule.days is not None:
            posts, others = (
                frozenset(np.flatnonzero(matching_offers(bought, side)).tolist()) for side in (rule.left, rule.right)
            )
            promises.append(Promise(posts=posts, others=others, days=rule.days))
    return promises
