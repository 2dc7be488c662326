"""What is asked tonight of a campaign that runs: contracts, results, what is sunk, who of the last plan must stay."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import numpy as np
from msgspec.structs import replace

from microopt.campaign.campaign import ONE_OFFER_PER, Campaign, Ideal, SoftPenalty
from microopt.campaign.progress import LAST_PLAN, WAS, CampaignProgress
from microopt.campaign.rule_grammar import parse_rule
from microopt.campaign.updates import ReplanRequest
from microopt.errors import CampaignError
from microopt.inflight.merge_contracts import merge_contracts
from microopt.plan.campaign_document import ideals_of
from microopt.plan.document.bought import totals_of
from microopt.plan.document.plan import PlanDocument
from microopt.planning.build_problem import eligible_offers
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.parse_and_format import print_bound, print_names
from microopt.roster.contract_status import remaining_budget, states_of_roster, sunk_cost
from microopt.roster.roster import Roster, with_tiers
from microopt.roster.underway import with_contract_columns


def update_campaign(
    last: PlanDocument, before: Campaign, roster: Roster, tonight: ReplanRequest
) -> tuple[Campaign, tuple[str, ...]]:
    """Return the campaign as it is asked tonight, with all that is known of it, and notes.

    Parameters
    ----------
    last, before
        The last plan, and the campaign that it was made for.
    """
    _refuse_currency(last, tonight)
    known = before.running or CampaignProgress()
    asked = tonight.campaign or replace(
        before,
        rules=before.rules[: len(before.rules) - len(known.stability)],
        budget=whole_budget(before),
    )
    asked = replace(asked, starts=tonight.starts or asked.starts, ends=tonight.ends or asked.ends)
    actuals = known.actuals if tonight.results is None else tonight.actuals
    of_roster, unread = states_of_roster(roster)
    contracts, notes = merge_contracts(
        known, last.picks, (of_roster, tonight.contracts), actuals, alone=asked.one_offer_per == ONE_OFFER_PER[0]
    )
    sunk = sunk_cost(contracts)
    whole = asked.budget if tonight.budget is None else tonight.budget
    running = CampaignProgress(
        contracts=contracts,
        actuals=actuals,
        last_plan=tuple(dict.fromkeys(pick.creator for pick in last.picks)),
        sunk=sunk,
        as_of=tonight.as_of or known.as_of,
        first=known.first or _first(last),
    )
    ideals = _ideals(last, before, asked)
    campaign = replace(asked, budget=remaining_budget(whole, sunk), running=running, ideals=ideals)
    rules = tuple(_stability(roster, campaign, tonight))
    running = replace(running, stability=rules)
    campaign = replace(campaign, running=running, rules=(*asked.rules, *map(parse_rule, rules)))
    return campaign, (*unread, *notes, *_shrunk(known, running), *_strangers(tonight, roster, running), *_told(tonight))


def _refuse_currency(last: PlanDocument, tonight: ReplanRequest) -> None:
    """Refuse a campaign file in other money than the last plan's: what was agreed and paid is in that."""
    asked = tonight.campaign.currency if tonight.campaign is not None else None
    if asked is not None and asked != last.campaign.currency:
        message = f"the campaign file is in {asked}, and the last plan in {last.campaign.currency}"
        fix = f"leave the currency of a campaign that runs as it is: {last.campaign.currency}"
        raise CampaignError(message, fix=fix, code="currency-changed")


def whole_budget(before: Campaign) -> int | None:
    """Return the budget of a whole campaign, with what is sunk, in cents; None where there is none."""
    sunk = 0 if before.running is None else before.running.sunk
    return None if before.budget is None else before.budget + sunk


def _first(last: PlanDocument) -> dict[str, int]:
    totals = totals_of(last)
    return {**totals.metrics, "creators": totals.creators, "spend": totals.spend}


def _ideals(last: PlanDocument, before: Campaign, asked: Campaign) -> tuple[Ideal, ...]:
    """Return what a balanced goal is measured by: what the first plan was, so that nights can be compared."""
    if asked.goal.name != "balanced" or before.goal.name != "balanced":
        return asked.ideals
    return asked.ideals or ideals_of(last.ideals, last.ideal_bounds)


def _stability(roster: Roster, campaign: Campaign, tonight: ReplanRequest) -> Iterator[str]:
    """Yield the rules that hold on to the creators of the last plan who can still be had."""
    if tonight.keep is None and tonight.per_swap is None:
        return
    assert campaign.running is not None
    tiered = with_contract_columns(with_tiers(roster, campaign.tiers), campaign.running)
    wanted = {match_key(name) for name in campaign.running.last_plan}
    mine = tiered.texts["creator"].holds(wanted) & eligible_offers(tiered, campaign)
    there = len(np.unique(tiered.creator_id[mine]))
    if tonight.keep is not None and there:
        yield f"{LAST_PLAN}:{WAS} count >= {ceil(tonight.keep * there)}"
    if tonight.per_swap is not None and there:
        yield f"{LAST_PLAN}:{WAS} count >= {there} (soft {_amount(tonight.per_swap)})"


def _amount(soft: SoftPenalty) -> str:
    return print_bound(soft.amount, soft.percent)


def _strangers(tonight: ReplanRequest, roster: Roster, running: CampaignProgress) -> Iterator[str]:
    """Say who is said to be out, or to be asked, and is nowhere else: a name that is spelled otherwise, perhaps."""
    known = {*match_keys(roster.texts["creator"].labels), *map(match_key, running.last_plan)}
    free = [one.creator for one in tonight.contracts if not one.kept and match_key(one.creator) not in known]
    if free:
        yield f"states are told of {print_names(free)}, neither on the roster nor in the last plan"


def _told(tonight: ReplanRequest) -> Iterator[str]:
    for came in (tonight.states, tonight.results):
        if came is not None:
            yield from (f"{came.path}: {note}" for note in came.notes)


def _shrunk(known: CampaignProgress, now: CampaignProgress) -> Iterator[str]:
    """Say whose results are fewer than they were: a file with the new ones only would be read as all of them."""
    posts: dict[str, float] = {}
    for actual in now.actuals:
        posts[match_key(actual.creator)] = posts.get(match_key(actual.creator), 0.0) + actual.posts
    before: dict[str, float] = {}
    names = {}
    for actual in known.actuals:
        key = match_key(actual.creator)
        before[key], names[key] = before.get(key, 0.0) + actual.posts, actual.creator
    fewer = [names[key] for key, count in before.items() if posts.get(key, 0.0) < count]
    if fewer:
        told = f"the results tell of fewer posts of {print_names(fewer)} than those of the last plan"
        yield f"{told}: give all results so far, not only the new ones"
