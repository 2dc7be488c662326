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
_HIGH_IN_PAIRS = HIGH_WORDS | word_set("up a al do tot 止")
_NO_OFFER = END_WORDS | {"a", "de", "da"}  # what may stand beside an end: `a partir de`


def is_low(words: Words) -> bool:
    """Whether the words of a header say the low end of a range, and not the high one."""
    return not LOW_WORDS.isdisjoint(words) and HIGH_WORDS.isdisjoint(words)


def is_high(words: Words) -> bool:
    """Whether the words of a header say the high end of a range, and not the low one."""
    return not HIGH_WORDS.isdisjoint(words) and LOW_WORDS.isdisjoint(words)


def may_be_end(words: Words) -> bool:
    """Whether a header has a word that says an end of a range, if another header has the other end."""
    return not (_LOW_IN_PAIRS | _HIGH_IN_PAIRS).isdisjoint(words)


def split_ends(low: Words, high: Words) -> tuple[str, ...] | None:
    """Return what two headers have in common besides the two ends of a range; None if they are no such pair.

    `Tarif de` and `Tarif à` are one, although neither `de` nor `à` by itself says an end. So are `Price from` and `to`.
    """
    common = _rests(low, _LOW_IN_PAIRS, is_end=is_low(low)) & _rests(high, _HIGH_IN_PAIRS, is_end=is_high(high))
    if common:
        _, rest = min(common)
        return tuple(word for word in rest if word not in _BESIDE_ENDS)
    return _without_ends(low) if is_low(low) and _is_bare_high(high) else None


def find_ends(headers: Mapping[int, Words]) -> dict[int, int]:
    """Return the pairs of headers that are the two ends of one range: the position of the low end by the high one's.

    Of several candidates the nearest header counts; a bare `to` counts only right behind `Price from`.
    """
    highs: dict[_Rest, list[int]] = {}
    for high, words in headers.items():
        for rest in _rests(words, _HIGH_IN_PAIRS, is_end=is_high(words)):
            highs.setdefault(rest, []).append(high)
    found: dict[int, int] = {}
    for low, words in headers.items():
        rests = _rests(words, _LOW_IN_PAIRS, is_end=is_low(words))
        others = [high for rest in rests for high in highs.get(rest, ()) if high not in found]
        is_followed = is_low(words) and low + 1 not in found and _is_bare_high(headers.get(low + 1, ()))
        others += [low + 1] if is_followed else []
        if others:
            found[min(others, key=lambda high: abs(high - low))] = low
    return found


_Rest = tuple[int, tuple[str, ...]]  # what a header says besides an end, and at which place the end is, -1 for any


def _rests(words: Words, ends: frozenset[str], *, is_end: bool) -> set[_Rest]:
    """Return what a header may say besides the end of a range; equal for the two headers of a pair."""
    rests = {(place, (*words[:place], *words[place + 1 :])) for place, word in enumerate(words) if word in ends}
    return rests | ({(-1, _without_ends(words))} if is_end else set())


def _without_ends(words: Words) -> tuple[str, ...]:
    return tuple(word for word in words if word not in _NO_OFFER)


def _is_bare_high(words: Words) -> bool:
    return is_high(words) and not _without_ends(words)
