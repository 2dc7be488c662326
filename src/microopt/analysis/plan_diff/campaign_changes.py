"""What does a second plan ask otherwise than a first? In sentences, the roster that both are made of included.

What was known of a campaign's course for one of two plans and not for the other: its days, states, results.

Rules that a second campaign adds, drops or changes, and whom such a change pushes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from microopt.analysis.plan_diff.result import CampaignChange
from microopt.campaign.campaign import Audience, Campaign, EachRule, Goal, PairRule, RangeRule, Relation, Rule, Selector
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import canonical
from microopt.campaign.progress import CampaignProgress, State
from microopt.plan.document.plan import RosterDocument
from microopt.quantities.keys import header_key, match_key
from microopt.quantities.parse_and_format import (
    Range,
    print_bound,
    print_count,
    print_floor,
    print_money,
    print_names,
    print_percent,
    print_range,
)


def running_changes(before: Campaign, after: Campaign) -> Iterator[CampaignChange]:
    """Yield what changed of a campaign's days, and of what has come of it."""
    for name, title in (("starts", "first"), ("ends", "last")):
        was, now = (_day(getattr(campaign, name)) for campaign in (before, after))
        if was != now:
            told = f"the {title} day of the campaign was {was or 'not said'}, and is {now or 'not said'}"
            yield CampaignChange(what=name, before=was, after=now, told=told)
    if before.running != after.running:
        was, now = (_course(campaign.running) for campaign in (before, after))
        told = _told(before.running, after.running) or "what is known of the campaign's course changed"
        yield CampaignChange(what="running", before=was, after=now, told=told)


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def _course(running: CampaignProgress | None) -> str | None:
    """Return in a few words how far a campaign has come, None before it has begun."""
    if running is None:
        return None
    kept = sum(one.kept for one in running.contracts)
    out = sum(one.state is State.DECLINED for one in running.contracts)
    return f"{kept:,} kept, {out:,} declined, {print_count(_posts(running))} posts"


def _told(before: CampaignProgress | None, after: CampaignProgress | None) -> str:
    was, now = (_states(running) for running in (before, after))
    parts = []
    for state in State:
        names = [
            name for key, (name, mine) in now.items() if mine is state and was.get(key, ("", None))[1] is not state
        ]
        if names:
            verb = "declined" if state is State.DECLINED else f"{'is' if len(names) == 1 else 'are'} {state.value}"
            parts.append(f"{print_names(names)} {verb}")
    posts = [_posts(running) for running in (before, after)]
    if posts[0] != posts[1]:
        parts.append(f"results are of {print_count(posts[1])} posts, before of {print_count(posts[0])}")
    return "; ".join(parts)


def _states(running: CampaignProgress | None) -> dict[str, tuple[str, State]]:
    contracts = () if running is None else running.contracts
    return {match_key(one.creator): (one.creator, one.state) for one in contracts}


def _posts(running: CampaignProgress | None) -> float:
    return 0.0 if running is None else sum(actual.posts for actual in running.actuals)


class RuleChange(Struct, frozen=True, kw_only=True):
    """A rule of the first campaign and the one that stands in its place in the second; None where there is none."""

    before: Rule | None
    after: Rule | None

    @property
    def told(self) -> str:
        """The change in the rule's own words: `niche:beauty count 2..5 -> 3..6`."""
        if self.before is None or self.after is None:
            return " ".join(rule.label for rule in (self.before, self.after) if rule is not None)
        return f"{self.before.label} -> {_range(self.after)}"


def rule_changes(before: Campaign, after: Campaign) -> tuple[RuleChange, ...]:
    """Return what a second campaign does otherwise: rules of one selector and measure are one rule that changed.

    How a rule is spelled makes no difference.
    """
    old, new = _distinct(before.rules), _distinct(after.rules)
    gone = [rule for meaning, rule in old.items() if meaning not in new]
    come = [rule for meaning, rule in new.items() if meaning not in old]
    found = []
    for rule in gone:
        alike, others = _of(_matter(rule), gone), _of(_matter(rule), come)
        partner = others[alike.index(rule)] if len(alike) == len(others) else None
        found.append(RuleChange(before=rule, after=partner))
    taken = [change.after for change in found]
    return (*found, *(RuleChange(before=None, after=rule) for rule in come if rule not in taken))


