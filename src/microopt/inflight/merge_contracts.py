"""Contracts as they are now: those of the last plan, updated by the roster, the file of states and the results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from microopt.campaign.progress import CampaignProgress, Contract, ContractState, PostResults
from microopt.inflight.planned_posting import planned_posting
from microopt.inflight.wave_contracts import (
    Clock,
    agreed_picks,
    is_posted,
    live_by_results,
    takes_back,
    with_known_offer,
)
from microopt.plan.plan import Pick
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_names

Picks = Mapping[str, Sequence[Pick]]


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
            own = contracts.get(key, [])
            for part in _most_exact_last(updates, clock):
                own = _merge_creator(part, own, picks.get(key, []), one_offer=one_offer_per_creator, clock=clock)
            contracts[key] = own
    current = sorted((contract for own in contracts.values() for contract in own), key=_contract_key)
    return tuple(current), tuple(_live_notes(live, (before, *sources)))


def _live_notes(live: Sequence[Contract], sources: Iterable[Sequence[Contract]]) -> Iterator[str]:
    """Yield who is live by results alone: whoever has no state that says so, and whoever is signed of no wave."""
    stated = (each for source in sources for each in source if each.wave is None)
    signed = {match_key(each.creator) for each in stated if each.state is ContractState.SIGNED}
    groups: dict[bool, dict[str, None]] = {False: {}, True: {}}
    for contract in live:
        groups[match_key(contract.creator) in signed].setdefault(contract.creator)
    for is_signed, names in groups.items():
        what = "results, and 'signed' in a row without a wave" if is_signed else "results but no signed state"
        if names:
            yield f"{what}: {format_names(list(names), 5)} (treated as live{' where they have results' * is_signed})"


def _most_exact_last(updates: Sequence[Contract], clock: Clock | None) -> Iterator[list[Contract]]:
    """Yield updates of a creator in the order in which they hold: what is said of one wave is more exact."""
    of_all = [each for each in updates if clock is None or each.wave is None]
    of_one = [each for each in updates if clock is not None and each.wave is not None]
    yield from filter(None, (of_all, of_one))


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


def has_declined(contracts: Iterable[Contract], wave: str | None) -> bool:
    """Whether a creator, whose contracts these are, declined a wave; without a calendar, whether they declined."""
    return any(each.state is ContractState.DECLINED and each.wave in (None, wave) for each in contracts)


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
