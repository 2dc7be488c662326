"""Budgets of waves: what is written, and the rules that it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec.structs import replace

from microopt.campaign.calendar import WAVE, Calendar, Wave, WaveBudget
from microopt.campaign.calendar_faults import Faults
from microopt.campaign.calendar_sums import check_sums
from microopt.campaign.calendar_waves import by_wave
from microopt.campaign.calendar_whole import WholeCampaign
from microopt.campaign.campaign import Clause, RangeRule, Selector
from microopt.campaign.flag_values import Amount
from microopt.campaign.wave_rules import When
from microopt.errors import UsageError
from microopt.quantities.parse_and_format import (
    Range,
    format_exact,
    parse_money,
    parse_number,
    parse_range,
    shorten,
)

FREE = "free"
# How the labels of the rules begin, before the name of the wave: of its own budget, and of what is carried over to it.
_OF_WAVE, _UP_TO = "budget of ", "budget up to "


def parse_budgets(
    waves: Sequence[Wave], written: Mapping[str, Amount], whole: WholeCampaign, faults: Faults
) -> dict[str, WaveBudget]:
    """Return the budgets by wave, without those that are free.

    An amount or a share is the most that may be spent; it is meant as this wave's part of the whole, so that parts have
    to add up. A range leaves that open.
    """
    before = len(faults.found)
    budgets: dict[str, WaveBudget] = {}
    parts: set[str] = set()
    for name, amount in by_wave(waves, written, "budget", faults).items():
        text = str(amount).strip()
        budget = None if text.casefold() == FREE else _parse_budget(name, text, faults)
        if budget is None:
            continue
        if budget.percent and whole.budget is None:
            fix = f"give the campaign a budget with --budget 20000, or write an amount, such as {name} = 6000"
            message = f"{name} = {shorten(text)} is a share of a budget, and the campaign has none"
            faults.add_fault("wave-budget", message, fix, f"budget.{name}")
        budgets[name] = budget
        if _is_part(text):
            parts.add(name)
    if len(faults.found) == before:
        check_sums(waves, budgets, parts, whole, faults)
    return {wave.name: budgets[wave.name] for wave in waves if wave.name in budgets}


def _is_part(text: str) -> bool:
    return ".." not in text and text[0] not in "<>=≤≥"


def _parse_budget(name: str, text: str, faults: Faults) -> WaveBudget | None:
    """Return what an amount, a share or a range means; None if it is none of them, which is then a fault."""
    key = f"budget.{name}"
    fix = 'write an amount, a share or a range: 6000, "50%", "..8000", "20%..40%", or "free"'
    try:
        if text and not _is_part(text):
            bounds = parse_range(text)
        elif text.endswith("%"):
            bounds = Range(None, parse_number(text[:-1]) / 100, percent=True)
        else:
            bounds = Range(None, Fraction(parse_money(text, f"the budget of {name}"), 100))
    except UsageError as error:
        is_number = any(character.isdecimal() for character in text)
        faults.add_fault("wave-budget", error.message, (is_number and error.fix) or fix, key)
        return None
    except ValueError as error:
        message, _, meant = f"{name}: {error}".partition(": write ")
        faults.add_fault("wave-budget", message, f"write {meant}" if meant else fix, key)
        return None
    ends = [end for end in (bounds.low, bounds.high) if end is not None]
    if any(end < 0 for end in ends):
        faults.add_fault("wave-budget", f"{name} = {shorten(text)} is below 0", fix, key)
        return None
    if bounds.percent and any(end > 1 for end in ends):
        faults.add_fault("wave-budget", f"{name} = {shorten(text)} is more than the whole budget", fix, key)
        return None
    return WaveBudget(low=bounds.low, high=bounds.high, percent=bounds.percent)


def calendar_rules(calendar: Calendar, budget: int | None) -> Iterator[RangeRule]:
    """Yield the rules that budgets of waves mean, in order of time.

    With carry-over, the waves that have a cap spend at most the sum of the caps so far: what one leaves, a later one
    may spend. A wave without a cap spends what the budget of the campaign allows, and carries nothing over.

    Parameters
    ----------
    budget
        Cents of the campaign, or None if there is no budget, and so no share of it.
    """
    sharing: list[str] = []
    for name, each in calendar.stated_budgets():
        if each.high is not None and calendar.carry_over:
            sharing.append(name)
        if each.high is None or len(sharing) < 2:
            yield _rule(of_wave(name), name, (name,), each)
            continue
        if each.low is not None:
            yield _rule(of_wave(name), name, (name,), replace(each, high=None))
        together = _sum_of_caps([calendar.budgets[other] for other in sharing], Fraction(budget or 0, 100))
        if not together.percent or (together.high or 0) < 1:  # nothing spends more than the whole
            yield _rule(f"{_UP_TO}{name}", name, tuple(sharing), together)


def budgets_in_time(calendar: Calendar, budget: int | None) -> Iterator[RangeRule]:
    """Yield the same rules as a user would write them: on all that is spent in a wave, or from one wave to another.

    A rule on waves with others between them cannot be written so, and is left out.
    """
    names = calendar.names
    for rule in calendar_rules(calendar, budget):
        waves = rule.selector.clauses[0].values
        first, last = names.index(waves[0]), names.index(waves[-1])
        if names[first : last + 1] == waves:
            yield replace(rule, selector=Selector(), when=When(first=waves[0], last=waves[-1]))


def _sum_of_caps(budgets: Sequence[WaveBudget], whole: Fraction) -> WaveBudget:
    """Return the cap of several waves together: a share of the whole, which changes with it, if one of theirs is."""
    percent = any(each.percent for each in budgets)
    caps = [(each.high or Fraction(0)) / ((whole or 1) if percent and not each.percent else 1) for each in budgets]
    return WaveBudget(high=sum(caps, Fraction(0)), percent=percent)


def _rule(label: str, name: str, waves: tuple[str, ...], budget: WaveBudget) -> RangeRule:
    return RangeRule(
        label=label,
        selector=Selector(clauses=(Clause(column=WAVE, values=waves),)),
        measure="spend",
        bounds=budget.bounds,
        of_budget=budget.percent,
        wave_budget=name,
    )


def of_wave(name: str) -> str:
    """Return what the budget of a wave is called: `budget of 2027-03`."""
    return f"{_OF_WAVE}{name}"


def write_limit(name: str, sign: str, end: Fraction, percent: bool) -> str:
    """Return one end of the budget of a wave in a line: `budget of 2027-03 <= 6000`."""
    return f"{of_wave(name)} {sign} {format_exact(end, percent)}"


def budget_limits(calendar: Calendar) -> Iterator[str]:
    """Yield each end of each budget in a line."""
    for name, each in calendar.stated_budgets():
        for sign, end in ((">=", each.low), ("<=", each.high)):
            if end is not None:
                yield write_limit(name, sign, end, each.percent)
