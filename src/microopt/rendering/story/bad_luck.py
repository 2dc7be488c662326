"""What a plan brings in bad outcomes, where that is what it was chosen for: for the cover and the slides."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.campaign.goals import METRIC_OF_GOAL
from microopt.plan.after_declines import AfterDeclines
from microopt.plan.plan import Plan, RuleUse
from microopt.plan.tail import Tail
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import fine_percent, rounded_down_percent
from microopt.rendering.story.results import count_results
from microopt.rendering.story.rule_words import rule_sentences
from microopt.rendering.wording.worst_share import LEAST_SHARE

COUNTED = ("engagements", "conversions")  # the results that have words


def describe_bad_luck(plan: Plan, language: Language) -> tuple[str, ...]:
    """Return what the plan brings in the worst outcomes or after declines, and which chances it misses; else empty."""
    return tuple(_sentences(plan, language)) if plan.picks else ()


def _sentences(plan: Plan, language: Language) -> Iterator[str]:
    if plan.tail is not None:
        yield " ".join(_in_worst(plan, plan.tail, language))
    if plan.after_declines is not None:
        yield from _after_declines(plan, plan.after_declines, language)
    sentences = rule_sentences(plan, language)
    for rule in plan.rules:
        yield from _missed_chance(rule, sentences.get(rule.label, rule.label), language)


def _in_worst(plan: Plan, tail: Tail, language: Language) -> Iterator[str]:
    """Yield what the plan brings in the worst of the draws that it was not chosen by, and how others compare."""
    results = _results(plan, tail.fresh.plan.worst, language)
    part, count = language.percent(float(tail.share)), language.number(tail.fresh.draws, 0)
    if results:
        yield language.text(
            "In the worst {part} of {count} simulated outcomes, the plan brings {results} on average.",
            part=part,
            count=count,
            results=results,
        )
    else:
        yield language.text(
            "The plan was chosen for the worst {part} of the outcomes, and judged by {count} simulated ones.",
            part=part,
            count=count,
        )
    if tail.plan != tail.of_means:
        yield _against_means(tail, language)


def _against_means(tail: Tail, language: Language) -> str:
    """Return how the plan compares in these draws with the one that is best on average, and what that costs."""
    more = fine_percent(language, round(tail.raises, 3))
    if tail.raises < LEAST_SHARE:
        return language.text("The plan with the highest average brings no less there.")
    if tail.costs < LEAST_SHARE:
        return language.text(
            "The plan with the highest average brings as much on average, but there this plan brings {more} more.",
            more=more,
        )
    return language.text(
        "That is {more} more than with the plan that has the highest average, for {less} less on average.",
        more=more,
        less=fine_percent(language, round(tail.costs, 3)),
    )


def _after_declines(plan: Plan, after: AfterDeclines, language: Language) -> Iterator[str]:
    results = _results(plan, after.value, language)
    if results:
        yield language.text(
            "If others take the place of creators who decline, the plan is forecast to bring {results}.",
            results=results,
        )


def _results(plan: Plan, value: Fraction, language: Language) -> str:
    """Return a value of the goal as results in words; empty for a goal that counts no single result."""
    metric = METRIC_OF_GOAL.get(plan.campaign.goal.name, "")
    return count_results(language, metric, round(value * 1000)) if metric in COUNTED else ""


def _missed_chance(rule: RuleUse, sentence: str, language: Language) -> Iterator[str]:
    """Yield that a rule holds less often in other outcomes than it asks for."""
    chance = rule.chance
    if chance is None or chance.fresh is None or chance.fresh.share >= chance.asked:
        return
    yield language.text(
        "{rule}: it holds in {share} of {count} simulated outcomes that the plan was not chosen by.",
        rule=sentence,
        share=rounded_down_percent(language, chance.fresh.share),
        count=language.number(chance.fresh.draws, 0),
    )
