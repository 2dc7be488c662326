"""Whether a second solver has confirmed a result."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.plan.diagnosis import Diagnosis
from microopt.plan.proof import Proof


def confirmed(result: Proof | Diagnosis) -> str:
    """Return who has confirmed a result, to follow what proves it; empty if nobody has."""
    return f", confirmed by {result.confirmed_by}" if result.confirmed_by else ""


def unconfirmed(result: Proof | Diagnosis) -> Iterator[tuple[str, str]]:
    """Yield why a second solver could not confirm a result."""
    if result.unconfirmed:
        yield "doubt", f"Not confirmed: {result.unconfirmed}."
