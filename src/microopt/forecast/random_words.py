"""Random bits that are the same on every machine and do not depend on what else is drawn.

Each stream has a key, the BLAKE2b hash of the seed and of what it is drawn for. Its words are those of SplitMix64
(Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014) from that key on: word i is
mix(key + (i + 1) gamma), so that any word can be computed without those before it, with integers of 64 bits alone.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
GAMMA = np.uint64(0x9E3779B97F4A7C15)
MIXERS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
LAST_SHIFT = 31


def stream_key(seed: int, *names: str) -> int:
    """Return the key of a stream; names are told apart whatever characters they hold."""
    parts = [str(seed), *names]
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def random_words(keys: Words, count: int) -> Words:
    """Return the first words of each stream, (keys, count)."""
    steps = np.arange(1, count + 1, dtype=np.uint64) * GAMMA
    words: Words = keys[:, None] + steps
    for shift, factor in MIXERS:
        words ^= words >> np.uint64(shift)
        words *= np.uint64(factor)
    words ^= words >> np.uint64(LAST_SHIFT)
    return words


def sixteen_bits(words: Words, place: int) -> NDArray[np.uint16]:
    """Return one of the four parts of each word, of 16 bits."""
    return (words >> np.uint64(16 * place)).astype(np.uint16)
