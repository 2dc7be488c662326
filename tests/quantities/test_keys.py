"""Keys of names: what counts as one spelling of a name."""

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from microopt.quantities.invisible import BREAK, INVISIBLE
from microopt.quantities.keys import header_key, key_without, match_key, match_keys, symbols_of

SPELLINGS = {
    "José": "jose\u0301",  # decomposed
    "anna": "an\u200bna",  # zero-width space
    "Anna": "ａｎｎａ",  # full-width
    "bea": "b\u00ade\u200ca\ufeff",  # soft hyphen, joiner, byte order mark
    "Cleo": "\u202ecleo\u2069",  # bidirectional controls
    "dora♥": "dora♥\ufe0f",  # variation selector
    "emil": "emil\U000e0041",  # tag
    "finn": "＠finn",
    "gil": "@\u2060gil",
    "hugo": "hu\x07go\x00",
    "ida b": "ida\u00a0b",
    "ken b": "ken\nb",
    "TEL": "℡",
    "straße": "STRASSE",
    "lea": "https://www.tiktok.com/@l%E2%80%8Bea",
    "zoé": "instagram.com/zoe%CC%81",
    "noa": "\u200b noa",
    "moi": "@ @moi",
}


@pytest.mark.parametrize(("name", "other"), SPELLINGS.items())
def test_two_names_that_look_the_same_have_one_key(name, other):
    assert match_key(other) == match_key(name)
    assert match_keys([other, "x", name]) == [match_key(name), "x", match_key(name)]


@pytest.mark.parametrize("names", [("anna", "аnna"), ("jose", "josé"), ("ana", "anna"), ("a.b", "ab"), ("ı", "i")])
def test_letters_that_differ_give_keys_that_differ(names):
    assert len(set(match_keys(names))) == 2


def test_a_name_of_invisible_characters_is_empty():
    assert match_key("\u200b\u3164\ufeff ") == ""


@given(st.lists(st.text(max_size=8) | st.sampled_from([*SPELLINGS.values(), "@", "@@a", "a/b", " A "]), max_size=6))
@example(["@ a", "@@b"])
@example([])
def test_many_keys_are_the_keys_of_each(names):
    assert match_keys(names) == [match_key(name) for name in names]


@pytest.mark.parametrize("odd", ["a\x00b", "a\x7fb", "\x1fa", "@@a", "@ a", " a", "a ", "a\tb", "a/b", "plain", "@A"])
def test_many_names_of_ascii_have_the_keys_of_each(odd):
    """Many enough that their controls are searched for in one array."""
    names = [*(f"@Name_{number}" for number in range(500)), odd]
    assert match_keys(names) == [match_key(name) for name in names]


def test_folding_is_stable_for_every_character():
    """NFKC and case folding alone are not: what they give need not be in normal form, as that of `ǰ` is not."""
    every = map(chr, range(sys.maxunicode + 1))
    characters = [one for one in every if unicodedata.category(one)[0] != "C" and not BREAK.match(one)]
    keys = match_keys(characters)
    assert match_keys(keys) == keys
    once = [unicodedata.normalize("NFKC", one).casefold() for one in characters]
    unstable = {one for one, key in zip(characters, once, strict=True) if not unicodedata.is_normalized("NFKC", key)}
    assert "ǰ" in unstable


@given(st.text(max_size=6))
@example("\u1fb4\u0301")
def test_normal_forms_of_one_name_have_one_key(name):
    forms = {match_key(unicodedata.normalize(form, name)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert forms == {match_key(name)}


def test_invisible_characters_are_those_that_unicode_says_are_ignorable():
    """Every format character but the visible ones of Arabic, Syriac, Kaithi and of Egyptian texts."""
    visible = [*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)]
    formats = {code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"}
    assert {hex(code) for code in formats - set(visible) if not INVISIBLE.match(chr(code))} == set()
    assert [hex(code) for code in visible if INVISIBLE.match(chr(code))] == []


@pytest.mark.parametrize("header", ["Fo\u200bllowers", "Ｆｏｌｌｏｗｅｒｓ", "followers\u00ad"])
def test_a_header_has_one_key_however_its_letters_are_encoded(header):
    assert header_key(header) == "followers"


@pytest.mark.parametrize("name", ["نور\u200e", "\u200eنور", "@نور\u200e ", "نور\u200e "])
def test_a_name_that_was_copied_with_a_mark_of_direction_is_the_same_name(name):
    assert match_key(name) == match_key("نور")
    assert match_keys([name, "@Anna"]) == ["نور", "anna"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Dana Trails 🏕️", "dana trails"),
        ("⛰️ Élan ⛰️ Vert", "élan vert"),
        ("👩🏽\u200d🎤 @Mia", "mia"),
        ("A+ & B 100%", "a+ & b 100%"),
        ("Brand™", "brand"),
        ("🏕️", ""),
    ],
)
def test_the_key_of_a_name_without_its_emoji_has_all_its_letters_and_signs(name, key):
    assert key_without(symbols_of([name, "plain"]), name) == key


def test_signs_of_ascii_are_no_emoji():
    assert symbols_of(["a^b`c", "ö+♥"]) == {"♥"}
