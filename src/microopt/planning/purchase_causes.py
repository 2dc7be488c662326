"""Why a plan does not buy a creator: exclusions, a cost above a limit, or figures worse than elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct

from microopt.campaign.campaign import Campaign, Goal, PairRule, RangeRule, Selector
from microopt.campaign.goals import BALANCED_METRICS, LEAST_COST, MEASURE_OF_GOAL
from microopt.campaign.metrics import METRICS, TARGET_METRICS, canonical_measure
from microopt.forecast.plausibility import suspicious_offers
from microopt.plan.purchase import Cause, Purchase
from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import format_distinct, format_money
from microopt.roster.agreed_fees import at_agreed_amounts
from microopt.roster.conflicts import works_for_brand
from microopt.roster.contract_status import declined_offers, with_contract_columns
from microopt.roster.roster import Roster
from microopt.roster.selection import (
    excluded_for_minors,
    matches_filter,
    matching_offers,
    offers_named,
    reasons_left_out,
    sponsored_too_often,
)

DECLINED_LEFT_MONEY = "declined, which left money and room"


def exclusion_reasons(roster: Roster, campaign: Campaign, creator: str) -> Iterator[str]:
    """Yield why no offer of a creator is eligible, in sentences."""
    offers = roster.take(np.flatnonzero(offers_named(roster, creator)))
    if not len(offers):
        yield from reasons_left_out(roster, creator) or ("none of their rows can be used",)
        return
    running, offers = campaign.running, at_agreed_amounts(offers, campaign.fees)
    if running is not None and declined_offers(with_contract_columns(offers, running), running).all():
        yield "declined"
        return
    for where in campaign.where:
        if not matches_filter(offers, where).any():
            yield f"the filter {where.label} excludes all their offers"
    for name in campaign.exclude:
        if offers_named(offers, name).all():
            yield f"exclude {name}"
    for brand in campaign.competitors:
        if works_for_brand(offers, brand).any():
            yield f"works for the competitor {brand}"
    if sponsored_too_often(offers, campaign).all():
        yield "more of their posts are sponsored than you allow"
    if excluded_for_minors(offers, campaign).all():
        yield "they feature minors"
    if campaign.exclude_suspicious and suspicious_offers(roster, campaign)[offers_named(roster, creator)].all():
        yield "their figures are hard to believe"
    if campaign.calendar is not None:
        from microopt.roster.absences import why_absent  # dates, which few campaigns need
        from microopt.roster.contract_status import agreed_waves

        today, agreed = None if running is None else running.today, agreed_waves(offers, running, campaign.calendar)
        yield from why_absent(offers, campaign.calendar, today, agreed)


def budget_barriers(
    purchase: Purchase, offers: Roster, campaign: Campaign, plan_name: str, currency: str
) -> Iterator[Cause]:
    """Yield the budget and the spend caps of a plan that a creator's cost alone exceeds.

    Parameters
    ----------
    purchase
        What would be bought, at its cost in that plan.
    offers
        The creator's offers in the roster of that plan.
    campaign, plan_name
        The campaign and the name of that plan.
    """
    cost, budget, spendable = purchase.totals.spend, campaign.budget, campaign.spendable
    too_much = f"their cost of {format_money(cost, currency)} is more than"
    if spendable is not None and cost > spendable:
        yield Cause(kind="budget", message=f"{too_much} the budget of {plan_name}, {format_money(spendable, currency)}")
        return
    for rule in campaign.rules:
        if (
            isinstance(rule, RangeRule)
            and canonical_measure(rule.measure) == "spend"
            and not (rule.mean or rule.soft or rule.chance or rule.when)
        ):
            cap = _spend_cap(rule, budget)
            if cap is not None and cost > cap and matching_offers(offers, rule.selector).all():
                yield Cause(kind="rule", message=f"{too_much} {plan_name} has room for: {rule.label}")


def _spend_cap(rule: RangeRule, budget: int | None) -> Fraction | None:
    """Return the cents that a cap allows; a share of the spend is at most the same share of the budget."""
    if rule.bounds.high is None or (budget is None and rule.bounds.percent):
        return None
    return rule.bounds.high * (Fraction(budget or 0) if rule.bounds.percent else 100)


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
    uses_tiers
        Whether a rule or a filter names tiers, so that another tier can be a reason.
    """

    forward: bool
    currency: str | None
    metrics: tuple[str, ...]
    uses_tiers: bool


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


