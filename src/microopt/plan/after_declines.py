"""AfterDeclines: why a plan was chosen for what it brings once some creators have declined and others were asked."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from msgspec import Struct

from microopt.quantities.units import Approximate, Cents


class AfterDeclines(Struct, frozen=True, kw_only=True):
    """What a plan brings after declines and substitutes, on average over draws of who accepts, in the goal's unit.

    Attributes
    ----------
    value
        Of this plan. Everyone in it is asked. Whoever declines frees their money, for which substitutes are asked.
    of_means
        Of the plan of means, with the same substitutes in the same draws. The plan of means is the one that is best
        on average if nobody is replaced.
    of_means_alone
        Of the plan of means if nobody is replaced.
    bound
        A value that nobody exceeds on average, even if they know in advance who accepts.
    scenarios, seed
        How many draws, and their seed.
    rounds
        How often substitutes are asked after the answers to the first offers.
    candidates
        How many plans were compared, the plan of means among them.
    share
        The plan is the best one if this share of the value, at the prices of the plan of means, is counted for what a
        decline frees: 0 is the plan of means itself.
    per_dollar
        What a unit of money that a decline frees then counts.
    spend
        Cents that are spent after declines, on average.
    substitutes
        How many substitutes are asked, on average.
    rules_kept
        In how many of the draws all rules are kept in the end.
    means
        The choices of the plan of means: positions among the choices of the problem. The prices of the plan's proof are
        those of the plan of means.
    """

    value: Approximate
    of_means: Approximate
    of_means_alone: Approximate
    bound: Approximate
    scenarios: int
    seed: int
    rounds: int
    candidates: int
    share: Fraction
    per_dollar: Approximate
    spend: Cents
    substitutes: Approximate
    rules_kept: int
    means: tuple[int, ...]

    computed: ClassVar[tuple[str, ...]] = ("gain", "gap")

    @property
    def is_chosen(self) -> bool:
        """Whether the plan was chosen for this value, and is not the plan of means."""
        return self.share > 0

    @property
    def gain(self) -> float:
        """How much more it brings than the plan of means with the same substitutes, as a share; 0 if that is 0."""
        return float((self.value - self.of_means) / abs(self.of_means)) if self.of_means else 0.0

    @property
    def gap(self) -> float:
        """How far it may be from what knowing all answers would bring, as a share of the bound; 1 if that is 0."""
        if not self.bound:
            return float(self.value != 0)
        return float((self.bound - self.value) / abs(self.bound))
