"""Find the encoding of a text that is not UTF-8, from its letters.

A list of creators has few letters beyond ASCII: five names may be all. Detectors for running text are wrong about half
of such lists, so the encodings that spreadsheets write are told apart by the alphabets of languages (`alphabets`): the
likeliest reading wins, with the headers that we know as further evidence. Only where none of them explains the text is
charset-normalizer asked, which knows all others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from math import log

from msgspec import Struct

from microopt.readers.formats.alphabets import DOUBLE_BYTE, NAMES, PRIORS, SINGLE_BYTE, WHOLE_WORDS, letter_shares

REPLACEMENT = "\ufffd"
SAMPLE_BYTES = 1 << 17  # of lines with letters beyond ASCII
KNOWN_HEADER = 12.0  # what a known header beyond ASCII is worth (natural logarithm of a likelihood, here and below)
CERTAIN_BY = 3.0  # a lead over the next best reading below which the names should be checked
WORST_MEAN = -5.5  # a mean per letter below which none of our encodings explains the text
WORST_MEAN_OF_IDEOGRAPHS = -9.5  # and per ideograph: each is one of thousands
FEWEST_LETTERS = 6  # from which the mean is judged
_ASCII_LINE = re.compile(rb"(?<![^\r\n])[^\r\n\x80-\xff]*+[\x80-\xff][^\r\n]*")
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]*+[^\x00-\x7f](?:[A-Za-z]|[^\x00-\x7f])*")
MOST_TIMES = 3  # that a word counts: one that fills a column, such as a country, is evidence only once
_BETWEEN_WORDS = re.compile(rb"[,;\t\r\n \"]+")  # bytes that are never part of a longer character
_USUAL_MARKS = {"€": 0.05, "£": 0.03, "¥": 0.01, "–": 0.04, "’": 0.04, "\xa0": 0.04, "•": 0.02, "®": 0.01, "™": 0.01}
_RARE_MARK, _RARE_LETTER, _IMPOSSIBLE = 2e-3, 4e-4, 1e-5


class Detected(Struct, frozen=True):
    """An encoding, and whether its reading of the text is clearly the likeliest."""

    encoding: str
    is_certain: bool


def find_encoding(data: bytes, count_known: Callable[[str], int]) -> Detected:
    """Return the likeliest encoding of a text that is not UTF-8.

    Parameters
    ----------
    count_known
        Counts the cells of the first lines that are headers known to the vocabulary and hold letters beyond ASCII.
    """
    lines, head = _sample_lines(data), data[:SAMPLE_BYTES]
    sample = _sample_words(lines)
    readings = []
    for encoding in (*SINGLE_BYTE, *DOUBLE_BYTE):
        text = sample.decode(encoding, errors="replace")
        score = _score(encoding, text) + PRIORS.get(encoding, 0.0)
        known = count_known(head.decode(encoding, errors="replace"))
        readings.append((score + KNOWN_HEADER * known, encoding, text))
    best, encoding, text = max(readings, key=lambda reading: reading[0])
    encoding = next(other for _, other, same in readings if same == text)  # the most usual of those that read it alike
    worst = WORST_MEAN_OF_IDEOGRAPHS if encoding in DOUBLE_BYTE else WORST_MEAN
    letters = sum(character > "\x7f" for character in text)
    if letters >= FEWEST_LETTERS and best < worst * letters:
        encoding = _ask_charset_normalizer(lines) or encoding
        return Detected(encoding, False)
    others = [score for score, _, other in readings if other != text]
    return Detected(encoding, best - max(others, default=-1e9) >= CERTAIN_BY)


def encoding_name(encoding: str) -> str:
    """Return the name of an encoding as people know it."""
    return NAMES.get(encoding, encoding)


def _sample_lines(data: bytes) -> bytes:
    """Return the lines that hold bytes beyond ASCII, the first of a large file and some from its whole length."""
    if len(data) <= SAMPLE_BYTES:
        parts = [data]
    else:
        step = len(data) // 8
        parts = [data[i * step : i * step + 8 * SAMPLE_BYTES] for i in range(8)]
    lines: list[bytes] = []
    for number, part in enumerate(parts):
        found = _ASCII_LINE.findall(part)[(number > 0) : (-1 if len(parts) > 1 else None)]  # the ends may be cut
        size = 0
        for line in found:
            size += len(line)
            if size > SAMPLE_BYTES // len(parts):
                break
            lines.append(line)
    return b"\n".join(lines)


def _sample_words(lines: bytes) -> bytes:
    """Return the words with bytes beyond ASCII, each on a line and `MOST_TIMES` times at most."""
    words = Counter(word for word in _BETWEEN_WORDS.split(lines) if not word.isascii())
    return b"\n".join(word for word, times in words.items() for _ in range(min(times, MOST_TIMES)))


def _score(encoding: str, text: str) -> float:
    """Return the logarithm of the likelihood of a reading: of its letters, and of their places in words."""
    if encoding in DOUBLE_BYTE:
        return sum(map(_ideograph_scorer(encoding), filter(lambda character: character > "\x7f", text)))
    languages = [letter_shares(letters) for letters in SINGLE_BYTE[encoding].values()]
    prior = -0.3 * log(len(languages))
    whole = encoding in WHOLE_WORDS
    return sum(
        times * max(prior + _score_word(word, shares, whole_words=whole) for shares in languages)
        for word, times in Counter(_WORD.findall(text)).items()
    )


def _score_word(word: str, shares: dict[str, float], *, whole_words: bool) -> float:
    """Return the logarithm of the likelihood of a word's letters beyond ASCII in one language."""
    score = 0.0
    for i, character in enumerate(word):
        if character <= "\x7f":
            continue
        before, after = word[i - 1 : i] if i else "", word[i + 1 : i + 2]
        score += log(_share(character, before, after, shares))
        if not character.isalpha():
            continue
        if character.isupper() and before.islower():
            score -= 4.0
        if whole_words:
            score -= 4.0 * (before.isascii() and before.isalpha()) + 4.0 * (after.isascii() and after.isalpha())
        elif before > "\x7f" and before.isalpha():
            score -= 2.5  # two such letters in a row are rare in Latin scripts
    return score


