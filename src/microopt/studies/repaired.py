"""What a plan file says of its repair -> the repair, and what of it is not so."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.campaign import Campaign
from microopt.document.figures import read_back
from microopt.document.plan import ChangeDocument, RepairDocument
from microopt.plan import Change, Repair
from microopt.units import print_exact
from microopt.verification import Statement


def repair_of(said: RepairDocument) -> Repair:
    """Return the repair that a plan tells, its limits as they are written."""
    return Repair(changes=tuple(_change(change) for change in said.changes), least=said.least_shown)


def _change(said: ChangeDocument) -> Change:
    was, now = (None if limit is None else read_back(limit) for limit in (said.from_, said.to))
    return Change(label=said.rule, was=was, now=now, becomes=said.becomes)


def not_repaired(campaign: Campaign, said: RepairDocument | None) -> Iterator[Statement]:
    """Yield what a plan says of its repair and its campaign, or the changes themselves, contradict."""
    if said is None:
        return
    asked = set(_asked(campaign))
    for i, change in enumerate(said.changes):
        place = f"repair.changes[{i}]"
        if change.becomes is not None and change.becomes not in asked:
            message = f"the plan says that {change.rule} became {change.becomes}, its campaign does not ask for that"
            yield Statement(place=f"{place}.becomes", message=message, said=change.becomes)
        if change.becomes is None and change.rule in asked:
            message = f"the plan says that {change.rule} was dropped, its campaign asks for it"
            yield Statement(place=f"{place}.rule", message=message, said=change.rule)
    if not said.changes:
        yield Statement(place="repair.changes", message="the plan was repaired by no change")


def _asked(campaign: Campaign) -> Iterator[str]:
    """Yield all that a campaign asks for, as a repair writes it."""
    yield from (rule.label for rule in campaign.rules)
    yield from (f"include {name}" for name in campaign.include)
    yield from (f"target {name} >= {print_exact(amount, False)}" for name, amount in campaign.goal.targets.items())
    if campaign.budget is not None:
        yield f"budget {print_exact(Fraction(campaign.budget, 100), False)}"
