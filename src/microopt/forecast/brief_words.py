"""Learn from the words of a brief how well each niche of a roster suits it: overlap of words, without any model.

A word is a run of letters, without case and without the `s` of a plural; neighbours count as one word too, so that
`skin care` is `skincare`. What follows `not`, `no` or `without` counts for nothing (`negated_words`), and a word names
every niche that begins with it, as `skin` does `skincare`. A niche is as near to a brief as the larger of

    the share of the words of its name that are in the brief, and
    its creators' descriptions:  d / max d,   d = sum over words of the brief of idf(w) (p(w) - q(w)),  at least 0

with q(w) the share of all creators whose niches and descriptions have the word, p(w) that of the niche's creators,
drawn towards q as if five more creators of the usual kind were in it, and idf(w) = log(1/q(w)), the weight of rare
words (inverse document frequency; Sparck Jones 1972). The fit is 0.3 + 0.7 times that, to a tenth.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import log

import numpy as np
from msgspec import Struct

from microopt.campaign.fit_settings import LEAST_FIT
from microopt.forecast.negated_words import split_negated
from microopt.quantities.keys import header_key, match_key
from microopt.roster.roster import Roster, TextColumn

PRIOR_CREATORS = 5  # of the usual kind, added to each niche; design figure
SHOWN_WORDS = 4
# Letters of a word, and of what follows it in a compound, from which it names a niche: `skin` is in `skincare`, and
# neither `car` in `care` nor `part` in `party`; design figures.
LEAST_START = 4
LEAST_REST = 2
_WORD = re.compile(r"[^\W\d_]{2,}")
# Header keys of columns in which lists say what a creator is about.
_DESCRIPTIONS = """
    bio biography description about aboutme profile keywords tags hashtags interests topics content style summary
    beschreibung biografie übermich themen inhalte biographie descripción biografía descrição descrizione
"""
# Function words of the languages in which most briefs are written.
_STOP_WORDS = """
    the and for with of to in on at by from or an as is are was be we our us you your they their it its this that all
    who how what when more most new und oder der die das den dem des ein eine mit für von zu im am auf wir unser sie ihr
    ist sind et ou le la les un une de du avec pour dans sur nous votre est sont los las el con para por que
"""
NOTHING: frozenset[str] = frozenset()
People = Counter[tuple[frozenset[str], frozenset[str]]]  # creators by words of the brief and keys of niches
DESCRIPTIONS = frozenset(_DESCRIPTIONS.split())
STOP_WORDS = frozenset(_STOP_WORDS.split())


class NicheWords(Struct, frozen=True, kw_only=True):
    """A niche of a roster, and what a brief says of it.

    Attributes
    ----------
    niche
        As the roster writes it.
    creators
        How many are in it.
    fit
        From 0.3 to 1.
    words
        Of the brief, by which it was found; the strongest first.
    """

    niche: str
    creators: int
    fit: Fraction
    words: tuple[str, ...]


def learn_fit(roster: Roster, niche: TextColumn, brief: str) -> list[NicheWords]:
    """Return each niche of a roster with its learned fit, the best first; none if no word of the brief is found."""
    learned = list_niches(roster, niche, brief)
    return learned if any(each.words for each in learned) else []


def list_niches(roster: Roster, niche: TextColumn, brief: str = "") -> list[NicheWords]:
    """Return each niche of a roster with its creators and its fit by the words of a brief, the best first."""
    wanted = BriefWords(brief)
    people = _count_people(roster, niche, wanted)
    creators = _count_creators(people)
    nearness, reasons = _nearness_of_descriptions(people)
    spellings: dict[str, str] = {}
    for value in sorted(niche.distinct_values()):
        spellings.setdefault(match_key(value), value.strip())
    top = max(nearness.values(), default=0.0)
    learned = []
    for key, spelling in spellings.items():
        if not creators[key]:  # a name without letters
            continue
        share, named = _named_in(spelling, wanted)
        near = max(share, nearness[key] / top if top > 0 else 0.0)
        fit = Fraction(round(10 * (LEAST_FIT + (1 - LEAST_FIT) * Fraction(round(near * 1_000), 1_000))), 10)
        words = tuple(dict.fromkeys([*named, *reasons[key]]))[:SHOWN_WORDS]
        learned.append(NicheWords(niche=spelling, creators=creators[key], fit=fit, words=words))
    return sorted(learned, key=lambda each: (-each.fit, match_key(each.niche)))


def _named_in(spelling: str, wanted: BriefWords) -> tuple[float, list[str]]:
    """Return the share of the words of a niche's name that a brief has, and these words."""
    own = list(dict.fromkeys(split_words(spelling)))
    if (joined := "".join(own)) in wanted.all:
        return 1.0, [joined]
    found = [by for word in own if (by := wanted.naming(word))]
    return len(found) / max(len(own), 1), found


