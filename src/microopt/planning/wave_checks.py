"""What is wrong with the rules of a campaign that are about waves: no calendar, no such wave, nothing to compare."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from microopt.campaign.calendar import Calendar
from microopt.campaign.campaign import Campaign, EachRule, RangeRule, Rule
from microopt.campaign.metrics import REPEATS, canonical_measure
from microopt.campaign.rule_grammar import format_rule
from microopt.campaign.rules_by_wave import needs_calendar, waves_meant
from microopt.campaign.wave_names import MOST_NAMES, find_wave, suggest_waves
from microopt.campaign.wave_rules import GAP, WAVES_EXAMPLE, format_when
from microopt.errors import Fault
from microopt.quantities.parse_and_format import Range, format_exact, format_names, format_number_of
from microopt.roster.roster import Roster, find_number_column


def check_waves(roster: Roster, campaign: Campaign) -> tuple[list[Fault], list[str]]:
    """Return the faults of rules in time, and warnings.

    Parameters
    ----------
    roster
        As it was read, without waves.
    """
    faults: list[Fault] = []
    warnings: list[str] = []
    for rule in campaign.rules:
        if campaign.calendar is None:
            faults += _without_calendar(roster, rule)
        else:
            faults += _faults_of(rule, campaign.calendar)
            warnings += _warnings_of(rule, campaign.calendar)
    return faults, warnings


def _without_calendar(roster: Roster, rule: Rule) -> Iterator[Fault]:
    """Yield the fault of a rule that means nothing without a calendar; a column of the roster may have its words."""
    own = isinstance(rule, RangeRule | EachRule) and find_number_column(roster, rule.measure) is not None
    if needs_calendar(rule) or (_is_of_repeats(rule) and not own):
        words = format_when(rule.when).strip() or "repeats"
        if isinstance(rule, EachRule) and rule.measure == GAP:
            words = "gap"
        elif not isinstance(rule, RangeRule | EachRule) and rule.days is not None:
            words = f"{rule.days} days"
        message = f"rule {rule.label!r}: {words!r} is about waves, and the campaign has no calendar"
        yield Fault(code="calendar-missing", message=message, fix=f"give the waves: {WAVES_EXAMPLE}")


def _is_of_repeats(rule: Rule) -> bool:
    return isinstance(rule, RangeRule | EachRule) and canonical_measure(rule.measure) == REPEATS


def _faults_of(rule: Rule, calendar: Calendar) -> Iterator[Fault]:
    named = () if rule.when is None else rule.when.names
    unknown = [name for name in named if find_wave(calendar.names, name) is None]
    for name in unknown:
        message = f"rule {rule.label!r}: the calendar has no wave {name!r}"
        yield Fault(code="rule-wave", message=message, fix=suggest_waves(calendar.names, name), value=name)
    if rule.when is not None and rule.when.place is not None and not waves_meant(rule.when, calendar):
        message = f"rule {rule.label!r}: the calendar has {format_number_of(len(calendar.waves), 'wave')}"
        waves = format_names(calendar.names, MOST_NAMES)
        yield Fault(code="rule-wave", message=message, fix=f"take one of its waves: {waves}")
    elif rule.when is not None and not unknown and not waves_meant(rule.when, calendar):
        first, last = rule.when.names
        message = f"rule {rule.label!r}: {first} is after {last}"
        yield Fault(code="rule-wave", message=message, fix=f"write 'in {last}..{first}'")
    elif _is_of_repeats(rule) and not unknown:
        yield from _faults_of_repeats(rule, calendar)


def _faults_of_repeats(rule: Rule, calendar: Calendar) -> Iterator[Fault]:
    """Yield the fault of a rule on creators with posts in several waves that has one wave, or another form."""
    groups = (calendar.names,) if rule.when is None else waves_meant(rule.when, calendar)
    message = fix = ""
    if isinstance(rule, EachRule):
        message, fix = "a creator repeats or does not", "write 'all repeats >= 60%', or 'each creator count >= 2'"
    elif len(groups[0]) < 2:
        message = "nobody can repeat within one wave"
        fix = f"give more waves: {WAVES_EXAMPLE}"
        if len(calendar.names) > 1:
            fix = f"leave '{format_when(rule.when).strip()}' out"
    elif isinstance(rule, RangeRule) and (rule.mean or rule.chance is not None):
        what = "mean" if rule.mean else "chance"
        message, fix = f"repeats have no {what}", "limit their number or share: 'all repeats >= 60%'"
    elif isinstance(rule, RangeRule) and not rule.bounds.percent:
        ends = [end for end in (rule.bounds.low, rule.bounds.high) if end is not None]
        if any(end.denominator > 1 for end in ends):
            message, fix = "repeats are a whole number of creators", _as_share(rule)
    if message:
        yield Fault(code="rule-range", message=f"rule {rule.label!r}: {message}", fix=fix)


def _as_share(rule: RangeRule) -> str:
    low, high = rule.bounds.low, rule.bounds.high
    if max(end for end in (low, high) if end is not None) <= 1:
        return f"did you mean '{format_rule(replace(rule, bounds=Range(low, high, percent=True)))}'?"
    return "write a whole number, such as 3, or a share such as 60%"


def _warnings_of(rule: Rule, calendar: Calendar) -> Iterator[str]:
    most = len(calendar.names) - 1
    if isinstance(rule, EachRule) and rule.measure == GAP and rule.bounds.low is not None and rule.bounds.low > most:
        low = format_exact(rule.bounds.low, False)
        reason = f"the calendar has {most + 1} waves" if most else "the calendar has a single wave"
        yield f"rule {rule.label!r}: {reason}, so no two posts of a creator can be {low} waves apart: each posts once"
