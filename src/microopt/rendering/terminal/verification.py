"""What a check of a plan found, as text and as JSON (`microopt.verification/1`)."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from microopt.plan.verification_result import Verification
from microopt.rendering.terminal.screen import Screen, cell


def verification_text(found: Verification, screen: Screen) -> str:
    """Return what was found as text."""
    return screen.render(*(_held(found) if found.holds else _false(found)))


def _held(found: Verification) -> Iterator[Text]:
    told = f"{_name(found.plan)} holds: {found.figures:,} figures and statements recomputed from {_name(found.roster)}."
    yield cell(told, "bold green")
    kept = [*(["the budget"] if found.budget else []), *([_rules(found.rules)] if found.rules else [])]
    if kept:
        yield cell(f"Kept in whole cents and counts: {' and '.join(kept)}.")
    for sentence in found.proven:
        yield cell(f"Shown without a solver: {sentence}.")
    if found.unproven:
        yield cell(f"Rests on {found.solver}: {'; '.join(found.unproven)}.")
    else:
        yield cell("Nothing rests on a solver.")


def _false(found: Verification) -> Iterator[Text]:
    assert found.discrepancy is not None
    yield cell(f"{_name(found.plan)} is false.", "bold red")
    yield cell(f"{found.discrepancy.place}: {found.discrepancy.message}.")
    if found.more_discrepancies:
        more = (
            "1 more statement is"
            if found.more_discrepancies == 1
            else f"{found.more_discrepancies:,} more statements are"
        )
        yield cell(f"{more} not so.")
    if not found.sealed and found.discrepancy.place != "seal":
        yield cell("The seal is broken too: the file was altered after it was written.")
    yield Text.assemble(("Fix: ", "bold"), cell(f"{found.fix[:1].upper()}{found.fix[1:]}."))


def _name(path: str) -> str:
    return "standard input" if path == "-" else path


def _rules(count: int) -> str:
    return "1 rule" if count == 1 else f"{count:,} rules"
