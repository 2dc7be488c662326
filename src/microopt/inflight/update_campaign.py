"""The current state of a campaign: contracts, results, sunk cost, and which creators of the last plan must stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    ContractState,
    PostResults,
)
from microopt.campaign.rule_grammar import parse_rule
from microopt.campaign.updates import ReplanRequest
from microopt.errors import CampaignError
from microopt.files.reading import source_name
from microopt.inflight.contract_notes import over_and_signed_notes, still_signed_notes
from microopt.inflight.planned_posting import planned_posting
from microopt.inflight.wave_contracts import (
    Clock,
    agreed_picks,
    clock_of,
    in_agreed_waves,
    is_posted,
    live_by_results,
    takes_back,
    with_known_offer,
)
from microopt.plan.plan import Pick, Plan
from microopt.planning.build_problem import eligible_offers
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.parse_and_format import format_bound, format_names
from microopt.roster.contract_status import contracts_from_roster, remaining_budget, sunk_cost, with_contract_columns
from microopt.roster.roster import Roster, with_tiers

Picks = Mapping[str, Sequence[Pick]]


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
    running = CampaignProgress(
        contracts=merged,
        results=actuals,
        results_by_day=progress.results_by_day if request.results_file is None else request.results_by_day,
        last_plan=tuple(dict.fromkeys(pick.creator for pick in last.picks)),
        sunk_cost=sunk_cost(merged),
        as_of=request.as_of or progress.as_of,
        first_forecast=progress.first_forecast or _first_expectations(last),
        first_waves=progress.first_waves or {wave.wave: {**wave.metrics, "spend": wave.spend} for wave in last.by_wave},
        today=None if clock is None else clock.today,
    )
    campaign = replace(
        campaign,
        budget=remaining_budget(campaign.budget if request.budget is None else request.budget, running.sunk_cost),
        running=running,
        ideals=_reference_ideals(last, campaign),
    )
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


def merge_contracts(
    last: CampaignProgress | None,
    last_picks: Sequence[Pick],
    sources: Sequence[Sequence[Contract]],
    actuals: Sequence[PostResults],
    *,
    one_offer_per_creator: bool = True,
    clock: Clock | None = None,
) -> tuple[tuple[Contract, ...], tuple[str, ...]]:
    """Return the current contracts, and notes: those of the last plan, updated by the roster and the states file.

    A contract that does not name the agreed offer refers to the offer in the last plan, at its cost there.

    Parameters
    ----------
    last
        What was known when the last plan was made.
    last_picks
        The picks of the last plan.
    sources
        Contracts reported since then, the weaker source first.
    actuals
        Results to date: a creator who has some, and has no contract that must be kept, counts as live.
    one_offer_per_creator
        Whether only one offer can be bought from a creator: another one that is signed then replaces the first. With a
        calendar that is one of each wave.
    clock
        The waves of the calendar, and today; None without a calendar.
    """
    picks: dict[str, list[Pick]] = {}
    for pick in last_picks:
        picks.setdefault(match_key(pick.creator), []).append(pick)
    before = () if last is None else last.contracts
    contracts = contracts_by_creator(before)
    live = list(_live(picks, (before, *sources), actuals, clock))
    for source in (*sources, live):
        for key, updates in contracts_by_creator(source).items():
            own, own_picks = contracts.get(key, []), picks.get(key, [])
            # What is said of a single wave is more exact than what is said of all of them.
            of_all, of_one = (
                [each for each in updates if (clock is not None and each.wave is not None) is one]
                for one in (False, True)
            )
            for part in filter(None, (of_all, of_one)):
                own = _merge_creator(part, own, own_picks, one_offer=one_offer_per_creator, clock=clock)
            contracts[key] = own
    notes: tuple[str, ...] = ()
    if live:
        names = format_names(list(dict.fromkeys(contract.creator for contract in live)), 5)
        notes = (f"results but no signed state: {names} (treated as live)",)
    return tuple(sorted((contract for own in contracts.values() for contract in own), key=_contract_key)), notes


def _live(
    picks: Picks,
    sources: Sequence[Sequence[Contract]],
    actuals: Sequence[PostResults],
    clock: Clock | None,
) -> Iterator[Contract]:
    """Yield the creators, or with a calendar their posts, who have results and no contract that says so."""
    if clock is None:
        for key in creators_without_signed_state(sources, actuals):
            if key in picks:
                yield Contract(creator=picks[key][0].creator, state=ContractState.LIVE)
        return
    known = contracts_by_creator(contract for source in sources for contract in source)
    results: dict[str, list[PostResults]] = {}
    for actual in actuals:
        results.setdefault(match_key(actual.creator), []).append(actual)
    for key, own in results.items():
        if key in picks:
            yield from live_by_results(known.get(key, ()), picks[key], own)


def contracts_by_creator(contracts: Iterable[Contract]) -> dict[str, list[Contract]]:
    """Return contracts by the match key of their creator."""
    by_creator: dict[str, list[Contract]] = {}
    for contract in contracts:
        by_creator.setdefault(match_key(contract.creator), []).append(contract)
    return by_creator


def _merge_creator(
    updates: Sequence[Contract],
    before: Sequence[Contract],
    picks: Sequence[Pick],
    *,
    one_offer: bool,
    clock: Clock | None,
) -> list[Contract]:
    """Return a creator's contracts: each offer that has an update with it, and the others as they were."""
    updated: list[Contract] = []
    unchanged = list(before)
    for update in updates:
        same = [each for each in unchanged if same_offer(update, each) and not takes_back(update, each)]
        unchanged = [contract for contract in unchanged if contract not in same]
        known = with_known_offer(update, [*before, *picks])
        updated += _apply_update(known, same, picks, clock)
    if not one_offer:
        return [*updated, *unchanged]
    kept = [contract for contract in updated if contract.kept]
    return [*updated, *(each for each in unchanged if not (each.kept and any(_replaces(new, each) for new in kept)))]


