"""The result of checking a plan file, as text: what was recomputed, and what the file states wrongly."""

from __future__ import annotations

from rich.text import Text

from microopt.plan.verification_result import Verification
from microopt.rendering.terminal.screen import BAD, GOOD, Screen, cell
from microopt.rendering.wording.verification import verification_sentences

STYLES = {"proof": GOOD, "refutation": f"bold {BAD}"}


def verification_text(verification: Verification, screen: Screen) -> str:
    """Return the verification as text."""
    lines = [
        Text.assemble(("Fix: ", "bold"), cell(sentence)) if kind == "fix" else cell(sentence, STYLES.get(kind, ""))
        for kind, sentence in verification_sentences(verification)
    ]
    return screen.render(*lines)
