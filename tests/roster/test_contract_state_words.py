"""Contract states in the words of the languages that headers are read in."""

import csv
from collections import defaultdict
from importlib.resources import files

import pytest

from microopt.campaign.progress import ContractState
from microopt.roster.contract_state_words import FOREIGN_STATE_WORDS, bare_key, spellings, state_word
from microopt.roster.contract_status import STATUS_WORDS, parse_contract_state, parse_roster_state

ALL_WORDS = [
    (language, state, word)
    for language, words_by_state in FOREIGN_STATE_WORDS.items()
    for state, words in words_by_state.items()
    for word in spellings(words)
]


def test_every_language_of_the_headers_has_words():
    text = files("microopt.readers.words").joinpath("headers.csv").read_text(encoding="utf-8")
    assert {row["language"] for row in csv.DictReader(text.splitlines())} - {"en"} == set(FOREIGN_STATE_WORDS)


@pytest.mark.parametrize("language", FOREIGN_STATE_WORDS)
def test_words_are_recognized_in_any_case(language):
    for _, state, word in (entry for entry in ALL_WORDS if entry[0] == language):
        assert [parse_contract_state(written) for written in (word, word.upper(), word.title())] == [state] * 3, word


def test_no_word_stands_for_two_states_in_any_languages():
    states = defaultdict(set)
    for _, state, word in ALL_WORDS:
        states[bare_key(word)].add(state)
    for state, words in STATUS_WORDS.items():
        for word in spellings(words):
            states[bare_key(word)].add(state)
    assert {word: found for word, found in states.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("abgesagt", ContractState.DECLINED),
        ("Zugesagt", ContractState.SIGNED),
        ("unterschrieben", ContractState.SIGNED),
        ("firmada", ContractState.SIGNED),
        ("SIGNE", ContractState.SIGNED),
        ("IMZALANDI", ContractState.SIGNED),
        ("已签约", ContractState.SIGNED),
        ("geplant", None),
        ("online", None),
        ("nein", None),
        ("yes", None),
        ("said no", ContractState.DECLINED),
        ("hayır", None),
    ],
)
def test_in_a_roster_only_words_that_say_signed_or_declined_and_nothing_else_count(word, state):
    assert parse_roster_state(word) is state
    assert parse_contract_state(word) is not None


@pytest.mark.parametrize("language", ["en", "de", "fr", "ja", "xx"])
@pytest.mark.parametrize("state", ContractState)
def test_the_word_for_a_state_is_read_as_that_state(state, language):
    assert parse_contract_state(state_word(state, language)) is state


@pytest.mark.parametrize("language", ["de-AT", "de-CH"])
def test_a_country_has_the_words_of_its_language(language):
    assert state_word(ContractState.SIGNED, language) == "unterschrieben"
