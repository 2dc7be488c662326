"""What a plan states of its repair and its rule prices that contradicts its campaign, or themselves."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, PairRule
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError
from microopt.plan.codec import CODEC
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.plan.plan import Change, Plan
from microopt.plan.verification_result import Discrepancy
from microopt.quantities.parse_and_format import Range, format_exact, parse_number
from microopt.solver.result import Termination

STATUSES = (Termination.OPTIMAL.value, Termination.FEASIBLE.value, Termination.UNKNOWN.value, NOT_LOOKED_AT)


def check_repair(plan: Plan) -> Iterator[Discrepancy]:
    """Yield what a plan states of its repair that its campaign, or the changes themselves, contradict."""
    if plan.repair is None:
        return
    asked = set(_requests(plan.campaign))
    for i, change in enumerate(plan.repair.changes):
        stated = CODEC.encode(change)
        for key, message in _wrong_change(change, asked):
            yield Discrepancy(place=f"repair.changes[{i}].{key}", message=message, stated=stated[key])
    if not plan.repair.changes:
        yield Discrepancy(place="repair.changes", message="the plan was repaired by no change")


def check_rule_prices(plan: Plan) -> Iterator[Discrepancy]:
    """Yield what a plan states of its rule prices and cannot be so: without a rule, no best plan is worse."""
    prices, campaign = plan.rule_prices, plan.campaign
    if not prices:
        return
    if [price.label for price in prices] != [*dict.fromkeys(rule.label for rule in campaign.rules)]:
        yield Discrepancy(place="rule_prices", message="they are not of the campaign's rules, each once")
    sign = -1 if campaign.goal.name == LEAST_COST else 1
    for i, price in enumerate(prices):
        if price.status not in STATUSES:
            message = f"no plan without a rule has the status {price.status!r}"
            yield Discrepancy(place=f"rule_prices[{i}].status", message=message, stated=price.status)
        if price.change is not None and price.change.objective * sign < 0:
            message = f"without {price.label} the best plan cannot be worse"
            stated = float(price.change.objective)
            yield Discrepancy(place=f"rule_prices[{i}].change.objective", message=message, stated=stated)


def _wrong_change(change: Change, asked: set[str]) -> Iterator[tuple[str, str]]:
    """Yield (key, sentence) of what is wrong with a change."""
    if change.becomes is None:
        if change.label in asked:
            yield "label", f"the plan says that {change.label} was dropped, its campaign asks for it"
        if change.before is not None or change.after is not None or _parse_request(change.label) is None:
            yield "label", f"{change.label} is nothing that can be dropped"
        return
    if change.becomes not in asked:
        yield (
            "becomes",
            f"the plan says that {change.label} became {change.becomes}, its campaign does not ask for that",
        )
    before, after = _parse_request(change.label), _parse_request(change.becomes)
    if after is None or (change.label != "budget" and (before is None or before[0] != after[0])):
        yield "label", f"{change.label} cannot have become {change.becomes}"
    elif change.after is None or change.after not in after[1]:
        yield "after", f"the plan says {_shown(change.after)}, the rule is {change.becomes}"
    elif before is not None and (change.before is None or change.before not in before[1]):
        yield "before", f"the plan says {_shown(change.before)}, the rule was {change.label}"


def _shown(limit: Fraction | None) -> object:
    return CODEC.encode(limit, Fraction | None)


def _parse_request(text: str) -> tuple[object, set[Fraction | None]] | None:
    """Return the subject of a rule, budget, target or inclusion, and its limits; None where it is none of these."""
    word, _, rest = text.partition(" ")
    if word == "include" and rest:
        return text, set()
    try:
        if word == "budget" and rest:
            return word, {parse_number(rest)}
        if word == "target" and " >= " in rest:
            name, _, amount = rest.rpartition(" >= ")
            return name, {parse_number(amount)}
        rule = parse_rule(text)
    except (CampaignError, ValueError):
        return None
    if isinstance(rule, PairRule):
        return text, set()
    subject = replace(rule, label="", bounds=Range(None, None, rule.bounds.percent))
    return subject, {rule.bounds.low, rule.bounds.high}


def _requests(campaign: Campaign) -> Iterator[str]:
    """Yield all that a campaign asks for, as a repair writes it."""
    yield from (rule.label for rule in campaign.rules)
    yield from (f"include {name}" for name in campaign.include)
    yield from (f"target {name} >= {format_exact(amount, False)}" for name, amount in campaign.goal.targets.items())
    if campaign.budget is not None:
        yield f"budget {format_exact(Fraction(campaign.budget, 100), False)}"