def _distinct(rules: Sequence[Rule]) -> dict[Any, Rule]:
    """Return the rules by all that they mean, however they are spelled."""
    return {(_matter(rule), _bounds(rule)): rule for rule in rules}


def _of(matter: Any, rules: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in rules if _matter(rule) == matter]


def _matter(rule: Rule) -> Any:
    """Return what a rule is about: two rules about one matter differ only in their range."""
    if isinstance(rule, PairRule):
        return rule.relation, _meaning(rule.left), _meaning(rule.right)
    measure = header_key(canonical(rule.measure))
    return ("each", measure) if isinstance(rule, EachRule) else (_meaning(rule.selector), measure, rule.mean)


def _meaning(selector: Selector) -> frozenset[tuple[str, frozenset[str]]]:
    return frozenset(
        (header_key(clause.column), frozenset(map(match_key, clause.values))) for clause in selector.clauses
    )


def _bounds(rule: Rule) -> Any:
    if isinstance(rule, PairRule):
        return None
    return rule.bounds, rule.of_budget, rule.soft if isinstance(rule, RangeRule) else None


def _range(rule: Rule) -> str:
    """Return the range of a rule as the grammar writes it."""
    if isinstance(rule, PairRule):
        return rule.label
    told = print_range(rule.bounds) + (" of budget" if rule.of_budget else "")
    if isinstance(rule, RangeRule) and rule.soft is not None:
        told += f" (soft {print_bound(rule.soft.amount, rule.soft.percent)})"
    return told


def newly_excluded(old: Rule | None, new: Rule | None) -> Iterator[tuple[Rule, Selector]]:
    """Yield (rule, selector) of whom it may cost a place that a new rule stands for an old one.

    A cap that falls pushes out those it counts, a floor that falls no longer holds them in. A rule on a mean, or on
    each creator, pushes whoever it counts at both ends.
    """
    if isinstance(new, PairRule):
        yield new, new.left
        if new.relation is Relation.EXCLUDES:
            yield new, new.right
    elif new is not None:
        both = isinstance(new, EachRule) or new.mean
        if _cap_falls(old, new) or (both and _cap_falls(_upside_down(old), _upside_down(new))):
            yield new, Selector() if isinstance(new, EachRule) else new.selector
    if isinstance(old, PairRule):
        if old.relation is Relation.REQUIRES:
            yield old, old.right
    elif isinstance(old, RangeRule) and not old.mean and _cap_falls(_upside_down(new), _upside_down(old)):
        yield old, old.selector


def _cap_falls(old: Rule | None, new: Rule | None) -> bool:
    """Whether the upper bound of a rule is new, is lower, or is one of another kind."""
    if new is None or isinstance(new, PairRule) or new.bounds.high is None:
        return False
    if old is None or isinstance(old, PairRule) or old.bounds.high is None:
        return True
    if (old.bounds.percent, old.of_budget) != (new.bounds.percent, new.of_budget):
        return True
    return new.bounds.high < old.bounds.high or (new.bounds.high == old.bounds.high and _harder(old, new))


def _harder(old: Rule, new: Rule) -> bool:
    """Whether the same bound costs more to go beyond."""
    was, now = (rule.soft if isinstance(rule, RangeRule) else None for rule in (old, new))
    if was is None or now is None:
        return was is not None
    return was.percent != now.percent or now.amount > was.amount


def _upside_down(rule: Rule | None) -> Rule | None:
    """Return a rule whose floor is a cap: what falls of it has risen."""
    if rule is None or isinstance(rule, PairRule):
        return rule
    low, high = (None if bound is None else Fraction(-bound) for bound in (rule.bounds.low, rule.bounds.high))
    return replace(rule, bounds=Range(high, low, rule.bounds.percent))


