"""The days of the offers that a plan buys in the waves of a calendar: posting, approval and briefing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.calendar import WAVE, Calendar
from microopt.campaign.campaign import PairRule
from microopt.campaign.progress import CampaignProgress, Contract, PostResults
from microopt.plan.posting_dates import Post, Promise, suggest_dates
from microopt.planning.problem import PlanningProblem
from microopt.planning.tier_order import tier_order
from microopt.quantities.keys import match_key
from microopt.quantities.platforms import platform_key
from microopt.quantities.tables import Column
from microopt.roster.available_days import AVAILABLE_FROM, AVAILABLE_TO, stated_days
from microopt.roster.roster import Roster
from microopt.roster.selection import matching_offers

MOST_DAYS_OFF = 366  # from a wave that an agreed day may be: beyond it is a slip
Rows = NDArray[np.intp]


def date_columns(problem: PlanningProblem, calendar: Calendar, rows: Rows) -> dict[str, Column]:
    """Return the columns of days of the offers bought.

    Parameters
    ----------
    rows
        Of all offers that a plan buys, in the order in which it lists them: their days depend on each other.
    """
    bought, running = problem.roster.take(rows), problem.campaign.running
    known = _known_days(running, calendar, bought)
    begins = _first_days(running, bought)
    promises = [promise for _, promise in _promises(problem, bought)]
    posts = _posts(bought, begins, known, _tiers(problem, bought))
    found = suggest_dates(calendar, posts, promises)
    return {
        "posting_date": [dates.posting for dates in found],
        "approval_date": [dates.approval for dates in found],
        "briefing_date": [dates.briefing for dates in found],
    }


def _tiers(problem: PlanningProblem, bought: Roster) -> list[int]:
    """Return the tiers of the offers bought, from 0 for the largest."""
    tier, order = bought.texts["tier"], tier_order(problem)
    places = [order.index(label) for label in tier.labels]
    return [places[code] for code in tier.codes.tolist()]


def _posts(
    bought: Roster, begins: Sequence[date | None], known: Sequence[date | None], tiers: Sequence[int]
) -> list[Post]:
    """Return the offers bought as posts whose days are sought."""
    assert bought.timing is not None
    waves, lasts = bought.timing.wave.tolist(), _days(bought, AVAILABLE_TO)
    columns = (bought.creator_id.tolist(), waves, begins, lasts, known, tiers)
    return [
        Post(creator=creator, wave=wave, available_from=first, available_to=last, agreed=day, tier=tier)
        for creator, wave, first, last, day, tier in zip(*columns, strict=True)
    ]


def _first_days(running: CampaignProgress | None, bought: Roster) -> list[date | None]:
    """Return the days from which creators can work on what is bought: not before today, unless it is agreed already."""
    days = _days(bought, AVAILABLE_FROM)
    if running is None or running.today is None:
        return days
    kept = [contract for contract in running.contracts if contract.kept]
    agreed = {row for rows in _rows_of_each(kept, bought) for row in rows}
    return [day if row in agreed else max(day or running.today, running.today) for row, day in enumerate(days)]


def _days(bought: Roster, name: str) -> list[date | None]:
    places, days = stated_days(bought, name)
    return [days[place] for place in places.tolist()]


def _known_days(running: CampaignProgress | None, calendar: Calendar, bought: Roster) -> list[date | None]:
    """Return the days on which offers were posted by the results, or that contracts state.

    Such a day is that of the offer in whose wave it is; of an offer that is bought only once, or in the wave that is
    named, also a day outside the wave, unless that is years away: what was agreed is a fact.
    """
    days: list[date | None] = [None] * len(bought)
    if running is None:
        return days
    found: list[tuple[Contract | PostResults, date]] = [
        *((each, each.first_day) for each in running.results if each.first_day is not None),
        *((each, each.posting.day) for each in running.contracts if each.posting and each.posting.day is not None),
    ]
    assert bought.timing is not None
    for (_, day), own in zip(found, _rows_of_each([each for each, _ in found], bought), strict=True):
        waves = [calendar.waves[number] for number in bought.timing.wave[own].tolist()]
        within = [row for row, wave in zip(own, waves, strict=True) if wave.starts <= day <= wave.ends]
        if not within and len(own) == 1 and abs(day - waves[0].starts) < timedelta(MOST_DAYS_OFF):
            within = own
        for row in within:
            days[row] = days[row] or day
    return days


def _rows_of_each(agreed: Sequence[Contract | PostResults], bought: Roster) -> list[list[int]]:
    """Return the rows of the offers that each contract or result may be of."""
    rows_of = _rows_by_creator(bought, {match_key(each.creator) for each in agreed})
    return [
        [row for row in rows_of.get(match_key(each.creator), ()) if _may_be_of(each, bought, row)] for each in agreed
    ]


def _rows_by_creator(bought: Roster, keys: set[str]) -> dict[str, list[int]]:
    """Return the rows of these creators, by the match key of their name."""
    found: dict[str, list[int]] = {}
    for row in np.flatnonzero(bought.texts["creator"].contains_any(keys)).tolist() if keys else ():
        found.setdefault(match_key(bought.text("creator", row)), []).append(row)
    return found


def _may_be_of(agreed: Contract | PostResults, bought: Roster, row: int) -> bool:
    """Whether a contract or result may be of an offer: what it does not name counts as equal."""
    key = {"offer": match_key, "platform": platform_key, WAVE: match_key}
    stated = {name: getattr(agreed, name) for name in key if getattr(agreed, name) is not None}
    return all(key[name](text) == key[name](bought.text(name, row)) for name, text in stated.items())


def crowded_days(problem: PlanningProblem, rows: Rows, days: Sequence[date]) -> tuple[str, ...]:
    """Return a sentence for each rule whose days after a post the suggested days do not leave to one creator.

    Such a rule is kept if the waves are far enough apart. Days are not, where a creator is available only late in one
    wave and the others only early in a later one, or where that was agreed.

    Parameters
    ----------
    rows
        As in `date_columns`.
    days
        When they are posted.
    """
    bought = problem.roster.take(rows)
    sentences = []
    for rule, promise in _promises(problem, bought):
        pairs = (
            (place, other)
            for place in sorted(promise.posts)
            for other in sorted(promise.others)
            if bought.creator_id[place] != bought.creator_id[other]
            and 0 <= (days[other] - days[place]).days <= promise.days
        )
        if (pair := next(pairs, None)) is not None:
            first, second = (f"{bought.text('creator', place).strip()} on {days[place]}" for place in pair)
            sentences.append(f"{rule.label}: its waves leave no other days than {first} and {second}; move one of them")
    return tuple(sentences)


def _promises(problem: PlanningProblem, bought: Roster) -> list[tuple[PairRule, Promise]]:
    """Return what rules such as `creator:@a exclusive 30d` promise for the days after posts."""
    promises = []
    for rule in problem.rules:
        if isinstance(rule, PairRule) and rule.days is not None:
            posts, others = (
                frozenset(np.flatnonzero(matching_offers(bought, side)).tolist()) for side in (rule.left, rule.right)
            )
            promises.append((rule, Promise(posts=posts, others=others, days=rule.days)))
    return promises
