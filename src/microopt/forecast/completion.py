"""What kept offers will have brought at the end: the results so far, and the forecast of what is still to come."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.progress import SEEN, CampaignProgress, Contract, PostResults, State
from microopt.forecast.forecast import Expected, Origin
from microopt.quantities.keys import match_key
from microopt.roster.contract_status import contracts_of, results_match_offer
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]


def completed(found: Expected, roster: Roster, running: CampaignProgress) -> Expected:
    """Return what is expected with the results of kept offers in it.

    Of what is done, results are all that comes. Of what is live, the posts whose results are not in yet are to come:
    `max(0, deliverables - ripe)` of the deliverables. A metric that nobody counted stays as it is forecast.
    """
    kept = {row: one for row, one in contracts_of(roster, running).items() if one.kept}
    rows_by_creator: dict[str, list[int]] = {}
    for row in kept:
        rows_by_creator.setdefault(match_key(roster.text("creator", row)), []).append(row)
    metrics = {name: values.copy() for name, values in found.metrics.items()}
    origins = {name: codes.copy() for name, codes in found.origins.items()}
    still = {name: np.ones(len(found.cvr)) for name in SEEN}
    for actual in running.actuals:
        posted = [
            row
            for row in rows_by_creator.get(match_key(actual.creator), [])
            if results_match_offer(roster, row, actual)
        ]
        for row, share in _shares(found, posted, kept).items():
            for name, amount in _counted(actual):
                rest = metrics[name][row] * _to_come(found, row, kept[row].state, actual.ripe * share)
                metrics[name][row] = amount * share + rest
                still[name][row] = rest / metrics[name][row] if metrics[name][row] else 0.0
                if kept[row].state is State.DONE:
                    origins[name][row] = Origin.OWN
    return replace(found, metrics=_seen_by(found, metrics), origins=origins, open=still)


def _seen_by(found: Expected, metrics: dict[str, NDFloat]) -> dict[str, NDFloat]:
    """Return the metrics with nobody reached whom nobody saw: where results lower views, reach is at most these."""
    fewer = metrics["impressions"] < found.metrics["impressions"]
    reach = np.where(fewer, np.minimum(metrics["reach"], metrics["impressions"]), metrics["reach"])
    return {**metrics, "reach": reach}


def _counted(actual: PostResults) -> list[tuple[str, float]]:
    return [(name, total) for name in SEEN if (total := actual.of(name)) is not None]


def _shares(found: Expected, rows: list[int], kept: Mapping[int, Contract]) -> Mapping[int, float]:
    """Return how results that do not name one offer are divided among contracts: as engagements are expected.

    Offers of one contract that names none are alternatives, of which one is bought: each has its whole share.
    """
    of = {row: id(kept[row]) for row in rows}  # contracts hold dicts, and cannot be keys themselves
    most: dict[int, float] = {}
    for row, contract in of.items():
        most[contract] = max(most.get(contract, 0.0), float(found.metrics["engagements"][row]))
    whole = sum(most.values())
    return {row: most[contract] / whole if whole else 1 / len(most) for row, contract in of.items()}


def _to_come(found: Expected, row: int, state: State, ripe: float) -> float:
    """Return which share of an offer's results is still to come."""
    if state is State.DONE:
        return 0.0
    count = float(found.offer.count[row])
    return max(0.0, count - ripe) / count if count > 0 else 0.0
