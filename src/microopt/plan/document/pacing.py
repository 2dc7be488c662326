"""How a campaign that runs stands, as it is told in a plan."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from microopt.campaign.metrics import unit_of
from microopt.plan.pacing import Pacing


class PaceDocument(Struct, frozen=True, kw_only=True):
    """One figure of the whole campaign: as first planned, so far, and expected at the end; null where not known."""

    what: str
    planned: float | None
    so_far: float | None
    expected: float


class StandingDocument(Struct, frozen=True, kw_only=True):
    """One creator who is kept; figures by metric."""

    creator: str
    state: str
    cost: float
    planned: dict[str, float]
    so_far: dict[str, float]
    expected: dict[str, float]


class PacingDocument(Struct, frozen=True, kw_only=True):
    """How a campaign stands: `committed` is what kept creators cost, `day` of `days` what results count up to."""

    day: int | None
    days: int | None
    committed: float
    paid: float
    figures: list[PaceDocument]
    creators: list[StandingDocument]


def pacing_document(found: Pacing | None) -> PacingDocument | None:
    """Return how a campaign stands as it is told in a plan, None where it has not begun."""
    if found is None:
        return None
    return PacingDocument(
        day=found.day,
        days=found.days,
        committed=found.committed / 100,
        paid=found.paid / 100,
        figures=[
            PaceDocument(
                what=one.what,
                planned=_shown(one.what, one.planned),
                so_far=_shown(one.what, one.so_far),
                expected=one.expected / unit_of(one.what),
            )
            for one in found.paces
        ],
        creators=[
            StandingDocument(
                creator=one.creator,
                state=one.state.value,
                cost=one.cost / 100,
                planned=_metrics(one.planned),
                so_far=_metrics(one.so_far),
                expected=_metrics(one.expected),
            )
            for one in found.standings
        ],
    )


def _shown(what: str, amount: int | None) -> float | None:
    return None if amount is None else amount / unit_of(what)


def _metrics(figures: Mapping[str, int]) -> dict[str, float]:
    return {name: amount / 1000 for name, amount in figures.items()}
