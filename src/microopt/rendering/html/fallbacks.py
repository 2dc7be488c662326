"""Whom to ask where a creator of a plan declines, as rows of a table for the team."""

from __future__ import annotations

from microopt.analysis.report.result import Report
from microopt.plan.fallbacks import Fallback, Substitute
from microopt.rendering.language.language import Language
from microopt.rendering.sanitize import plain_text
from microopt.rendering.story.figures import fine_percent, write_money
from microopt.rendering.wording.fallbacks import MANY_RULES


def fallback_rows(report: Report, language: Language) -> list[tuple[str, tuple[str, ...], str]]:
    """Return (creator, substitutes, why nobody) in the order of the plan; none in an edition for a client."""
    if not report.edition.is_internal:
        return []
    return [
        (
            plain_text(fallback.creator),
            tuple(_substitute(report, each, language) for each in fallback.substitutes),
            _nobody(fallback, language),
        )
        for fallback in report.plan.fallbacks
    ]


def _substitute(report: Report, substitute: Substitute, language: Language) -> str:
    """Return a substitute with their cost, if single fees are shown, and what the goal changes by."""
    name = plain_text(substitute.creator)
    if report.edition.fees:
        name = f"{name} {write_money(language, substitute.cost, report.plan.roster.currency)}"
    facts = [] if substitute.change.share is None else [_signed(float(substitute.change.share), language)]
    if substitute.acceptance is not None and substitute.acceptance != 1:
        facts.append(language.text("{share} likely to accept", share=language.percent(float(substitute.acceptance))))
    return f"{name} ({', '.join(facts)})" if facts else name


def _nobody(fallback: Fallback, language: Language) -> str:
    if fallback.substitutes:
        return ""
    if fallback.broken:
        rules = language.join([*map(plain_text, fallback.broken[:MANY_RULES])])
        return language.text("nobody alone, because of {rules}", rules=rules)
    change = None if fallback.without is None else fallback.without.share
    if change is None:
        return language.text("nobody: no one else within your rules adds to the plan")
    return language.text(
        "nobody: no one else within your rules adds to the plan ({change} without them)",
        change=_signed(float(change), language),
    )


def _signed(share: float, language: Language) -> str:
    return f"{'-' if share < 0 else '+'}{fine_percent(language, round(abs(share), 3))}"
