"""Whether a rule limits the plan, and what the plan would gain without it, in the words of a language."""

from __future__ import annotations

from collections.abc import Iterator

from babel.numbers import format_percent
from msgspec.structs import replace

from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import GROSS_SUFFIX, NET_REACH
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.plan.plan import Plan, RulePrice, RuleUse
from microopt.rendering.language.language import Language
from microopt.rendering.wording.plan_figures import METRIC_GOALS
from microopt.rendering.wording.rules import RuleRow, rule_rows


def limit_words(rule: RuleUse, currency: str, language: Language) -> str:
    """Return in a few words whether a rule limits the plan, empty if it does not."""
    text = language.text
    if rule.beyond:
        return _violation(rule, currency, language)
    if not rule.binding or rule.used is None:
        return ""
    if rule.used == rule.at_most:
        return text("limit reached")
    if rule.used == rule.at_least:
        return text("at its minimum")
    capped = rule.at_most is not None and (rule.at_least is None or rule.used > rule.at_least)
    return text("no other creator fits") if capped else text("none can be dropped")


def _violation(rule: RuleUse, currency: str, language: Language) -> str:
    """Return by how much a plan misses or exceeds a soft rule."""
    money, beyond = language.money(round(rule.beyond * 100), currency), language.number(float(rule.beyond), 3)
    amount = money if rule.money else beyond
    if rule.at_least is not None and (rule.used or 0) < rule.at_least:
        return language.text("{amount} below the limit", amount=amount)
    return language.text("{amount} above the limit", amount=amount)


def gain_words(plan: Plan, price: RulePrice | None, language: Language) -> str:
    """Return in a few words what a plan would gain if a rule were dropped, empty if that was not asked."""
    if price is None:
        return ""
    if price.change is None:
        return _statuses(language).get(price.status, price.status)
    text, proven = language.text, price.status == "optimal"
    if not price.change.objective:
        return text("no change") if proven else text("no change found")
    if plan.campaign.goal.name == LEAST_COST:
        gain = text("the same for {money} less", money=language.money(-price.change.spend, plan.roster.currency))
    else:
        gain = ", ".join(_gains(plan, price.change, language))
    return gain if proven else text("{gain} or more", gain=gain)


def _statuses(language: Language) -> dict[str, str]:
    """Return what is said where no plan was found without a rule, by its status."""
    return {
        "infeasible": language.text("no plan"),
        "unknown": language.text("no plan found in the time given"),
        NOT_LOOKED_AT: language.text("not looked at"),
    }


def _gains(plan: Plan, change: Difference, language: Language) -> list[str]:
    """Return the changes of the results, where they say what the goal gains; else that of the goal first."""
    goal = plan.campaign.goal.name
    names = ("reach", "engagements", "conversions") if goal in ("reach", NET_REACH) else ("engagements", "conversions")
    gains = []
    for name in names:
        more, total = change.metrics[name], plan.totals.metrics[name]
        if more:
            gains.append(_gain(name, _signed(more / total, language) if total else "+", language))
    if change.share is not None and (goal not in METRIC_GOALS or not gains):
        gains.insert(0, language.text("{change} of the goal", change=_signed(float(change.share), language)))
    return gains


def _signed(share: float, language: Language) -> str:
    """Return a relative change with its sign and at most one decimal."""
    pattern = language.locale.percent_formats[None].pattern.replace("0", "0.#", 1)
    return f"{'−' if share < 0 else '+'}{format_percent(abs(share), pattern, locale=language.locale)}"


def _gain(name: str, change: str, language: Language) -> str:
    if name == "engagements":
        return language.text("{change} engagements", change=change)
    if name == "conversions":
        return language.text("{change} conversions", change=change)
    return language.text("{change} gross reach", change=change)


def told_rules(plan: Plan, language: Language) -> Iterator[RuleRow]:
    """Yield the rules, then whom the campaign requires and excludes; labels and ranges stay as they were written."""
    prices = {price.label: price for price in plan.rule_prices}
    rules, outcomes = len(plan.rules), outcome_words(language)
    for number, row in enumerate(rule_rows(plan)):
        if number < rules:
            rule = plan.rules[number]
            without = gain_words(plan, prices.get(rule.label.removesuffix(GROSS_SUFFIX)), language)
            yield replace(row, room=limit_words(rule, plan.roster.currency, language), without=without)
        else:
            without = gain_words(plan, prices.get(row.label), language)
            yield replace(row, allowed=outcomes.get(row.allowed, row.allowed), without=without or row.without)


def outcome_words(language: Language) -> dict[str, str]:
    """Return what became of creators whom the campaign requires or excludes."""
    return {"in the plan": language.text("in the plan"), "left out": language.text("left out")}
