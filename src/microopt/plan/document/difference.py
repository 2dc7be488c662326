"""What one plan has more than another, as it stands in a plan; and back."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from microopt.plan.difference import Difference
from microopt.quantities.codec import cents, thousandths


class DifferenceDocument(Struct, frozen=True, kw_only=True):
    """What a plan has more than another; `objective` in the goal's unit, `share` the same by the other's."""

    objective: float
    share: float | None
    creators: int
    spend: float
    metrics: dict[str, float]
    came: list[str]
    left: list[str]


def difference_document(change: Difference | None) -> DifferenceDocument | None:
    """Return a difference as it stands in a plan, None where there is none."""
    if change is None:
        return None
    return DifferenceDocument(
        objective=float(change.value),
        share=None if change.share is None else float(change.share),
        creators=change.creators,
        spend=change.spend / 100,
        metrics={name: amount / 1000 for name, amount in change.metrics.items()},
        came=list(change.came),
        left=list(change.left),
    )


def difference_of(said: DifferenceDocument | None) -> Difference | None:
    """Return the difference that was written, exactly."""
    if said is None:
        return None
    return Difference(
        value=Fraction(said.objective),
        share=None if said.share is None else Fraction(said.share),
        creators=said.creators,
        spend=cents(said.spend),
        metrics={name: thousandths(amount) for name, amount in said.metrics.items()},
        came=tuple(said.came),
        left=tuple(said.left),
    )
