"""Whether a fix names something to paste or to write, and does not only say that something is wrong."""

import re

_SHAPES = (
    r"(?<!\w)--?[a-z]",  # a flag
    r"['\"`][^'\"`]*['\"`]",  # a value, a rule or a column in quotes
    r"\w = |\[\w",  # a key of the campaign file
    r"\d",  # a number to write
    r"\b(?:microopt|pip|apt-get|mkdir|ls|mv|gzip) \S",  # a command
    r"\.(?:csv|xlsx|parquet|json|html|db)\b",  # a file
    r"did you mean|use one of|such as|@\w",  # a name
)


def is_pastable(fix):
    """Return whether a fix names a flag, a key, a value, a command or a file."""
    return any(re.search(shape, fix, re.IGNORECASE) for shape in _SHAPES)
