"""What does a second plan ask otherwise than a first? In sentences, the roster that both are made of included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from microopt.analysis.plan_diff.result import CampaignChange
from microopt.analysis.plan_diff.rule_changes import RuleChange
from microopt.analysis.plan_diff.running_changes import running_changes
from microopt.campaign.campaign import Audience, Campaign, Goal
from microopt.campaign.goals import LEAST_COST
from microopt.plan.document.plan import RosterDocument
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import print_bound, print_floor, print_money, print_percent

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
