"""The rules of a plan as rows of a table: what is used and allowed, and what the plan would gain without each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import include_label
from microopt.campaign.metrics import GROSS_SUFFIX
from microopt.campaign.progress import own_rule_words
from microopt.plan.plan import Plan, RulePrice, RuleUse
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_bound, format_money, format_names
from microopt.quantities.units import Cents
from microopt.rendering.wording.plan_figures import (
    describe_binding,
    format_allowed,
    format_rule_price,
    format_used,
)
from microopt.rendering.wording.rules_of_waves import ShownRule, shown_rules, waves_of_own_rules

WITHOUT_RULE = "Without this rule"  # the heading of what a plan would gain
MOST_ROWS = 5  # of creators who are required, without prices; more of them share a row
MOST_NAMED = 6  # creators in a row
_PERCENT_OF_MEAN = re.compile(r"\bmean\([^)]*\)[^(]*\d\s*%")


class RuleRow(Struct, frozen=True, kw_only=True):
    """A rule in words.

    Attributes
    ----------
    room
        Whether the rule limits the plan: empty if it does not, None if there is nothing to spare or to reach.
    without
        What the plan would gain without the rule, empty if that is not known.
    violated
        Whether the plan violates a soft rule.
    written
        The rule as the user wrote it, where the label says it in words; else empty.
    """

    label: str
    used: str
    allowed: str
    room: str | None = None
    without: str = ""
    violated: bool = False
    written: str = ""


class NamedCreators(Struct, frozen=True, kw_only=True):
    """Creators whom the campaign requires or excludes.

    Attributes
    ----------
    spend
        What the plan pays those who are required; None where that is not known by their names, or they are excluded.
    outcome
        `in the plan` or `left out`.
    """

    label: str
    spend: Cents | None
    outcome: str
    without: str = ""


def rule_rows(plan: Plan, *, each_wave: bool = False) -> Iterator[RuleRow]:
    """Yield the rules of the campaign, then whom it requires, then whom it excludes.

    Parameters
    ----------
    each_wave
        Whether a rule on each wave is a row for each of them, and not one for all.
    """
    currency, prices = plan.roster.currency, _prices_by_label(plan)
    waves = waves_of_own_rules(plan.campaign) if each_wave else {}
    for shown in [ShownRule(use=use) for use in plan.rules] if each_wave else shown_rules(plan):
        rule = _as_written(shown.use)
        yield RuleRow(
            label=_label(rule.label, waves),
            used=_used(rule, currency, shown.wave),
            allowed=format_allowed(rule, currency),
            room=describe_binding(rule, currency),
            without=format_rule_price(plan, prices.get(rule.label.removesuffix(GROSS_SUFFIX))),
            violated=bool(rule.beyond),
        )
    for named in named_creators(plan):
        spend = "" if named.spend is None else format_money(named.spend, currency, whole_units=named.spend >= 100_00)
        yield RuleRow(label=named.label, used=spend, allowed=named.outcome, without=named.without)


def _label(label: str, waves: Mapping[str, str]) -> str:
    """Return a rule as its table names it: one of replan in words, with its wave if each has a row."""
    words = own_rule_words(label) or label
    return f"{words} in {waves[label]}" if label in waves else words


def _prices_by_label(plan: Plan) -> dict[str, RulePrice]:
    """Return what the plan would gain without each rule, by its label; a rule on each wave has it at its first."""
    prices = {price.label: price for price in plan.rule_prices}
    calendar = plan.campaign.calendar
    if prices and calendar is not None:
        from microopt.campaign.rules_by_wave import rules_by_wave  # only for a campaign with a calendar

        for rule in plan.campaign.rules:
            first = next(rules_by_wave((rule,), calendar), rule)
            if rule.label in prices:
                prices.setdefault(first.label, prices[rule.label])
    return prices


def _used(rule: RuleUse, currency: str, wave: str = "") -> str:
    """Return how much of a rule a plan uses; of one with a chance, how much it has in that share of the scenarios."""
    used = format_used(rule, currency)
    if wave and used:
        used = f"{used} in {wave}"
    return used if rule.chance is None else f"{used} in {format_bound(rule.chance.asked, True)}"


def _as_written(rule: RuleUse) -> RuleUse:
    """Return a rule on a mean whose range is in percent as one of shares, so that what is used is in percent too."""
    return replace(rule, share=True) if is_percent_of_mean(rule.label) else rule


def is_percent_of_mean(label: str) -> bool:
    """Whether a rule, as the user wrote it, is on a mean whose range is in percent."""
    return bool(_PERCENT_OF_MEAN.search(label))


def named_creators(plan: Plan) -> Iterator[NamedCreators]:
    """Yield the creators whom the campaign requires, then those whom it excludes."""
    required, excluded = plan.campaign.include, plan.campaign.exclude
    prices = {price.label: price for price in plan.rule_prices}
    apart = prices or len(required) <= MOST_ROWS
    for names in [(name,) for name in required] if apart else [required]:
        yield NamedCreators(
            label=include_label(format_names(names, MOST_NAMED)),
            spend=_spend_on(plan, names),
            outcome="in the plan",
            without=format_rule_price(plan, prices.get(include_label(names[0]))),
        )
    if excluded:
        yield NamedCreators(label=exclude_label(format_names(excluded, MOST_NAMED)), spend=None, outcome="left out")


def exclude_label(names: str) -> str:
    """Return the label of creators whom the campaign excludes, beside the labels of the rules."""
    return f"exclude {names}"


def _spend_on(plan: Plan, names: tuple[str, ...]) -> Cents | None:
    """Return what the plan pays creators, None if a name is none of its creators': it may be a link or a selector."""
    keys = set(map(match_key, names))
    picks = [pick for pick in plan.picks if match_key(pick.creator) in keys]
    if len({match_key(pick.creator) for pick in picks}) < len(keys):
        return None
    return sum(pick.cost for pick in picks)
