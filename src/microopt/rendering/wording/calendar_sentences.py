"""What the calendar of a campaign did to a plan, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from microopt.campaign.calendar import Calendar
from microopt.plan.plan import Plan
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_names, format_number_of

SHOWN_WAVES = 4
FOR_EACH_WAVE = " For posts in each, add --rule 'all count >= 1 each wave', or give a wave a budget such as \"1000..\"."


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


def empty_waves_fact(plan: Plan, *, hints: bool) -> Iterator[tuple[str, str]]:
    """Yield in which waves to come nothing is posted, why, and what would change that."""
    closed = plan.campaign.closed_waves
    if plan.campaign.calendar is None or not plan.picks:
        return
    names = [each.wave for each in plan.by_wave if not each.posts and each.at_most != 0 and each.wave not in closed]
    if not names:
        return
    few = plan.posts < len(plan.by_wave)
    reason = f"the plan has only {format_number_of(plan.posts, 'post')}" if few else "your goal and rules ask for none"
    where = f"{len(names):,} of {len(plan.by_wave):,} waves ({format_names(names, SHOWN_WAVES)})"
    yield "fact", f"Nothing is posted in {where}: {reason}.{FOR_EACH_WAVE if hints else ''}"


def carry_over_fact(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield up to which wave the limit is the whole budget, which is why the rules do not name it."""
    calendar = plan.campaign.calendar
    if calendar is None or not calendar.carry_over:
        return
    from microopt.campaign.calendar_budgets import calendar_rules  # which most plans do not need

    capped = [name for name, each in calendar.stated_budgets() if each.high is not None]
    ends = [rule.selector.clauses[0].values[-1] for rule in calendar_rules(calendar, plan.campaign.budget)]
    if len(capped) > 1 and capped[-1] not in ends:
        yield "fact", f"The budget up to {capped[-1]} is the whole budget."


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
