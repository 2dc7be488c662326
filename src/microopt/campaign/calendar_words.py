"""A calendar in words: what stands in it, setting by setting."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from microopt.campaign.calendar import Calendar, Days, Wave, WaveBudget
from microopt.campaign.calendar_periods import is_plain_period
from microopt.quantities.parse_and_format import (
    format_bound,
    format_exact_money,
    format_names,
    format_number_of,
)

MOST_SHOWN = 6  # waves or days that are named
NONE = "none"


def calendar_facts(calendar: Calendar | None, currency: str) -> dict[str, tuple[str, str]]:
    """Return each setting of a calendar by its key in the plan: what it is called, and its value in words."""
    waves = () if calendar is None else calendar.waves
    facts = {"waves": ("the waves", _format_waves(waves))}
    if calendar is None:
        return facts
    demand = [f"{wave.name} {format_bound(wave.demand, True)}" for wave in waves if wave.demand != 1]
    budgets = [f"{name} {format_budget(each, currency)}" for name, each in calendar.stated_budgets()]
    holidays = {holiday.day for holiday in calendar.holidays if waves and holiday.day >= waves[0].starts}
    return facts | {
        "budgets": ("the budgets of waves", _listed(budgets, "free")),
        "carry_over": ("unspent money of a wave may be spent later", _yes_or_no(calendar.carry_over)),
        "demand": ("the demand in waves", _listed(demand, "the same in all")),
        "max_posts": ("the most posts of a creator", f"{calendar.max_posts}"),
        "repetition": ("repeated posts reach the same people", _yes_or_no(calendar.repetition)),
        "retainer": ("the retainer", format_retainer(calendar.retainer)),
        "blackout": ("the blackout days", _listed([format_days(days) for days in calendar.blackout], NONE)),
        "countries": ("the countries whose holidays count", _listed(calendar.countries, NONE)),
        "holidays": ("the holidays", format_number_of(len(holidays), "day")),
        "lead_days": ("the lead time of a post", format_number_of(calendar.lead_days, "day")),
        "approval_days": ("the time for approval", format_number_of(calendar.approval_days, "day")),
    }


def _format_waves(waves: Sequence[Wave]) -> str:
    if not waves:
        return NONE
    names = [wave.name if is_plain_period(wave) else f"{wave.name} ({_span(wave)})" for wave in waves]
    if len(names) > MOST_SHOWN:
        return f"{len(names)} from {names[0]} to {names[-1]}"
    return ", ".join(names)


def _span(wave: Wave) -> str:
    return f"{wave.starts} to {wave.ends}"


def format_days(days: Days) -> str:
    """Return days in words: `2027-04-01 to 2027-04-05`."""
    return f"{days.starts}" if days.starts == days.ends else f"{days.starts} to {days.ends}"


def format_budget(budget: WaveBudget, currency: str) -> str:
    """Return the budget of a wave in words: `up to $6,000`, `20% to 40%`."""
    low, high = (None if end is None else _end(end, budget, currency) for end in (budget.low, budget.high))
    if low is None:
        return f"up to {high}" if high is not None else "free"
    if high is None:
        return f"at least {low}"
    return low if low == high else f"{low} to {high}"


def _end(end: Fraction, budget: WaveBudget, currency: str) -> str:
    return format_bound(end, True) if budget.percent else format_exact_money(end, currency)


def format_retainer(steps: Sequence[tuple[int, Fraction]]) -> str:
    """Return the discounts of a retainer in words: `10% from 3 posts, 20% from 6`."""
    if not steps:
        return NONE
    (posts, share), *others = steps
    return ", ".join(
        [
            f"{format_bound(share, True)} from {posts} posts",
            *(f"{format_bound(part, True)} from {n}" for n, part in others),
        ]
    )


def _listed(parts: Sequence[str], otherwise: str) -> str:
    return format_names(parts, MOST_SHOWN) if parts else otherwise


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"
