"""Which results are said to be industry estimates."""

from microopt.rendering.wording.industry_estimates import industry_estimates


def test_results_that_are_estimates_throughout_share_a_sentence():
    assert list(industry_estimates({"engagements": 1.0, "conversions": 1.0})) == [
        "All engagements and conversions are industry estimates; your list has no data on them."
    ]
    assert list(industry_estimates({"engagements": 0.0, "conversions": 1.0}, "the creator list")) == [
        "All conversions are industry estimates; the creator list has no data on them."
    ]


def test_results_that_are_so_in_part_have_their_shares():
    assert list(industry_estimates({"engagements": 0.9, "conversions": 1.0})) == [
        "All conversions are industry estimates; your list has no data on them.",
        "90% of the engagements are industry estimates, not from your list.",
    ]


def test_a_list_with_figures_of_its_own_is_not_mentioned():
    assert list(industry_estimates({"engagements": 0.0, "conversions": 0.0})) == []


def test_what_would_read_as_all_is_all():
    assert list(industry_estimates({"engagements": 0.9995, "conversions": 0.9994})) == [
        "All engagements are industry estimates; your list has no data on them.",
        "99.9% of the conversions are industry estimates, not from your list.",
    ]
