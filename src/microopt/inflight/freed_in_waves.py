"""What creators who stay in a plan over waves declined since the last one: money and places for others."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.campaign.progress import Contract
from microopt.inflight.merge_contracts import contracts_by_creator, has_declined
from microopt.inflight.transition import PlanTransition
from microopt.plan.purchase import Purchase, offer_keys
from microopt.quantities.parse_and_format import format_names, join_words


def freed_in_waves(transition: PlanTransition, added: Purchase) -> Iterator[str]:
    """Yield who declined single waves, those who declined the same ones together, as causes of an addition.

    Such a post leaves its money, and its place only to somebody who posts in the same wave.

    Parameters
    ----------
    added
        What the new plan buys from the creator who was added.
    """
    own = {pick.wave for pick in added.picks}
    who: dict[tuple[str, ...], list[str]] = {}
    for creator, waves in _declined(transition):
        who.setdefault(waves, []).append(creator)
    for waves, names in who.items():
        what = "money and room" if own & set(waves) else "money"
        yield f"{format_names(names)} declined {join_words(waves)}, which left {what}"


def _declined(transition: PlanTransition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the creators who lost posts that they declined, and the waves of these in order of time."""
    campaign = transition.problem.campaign
    if campaign.calendar is None or campaign.running is None:
        return
    contracts: dict[str, list[Contract]] = contracts_by_creator(campaign.running.contracts)
    for key, now in transition.purchases.items():
        before = transition.last_purchases.get(key)
        if before is None:
            continue
        lost = {wave for *_, wave in offer_keys(before)} - {wave for *_, wave in offer_keys(now)}
        declined = [wave for wave in lost if has_declined(contracts.get(key, ()), wave)]
        if declined:
            yield now.creator, tuple(name for name in campaign.calendar.names if name in declined)
