"""The sentences of a check of a plan file: whether it passed, what that means, and what depends on a solver."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.files.reading import source_name
from microopt.plan.verification_result import Discrepancy, Verification
from microopt.quantities.parse_and_format import join_words
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.plan_figures import capitalize_sentence

CHANGED_FILES = ("roster.source.sha256", "campaign_sha256", "seal")  # discrepancies that are about a file as a whole


def verification_sentences(verification: Verification) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): `proof` and `fact`, or `refutation`, `fact` and `fix` if the plan does not hold."""
    return _confirmation(verification) if verification.holds else _refutation(verification)


def _confirmation(verification: Verification) -> Iterator[tuple[str, str]]:
    recomputed = f"{verification.figures:,} figures and statements recomputed"
    plan, roster = source_name(verification.plan), source_name(verification.roster)
    yield "proof", f"Check passed: {plan} agrees with {roster} ({recomputed})."
    kept = [*(["the budget"] if verification.budget else []), *_rule_count(verification.rules)]
    keeps = [f"it keeps {join_words(kept)}"] if kept else []
    if proven := [*keeps, *verification.proven]:
        yield "fact", f"Proven without the solver: {'; '.join(proven)}."
    if verification.claims_best:
        said = f"The plan says that {verification.solver} proved it best"
        yield "fact", f"{said}. This check uses no solver, so it cannot repeat that proof."
    if verification.unproven:
        stated = "; ".join(verification.unproven)
        yield "fact", f"Not checked, taken from the plan (made with {verification.solver}): {stated}."
    else:
        yield "fact", "Nothing depends on the solver."
    if verification.reworded:
        fields = join_words([*dict.fromkeys(place.partition("[")[0] for place in verification.reworded)])
        yield "fact", f"This version of microopt words {fields} differently."


def _rule_count(rules: int) -> list[str]:
    return [] if not rules else ["its rule"] if rules == 1 else [f"all {rules:,} rules"]


def _refutation(verification: Verification) -> Iterator[tuple[str, str]]:
    discrepancy, further = verification.discrepancy, verification.further
    assert discrepancy is not None
    plan = source_name(verification.plan)
    if discrepancy.place == "seal":
        yield "refutation", f"Check failed: {plan} was changed after it was written."
    elif discrepancy.place in CHANGED_FILES:
        yield "refutation", f"Check failed: {end_sentence(discrepancy.message)}"
    else:
        statement = "statements that are" if further else "a statement that is"
        yield "refutation", f"Check failed: {plan} has {statement} not true."
        yield "fact", _describe(discrepancy)
    for item in further:
        yield "fact", _describe(item)
    if count := verification.more_discrepancies - len(further):
        yield "fact", f"{'1 more statement is' if count == 1 else f'{count:,} more statements are'} not true."
    if not verification.sealed and discrepancy.place != "seal":
        yield "fact", "The plan file was also changed after it was written (its seal is broken)."
    yield "fix", capitalize_sentence(verification.fix)


def _describe(discrepancy: Discrepancy) -> str:
    creator = f" ({discrepancy.creator})" if discrepancy.creator else ""
    return f"{discrepancy.place}{creator}: {end_sentence(discrepancy.message)}"
