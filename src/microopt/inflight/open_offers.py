"""Open offers: whoever was asked and still has time to answer stays in the next plan, unless that is impossible.

An offer cannot be taken back for a slightly better plan. So creators of the last plan, and fallbacks that it named,
stay with the offers they were asked for. Where budget or rules no longer allow all of them, as many as possible stay.
With a price for swaps they stay only as that price says. Those who are dropped all the same are named in a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.calendar import WAVE
from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import (
    IN_LAST_PLAN,
    OPEN_OFFER_COLUMN,
    CampaignProgress,
    ContractState,
    NamedOffer,
    OpenOffer,
)
from microopt.campaign.rule_grammar import parse_rule
from microopt.campaign.updates import ReplanRequest
from microopt.inflight.outreach.candidates import Candidate, OfferToMake, find_candidates
from microopt.inflight.outreach.result import OutreachStatus
from microopt.plan.plan import Plan
from microopt.plan.purchase import purchases_by_creator
from microopt.planning.build_problem import eligible_offers
from microopt.planning.waves_of_campaign import offers_in_waves
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_names
from microopt.roster.contract_status import named_offers, with_contract_columns
from microopt.roster.roster import Roster, with_tiers

Mask = NDArray[np.bool_]
LEAST_LOSS = " (soft 100%)"  # each creator who is dropped costs more than any plan can gain


def find_open_offers(last: Plan, campaign: Campaign, request: ReplanRequest) -> tuple[OpenOffer, ...]:
    """Return the offers, of creators whom the last plan had or named as fallbacks, whose day has not passed.

    Parameters
    ----------
    campaign
        For the next plan, with all contracts.
    """
    contracts = (campaign.running or CampaignProgress()).contracts
    today = request.today or date.fromisoformat(request.made_at[:10])
    named = {match_key(each.creator) for fallback in last.fallbacks for each in fallback.substitutes}
    return tuple(
        OpenOffer(
            creator=each.creator,
            offers=tuple(
                NamedOffer(platform=offer.platform, offer=offer.offer, wave=offer.wave) for offer in each.offers
            ),
        )
        for key, each in find_candidates(last, contracts, today, request.reply_days).items()
        if (each.in_plan or key in named) and each.status(today) is OutreachStatus.ASKED
    )


def _made(candidate: Candidate) -> list[OfferToMake]:
    """Return what a creator was asked for: with a calendar not every post of the plan."""
    return [each for each in candidate.offers if each.wave is None or each.state is ContractState.OFFERED]


def keep_open_offers(campaign: Campaign, roster: Roster, offers: tuple[OpenOffer, ...], *, by_rule: bool) -> Campaign:
    """Return the campaign that knows its open offers, by a rule that keeps all that are still available.

    Parameters
    ----------
    by_rule
        False where the price of a swap says what they are worth.
    """
    if not offers:
        return campaign
    running = replace(campaign.running or CampaignProgress(), open_offers=offers)
    campaign = replace(campaign, running=running)
    tiered = with_contract_columns(with_tiers(roster, campaign.tiers), running)
    if campaign.calendar is not None:
        tiered = offers_in_waves(tiered, campaign, campaign.calendar)
    available = named_offers(tiered, offers) & eligible_offers(tiered, campaign)
    if not by_rule or not available.any():
        return campaign
    return _with_rules(campaign, list(_rules(tiered, available, offers)))


def _rules(tiered: Roster, available: Mask, offers: tuple[OpenOffer, ...]) -> Iterator[str]:
    """Yield the rules that keep open offers: with a calendar one for each wave for which somebody was asked."""
    waves = {offer.wave for each in offers for offer in each.offers}
    for wave in sorted(name for name in waves if name) if tiered.timing is not None else ():
        asked = available & tiered.texts[WAVE].contains_any({match_key(wave)})
        if asked.any():
            count = len(np.unique(tiered.creator_id[asked]))
            yield f"{OPEN_OFFER_COLUMN}:{IN_LAST_PLAN} & {WAVE}:{wave} count >= {count}"
    if tiered.timing is None or None in waves:
        yield f"{OPEN_OFFER_COLUMN}:{IN_LAST_PLAN} count >= {len(np.unique(tiered.creator_id[available]))}"


def keep_most_open_offers(campaign: Campaign) -> Campaign | None:
    """Return the campaign with as many open offers as its other rules allow, None if it has no rule to keep them."""
    running = campaign.running
    hard = [rule.label for rule in campaign.rules if _keeps_offers(rule.label)]
    if running is None or not hard or not set(hard) <= set(running.stability):
        return None
    without = replace(
        campaign,
        rules=tuple(rule for rule in campaign.rules if rule.label not in hard),
        running=replace(running, stability=tuple(each for each in running.stability if each not in hard)),
    )
    return _with_rules(without, [f"{label}{LEAST_LOSS}" for label in hard])


def _with_rules(campaign: Campaign, labels: Sequence[str]) -> Campaign:
    """Return the campaign with rules that the next replan leaves out again."""
    running = campaign.running or CampaignProgress()
    running = replace(running, stability=(*running.stability, *labels))
    return replace(campaign, running=running, rules=(*campaign.rules, *map(parse_rule, labels)))


def _keeps_offers(label: str) -> bool:
    return label.startswith(f"{OPEN_OFFER_COLUMN}:")


def open_offer_notes(plan: Plan) -> Iterator[str]:
    """Yield how many creators a rule keeps in a plan because they were asked, and what lets them go."""
    running = plan.campaign.running
    if running is None or not any(map(_keeps_offers, running.stability)):
        return
    purchases = purchases_by_creator(plan.picks)
    count = sum(match_key(each.creator) in purchases for each in running.open_offers)
    who = "1 creator who was asked and may still say yes stays" if count == 1 else ""
    who = who or f"{count:,} creators who were asked and may still say yes stay"
    yield f"{who} in the plan; with --swap-worth they go where that gains enough"


def dropped_offers(plan: Plan, *, by_rule: bool) -> Iterator[str]:
    """Yield a warning of the creators who were asked, may still say yes, and are not in the plan.

    Parameters
    ----------
    by_rule
        As in `keep_open_offers`.
    """
    kept = purchases_by_creator(plan.picks)
    offers = () if plan.campaign.running is None else plan.campaign.running.open_offers
    dropped = [each.creator for each in offers if match_key(each.creator) not in kept]
    if not dropped:
        return
    were, are, what = ("was", "is", "offer") if len(dropped) == 1 else ("were", "are", "offers")
    fix = "raise --budget or loosen a --rule" if by_rule else "keep them with a higher --swap-worth"
    yield (
        f"{format_names(dropped)} {were} asked and may still say yes, but {are} no longer in the plan: "
        f"withdraw the {what}, or {fix}"
    )
