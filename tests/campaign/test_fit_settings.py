"""The table `[fit]` and the flag `--fit`."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.fit_settings import (
    FitInput,
    FitSettings,
    format_fit,
    invalid_fit_values,
    parse_fit,
    parse_fit_flags,
)
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.layered_settings import lay_over
from microopt.campaign.settings import parse_campaign
from microopt.errors import CampaignError, UsageError
from microopt.quantities.size_limits import MAX_BRIEF_CHARACTERS

BEAUTY = {"beauty": 1, "lifestyle": "0.6", "comedy": "20%"}


def wrong(**table):
    with pytest.raises(CampaignError) as caught:
        parse_fit(FitInput(**table))
    return caught.value


def test_niches_are_shares_in_any_form():
    fit = parse_fit(FitInput(niches=BEAUTY))
    assert fit.niches == {"beauty": 1, "lifestyle": Fraction(3, 5), "comedy": Fraction(1, 5)}
    assert fit.counts


@pytest.mark.parametrize(
    ("niches", "other"),
    [
        (BEAUTY, Fraction(3, 10)),
        ({"beauty": "0.51"}, Fraction(3, 10)),
        ({"comedy": "0.2", "gaming": "0.5"}, 1),
        ({"comedy": 0}, 1),
    ],
)
def test_who_is_wanted_leaves_less_for_others_and_who_is_not_leaves_them_as_they_are(niches, other):
    assert parse_fit(FitInput(niches=niches)).other == other
    assert parse_fit(FitInput(niches=niches, other="0.45")).other == Fraction(9, 20)


def test_a_brief_counts_only_once_it_is_to_be_used():
    assert not parse_fit(FitInput(brief="A serum")).counts
    assert parse_fit(FitInput(brief="A serum", use=True)).counts
    assert parse_fit(FitInput(niches={"kids": "0.1"}, brief="A serum")).other == 1
    assert parse_fit(FitInput(niches={"kids": "0.1"}, brief="A serum", use=True)).other == Fraction(3, 10)


@pytest.mark.parametrize(
    ("table", "code", "column"),
    [
        ({}, "fit-empty", "fit"),
        ({"niches": {" ": 1}}, "fit-empty", "fit.niches"),
        ({"niches": {"beauty": "1.4"}}, "fit-range", "fit.beauty"),
        ({"niches": {"beauty": "-0.1"}}, "fit-range", "fit.beauty"),
        ({"niches": {"beauty": "much"}}, "fit-range", "fit.beauty"),
        ({"niches": {"beauty": "140%"}}, "fit-range", "fit.beauty"),
        ({"niches": BEAUTY, "other": 2}, "fit-range", "fit.other"),
        ({"niches": {"Beauty": 1, "beauty ": "0.5"}}, "given-twice", "fit.beauty "),
        ({"brief": "  \n"}, "fit-brief", "fit.brief"),
        ({"brief": "a" * (MAX_BRIEF_CHARACTERS + 1)}, "fit-brief", "fit.brief"),
        ({"brief": "a", "brief_file": "b.txt"}, "fit-brief", "fit.brief_file"),
        ({"niches": BEAUTY, "use": True}, "fit-brief", "fit.use"),
    ],
)
def test_what_no_fit_can_be_is_a_fault_with_its_place(table, code, column):
    error = wrong(**table)
    assert (error.code, error.faults[0].column) == (code, column)
    assert error.fix


def test_every_fault_is_told_at_once():
    assert len(wrong(niches={"a": 2, "b": -1}, other="x").faults) == 3


@pytest.mark.parametrize(
    ("texts", "niches", "other"),
    [
        (["beauty=1,lifestyle=0.6"], {"beauty": "1", "lifestyle": "0.6"}, None),
        (["beauty=1", "other=0.3"], {"beauty": "1"}, "0.3"),
        ([' home decor = 40% , "food, drink"=1'], {"home decor": "40%", "food, drink": "1"}, None),
    ],
)
def test_the_flag_means_the_table(texts, niches, other):
    assert parse_fit_flags(texts) == FitInput(niches=niches, other=other)


@pytest.mark.parametrize("text", ["", "beauty", "=1", "beauty=", "beauty=1,,", "beauty=1,6", "a=1\nb=2", "a=1=2"])
def test_a_flag_of_another_form_is_refused(text):
    with pytest.raises(UsageError, match="not of the form NICHE=FIT"):
        parse_fit_flags([text])


def test_a_niche_is_given_once():
    with pytest.raises(UsageError) as caught:
        parse_fit_flags(["beauty=1", "beauty=0.5"])
    assert caught.value.code == "given-twice"


def test_the_flag_replaces_the_table_of_the_file_whole():
    flags, file = CampaignInput(fit=FitInput(niches={"food": 1})), CampaignInput(budget=9, fit=FitInput(niches=BEAUTY))
    assert parse_campaign(lay_over(flags, file)).fit.niches == {"food": 1}
    assert parse_campaign(lay_over(CampaignInput(), file)).fit.niches.keys() == BEAUTY.keys()


def test_a_fit_in_words_names_the_best_first():
    assert format_fit(parse_fit(FitInput(niches=BEAUTY))) == "beauty 1, lifestyle 0.6, comedy 0.2, other niches 0.3"
    assert format_fit(parse_fit(FitInput(brief="a b", use=True))) == "learned from a brief of 2 words, other niches 0.3"
    assert format_fit(None) == "not set"


@pytest.mark.parametrize(
    ("fit", "places"),
    [
        (None, []),
        (FitSettings(niches={"a": Fraction(1, 2)}), []),
        (FitSettings(niches={"a": Fraction(3, 2)}, other=Fraction(-1)), ["fit.a", "fit.other"]),
        (FitSettings(use=True), ["fit.use"]),
        (FitSettings(brief="a" * (MAX_BRIEF_CHARACTERS + 1)), ["fit.brief"]),
    ],
)
def test_a_plan_with_an_impossible_fit_is_refused(fit, places):
    assert [place for place, _ in invalid_fit_values(fit)] == places


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.one_of(st.text(max_size=5), st.integers(-2, 2))))
def test_any_table_is_a_fit_or_a_fault(niches):
    try:
        fit, faults = parse_fit(FitInput(niches=niches)), ()
    except CampaignError as error:
        fit, faults = None, error.faults
    assert all(fault.fix and fault.column for fault in faults)
    assert not list(invalid_fit_values(fit))
