"""The result of comparing two plan files."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, ClassVar

from msgspec import Struct

from microopt.campaign.campaign import Goal, Ideal
from microopt.campaign.metrics import METRICS, internal_units
from microopt.campaign.target_audience import TargetAudience
from microopt.plan.plan import Totals
from microopt.plan.purchase import Cause, Purchase
from microopt.quantities.units import Approximate, Cents, Metrics, Scaled


class PlanSide(Struct, frozen=True, kw_only=True):
    """One of the two plans.

    Attributes
    ----------
    path
        Of its file; `-` is standard input.
    name
        Of its campaign, or None.
    roster, sha256
        The path of its roster, and the SHA-256 of the roster's bytes.
    budget
        Cents, or None.
    status, gap
        `optimal` or `feasible`, and how far it may be from the best, as a share.
    objective
        In the goal's unit.
    ideals
        The best totals that a balanced goal is measured by.
    target_audience
        Whom its campaign is to reach, or None for everyone.
    sealed
        Whether the file is as it was written: what an altered one says of its figures and its proof may be false.
    """

    path: str
    name: str | None
    roster: str
    sha256: str
    currency: str
    goal: Goal
    budget: Cents | None
    status: str
    gap: float
    objective: Approximate
    ideals: tuple[Ideal, ...]
    totals: Totals
    target_audience: TargetAudience | None = None
    sealed: bool = True


class CreatorMove(Struct, frozen=True, kw_only=True):
    """A creator in only one of the plans.

    Attributes
    ----------
    causes
        The strongest first.
    """

    purchase: Purchase
    causes: tuple[Cause, ...]


def _field_units(name: str) -> int:
    """Return how many internal units of a creator's figure are one unit in JSON."""
    return 100 if name in ("fee", "revenue") else internal_units(name)


class FieldChange(Struct, frozen=True, kw_only=True):
    """A figure that differs for a creator in both plans.

    Attributes
    ----------
    field
        `offer`, `tier`, `followers`, `fee`, `cost`, `revenue`, or a metric.
    before, after
        Text, people, cents, or thousandths of a metric; None if unknown.
    """

    field: str
    before: Annotated[str | int | None, Scaled(_field_units, sibling="field")]
    after: Annotated[str | int | None, Scaled(_field_units, sibling="field")]


class RetainedCreator(Struct, frozen=True, kw_only=True):
    """A creator in both plans; `changes` is empty if nothing differs."""

    before: Purchase
    after: Purchase
    changes: tuple[FieldChange, ...]


class CampaignChange(Struct, frozen=True, kw_only=True):
    """A setting, rule or roster that differs between the plans.

    Attributes
    ----------
    setting
        `budget`, `goal`, `rule`, `filter`, `include`, `exclude`, `roster`, ...
    before, after
        Its text in each plan, None if a plan does not have it.
    message
        The change, as a sentence without its full stop.
    """

    setting: str
    before: str | None
    after: str | None
    message: str


class TotalsChange(Struct, frozen=True, kw_only=True):
    """The figures of B minus those of A, None where they cannot be compared."""

    objective: Approximate | None
    creators: int
    spend: Cents | None
    metrics: Metrics
    revenue: Cents | None
    profit: Cents | None = None


class PlanComparison(Struct, frozen=True, kw_only=True):
    """Two plans side by side, the first called A and the second B.

    Attributes
    ----------
    campaign
        The settings that differ, including the roster.
    added, dropped
        Creators only in B, or only in A.
    notes, warnings
        In sentences.
    """

    before: PlanSide
    after: PlanSide
    campaign: tuple[CampaignChange, ...]
    added: tuple[CreatorMove, ...]
    dropped: tuple[CreatorMove, ...]
    retained: tuple[RetainedCreator, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "plan_comparison"
    computed: ClassVar[tuple[str, ...]] = ("same", "change_in_totals")

    @property
    def change_in_totals(self) -> TotalsChange:
        """The figures of B minus those of A."""
        metrics = {name: self.after.totals.metrics[name] - self.before.totals.metrics[name] for name in METRICS}
        objective = self.after.objective - self.before.objective if self.same_measure else None
        creators = self.after.totals.creators - self.before.totals.creators
        money = {
            name: None if (more := self.change(name)) is None else int(more) for name in ("spend", "revenue", "profit")
        }
        return TotalsChange(objective=objective, creators=creators, metrics=metrics, **money)

    @property
    def changed(self) -> tuple[RetainedCreator, ...]:
        """The retained creators whose purchase or figures differ."""
        return tuple(creator for creator in self.retained if creator.changes)

    @property
    def same_currency(self) -> bool:
        """Whether both plans have the same currency, so that money can be compared."""
        return self.before.currency == self.after.currency

    @property
    def same_measure(self) -> bool:
        """Whether both values have the same measure: goal, ideals, currency, and the target that the goal counts."""
        left, right = self.before, self.after
        if left.goal.counts_target and left.target_audience != right.target_audience:
            return False
        return self.same_currency and left.goal == right.goal and left.ideals == right.ideals

    @property
    def same_picks(self) -> bool:
        """Whether purchases, costs and expected results are the same."""
        return not (self.added or self.dropped or self.changed)

    @property
    def same(self) -> bool:
        """Whether settings, picks, totals and proof are the same."""
        left, right = self.before, self.after
        facts = [(side.totals, side.objective, side.status, side.gap) for side in (left, right)]
        return self.same_picks and not self.campaign and facts[0] == facts[1]

    def change(self, name: str) -> int | Fraction | None:
        """Return a figure of B minus that of A, None if they cannot be compared.

        Parameters
        ----------
        name
            `creators`, `spend`, `revenue` or `profit` (cents), a metric (thousandths), or `value` (the goal's unit).
        """
        left, right = self.before.totals, self.after.totals
        if name == "value":
            return self.after.objective - self.before.objective if self.same_measure else None
        if name in METRICS:
            return right.metrics[name] - left.metrics[name]
        old, new = getattr(left, name), getattr(right, name)
        if old is None or new is None or (name != "creators" and not self.same_currency):
            return None
        return int(new - old)
