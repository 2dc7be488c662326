"""How well creators suit a campaign: named niches, a brief, and the list's own column."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign
from microopt.campaign.fit_settings import FitSettings
from microopt.campaign.rule_grammar import parse_rule, parse_where
from microopt.errors import CampaignError
from microopt.forecast.fit import fit_table, with_fit
from microopt.planning.build_problem import build_problem
from tests.forecast.builders import NAN
from tests.solver.builders import roster

NICHES = ["beauty", "Lifestyle | Comedy", "comedy", "gaming", ""]
NAMES = ["@bea", "@leo", "@cy", "@gil", "@ned"]
HALF = {"beauty": Fraction(1), "lifestyle": Fraction(3, 5), "comedy": Fraction(1, 5)}
OTHER = Fraction(3, 10)


def fitted(fit, niches=NICHES, **columns):
    people = roster([f"@c{i}" for i in range(len(niches))], niche=niches, **columns)
    return with_fit(people, Campaign(budget=10**6, fit=fit))


def test_a_creator_has_the_highest_fit_of_their_niches_and_others_that_of_others():
    people, faults, warnings = fitted(FitSettings(niches=HALF, other=OTHER))
    assert people.numbers["fit"].tolist() == [1, 0.6, 0.2, 0.3, 0.3]
    assert (faults, warnings) == ([], [])


def test_the_plan_is_told_what_fit_it_rests_on():
    people, *_ = fitted(FitSettings(niches=HALF, other=OTHER))
    assert people.notes[-1] == "fit: beauty 1, lifestyle 0.6, comedy 0.2, other niches 0.3"


def test_cells_of_the_lists_own_column_come_first():
    own = {"numbers": {"fit": [NAN, 0.9, NAN, 0.0, NAN]}}
    people, *_ = fitted(FitSettings(niches=HALF, other=OTHER), **own)
    assert people.numbers["fit"].tolist() == [1, 0.9, 0.2, 0, 0.3]


def test_a_full_column_of_its_own_leaves_nothing_to_say():
    people, faults, warnings = fitted(FitSettings(niches=HALF), numbers={"fit": [1.0] * 5})
    assert people.numbers["fit"].tolist() == [1] * 5
    assert (faults, len(warnings)) == ([], 1)


def test_a_campaign_without_a_fit_leaves_the_roster_untouched():
    people = roster(NAMES, niche=NICHES)
    assert with_fit(people, Campaign(budget=1)) == (people, [], [])


def test_fit_multiplies_engagements_and_conversions_and_no_views():
    people = roster(NAMES, niche=NICHES)
    without, _ = build_problem(people, Campaign(budget=10**6))
    problem, _ = build_problem(people, Campaign(budget=10**6, fit=FitSettings(niches=HALF, other=OTHER)))
    fit = {"@bea": 1, "@leo": 0.6, "@cy": 0.2, "@gil": 0.3, "@ned": 0.3}
    factors = [fit[problem.roster.texts["creator"][row]] for row in range(5)]
    for metric in ("engagements", "conversions"):
        expected = without.forecast.metrics[metric] * np.asarray(factors)
        np.testing.assert_allclose(problem.forecast.metrics[metric], expected, atol=1)
    assert (problem.forecast.metrics["impressions"] == without.forecast.metrics["impressions"]).all()


def test_rules_and_filters_can_ask_for_fit():
    people = roster(NAMES, niche=NICHES)
    fit = FitSettings(niches=HALF, other=OTHER)
    campaign = Campaign(
        budget=10**6, fit=fit, where=(parse_where("fit >= 0.5"),), rules=(parse_rule("all mean(fit) >= 0.5"),)
    )
    problem, _ = build_problem(people, campaign)
    assert len(problem.roster) == 2


def test_a_misspelled_niche_is_a_fault_with_the_right_one():
    _, faults, _ = fitted(FitSettings(niches={"beuty": Fraction(1), "comedy": Fraction(0)}))
    (fault,) = faults
    assert (fault.code, fault.column, fault.fix) == ("fit-niche", "fit.beuty", "did you mean beauty?")


def test_a_niche_that_tonights_list_lacks_is_a_warning():
    _, faults, warnings = fitted(FitSettings(niches={"beauty": Fraction(1), "woodwork": Fraction(0)}))
    assert faults == []
    assert "woodwork" in warnings[0]
    assert "gaming" in warnings[0]


def test_a_niche_that_is_named_itself_is_no_suggestion():
    _, faults, warnings = fitted(FitSettings(niches={"beauty": Fraction(1), "beauty box": Fraction(1)}))
    assert (faults, len(warnings)) == ([], 1)


def test_no_niche_of_the_list_at_all_is_a_fault():
    _, faults, _ = fitted(FitSettings(niches={"woodwork": Fraction(1)}))
    assert faults[0].code == "fit-niche"
    assert "beauty" in faults[0].fix


def test_a_list_without_niches_cannot_be_fitted():
    people = roster(NAMES, Vertical=NICHES)
    with pytest.raises(CampaignError) as caught:
        build_problem(people, Campaign(budget=10**6, fit=FitSettings(niches=HALF)))
    assert caught.value.code == "column-unknown"
    assert "Vertical" in caught.value.fix or "niche" in caught.value.fix


def test_a_brief_is_shown_before_it_counts():
    brief = FitSettings(brief="A beauty serum", other=OTHER)
    people, faults, warnings = fitted(brief)
    assert "fit" not in people.numbers
    assert faults == []
    assert "use = true" in warnings[0]
    table = fit_table(people, brief)
    assert (table.niches[0].niche, float(table.niches[0].fit)) == ("beauty", 1)
    assert not table.counts


def test_a_brief_counts_where_it_is_to_be_used_and_named_niches_come_before_it():
    people, _, warnings = fitted(FitSettings(brief="A beauty serum", use=True, niches=dict(HALF), other=OTHER))
    assert people.numbers["fit"].tolist() == [1, 0.6, 0.2, 0.3, 0.3]
    assert warnings == []
    assert people.notes[-1].endswith("(partly learned from the brief)")


def test_a_brief_with_no_word_of_the_list_is_a_fault_that_lists_its_niches():
    _, faults, _ = fitted(FitSettings(brief="Hammers, nails", use=True))
    assert faults[0].code == "fit-brief"
    assert "beauty" in faults[0].fix


def test_a_table_shows_named_niches_and_those_of_others():
    people = roster(NAMES, niche=NICHES)
    table = fit_table(people, FitSettings(niches=HALF, other=OTHER))
    fits = {row.niche: float(row.fit) for row in table.niches}
    assert fits == {"beauty": 1, "Lifestyle": 0.6, "gaming": 0.3, "Comedy": 0.2}
    assert [row.creators for row in table.niches] == [1, 1, 1, 2]
    assert table.counts


@given(
    st.lists(st.sampled_from(["beauty", "food", "beauty|food", "tech", ""]), min_size=1, max_size=8),
    st.fractions(0, 1, max_denominator=100),
    st.fractions(0, 1, max_denominator=100),
)
def test_every_fit_is_one_of_those_given_whatever_the_order_of_rows(niches, first, other):
    fit = FitSettings(niches={"beauty": first, "food": first / 2}, other=other)
    people, faults, _ = fitted(fit, niches)
    if faults:
        return
    backwards, *_ = fitted(fit, niches[::-1])
    assert people.numbers["fit"].tolist() == backwards.numbers["fit"].tolist()[::-1]
    assert {*people.numbers["fit"].tolist()} <= {float(first), float(first / 2), float(other)}


def test_what_a_brief_rules_out_is_told_before_and_after_it_counts():
    for use in (False, True):
        people, *_ = fitted(FitSettings(brief="beauty, not for gaming", other=OTHER, use=use))
        assert "fit: what your brief rules out counts for no niche: 'not for gaming'" in people.notes
