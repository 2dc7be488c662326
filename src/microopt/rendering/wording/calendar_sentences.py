"""What the calendar of a campaign did to a plan, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from microopt.campaign.calendar import Calendar
from microopt.plan.plan import Plan
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_number_of


def retainer_fact(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield how many creators' fees a retainer lowers."""
    calendar = plan.campaign.calendar
    if calendar is None or not calendar.retainer or not plan.picks:
        return
    from microopt.campaign.calendar_words import format_retainer  # which most plans do not need

    posts: Counter[str] = Counter()
    for pick in plan.picks:
        posts[match_key(pick.creator)] += pick.units
    lowered = sum(count >= calendar.retainer[0][0] for count in posts.values())
    whose = f"the fees of {format_number_of(lowered, 'creator')}" if lowered else "nobody's fees"
    yield "fact", f"The retainer ({format_retainer(calendar.retainer)}) lowers {whose}."


def calendar_note(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield what holds in all waves of a plan."""
    calendar = plan.campaign.calendar
    if calendar is None:
        return
    from microopt.campaign.calendar_words import calendar_facts  # which most plans do not need

    settings = {key: text for key, (_, text) in calendar_facts(calendar, plan.roster.currency).items()}
    yield "note", f"In the calendar: {'; '.join(_what_holds(calendar, settings))}."


def _what_holds(calendar: Calendar, settings: dict[str, str]) -> Iterator[str]:
    yield f"at most {format_number_of(calendar.max_posts, 'post')} of a creator"
    if not calendar.repetition:
        yield "later posts are counted as first ones"
    if calendar.carry_over and calendar.budgets:
        yield "unspent money of a wave may be spent later"
    if calendar.blackout:
        yield f"no posts on {settings['blackout']}"
    if calendar.countries:
        yield f"{settings['holidays']} of holidays in {settings['countries']}"
    yield f"briefing {settings['lead_days']} and draft {settings['approval_days']} before a post"
