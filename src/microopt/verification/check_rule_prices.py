"""What a plan file says of the prices of its rules -> these prices, and what of it is not so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import convert

from microopt.campaign.campaign import Campaign
from microopt.campaign.goals import LEAST_COST
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.plan.document.difference import DifferenceDocument, difference_of
from microopt.plan.document.plan import RulePriceDocument
from microopt.plan.plan import RulePrice
from microopt.plan.verification_result import Discrepancy
from microopt.solver.result import Termination

FIGURES = DifferenceDocument.__struct_fields__
STATUSES = (Termination.OPTIMAL.value, Termination.FEASIBLE.value, Termination.UNKNOWN.value, NOT_LOOKED_AT)


def rule_prices_of(said: Sequence[RulePriceDocument] | None) -> tuple[RulePrice, ...]:
    """Return the prices that a plan tells."""
    return tuple(RulePrice(label=one.rule, status=one.status, change=_change(one)) for one in said or ())


def _change(said: RulePriceDocument) -> Difference | None:
    if said.objective is None:
        return None
    return difference_of(convert({name: getattr(said, name) for name in FIGURES}, DifferenceDocument))


def check_rule_prices(campaign: Campaign, said: Sequence[RulePriceDocument] | None) -> Iterator[Discrepancy]:
    """Yield what a plan says of the prices of its rules and cannot be so: without a rule, no plan is worse."""
    if said is None:
        return
    if [one.rule for one in said] != [*dict.fromkeys(rule.label for rule in campaign.rules)]:
        yield Discrepancy(place="rule_prices", message="they are not of the campaign's rules, each once")
    sign = -1 if campaign.goal.name == LEAST_COST else 1
    for i, one in enumerate(said):
        if one.status not in STATUSES:
            told = f"no plan without a rule has the status {one.status!r}"
            yield Discrepancy(place=f"rule_prices[{i}].status", message=told, said=one.status)
        if one.objective is not None and one.objective * sign < 0:
            told = f"without {one.rule} the best plan cannot be worse"
            yield Discrepancy(place=f"rule_prices[{i}].objective", message=told, said=one.objective)
