"""Which contracts stand tonight: those of the last plan, with what the roster and a file of states say since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from microopt.campaign.contracts import Contract, State
from microopt.campaign.progress import CampaignProgress
from microopt.campaign.results import PostResults
from microopt.plan.document.bought import pick_of
from microopt.plan.document.plan import PickDocument
from microopt.plan.plan import Pick
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import print_names

Key = tuple[str, str, str]
Picks = Mapping[str, Sequence[Pick]]


def merge_contracts(
    last: CampaignProgress | None,
    bought: Sequence[PickDocument],
    told: Sequence[Sequence[Contract]],
    actuals: Sequence[PostResults],
    *,
    alone: bool = True,
) -> tuple[tuple[Contract, ...], tuple[str, ...]]:
    """Return the contracts, and notes.

    A contract that does not say which offer was agreed is of the one in the last plan, at the cost that it had there.

    Parameters
    ----------
    last
        What was known when the last plan was made.
    bought
        The picks of the last plan.
    told
        What is said of contracts since, the weaker source first.
    actuals
        Results so far: whoever has some and was kept by nothing is live.
    alone
        Whether only one offer of a creator may be bought: another one that is signed then takes the place of the first.
    """
    picks: dict[str, list[Pick]] = {}
    for document in bought:
        picks.setdefault(match_key(document.creator), []).append(pick_of(document))
    known = _by_creator(() if last is None else last.contracts)
    live = list(_live(known, picks, actuals, told))
    for source in (*told, live):
        for key, mine in _by_creator(source).items():
            known[key] = _merged(mine, known.get(key, []), picks.get(key, []), alone=alone)
    notes: tuple[str, ...] = ()
    if live:
        names = print_names([contract.creator for contract in live], 5)
        notes = (f"there are results of {names}, of whom no state says that they signed: they are taken as live",)
    return tuple(sorted((one for mine in known.values() for one in mine), key=_key)), notes


def _by_creator(contracts: Iterable[Contract]) -> dict[str, list[Contract]]:
    found: dict[str, list[Contract]] = {}
    for contract in contracts:
        found.setdefault(match_key(contract.creator), []).append(contract)
    return found


def _merged(
    told: Sequence[Contract], before: Sequence[Contract], picks: Sequence[Pick], *, alone: bool
) -> list[Contract]:
    """Return a creator's contracts: what is told of each offer, and the others as they were."""
    found: list[Contract] = []
    left = list(before)
    for now in told:
        same = [one for one in left if _alike(now.offer, one.offer) and _alike(now.platform, one.platform)]
        left = [one for one in left if one not in same]
        found += _after(now, same, picks)
    replaced = alone and any(one.kept for one in found)
    return [*found, *(one for one in left if not (replaced and one.kept))]


def _after(now: Contract, before: Sequence[Contract], picks: Sequence[Pick]) -> list[Contract]:
    """Return what a contract is once its state is told, with what was known of it before and is not told again."""
    known = [one.paid for one in before if one.paid is not None]
    paid = sum(known) if now.paid is None and known else now.paid
    kept = [one for one in before if one.kept] if now.kept else []
    if not kept:
        return list(_agreed(replace(now, paid=paid), picks))
    fees = _shared(now.fee, [one.fee or 0 for one in kept]) if now.fee is not None else [one.fee for one in kept]
    return [
        replace(one, state=now.state, fee=fee, units=now.units or one.units, paid=None if place else paid)
        for place, (one, fee) in enumerate(zip(kept, fees, strict=True))
    ]


def _shared(whole: int, weights: Sequence[int]) -> list[int]:
    """Return an amount in cents divided in proportion, to the cent; evenly where nothing weighs."""
    weights = weights if any(weights) else [1] * len(weights)
    ends = [round(whole * sum(weights[: place + 1]) / sum(weights)) for place in range(len(weights))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _alike(one: str | None, other: str | None) -> bool:
    return one is None or other is None or match_key(one) == match_key(other)


def _live(
    known: Mapping[str, Sequence[Contract]],
    picks: Picks,
    actuals: Sequence[PostResults],
    told: Sequence[Sequence[Contract]],
) -> Iterator[Contract]:
    """Yield contracts of those who have results, are in the last plan, and are not said to be kept or out."""
    said = {key: list(mine) for key, mine in known.items()}
    for source in told:
        said |= _by_creator(source)
    for key in dict.fromkeys(match_key(actual.creator) for actual in actuals if actual.posts > 0):
        free = all(not one.kept and one.state is not State.DECLINED for one in said.get(key, ()))
        if free and key in picks:
            yield Contract(creator=picks[key][0].creator, state=State.LIVE)


def _agreed(contract: Contract, picks: Sequence[Pick]) -> Iterator[Contract]:
    """Yield a contract; a kept one with the offers, the fee and the forecast that it had in the last plan."""
    mine = [pick for pick in picks if _alike(contract.offer, pick.offer) and _alike(contract.platform, pick.platform)]
    if not contract.kept or not mine:
        yield contract
        return
    fees = [pick.fee for pick in mine] if contract.fee is None else _shared(contract.fee, [pick.fee for pick in mine])
    for place, (pick, fee) in enumerate(zip(mine, fees, strict=True)):
        yield replace(
            contract,
            creator=pick.creator,
            offer=pick.offer,
            platform=pick.platform,
            fee=fee,
            units=contract.units or pick.units,
            paid=None if place else contract.paid,
            planned={**pick.metrics, "cost": pick.cost},
        )


def _key(contract: Contract) -> Key:
    return match_key(contract.creator), match_key(contract.platform or ""), match_key(contract.offer or "")
