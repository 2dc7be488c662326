"""The result of checking a plan file, as text: what was recomputed, and what the file states wrongly."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from microopt.plan.verification_result import Verification
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.wording.plan_figures import capitalize_sentence, join_words, source_name

STYLES = {"proof": "bold green", "refutation": "bold red"}


def verification_text(verification: Verification, screen: Screen) -> str:
    """Return the verification as text."""
    lines = [
        Text.assemble(("Fix: ", "bold"), cell(sentence)) if kind == "fix" else cell(sentence, STYLES.get(kind, ""))
        for kind, sentence in verification_sentences(verification)
    ]
    return screen.render(*lines)


def verification_sentences(verification: Verification) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): `proof` and `fact`, or `refutation`, `fact` and `fix` if the plan does not hold."""
    return _confirmation(verification) if verification.holds else _refutation(verification)


def _confirmation(verification: Verification) -> Iterator[tuple[str, str]]:
    recomputed = f"{verification.figures:,} figures and statements recomputed from {source_name(verification.roster)}"
    yield "proof", f"{source_name(verification.plan)} holds: {recomputed}."
    rules = "1 rule" if verification.rules == 1 else f"{verification.rules:,} rules"
    limits = [*(["the budget"] if verification.budget else []), *([rules] if verification.rules else [])]
    if limits:
        yield "fact", f"Kept in whole cents and counts: {' and '.join(limits)}."
    for sentence in verification.proven:
        yield "fact", f"Shown without a solver: {sentence}."
    if verification.unproven:
        yield "fact", f"Rests on {verification.solver}: {'; '.join(verification.unproven)}."
    else:
        yield "fact", "Nothing rests on a solver."
    if verification.reworded:
        fields = join_words([*dict.fromkeys(place.partition("[")[0] for place in verification.reworded)])
        yield "fact", f"This version of microopt words {fields} differently."


def _refutation(verification: Verification) -> Iterator[tuple[str, str]]:
    discrepancy, count = verification.discrepancy, verification.more_discrepancies
    assert discrepancy is not None
    yield "refutation", f"{source_name(verification.plan)} is false."
    yield "fact", f"{discrepancy.place}: {discrepancy.message}."
    if count:
        yield "fact", f"{'1 more statement is' if count == 1 else f'{count:,} more statements are'} not so."
    if not verification.sealed and discrepancy.place != "seal":
        yield "fact", "The seal is broken too: the file was altered after it was written."
    yield "fix", capitalize_sentence(verification.fix)
