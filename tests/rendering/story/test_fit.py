"""How a client reads which niches count how much."""

from fractions import Fraction

import pytest

from microopt.campaign.fit_settings import FitSettings
from microopt.rendering.language.language import find_language
from microopt.rendering.story.fit import fit_sentence
from tests.rendering.builders import plan

NICHES = {"beauty": Fraction(1), "Lifestyle": Fraction(3, 5), "tech": Fraction(3, 10)}


def told(fit, code="en"):
    return fit_sentence(plan(campaign={"fit": fit}), find_language(code))


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("en", "niche suits the product: beauty 100%, Lifestyle 60%, and other niches 30%."),
        ("de", "zum Produkt passt: beauty 100\xa0%, Lifestyle 60\xa0% und andere Themenfelder 30\xa0%."),
    ],
)
def test_niches_are_told_the_best_first_and_those_like_others_are_left_out(code, sentence):
    assert told(FitSettings(niches=NICHES, other=Fraction(3, 10)), code).endswith(sentence)


def test_a_brief_that_is_used_is_told_and_one_that_is_not_is_not():
    assert "suits the brief" in told(FitSettings(brief="A serum", use=True))
    assert told(FitSettings(brief="A serum")) == told(None) == ""


def test_a_name_with_marks_is_plain():
    assert "\u202e" not in told(FitSettings(niches={"\u202ex": Fraction(1)}, other=Fraction(0)))
