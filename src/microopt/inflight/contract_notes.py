"""What contract states leave open: posts with results that are only signed, and agreed posts of waves that are over."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.campaign.progress import POSTED_STATES, CampaignProgress, ContractState
from microopt.inflight.wave_contracts import Clock
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_names


def still_signed_notes(running: CampaignProgress) -> Iterator[str]:
    """Name creators who have results, though their state says that they have not posted yet."""
    out = {(match_key(each.creator), each.wave) for each in running.results if each.posts > 0}
    signed = {}
    for contract in running.contracts:
        key, wave = match_key(contract.creator), contract.wave
        meant = {(key, wave), (key, None)} if wave else {place for place in out if place[0] == key}
        if contract.state is ContractState.SIGNED and out & meant:
            signed[key, wave] = contract.creator
    for contract in running.contracts:
        if contract.state in POSTED_STATES:
            for wave in (contract.wave, None):
                signed.pop((match_key(contract.creator), wave), None)
    if signed:
        names = list(dict.fromkeys(signed.values()))
        verb = "has results but is" if len(names) == 1 else "have results but are"
        message = f"{format_names(names)} {verb} still 'signed'"
        yield f"{message}: write 'live' in the states, so that their whole cost counts as spent"


def over_and_signed_notes(running: CampaignProgress, clock: Clock | None) -> Iterator[str]:
    """Name posts that are agreed for a wave that has ended, of which nobody says whether they are out."""
    if clock is None:
        return
    have_results = {(match_key(each.creator), each.wave) for each in running.results if each.posts > 0}
    late = [
        f"{each.creator} in {each.wave}"
        for each in running.contracts
        if each.state is ContractState.SIGNED
        and clock.ended(each.wave)
        and (match_key(each.creator), each.wave) not in have_results
    ]
    if late:
        one, many = "is still 'signed' in a wave that is over", "are still 'signed' in waves that are over"
        message = f"{format_names(late)} {one if len(late) == 1 else many} and will be paid"
        yield f"{message}: write in the states whether the post is live, done or declined"
