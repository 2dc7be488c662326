"""What is learned from the words of a brief."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.forecast.brief_words import PRIOR_CREATORS, BriefWords, learn_fit, split_words
from microopt.forecast.negated_words import split_negated
from tests.solver.builders import roster

BRIEF = "A gentle vegan serum: skincare for sensitive skin."


def learned(niches, brief=BRIEF, **texts):
    people = roster([f"@c{i}" for i in range(len(niches))], niche=niches, **texts)
    return {each.niche: each for each in learn_fit(people, people.texts["niche"], brief)}


def fits(*args, **texts):
    return {niche: float(each.fit) for niche, each in learned(*args, **texts).items()}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Beauty & Skincare", ["beauty", "skincare"]),
        ("The hobbies of our moms", ["hobby", "mom"]),
        ("glass focus analysis", ["glass", "focus", "analysis"]),
        ("boxes, brushes, lenses", ["box", "brush", "lense"]),
        ("K-Beauty 2026!", ["beauty"]),
        ("ＢＥＡＵＴＹ", ["beauty"]),
        ("für Mütter und Väter", ["mütter", "väter"]),
        ("красота и уход", ["красота", "уход"]),
        ("", []),
    ],
)
def test_words_are_letters_without_case_plural_and_function_words(text, words):
    assert split_words(text) == words


@pytest.mark.parametrize(
    ("brief", "text", "found"),
    [
        ("skin care", "Skincare", {"skincare"}),
        ("skincare", "skin care", {"skincare"}),
        ("skin care", "skin care", {"skin", "care"}),
        ("skin", "skincare", set()),
    ],
)
def test_two_words_are_one_too_and_count_once(brief, text, found):
    assert BriefWords(brief).found_in(text) == found


def test_a_niche_whose_name_is_in_the_brief_fits_and_others_do_not():
    assert fits(["skincare", "gaming", "beauty"], "Skincare for beauty lovers") == {
        "skincare": 1,
        "beauty": 1,
        "gaming": 0.3,
    }


@pytest.mark.parametrize("niche", ["skincare", "Skin Care", "skin-care", "SKINCARE"])
def test_a_name_fits_in_one_word_and_in_two(niche):
    for brief in ("our skincare", "our skin care", "Skin-Care!"):
        assert fits([niche, "gaming"], brief)[niche] == 1


def test_a_part_of_a_name_is_a_part_of_the_fit():
    alone = [f"niche{letter} thing" for letter in "abcdefgh"]
    assert 0.3 < fits(["home decor", *alone, "home decor"], "a lamp for the home")["home decor"] <= 1


def test_descriptions_bring_a_niche_near_that_no_word_names():
    bios = ["vegan serum reviews", "skin serum routines", "serum and skin", "jokes", "jokes daily", "speedruns"]
    niches = ["lifestyle", "lifestyle", "lifestyle", "comedy", "comedy", "gaming"]
    found = learned(niches, bio=bios)
    assert float(found["lifestyle"].fit) == 1
    assert set(found["lifestyle"].words) == {"serum", "skin", "vegan"}
    assert float(found["comedy"].fit) == float(found["gaming"].fit) == 0.3


def test_the_formula_by_hand():
    """Two of three in a, one of three in b: the word is rarer outside a, and b has none of it beyond what is usual."""
    bios = ["serum", "serum", "", "serum", "", ""]
    found = fits(["a", "a", "a", "b", "b", "b"], "serum", bio=bios)
    usual = 3 / 6
    gain = {key: -log(usual) * ((count + PRIOR_CREATORS * usual) / 8 - usual) for key, count in (("a", 2), ("b", 1))}
    assert gain["a"] > 0 > gain["b"]
    assert found == {"a": 1, "b": 0.3}


def test_words_that_everybody_uses_say_nothing():
    assert fits(["a", "b"], "love", bio=["love", "love"]) == {}


def test_a_brief_without_any_word_of_the_list_teaches_nothing():
    assert learned(["comedy", "gaming"], "hammers") == {}


def test_a_creators_rows_are_read_together():
    people = roster(["@a", "@a", "@b"], niche=["beauty", "", "food"], bio=["", "serum", "soup"])
    found = learn_fit(people, people.texts["niche"], "serum")
    assert [(each.niche, float(each.fit), each.creators) for each in found] == [("beauty", 1, 1), ("food", 0.3, 1)]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.text("serum skin joke", max_size=12)), min_size=1, max_size=9),
    st.randoms(),
)
def test_what_is_learned_does_not_depend_on_the_order_of_rows(rows, random):
    shuffled = random.sample(rows, len(rows))
    first, second = (fits([niche for niche, _ in each], bio=[bio for _, bio in each]) for each in (rows, shuffled))
    assert first == second
    assert all(0.3 <= fit <= 1 for fit in first.values())
    assert not first or max(first.values()) > 0.3 or len(first) == 1


@pytest.mark.parametrize(
    ("brief", "parts"),
    [
        ("For beauty lovers, not for gamers, no tech.", ("not for gamers", "no tech")),
        ("Without parabens for sensitive skin", ("Without parabens",)),
        ("Nicht für Gamer, keine Technik", ("Nicht für Gamer", "keine Technik")),
        ("We don't want gaming; beauty only", ("don't want gaming",)),
        ("No gaming but beauty", ("No gaming",)),
        ("no\ntech\n- beauty", ("no tech",)),
        ("Not only for beauty lovers", ()),
        ("A no-nonsense notebook", ()),
    ],
)
def test_what_a_brief_rules_out_ends_at_punctuation_or_another_link(brief, parts):
    assert split_negated(brief)[1] == parts


def test_words_that_are_ruled_out_give_a_niche_no_fit():
    found = fits(["beauty", "gaming", "tech"], "For beauty lovers, not for gaming, no tech")
    assert found == {"beauty": 1, "gaming": 0.3, "tech": 0.3}
    assert fits(["beauty", "gaming"], "No gaming for once. Gaming and beauty!") == {"beauty": 1, "gaming": 1}


def test_a_word_names_the_niches_that_begin_with_it():
    found = fits(["skincare", "haircare", "gaming"], "serum for sensitive skin")
    assert found == {"skincare": 1, "haircare": 0.3, "gaming": 0.3}
    assert learned(["skincare", "gaming"], "sensitive skin")["skincare"].words == ("skin",)
    assert learned(["care", "party"], "a car for a part of the year") == {}
