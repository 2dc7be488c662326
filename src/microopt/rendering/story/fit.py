"""How creators count by their niches, for people who do not read campaign files."""

from __future__ import annotations

from microopt.campaign.fit_settings import sort_niches
from microopt.plan.plan import Plan
from microopt.rendering.language.language import Language
from microopt.rendering.sanitize import plain_text

MOST_NICHES = 8  # that are named


def fit_sentence(plan: Plan, language: Language) -> str:
    """Return how well each niche suits the product; empty where the campaign does not say."""
    fit = plan.campaign.fit
    if fit is None or not fit.counts:
        return ""
    if fit.use:
        return language.text("Engagements and conversions count by how well a creator’s niche suits the brief.")
    named = [(name, value) for name, value in sort_niches(fit.niches) if value != fit.other][:MOST_NICHES]
    niches = [f"{plain_text(name)} {language.percent(float(value))}" for name, value in named]
    others = language.text("other niches {share}", share=language.percent(float(fit.other)))
    return language.text(
        "Engagements and conversions count by how well a creator’s niche suits the product: {niches}.",
        niches=language.join([*niches, others]),
    )
