"""Creators' names whose letters pass for those of another script: `аnna` with a Cyrillic `а` is not `anna`.

The letters are those of Unicode's confusables (UTS #39) that look like a Latin letter in most fonts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from msgspec import Struct

from microopt.quantities.keys import match_key, match_keys
from microopt.roster.roster import Roster

_TWINS = {
    "Cyrillic": ("АВСЕНІЈКМОРЅТХУԚԜӀасԁеһіјкорԛѕухѵԝӏ", "ABCEHIJKMOPSTXYQWIacdehijkopqsyxvwl"),
    "Greek": ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿαικνορυχϲϳ", "ABEZHIKMNOPTYXCJaikvopuxcj"),
}
_LATIN = {ord(letter): twin for letters, twins in _TWINS.values() for letter, twin in zip(letters, twins, strict=True)}
_ANY_TWIN = re.compile(f"[{''.join(letters for letters, _ in _TWINS.values())}]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN_LETTER = re.compile(r"[A-Za-zª-ɏḀ-ỿ]")


class LookAlike(Struct, frozen=True, kw_only=True):
    """A name that looks like another.

    Attributes
    ----------
    name, other
        As they are written; `other` is another creator if `is_creator`, else what the name looks like.
    letters
        The letters of `name` that pass for Latin ones.
    script
        The script of these letters.
    """

    name: str
    other: str
    is_creator: bool
    letters: str
    script: str


def find_look_alikes(roster: Roster) -> tuple[LookAlike, ...]:
    """Return the names that look like another creator's, and those with a word of Latin letters and their twins."""
    column = roster.texts["creator"]
    if column.ranks is not None:  # the reader ranks names of plain ASCII only
        return ()
    labels = [label.strip() for label in column.labels]
    suspects = [label for label in labels if not label.isascii() and _ANY_TWIN.search(_decomposed(label))]
    found = _compare(suspects, labels) if suspects else ()
    return tuple(sorted(found, key=lambda each: (not each.is_creator, each.name)))


def _compare(suspects: Sequence[str], labels: Sequence[str]) -> Iterator[LookAlike]:
    looks = {label: match_key(_in_latin(label)) for label in suspects}
    wanted = set(looks.values())
    in_latin = {key: label for key, label in zip(match_keys(labels), labels, strict=True) if key in wanted}
    first_by_look: dict[str, str] = {}
    for label in reversed({match_key(label): label for label in reversed(suspects)}.values()):
        other = in_latin.get(looks[label]) or first_by_look.setdefault(looks[label], label)
        if other is not label:
            yield _found(label, other, is_creator=True)
        elif any(map(_is_mixed, _WORD.findall(_decomposed(label)))):
            yield _found(label, _in_latin(label), is_creator=False)


def _decomposed(name: str) -> str:
    return unicodedata.normalize("NFD", name)


def _in_latin(name: str) -> str:
    return unicodedata.normalize("NFC", _decomposed(name).translate(_LATIN))


def _is_mixed(word: str) -> bool:
    return bool(_LATIN_LETTER.search(word) and _ANY_TWIN.search(word))


def _found(name: str, other: str, *, is_creator: bool) -> LookAlike:
    letters = "".join(dict.fromkeys(_ANY_TWIN.findall(_decomposed(name))))
    script = next(script for script, (known, _) in _TWINS.items() if letters[0] in known)
    return LookAlike(name=name, other=other, is_creator=is_creator, letters=letters, script=script)
