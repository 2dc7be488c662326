"""The last check of everything that is printed: no text of a file moves the cursor, hides or instructs.

Renderers make each text safe where they place it; this holds for what none of them made, such as a traceback or a
usage error.
"""

from __future__ import annotations

import os
import re

_CONTROLS = frozenset(code for code in (*range(32), 127) if code not in b"\t\n")
# What a log of GitHub Actions takes for an instruction: `::` at the start of a line, `##[` anywhere.
_INSTRUCTION = re.compile(r"^(?=(?:[^\S\n]|\x1b\[[\d;]*m)*::)|(?<=##)(?=\[)", re.MULTILINE)


def printed_text(text: str, *, instructs: bool = False) -> str:
    """Return text as it is printed: with our own colors and line breaks, and no other control characters.

    Under GitHub Actions no line is an instruction to it, whatever a creator is called: an apostrophe stands before.

    Parameters
    ----------
    instructs
        Whether the lines are meant as instructions: our annotations.
    """
    shown = text if _is_plain(text) else _plain_lines(text)
    if instructs or not os.environ.get("GITHUB_ACTIONS"):
        return shown
    return _INSTRUCTION.sub("'", shown)


def _is_plain(text: str) -> bool:
    """Whether text is of ASCII, and has no control characters but tabs and line feeds."""
    return text.isascii() and not _CONTROLS.intersection(text.encode())


def _plain_lines(text: str) -> str:
    from microopt.rendering.sanitize import plain_lines

    return plain_lines(text, colored=True)