def uses_tiers(campaigns: Sequence[Campaign]) -> bool:
    """Whether a rule or a filter of any of the campaigns selects by tier."""
    selectors: list[Selector | None] = []
    for campaign in campaigns:
        selectors += [chosen.selector for chosen in campaign.where]
        for rule in campaign.rules:
            if isinstance(rule, RangeRule):
                selectors.append(rule.selector)
            elif isinstance(rule, PairRule):
                selectors += [rule.left, rule.right]
    clauses = (clause for selector in selectors if selector is not None for clause in selector.clauses)
    return any(header_key(clause.column) == "tier" for clause in clauses)


def goal_metrics(goals: Sequence[Goal]) -> tuple[str, ...]:
    """Return the metrics that goals count."""
    names: list[str] = []
    for goal in goals:
        if goal.name == "balanced":
            names += BALANCED_METRICS
        elif goal.name in ("worth", LEAST_COST):
            names += [name for name in (*METRICS, *TARGET_METRICS) if goal.worths.get(name) or goal.targets.get(name)]
        elif goal.column is None:
            names.append(MEASURE_OF_GOAL.get(goal.name, "reach"))
    return tuple(dict.fromkeys(names))


def worsened_figures(purchase: Purchase, elsewhere: Purchase, terms: ComparisonTerms) -> list[Cause]:
    """Return the figures that are worse in the roster of the plan that does not buy the same offers."""
    pairs = sorted(
        (pair for pair in _figure_pairs(purchase, elsewhere, terms) if pair.is_worse),
        key=lambda pair: -pair.relative_change,
    )
    causes = [Cause(kind=pair.kind, message=_describe_change(pair, terms)) for pair in pairs]
    if terms.uses_tiers and purchase.tier != elsewhere.tier:
        was, now = (purchase.tier, elsewhere.tier) if terms.forward else (elsewhere.tier, purchase.tier)
        causes.append(Cause(kind="tier", message=f"tier changed from {was} to {now}"))
    return causes


def _describe_change(pair: _FigurePair, terms: ComparisonTerms) -> str:
    was, now = (pair.in_plan, pair.elsewhere) if terms.forward else (pair.elsewhere, pair.in_plan)
    verb = "rose" if now > was else "fell"
    if pair.kind == "forecast":
        texts = format_distinct(Fraction(was, 1000), Fraction(now, 1000))
    elif pair.kind == "followers":
        texts = f"{was:,}", f"{now:,}"
    else:
        texts = format_money(was, terms.currency or ""), format_money(now, terms.currency or "")
    return f"{pair.label} {verb} from {texts[0]} to {texts[1]}"


def _figure_pairs(purchase: Purchase, elsewhere: Purchase, terms: ComparisonTerms) -> Iterator[_FigurePair]:
    own, elsewhere_totals = purchase.totals, elsewhere.totals
    if terms.currency is not None:
        yield _FigurePair(kind="fee", label="fee", in_plan=purchase.fee, elsewhere=elsewhere.fee, lower_is_better=True)
        extras = own.spend - purchase.fee, elsewhere_totals.spend - elsewhere.fee
        yield _FigurePair(
            kind="cost", label="cost on top of the fee", in_plan=extras[0], elsewhere=extras[1], lower_is_better=True
        )
    yield _FigurePair(kind="followers", label="followers", in_plan=purchase.followers, elsewhere=elsewhere.followers)
    for name in terms.metrics:
        if (
            name not in own.metrics or name not in elsewhere_totals.metrics
        ):  # a campaign without the target of the other
            continue
        whole = TARGET_METRICS.get(name)
        label = f"expected {whole} on target" if whole else f"expected {name}"
        yield _FigurePair(
            kind="forecast", label=label, in_plan=own.metrics[name], elsewhere=elsewhere_totals.metrics[name]
        )
