"""What is to be said of a plan besides its story: cautions on the first page, and notes in the part at its end."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.report.result import Report
from microopt.rendering.language.language import Language
from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.plan_head import repair_warning
from microopt.rendering.wording.plan_sentences import plan_sentences, soft_rules

CLIENT_KINDS = ("fact", "proof", "doubt")  # of sentences that are no remarks on the list
DECIDED = ("caveat",)  # of sentences that are decisions of the team, which stand above
ORDER = ("warning", "doubt", "proof", "caveat", "fact", "note")


def cautions(report: Report, language: Language) -> Iterator[str]:
    """Yield what changes how the plan is to be read, for every reader."""
    for warning in report.warnings:
        yield plain_text(end_sentence(warning))
    if report.missing:
        reason = plain_text(end_sentence(report.missing))
        yield language.text("Made from the plan file alone: {reason}", reason=reason)
    for _, text in (*repair_warning(report.plan), *soft_rules(report.plan)):
        yield plain_text(text)


def notes(report: Report) -> list[tuple[str, str]]:
    """Return (kind, sentence) of what else is to be said, the most serious first.

    A client reads nothing of the weaknesses of the list, as it is not theirs to mend.
    """
    above = {text for _, text in (*repair_warning(report.plan), *soft_rules(report.plan))}
    sentences = [
        (kind, plain_text(text))
        for kind, text in plan_sentences(report.plan, hints=False)
        if text not in above and (kind not in DECIDED if report.edition.is_internal else kind in CLIENT_KINDS)
    ]
    return sorted(sentences, key=lambda sentence: ORDER.index(sentence[0]))
