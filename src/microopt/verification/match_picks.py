"""Which choices of a case are the picks of a plan file? Each pick names a creator, an offer, a platform, its units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from microopt.plan.plan import Pick
from microopt.plan.verification_result import Discrepancy
from microopt.planning.build_plan import build_picks
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key

Offer = tuple[str, str, int]
Chosen = NDArray[np.bool_]


def match_picks(case: PlanningProblem, picks: Sequence[Pick]) -> Chosen | Discrepancy:
    """Return which choices the picks are, (choices,), or what cannot be a pick.

    Where several choices have these names, the one is taken whose figures are most like the picks'.
    """
    chosen = np.zeros(case.choice_count, dtype=bool)
    places_by_creator: dict[str, list[int]] = {}
    for place, pick in enumerate(picks):
        places_by_creator.setdefault(match_key(pick.creator), []).append(place)
    bundles_by_creator = _choices_by_creator(case, set(places_by_creator))
    for key, places in places_by_creator.items():
        if key not in bundles_by_creator:
            told = f"no creator {picks[places[0]].creator!r} may enter: the roster has none, or a filter keeps them out"
            return Discrepancy(place=f"picks[{places[0]}].creator", message=told, stated=picks[places[0]].creator)
        found = _matching_bundle(case, bundles_by_creator[key], [picks[place] for place in places])
        if found is None:
            return _unavailable_pick(case, bundles_by_creator[key], picks, places)
        chosen[found] = True
    return chosen


def _choices_by_creator(case: PlanningProblem, keys: set[str]) -> dict[str, dict[int, list[int]]]:
    """Return, for each of these creators, the rows of each choice."""
    column = case.roster.texts["creator"]
    known: dict[str, dict[int, list[int]]] = {}
    for row in np.flatnonzero(column.contains_any(keys)).tolist():
        known.setdefault(match_key(column[row]), {}).setdefault(int(case.choice[row]), []).append(row)
    return known


def _offer_at(case: PlanningProblem, row: int) -> Offer:
    roster = case.roster
    units = 1 if roster.units is None else int(roster.units[row])
    return match_key(roster.text("platform", row)), match_key(roster.text("offer", row)), units


def _picked_offer(pick: Pick) -> Offer:
    return match_key(pick.platform), match_key(pick.offer), pick.units


def _matching_bundle(case: PlanningProblem, choices: Mapping[int, list[int]], picks: Sequence[Pick]) -> int | None:
    wanted = sorted(map(_picked_offer, picks))
    alike = [
        choice
        for choice, rows in choices.items()
        if len(rows) == len(wanted) and sorted(_offer_at(case, row) for row in rows) == wanted
    ]
    return (
        max(alike, key=lambda choice: _equal_fields(case, choice, picks)) if len(alike) > 1 else next(iter(alike), None)
    )


def _equal_fields(case: PlanningProblem, choice: int, picks: Sequence[Pick]) -> int:
    """Return how many fields of the picks are those of a choice."""
    offered = build_picks(case, case.choice == choice)
    return sum(
        getattr(one, name) == getattr(other, name)
        for one, other in zip(offered, picks, strict=True)
        for name in Pick.__struct_fields__
    )


def _unavailable_pick(
    case: PlanningProblem, choices: Mapping[int, list[int]], picks: Sequence[Pick], places: Sequence[int]
) -> Discrepancy:
    """Return why a creator's picks cannot be bought together."""
    sold = {_offer_at(case, row) for rows in choices.values() for row in rows}
    for place in places:
        pick = picks[place]
        if _picked_offer(pick) not in sold:
            times = f", {pick.units} times" if pick.units != 1 else ""
            told = f"{pick.creator} has no offer {pick.offer!r} on {pick.platform or 'any platform'}{times}"
            return Discrepancy(place=f"picks[{place}]", message=told, stated=pick.offer)
    last = places[-1]
    told = f"{picks[last].creator} is bought more often than one offer per {case.campaign.one_offer_per} allows"
    return Discrepancy(place=f"picks[{last}]", message=told, stated=picks[last].offer)
