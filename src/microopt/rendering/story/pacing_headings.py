"""The headings of the tables of a running campaign."""

from __future__ import annotations

from microopt.plan.pacing import Pacing
from microopt.rendering.language.language import Language
from microopt.rendering.story.metric_names import metric_names


def pacing_headings(pacing: Pacing, language: Language) -> tuple[str, ...]:
    """Return the headings of the results of the whole campaign: the day, then what each column holds."""
    text = language.text
    columns = (text("First planned"), text("To date"), text("Share"), text("Projected"), text("Change"))
    return (_day(pacing, language), *columns)


def pacing_names(language: Language) -> dict[str, str]:
    """Return the name of each figure of the whole campaign."""
    return {**metric_names(language), "spend": language.text("Spend"), "creators": language.text("Creators")}


def stage_heading(metric: str, stage: str, language: Language) -> str:
    """Return the heading of a metric of creators under contract, at one of `CREATOR_STAGES`."""
    name = metric_names(language)[metric]
    if stage == "planned":
        return language.text("{metric} planned", metric=name)
    if stage == "to date":
        return language.text("{metric} to date", metric=name)
    return language.text("{metric} projected", metric=name)


def _day(pacing: Pacing, language: Language) -> str:
    """Return the day up to which results count."""
    if pacing.day is None:
        return language.text("The campaign")
    day = language.number(pacing.day)
    if pacing.days is None:
        return language.text("Day {day}", day=day)
    return language.text("Day {day} of {days}", day=day, days=language.number(pacing.days))
