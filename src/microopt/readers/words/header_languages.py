"""The languages of a file's headers, by `headers.csv`, and whether a list is Chinese."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from microopt.readers.words.vocabulary import KINDS, alias_key, read_lines, spelling_key

_LEAST_HEADERS = 2  # of a language; one word alone may be another's
_SHORTEST = 4  # letters of a word that tells a language
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HAN = re.compile("[\u4e00-\u9fff]")


def find_languages(headers: Sequence[str], own: str) -> frozenset[str]:
    """Return the language of most headers of a file, or several if they share the same headers, or none.

    Parameters
    ----------
    headers
        All headers of the file.
    own
        The header of the column in question, which is enough by itself.
    """
    known = _languages_by_header()
    found = [known[key] for header in headers if (key := alias_key(header)) in known]
    if not (alias_key(own) in known or len(found) >= _LEAST_HEADERS):
        return frozenset()
    votes = Counter(language for languages in found for language in languages)
    return frozenset(language for language, count in votes.items() if count == max(votes.values()))


def is_chinese(headers: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a list is Chinese rather than Japanese, by its headers or else by the words in its cells.

    Kana are Japanese. Of other characters, those count that only headers of one of the two languages have, and those
    that Japanese does not write, such as most simplified ones.
    """
    written = "".join(headers)
    if _KANA.search(written):
        return False
    chinese, japanese = _letters("zh"), _letters("ja")
    letters = _HAN.findall(written)
    votes = [letter in chinese for letter in letters if (letter in chinese) != (letter in japanese)]
    foreign = [letter not in japanese and not _is_japanese(letter) for letter in letters]
    if votes or any(foreign):
        is_sure = len(votes) > 1 or any(foreign) or any(header.strip() in _headers("zh") for header in headers)
        return is_sure and 2 * (sum(votes) + sum(foreign)) > len(votes)
    words = "".join(cells)
    return not _KANA.search(words) and any(not _is_japanese(letter) for letter in _HAN.findall(words))


@cache
def _letters(language: str) -> frozenset[str]:
    """Return the characters of all headers of a language."""
    return frozenset(letter for header in _headers(language) for letter in header)


@cache
def _headers(language: str) -> frozenset[str]:
    return frozenset(line[2] for line in read_lines() if line[0] == language)


def _is_japanese(letter: str) -> bool:
    """Whether Japanese encodings have a character."""
    try:
        letter.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _languages_by_header() -> Mapping[str, frozenset[str]]:
    """Return the languages of each header that is in no list of English ones, by its key."""
    languages: dict[str, set[str]] = {}
    for language, _, header, _ in read_lines():
        languages.setdefault(spelling_key(header), set()).add(language)
    own = {spelling_key(column) for columns in KINDS.values() for column in columns.split()}
    return {
        key: frozenset(names)
        for key, names in languages.items()
        if "en" not in names and key not in own and len(key) >= _SHORTEST
    }