def _share(character: str, before: str, after: str, shares: dict[str, float]) -> float:
    if not character.isalpha() or character in "ªº":
        between_letters = before.isalpha() or after.isalpha()
        if character in _USUAL_MARKS:
            return _USUAL_MARKS[character]
        if character < "\xa0" or character == REPLACEMENT:
            return _IMPOSSIBLE
        return _RARE_MARK / 2000 if between_letters else _RARE_MARK
    if not (before.isalpha() or after.isalpha()):
        return _RARE_LETTER / 10  # a letter by itself, such as the £ of another encoding
    small = character.lower()
    share = shares.get(small[0] + after.lower()) or shares.get(small[0], _RARE_LETTER)
    return share * 0.25 if small != character else share


@cache
def _ideograph_scorer(encoding: str) -> Callable[[str], float]:
    """Return a function of a character's log-likelihood: half of them are frequent, nearly all others usual."""
    frequent, usual_bytes = DOUBLE_BYTE[encoding]
    common = set(frequent)
    is_japanese, is_korean = encoding in ("cp932", "euc_jp"), encoding == "cp949"
    usual = log((0.2 if is_japanese or is_korean else 0.4) / (94 * len(usual_bytes)))
    often = log((0.25 if is_japanese else 0.7 if is_korean else 0.5) / len(common))

    def score(character: str) -> float:
        if character in common:
            return often
        if "ぁ" <= character <= "ヿ":
            return log(0.45 / 170) if is_japanese else log(1e-5)
        if "｡" <= character <= "ﾟ":
            return log(2e-4) - 2.0  # half-width katakana are single bytes, and rare
        if character == REPLACEMENT:
            return log(_IMPOSSIBLE)
        code = character.encode(encoding, "replace")  # Big5 has pairs of characters that it cannot write alone
        if is_korean and not "가" <= character <= "힣":
            return log(1e-6)
        if len(code) == 2 and code[0] in usual_bytes:
            return usual
        if "！" <= character <= "～" or character in "　、。・「」【】〜ー—…·":
            return log(1e-3)
        return log(1.5e-5) if len(code) == 2 else log(1e-9)

    return cache(score)


def _ask_charset_normalizer(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best else None
