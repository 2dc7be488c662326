"""Expected final results of kept offers: results to date, plus the forecast of the remaining posts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.progress import RESULT_METRICS, CampaignProgress, Contract, ContractState, PostResults
from microopt.forecast.forecast import ExpectedResults, Origin
from microopt.quantities.keys import match_key
from microopt.roster.contract_status import contracts_by_row, results_match_offer
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]


def add_results_to_date(expected: ExpectedResults, roster: Roster, running: CampaignProgress) -> ExpectedResults:
    """Return the expectation with the results to date of kept offers.

    Offers that are done bring nothing more. Live offers still bring the posts whose results have not arrived yet:
    `max(0, deliverables - matured_posts)` of the deliverables. If a metric was not measured, its forecast is kept.
    """
    kept_contracts = {row: contract for row, contract in contracts_by_row(roster, running).items() if contract.kept}
    rows_by_creator: dict[str, list[int]] = {}
    for row in kept_contracts:
        rows_by_creator.setdefault(match_key(roster.text("creator", row)), []).append(row)
    metrics = {name: values.copy() for name, values in expected.metrics.items()}
    origins = {name: codes.copy() for name, codes in expected.origins.items()}
    remaining = {name: np.ones(len(expected.cvr)) for name in RESULT_METRICS}
    for results in running.results:
        posted = [
            row
            for row in rows_by_creator.get(match_key(results.creator), [])
            if results_match_offer(roster, row, results)
        ]
        for row, share in _result_shares(expected, posted, kept_contracts).items():
            for name, amount in _counted_metrics(results):
                to_come = metrics[name][row] * _remaining_share(
                    expected, row, kept_contracts[row].state, results.matured_posts * share
                )
                metrics[name][row] = amount * share + to_come
                remaining[name][row] = to_come / metrics[name][row] if metrics[name][row] else 0.0
                if kept_contracts[row].state is ContractState.DONE:
                    origins[name][row] = Origin.OWN
    return replace(expected, metrics=_cap_reach(expected, metrics), origins=origins, remaining=remaining)


def _cap_reach(expected: ExpectedResults, metrics: dict[str, NDFloat]) -> dict[str, NDFloat]:
    """Return the metrics with reach capped by views where results have lowered the views."""
    lowered = metrics["impressions"] < expected.metrics["impressions"]
    reach = np.where(lowered, np.minimum(metrics["reach"], metrics["impressions"]), metrics["reach"])
    return {**metrics, "reach": reach}


def _counted_metrics(results: PostResults) -> list[tuple[str, float]]:
    return [(name, total) for name in RESULT_METRICS if (total := results.total(name)) is not None]


def _result_shares(
    expected: ExpectedResults, rows: list[int], contracts: Mapping[int, Contract]
) -> Mapping[int, float]:
    """Return how results that match several contracts are divided: in proportion to expected engagements.

    Offers of one contract that names none are alternatives (only one is bought): each has the contract's share.
    """
    contract_by_row = {row: id(contracts[row]) for row in rows}  # contracts contain dicts and are not hashable
    largest: dict[int, float] = {}
    for row, contract in contract_by_row.items():
        largest[contract] = max(largest.get(contract, 0.0), float(expected.metrics["engagements"][row]))
    total = sum(largest.values())
    return {row: largest[contract] / total if total else 1 / len(largest) for row, contract in contract_by_row.items()}


def _remaining_share(expected: ExpectedResults, row: int, state: ContractState, matured_posts: float) -> float:
    """Return the share of an offer's results that is still to come."""
    if state is ContractState.DONE:
        return 0.0
    count = float(expected.deliverables.count[row])
    return max(0.0, count - matured_posts) / count if count > 0 else 0.0
