"""Parse the table `[calendar]` into a Calendar, every fault of it at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from microopt.campaign.calendar import APPROVAL_DAYS, LEAD_DAYS, MAX_POSTS, Calendar, Days, Wave
from microopt.campaign.calendar_budgets import parse_budgets
from microopt.campaign.calendar_faults import Faults
from microopt.campaign.calendar_holidays import find_holidays, parse_countries
from microopt.campaign.calendar_input import CalendarInput, FlagWaves
from microopt.campaign.calendar_periods import parse_days
from microopt.campaign.calendar_waves import by_wave, find_waves
from microopt.campaign.calendar_whole import WholeCampaign
from microopt.campaign.extra_costs import DEDUCT_FEE
from microopt.campaign.flag_values import Amount
from microopt.errors import raise_campaign_faults
from microopt.quantities.discount_steps import DiscountSteps, parse_discount_steps
from microopt.quantities.parse_and_format import format_number_of, parse_number, shorten
from microopt.quantities.size_limits import MAX_BLACKOUTS, MAX_WAVES

MAX_DEMAND = 10  # times the ordinary one: more is rather a percent without its sign
MAX_LEAD_DAYS = 365
DAYS_OFF = 14  # the longest row of weekends and holidays that moves a briefing before a lead time


def parse_calendar(written: CalendarInput | None, retainer: str | None, whole: WholeCampaign) -> Calendar | None:
    """Return the calendar that a table and flags mean; None where they mean none.

    Parameters
    ----------
    retainer
        As the flag gives it, on top of a table without one.

    Raises
    ------
    CampaignError
        With everything that is wrong with it.
    """
    waves_of_flag = written is not None and isinstance(written.waves, FlagWaves)
    retainer_of_flag = retainer is not None and (written is None or written.retainer is None)
    faults = Faults(waves_of_flag=waves_of_flag, retainer_of_flag=retainer_of_flag)
    if written is None:
        if retainer is not None:
            fix = "name the waves in which creators post, such as --waves 2027-03,2027-04,2027-05"
            faults.add_fault("calendar-empty", "a retainer needs waves", fix, "retainer")
        raise_campaign_faults(faults.found)
        return None
    waves = find_waves(written, whole, faults)
    demand = _parse_demand(waves, written.demand, faults)
    budgets = parse_budgets(waves, written.budget, whole, faults)
    blackout = _parse_blackout(written.blackout, waves, faults)
    countries = parse_countries(written.holidays, whole.countries, faults)
    max_posts, steps = _parse_posts(written, retainer, faults)
    lead_days, approval_days = _parse_lead_times(written, faults)
    raise_campaign_faults(faults.found)
    return Calendar(
        waves=tuple(replace(wave, demand=demand.get(wave.name, wave.demand)) for wave in waves),
        budgets=budgets,
        carry_over=written.carry_over,
        max_posts=max_posts,
        repetition=written.repetition,
        retainer=steps,
        blackout=blackout,
        countries=countries,
        holidays=find_holidays(countries, waves[0].starts - timedelta(lead_days + DAYS_OFF), waves[-1].ends),
        lead_days=lead_days,
        approval_days=approval_days,
    )


def _parse_demand(waves: Sequence[Wave], written: Mapping[str, Amount], faults: Faults) -> dict[str, Fraction]:
    """Return the demand by wave, as a multiple of the ordinary one."""
    demand: dict[str, Fraction] = {}
    for name, amount in by_wave(waves, written, "demand", faults).items():
        text = str(amount).strip()
        try:
            factor = parse_number(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            factor = Fraction(0)
        if 0 < factor <= MAX_DEMAND:
            demand[name] = factor
            continue
        fix = f"write a multiple of an ordinary wave, above 0 and up to {MAX_DEMAND}: 1.3 or 130%"
        if MAX_DEMAND < factor <= MAX_DEMAND * 100 and "%" not in text:
            fix = f"did you mean {text}%?"
        message = f"{name} = {shorten(text)} is not a demand"
        faults.add_fault("wave-demand", message, fix, f"demand.{name}")
    return demand


def _parse_blackout(written: Sequence[Any], waves: Sequence[Wave], faults: Faults) -> tuple[Days, ...]:
    """Return the days without posts in order of time, overlapping and adjacent ones as one."""
    found: list[Days] = []
    for item in written[:MAX_BLACKOUTS]:
        days = parse_days(str(item))
        if days is None:
            fix = 'write it like blackout = ["2027-03-20", "2027-04-01..2027-04-05"]'
            faults.add_fault("calendar-blackout", f"blackout: {shorten(str(item))!r} is not a day", fix, "blackout")
        elif days.ends < days.starts:
            fix = f"write {days.ends}..{days.starts}"
            message = f"blackout: {days.starts}..{days.ends} ends before it starts"
            faults.add_fault("calendar-blackout", message, fix, "blackout")
        else:
            found.append(days)
    if len(written) > MAX_BLACKOUTS:
        message = f"blackout has {len(written):,} entries, but the limit is {MAX_BLACKOUTS:,}"
        faults.add_fault("calendar-blackout", message, "write days in a row as one: 2027-04-01..2027-04-05", "blackout")
    merged = _merge(found)
    for wave in waves:
        if any(days.starts <= wave.starts and wave.ends <= days.ends for days in merged):
            fix = f"drop the wave {wave.name}, or leave a day of it open"
            message = f"blackout covers all of {wave.name}, {wave.starts} to {wave.ends}: nobody could post in it"
            faults.add_fault("wave-blackout", message, fix, "blackout")
    return merged


def _merge(found: Sequence[Days]) -> tuple[Days, ...]:
    merged: list[Days] = []
    for days in sorted(found, key=lambda days: (days.starts, days.ends)):
        if merged and days.starts <= merged[-1].ends + timedelta(1):
            merged[-1] = replace(merged[-1], ends=max(merged[-1].ends, days.ends))
        else:
            merged.append(days)
    return tuple(merged)


def _parse_posts(written: CalendarInput, flag: str | None, faults: Faults) -> tuple[int, DiscountSteps]:
    """Return the most posts of one creator, and the steps of the retainer, which they have to allow.

    Without a statement, the most posts are those of its last step, if these are more than by default.
    """
    steps = _parse_retainer(written, flag, faults)
    last = steps[-1][0] if steps else 0
    if written.max_posts is None:
        if last > MAX_WAVES:
            message = f"the retainer gives a discount from {last:,} posts, but {MAX_WAVES} of one creator are the limit"
            faults.add_fault("retainer-posts", message, "drop that step, such as retainer = '3 posts: 10%'", "retainer")
        return max(MAX_POSTS, last), steps
    if not 1 <= written.max_posts <= MAX_WAVES:
        fix = f"three or four are usual: max_posts = {MAX_POSTS}"
        message = f"max_posts = {written.max_posts:,} is not possible, 1 to {MAX_WAVES} posts are"
        faults.add_fault("calendar-posts", message, fix, "max_posts")
    elif last > written.max_posts:
        posts = format_number_of(written.max_posts, "post")
        message = f"the retainer gives a discount from {last:,} posts, but max_posts allows {posts} of a creator"
        fix = f"raise max_posts to {last}, or drop that step of the retainer"
        faults.add_fault("retainer-posts", message, fix, "retainer")
    return written.max_posts, steps


def _parse_retainer(written: CalendarInput, flag: str | None, faults: Faults) -> DiscountSteps:
    if flag is not None and written.retainer is not None:
        fix = "keep retainer under [calendar], and drop the one above it"
        faults.add_fault("given-twice", "retainer is given twice", fix, "retainer")
    text = written.retainer if flag is None else flag
    try:
        steps = parse_discount_steps(text or "")
    except ValueError:
        steps = ()
    if text is not None and not steps:
        fix = "write rising discounts from 2 posts on, such as '3 posts: 10%; 6 posts: 20%'"
        if "%" not in text and any(character.isdecimal() for character in text):
            fix = f"a retainer is a discount for several posts: {fix}; for a fixed fee, {DEDUCT_FEE}"
        faults.add_fault("retainer-steps", f"retainer {shorten(text)!r} is not a list of discounts", fix, "retainer")
    return steps


def _parse_lead_times(written: CalendarInput, faults: Faults) -> tuple[int, int]:
    """Return the days from briefing to the post, and from a draft to it, which cannot be more."""
    stated = {"lead_days": written.lead_days, "approval_days": written.approval_days}
    for name, days in stated.items():
        if days is not None and not 0 <= days <= MAX_LEAD_DAYS:
            message = f"{name} = {days:,} is not a number of days from 0 to {MAX_LEAD_DAYS}"
            faults.add_fault("calendar-lead", message, f"write whole days, such as {name} = 7", name)
    lead, approval = written.lead_days, written.approval_days
    if lead is None:
        return max(LEAD_DAYS, approval or 0), APPROVAL_DAYS if approval is None else approval
    if approval is None:
        return lead, min(lead, APPROVAL_DAYS)
    if approval > lead >= 0:
        message = f"drafts are due {approval} days before a post, but its briefing is only {lead} days before"
        fix = f"raise lead_days to {approval} or more, or lower approval_days"
        faults.add_fault("calendar-lead", message, fix, "approval_days")
    return lead, approval
