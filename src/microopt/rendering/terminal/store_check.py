"""The result of checking a store, as text."""

from __future__ import annotations

from rich.text import Text

from microopt.rendering.terminal.screen import BAD, GOOD, Screen, cell
from microopt.rendering.wording.store_check import store_check_sentences
from microopt.verification.store_check import StoreCheck

STYLES = {"proof": GOOD, "refutation": f"bold {BAD}"}


def store_check_text(check: StoreCheck, screen: Screen) -> str:
    """Return the check as text."""
    lines = [
        Text.assemble(("Fix: ", "bold"), cell(sentence)) if kind == "fix" else cell(sentence, STYLES.get(kind, ""))
        for kind, sentence in store_check_sentences(check)
    ]
    return screen.render(*lines)
