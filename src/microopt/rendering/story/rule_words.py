"""The rules of a plan in the words of a language: what each limits, and what the plan would gain without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from babel.numbers import format_percent
from msgspec.structs import replace

from microopt.campaign.campaign import include_label
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import GROSS_SUFFIX, NET_REACH
from microopt.plan.chance import Chance
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.plan.plan import Plan, RulePrice, RuleUse
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import EN_DASH, fine_percent, rounded_down_percent
from microopt.rendering.story.rule_sentence import rule_sentence
from microopt.rendering.wording.plan_figures import METRIC_GOALS
from microopt.rendering.wording.rules import (
    NamedCreators,
    RuleRow,
    exclude_label,
    is_percent_of_mean,
    named_creators,
    rule_rows,
)
from microopt.rendering.wording.rules_of_waves import shown_rules

MANY = Fraction(995, 10_000)  # shares from here on are told in whole percent


def limit_words(rule: RuleUse, currency: str, language: Language) -> str:
    """Return in a few words whether a rule limits the plan, empty if it does not."""
    text = language.text
    if rule.beyond:
        return _violation(rule, currency, language)
    if rule.chance is not None:
        return _chance(rule.chance, language)
    if rule.idle:
        return text("not in the plan")
    if not rule.binding or rule.used is None:
        return ""
    if rule.used == rule.at_most:
        return text("limit reached")
    if rule.used == rule.at_least:
        return text("at its minimum")
    capped = rule.at_most is not None and (rule.at_least is None or rule.used > rule.at_least)
    return text("no other creator fits") if capped else text("none can be dropped")


def _chance(chance: Chance, language: Language) -> str:
    """Return in how many scenarios a rule holds, rounded down."""
    count = language.number(chance.scenarios)
    if chance.share == 1:
        return language.text("in all {count} scenarios", count=count)
    return language.text(
        "in {share} of {count} scenarios", share=rounded_down_percent(language, chance.share), count=count
    )


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
    """Yield the rules, then whom the campaign requires and excludes; what has no words stays as it was written."""
    prices = {price.label: price for price in plan.rule_prices}
    shown, outcomes, sentences = shown_rules(plan), outcome_words(language), rule_sentences(plan, language)
    named = iter(named_creators(plan))
    for number, row in enumerate(rule_rows(plan)):
        if number < len(shown):
            rule, sentence = shown[number].use, sentences.get(row.label, "")
            used = used_words(rule, plan.roster.currency, language)
            yield replace(
                row,
                label=sentence or row.label,
                written=row.label if sentence else "",
                used=in_wave(used, shown[number].wave, language),
                allowed=allowed_words(rule, plan.roster.currency, language),
                room=limit_words(rule, plan.roster.currency, language),
                without=gain_words(plan, prices.get(rule.label.removesuffix(GROSS_SUFFIX)), language),
            )
        else:
            yield replace(
                row,
                label=named_words(next(named), language),
                allowed=outcomes.get(row.allowed, row.allowed),
                without=gain_words(plan, prices.get(row.label), language) or row.without,
            )


def rule_sentences(plan: Plan, language: Language) -> Mapping[str, str]:
    """Return the rules of a campaign in words, by how they were written; those that have words."""
    campaign, rules = plan.campaign, list(plan.campaign.rules)
    if campaign.calendar is not None:
        from microopt.campaign.calendar_budgets import budgets_in_time  # only for a campaign with a calendar

        rules += budgets_in_time(campaign.calendar, campaign.budget)
    told = ((rule.label, rule_sentence(rule, plan.roster.currency, language)) for rule in rules)
    return {label: sentence for label, sentence in told if sentence}


def named_words(named: NamedCreators, language: Language) -> str:
    """Return in words that a campaign requires or excludes creators."""
    if named.label.startswith(include_label("")):
        return language.text("Required: {creators}", creators=named.label.removeprefix(include_label("")))
    return language.text("Excluded: {creators}", creators=named.label.removeprefix(exclude_label("")))


def used_words(rule: RuleUse, currency: str, language: Language) -> str:
    """Return how much of a rule a plan uses, empty if that cannot be measured."""
    return "" if rule.used is None else _measured(rule.used, rule, currency, language)


def in_wave(used: str, wave: str, language: Language) -> str:
    """Return how much of a rule a plan uses, with the wave in which it does."""
    return language.text("{amount} in {wave}", amount=used, wave=wave) if used and wave else used


def allowed_words(rule: RuleUse, currency: str, language: Language) -> str:
    """Return the range that a rule allows: `2–5`, `≤ 40%`."""
    if rule.used is None:
        return language.text("met")
    low, high = (
        None if bound is None else _measured(bound, rule, currency, language, exact=True)
        for bound in (rule.at_least, rule.at_most)
    )
    if low is None and high is None:
        return language.text("met: nothing to measure")
    if low is None or high is None:
        return f"≤ {high}" if low is None else f"≥ {low}"
    return low if low == high else f"{low}{EN_DASH}{high}"


def _measured(value: Fraction, rule: RuleUse, currency: str, language: Language, *, exact: bool = False) -> str:
    """Return a figure of a rule, rounded to three digits or to whole ones unless it is wanted exactly."""
    if rule.share or is_percent_of_mean(rule.label):
        return fine_percent(language, float(value) if exact else round(float(value), 2 if value >= MANY else 3))
    if rule.money:
        return language.money(round(value * 100), currency)
    decimals = 3 if exact else sum(abs(value) < size for size in (1, 10, 100))
    return language.number(float(value), decimals)


def outcome_words(language: Language) -> dict[str, str]:
    """Return what became of creators whom the campaign requires or excludes."""
    return {"in the plan": language.text("in the plan"), "left out": language.text("left out")}
