"""The languages of a file's headers, by `headers.csv`."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from microopt.readers.vocabulary import KINDS, alias_key

_LEAST_HEADERS = 2  # of a language; one word alone may be another's
_SHORTEST = 4  # letters of a word that tells a language


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


@cache
def _languages_by_header() -> Mapping[str, frozenset[str]]:
    """Return the languages of each header that is in no list of English ones, by its key."""
    lines = files("microopt.readers").joinpath("headers.csv").read_text(encoding="utf-8").splitlines()
    languages: dict[str, set[str]] = {}
    for language, _, header, _ in list(csv.reader(lines))[1:]:
        languages.setdefault(alias_key(header), set()).add(language)
    own = {alias_key(column) for columns in KINDS.values() for column in columns.split()}
    return {
        key: frozenset(names)
        for key, names in languages.items()
        if "en" not in names and key not in own and len(key) >= _SHORTEST
    }
