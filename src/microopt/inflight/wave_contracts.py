"""Contracts over the waves of a calendar: what a state without a wave says of each, and of which wave results are.

What is posted is a fact, and no state without a wave takes it back. Nothing can be posted yet in a wave to come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.calendar import Calendar
from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import POSTED_STATES, Contract, ContractState, PostResults
from microopt.campaign.updates import ReplanRequest
from microopt.errors import Fault
from microopt.plan.plan import Pick
from microopt.quantities.keys import match_key
from microopt.roster.available_days import available_waves
from microopt.roster.roster import Roster


class Clock(Struct, frozen=True, kw_only=True):
    """The calendar of a campaign, and today."""

    calendar: Calendar
    today: date

    def begun(self, wave: str | None) -> bool:
        """Whether a wave has begun; one that the calendar does not have counts as begun."""
        return not any(each.name == wave and each.starts > self.today for each in self.calendar.waves)

    def ended(self, wave: str | None) -> bool:
        """Whether the last day of a wave is over."""
        return any(each.name == wave and each.ends < self.today for each in self.calendar.waves)

    def state_in(self, update: Contract, wave: str | None) -> ContractState:
        """Return what the state of an update without a wave says of a wave: posts to come are agreed."""
        is_ahead = update.state in POSTED_STATES and not self.begun(wave)
        return ContractState.SIGNED if is_ahead else update.state


def clock_of(campaign: Campaign, request: ReplanRequest) -> Clock | None:
    """Return the clock of a replan, None without a calendar."""
    if campaign.calendar is None:
        return None
    return Clock(calendar=campaign.calendar, today=today_of(request))


def today_of(request: ReplanRequest) -> date:
    """Return the day of a replan."""
    return request.today or date.fromisoformat(request.made_at[:10])


def what_is_possible(roster: Roster, clock: Clock) -> str:
    """Return what the day of a replan changes: where offers can still be booked, and which waves have begun.

    It is empty as long as everything is possible that was so before the campaign.
    """
    before, now = (available_waves(roster, clock.calendar, today) for today in (None, clock.today))
    begun = [name for name in clock.calendar.names if clock.begun(name)]
    if not begun and np.array_equal(before, now):
        return ""
    return f"{' '.join(begun)} {sha256(np.packbits(now).tobytes()).hexdigest()}"


def posts_ahead(request: ReplanRequest, picks: Sequence[Pick], clock: Clock | None) -> Iterator[Fault]:
    """Yield the states that say of a wave to come that a post is out already.

    Parameters
    ----------
    picks
        Of the last plan, in whose waves a state without a wave is meant.
    """
    if clock is None:
        return
    file = request.states_file
    for place, each in enumerate(request.contracts):
        planned = {pick.wave for pick in picks if match_key(pick.creator) == match_key(each.creator)}
        waves = {each.wave} if each.wave is not None else planned - {None}
        if each.state not in POSTED_STATES or not waves or any(map(clock.begun, waves)):
            continue
        first = min((wave for wave in clock.calendar.waves if wave.name in waves), key=lambda wave: wave.starts)
        words = f"{each.creator} is {each.state.value} in {first.name}, which does not begin until {first.starts}"
        yield Fault(
            code="states-ahead",
            message=f"{words} (today is {clock.today})",
            fix="write signed as long as the post is not out, correct the wave, or give the day with --as-of",
            row=request.contract_rows[place] if request.contract_rows else None,
            column="creator" if file is None else file.header,
            value=each.creator,
        )


def results_ahead(request: ReplanRequest, clock: Clock | None) -> Iterator[Fault]:
    """Yield the results of waves to come: a post that has results is out."""
    if clock is None:
        return
    file, seen = request.results_file, set()
    starts = {wave.name: wave.starts for wave in clock.calendar.waves}
    for each in request.results:
        key, wave = match_key(each.creator), each.wave
        if wave is None or clock.begun(wave) or key in seen:
            continue
        seen.add(key)
        words = f"{each.creator} has results in {wave}, which does not begin until {starts[wave]}"
        yield Fault(
            code="results-ahead",
            message=f"{words} (today is {clock.today})",
            fix="write the wave for which the post was agreed, or give the day with --as-of",
            row=None if file is None else file.rows.get(key),
            column="creator" if file is None else file.header,
            value=each.creator,
        )


def is_posted(contract: Contract) -> bool:
    """Whether a contract is of a post that is out in a wave that is known."""
    return contract.wave is not None and contract.state in POSTED_STATES


def takes_back(update: Contract, contract: Contract) -> bool:
    """Whether a state without a wave would take back what is posted."""
    return update.wave is None and update.state not in POSTED_STATES and is_posted(contract)


def agreed_picks(update: Contract, picks: Sequence[Pick], clock: Clock | None) -> Sequence[Pick]:
    """Return the picks that a state can mean: nobody agrees today to a post in a wave that has ended."""
    if clock is None or update.wave is not None or update.state in POSTED_STATES:
        return picks
    return [pick for pick in picks if not clock.ended(pick.wave)]


def with_known_offer(update: Contract, references: Iterable[Contract | Pick]) -> Contract:
    """Return a contract that names no offer with the one that its creator has in other waves, if that is only one."""
    if update.wave is None or update.offer is not None or not update.kept:
        return update
    offers = {
        (match_key(each.platform), match_key(each.offer)): each
        for each in references
        if each.offer is not None and each.platform is not None and update.platform in (None, each.platform)
    }
    if len(offers) != 1:
        return update
    (known,) = offers.values()
    return replace(update, offer=known.offer, platform=known.platform, units=update.units or known.units)


def live_by_results(
    known: Sequence[Contract], picks: Sequence[Pick], actuals: Iterable[PostResults]
) -> Iterator[Contract]:
    """Yield the posts that are out by their results, though nothing says that they were agreed.

    They are of creators of the last plan, though one may be in a wave in which that had none of theirs. Somebody who is
    signed, of no wave in particular, is live where they have results: the state alone is of posts to come.

    Parameters
    ----------
    known, picks
        Of one creator, as `actuals` are.
    """
    if any(each.state is ContractState.DECLINED and each.wave is None for each in known):
        return
    stated = [each for each in known if each.kept or each.state is ContractState.DECLINED]
    settled: set[str | None] = {each.wave for each in stated if each.wave is not None}
    if not settled and any(each.state in POSTED_STATES for each in stated):
        settled |= {pick.wave for pick in picks}
    for actual in actuals:
        if actual.posts > 0 and actual.wave not in settled and not (actual.wave is None and stated):
            settled.add(actual.wave)
            yield Contract(creator=picks[0].creator, state=ContractState.LIVE, wave=actual.wave)


def in_agreed_waves(
    actuals: Iterable[PostResults], references: Iterable[Contract | Pick], clock: Clock | None
) -> tuple[PostResults, ...]:
    """Return results with the waves of the posts that brought them: one that is late is of the wave it was agreed for.

    Parameters
    ----------
    references
        What was planned or agreed.
    """
    results = tuple(actuals)
    if clock is None:
        return results
    meant: dict[str, set[str]] = {}
    for each in references:
        if each.wave is not None and not (isinstance(each, Contract) and each.state is ContractState.DECLINED):
            meant.setdefault(match_key(each.creator), set()).add(each.wave)
    taken = {(match_key(each.creator), each.wave) for each in results}
    names, found = clock.calendar.names, []
    for actual in results:
        key, wave = match_key(actual.creator), actual.wave
        own = meant.get(key, set())
        if wave is not None and own and wave not in own and wave in names:
            before = [name for name in names[: names.index(wave)] if name in own and (key, name) not in taken]
            wave = before[-1] if before else wave
            taken.add((key, wave))
        found.append(replace(actual, wave=wave))
    return tuple(found)
