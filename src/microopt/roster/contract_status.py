"""Contract states on a roster: the words for them, the contracts it states, and whose offers they keep or exclude."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.calendar import WAVE, Calendar
from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import (
    FALLBACK_COLUMN,
    IN_LAST_PLAN,
    KEPT_STATES,
    LAST_PLAN_COLUMN,
    NOT_IN_LAST_PLAN,
    OPEN_OFFER_COLUMN,
    CampaignProgress,
    Contract,
    ContractState,
    OpenOffer,
    PostResults,
    TakenFallback,
)
from microopt.campaign.wave_names import wave_key
from microopt.errors import CampaignError, Fault, RosterError
from microopt.quantities.keys import header_key, match_key
from microopt.quantities.parse_and_format import MAX_CENTS
from microopt.quantities.platforms import platform_key
from microopt.roster.contract_state_words import state_in_other_languages
from microopt.roster.roster import Roster, TextColumn

STATUS_WORDS = {
    ContractState.PROPOSED: "proposed, planned, shortlisted, shortlist, to contact, to ask, to ask today, "
    "to ask later, fallback",
    ContractState.OFFERED: "offered, contacted, asked, invited, invitation sent, pending, "
    "negotiating, in negotiation, waiting, overdue",
    ContractState.SIGNED: "signed, contracted, accepted, agreed, confirmed, booked, approved, yes, said yes",
    ContractState.LIVE: "live, posted, published, running",
    ContractState.DONE: "done, completed, complete, finished, closed",
    ContractState.DECLINED: "declined, rejected, refused, withdrawn, cancelled, canceled, dropped out, no, said no",
}
_STATE_BY_WORD = {header_key(word): state for state, words in STATUS_WORDS.items() for word in words.split(",")}
LIST_WORDS = "to ask today, to ask later, asked, overdue, fallback, accepted, live, done, declined"  # of whom to ask
_AMBIGUOUS_WORDS = (
    "no",
    "yes",
    "approved",
    "complete",
    "closed",
    "fallback",
    "overdue",
    "pending",
    "planned",
    "published",
    "running",
)  # too ambiguous in a roster: not states there


def parse_contract_state(word: str) -> ContractState | None:
    """Return the state that a word stands for, in any case and spacing, or None; an empty word means proposed."""
    if not word.strip():
        return ContractState.PROPOSED
    return _STATE_BY_WORD.get(header_key(word)) or state_in_other_languages(word)


def parse_roster_state(word: str) -> ContractState | None:
    """Return the state that a word in a roster stands for, or None: of some words only a file of states is sure."""
    key = header_key(word)
    if not word.strip() or key in _AMBIGUOUS_WORDS:
        return None
    return _STATE_BY_WORD.get(key) or state_in_other_languages(word, in_roster=True)


def contracts_from_roster(roster: Roster) -> tuple[tuple[Contract, ...], tuple[str, ...]]:
    """Return the contracts in a roster's column `status`, and notes about its unknown words.

    Proposed rows are left out. Several prices in one row are offers of one contract, which then names no offer.

    Raises
    ------
    RosterError
        If a column `paid` has impossible amounts.
    """
    column = roster.texts.get("status")
    if column is None:
        return (), ()
    words = [label.strip() for label in column.labels]
    states = [parse_roster_state(word) for word in words]
    used = set(column.codes.tolist())
    unknown = sorted({words[code] for code in used if words[code] and states[code] is None})
    if not any(words[code] and states[code] for code in used):
        return (), ()
    verb = "are not contract states and are" if len(unknown) > 1 else "is not a contract state and is"
    notes = (f"status: {', '.join(unknown)[:300]} {verb} ignored",) if unknown else ()
    is_binding = [state not in (None, ContractState.PROPOSED) for state in states]
    rows = np.flatnonzero(np.asarray(is_binding, dtype=np.bool_)[column.codes])
    paid_cents = _paid_cents(roster, rows)
    contracts = (
        _build_contract(roster, row, state, int(paid_cents[row]), named=is_only)
        for row, is_only in _contract_rows(roster, rows)
        if (state := states[int(column.codes[row])])
    )
    return tuple(contracts), notes


def _contract_rows(roster: Roster, rows: NDArray[np.intp]) -> Iterator[tuple[int, bool]]:
    """Yield the first offer of each file row, and whether it is the only one."""
    _, first, counts = np.unique(roster.row[rows], return_index=True, return_counts=True)
    for position in np.argsort(first).tolist():
        yield int(rows[first[position]]), bool(counts[position] == 1)


def _build_contract(roster: Roster, row: int, state: ContractState, paid: int, *, named: bool) -> Contract:
    offer, platform = (roster.text(name, row).strip() if named else "" for name in ("offer", "platform"))
    creator = roster.texts["creator"][row].strip()
    return Contract(creator=creator, state=state, offer=offer or None, platform=platform or None, paid=paid)


def _paid_cents(roster: Roster, rows: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the cents paid by row, 0 where the roster states none."""
    name = next((name for name in roster.numbers if header_key(name) == "paid"), None)
    if name is None:
        return np.zeros(len(roster), dtype=np.int64)
    cents = np.rint(np.nan_to_num(roster.numbers[name]) * 100)
    fix = "write what was paid so far, such as 250, or leave the cell empty"
    faults = []
    for row in rows[(cents[rows] < 0) | (cents[rows] > MAX_CENTS)].tolist():
        code, amount = "number-negative" if cents[row] < 0 else "fee-range", f"{cents[row] / 100:g}"
        message, line = f"{amount} cannot have been paid", int(roster.row[row])
        faults.append(Fault(code=code, message=message, fix=fix, row=line, column=name, value=amount))
    if faults:
        raise RosterError(
            f"{roster.source.path}: some amounts under {name} cannot have been paid", fix=fix, faults=faults
        )
    return np.clip(cents, 0, MAX_CENTS).astype(np.int64)


