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


class MetricFigures(Struct, frozen=True, kw_only=True):
    """What a plan brings of one metric of a balanced goal, whose score has no unit of its own.

    Attributes
    ----------
    metric
        `engagements` or `conversions`.
    mean
        What is expected.
    worst
        The mean of the worst share of the fresh draws: of those that bring least of this metric.
    """

    metric: str
    mean: Approximate
    worst: Approximate


class WeakestRule(Struct, frozen=True, kw_only=True):
    """The rule that a plan keeps in the fewest draws.

    Attributes
    ----------
    share
        The share of the draws in which it holds, if nobody who declines is replaced.
    """

    label: str
    share: Approximate


class FreshTail(Struct, frozen=True, kw_only=True):
    """What both plans bring in draws that neither was chosen by.

    Attributes
    ----------
    draws, seed
        How many were drawn, and with which seed: the next one.
    plan, of_means
        This plan, and the plan of means; their mean is that of these draws.
    weakest_rule
        The rule that this plan keeps in the fewest of these draws; None if it keeps all of them in every draw.
    """

    draws: int
    seed: int
    plan: TailFigures
    of_means: TailFigures
    weakest_rule: WeakestRule | None = None


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
        This plan, and the plan of means (the best one on average) in the scenarios that this plan was chosen by, in
        which it looks better than it is.
    fresh
        Both plans in other draws, which say what safety brings.
    metrics, metrics_of_means
        Of a balanced goal, what this plan and the plan of means bring of each metric; empty for any other goal.
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
    fresh: FreshTail
    metrics: tuple[MetricFigures, ...] = ()
    metrics_of_means: tuple[MetricFigures, ...] = ()
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
        """How much more this plan brings in the worst of the fresh draws than the plan of means, as a share of that.

        0 if that is 0. A plan for the worst outcomes is judged by this, which may be below 0.
        """
        worst = self.fresh.of_means.worst
        return float((self.fresh.plan.worst - worst) / abs(worst)) if worst else 0.0