def _replaces(new: Contract, old: Contract) -> bool:
    """Whether a contract takes the place of another one where only one offer of a creator can be bought in a wave."""
    if new.wave is None:
        return not is_posted(old)
    return old.wave in (None, new.wave)


def same_offer(contract: Contract, reference: Contract | Pick) -> bool:
    """Whether both may mean the same offer: what one of them does not name counts as equal."""
    pairs = [(getattr(contract, name), getattr(reference, name)) for name in ("offer", "platform", "wave")]
    return all(a is None or b is None or match_key(a) == match_key(b) for a, b in pairs)


def _apply_update(
    update: Contract, before: Sequence[Contract], picks: Sequence[Pick], clock: Clock | None
) -> list[Contract]:
    """Return the contracts that an update concerns, with what was known before and the update does not mention."""
    paid_before = [contract.paid for contract in before if contract.paid is not None]
    paid = sum(paid_before) if update.paid is None and paid_before else update.paid
    posting = update.posting or next((contract.posting for contract in before if contract.posting), None)
    asked = update.asked or next((contract.asked for contract in before if contract.asked), None)
    update = replace(update, asked=None if update.state is ContractState.PROPOSED else asked)
    own_picks = [pick for pick in picks if same_offer(update, pick)]
    kept = [contract for contract in before if contract.kept and update.kept]
    contracted = [each for contract in kept for each in _with_planned_offers(contract, own_picks)]
    if not contracted:
        agreed = _with_agreed_terms(replace(update, paid=paid, posting=posting), agreed_picks(update, picks, clock))
        return [*_in_their_waves(update, agreed, clock)]
    fees = [contract.fee for contract in contracted]
    if update.fee is not None:
        fees = [*_split_proportionally(update.fee, [fee or 0 for fee in fees])]
    updated = [
        replace(
            contract,
            state=update.state,
            offer=contract.offer or update.offer,
            platform=contract.platform or update.platform,
            fee=fee,
            units=update.units or contract.units,
            paid=None,
            posting=update.posting or contract.posting,
            asked=update.asked or contract.asked,
        )
        for contract, fee in zip(contracted, fees, strict=True)
    ]
    updated = [*_in_their_waves(update, updated, clock)]
    return [replace(updated[0], paid=paid), *updated[1:]]  # a payment belongs to one contract only


def _in_their_waves(update: Contract, updated: Iterable[Contract], clock: Clock | None) -> Iterator[Contract]:
    """Yield contracts with what an update without a wave says of the wave of each."""
    for contract in updated:
        is_of_all = clock is not None and update.wave is None and contract.wave is not None
        yield replace(contract, state=clock.state_in(update, contract.wave)) if is_of_all and clock else contract


def _with_planned_offers(contract: Contract, picks: Sequence[Pick]) -> Iterator[Contract]:
    """Yield a kept contract; one that names neither offer nor platform gets the offers that it had in the last plan."""
    if contract.offer is None and contract.platform is None:
        yield from _with_agreed_terms(contract, picks)
    else:
        yield contract


def _with_agreed_terms(contract: Contract, picks: Sequence[Pick]) -> Iterator[Contract]:
    """Yield a contract; one that must be kept gets the offers, fees and forecast that it had in the last plan."""
    own = [pick for pick in picks if same_offer(contract, pick)]
    if not contract.kept or not own:
        yield contract
        return
    fees = [pick.fee for pick in own]
    if contract.fee is not None:
        fees = _split_proportionally(contract.fee, fees)
    for number, (pick, fee) in enumerate(zip(own, fees, strict=True)):
        yield replace(
            contract,
            creator=pick.creator,
            offer=pick.offer,
            platform=pick.platform,
            fee=fee,
            units=contract.units or pick.units,
            wave=pick.wave or contract.wave,
            paid=None if number else contract.paid,  # a payment belongs to one contract only
            planned={**pick.metrics, "cost": pick.cost},
            posting=planned_posting(contract, pick),
        )


def _split_proportionally(total: int, weights: Sequence[int]) -> list[int]:
    """Return an amount in cents split in proportion to the weights, to the cent; evenly if all weights are 0."""
    weights = weights if any(weights) else [1] * len(weights)
    ends = [round(total * sum(weights[: place + 1]) / sum(weights)) for place in range(len(weights))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def creators_without_signed_state(
    sources: Iterable[Sequence[Contract]], actuals: Sequence[PostResults]
) -> Iterator[str]:
    """Yield the match keys of the creators who have results, and whom no source states as kept or declined.

    Parameters
    ----------
    sources
        Contracts, the weakest source first.
    """
    latest: dict[str, list[Contract]] = {}
    for source in sources:
        latest |= contracts_by_creator(source)
    for key in dict.fromkeys(match_key(actual.creator) for actual in actuals if actual.posts > 0):
        if all(not contract.kept and contract.state is not ContractState.DECLINED for contract in latest.get(key, ())):
            yield key


def _contract_key(contract: Contract) -> tuple[str, str, str, str]:
    names = contract.creator, contract.platform or "", contract.offer or "", contract.wave or ""
    creator, platform, offer, wave = map(match_key, names)
    return creator, platform, offer, wave
