"""The result of checking a plan file, as text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from microopt.plan.verification_result import Verification
from microopt.rendering.terminal.screen import Screen, cell


def verification_text(verification: Verification, screen: Screen) -> str:
    """Return the verification as text."""
    return screen.render(*(_confirmation(verification) if verification.holds else _refutation(verification)))


def _confirmation(verification: Verification) -> Iterator[Text]:
    statement = f"{_name(verification.plan)} holds: {verification.figures:,} figures and statements recomputed from {_name(verification.roster)}."
    yield cell(statement, "bold green")
    limits = [
        *(["the budget"] if verification.budget else []),
        *([_rules(verification.rules)] if verification.rules else []),
    ]
    if limits:
        yield cell(f"Kept in whole cents and counts: {' and '.join(limits)}.")
    for sentence in verification.proven:
        yield cell(f"Shown without a solver: {sentence}.")
    if verification.unproven:
        yield cell(f"Rests on {verification.solver}: {'; '.join(verification.unproven)}.")
    else:
        yield cell("Nothing rests on a solver.")


def _refutation(verification: Verification) -> Iterator[Text]:
    assert verification.discrepancy is not None
    yield cell(f"{_name(verification.plan)} is false.", "bold red")
    yield cell(f"{verification.discrepancy.place}: {verification.discrepancy.message}.")
    if verification.more_discrepancies:
        more = (
            "1 more statement is"
            if verification.more_discrepancies == 1
            else f"{verification.more_discrepancies:,} more statements are"
        )
        yield cell(f"{more} not so.")
    if not verification.sealed and verification.discrepancy.place != "seal":
        yield cell("The seal is broken too: the file was altered after it was written.")
    yield Text.assemble(("Fix: ", "bold"), cell(f"{verification.fix[:1].upper()}{verification.fix[1:]}."))


def _name(path: str) -> str:
    return "standard input" if path == "-" else path


def _rules(count: int) -> str:
    return "1 rule" if count == 1 else f"{count:,} rules"