LISTS = {"include": "an inclusion", "exclude": "an exclusion", "competitors": "a competitor to keep clear of"}
SETTINGS = {
    "columns": "how headers are read",
    "units": "the units of columns",
    "exchange": "exchange rates",
    "forecast": "figures of the forecast",
}
SWITCHES = {
    "estimate_fees": ("missing fees are estimated", "missing fees are not estimated"),
    "shrink": ("engagement rates are drawn towards what is usual", "engagement rates are taken as they are"),
    "fit": ("what is usual is refitted on the roster", "what is usual is taken from public figures"),
    "minors": ("creators who feature minors may enter", "creators who feature minors may not enter"),
}


def campaign_changes(
    before: Campaign, after: Campaign, rules: Sequence[RuleChange], currencies: tuple[str, str]
) -> Iterator[CampaignChange]:
    """Yield what a second campaign asks otherwise.

    Parameters
    ----------
    rules
        What it does otherwise by its rules.
    currencies
        Of the money of each.
    """
    yield from _money(before, after, currencies)
    was, now = (print_goal(campaign.goal, code) for campaign, code in zip((before, after), currencies, strict=True))
    if before.goal != after.goal:
        yield _change("goal", was, now, f"the goal changed from {was} to {now}")
    if before.ideals != after.ideals:
        was, now = (_ideals(campaign) for campaign in (before, after))
        yield _change("ideals", was, now, f"a balanced goal is measured by {now}, before by {was}")
    for change in rules:
        yield _of_rule(change)
    yield from _listed("where", "a filter", [one.label for one in before.where], [one.label for one in after.where])
    for name, title in LISTS.items():
        yield from _listed(name, title, getattr(before, name), getattr(after, name))
    yield from _settings(before, after)
    yield from running_changes(before, after)
    if before.name != after.name:
        was, now = before.name or "no name", after.name or "no name"
        yield _change("name", before.name, after.name, f"the campaign was called {was}, and now {now}")


def roster_changes(before: RosterDocument, after: RosterDocument) -> Iterator[CampaignChange]:
    """Yield what is otherwise of the roster: its bytes, its sheet, and whether rows with faults are left out."""
    if before.sha256 != after.sha256:
        sizes = (
            f"{before.creators:,} creators with {before.offers:,} offers, and {after.creators:,} with {after.offers:,}"
        )
        yield _change(
            "roster", before.sha256, after.sha256, f"the roster is not the same to the byte: it had {sizes} now"
        )
    elif before.sheet != after.sheet:
        was, now = before.sheet or "the first", after.sheet or "the first"
        yield _change("sheet", was, now, f"the sheet of the workbook was {was}, and is {now}")
    if before.skip_bad_rows != after.skip_bad_rows:
        was, now = ("left out" if one.skip_bad_rows else "refused" for one in (before, after))
        yield _change("skip_bad_rows", was, now, f"rows with faults were {was}, and are {now}")


def print_goal(goal: Goal, currency: str) -> str:
    """Return a goal in words: what it is the most of, or the least cost of what."""
    if goal.name == "worth":
        worths = [f"{name} at {_amount(worth, currency)}" for name, worth in goal.worths.items()]
        return f"worth ({', '.join(worths)})"
    if goal.name == LEAST_COST:
        targets = [f"{print_bound(amount, False)} {name}" for name, amount in goal.targets.items()]
        return f"least cost of {' and '.join(targets)}"
    return goal.name


def _amount(worth: Fraction, currency: str) -> str:
    cents = worth * 100
    return print_money(int(cents), currency) if cents.denominator == 1 else f"{float(worth):g} {currency}"


def _change(what: str, before: str | None, after: str | None, told: str) -> CampaignChange:
    return CampaignChange(what=what, before=before, after=after, told=told)


