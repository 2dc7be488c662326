"""Words that mean the same in a column: one list for what a reader, a forecast, a rule and a filter take them for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.offer_names import format_name, format_names
from microopt.campaign.calendar import WAVE
from microopt.campaign.progress import ContractState
from microopt.campaign.wave_names import wave_key
from microopt.quantities.keys import header_key, match_key, match_keys
from microopt.quantities.platforms import PLATFORM_SPELLINGS, platform_name
from microopt.roster.contract_status import parse_roster_state
from microopt.roster.pay_types import PAY_TYPE_NAMES, parse_pay_type
from microopt.roster.roster import NO_WORDS, YES_WORDS, TextColumn

MeaningOf = Callable[[str], str | None]
TIER_WORDS = ("nano", "micro", "mid", "macro", "mega")
_IDLE_TIER_WORDS = re.compile(r"\(.*|\d.*|[^\w]|_|tier|influencers?|creators?|level|size[d]?", re.IGNORECASE)
FLAGS = frozenset({*YES_WORDS, *NO_WORDS})
_PLAIN_FLAGS = frozenset({"yes", "y", "true", "1", "no", "n", "false", "0"})  # `ja` and `si` are languages too


def tier_name(word: str) -> str | None:
    """Return the tier that a word means: `Micro-influencers (10k-100k)` is micro; None for a word of its own."""
    name = _IDLE_TIER_WORDS.sub("", word).casefold()
    return name if name in TIER_WORDS else None


def _state_name(word: str) -> str | None:
    state = parse_roster_state(word)
    return state.value if state is not None else None


def _pay_name(word: str) -> str | None:
    pay = parse_pay_type(word)
    return PAY_TYPE_NAMES[pay][0] if pay in PAY_TYPE_NAMES else None


def _flag_name(word: str) -> str | None:
    key = match_key(word)
    return YES_WORDS[0] if key in YES_WORDS else NO_WORDS[0] if key in NO_WORDS else None


# What a word means in each column that has a list of words.
MEANINGS: Mapping[str, MeaningOf] = {
    "platform": platform_name,
    "offer": format_name,
    "tier": tier_name,
    "pay": _pay_name,
    "status": _state_name,
    "contract": _state_name,
    "featuresminor": _flag_name,
    WAVE: wave_key,
}


@cache
def _main_words() -> frozenset[str]:
    """Return the word that stands for each meaning; another word selects itself alone where a roster has it."""
    pay_words = {names[0] for names in PAY_TYPE_NAMES.values()}
    return frozenset({*PLATFORM_SPELLINGS, *TIER_WORDS, *ContractState, *pay_words, *FLAGS} | format_names())


def find_meaning(column: TextColumn, name: str) -> MeaningOf | None:
    """Return what words mean in a column, or None if each only means itself; yes and no have one in any column."""
    meaning = MEANINGS.get(header_key(name))
    if meaning is None and len(column.labels) <= len(_PLAIN_FLAGS) * 2:
        keys = {match_key(label) for label in column.labels} - {""}
        return _flag_name if keys and keys <= _PLAIN_FLAGS else None
    return meaning


def holds_any(column: TextColumn, name: str, values: Iterable[str]) -> NDArray[np.bool_]:
    """Return, per row, whether a column holds any of some values, in any spelling that means the same.

    Parameters
    ----------
    name
        The column's name, which tells what its words mean.
    """
    keys = {match_key(value) for value in values}
    meaning = find_meaning(column, name)
    if meaning is None:
        return column.contains_any(keys)
    main = keys & _main_words()
    held = {match_key(value) for value in column.distinct_values()} if main < keys else set()
    wanted = {meaning(key) for key in main | (keys - held)} - {None}
    hits = [
        any(match_key(value) in keys or meaning(value) in wanted for value in column.label_values(code))
        for code in range(len(column.labels))
    ]
    return np.asarray(hits, dtype=np.bool_)[column.codes]


def known_values(existing: Iterable[str], column: TextColumn, name: str) -> Callable[[str], bool]:
    """Return a function that says whether any of the existing values of a column is a value, or means the same."""
    meaning = find_meaning(column, name)
    existing = list(existing)
    keys = {*match_keys(existing)}
    meant = set() if meaning is None else {*map(meaning, existing)} - {None}
    return lambda value: match_key(value) in keys or (meaning is not None and meaning(value) in meant)
