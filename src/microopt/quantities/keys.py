"""Keys for comparing names: two spellings of one name or header give the same key."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence, Set

from microopt.quantities.invisible import BREAK, INVISIBLE
from microopt.quantities.profile_links import parse_profile_link

_WITHOUT_MARKS = {code: None for code in range(128) if not chr(code).isalnum()}
FEW_BYTES = 4_096
SYMBOLS = frozenset({"So", "Sk"})  # Unicode's categories of emoji, and of what changes their colour
_ASCII_CONTROLS = bytes(code for code in (*range(32), 127) if code != ord("\n"))


def match_key(name: str) -> str:
    """Return the key that all spellings of one name share: `@Anna`, `anna`, `ANNA ` and `tiktok.com/@anna` give `anna`.

    A link to a profile is the name of its owner. Composed and decomposed letters are the same, and so are full-width
    letters and plain ones; invisible characters do not count.
    """
    return _folded_key(_fold(BREAK.sub(" ", str(name).strip())))


def match_keys(names: Sequence[str]) -> list[str]:
    """Return the `match_key` of each name; folding one joined text takes a tenth of the time for a million names."""
    stripped = list(map(str.strip, names))
    text = "\n".join(stripped)
    if text.count("\n") != len(stripped) - 1:
        return [match_key(name) for name in stripped]
    if text.isascii() and (plain := plain_keys(text.encode())) is not None:
        folded = plain.decode()
        return stripped if folded == text else folded.split("\n")
    characters = set(text)  # a search through the whole text takes five times as long
    if any(map(BREAK.match, characters - {"\n"})):
        return [match_key(name) for name in stripped]
    folded = _fold(text, characters)
    if "/" in folded:
        return list(map(_folded_key, folded.split("\n")))
    keys = list(map(str.strip, folded.split("\n")))
    return [key.lstrip("@ ") for key in keys] if "@" in folded else keys


def key_without(symbols: Set[str], name: str) -> str:
    """Return the match key of a name without these characters: `dana trails` for `Dana Trails 🏕️`."""
    return " ".join(match_key("".join(character for character in name if character not in symbols)).split())


def symbols_of(names: Iterable[str]) -> frozenset[str]:
    """Return the emoji and other symbols beyond ASCII that names hold."""
    characters = {*"".join(name for name in names if not name.isascii())}
    return frozenset(it for it in characters if not it.isascii() and unicodedata.category(it) in SYMBOLS)


def header_key(name: str) -> str:
    """Return the key that all spellings of one header share: its letters and digits, case folded."""
    if name.isascii():  # five times as fast
        return name.lower().translate(_WITHOUT_MARKS)
    return "".join(character for character in _fold(name) if character.isalnum())


def header_keys(lines: str) -> list[str]:
    """Return the header key of each line of a text."""
    folded = _fold(lines, {*lines})
    return remove_characters({each for each in folded if not each.isalnum() and each != "\n"}, folded).split("\n")


def remove_characters(characters: Iterable[str], text: str) -> str:
    """Return a long text without some characters; beyond ASCII, `translate` takes ten times as long."""
    for character in characters:
        text = text.replace(character, "")
    return text


def plain_keys(names: bytes) -> bytes | None:
    """Return the match key of each line of ASCII where it follows from its bytes, else None.

    Only lines without controls and slashes, and without spaces at their ends or after an `@`, are tried; for these a
    match key is the lower case without `@`.
    """
    if b"/" in names or _has_controls(names) or (b" " in names and (b" \n" in names or names.endswith(b" "))):
        return None
    keys = names.lower()
    if b"@" in keys:
        keys = (b"\n" + keys).replace(b"\n@", b"\n")[1:]
    return None if begins_line(b"@", keys) or begins_line(b" ", keys) else keys


def begins_line(mark: bytes, lines: bytes) -> bool:
    """Whether a line begins with one byte."""
    return mark in lines and (lines.startswith(mark) or b"\n" + mark in lines)  # one byte is found ten times as fast


def _has_controls(lines: bytes) -> bool:
    """Whether lines of ASCII have a control character beside their line feeds."""
    if len(lines) < FEW_BYTES:
        return len(lines.translate(None, _ASCII_CONTROLS)) < len(lines)
    import numpy as np  # five times as fast

    codes = np.frombuffer(lines, dtype=np.uint8) - np.uint8(32)  # controls come last: 224 to 255, and 95
    return bool(np.count_nonzero(codes >= 95) > lines.count(b"\n"))


def _fold(text: str, characters: set[str] | None = None) -> str:
    """Return text without case, without invisible characters, and with one form for each character.

    A normal form can have case (`℡` is `TEL`), and folding case can undo the normal form (`ǰ`), so that one round does
    not give all spellings the same text. After a second one and a last normal form nothing changes any more.

    Parameters
    ----------
    characters
        Those of the text, if known.
    """
    if text.isascii():
        return INVISIBLE.sub("", text).lower()
    if any(map(INVISIBLE.match, text if characters is None else characters)):
        text = INVISIBLE.sub("", text)
    folded = unicodedata.normalize("NFKC", text).casefold()
    if unicodedata.is_normalized("NFKC", folded):
        return folded
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold())


def _folded_key(folded: str) -> str:
    name = folded.strip()
    profile = parse_profile_link(name) if "/" in name else None
    if profile is not None:
        name = _fold(profile.handle).strip()  # a link can spell letters and invisible characters: `%C3%A9`
    return name.lstrip("@ ")
