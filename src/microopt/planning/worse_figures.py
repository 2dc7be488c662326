"""Which figures of a creator's are worse in one roster than in another? The one that differs most first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec import Struct

from microopt.campaign.campaign import Goal
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import METRICS
from microopt.plan.purchase import Cause, Purchase
from microopt.planning.formulation.objective import BALANCED, METRIC_OF_GOAL
from microopt.quantities.parse_and_format import print_apart, print_money


class ComparisonTerms(Struct, frozen=True, kw_only=True):
    """In which terms figures are told.

    Attributes
    ----------
    forward
        Whether the better ones are the earlier ones.
    currency
        Of all money; None where there are two, which cannot be compared.
    metrics
        Those that count.
    """

    forward: bool
    currency: str | None
    metrics: tuple[str, ...]


class _Pair(Struct, frozen=True, kw_only=True):
    """A figure where a creator is bought, and where it is not."""

    kind: str
    what: str
    mine: int
    there: int
    dear: bool = False

    @property
    def worse(self) -> bool:
        return self.there > self.mine if self.dear else self.there < self.mine

    @property
    def share(self) -> Fraction:
        return Fraction(abs(self.there - self.mine), max(abs(self.mine), abs(self.there), 1))


def counted(goals: Sequence[Goal]) -> tuple[str, ...]:
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


def worsened_figures(bought: Purchase, there: Purchase, terms: ComparisonTerms) -> list[Cause]:
    """Return the figures that are worse for the same offers in the roster of the plan that does not buy them."""
    pairs = sorted((pair for pair in _pairs(bought, there, terms) if pair.worse), key=lambda pair: -pair.share)
    found = [Cause(kind=pair.kind, told=_told(pair, terms)) for pair in pairs]
    if bought.tier != there.tier:
        was, now = (bought.tier, there.tier) if terms.forward else (there.tier, bought.tier)
        found.append(Cause(kind="tier", told=f"it was {was}, and is {now} now"))
    return found


def _told(pair: _Pair, terms: ComparisonTerms) -> str:
    was, now = (pair.mine, pair.there) if terms.forward else (pair.there, pair.mine)
    verb = "rose" if now > was else "fell"
    if pair.kind == "forecast":
        shown = print_apart(Fraction(was, 1000), Fraction(now, 1000))
    elif pair.kind == "followers":
        shown = f"{was:,}", f"{now:,}"
    else:
        shown = print_money(was, terms.currency or ""), print_money(now, terms.currency or "")
    return f"its {pair.what} {verb} from {shown[0]} to {shown[1]}"


def _pairs(bought: Purchase, there: Purchase, terms: ComparisonTerms) -> Iterator[_Pair]:
    mine, other = bought.totals, there.totals
    if terms.currency is not None:
        yield _Pair(kind="fee", what="fee", mine=bought.fee, there=there.fee, dear=True)
        beside = mine.spend - bought.fee, other.spend - there.fee
        yield _Pair(kind="cost", what="cost beside the fee", mine=beside[0], there=beside[1], dear=True)
    yield _Pair(kind="followers", what="followers", mine=bought.followers, there=there.followers)
    for name in terms.metrics:
        what = f"expected {name}"
        yield _Pair(kind="forecast", what=what, mine=mine.metrics[name], there=other.metrics[name])
