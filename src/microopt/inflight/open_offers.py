"""Open offers: whoever was asked and still has time to answer stays in the next plan, unless that is impossible.

An offer cannot be taken back for a slightly better plan. So creators of the last plan, and fallbacks that it named,
stay with the offers they were asked for. Where budget or rules no longer allow all of them, as many as possible stay.
With a price for swaps they stay only as that price says. Those who are dropped all the same are named in a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import IN_LAST_PLAN, OPEN_OFFER_COLUMN, CampaignProgress, NamedOffer, OpenOffer
from microopt.campaign.rule_grammar import parse_rule
from microopt.campaign.updates import ReplanRequest
from microopt.inflight.outreach.candidates import find_candidates
from microopt.inflight.outreach.result import OutreachStatus
from microopt.plan.plan import Plan
from microopt.plan.purchase import purchases_by_creator
from microopt.planning.build_problem import eligible_offers
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_names
from microopt.roster.contract_status import named_offers, with_contract_columns
from microopt.roster.roster import Roster, with_tiers

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
            offers=tuple(NamedOffer(platform=offer.platform, offer=offer.offer) for offer in each.offers),
        )
        for key, each in find_candidates(last, contracts, today, request.reply_days).items()
        if (each.in_plan or key in named) and each.status(today) is OutreachStatus.ASKED
    )


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
    available = named_offers(tiered, offers) & eligible_offers(tiered, campaign)
    count = len(np.unique(tiered.creator_id[available]))
    if not by_rule or not count:
        return campaign
    return _with_rule(campaign, f"{OPEN_OFFER_COLUMN}:{IN_LAST_PLAN} count >= {count}")


def keep_most_open_offers(campaign: Campaign) -> Campaign | None:
    """Return the campaign with as many open offers as its other rules allow, None if it has no rule to keep them."""
    hard = [rule for rule in campaign.rules if rule.label.startswith(f"{OPEN_OFFER_COLUMN}:")]
    running = campaign.running
    if running is None or not hard or hard[0].label not in running.stability:
        return None
    label = hard[0].label
    without = replace(
        campaign,
        rules=tuple(rule for rule in campaign.rules if rule.label != label),
        running=replace(running, stability=tuple(each for each in running.stability if each != label)),
    )
    return _with_rule(without, f"{label}{LEAST_LOSS}")


def _with_rule(campaign: Campaign, label: str) -> Campaign:
    """Return the campaign with a rule that the next replan leaves out again."""
    running = campaign.running or CampaignProgress()
    running = replace(running, stability=(*running.stability, label))
    return replace(campaign, running=running, rules=(*campaign.rules, parse_rule(label)))


def open_offer_notes(plan: Plan) -> Iterator[str]:
    """Yield how many creators a rule keeps in a plan because they were asked, and what lets them go."""
    running = plan.campaign.running
    if running is None or not any(label.startswith(f"{OPEN_OFFER_COLUMN}:") for label in running.stability):
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
