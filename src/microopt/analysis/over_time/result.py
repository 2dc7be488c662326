"""TimingComparison: one burst and other terms beside a plan over waves."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from msgspec import Struct

from microopt.analysis.case_status import status_of
from microopt.campaign.goals import LEAST_COST
from microopt.plan.diagnosis import DiagnosisResult
from microopt.plan.plan import AnalyzedTimedPlan, Plan, TimedPlanResult
from microopt.quantities.units import Approximate, Seconds

DECIDED = ("optimal", "infeasible")


class Timing(StrEnum):
    """What is different in a plan that is compared with the plan over the waves."""

    BURST = "burst"  # all posts are in one wave
    ONE_WAVE_EACH = "one wave each"  # each creator posts in one wave only
    FULL_FEES = "full fees"  # without the retainer
    OTHER_REPETITION = "other repetition"  # every post counts as a first one; or, if the plan counts so, as it repeats
    BURST_OTHER_REPETITION = "burst, other repetition"


class TimingCase(Struct, frozen=True, kw_only=True):
    """The best plan with the same money at other times or on other terms.

    Attributes
    ----------
    waves
        Of a burst: the wave of its plan, and others in which the same would cost and bring as much.
    result
        Its plan, or a diagnosis; None if a limit or an interrupt came first.
    rules_left
        The rules of the campaign on single waves or on repeats, which it does not keep.
    reasons
        Why it has no plan.
    share_of_plan
        Its value by that of the plan over the waves, None where one of the two has none above zero.
    """

    timing: Timing
    waves: tuple[str, ...] = ()
    result: TimedPlanResult | DiagnosisResult | None
    rules_left: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    share_of_plan: Approximate | None = None

    computed: ClassVar[tuple[str, ...]] = ("status",)

    @property
    def plan(self) -> Plan | None:
        """Its plan, or None."""
        return self.result if isinstance(self.result, Plan) else None

    @property
    def status(self) -> str:
        """`optimal`, `feasible`, `infeasible`, `unknown` or `not looked at`."""
        return status_of(self.result)


class TimingComparison(Struct, frozen=True, kw_only=True):
    """A plan over the waves, the best burst in each wave, and the plan on other terms, by one goal.

    Attributes
    ----------
    plan
        The plan of the campaign as it is.
    bursts
        In the order of time, one for all waves in which it is the same.
    others
        Where each creator is in one wave only, without the retainer, and with posts counted otherwise.
    seconds
        The total time.
    """

    plan: AnalyzedTimedPlan
    bursts: tuple[TimingCase, ...]
    others: tuple[TimingCase, ...]
    seconds: Seconds

    schema_name: ClassVar[str] = "over_time"
    computed: ClassVar[tuple[str, ...]] = ("status", "best_wave")

    @property
    def best_burst(self) -> TimingCase | None:
        """The burst that brings the most, or costs the least, the earliest of equal ones; None if none was found."""
        return best_burst_of(self.bursts)

    @property
    def best_wave(self) -> str | None:
        """The wave of the best burst, or None."""
        return None if self.best_burst is None else self.best_burst.waves[0]

    @property
    def status(self) -> str:
        """`optimal` where all of it is proven, else `feasible`."""
        return "optimal" if self.proven() else "feasible"

    def case(self, timing: Timing) -> TimingCase | None:
        """Return the plan on some other terms, None where it was not asked."""
        return next((case for case in self.others if case.timing == timing), None)

    def proven(self, gap: float = 0.0) -> bool:
        """Whether everything was searched, and is proven or within this gap of the best."""
        known = [(self.plan.proof.status, abs(self.plan.proof.gap))]
        for case in (*self.bursts, *self.others):
            known.append((case.status, 0.0 if case.plan is None else abs(case.plan.proof.gap)))
        return all(status in DECIDED or (status == "feasible" and gap > 0 and off <= gap) for status, off in known)


def best_burst_of(bursts: Sequence[TimingCase]) -> TimingCase | None:
    """Return the burst that brings the most, or costs the least, the earliest of equal ones; None if none was found."""
    return max((case for case in bursts if case.plan is not None), key=_worth, default=None)


def _worth(case: TimingCase) -> Fraction:
    assert case.plan is not None
    value = case.plan.proof.objective
    return -value if case.plan.campaign.goal.name == LEAST_COST else value
