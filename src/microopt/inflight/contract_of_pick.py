"""Which contract a pick of a plan is bought under."""

from __future__ import annotations

from collections.abc import Sequence

from microopt.campaign.progress import Contract
from microopt.inflight.merge_contracts import contracts_by_creator, same_offer
from microopt.plan.plan import Pick, Plan
from microopt.quantities.keys import match_key
from microopt.roster.contract_status import named_terms


def contracts_of_picks(plan: Plan) -> list[Contract | None]:
    """Return the contract of each pick as far as it is known, of several the one that names most; or None."""
    running = plan.campaign.running
    known = contracts_by_creator(running.contracts if running is not None else ())
    return [_best(pick, known.get(match_key(pick.creator), ())) for pick in plan.picks]


def _best(pick: Pick, contracts: Sequence[Contract]) -> Contract | None:
    same = [contract for contract in contracts if same_offer(contract, pick)]
    return max(same, key=named_terms, default=None)