def with_roster_contracts(roster: Roster, campaign: Campaign) -> Campaign:
    """Return the campaign with the contracts stated by its roster, unless it has contracts already.

    Raises
    ------
    RosterError
        If a column `paid` has impossible amounts.
    CampaignError
        If the whole budget was paid to creators who declined.
    """
    if campaign.running is not None:
        return campaign
    contracts = tuple(
        contract
        for contract in contracts_from_roster(roster)[0]
        if contract.kept or contract.state is ContractState.DECLINED
    )
    if not contracts:
        return campaign
    sunk = sunk_cost(contracts)
    return replace(
        campaign,
        budget=remaining_budget(campaign.budget, sunk),
        running=CampaignProgress(contracts=contracts, sunk_cost=sunk),
    )


def sunk_cost(contracts: Iterable[Contract]) -> int:
    """Return the cents paid to creators who declined."""
    return sum(contract.paid or 0 for contract in contracts if contract.state is ContractState.DECLINED)


def remaining_budget(budget: int | None, sunk_cents: int) -> int | None:
    """Return the cents of a budget that remain after sunk cost, or None without a budget.

    Raises
    ------
    CampaignError
        If nothing remains.
    """
    if budget is None or not sunk_cents:
        return budget
    if sunk_cents >= budget:
        paid, total = f"{sunk_cents / 100:,.2f}", f"{budget / 100:,.2f}"
        message = f"{paid} was paid to creators who declined, so nothing is left of the budget of {total}"
        raise CampaignError(message, fix="raise it with --budget, or correct what was paid", code="budget-sunk")
    return budget - sunk_cents


def contract_notes(roster: Roster, campaign: Campaign) -> Iterator[str]:
    """Yield how many creators the roster's states keep and exclude, and notes about unknown words."""
    running = campaign.running
    if running is None or running.last_plan:  # a replan says it next to the plan
        return
    kept, out = (
        len({match_key(contract.creator) for contract in running.contracts if contract.kept is is_kept})
        for is_kept in (True, False)
    )
    declined = f"{_count_phrase(out)} left out as declined"
    yield f"by the column status, {_count_phrase(kept)} kept as signed, live or done, and {declined}"
    yield from contracts_from_roster(roster)[1]


def _count_phrase(count: int) -> str:
    return f"{count:,} {'creator is' if count == 1 else 'creators are'}"


CONTRACT_COLUMN = "contract"  # the roster column with each offer's state
STATE_LABELS = ("", *ContractState)


