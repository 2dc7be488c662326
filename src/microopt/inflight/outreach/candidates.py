"""Everyone whom a plan may have asked: its picks, their fallbacks, and others with a state, each with what is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.progress import Asked, CampaignProgress, Contract, ContractState
from microopt.inflight.merge_contracts import contracts_by_creator, same_offer
from microopt.inflight.outreach.ask_days import AskDays, ask_days
from microopt.inflight.outreach.result import OutreachStatus
from microopt.plan.fallbacks import Substitute, SubstituteOffer
from microopt.plan.plan import Pick, Plan
from microopt.plan.purchase import purchases_by_creator
from microopt.quantities.keys import match_key
from microopt.quantities.units import Cents
from microopt.roster.contract_status import named_terms

AGREED_STATUS = {
    ContractState.SIGNED: OutreachStatus.ACCEPTED,
    ContractState.LIVE: OutreachStatus.LIVE,
    ContractState.DONE: OutreachStatus.DONE,
    ContractState.DECLINED: OutreachStatus.DECLINED,
}


class OfferToMake(Struct, frozen=True, kw_only=True):
    """One offer that a creator is, or would be, asked for.

    Attributes
    ----------
    fee
        Cents quoted for all units, None where the plan does not know the offer.
    cost
        Cents for all units, with what comes on top of the fee.
    contract
        What is known of it, or None.
    tier, niche
        None where the plan does not know them.
    wave
        The wave in which it is posted; None without a calendar, or where nobody says.
    ask_from
        The day from which on it is asked for, None if that is today or was before.
    """

    platform: str
    offer: str
    units: int
    fee: Cents | None
    cost: Cents
    contract: Contract | None = None
    tier: str | None = None
    niche: tuple[str, ...] | None = None
    wave: str | None = None
    ask_from: date | None = None

    @property
    def state(self) -> ContractState:
        """What is known of it."""
        return ContractState.PROPOSED if self.contract is None else self.contract.state


class Candidate(Struct, frozen=True, kw_only=True):
    """A creator who is or may be asked.

    Attributes
    ----------
    in_plan
        Whether the plan has this creator.
    fallbacks
        The match keys of those to ask in their place, in order.
    ask_on, answer_by
        None for whoever was not asked yet.
    dated
        Whether it is known on which day the creator was asked.
    """

    key: str
    creator: str
    offers: tuple[OfferToMake, ...]
    state: ContractState
    in_plan: bool = False
    fallbacks: tuple[str, ...] = ()
    ask_on: date | None = None
    answer_by: date | None = None
    dated: bool = True

    @property
    def cost(self) -> int:
        """Cents that it costs if the creator says yes."""
        return sum(cost_of_offer(each) for each in self.offers)

    @property
    def is_due(self) -> bool:
        """Whether there is anything to ask for today."""
        return any(offer.ask_from is None and offer.state is ContractState.PROPOSED for offer in self.offers)

    def status_of(self, offer: OfferToMake, status: OutreachStatus) -> OutreachStatus:
        """Return what is to be done about one offer; in a wave of a calendar it has a state of its own.

        Parameters
        ----------
        status
            Of the creator.
        """
        if offer.ask_from is not None:
            return OutreachStatus.LATER
        return status if offer.wave is None else AGREED_STATUS.get(offer.state, status)

    @property
    def unpriced(self) -> bool:
        """Whether the plan knows no price, and no fee was agreed."""
        return all(each.fee is None for each in self.offers)

    def is_asked_after(self, as_of: date) -> bool:
        """Whether the creator was asked after a day, on which nobody can have known of it."""
        return self.state is ContractState.OFFERED and self.ask_on is not None and self.ask_on > as_of

    def status(self, as_of: date) -> OutreachStatus:
        """Return what is known of the creator; whoever was not asked yet is to be asked some day."""
        if self.state is ContractState.OFFERED:
            is_over = self.answer_by is not None and self.answer_by < as_of
            return OutreachStatus.OVERDUE if is_over else OutreachStatus.ASKED
        return AGREED_STATUS.get(self.state, OutreachStatus.LATER)


def cost_of_offer(offer: OfferToMake) -> int:
    """Return what an offer costs: an agreed fee takes the place of the quote."""
    contract = offer.contract
    if offer.fee is None or contract is None or not contract.kept or contract.fee is None:
        return offer.cost
    return offer.cost - offer.fee + contract.fee


def find_candidates(plan: Plan, contracts: Sequence[Contract], as_of: date, reply_days: int) -> dict[str, Candidate]:
    """Return everyone who is or may be asked, by match key: the plan's creators first, in its order.

    Parameters
    ----------
    contracts
        All that is known of the agreements with creators.
    """
    days = ask_days(plan.campaign.calendar, as_of, reply_days)
    known = _Known(contracts=contracts_by_creator(contracts), as_of=as_of, reply_days=reply_days, days=days)
    fallbacks = {
        match_key(each.creator): tuple(match_key(one.creator) for one in each.substitutes) for each in plan.fallbacks
    }
    found: dict[str, Candidate] = {}
    for key, purchase in purchases_by_creator(plan.picks).items():
        offers = [_offer(pick, pick.tier, pick.niche) for pick in purchase.picks]
        candidate = known.candidate(purchase.creator, offers)
        if not candidate.offers:
            continue  # all of their posts are in waves for which it is too late
        found[key] = replace(candidate, in_plan=True, fallbacks=fallbacks.get(key, ()))
    for each in (substitute for fallback in plan.fallbacks for substitute in fallback.substitutes):
        if match_key(each.creator) not in found:
            candidate = known.candidate(each.creator, list(_substitute_offers(each)))
            if candidate.offers:
                found[candidate.key] = candidate
    for key, own in known.contracts.items():
        if key not in found:
            found[key] = known.candidate(own[0].creator, list(map(_unplanned_offer, own)))
    return found


def _offer(bought: Pick | SubstituteOffer, tier: str, niche: tuple[str, ...] | None) -> OfferToMake:
    return OfferToMake(
        platform=bought.platform,
        offer=bought.offer,
        units=bought.units,
        fee=bought.fee,
        cost=bought.cost,
        wave=bought.wave,
        tier=tier,
        niche=niche,
    )


def _substitute_offers(substitute: Substitute) -> Iterator[OfferToMake]:
    return (_offer(offer, substitute.tier, substitute.niche) for offer in substitute.offers)


def _unplanned_offer(contract: Contract) -> OfferToMake:
    """Return the offer of a contract that the plan knows nothing of: it costs the agreed fee, if that is known."""
    return OfferToMake(
        platform=contract.platform or "",
        offer=contract.offer or "",
        units=contract.units or 1,
        fee=contract.fee,
        cost=contract.fee or 0,
        wave=contract.wave,
    )


class _Known(Struct, frozen=True, kw_only=True):
    """What is known of the agreements with creators, by match key, and how long an answer takes."""

    contracts: dict[str, list[Contract]]
    as_of: date
    reply_days: int
    days: AskDays

    def candidate(self, creator: str, offers: Sequence[OfferToMake]) -> Candidate:
        """Return a creator with what is known of the offers."""
        key = match_key(creator)
        known = self._with_days([_with_contract(offer, self.contracts.get(key, ())) for offer in offers])
        asked_for = _in_question(known)
        own = [offer.contract for offer in asked_for if offer.contract is not None]
        state = _joint_state([offer.state for offer in asked_for])
        asked = next((contract.asked for contract in own if contract.asked is not None), Asked())
        dated = state is not ContractState.OFFERED or asked != Asked()
        ask_on = asked.day if dated else self.as_of
        lapses = None if ask_on is None else ask_on + timedelta(days=self.reply_days)
        return Candidate(
            key=key,
            creator=creator,
            offers=known,
            state=state,
            ask_on=None if state is ContractState.PROPOSED else ask_on,
            answer_by=None if state is ContractState.PROPOSED else asked.answer_by or lapses,
            dated=dated,
        )

    def _with_days(self, offers: Sequence[OfferToMake]) -> tuple[OfferToMake, ...]:
        """Return offers with the day from which on each is asked for, without those for which it is too late."""
        is_open = [offer.state is ContractState.PROPOSED for offer in offers]
        days = [self.days.from_day(offer.wave) if waits else None for offer, waits in zip(offers, is_open, strict=True)]
        if self.days.together and any(is_open):
            first = min((day or self.days.today for day, waits in zip(days, is_open, strict=True) if waits))
            days = [(first if first > self.days.today else None) if waits else None for waits in is_open]
        return tuple(
            replace(offer, ask_from=day)
            for offer, day, waits in zip(offers, days, is_open, strict=True)
            if not (waits and offer.wave in self.days.closed)
        )


def _in_question(offers: Sequence[OfferToMake]) -> Sequence[OfferToMake]:
    """Return the offers that decide what is to be done about a creator: in waves of a calendar those without answer."""
    if all(offer.wave is None for offer in offers):
        return offers
    no_answer = ContractState.PROPOSED, ContractState.OFFERED
    return [offer for offer in offers if offer.ask_from is None and offer.state in no_answer] or offers


def _with_contract(offer: OfferToMake, contracts: Sequence[Contract]) -> OfferToMake:
    """Return an offer with what is known of it: of several contracts the one that names it most exactly."""
    same = [each for each in contracts if same_offer(each, _as_contract(offer))]
    return replace(offer, contract=max(same, key=named_terms, default=None))


def _as_contract(offer: OfferToMake) -> Contract:
    state = ContractState.PROPOSED
    return Contract(creator="", state=state, offer=offer.offer, platform=offer.platform, wave=offer.wave)


def _joint_state(states: Sequence[ContractState]) -> ContractState:
    """Return the state of a creator with several offers: agreed if any is, declined only if all are."""
    order = (
        *(ContractState.DONE, ContractState.LIVE, ContractState.SIGNED, ContractState.OFFERED),
        *(ContractState.PROPOSED, ContractState.DECLINED),
    )
    return next((state for state in order if state in states), ContractState.PROPOSED)


def known_contracts(plan: Plan) -> tuple[Contract, ...]:
    """Return what a plan knows of the agreements with creators."""
    return (plan.campaign.running or CampaignProgress()).contracts
