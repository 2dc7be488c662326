"""Roster + campaign -> planning problem: filters, order, warnings, and all faults at once."""

import pytest
from msgspec.structs import replace

from microopt.errors import CampaignError
from microopt.planning.build_problem import build_problem, check_campaign, for_roster_analysis
from tests.planning.builders import build_campaign
from tests.solver.builders import roster

OFFERS = roster(
    ["@Dora", "@anna", "Anna", "@ben", "@cleo"],
    offer=["video", "story", "reel", "video", "video"],
    niche=["food", "beauty", "beauty", "food|tech", "tech"],
    followers=[40_000, 20_000, 20_000, 3_000, 1_500_000],
    fee=[50_000, 15_000, 40_000, 0, 900_000],
    numbers={"hours": [1, 2, float("nan"), 4, 5.5]},
    currency="EUR",
)


def build_case(*rules, **facts):
    return build_problem(OFFERS, build_campaign(*rules, **facts))[0]


def names(problem):
    return [problem.roster.texts["creator"][row] for row in range(len(problem))]


def refusal(*rules, **facts):
    with pytest.raises(CampaignError) as error:
        build_problem(OFFERS, build_campaign(*rules, **facts))
    return error.value


def test_offers_are_in_canonical_order_and_creators_are_numbered_by_it():
    problem = build_case()
    assert names(problem) == ["@anna", "Anna", "@ben", "@cleo", "@Dora"]
    assert problem.roster.creator_id.tolist() == [0, 0, 1, 2, 3]
    assert problem.roster.row.tolist() == [3, 4, 5, 6, 2]


def test_forecast_and_roster_agree_row_for_row():
    problem = build_case(per_creator=700)
    assert problem.forecast.fee.tolist() == problem.roster.fee.tolist() == [15_000, 40_000, 0, 900_000, 50_000]
    assert problem.forecast.cost.tolist() == [15_700, 40_700, 700, 900_700, 50_700]


def test_tiers_follow_from_followers():
    problem = build_case()
    assert [problem.roster.texts["tier"][row] for row in range(5)] == ["micro", "micro", "nano", "mega", "micro"]


@pytest.mark.parametrize(
    ("where", "left_out"),
    [
        ("followers 5k..500k", ["@anna", "Anna", "@Dora"]),
        ("followers >= 20k", ["@anna", "Anna", "@cleo", "@Dora"]),
        ("hours <= 4", ["@anna", "@ben", "@Dora"]),  # an empty cell never passes a range
        ("hours <= 5.5", ["@anna", "@ben", "@cleo", "@Dora"]),
        ("fee <= 400", ["@anna", "Anna", "@ben"]),
        ("niche:TECH", ["@ben", "@cleo"]),
        ("tier:mega,nano", ["@ben", "@cleo"]),
    ],
)
def test_filters_keep_offers_out(where, left_out):
    assert names(build_case(where=[where])) == left_out


def test_excluded_creators_never_enter_however_spelled():
    assert names(build_case(exclude=["ANNA", "@cleo"])) == ["@ben", "@Dora"]


def test_offers_and_creators_are_counted_before_filters():
    problem = build_case(where=["hours <= 4"], exclude=["ben"])
    assert (problem.offers, problem.creators, problem.filtered, len(problem)) == (5, 4, 2, 2)


def test_a_filter_that_nobody_passes_is_refused():
    assert refusal(where=["followers 5M.."]).code == "filter-all"


@pytest.mark.parametrize(
    ("settings", "named", "fix"),
    [
        ({"exclude_suspicious": True}, "--exclude-suspicious", "leave out --exclude-suspicious"),
        ({"exclude": ("ann",)}, "--exclude", "leave out --exclude"),
        (
            {"exclude": ("ann",), "where": ("followers 9M..",)},
            "followers 9M.., --exclude",
            "widen --where, or leave out --exclude",
        ),
    ],
)
def test_filters_that_nobody_passes_are_named(settings, named, fix):
    with pytest.raises(CampaignError) as caught:
        build_problem(roster(["ann"], numbers={"likes": [9e6]}), build_campaign(**settings))
    assert str(caught.value) == f"no offer passes the filters ({named})"
    assert caught.value.fix == fix


def test_an_included_creator_that_is_filtered_out_is_refused():
    error = refusal(where=["followers >= 5k"], include=["@ben"])
    assert (error.code, "@ben" in str(error)) == ("include-filtered", True)
    assert names(build_case(where=["hours <= 4"], include=["@anna"])) == ["@anna", "@ben", "@Dora"]


def test_all_faults_are_reported_together():
    error = refusal(
        "niche:fod count >= 2",
        "languag:en count <= 1",
        "creator:@anna requires creator:@bem",
        where=["credibility >= 0.7", "region:US"],
        include=["@annna"],
        exclude=["@zoe"],
    )
    result = [(fault.code, fault.column) for fault in error.faults]
    assert len(result) == 7
    assert ("include-unknown", "include") in result
    assert ("exclude-unknown", "exclude") in result
    assert sum(code == "value-unknown" for code, _ in result) == 2
    assert "7 problems" in str(error)


def test_a_misspelled_creator_is_suggested():
    assert "@anna" in refusal(include=["@annna"]).fix


def test_a_creator_called_by_a_part_of_the_name_is_suggested():
    assert "@anna" in refusal(include=["Ann"]).fix
    assert "@anna" in refusal(exclude=["nna"]).fix
    assert "@anna" in refusal(exclude=["creator:ann"]).fix


def test_a_creator_cannot_be_in_and_out():
    error = refusal(include=["@anna"], exclude=["ANNA"])
    assert [fault.code for fault in error.faults] == ["include-exclude"]


