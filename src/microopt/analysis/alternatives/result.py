"""Alternatives: the next best plans of a campaign, how they differ from the best, and who is in how many of them."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from microopt.plan.difference import Difference
from microopt.plan.plan import Plan


class StopReason(StrEnum):
    """Why there are no more alternatives."""

    FOUND = "found"  # as many as were asked for
    EXHAUSTED = "exhausted"  # shown that no further plan differs as much
    STOPPED = "stopped"  # a limit or an interrupt came first


class Alternative(Struct, frozen=True, kw_only=True):
    """The best plan of those that differ enough from the best plan and from each earlier alternative.

    Attributes
    ----------
    plan
        Its proof is that no such plan is worth more: as a plan of the campaign alone it is not the best.
    change
        What it has more than the best plan.
    swapped
        Creators of both plans with other offers, or other numbers of them.
    of_best
        Its value by the best plan's, None where one of the two has none above zero.
    """

    plan: Plan
    change: Difference
    swapped: tuple[str, ...] = ()
    of_best: Fraction | None = None


class CreatorFrequency(Struct, frozen=True, kw_only=True):
    """In which plans a creator is.

    Attributes
    ----------
    plans
        Their numbers, ascending: 0 is the best plan, 1 the first alternative.
    """

    creator: str
    tier: str
    plans: tuple[int, ...]


class Alternatives(Struct, frozen=True, kw_only=True):
    """The best plan of a campaign and the next best ones.

    Attributes
    ----------
    count
        How many were asked for.
    differ
        How many creators of each plan before it an alternative leaves out; all of them where a plan has fewer.
    plans
        The alternatives, in the order in which they were found: where all are proven, none is worth more than one
        before it, but for what a proof of net reach leaves open.
    creators
        Of all the plans, those who are in most of them first.
    ended
        Why there are no more.
    limit
        What cut the last search short, or None.
    seconds
        That all of it took.
    warnings
        Of this study; those of the campaign are the best plan's.
    """

    best: Plan
    count: int
    differ: int
    plans: tuple[Alternative, ...]
    creators: tuple[CreatorFrequency, ...]
    ended: StopReason
    seconds: float
    limit: str | None = None
    warnings: tuple[str, ...] = ()

    def proven(self, gap: float = 0.0) -> bool:
        """Whether all that was asked for is there or shown not to be, and proven or within this gap of the best."""
        proofs = [self.best.proof, *(one.plan.proof for one in self.plans)]
        return self.ended is not StopReason.STOPPED and all(
            proof.status == "optimal" or (gap > 0 and proof.gap <= gap) for proof in proofs
        )
