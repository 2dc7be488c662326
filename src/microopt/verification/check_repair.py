"""What a plan file says of its repair -> the repair, and what of it is not so."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, PairRule
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError
from microopt.plan.document.plan import ChangeDocument, RepairDocument
from microopt.plan.plan import Change, Repair
from microopt.plan.verification_result import Discrepancy
from microopt.quantities.codec import read_back
from microopt.quantities.parse_and_format import Range, print_exact, read_number


def repair_of(said: RepairDocument) -> Repair:
    """Return the repair that a plan tells, its limits as they are written."""
    return Repair(changes=tuple(_change(change) for change in said.changes), least=said.least_shown)


def _change(said: ChangeDocument) -> Change:
    was, now = (None if limit is None else read_back(limit) for limit in (said.from_, said.to))
    return Change(label=said.rule, was=was, now=now, becomes=said.becomes)


def check_repair(campaign: Campaign, said: RepairDocument | None) -> Iterator[Discrepancy]:
    """Yield what a plan says of its repair and its campaign, or the changes themselves, contradict."""
    if said is None:
        return
    asked = set(_asked(campaign))
    for i, change in enumerate(said.changes):
        for key, message in _wrong(change, asked):
            yield Discrepancy(place=f"repair.changes[{i}].{key}", message=message, said=getattr(change, key))
    if not said.changes:
        yield Discrepancy(place="repair.changes", message="the plan was repaired by no change")


def _wrong(change: ChangeDocument, asked: set[str]) -> Iterator[tuple[str, str]]:
    """Yield (key, sentence) of what is wrong with a change."""
    if change.becomes is None:
        if change.rule in asked:
            yield "rule", f"the plan says that {change.rule} was dropped, its campaign asks for it"
        if change.from_ is not None or change.to is not None or _meant(change.rule) is None:
            yield "rule", f"{change.rule} is nothing that can be dropped"
        return
    if change.becomes not in asked:
        yield "becomes", f"the plan says that {change.rule} became {change.becomes}, its campaign does not ask for that"
    before, after = _meant(change.rule), _meant(change.becomes)
    if after is None or (change.rule != "budget" and (before is None or before[0] != after[0])):
        yield "rule", f"{change.rule} cannot have become {change.becomes}"
    elif change.to is None or read_back(change.to) not in after[1]:
        yield "to", f"the plan says {change.to}, the rule is {change.becomes}"
    elif before is not None and (change.from_ is None or read_back(change.from_) not in before[1]):
        yield "from_", f"the plan says {change.from_}, the rule was {change.rule}"


def _meant(text: str) -> tuple[object, set[Fraction | None]] | None:
    """Return what a rule, a budget, a target or an inclusion is about, and its limits; None where it is none."""
    word, _, rest = text.partition(" ")
    if word == "include" and rest:
        return text, set()
    try:
        if word == "budget" and rest:
            return word, {read_number(rest)}
        if word == "target" and " >= " in rest:
            name, _, amount = rest.rpartition(" >= ")
            return name, {read_number(amount)}
        rule = parse_rule(text)
    except (CampaignError, ValueError):
        return None
    if isinstance(rule, PairRule):
        return text, set()
    about = replace(rule, label="", bounds=Range(None, None, rule.bounds.percent))
    return about, {rule.bounds.low, rule.bounds.high}


def _asked(campaign: Campaign) -> Iterator[str]:
    """Yield all that a campaign asks for, as a repair writes it."""
    yield from (rule.label for rule in campaign.rules)
    yield from (f"include {name}" for name in campaign.include)
    yield from (f"target {name} >= {print_exact(amount, False)}" for name, amount in campaign.goal.targets.items())
    if campaign.budget is not None:
        yield f"budget {print_exact(Fraction(campaign.budget, 100), False)}"
