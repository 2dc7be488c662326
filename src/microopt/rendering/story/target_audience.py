"""Whom a campaign is to reach, and what its plan brings of them."""

from __future__ import annotations

from fractions import Fraction

from microopt.campaign.target_audience import TargetAudience
from microopt.plan.plan import Plan
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import in_sentence, money_each
from microopt.rendering.story.results import count_results

MOST_COUNTRIES = 4  # that are named


def describe_on_target(plan: Plan, language: Language) -> str:
    """Return which part of a plan is on target and what it brings; empty without a target, or without creators."""
    target, on_target = plan.campaign.target_audience, plan.on_target
    if target is None or on_target is None or not plan.picks:
        return ""
    audience = audience_name(target, language)
    if not on_target.share or on_target.cpm is None:
        return language.text("Nobody of the target audience ({audience}) is expected to be reached.", audience=audience)
    metrics = plan.totals.metrics
    results = [count_results(language, name, metrics[f"target_{name}"]) for name in ("engagements", "conversions")]
    reach = language.text("a gross reach of {people}", people=in_sentence(language, metrics["target_reach"] / 1000))
    return language.text(
        "{share} of the impressions are on target ({audience}), at a CPM of {cpm}: {results}.",
        share=language.percent(float(on_target.share)),
        audience=audience,
        cpm=money_each(language, Fraction(on_target.cpm) * 100, plan.roster.currency),
        results=language.join([reach, *results]),
    )


def audience_name(target: TargetAudience, language: Language) -> str:
    """Return an audience in words: `women aged 18–34 in Germany and Austria`."""
    words = {"female": language.text("women"), "male": language.text("men")}
    name = words.get(target.gender or "", language.text("people"))
    if target.ages is not None:
        name = language.text("{people} aged {ages}", people=name, ages=target.ages.text.replace("-", "–"))
    if target.countries:
        name = language.text("{people} in {countries}", people=name, countries=_countries(target.countries, language))
    return name


def _countries(codes: tuple[str, ...], language: Language) -> str:
    names = [str(language.locale.territories.get(code, code)) for code in codes]
    if len(names) > MOST_COUNTRIES:
        rest = len(names) - MOST_COUNTRIES + 1
        names = [*names[: MOST_COUNTRIES - 1], language.text("{count} others", count=language.number(rest))]
    return language.join(names)