def split_words(text: str) -> list[str]:
    """Return the words of a text, without case, plurals and function words, in their order."""
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return [_singular(word) for word in _WORD.findall(folded) if word not in STOP_WORDS]


class BriefWords:
    """The words of a brief: single ones, and each two neighbours as one, so that `skin care` is `skincare`."""

    def __init__(self, brief: str) -> None:
        words = split_words(split_negated(brief)[0])
        self.single = frozenset(words)
        self.joined = frozenset(first + second for first, second in pairwise(words))
        self.all = self.single | self.joined

    def naming(self, word: str) -> str:
        """Return the word by which a brief has one of a niche's name, empty if none: itself, or one it begins with."""
        if word in self.all:
            return word
        lengths = range(len(word) - LEAST_REST, LEAST_START - 1, -1)
        return next((word[:length] for length in lengths if word[:length] in self.single), "")

    def found_in(self, text: str) -> frozenset[str]:
        """Return those that a text has, which may be one word in one of the two and two words in the other."""
        words = split_words(text)
        joined = [pair for first, second in pairwise(words) if (pair := first + second) in self.single]
        return self.all.intersection(words).union(joined)


@lru_cache(maxsize=1 << 16)
def _singular(word: str) -> str:
    """Return an English word without the ending of a plural; other words are left as they are, or lose an s too."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _count_people(roster: Roster, niche: TextColumn, wanted: BriefWords) -> People:
    """Return how many creators have each set of words of the brief, in all their rows, and each set of niches."""
    described = [column for name, column in roster.texts.items() if header_key(name) in DESCRIPTIONS]
    _, creators = np.unique(roster.creator_id, return_inverse=True)
    words, niches = ([NOTHING] * (int(creators.max(initial=-1)) + 1) for _ in range(2))
    rows = creators.tolist()
    for column in (niche, *described):
        _add_to_creators(words, rows, column, wanted.found_in)
    _add_to_creators(niches, rows, niche, lambda value: {match_key(value)} - {""})
    return Counter(zip(words, niches, strict=True))


def _add_to_creators(
    sets: list[frozenset[str]], creators: list[int], column: TextColumn, find: Callable[[str], Iterable[str]]
) -> None:
    """Add what is found in the cells of a column to the sets of their creators; equal sets are one object."""
    one_of: dict[frozenset[str], frozenset[str]] = {}
    by_label = []
    for code in range(len(column.labels)):
        found = frozenset(each for value in column.label_values(code) for each in find(value))
        by_label.append(one_of.setdefault(found, found))
    for creator, code in zip(creators, column.codes.tolist(), strict=True):
        if by_label[code]:
            sets[creator] = sets[creator] | by_label[code] if sets[creator] else by_label[code]


def _count_creators(people: People) -> Counter[str]:
    """Return the number of creators of each niche, by key."""
    creators: Counter[str] = Counter()
    for (_, keys), count in people.items():
        creators.update(dict.fromkeys(keys, count))
    return creators


def _nearness_of_descriptions(people: People) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Return, by niche, how much more of the brief its creators have than creators usually do, and by which words."""
    creators, found, total = _count_creators(people), Counter[str](), people.total()
    by_niche: dict[str, Counter[str]] = {key: Counter() for key in creators}
    for (words, keys), count in people.items():
        found.update(dict.fromkeys(words, count))
        for key in keys:
            by_niche[key].update(dict.fromkeys(words, count))
    nearness: dict[str, float] = {}
    reasons: dict[str, list[str]] = {}
    for key, of_niche in by_niche.items():
        gains = {}
        for word in sorted(of_niche):
            usual = found[word] / total
            share = (of_niche[word] + PRIOR_CREATORS * usual) / (creators[key] + PRIOR_CREATORS)
            gains[word] = -log(usual) * (share - usual)
        nearness[key] = max(sum(gains.values()), 0.0)
        reasons[key] = sorted((word for word in gains if gains[word] > 0), key=lambda word: (-gains[word], word))
    return nearness, reasons
