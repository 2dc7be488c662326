"""Random words are those of a published generator, and streams do not meet."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from microopt.forecast.random_words import random_words, sixteen_bits, stream_key

SPLITMIX64 = (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F)  # of seed 0, by Vigna's splitmix64.c


def test_words_are_those_of_splitmix64():
    assert random_words(np.zeros(1, dtype=np.uint64), 3).tolist() == [[*SPLITMIX64]]


def test_more_words_begin_with_the_same_ones():
    keys = np.asarray([stream_key(1, "offer", "anna")], dtype=np.uint64)
    assert (random_words(keys, 7)[:, :4] == random_words(keys, 4)).all()


def test_the_parts_of_a_word_make_it_up():
    words = random_words(np.arange(3, dtype=np.uint64), 50)
    parts = [sixteen_bits(words, place).astype(np.uint64) << np.uint64(16 * place) for place in range(4)]
    assert (sum(parts) == words).all()


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3), st.integers(0, 3), st.integers(0, 3))
def test_keys_tell_seeds_and_names_apart_whatever_they_hold(names, others, seed, other):
    assert (stream_key(seed, *names) == stream_key(other, *others)) == ((seed, names) == (other, others))


def test_a_key_is_the_same_everywhere():
    assert stream_key(1, "creator", "müller", "tiktok") == KEY


KEY = 6221469666902003387
