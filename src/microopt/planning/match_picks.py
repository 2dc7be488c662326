"""Find the choices of a problem that a plan file's picks name: by creator, offer, platform, units and wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.calendar import WAVE
from microopt.campaign.wave_names import wave_key
from microopt.plan.plan import Pick
from microopt.plan.verification_result import Discrepancy
from microopt.planning.build_picks import build_picks
from microopt.planning.find_schedules import ScheduleFinder
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.platforms import platform_key
from microopt.roster.roster import TextColumn

Offer = tuple[str, str, int, str]
Chosen = NDArray[np.bool_]


def match_picks(problem: PlanningProblem, picks: Sequence[Pick]) -> Chosen | Discrepancy:
    """Return which choices the picks are, (choices,), or the first pick that cannot be one.

    Where several choices match, the one whose figures agree most with the picks is taken.
    """
    chosen = np.zeros(problem.choice_count, dtype=bool)
    places_by_creator: dict[str, list[int]] = {}
    for place, pick in enumerate(picks):
        places_by_creator.setdefault(match_key(pick.creator), []).append(place)
    if problem.roster.timing is not None:
        _match_schedules(problem, picks, places_by_creator, chosen)
    bundles_by_creator = _choices_by_creator(problem, set(places_by_creator))
    for key, places in places_by_creator.items():
        if key not in bundles_by_creator:
            message = f"no creator {picks[places[0]].creator!r} is available: not on the roster, or filtered out"
            return Discrepancy(place=f"picks[{places[0]}].creator", message=message, stated=picks[places[0]].creator)
        bundle = _matching_bundle(problem, bundles_by_creator[key], [picks[place] for place in places])
        if bundle is None:
            return _unavailable_pick(problem, bundles_by_creator[key], picks, places)
        chosen[bundle] = True
    return chosen


def _match_schedules(
    problem: PlanningProblem, picks: Sequence[Pick], places_by_creator: dict[str, list[int]], chosen: Chosen
) -> None:
    """Choose the schedules of the creators of whom exactly one is these picks, and take these out of the places."""
    ids, rows = problem.roster.creator_id, _rows_of_creators(problem, set(places_by_creator))
    finder = ScheduleFinder.of_rows(problem, rows)
    first = rows[np.unique(ids[rows], return_index=True)[1]]
    for row in first.tolist():
        key = match_key(problem.roster.texts["creator"][row])
        found = finder.find(int(ids[row]), [picks[place] for place in places_by_creator.get(key, ())])
        if len(found) == 1:
            chosen[found] = True
            del places_by_creator[key]


def _choices_by_creator(problem: PlanningProblem, keys: set[str]) -> dict[str, dict[int, list[int]]]:
    """Return, for each of these creators, the rows of each choice."""
    column = problem.roster.texts["creator"]
    rows_by_creator: dict[str, dict[int, list[int]]] = {}
    for row in _rows_of_creators(problem, keys).tolist():
        rows_by_creator.setdefault(match_key(column[row]), {}).setdefault(int(problem.choice[row]), []).append(row)
    return rows_by_creator


def _rows_of_creators(problem: PlanningProblem, keys: set[str]) -> NDArray[np.intp]:
    """Return the rows of these creators, without the keys of all other names if each is found by bisection."""
    column, ids = problem.roster.texts["creator"], problem.roster.creator_id
    found = _bisect(column, sorted(keys))
    if found is None:
        return np.flatnonzero(column.contains_any(keys))
    wanted = np.zeros(int(ids.max(initial=-1)) + 1, dtype=bool)
    wanted[ids[found]] = True
    return np.flatnonzero(wanted[ids])


def _bisect(column: TextColumn, keys: list[str]) -> NDArray[np.intp] | None:
    """Return a row of each key, or None if one is not where it should be: rows are in the order of their keys."""
    if column.values is not None or not len(column.codes):
        return None
    low, high = np.zeros(len(keys), dtype=np.intp), np.full(len(keys), len(column.codes) - 1, dtype=np.intp)
    while (low < high).any():
        middle = (low + high) // 2
        below = np.asarray([at < key for at, key in zip(_keys_at(column, middle), keys, strict=True)], dtype=bool)
        low = np.where(below & (low < high), middle + 1, low)
        high = np.where(below, high, middle)
    return low if _keys_at(column, low) == keys else None


def _keys_at(column: TextColumn, rows: NDArray[np.intp]) -> list[str]:
    return match_keys([column[row] for row in rows.tolist()])


def _offer_at(problem: PlanningProblem, row: int) -> Offer:
    roster = problem.roster
    units = 1 if roster.units is None else int(roster.units[row])
    wave = "" if roster.timing is None else wave_key(roster.text(WAVE, row))
    return platform_key(roster.text("platform", row)), match_key(roster.text("offer", row)), units, wave


def _picked_offer(pick: Pick) -> Offer:
    return platform_key(pick.platform), match_key(pick.offer), pick.units, wave_key(pick.wave or "")


def _matching_bundle(problem: PlanningProblem, choices: Mapping[int, list[int]], picks: Sequence[Pick]) -> int | None:
    wanted = sorted(map(_picked_offer, picks))
    matches = [
        choice
        for choice, rows in choices.items()
        if len(rows) == len(wanted) and sorted(_offer_at(problem, row) for row in rows) == wanted
    ]
    return (
        max(matches, key=lambda choice: _equal_fields(problem, choice, picks))
        if len(matches) > 1
        else next(iter(matches), None)
    )


def _equal_fields(problem: PlanningProblem, choice: int, picks: Sequence[Pick]) -> int:
    """Return how many fields of the picks are those of a choice."""
    offered = build_picks(problem, problem.choice == choice)
    return sum(
        getattr(offered_pick, name) == getattr(stated_pick, name)
        for offered_pick, stated_pick in zip(offered, picks, strict=True)
        for name in Pick.__struct_fields__
    )


def _unavailable_pick(
    problem: PlanningProblem, choices: Mapping[int, list[int]], picks: Sequence[Pick], places: Sequence[int]
) -> Discrepancy:
    """Return why a creator's picks cannot be bought together."""
    sold = {_offer_at(problem, row) for rows in choices.values() for row in rows}
    for place in places:
        pick = picks[place]
        if _picked_offer(pick) not in sold:
            times = f", {pick.units} times" if pick.units != 1 else ""
            when = "" if pick.wave is None else f" in {pick.wave}"
            message = f"{pick.creator} has no offer {pick.offer!r} on {pick.platform or 'any platform'}{times}{when}"
            return Discrepancy(place=f"picks[{place}]", message=message, stated=pick.offer)
    last = places[-1]
    limit = f"one offer per {problem.campaign.one_offer_per}"
    if problem.campaign.calendar is not None:
        limit += f" and wave, or max_posts = {problem.campaign.calendar.max_posts} under [calendar],"
    message = f"{picks[last].creator} is bought more often than {limit} allows"
    return Discrepancy(place=f"picks[{last}]", message=message, stated=picks[last].offer)
