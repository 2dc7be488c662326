"""The current state of a campaign: contracts, results, sunk cost, and which creators of the last plan must stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import ceil

import numpy as np
from msgspec.structs import replace

from microopt.campaign.campaign import ONE_OFFER_PER, Campaign, Ideal
from microopt.campaign.progress import (
    IN_LAST_PLAN,
    LAST_PLAN_COLUMN,
    CampaignProgress,
    Contract,
    PostResults,
)
from microopt.campaign.rule_grammar import parse_rule
from microopt.campaign.updates import ReplanRequest
from microopt.errors import CampaignError
from microopt.files.reading import source_name
from microopt.inflight.contract_notes import over_and_signed_notes, still_signed_notes
from microopt.inflight.merge_contracts import merge_contracts
from microopt.inflight.wave_contracts import Clock, clock_of, in_agreed_waves
from microopt.plan.plan import Plan
from microopt.planning.build_problem import eligible_offers
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.parse_and_format import format_bound, format_names
from microopt.roster.contract_status import contracts_from_roster, remaining_budget, sunk_cost, with_contract_columns
from microopt.roster.roster import Roster, with_tiers


def update_campaign(
    last: Plan, roster: Roster, request: ReplanRequest, unplanned: Sequence[Contract] = ()
) -> tuple[Campaign, tuple[str, ...]]:
    """Return the campaign for the next plan, with all that is known about its progress, and notes.

    Parameters
    ----------
    last
        The last plan.
    unplanned
        Contracts with creators who have results, but are not in the last plan.
    """
    _refuse_currency(last, request)
    progress = last.campaign.running or CampaignProgress()
    campaign = _requested_campaign(last.campaign, progress, request)
    clock = clock_of(campaign, request)
    roster_contracts, roster_notes = contracts_from_roster(roster)
    sources = roster_contracts, request.contracts, unplanned
    contracts = [*progress.contracts, *(contract for source in sources for contract in source)]
    actuals = in_agreed_waves(results_to_date(progress, request), chain(contracts, last.picks), clock)
    merged, contract_notes = merge_contracts(
        progress,
        last.picks,
        sources,
        actuals,
        one_offer_per_creator=campaign.one_offer_per == ONE_OFFER_PER[0],
        clock=clock,
    )
    running = _progress_now(last, progress, request, merged, actuals, clock)
    budget = remaining_budget(campaign.budget if request.budget is None else request.budget, running.sunk_cost)
    campaign = replace(campaign, budget=budget, running=running, ideals=_reference_ideals(last, campaign))
    stability = tuple(_stability_rules(roster, campaign, request))
    running = replace(running, stability=stability)
    campaign = replace(campaign, running=running, rules=(*campaign.rules, *map(parse_rule, stability)))
    notes = (
        *_fewer_results_notes(progress, running),
        *still_signed_notes(running),
        *over_and_signed_notes(running, clock),
        *_unknown_creator_notes(request, roster, running),
    )
    return campaign, (*request.notes, *roster_notes, *contract_notes, *notes, *_file_notes(request))


def _progress_now(
    last: Plan,
    before: CampaignProgress,
    request: ReplanRequest,
    contracts: tuple[Contract, ...],
    results: tuple[PostResults, ...],
    clock: Clock | None,
) -> CampaignProgress:
    """Return what is known today, before the rules on stability; the first plan stays what the campaign began with."""
    return CampaignProgress(
        contracts=contracts,
        results=results,
        results_by_day=before.results_by_day if request.results_file is None else request.results_by_day,
        last_plan=tuple(dict.fromkeys(pick.creator for pick in last.picks)),
        sunk_cost=sunk_cost(contracts),
        as_of=request.as_of or before.as_of,
        first_forecast=before.first_forecast or _first_expectations(last),
        first_waves=before.first_waves or {wave.wave: {**wave.metrics, "spend": wave.spend} for wave in last.by_wave},
        today=None if clock is None else clock.today,
    )


def results_to_date(progress: CampaignProgress, request: ReplanRequest) -> tuple[PostResults, ...]:
    """Return the results of a request, or those of the last plan if it has none."""
    return progress.results if request.results_file is None else request.results


def _requested_campaign(before: Campaign, progress: CampaignProgress, request: ReplanRequest) -> Campaign:
    """Return the requested campaign, or the last one with its total budget and without the rules on stability."""
    campaign = request.campaign or replace(
        before, rules=before.rules[: len(before.rules) - len(progress.stability)], budget=total_budget(before)
    )
    return replace(
        campaign,
        starts=request.starts or campaign.starts,
        ends=request.ends or campaign.ends,
        posts=request.posts or campaign.posts,
    )


def _refuse_currency(last: Plan, request: ReplanRequest) -> None:
    """Refuse a campaign file in another currency than the last plan, whose fees and payments are in that currency."""
    currency = request.campaign.currency if request.campaign is not None else None
    if currency is not None and currency != last.roster.currency:
        message = f"the campaign file is in {currency}, but the last plan is in {last.roster.currency}"
        fix = f'keep the currency of the running campaign: currency = "{last.roster.currency}"'
        raise CampaignError(message, fix=fix, code="currency-changed")


def total_budget(campaign: Campaign) -> int | None:
    """Return the budget of the whole campaign in cents, including sunk cost; None where there is none."""
    sunk = 0 if campaign.running is None else campaign.running.sunk_cost
    return None if campaign.budget is None else campaign.budget + sunk


def _first_expectations(first: Plan) -> dict[str, int]:
    totals = first.totals
    return {**totals.metrics, "creators": totals.creators, "spend": totals.spend}


def _reference_ideals(last: Plan, campaign: Campaign) -> tuple[Ideal, ...]:
    """Return the ideals of a balanced goal: those of the first plan, so that replans can be compared."""
    if campaign.goal.name != "balanced" or last.campaign.goal.name != "balanced":
        return campaign.ideals
    return campaign.ideals or last.ideals


def _stability_rules(roster: Roster, campaign: Campaign, request: ReplanRequest) -> Iterator[str]:
    """Yield the rules that keep creators of the last plan who are still available."""
    if request.min_kept_share is None and request.swap_penalty is None:
        return
    assert campaign.running is not None
    tiered = with_contract_columns(with_tiers(roster, campaign.tiers), campaign.running)
    keys = {match_key(name) for name in campaign.running.last_plan}
    available = tiered.texts["creator"].contains_any(keys) & eligible_offers(tiered, campaign)
    count = len(np.unique(tiered.creator_id[available]))
    if request.min_kept_share is not None and count:
        yield f"{LAST_PLAN_COLUMN}:{IN_LAST_PLAN} count >= {ceil(request.min_kept_share * count)}"
    if request.swap_penalty is not None and count:
        penalty = format_bound(request.swap_penalty.amount, request.swap_penalty.percent)
        yield f"{LAST_PLAN_COLUMN}:{IN_LAST_PLAN} count >= {count} (soft {penalty})"


def _unknown_creator_notes(request: ReplanRequest, roster: Roster, running: CampaignProgress) -> Iterator[str]:
    """Name creators with a state who are neither on the roster nor in the last plan: perhaps a different spelling."""
    known_creators = {*match_keys(roster.texts["creator"].labels), *map(match_key, running.last_plan)}
    free = [contract for contract in request.contracts if not contract.kept]
    unknown = [contract.creator for contract in free if match_key(contract.creator) not in known_creators]
    if unknown:
        yield f"creators with a state who are neither on the roster nor in the last plan: {format_names(unknown)}"


def _file_notes(request: ReplanRequest) -> Iterator[str]:
    for file in (request.states_file, request.results_file):
        if file is not None:
            yield from (f"{source_name(file.path)}: {note}" for note in file.notes)
    undated = {match_key(actual.creator): actual.creator for actual in request.results if actual.last_day is None}
    if undated and request.results_file is not None:
        whose = format_names(list(undated.values()))
        complete = f"results without a date count as complete ({whose})"
        yield f"{request.results_file.path}: {complete}; with a date, what is still to come is added"


def _fewer_results_notes(before: CampaignProgress, now: CampaignProgress) -> Iterator[str]:
    """Name creators with fewer results than before: perhaps the file has the new results only."""
    old_posts, posts = _posts_by_creator(before.results), _posts_by_creator(now.results)
    names = {match_key(actual.creator): actual.creator for actual in before.results}
    fewer = [names[key] for key, count in old_posts.items() if posts.get(key, 0.0) < count]
    if fewer:
        message = f"the results have fewer posts by {format_names(fewer)} than those of the last plan"
        yield f"{message}: give all results so far, not only the new ones"


def _posts_by_creator(actuals: Iterable[PostResults]) -> dict[str, float]:
    posts: dict[str, float] = {}
    for actual in actuals:
        key = match_key(actual.creator)
        posts[key] = posts.get(key, 0.0) + actual.posts
    return posts
