"""What moved between waves, in English: the texts of languages are loaded only if anything did."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.plan.plan import Plan


def moved_in_english(plan: Plan) -> Iterator[str]:
    """Yield a sentence for each amount that left a wave since the last plan."""
    if plan.replan is not None and plan.replan.moved:
        from microopt.rendering.language.language import ENGLISH, find_language
        from microopt.rendering.story.moved import moved_sentences

        yield from moved_sentences(plan, find_language(ENGLISH))
