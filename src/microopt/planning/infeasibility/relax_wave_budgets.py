"""Move the budgets of waves to what a plan spends in them, where it breaks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import ceil, floor

from msgspec.structs import replace

from microopt.campaign.calendar import Calendar, WaveBudget
from microopt.campaign.calendar_budgets import calendar_rules, of_wave, write_limit
from microopt.campaign.campaign import RangeRule
from microopt.plan.repair import Change

CENT = Fraction(1, 100)
SHARE_STEP = Fraction(1, 1000)  # a tenth of a percent


def relax_wave_budgets(
    calendar: Calendar, budget: int | None, spend: Callable[[RangeRule], Fraction]
) -> tuple[Calendar, list[Change]]:
    """Return the calendar with budgets that a plan keeps, and what was changed for it.

    Parameters
    ----------
    budget
        Cents of the campaign, of which the budgets of waves may be shares.
    spend
        Returns what the plan spends of what a rule limits, in the rule's own units.
    """
    relaxed = calendar
    for name in calendar.names:  # in order of time: with carry-over, what one may spend counts for later ones
        for rule in calendar_rules(relaxed, budget):
            if rule.wave_budget == name:
                moved = _relax(relaxed.budgets[name], rule, spend(rule), budget)
                relaxed = replace(relaxed, budgets={**relaxed.budgets, name: moved})
    changes = [
        change for name, each in calendar.stated_budgets() for change in _changes(name, each, relaxed.budgets[name])
    ]
    return relaxed, changes


def _relax(each: WaveBudget, rule: RangeRule, used: Fraction, budget: int | None) -> WaveBudget:
    """Return the budget of a wave as far as its rule has to move; with carry-over the rule is on several waves."""
    low, high = rule.bounds.low, rule.bounds.high
    # Caps in money and in shares add up to a share.
    unit = Fraction(budget or 0, 100) if rule.of_budget and not each.percent else Fraction(1)
    step = SHARE_STEP if each.percent else CENT
    if low is not None and used < low:
        each = replace(each, low=floor(used / step) * step)
    if high is not None and used > high:
        each = replace(each, high=ceil(((each.high or 0) + (used - high) * unit) / step) * step)
    return each


def _changes(name: str, before: WaveBudget, after: WaveBudget) -> Iterator[Change]:
    """Yield how the budget of a wave was relaxed, one change for each end."""
    for sign, old, new in ((">=", before.low, after.low), ("<=", before.high, after.high)):
        if old != new and new is not None:
            yield Change(
                label=of_wave(name),
                before=old,
                after=new,
                becomes=write_limit(name, sign, new, before.percent),
                share=before.percent,
                money=not before.percent,
                wave=name,
            )
