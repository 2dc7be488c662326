"""Name the file that a missing one was probably meant to be: the nearest name in its folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from microopt.errors import did_you_mean


def suggest_nearby_file(path: str, ending: str = "") -> str:
    """Return "did you mean …?" for the file of the nearest name in the folder of a missing one, or an empty string.

    Parameters
    ----------
    ending
        Of the files that can be meant, such as `.toml`; by default every file can be.
    """
    try:
        missing = Path(path)
        names = [] if missing.exists() else [file.name for file in missing.parent.iterdir() if file.is_file()]
        names = [name for name in names if name.casefold().endswith(ending)]
    except (OSError, ValueError):
        return ""
    # endings are alike everywhere, so the part before them decides
    stem = _find_nearest(_stem(missing.name), map(_stem, names))
    same = [name for name in names if _stem(name) == stem]
    if not stem or not same:
        return ""
    return f"did you mean {path.removesuffix(missing.name)}{_find_nearest(missing.name, same) or min(same)}?"


def _stem(name: str) -> str:
    return name.partition(".")[0]


def _find_nearest(name: str, known: Iterable[str]) -> str:
    return did_you_mean(name, known, 1).removeprefix("did you mean ").removesuffix("?")
