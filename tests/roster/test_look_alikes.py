"""Names with letters of another script that look like Latin ones."""

import unicodedata

import numpy as np
import pytest

from microopt.planning.build_problem import build_problem
from microopt.roster.look_alikes import _TWINS, find_look_alikes
from microopt.roster.roster import TextColumn
from tests.planning.builders import build_campaign
from tests.solver.builders import roster

CYRILLIC_ANNA = "\u0430nn\u0430"  # аnnа


def of_creators(*names):
    """Return a roster of these creators."""
    return roster(names)


def pairs(*names):
    return [(each.name, each.other, each.is_creator) for each in find_look_alikes(of_creators(*names))]


def test_two_names_that_differ_by_look_alike_letters_are_found():
    assert pairs("anna", "ben", CYRILLIC_ANNA) == [(CYRILLIC_ANNA, "anna", True)]


def test_a_name_in_capitals_is_compared_as_it_is_written():
    assert pairs("@AHHA", "АННА") == [("АННА", "@AHHA", True)]  # lower case н looks like no Latin letter
    assert pairs("@ahha", "анна") == []


def test_two_names_of_twins_in_different_places_are_found():
    assert pairs("\u0430nna", "ann\u0430") == [("annа", "аnna", True), ("аnna", "anna", False)]


def test_a_word_of_two_scripts_is_found_without_another_creator():
    assert pairs("\u0430nna", "ben") == [("аnna", "anna", False)]
    assert pairs("n\u03bfra") == [("nοra", "nora", False)]


@pytest.mark.parametrize(
    "names",
    [
        ("анна", "ben"),
        ("Анна Beauty", "ben"),  # a word each
        ("Анна_style",),
        ("Δelta",),  # looks like no Latin letter
        ("josé", "jose"),
        ("ёлка", "Ωmega"),
        ("anna", "ann"),
        (CYRILLIC_ANNA[:1] + "нна", "анна "),  # one name in two spellings
    ],
)
def test_names_of_one_script_in_each_word_are_not_doubted(names):
    assert pairs(*names) == []


def test_a_look_alike_is_told_with_both_names():
    _, warnings = build_problem(of_creators("anna", CYRILLIC_ANNA, "\u0430b"), build_campaign())
    assert warnings == (
        "аnnа looks like anna, but has the Cyrillic letter а: they count as two creators"
        " (if they are one person, correct the name)",
        "аb looks like ab, but has the Cyrillic letter а among Latin ones (if that was not meant, correct the name)",
    )


def test_the_first_look_alikes_are_told_and_the_others_counted():
    _, warnings = build_problem(of_creators(*(f"\u0430b{number}" for number in range(8))), build_campaign())
    assert len(warnings) == 6
    assert warnings[-1] == "3 more names have letters that pass for those of another script"


def test_a_million_names_of_ascii_are_not_searched():
    column = TextColumn(codes=np.zeros(1, np.int32), labels=(CYRILLIC_ANNA,), ranks=np.zeros(1, np.int32))
    plain = of_creators("anna")
    plain.texts["creator"] = column
    assert find_look_alikes(plain) == ()


def test_each_twin_is_a_letter_of_its_script_and_looks_like_one_of_its_case():
    for script, (letters, twins) in _TWINS.items():
        for letter, twin in zip(letters, twins, strict=True):
            assert unicodedata.name(letter).startswith(script.upper())
            assert twin.isascii()
            assert letter.isupper() == twin.isupper()
