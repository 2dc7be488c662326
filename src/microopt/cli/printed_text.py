"""The last check of everything that is printed: no text of a file moves the cursor, hides or instructs.

Renderers make each text safe where they place it; this holds for what none of them made, such as a traceback or a
usage error.
"""

from __future__ import annotations

import os
import re
from functools import cache

_CONTROLS = bytes(code for code in (*range(32), 127) if code not in b"\t\n")
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
    shown = text if _is_plain(text) else _unshown().sub(_replacement, text)
    if instructs or not os.environ.get("GITHUB_ACTIONS"):
        return shown
    return _INSTRUCTION.sub("'", shown)


def _is_plain(text: str) -> bool:
    if not text.isascii():
        return not any(map(_unshown().match, set(text) - {"\n"}))
    data = text.encode()
    return len(data.translate(None, _CONTROLS)) == len(data)


@cache
def _unshown() -> re.Pattern[str]:
    """Return the pattern of what is not printed, after what we print with controls ourselves: colors and progress."""
    from microopt.quantities.invisible import BREAK, UNSHOWN

    return re.compile(rf"(\x1b\[[\d;]*m|\r?\x1b\[2K)|((?![\t\n]){BREAK.pattern})|{UNSHOWN.pattern}")


def _replacement(match: re.Match[str]) -> str:
    return match[1] or (" " if match[2] else "")
