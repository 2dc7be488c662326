"""Learn from the words of a brief how well each niche of a roster suits it: overlap of words, without any model.

A word is a run of letters, without case and without the `s` of a plural; neighbours count as one word too, so that
`skin care` is `skincare`. A niche is as near to a brief as the larger of

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
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import log

import numpy as np
from msgspec import Struct

from microopt.campaign.fit_settings import LEAST_FIT
from microopt.quantities.keys import header_key, match_key
from microopt.roster.roster import Roster, TextColumn

PRIOR_CREATORS = 5  # of the usual kind, added to each niche; design figure
SHOWN_WORDS = 4
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
    columns = [niche, *(column for name, column in roster.texts.items() if header_key(name) in DESCRIPTIONS)]
    words_by_creator, niches_by_creator = _words_and_niches(roster, niche, columns, wanted)
    spellings, creators = _spellings_and_creators(niche, niches_by_creator)
    nearness, reasons = _nearness_of_descriptions(words_by_creator, niches_by_creator, creators)
    top = max(nearness.values(), default=0.0)
    learned = []
    for key, spelling in spellings.items():
        share, named = _named_in(spelling, wanted)
        near = max(share, nearness[key] / top if top > 0 else 0.0)
        fit = Fraction(round(10 * (LEAST_FIT + (1 - LEAST_FIT) * Fraction(round(near * 1_000), 1_000))), 10)
        words = tuple(dict.fromkeys([*named, *reasons[key]]))[:SHOWN_WORDS]
        learned.append(NicheWords(niche=spelling, creators=creators[key], fit=fit, words=words))
    return sorted(learned, key=lambda each: (-each.fit, match_key(each.niche)))


def _named_in(spelling: str, wanted: BriefWords) -> tuple[float, list[str]]:
    """Return the share of the words of a niche's name that a brief has, and these words."""
    own = list(dict.fromkeys(split_words(spelling)))
    if (joined := "".join(own)) in wanted.single | wanted.joined:
        return 1.0, [joined]
    named = [word for word in own if word in wanted.single | wanted.joined]
    return len(named) / max(len(own), 1), named


def split_words(text: str) -> list[str]:
    """Return the words of a text, without case, plurals and function words, in their order."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [_singular(word) for word in _WORD.findall(folded) if word not in STOP_WORDS]


class BriefWords:
    """The words of a brief: single ones, and each two neighbours as one, so that `skin care` is `skincare`."""

    def __init__(self, brief: str) -> None:
        words = split_words(brief)
        self.single = frozenset(words)
        self.joined = frozenset(first + second for first, second in pairwise(words))

    def found_in(self, text: str) -> frozenset[str]:
        """Return those that a text has, which may be one word in one of the two and two words in the other."""
        words = split_words(text)
        joined = {first + second for first, second in pairwise(words)}
        return (self.single | self.joined).intersection(words) | (self.single & joined)


def _singular(word: str) -> str:
    """Return an English word without the ending of a plural; other words are left as they are, or lose an s too."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _words_and_niches(
    roster: Roster, niche: TextColumn, columns: Iterable[TextColumn], wanted: BriefWords
) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Return, by creator, the words of the brief in all their rows, and the keys of their niches."""
    words: dict[int, set[str]] = {creator: set() for creator in np.unique(roster.creator_id).tolist()}
    niches: dict[int, set[str]] = {creator: set() for creator in words}
    creators = roster.creator_id.tolist()
    for column in columns:
        by_label = [
            frozenset().union(*(wanted.found_in(value) for value in column.label_values(code)))
            for code in range(len(column.labels))
        ]
        for creator, code in zip(creators, column.codes.tolist(), strict=True):
            words[creator] |= by_label[code]
    keys = [
        {match_key(value) for value in niche.label_values(code) if match_key(value)}
        for code in range(len(niche.labels))
    ]
    for creator, code in zip(creators, niche.codes.tolist(), strict=True):
        niches[creator] |= keys[code]
    return words, niches


def _spellings_and_creators(
    niche: TextColumn, niches_by_creator: Mapping[int, set[str]]
) -> tuple[dict[str, str], Counter[str]]:
    """Return the niches in one spelling each, and their creators, by key."""
    spellings: dict[str, str] = {}
    for value in sorted(niche.distinct_values()):
        spellings.setdefault(match_key(value), value.strip())
    creators = Counter(key for keys in niches_by_creator.values() for key in keys)
    return {key: text for key, text in spellings.items() if creators[key]}, creators


def _nearness_of_descriptions(
    words: Mapping[int, set[str]], niches: Mapping[int, set[str]], creators: Counter[str]
) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Return, by niche, how much more of the brief its creators have than creators usually do, and by which words."""
    found = Counter(word for own in words.values() for word in own)
    counts: dict[str, Counter[str]] = {key: Counter() for key in creators}
    for creator, keys in niches.items():
        for key in keys:
            counts[key].update(words[creator])
    nearness: dict[str, float] = {}
    reasons: dict[str, list[str]] = {}
    total = len(words)
    for key, of_niche in counts.items():
        size = creators[key] + PRIOR_CREATORS
        gains = {}
        for word in sorted(of_niche):
            usual = found[word] / total
            share = (of_niche[word] + PRIOR_CREATORS * usual) / size
            gains[word] = -log(usual) * (share - usual)
        nearness[key] = max(sum(gains.values()), 0.0)
        reasons[key] = sorted((word for word in gains if gains[word] > 0), key=lambda word: (-gains[word], word))
    return nearness, reasons
