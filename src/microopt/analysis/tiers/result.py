"""Comparison: each tier alone beside the mix at equal budget, and what a large creator's money buys of smaller ones."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from microopt.plan.plan import Diagnosis, Pick, Plan, Totals

NOT_LOOKED_AT = "not looked at"


class SingleTierPlan(Struct, frozen=True, kw_only=True):
    """The best plan of one tier alone.

    Attributes
    ----------
    tier
        Its name, as the roster or the bands write it.
    found
        Its plan, or why there is none; None where a limit or an interrupt came before it was looked at.
    reasons
        Why it has no plan, or an empty one, in sentences.
    of_mix
        Its value by the mix's, None where one of the two has none above zero.
    """

    tier: str
    found: Plan | Diagnosis | None
    reasons: tuple[str, ...] = ()
    of_mix: Fraction | None = None

    @property
    def plan(self) -> Plan | None:
        """Its plan, None where there is none."""
        return self.found if isinstance(self.found, Plan) else None

    @property
    def status(self) -> str:
        """`optimal`, `feasible`, `infeasible`, `unknown` or `not looked at`."""
        if self.found is None:
            return NOT_LOOKED_AT
        return self.found.proof.status if isinstance(self.found, Plan) else self.found.status


class BundleTotals(Struct, frozen=True, kw_only=True):
    """What is bought on one side of a comparison, and what it brings.

    Attributes
    ----------
    value
        By the goal.
    """

    picks: tuple[Pick, ...]
    totals: Totals
    value: Fraction


class SubstituteBundle(Struct, frozen=True, kw_only=True):
    """A creator of the largest tier beside the best that the same money buys of smaller ones.

    Attributes
    ----------
    large
        The creator's offer that brings the most for its money.
    small
        The basket, None where a limit came before any was found.
    status
        `optimal`, `feasible` or `unknown`.
    bound
        Value that no basket exceeds, None where nothing is known of it.
    limit
        What cut the search short, or None.
    """

    creator: str
    large: BundleTotals
    small: BundleTotals | None
    status: str
    bound: Fraction | None = None
    limit: str | None = None

    @property
    def gap(self) -> float:
        """How far the basket may be from the best, as a share of the bound."""
        if self.small is None or not self.bound:
            return 0.0
        return float((self.bound - self.small.value) / abs(self.bound))

    def times(self, metric: str) -> Fraction | None:
        """Return what the basket brings of a metric by what the large creator does, None where either is not there."""
        mine = self.large.totals.metrics[metric]
        return Fraction(self.small.totals.metrics[metric], mine) if self.small is not None and mine else None


class Baskets(Struct, frozen=True, kw_only=True):
    """Baskets of all creators of the largest tier.

    Attributes
    ----------
    tier
        The largest tier among the offers let in.
    smaller
        The tiers that baskets are made of, from the smallest.
    looked_at
        The large creator of most value first.
    left_out
        Large creators that a limit or an interrupt came before.
    """

    tier: str
    smaller: tuple[str, ...]
    looked_at: tuple[SubstituteBundle, ...]
    left_out: tuple[str, ...] = ()


class Comparison(Struct, frozen=True, kw_only=True):
    """Each tier alone, the mix of all, and baskets, all by one goal on one forecast.

    Attributes
    ----------
    mix
        The best plan of all tiers.
    variants
        One for each tier of the roster, from the smallest.
    baskets
        None where the offers let in are all of one tier.
    seconds
        That all of it took.
    """

    mix: Plan
    variants: tuple[SingleTierPlan, ...]
    baskets: Baskets | None
    seconds: float

    def proven(self, gap: float = 0.0) -> bool:
        """Whether all was looked at, and is proven or within this gap of the best."""
        if self.baskets is not None and self.baskets.left_out:
            return False
        return all(
            status in ("optimal", "infeasible") or (status == "feasible" and gap > 0 and off <= gap)
            for status, off in self._known()
        )

    def _known(self) -> Iterator[tuple[str, float]]:
        """Yield the status and the gap of every search."""
        yield self.mix.proof.status, abs(self.mix.proof.gap)
        for variant in self.variants:
            yield variant.status, 0.0 if variant.plan is None else abs(variant.plan.proof.gap)
        for basket in () if self.baskets is None else self.baskets.looked_at:
            yield basket.status, basket.gap
