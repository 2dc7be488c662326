"""Which contracts stand tonight: those of the last plan, with what the roster and a file of states say since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from microopt.actual import Actual
from microopt.contract import Contract, State
from microopt.document.bought import pick_of
from microopt.document.plan import PickDocument
from microopt.plan import Pick
from microopt.roster import match_key
from microopt.running import Running

Key = tuple[str, str, str]
Picks = Mapping[str, Sequence[Pick]]


def contracts_now(
    last: Running | None, bought: Sequence[PickDocument], told: Iterable[Sequence[Contract]], actuals: Sequence[Actual]
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
    """
    picks: dict[str, list[Pick]] = {}
    for document in bought:
        picks.setdefault(match_key(document.creator), []).append(pick_of(document))
    known: dict[str, list[Contract]] = {}
    for contract in last.contracts if last is not None else ():
        known.setdefault(match_key(contract.creator), []).append(contract)
    for source in told:
        for key, mine in _by_creator(source).items():
            known[key] = [_with_memory(one, known.get(key, [])) for one in mine]
    live = list(_live(known, picks, actuals))
    for contract in live:
        known[match_key(contract.creator)] = [contract]
    agreed = [one for mine in known.values() for contract in mine for one in _agreed(contract, picks)]
    notes: tuple[str, ...] = ()
    if live:
        names = ", ".join(contract.creator for contract in live[:5]) + (" and others" if len(live) > 5 else "")
        notes = (f"there are results of {names}, of whom no state says that they signed: they are taken as live",)
    return tuple(sorted(agreed, key=_key)), notes


def _by_creator(contracts: Iterable[Contract]) -> dict[str, list[Contract]]:
    found: dict[str, list[Contract]] = {}
    for contract in contracts:
        found.setdefault(match_key(contract.creator), []).append(contract)
    return found


def _with_memory(now: Contract, before: Sequence[Contract]) -> Contract:
    """Return a contract with what was known of it before and is not told again."""
    same = [one for one in before if _alike(now.offer, one.offer) and _alike(now.platform, one.platform)]
    if not same:
        return now
    was = same[0]
    stays = now.kept and was.kept
    return replace(
        now, offer=now.offer or was.offer, platform=now.platform or was.platform,
        units=was.units if now.units == 1 and now.offer is None else now.units,
        fee=was.fee if now.fee is None and stays else now.fee, paid=now.paid or was.paid,
        planned=was.planned if stays else now.planned,
    )  # fmt: skip


def _alike(one: str | None, other: str | None) -> bool:
    return one is None or other is None or match_key(one) == match_key(other)


def _live(known: Mapping[str, Sequence[Contract]], picks: Picks, actuals: Sequence[Actual]) -> Iterator[Contract]:
    """Yield contracts of those who have results, are in the last plan, and are not said to be kept or out."""
    for key in dict.fromkeys(match_key(actual.creator) for actual in actuals if actual.posts > 0):
        free = all(not one.kept and one.state is not State.DECLINED for one in known.get(key, ()))
        if free and key in picks:
            yield Contract(creator=picks[key][0].creator, state=State.LIVE)


def _agreed(contract: Contract, picks: Picks) -> Iterator[Contract]:
    """Yield a kept contract with the offers, the fee and the forecast that it had in the last plan."""
    mine = [
        pick
        for pick in picks.get(match_key(contract.creator), ())
        if _alike(contract.offer, pick.offer) and _alike(contract.platform, pick.platform)
    ]
    if not contract.kept or not mine or contract.planned:
        yield contract
        return
    whole = sum(pick.fee for pick in mine)
    for pick in mine:
        fee = pick.fee if contract.fee is None else round(contract.fee * pick.fee / whole) if whole else contract.fee
        yield replace(
            contract, creator=pick.creator, offer=pick.offer, platform=pick.platform, units=pick.units, fee=fee,
            paid=contract.paid if pick is mine[0] else 0, planned={**pick.metrics, "cost": pick.cost},
        )  # fmt: skip


def _key(contract: Contract) -> Key:
    return match_key(contract.creator), match_key(contract.platform or ""), match_key(contract.offer or "")
