"""PlanB: what becomes of a plan where some of its creators decline."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from microopt.plan.difference import Difference
from microopt.plan.plan import AnalyzedPlan, PickSummary, Plan, PlanResult
from microopt.quantities.units import Seconds


class DeclineCase(Struct, frozen=True, kw_only=True):
    """The best plan where some creators decline.

    Attributes
    ----------
    declined
        Who declines, by name.
    keeps_rest
        Whether everyone else of the plan stays, with the same offers.
    status
        `optimal`, `feasible`, `infeasible`, `unknown`, or `not looked at`.
    change
        What it has more than the plan at hand; None where no plan was found.
    booked
        The offers of who is added.
    clash
        The labels of rules that cannot all be kept, where there is no plan.
    """

    declined: tuple[str, ...]
    keeps_rest: bool
    status: str
    change: Difference | None = None
    booked: tuple[PickSummary, ...] = ()
    clash: tuple[str, ...] = ()


class PlanB(Struct, frozen=True, kw_only=True):
    """A plan, and what becomes of it where creators decline.

    Attributes
    ----------
    before
        The plan at hand.
    asked
        Who was named, all of whom decline at once; empty where everyone in turn was looked at.
    cases
        Each with the rest of the plan kept, where that is possible: the one that was asked about, or every creator
        alone and then pairs of them, those who cost the plan most first.
    freely
        The same as the first case where everyone else may change too; None where nobody was named, or none was found.
    after
        The plan for the creators who were named; None where nobody was, and where there is none.
    paired
        The creators of whom every pair was looked at.
    stopped
        Whether a limit or an interrupt ended it early.
    """

    before: AnalyzedPlan
    cases: tuple[DeclineCase, ...]
    asked: tuple[str, ...] = ()
    freely: DeclineCase | None = None
    after: PlanResult | None = None
    paired: tuple[str, ...] = ()
    stopped: bool = False
    seconds: Seconds = 0.0
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "plan_b"
    computed: ClassVar[tuple[str, ...]] = ("status",)

    @property
    def status(self) -> str:
        """`optimal` where each case is proven, else `feasible`."""
        return "optimal" if self.proven() else "feasible"

    @property
    def plan(self) -> Plan | None:
        """The plan for the creators who were named."""
        return self.after

    def proven(self) -> bool:
        """Whether every case is decided: its plan is proven, or that there is none."""
        return not self.stopped and all(case.status in ("optimal", "infeasible") for case in self.cases)