def _money(before: Campaign, after: Campaign, currencies: tuple[str, str]) -> Iterator[CampaignChange]:
    if currencies[0] != currencies[1]:
        told = f"money was in {currencies[0]}, and is in {currencies[1]}"
        yield _change("currency", *currencies, told)
    names = {"budget": "the budget", "order_value": "the value of an order", "per_creator": "the handling of a creator"}
    for name, title in names.items():
        amounts = getattr(before, name), getattr(after, name)
        if amounts[0] != amounts[1]:
            was, now = (
                "none" if cents is None else print_money(cents, code)
                for cents, code in zip(amounts, currencies, strict=True)
            )
            yield _change(name, was, now, _moved(title, amounts, (was, now), currencies[0] == currencies[1]))


def _moved(title: str, amounts: tuple[int | None, int | None], told: tuple[str, str], comparable: bool) -> str:
    was, now = amounts
    if was is None or now is None or not comparable:
        return f"{title} was {told[0]}, and is {told[1]}"
    share = f" ({'+' if now > was else '-'}{print_percent(abs(now - was) / was)})" if was else ""
    return f"{title} {'rose' if now > was else 'fell'} from {told[0]} to {told[1]}{share}"


def _ideals(campaign: Campaign) -> str:
    if not campaign.ideals:
        return "the ideals of the plan itself"
    return "kept ideals of " + " and ".join(
        f"{print_bound(Fraction(ideal.total, 1000), False)} {ideal.metric}" for ideal in campaign.ideals
    )


def _of_rule(change: RuleChange) -> CampaignChange:
    how = "added" if change.before is None else "dropped" if change.after is None else "changed"
    was, now = (None if rule is None else rule.label for rule in (change.before, change.after))
    return _change("rule", was, now, f"a rule was {how}: {change.told}")


def _listed(what: str, title: str, before: Sequence[str], after: Sequence[str]) -> Iterator[CampaignChange]:
    """Yield what was dropped from a list, and what was added."""
    old, new = ({match_key(" ".join(line.split())): line for line in lines} for lines in (before, after))
    for key, line in old.items():
        if key not in new:
            yield _change(what, line, None, f"{title} was dropped: {line}")
    for key, line in new.items():
        if key not in old:
            yield _change(what, None, line, f"{title} was added: {line}")


def _settings(before: Campaign, after: Campaign) -> Iterator[CampaignChange]:
    for name, (yes, no) in SWITCHES.items():
        if getattr(before, name) != getattr(after, name):
            was, now = (yes if getattr(campaign, name) else no for campaign in (before, after))
            yield _change(name, was, now, f"{now}, which was not so before")
    facts: list[tuple[str, str, Any, Any]] = [
        ("one_offer_per", "one offer is allowed per", before.one_offer_per, after.one_offer_per),
        ("tiers", "the tiers are", _bands(before), _bands(after)),
        ("audience", "the pools of net reach are", _pools(before.audience), _pools(after.audience)),
        ("max_sponsored_share", "the limit on the sponsored share is", _share(before), _share(after)),
    ]
    for name, title, was, now in facts:
        if was != now:
            yield _change(name, was, now, f"{title} {now}, before {was}")
    for name, title in SETTINGS.items():
        if getattr(before, name) != getattr(after, name):
            yield _change(name, _table(getattr(before, name)), _table(getattr(after, name)), f"{title} changed")


def _bands(campaign: Campaign) -> str:
    bands = campaign.tiers
    return ", ".join(f"{name} {print_floor(floor)}" for name, floor in zip(bands.names, bands.floors, strict=True))


def _pools(audience: Audience | None) -> str:
    if audience is None:
        return "none"
    return ", ".join(f"{audience.by}:{name} {people:,}" for name, people in audience.size.items())


def _share(campaign: Campaign) -> str:
    share = campaign.max_sponsored_share
    return "none" if share is None else print_bound(share, True)


def _table(figures: Any) -> str:
    return ", ".join(f"{key} = {value}" for key, value in figures.items()) or "none"
