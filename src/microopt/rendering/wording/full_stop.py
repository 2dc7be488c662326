"""The mark at the end of a sentence."""

from __future__ import annotations


def end_sentence(text: str) -> str:
    """Return a sentence with a full stop, unless it ends with a mark already, as a question does."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
