"""The sentences of a check of a store: whether it is sound, what was looked at, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.rendering.wording.plan_figures import capitalize_sentence
from microopt.verification.store_check import StoreCheck

SHOWN = 10  # problems


def store_check_sentences(check: StoreCheck) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): `proof` and `fact`, or `refutation`, `fact` and `fix` if something is wrong."""
    if not check.sound:
        yield from _refutation(check)
        return
    few = {0: "it has no run yet", 1: "it has 1 run, with its plan as it was written"}
    whole = few.get(check.runs, f"it has {check.runs:,} runs, each with its plan as it was written")
    yield "proof", f"Check passed: {check.store} is sound, and {whole}."
    yield (
        "fact",
        "Checked: the pages and indexes of the file, the links between its tables, the figures of the results, and for "
        "each run that its plan can be read, that its seal matches, and that the tables say the same.",
    )
    if check.version is not None and check.version < check.current_version:
        new = check.current_version
        yield "fact", f"Its tables have version {check.version}; the next run with --store brings them to {new}."


def _refutation(check: StoreCheck) -> Iterator[tuple[str, str]]:
    count = len(check.problems)
    yield "refutation", f"Check failed: {check.store} has {'1 problem' if count == 1 else f'{count:,} problems'}."
    for problem in check.problems[:SHOWN]:
        yield "fact", capitalize_sentence(problem.message)
    if count > SHOWN:
        yield "fact", f"{count - SHOWN:,} more with --format json."
    yield "fix", capitalize_sentence(check.fix)
