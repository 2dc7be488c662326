"""Tail: what a plan for the worst outcomes brings in them, and what that safety costs."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from msgspec import Struct

from microopt.quantities.units import Approximate


class TailFigures(Struct, frozen=True, kw_only=True):
    """What a plan brings of the goal, in the goal's own unit.

    Attributes
    ----------
    mean
        What is expected: the mean of all outcomes.
    worst
        The mean of the worst share of the scenarios.
    """

    mean: Approximate
    worst: Approximate


class Tail(Struct, frozen=True, kw_only=True):
    """What a plan was chosen for: the mean of its goal in the worst share of the scenarios.

    Attributes
    ----------
    share
        The share of the scenarios that counts.
    scenarios, seed
        How many scenarios were drawn, and with which seed.
    worst
        How many of them count.
    plan, of_means
        This plan, and the plan of means (the best one on average) in the same scenarios.
    means
        The choices of the plan of means: positions among the choices of the problem.
    sets
        The certificate: the sets of scenarios, by position, for which the proof has a price, in the order of these
        prices. One of them is that of this plan's own worst scenarios.
    """

    share: Fraction
    scenarios: int
    seed: int
    worst: int
    plan: TailFigures
    of_means: TailFigures
    means: tuple[int, ...]
    sets: tuple[tuple[int, ...], ...]

    computed: ClassVar[tuple[str, ...]] = ("costs", "raises")

    @property
    def costs(self) -> float:
        """The price of safety: how much less of the goal is expected than of the plan of means, as a share of that."""
        mean = self.of_means.mean
        return float((mean - self.plan.mean) / abs(mean)) if mean else 0.0

    @property
    def raises(self) -> float:
        """How much more this plan brings in the worst scenarios than the plan of means, as a share; 0 if that is 0."""
        worst = self.of_means.worst
        return float((self.plan.worst - worst) / abs(worst)) if worst else 0.0
