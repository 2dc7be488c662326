"""Values that the calendar of a plan cannot have."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from microopt.campaign.calendar import Calendar, Days, WaveBudget
from microopt.campaign.calendar_periods import are_near
from microopt.campaign.calendar_settings import MAX_DEMAND, MAX_LEAD_DAYS
from microopt.campaign.calendar_waves import unusable_name
from microopt.campaign.wave_names import full_name, wave_key
from microopt.quantities.discount_steps import are_discount_steps
from microopt.quantities.parse_and_format import MAX_CENTS
from microopt.quantities.size_limits import MAX_BLACKOUTS, MAX_CALENDAR_DAYS, MAX_WAVES


def invalid_calendar_values(calendar: Calendar, *, has_budget: bool = True) -> Iterator[tuple[str, str]]:
    """Yield (place, sentence) of each value of a plan's calendar that is not possible."""
    yield from _invalid_waves(calendar)
    names = calendar.names
    for name, budget in calendar.budgets.items():
        if name not in names:
            yield f"calendar.budgets.{name}", "there is no such wave"
        elif not _is_budget(budget) or (budget.percent and not has_budget):
            yield f"calendar.budgets.{name}", "it is not a budget of a wave"
    last = calendar.retainer[-1][0] if calendar.retainer else 1
    if not last <= calendar.max_posts <= MAX_WAVES:
        yield "calendar.max_posts", f"{calendar.max_posts:,} is not a possible number of posts"
    if not are_discount_steps(calendar.retainer):
        yield "calendar.retainer", "it is not a list of rising discounts"
    if not 0 <= calendar.approval_days <= calendar.lead_days <= MAX_LEAD_DAYS:
        yield "calendar.lead_days", f"{calendar.lead_days:,} days cannot be the lead time of a post"
    spans = calendar.blackout
    if len(spans) > MAX_BLACKOUTS or any(days.ends < days.starts or not are_near(days) for days in spans):
        yield "calendar.blackout", "they are not days in a row"
    elif not all(first.ends < second.starts for first, second in pairwise(spans)):
        yield "calendar.blackout", "the days are not in order of time"
    days = [holiday.day for holiday in calendar.holidays]
    if days != sorted(days) or not {holiday.country for holiday in calendar.holidays} <= {*calendar.countries}:
        yield "calendar.holidays", "they are out of order, or of other countries"


def _invalid_waves(calendar: Calendar) -> Iterator[tuple[str, str]]:
    waves = calendar.waves
    if not 1 <= len(waves) <= MAX_WAVES:
        yield "calendar.waves", f"{len(waves):,} waves are not possible"
        return
    if len({wave_key(wave.name) for wave in waves}) < len(waves):
        yield "calendar.waves", "two waves have the same name"
    for i, wave in enumerate(waves):
        place = f"calendar.waves[{i}]"
        if problem := unusable_name(wave.name):
            yield place, f"its name {problem}"
        elif wave.name != full_name(wave.name):
            yield place, f"its name is written {full_name(wave.name)}"
        if not are_near(Days(starts=wave.starts, ends=wave.ends)):
            yield place, f"it is from {wave.starts} to {wave.ends}"
        if wave.ends < wave.starts:
            yield place, f"it ends on {wave.ends}, before it starts on {wave.starts}"
        if not 0 < wave.demand <= MAX_DEMAND:
            yield place, f"{float(wave.demand):g} is not a demand"
    if not all(first.ends < second.starts for first, second in pairwise(waves)):
        yield "calendar.waves", "the waves are out of order, or overlap"
    if (waves[-1].ends - waves[0].starts).days >= MAX_CALENDAR_DAYS:
        yield "calendar.waves", "the waves go over too many years"


def _is_budget(budget: WaveBudget) -> bool:
    ends = [end for end in (budget.low, budget.high) if end is not None]
    most = 1 if budget.percent else MAX_CENTS // 100
    return bool(ends) and ends == sorted(ends) and all(0 <= end <= most for end in ends)
