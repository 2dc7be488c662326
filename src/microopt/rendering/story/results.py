"""Which results a story is about, by the goal of its campaign, and a number of them in words."""

from __future__ import annotations

from microopt.campaign.campaign import Goal
from microopt.campaign.earnings import PROFIT
from microopt.campaign.metrics import NET_REACH
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import WHOLE_FROM, in_sentence
from microopt.rendering.wording.frontier import goal_heading
from microopt.rendering.wording.plan_head import GOAL_METRICS

TOLD = ("reach", "engagements", "conversions")


def telling_results(goal: Goal) -> tuple[str, ...]:
    """Return the results that the goal counts, the first one first; engagements and conversions where it counts none.

    With the goal conversions, engagements are told too.
    """
    valued = tuple(name for name in TOLD if goal.worths.get(name))
    return valued or GOAL_METRICS.get(goal.name, ("engagements", "conversions"))


def goal_title(goal: Goal, language: Language) -> str:
    """Return what a goal counts, as the heading of its column and its axis; a column of the list keeps its own name."""
    titles = {
        "engagement": language.text("Engagements"),
        "conversions": language.text("Conversions"),
        "reach": language.text("People reached"),
        NET_REACH: language.text("Net reach"),
        "worth": language.text("Worth"),
        PROFIT: language.text("Profit"),
    }
    return titles.get(goal.name) or goal_heading(goal)


def count_results(language: Language, name: str, thousandths: int) -> str:
    """Return a number of engagements or conversions in words."""
    amount = thousandths / 1000
    small = name == "conversions" and amount < WHOLE_FROM
    text = language.number(amount, 1) if small else in_sentence(language, amount)
    number = 1 if text == "1" else 2
    if name == "conversions":
        return language.plural("{amount} conversion", "{amount} conversions", number, amount=text)
    return language.plural("{amount} engagement", "{amount} engagements", number, amount=text)