def with_contract_columns(roster: Roster, running: CampaignProgress | None) -> Roster:
    """Return the roster with columns of contract states, of who was in the last plan, and of fallbacks taken."""
    if running is None:
        return roster
    codes = np.zeros(len(roster), dtype=np.int32)
    for row, contract in contracts_by_row(roster, running).items():
        codes[row] = STATE_LABELS.index(contract.state)
    texts = {**roster.texts, CONTRACT_COLUMN: TextColumn(codes=codes, labels=STATE_LABELS)}
    if running.last_plan:
        in_last_plan = roster.texts["creator"].contains_any({match_key(name) for name in running.last_plan})
        texts[LAST_PLAN_COLUMN] = TextColumn(
            codes=in_last_plan.astype(np.int32), labels=(NOT_IN_LAST_PLAN, IN_LAST_PLAN)
        )
    if running.fallbacks:
        taken = named_offers(roster, running.fallbacks)
        texts[FALLBACK_COLUMN] = TextColumn(codes=taken.astype(np.int32), labels=(NOT_IN_LAST_PLAN, IN_LAST_PLAN))
    if running.open_offers:
        is_open = named_offers(roster, running.open_offers)
        texts[OPEN_OFFER_COLUMN] = TextColumn(codes=is_open.astype(np.int32), labels=(NOT_IN_LAST_PLAN, IN_LAST_PLAN))
    return replace(roster, texts=texts)


def named_offers(roster: Roster, owners: Iterable[TakenFallback | OpenOffer]) -> NDArray[np.bool_]:
    """Return, per offer, whether it is one of those named of a creator, for any number of units."""
    named: dict[str, set[tuple[str, str, str | None]]] = {}
    for owner in owners:
        offers = {(platform_key(each.platform), match_key(each.offer), each.wave) for each in owner.offers}
        named.setdefault(match_key(owner.creator), set()).update(offers)
    creators, covered = roster.texts["creator"], np.zeros(len(roster), dtype=bool)
    for row in np.flatnonzero(creators.contains_any(set(named))).tolist():
        wave = roster.text(WAVE, row) if WAVE in roster.texts else None
        offer = platform_key(roster.text("platform", row)), match_key(roster.text("offer", row))
        covered[row] = any(
            each[:2] == offer and (wave is None or each[2] in (None, wave)) for each in named[match_key(creators[row])]
        )
    return covered


def agreed_waves(roster: Roster, running: CampaignProgress | None, calendar: Calendar) -> NDArray[np.bool_] | None:
    """Return in which waves each offer was agreed, or made and may still be accepted, (n, waves); None for nowhere.

    What was agreed is a fact, also where it is too late, or the creator is not available, for anything new.

    Parameters
    ----------
    roster
        As it was read, without waves.
    """
    if running is None:
        return None
    kept = {str(number): each for number, each in enumerate(running.contracts) if each.kept and each.wave is not None}
    agreed = np.zeros((len(roster), len(calendar.waves)), dtype=bool)
    places = {wave_key(name): place for place, name in enumerate(calendar.names)}
    for number, offers in contract_offers(roster, kept).items():
        place = places.get(wave_key(kept[number].wave or ""))
        if place is not None:
            agreed[offers, place] = True
    for each in running.open_offers:
        for offer in each.offers:
            place = places.get(wave_key(offer.wave or ""))
            if place is not None:
                agreed[named_offers(roster, [replace(each, offers=(offer,))]), place] = True
    return agreed


def contracts_by_row(roster: Roster, running: CampaignProgress) -> Mapping[int, Contract]:
    """Return the contract of each row that has one; if two match, the one that names most of offer and wave.

    If the roster has a row per number of units, a contract with units matches only rows with that number.
    """
    by_creator: dict[str, list[Contract]] = {}
    for contract in sorted(running.contracts, key=named_terms):
        by_creator.setdefault(match_key(contract.creator), []).append(contract)
    creators = roster.texts["creator"]
    contract_of_row = {}
    for row in np.flatnonzero(creators.contains_any(set(by_creator))).tolist():
        for contract in by_creator[match_key(creators[row])]:
            if _contract_covers(roster, row, contract):
                contract_of_row[row] = contract
    return contract_of_row


def named_terms(contract: Contract) -> int:
    """Return how exactly a contract says what it is for: how many of offer, platform and wave it names."""
    return sum(term is not None for term in (contract.offer, contract.platform, contract.wave))


def _contract_covers(roster: Roster, row: int, contract: Contract) -> bool:
    if contract.wave is not None:
        if WAVE not in roster.texts:  # as the roster was read: what is declined in one wave may be bought in another
            return contract.kept and _covers_offer(roster, row, contract)
        if not _is_same(WAVE, roster.text(WAVE, row), contract.wave):
            return False
    return _covers_offer(roster, row, contract)


def _covers_offer(roster: Roster, row: int, contract: Contract) -> bool:
    for name, value in (("offer", contract.offer), ("platform", contract.platform)):
        if value is not None and not _is_same(name, roster.text(name, row), value):
            return False
    has_units = contract.kept and contract.units is not None
    return not has_units or roster.units is None or int(roster.units[row]) == contract.units


