"""Warnings about a campaign that fits its roster badly, but not so badly that it is refused."""

from fractions import Fraction

import pytest

from microopt.campaign.campaign import Audience
from microopt.errors import CampaignError
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import optimize
from tests.planning.builders import build_campaign
from tests.solver.builders import roster

OFFERS = roster(
    ["@a", "@b", "@c"],
    followers=[20_000, 30_000, 2_000_000],
    niche=["beauty", "food", "tech"],
    brands=["Acme", "", "Zed"],
    conflicts=["@bee|Zed", "", ""],
    numbers={"score": [0, 0, 0]},
)


def warnings(*rules, **facts):
    return build_problem(OFFERS, build_campaign(*rules, **facts))[1]


@pytest.mark.parametrize(
    ("cells", "is_told"),
    [
        (["IG", "TikTok", "IG + TikTok"], True),
        (["IG Reel", "YouTube", "tiktok"], True),
        (["x", "", "x"], False),
        (["Reel", "Reel", "Short"], False),
        (["IG", "", ""], False),
    ],
)
def test_a_column_that_names_platforms_is_told_where_no_column_is_the_platform(cells, is_told):
    offers = roster(["@a", "@b", "@c"], followers=[20_000, 30_000, 40_000], **{"Found on": cells})
    told = (
        "every offer counts as instagram, although the cells of Found on name platforms. "
        "If that is the platform column, add --map 'Found on=platform'",
    )
    problem, messages = build_problem(offers, build_campaign())
    assert messages == (told if is_told else ())
    assert any("no platform column" in note for note in problem.forecast.notes) is not is_told


def test_a_conflict_that_names_nobody_suggests_the_nearest_name():
    assert warnings() == ("conflicts: @bee is neither a creator nor a brand on your list (did you mean @b?)",)


def test_a_competitor_that_nobody_works_for_is_a_warning():
    messages = warnings(competitors=("Acmee",))
    reason = "no creator on your list works for this brand (did you mean Acme?)"
    assert f"--competitor Acmee had no effect: {reason}" in messages


def test_a_competitor_without_a_column_of_brands_is_a_warning():
    minimal = roster(["@a"], niche=["beauty"])
    assert build_problem(minimal, build_campaign(competitors=("Acme",)))[1] == (
        "--competitor had no effect: your list has no 'brands' column",
    )


def test_a_share_of_a_metric_that_nobody_brings_is_a_warning():
    assert (
        "rule 'niche:food score >= 30%': no offer has a score other than 0, so a share of it has no effect"
        in warnings("niche:food score >= 30%")
    )


def test_an_audience_smaller_than_a_creators_reach_is_a_warning():
    messages = warnings(audience=Audience(by="niche", size={"tech": 10_000, "beauty": 10**6, "food": 10**6}))
    assert any("the pool tech has 10,000 people, but @c reaches" in item for item in messages)


def test_a_volume_discount_without_units_is_a_warning():
    offers = roster(["@a"], volume_discount=["2:10%"])
    assert build_problem(offers, build_campaign())[1] == (
        "volume discounts had no effect: your list has no 'max_units' column",
    )


def test_creators_in_no_pool_and_empty_pools_are_warnings():
    messages = warnings(audience=Audience(by="niche", size={"beauty": 10**6, "foood": 10**6}))
    assert "[audience]: no offer has niche 'foood' (did you mean food?)" in messages
    assert "[audience]: 2 creators are in none of the pools; their reach is counted without overlap" in messages


@pytest.mark.parametrize("rule", ["all net reach <= 5k", "niche:food net reach >= 30%", "all net reach 1..5k"])
def test_a_cap_or_a_share_of_net_reach_applies_to_gross_reach_with_a_warning(rule):
    messages = warnings(rule, audience=Audience(by="niche", size={"beauty": 10**6, "food": 10**6, "tech": 10**8}))
    assert any(f"rule {rule!r}" in item and "is applied to gross reach" in item for item in messages)


def test_all_warnings_are_reported_together():
    with pytest.raises(CampaignError, match="4 problems in the campaign") as refused:
        build_problem(
            OFFERS,
            build_campaign(
                "all count = 3", "all count = 4", "all net reach >= 5", "foo:bar count >= 1", include=("@x",)
            ),
        )
    assert {fault.code for fault in refused.value.faults} == {
        "rules-contradict",
        "audience-missing",
        "column-unknown",
        "include-unknown",
    }


@pytest.mark.parametrize("name", ["{}", "niche:{}", "{}:a", "creator:@a niche:food platform:{}"])
@pytest.mark.parametrize("flags", [("include",), ("exclude",), ("include", "exclude")])
def test_a_name_of_a_megabyte_is_not_printed_whole(flags, name):
    long = name.format("x" * 1_000_000)
    with pytest.raises(CampaignError) as caught:
        build_problem(OFFERS, build_campaign(**dict.fromkeys(flags, (long,))))
    texts = [text for fault in caught.value.faults for text in (fault.message, fault.fix, fault.value or "")]
    assert max(map(len, texts)) < 600
    assert "xxx…" in caught.value.faults[0].message


@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        ("all engagement_rate >= 3%", "all mean(engagement_rate) >= 3%"),
        ("all engagement_rate >= 3", "all mean(engagement_rate) >= 3%"),
        ("niche:beauty engagement_rate 0.02..0.05", "niche:beauty mean(engagement_rate) 2%..5%"),
        ("all engagement_rate >= 3% (soft 2%)", "all mean(engagement_rate) >= 3% (soft 2%)"),
    ],
)
def test_rates_are_not_added_up_and_the_mean_is_suggested(rule, meant):
    rates = {"engagement_rate": [0.02, 0.05]}
    offers = roster(["@a", "@b"], followers=[20_000, 30_000], niche=["beauty", "food"], numbers=rates)
    with pytest.raises(CampaignError) as refused:
        build_problem(offers, build_campaign(rule, goal="engagement"))
    (fault,) = refused.value.faults
    assert (fault.code, fault.fix) == ("rule-rate", f"did you mean '{meant}'?")
    build_problem(offers, build_campaign(meant, goal="engagement"))


def test_a_share_of_scores_and_of_a_price_that_is_called_a_rate_are_taken():
    numbers = {"score": [0.4, 0.5], "day_rate": [200, 900]}
    offers = roster(["@a", "@b"], followers=[20_000, 30_000], niche=["food", "tech"], numbers=numbers)
    plan = optimize(offers, build_campaign("niche:food score >= 30%", "niche:food day_rate <= 40%"))
    assert [pick.creator for pick in plan.picks] == ["@b", "@a"]
    assert [(rule.share, rule.used) for rule in plan.rules] == [(True, Fraction(4, 9)), (True, Fraction(2, 11))]
