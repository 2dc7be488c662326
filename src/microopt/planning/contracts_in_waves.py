"""Contracts that a calendar cannot keep: of waves that it does not have, or of more posts than it allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from microopt.campaign.calendar import Calendar
from microopt.campaign.progress import Contract
from microopt.campaign.wave_names import MOST_NAMES, find_wave, suggest_waves
from microopt.errors import Fault
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_names


def contract_wave_faults(contracts: Sequence[Contract], calendar: Calendar) -> Iterator[Fault]:
    """Yield contracts of waves that the calendar lacks, and creators with whom more posts are agreed than it allows.

    Parameters
    ----------
    contracts
        Those that a plan must keep.
    """
    posts: dict[str, list[Contract]] = {}
    for contract in contracts:
        posts.setdefault(match_key(contract.creator), []).append(contract)
        if contract.wave is not None and find_wave(calendar.names, contract.wave) is None:
            message = (
                f"{contract.creator} is {contract.state.value} for {contract.wave}, which is not a wave of the calendar"
            )
            fix = f"keep the waves of the running campaign: {suggest_waves(calendar.names, contract.wave)}"
            yield Fault(code="contract-wave", message=message, fix=fix, value=contract.creator)
    for agreed in posts.values():
        count, creator = sum(contract.units or 1 for contract in agreed), agreed[0].creator
        if count > calendar.max_posts:
            waves = format_names([contract.wave for contract in agreed if contract.wave], MOST_NAMES)
            message = f"{count} posts of {creator} are agreed{f' ({waves})' if waves else ''}"
            message = f"{message}, but a creator posts at most {calendar.max_posts} times"
            fix = f"set max_posts = {count} under [calendar], or correct the states"
            yield Fault(code="contract-posts", message=message, fix=fix, value=creator)
