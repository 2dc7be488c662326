"""What a user writes in a portfolio file, each key said once: numbers and texts as written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from microopt.campaign.flag_values import Amount


class CapacityInput(Struct, frozen=True, kw_only=True):
    """The table `[capacity]`: how much may be booked of one creator."""

    campaigns: int | None = None
    posts: int | None = None
    period: str | None = None
    column: str | None = None
    tiers: Mapping[str, int] = {}


class ExclusiveInput(Struct, frozen=True, kw_only=True):
    """A table `[[exclusive]]`: campaigns and categories that compete."""

    members: Sequence[str]
    days: int | None = None


class MemberInput(Struct, frozen=True, kw_only=True):
    """A table `[[campaign]]`: one campaign, with paths from the folder of the portfolio file."""

    file: str
    roster: str
    name: str | None = None
    category: str | None = None
    weight: Amount = 1
    floor: Amount | None = None
    cap: Amount | None = None
    plan: str | None = None
    states: str | None = None
    results: str | None = None


class PortfolioInput(Struct, frozen=True, kw_only=True):
    """All keys of a portfolio file."""

    name: str | None = None
    currency: str | None = None
    budget: Amount | None = None
    exchange: Mapping[str, Amount] = {}
    rules: Sequence[str] = ()
    volume: str | None = None
    fees: Mapping[str, Amount] = {}
    capacity: CapacityInput = CapacityInput()
    # A table that lacks a key it needs is None, so that the others keep their number.
    exclusive: Sequence[ExclusiveInput | None] = ()
    campaign: Sequence[MemberInput | None] = ()
