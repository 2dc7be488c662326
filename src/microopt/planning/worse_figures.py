"""Which figures of a creator are worse in one roster than in another? The largest change comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec import Struct

from microopt.campaign.campaign import Goal
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import METRICS
from microopt.plan.purchase import Cause, Purchase
from microopt.planning.formulation.objective import BALANCED, METRIC_OF_GOAL
from microopt.quantities.parse_and_format import format_distinct, format_money


class ComparisonTerms(Struct, frozen=True, kw_only=True):
    """The terms in which figures are compared.

    Attributes
    ----------
    forward
        Whether the purchase is the earlier of the two, so that changes run from it to the other roster.
    currency
        The currency of all money; None where the two differ and cannot be compared.
    metrics
        The metrics that the goals count.
    """

    forward: bool
    currency: str | None
    metrics: tuple[str, ...]


class _FigurePair(Struct, frozen=True, kw_only=True):
    """A figure in the plan that buys the creator, and in the roster of the plan that does not."""

    kind: str
    label: str
    in_plan: int
    elsewhere: int
    lower_is_better: bool = False

    @property
    def is_worse(self) -> bool:
        return self.elsewhere > self.in_plan if self.lower_is_better else self.elsewhere < self.in_plan

    @property
    def relative_change(self) -> Fraction:
        return Fraction(abs(self.elsewhere - self.in_plan), max(abs(self.in_plan), abs(self.elsewhere), 1))


def goal_metrics(goals: Sequence[Goal]) -> tuple[str, ...]:
    """Return the metrics that goals count."""
    names: list[str] = []
    for goal in goals:
        if goal.name == "balanced":
            names += BALANCED
        elif goal.name in ("worth", LEAST_COST):
            names += [name for name in METRICS if goal.worths.get(name) or goal.targets.get(name)]
        elif goal.column is None:
            names.append(METRIC_OF_GOAL.get(goal.name, "reach"))
    return tuple(dict.fromkeys(names))


def worsened_figures(purchase: Purchase, elsewhere: Purchase, terms: ComparisonTerms) -> list[Cause]:
    """Return the figures that are worse in the roster of the plan that does not buy the same offers."""
    pairs = sorted(
        (pair for pair in _figure_pairs(purchase, elsewhere, terms) if pair.is_worse),
        key=lambda pair: -pair.relative_change,
    )
    causes = [Cause(kind=pair.kind, message=_describe_change(pair, terms)) for pair in pairs]
    if purchase.tier != elsewhere.tier:
        was, now = (purchase.tier, elsewhere.tier) if terms.forward else (elsewhere.tier, purchase.tier)
        causes.append(Cause(kind="tier", message=f"it was {was}, and is {now} now"))
    return causes


def _describe_change(pair: _FigurePair, terms: ComparisonTerms) -> str:
    was, now = (pair.in_plan, pair.elsewhere) if terms.forward else (pair.elsewhere, pair.in_plan)
    verb = "rose" if now > was else "fell"
    if pair.kind == "forecast":
        shown = format_distinct(Fraction(was, 1000), Fraction(now, 1000))
    elif pair.kind == "followers":
        shown = f"{was:,}", f"{now:,}"
    else:
        shown = format_money(was, terms.currency or ""), format_money(now, terms.currency or "")
    return f"its {pair.label} {verb} from {shown[0]} to {shown[1]}"


def _figure_pairs(purchase: Purchase, elsewhere: Purchase, terms: ComparisonTerms) -> Iterator[_FigurePair]:
    own, other = purchase.totals, elsewhere.totals
    if terms.currency is not None:
        yield _FigurePair(kind="fee", label="fee", in_plan=purchase.fee, elsewhere=elsewhere.fee, lower_is_better=True)
        extras = own.spend - purchase.fee, other.spend - elsewhere.fee
        yield _FigurePair(
            kind="cost", label="cost beside the fee", in_plan=extras[0], elsewhere=extras[1], lower_is_better=True
        )
    yield _FigurePair(kind="followers", label="followers", in_plan=purchase.followers, elsewhere=elsewhere.followers)
    for name in terms.metrics:
        label = f"expected {name}"
        yield _FigurePair(kind="forecast", label=label, in_plan=own.metrics[name], elsewhere=other.metrics[name])