def kept_offers(roster: Roster, running: CampaignProgress | None) -> NDArray[np.bool_]:
    """Return, per offer, whether a contract makes a plan keep it, or one of several such offers."""
    return _offers_in_state(roster, running, set(KEPT_STATES))


def declined_offers(roster: Roster, running: CampaignProgress | None) -> NDArray[np.bool_]:
    """Return, per offer, whether it was declined."""
    return _offers_in_state(roster, running, {ContractState.DECLINED})


def _offers_in_state(roster: Roster, running: CampaignProgress | None, states: set[ContractState]) -> NDArray[np.bool_]:
    if running is None:
        return np.zeros(len(roster), dtype=bool)
    return roster.texts[CONTRACT_COLUMN].contains_any({str(state) for state in states})


def with_agreed_fees(roster: Roster, running: CampaignProgress | None) -> Roster:
    """Return the roster with agreed fees, and with an acceptance of 1 for everyone who has signed."""
    if running is None:
        return roster
    contracts = {row: contract for row, contract in contracts_by_row(roster, running).items() if contract.kept}
    fee, numbers = roster.fee.copy(), dict(roster.numbers)
    for row, contract in contracts.items():
        fee[row] = fee[row] if contract.fee is None else contract.fee
    if "acceptance" in numbers:
        acceptance = numbers["acceptance"].copy()
        acceptance[list(contracts)] = 1.0
        numbers["acceptance"] = acceptance
    return replace(roster, fee=fee, numbers=numbers)


def contract_label(contract: Contract, *, offer: bool = False) -> str:
    """Return the label of the rule that a contract makes: `signed @anna`, `signed @anna in 2027-03`."""
    words = [contract.state.value, contract.creator, contract.offer if offer else None]
    return " ".join(filter(None, [*words, f"in {contract.wave}" if contract.wave else None]))


def contracts_by_label(running: CampaignProgress | None) -> Mapping[str, Contract]:
    """Return each contract that must be kept, by the label of its rule."""
    kept_contracts = [contract for contract in running.contracts if contract.kept] if running is not None else []
    owners = Counter((match_key(contract.creator), contract.wave) for contract in kept_contracts)
    return {
        contract_label(contract_, offer=owners[match_key(contract_.creator), contract_.wave] > 1): contract_
        for contract_ in kept_contracts
    }


def contract_offers(roster: Roster, contracts: Mapping[str, Contract]) -> dict[str, NDArray[np.bool_]]:
    """Return which offers each contract can mean, (n,) by its label; one pass over the roster serves all contracts."""
    creators = roster.texts["creator"]
    wanted = {match_key(contract.creator) for contract in contracts.values()}
    rows: dict[str, list[int]] = {}
    for row in np.flatnonzero(creators.contains_any(wanted)).tolist() if wanted else ():
        rows.setdefault(match_key(creators[row]), []).append(row)
    offers = {label: np.zeros(len(roster), dtype=bool) for label in contracts}
    for label, contract in contracts.items():
        own = np.asarray(rows.get(match_key(contract.creator), ()), dtype=np.intp)
        first, alike = _first_of_each_kind(roster, own)
        covers = [_contract_covers(roster, row, contract) for row in own[first].tolist()]
        offers[label][own] = np.asarray(covers, dtype=np.bool_)[alike]
    return offers


def _first_of_each_kind(roster: Roster, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first of the rows of each offer, wave and number of units, and for each row which of these it is."""
    columns = [roster.texts[name].codes[rows] for name in ("offer", "platform", WAVE) if name in roster.texts]
    kinds = np.stack([*columns, roster.unit_counts()[rows]], axis=1)
    _, first, alike = np.unique(kinds, axis=0, return_index=True, return_inverse=True)
    return first, alike.reshape(-1)


def results_match_offer(roster: Roster, row: int, actual: PostResults) -> bool:
    """Whether results can belong to an offer: they name its creator and, if any, its platform, offer and wave."""
    named = [("creator", actual.creator), ("platform", actual.platform), ("offer", actual.offer)]
    if WAVE in roster.texts:
        named.append((WAVE, actual.wave))
    return all(value is None or _is_same(name, roster.text(name, row), value) for name, value in named)


def _is_same(name: str, cell: str, value: str) -> bool:
    key = platform_key if name == "platform" else match_key
    return key(cell) == key(value)