def test_names_without_their_emoji_are_of_the_creators_who_have_them():
    offers = roster(["Dana 🏕️", "Ben 🌲", "Kim ❄️", "Kim ☀️"])
    problem, _ = build_problem(offers, build_campaign(include=["@dana"], exclude=["ben"]))
    assert names(problem) == ["Dana 🏕️", "Kim ☀️", "Kim ❄️"]
    with pytest.raises(CampaignError) as wrong:
        build_problem(offers, build_campaign(include=["dana", "Kim"], exclude=["Dana 🏕️"]))
    assert [(fault.code, fault.fix) for fault in wrong.value.faults] == [
        ("include-unknown", "did you mean Kim ❄️ or Kim ☀️?"),
        ("include-exclude", "drop --include dana or --exclude Dana 🏕️"),
    ]


def test_a_value_that_is_only_capped_is_a_warning():
    problem, warnings = build_problem(OFFERS, build_campaign("niche:fod count <= 2", "niche:fod excludes niche:tech"))
    assert len(warnings) == 2
    assert all("no offer has niche 'fod'" in warning for warning in warnings)
    assert len(problem) == 5


def test_tier_names_of_the_bands_are_known_even_without_creators():
    assert check_campaign(build_case().roster, build_campaign("tier:macro count >= 1")) == ([], [])


def test_measures_that_the_roster_lacks_are_refused():
    error = refusal("all hour <= 9", "all hourz <= 9", "all mean(niche) <= 3")
    assert [fault.code for fault in error.faults] == ["measure-unknown", "measure-unknown"]
    assert "hours" in error.faults[0].fix


def test_empty_cells_of_a_measured_column_are_a_warning():
    _, warnings = build_problem(OFFERS, build_campaign("all hours <= 9"))
    assert warnings == ("rule 'all hours <= 9': 1 offers have no hours and count as 0",)


def test_a_rule_that_is_written_twice_counts_once():
    case, _ = build_problem(
        OFFERS, build_campaign(*["niche:food count >= 2 (soft 300)"] * 2, "all count <= 3", "all count <= 3")
    )
    assert [rule.label for rule in case.rules] == ["niche:food count >= 2 (soft 300)", "all count <= 3"]


def test_a_soft_rule_of_the_balanced_goal_costs_a_percent():
    with pytest.raises(CampaignError, match="has no unit, so 500 has no meaning") as caught:
        build_problem(OFFERS, build_campaign("niche:food count >= 2 (soft 500)", goal="balanced"))
    assert [fault.code for fault in caught.value.faults] == ["rule-soft"]
    build_problem(OFFERS, build_campaign("niche:food count >= 2 (soft 500)", goal="engagement"))
    build_problem(OFFERS, build_campaign("niche:food count >= 2 (soft 2%)", goal="balanced"))


def test_facts_name_the_currency_of_campaign_roster_or_dollars():
    euros, dollars = build_problem(OFFERS, build_campaign())[0], build_problem(roster(["@a"]), build_campaign())[0]
    assert euros.roster_facts.currency == euros.currency == "EUR"
    assert replace(euros, campaign=build_campaign(currency="GBP")).roster_facts.currency == "GBP"
    assert replace(dollars, filtered=3).roster_facts.currency == "USD"


def test_creators_with_figures_that_are_hard_to_believe_stay_unless_they_are_to_be_left_out():
    offers = roster(
        ["@a", "@b", "@b", "@c"], offer=["reel", "reel", "story", "reel"], numbers={"likes": [5, 9e6, 5, 5]}
    )
    offers = replace(offers, numbers={**offers.numbers, "likes": offers.numbers["likes"] * 100})
    problem, warnings = build_problem(offers, build_campaign())
    assert (names(problem), warnings) == (["@a", "@b", "@b", "@c"], ())
    problem, warnings = build_problem(offers, build_campaign(exclude_suspicious=True))
    assert (names(problem), problem.filtered) == (["@a", "@c"], 1)
    assert warnings == ("1 creator has figures that are hard to believe and is left out: @b",)


def test_a_creator_who_is_included_by_name_stays_whatever_the_figures():
    offers = roster(["@a", "@b"], numbers={"likes": [500, 9e6]})
    problem, warnings = build_problem(offers, build_campaign(exclude_suspicious=True, include=("b",)))
    assert (names(problem), warnings) == (["@a", "@b"], ())


def test_a_creator_who_is_included_by_link_stays_whatever_the_figures():
    links = ["https://www.instagram.com/ann_a/", "https://www.instagram.com/ben.b/"]
    offers = roster(["Anna", "Ben"], url=links, numbers={"likes": [500, 9e6]})
    campaign = build_campaign(exclude_suspicious=True, include=("instagram.com/ben.b",))
    problem, warnings = build_problem(offers, campaign)
    assert (names(problem), warnings) == (["Anna", "Ben"], ())


def test_an_analysis_of_the_roster_keeps_everybody():
    assert not for_roster_analysis(build_campaign(exclude_suspicious=True)).exclude_suspicious


def test_tiers_of_the_roster_that_are_others_by_followers_are_noted():
    offers = roster(["@a"], tier=["nano"], followers=[50_000])
    problem, _ = build_problem(offers, build_campaign("tier:nano count <= 1"))
    assert problem.roster.notes == (
        "1 creator is 'nano' in your list and micro by followers; rules use your list's tier",
    )


def test_the_creator_alone_is_suggested_as_a_selector_that_can_be_read_where_no_offer_matches():
    offers = roster(["Dana Trails", "@b"], offer=["reel", "video"])
    with pytest.raises(CampaignError) as wrong:
        build_problem(offers, build_campaign(include=['creator:"Dana Trails" & offer:video']))
    assert wrong.value.fix == "name an offer of your list, or the creator alone: 'creator:\"Dana Trails\"'"
