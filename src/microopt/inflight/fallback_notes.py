"""What a replan says of the fallbacks that it took first, and of those that it did not take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from microopt.campaign.progress import TakenFallback
from microopt.plan.fallback_step import FallbackStep
from microopt.quantities.parse_and_format import format_percent

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


class OpenPlace(Struct, frozen=True, kw_only=True):
    """A place of the last plan that goes to a fallback, if one can be had.

    Attributes
    ----------
    creator
        Whose place it was.
    declined
        Whether that creator declined; otherwise they are no longer available.
    options
        The fallbacks in their order.
    stands
        Whether the one option was taken on an earlier night, and still stands.
    """

    creator: str
    declined: bool
    options: tuple[TakenFallback, ...]
    stands: bool = False


def fallback_notes(step: FallbackStep, places: Sequence[OpenPlace]) -> Iterator[str]:
    """Yield what was done, in sentences without their full stop."""
    left = {place.creator: left_words(declined=place.declined) for place in places}
    standing = {place.options[0] for place in places if place.stands}
    cost = f" ({cost_words(step)})" if len(step.taken) == 1 else ""
    for each in step.taken:
        whose = f"{ordinal(each.rank)} fallback"
        if each in standing:
            yield f"{each.creator} stays, the {whose} of {each.instead_of}{cost}"
        else:
            yield f"{each.instead_of} {left[each.instead_of]}; their {whose} {each.creator} was taken{cost}"
    if len(step.taken) > 1:
        verb = "the plan is " if step.cost else ""
        yield f"with these {len(step.taken):,} fallbacks, {verb}{cost_words(step)}"
    for vacant in step.vacant:
        yield f"{vacant.creator} {left[vacant.creator]}; {vacant.reason}"


def cost_words(step: FallbackStep) -> str:
    """Return what the fallbacks cost: `1.2% below the best free choice`."""
    if not step.cost:
        return "no free choice is better" if step.proven else "no better free choice was found"
    found = "" if step.proven else " that was found"
    return f"{format_percent(float(step.cost))} below the best free choice{found}"


def left_words(*, declined: bool) -> str:
    """Return why a pick's place is free."""
    return "declined" if declined else "is no longer available"


def ordinal(rank: int) -> str:
    """Return a place among the fallbacks in words, such as `first`; from the eleventh on as a figure."""
    if rank <= len(_ORDINALS):
        return _ORDINALS[rank - 1]
    return f"{rank}{'th' if 10 <= rank % 100 <= 20 else _ENDINGS.get(rank % 10, 'th')}"
