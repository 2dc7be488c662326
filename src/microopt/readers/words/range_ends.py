"""Words of headers for the two ends of a range: from and to, `ab` and `bis`, `desde` and `hasta`, min and max."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Words = Sequence[str]


def word_set(text: str) -> frozenset[str]:
    """Return the words between the spaces of a text."""
    return frozenset(text.split())


# Without accents, as the words of headers are.
LOW_WORDS = word_set(
    "from starting min minimum minimal low lowest lower floor von ab mindest mindestens untergrenze desde partir "
    "partire minimo minima minimale vanaf fran fra od minimalna minimalny najnizsza dusuk az asgari taban dari mulai "
    "terendah от від мин мінімум минимум минимальная минимальный 最低 最小 最少 下限 起 从 從 から 최저 최소 하한 부터"
)
HIGH_WORDS = word_set(
    "to max maximum maximal high highest upper ceiling bis hochst hochstens obergrenze hasta ate maximo massimo "
    "maxima massima maximale fino jusqu till til maks maksimum maksymalna maksymalny najwyzsza yuksek cok azami "
    "tavan sampai hingga tertinggi maksimal "
    "макс до максимум максимальная максимальный 最高 最大 最多 上限 至 到 まで 최고 최대 상한 까지"
)
_BESIDE_ENDS = word_set("up at en range end limit bound")  # `up to`, `en az`, `upper limit`
END_WORDS = LOW_WORDS | HIGH_WORDS | _BESIDE_ENDS
# Words that mean something else too, so that they are ends only where the other header of the pair has the other end.
_LOW_IN_PAIRS = LOW_WORDS | word_set("de da du dal van 自")
_HIGH_IN_PAIRS = HIGH_WORDS | word_set("a al do tot 止")
_NO_OFFER = END_WORDS | {"a", "de", "da"}  # what may stand beside an end: `a partir de`


def is_low(words: Words) -> bool:
    """Whether the words of a header say the low end of a range, and not the high one."""
    return not LOW_WORDS.isdisjoint(words) and HIGH_WORDS.isdisjoint(words)


def is_high(words: Words) -> bool:
    """Whether the words of a header say the high end of a range, and not the low one."""
    return not HIGH_WORDS.isdisjoint(words) and LOW_WORDS.isdisjoint(words)


def split_ends(low: Words, high: Words) -> tuple[str, ...] | None:
    """Return what two headers have in common besides the two ends of a range; None if they are no such pair.

    `Tarif de` and `Tarif à` are one, although neither `de` nor `à` by itself says an end. So are `Price from` and `to`.
    """
    places = [place for place, pair in enumerate(zip(low, high, strict=False)) if pair[0] != pair[1]]
    if len(low) == len(high) and len(places) == 1:
        place = places[0]
        if low[place] in _LOW_IN_PAIRS and high[place] in _HIGH_IN_PAIRS:
            return tuple(word for n, word in enumerate(low) if n != place and word not in _BESIDE_ENDS)
    rests = [tuple(word for word in words if word not in _NO_OFFER) for words in (low, high)]
    return rests[0] if is_low(low) and is_high(high) and rests[1] in (rests[0], ()) else None


def find_ends(headers: Mapping[int, Words]) -> dict[int, int]:
    """Return the pairs of headers that are the two ends of one range: the position of the low end by the high one's.

    Of several candidates the nearest header counts; a bare `to` counts only right behind `Price from`.
    """
    found: dict[int, int] = {}
    for low, words in headers.items():
        others = [high for high in headers if high not in found and split_ends(words, headers[high]) is not None]
        others = [high for high in others if high == low + 1 or len(headers[high]) > 1 or len(words) == 1]
        if others:
            found[min(others, key=lambda high: abs(high - low))] = low
    return found
