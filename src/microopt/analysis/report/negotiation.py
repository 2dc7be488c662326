"""Which fees of a plan to negotiate before anything is signed, and the highest fee that each is worth."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec.structs import replace

from microopt.analysis.explain.explain import explain
from microopt.analysis.explain.result import ExplainedOffer, Explanation
from microopt.analysis.report.result import Negotiation
from microopt.analysis.session import PlanSession
from microopt.campaign.progress import CampaignProgress
from microopt.plan.plan import Pick, Plan
from microopt.quantities.keys import match_key
from microopt.quantities.units import Cents
from microopt.solver.backends.base import Backend
from microopt.solver.result import SolveLimits

MOST_FEES = 5  # to negotiate at once
LARGE_FEE = 10  # a fee of at least this part of the spend, a tenth, is negotiated whatever is usual
FAR_BELOW = Fraction(3, 4)  # of the usual fee: nobody who asks for that much is asked for less
LEAST_STAKE = 100  # nobody negotiates for less than this part of the spend, a hundredth


def fees_to_negotiate(plan: Plan) -> tuple[Negotiation, ...]:
    """Return the picks whose fee is far above the usual one or a large part of the spend, by the money at stake.

    Fees that are estimated, agreed or far below the usual one are not among them.
    """
    agreed = _agreed_creators(plan.campaign.running)
    numbers = [
        number
        for number, pick in enumerate(plan.picks)
        if pick.fee and not pick.fee_estimated and match_key(pick.creator) not in agreed
        if (pick.fee * LARGE_FEE >= plan.totals.spend and not _is_far_below(pick))
        or (pick.fee_high and _money_at_stake(pick) * LEAST_STAKE >= plan.totals.spend)
    ]
    first = sorted(numbers, key=lambda number: (-_money_at_stake(plan.picks[number]), number))
    by_price: dict[tuple[str | int, ...], int] = {}
    for number in first:
        by_price.setdefault(_price_of(plan.picks[number], number), number)
    return tuple(Negotiation(pick=number) for number in [*by_price.values()][:MOST_FEES])


def with_highest_fees(
    negotiations: Sequence[Negotiation], plan: Plan, session: PlanSession, *, limits: SolveLimits, solver: Backend
) -> tuple[Negotiation, ...]:
    """Return negotiations with the highest fee that the plan is not better without, where that is found in time.

    Parameters
    ----------
    limits
        For all of them together.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    if not negotiations:
        return ()
    names = dict.fromkeys(plan.picks[each.pick].creator for each in negotiations)
    explanation = explain(session, tuple(names), limits=limits, solver=solver, any_posts=False)
    return tuple(_with_highest_fee(each, plan.picks[each.pick], explanation) for each in negotiations)


def _with_highest_fee(negotiation: Negotiation, pick: Pick, explanation: Explanation) -> Negotiation:
    offer = _explained_offer(pick, explanation)
    if offer is None or offer.walk_away.fee is None:
        return negotiation
    return replace(negotiation, highest_fee=offer.walk_away.fee, exact=offer.walk_away.is_worth)


def _explained_offer(pick: Pick, explanation: Explanation) -> ExplainedOffer | None:
    """Return the offer of a pick, None unless exactly one is the same."""
    offers = [
        offer
        for creator in explanation.creators
        if match_key(creator.creator) == match_key(pick.creator)
        for offer in creator.offers
        if (offer.offer, offer.platform, offer.fee, offer.wave) == (pick.offer, pick.platform, pick.fee, pick.wave)
    ]
    return offers[0] if len(offers) == 1 else None


def _price_of(pick: Pick, number: int) -> tuple[str | int, ...]:
    """Return what picks that are negotiated once have in common: posts of one offer in several waves have one price."""
    return (number,) if pick.wave is None else (match_key(pick.creator), pick.platform, pick.offer, pick.fee)


def _is_far_below(pick: Pick) -> bool:
    return pick.usual_fee is not None and pick.fee <= pick.usual_fee * FAR_BELOW


def _money_at_stake(pick: Pick) -> Cents:
    """Return what a fee is above the usual one, or a part of it where none is known or it is not above."""
    excess = 0 if pick.usual_fee is None else pick.fee - pick.usual_fee
    return max(excess, pick.fee // LARGE_FEE)


def _agreed_creators(running: CampaignProgress | None) -> set[str]:
    """Return the creators under contract, by match key: their fees are no longer open."""
    contracts = () if running is None else running.contracts
    return {match_key(contract.creator) for contract in contracts if contract.kept}
