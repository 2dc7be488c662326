"""Flags over a campaign file, and what is wrong with a campaign by itself."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from microopt.campaign.campaign import TIER_PRESETS, Campaign, Goal
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.layered_settings import lay_over
from microopt.campaign.rule_grammar import parse_rule, parse_where
from microopt.campaign.settings import parse_campaign
from microopt.campaign.short_forms import parse_creator_count, parse_short_form
from microopt.errors import CampaignError, MicrooptError, UsageError
from tests.scale import examples


def wrong(**written):
    """Return the error of a campaign of 20k with these settings."""
    with pytest.raises(MicrooptError) as caught:
        parse_campaign(CampaignInput(**{"budget": "20k", **written}))
    return caught.value


def test_the_defaults_are_those_of_the_page():
    assert parse_campaign(CampaignInput(budget="20k")) == Campaign(budget=2_000_000)
    assert Campaign(budget=1).goal == Goal(name="balanced")
    assert (Campaign(budget=1).per_creator, Campaign(budget=1).one_offer_per) == (0, "creator")


def test_scalar_flags_replace_the_files_values():
    file = CampaignInput(
        name="file", budget="1k", goal="reach", order_value="4", per_creator="2", creators="5", tiers="default"
    )
    flags = CampaignInput(
        budget="2k", goal="conversions", order_value="5", per_creator="3", creators="6", tiers="wide-micro"
    )
    both = lay_over(flags, file)
    assert (both.name, both.budget, both.goal, both.order_value) == ("file", "2k", "conversions", "5")
    assert (both.per_creator, both.creators, both.tiers) == ("3", "6", "wide-micro")


def test_what_no_flag_says_stays_as_the_file_says():
    file = CampaignInput(
        name="f", budget="1k", currency="EUR", goal="reach", creators="5", tiers={"all": 0}, estimate_fees=True
    )
    assert lay_over(CampaignInput(), file) == file


def test_lists_of_flags_add_to_the_files():
    file = CampaignInput(rules=["all count <= 9"], where=["language:en"], include=["@a"], exclude=["@b"])
    flags = CampaignInput(rules=["all count >= 2"], where=["region:US"], include=["@c"], exclude=["@d"])
    both = lay_over(flags, file)
    assert both.rules == ("all count <= 9", "all count >= 2")
    assert both.where == ("language:en", "region:US")
    assert (both.include, both.exclude) == (("@a", "@c"), ("@b", "@d"))


def test_a_goal_on_either_side_replaces_the_files_goal_whole():
    worths = CampaignInput(budget="1", worth={"conversions": "30"})
    assert parse_campaign(lay_over(CampaignInput(goal="reach"), worths)).goal == Goal(name="reach")
    assert parse_campaign(lay_over(worths, CampaignInput(goal="reach"))).goal.worths == {"conversions": Fraction(30)}


@pytest.mark.parametrize("field", ["budget", "order_value", "per_creator", "goal", "creators", "tiers", "currency"])
def test_an_empty_flag_is_an_error_and_never_the_files_value(field):
    file = CampaignInput(budget="1k", order_value="4", per_creator="2", goal="reach", creators="5", currency="EUR")
    with pytest.raises(MicrooptError):
        parse_campaign(lay_over(CampaignInput(**{field: ""}), file))


def test_money_is_held_in_cents():
    campaign = parse_campaign(CampaignInput(budget="199.99", order_value="45", per_creator="0.5"))
    assert (campaign.budget, campaign.order_value, campaign.per_creator) == (19_999, 4_500, 50)


def test_a_missing_budget_is_an_error_unless_none_is_needed():
    with pytest.raises(CampaignError, match="there is no budget") as caught:
        parse_campaign(CampaignInput())
    assert "--budget 20000" in caught.value.fix
    assert parse_campaign(CampaignInput(), budget_needed=False).budget == 0


@pytest.mark.parametrize(
    ("budget", "code"), [("0", "budget-zero"), ("$0.00", "budget-zero"), ("abc", "usage"), ("-5", "usage")]
)
def test_a_budget_that_buys_nothing_is_refused(budget, code):
    error = wrong(budget=budget)
    assert error.code == code
    assert error.fix


def test_short_forms_and_creators_become_rules_and_filters():
    shorts = {"niche": ["beauty=2.."], "platform": ["tiktok"]}
    campaign = parse_campaign(CampaignInput(budget="1", rules=["all count >= 1"], creators="5..9", **shorts))
    assert campaign.rules == (
        parse_rule("all count >= 1"),
        parse_creator_count("5..9"),
        parse_short_form("niche", "beauty=2.."),
    )
    assert campaign.where == (parse_where("platform:tiktok"),)


def test_a_creator_named_twice_counts_once_in_the_spelling_named_first():
    campaign = parse_campaign(CampaignInput(budget="1", include=["@Anna", "anna ", "@ben"], exclude=["x", "@X"]))
    assert (campaign.include, campaign.exclude) == (("@Anna", "@ben"), ("x",))


@pytest.mark.parametrize(
    ("goal", "fix"),
    [("engagemnts", "engagement"), ("revenue", "profit"), ("balance", "balanced"), ("fame", "value:COLUMN")],
)
def test_an_unknown_goal_names_the_near_ones(goal, fix):
    error = wrong(goal=goal)
    assert error.code == "goal-unknown"
    assert fix in error.fix


def test_a_goal_may_be_any_column():
    assert parse_campaign(CampaignInput(budget="1", goal="value:brand fit")).goal.column == "brand fit"
    assert wrong(goal="value:").code == "goal-unknown"


def test_goal_and_worth_together_are_refused_wherever_they_stand():
    assert wrong(goal="reach", worth={"conversions": "30"}).code == "goal-twice"


def test_worths_are_exact_and_their_metric_is_known_in_singular_and_plural():
    goal = parse_campaign(CampaignInput(budget="1", worth={"engagement": "$0.05", "conversions": "30"})).goal
    assert goal == Goal(name="worth", worths={"engagements": Fraction(1, 20), "conversions": Fraction(30)})


@pytest.mark.parametrize(
    ("worth", "code"),
    [({"fame": "3"}, "worth-unknown"), ({"reach": "x"}, "worth-amount"), ({"reach": "-1"}, "worth-amount")],
)
def test_a_worth_that_cannot_be_is_refused(worth, code):
    error = wrong(worth=worth)
    assert error.code == code
    assert error.fix


def test_tiers_are_a_preset_or_bands_in_any_order():
    assert parse_campaign(CampaignInput(budget="1", tiers="wide-micro")).tiers == TIER_PRESETS["wide-micro"]
    bands = parse_campaign(CampaignInput(budget="1", tiers={"big": 10_000, "small": 10})).tiers
    assert (bands.names, bands.floors) == (("small", "big"), (10, 10_000))


@pytest.mark.parametrize(
    ("tiers", "code"),
    [("wide", "tiers-unknown"), ({"a": 5, "b": 5}, "tiers-bounds"), ({"a": -5}, "tiers-bounds"), ({}, "tiers-bounds")],
)
def test_tiers_that_cannot_be_are_refused(tiers, code):
    error = wrong(tiers=tiers)
    assert error.code == code
    assert error.fix


@pytest.mark.parametrize(
    ("currency", "budget", "code"),
    [(None, "€20", "EUR"), (None, "20", None), ("EUR", "20", "EUR"), ("eur", "20", "EUR"), ("CAD", "$20", "CAD")],
)
def test_the_currency_is_the_files_or_the_budgets(currency, budget, code):
    assert parse_campaign(CampaignInput(currency=currency, budget=budget)).currency == code


@pytest.mark.parametrize("currency", ["", "dollars", "\x1b[31m", "$", "U$D", "USB", "UŚD"])
def test_a_currency_is_a_code_of_iso_4217(currency):
    error = wrong(currency=currency)
    assert error.code == "currency-unknown"
    assert "USD" in error.fix


def test_a_currency_without_a_sign_of_its_own_is_known_too():
    assert parse_campaign(CampaignInput(currency="xof", budget="1k")).currency == "XOF"


def test_how_a_roster_is_read_is_the_files_with_the_flags_on_top():
    file = CampaignInput(
        budget="1", columns={"a": "fee", "b": "views"}, units={"ctr": "percent"}, exchange={"eur": "1.08"}
    )
    campaign = parse_campaign(lay_over(CampaignInput(columns={"a": "reach"}), file))
    assert campaign.columns == {"a": "reach", "b": "views"}
    assert (campaign.units, campaign.exchange) == ({"ctr": "percent"}, {"EUR": Fraction(27, 25)})


def test_a_unit_is_percent_or_fraction():
    assert wrong(units={"ctr": "permille"}).code == "units-unknown"


@pytest.mark.parametrize(
    "rates", [{"EUR": "0"}, {"EUR": "-1"}, {"EUR": "x"}, {"EURO": "1"}, {"": "1"}, {"EUR": "1e5"}, {"ZZZ": "1"}]
)
def test_a_rate_of_exchange_is_a_number_above_zero_of_a_currency(rates):
    error = wrong(exchange=rates)
    assert error.code == "exchange-rate"
    assert "EUR = 1.08" in error.fix


def test_everything_that_is_wrong_is_told_at_once():
    error = wrong(budget="abc", rules=["all", "niche:x count 5..2"], where=["followers"], goal="fame", tiers="wide")
    assert len(error.faults) == 6
    assert isinstance(error, CampaignError)
    assert "6 problems" in str(error)


def test_a_single_fault_is_the_message_itself():
    error = wrong(rules=["niche:x count 5..2"])
    assert "the wrong way round" in str(error)
    assert error.fix == error.faults[0].fix


texts = st.text(max_size=12)


@given(
    st.builds(
        CampaignInput,
        budget=texts,
        currency=st.none() | texts,
        goal=st.none() | texts,
        order_value=st.none() | texts,
        creators=st.none() | texts,
        rules=st.lists(texts, max_size=2),
        where=st.lists(texts, max_size=2),
        worth=st.dictionaries(texts, texts, max_size=2),
        niche=st.lists(texts, max_size=2),
        tiers=st.none() | texts | st.dictionaries(texts, st.integers(), max_size=3),
    )
)
@profile(deadline=None, max_examples=examples(150))
def test_hostile_settings_end_in_a_campaign_or_one_of_our_errors(written):
    try:
        campaign = parse_campaign(written)
    except (CampaignError, UsageError):
        return
    assert campaign.budget > 0


def test_the_dates_of_flags_replace_those_of_the_file():
    file = CampaignInput(starts=date(2026, 11, 1), ends=date(2026, 11, 30))
    both = lay_over(CampaignInput(budget="1k", ends=date(2027, 1, 31)), file)
    campaign = parse_campaign(both)
    assert (campaign.starts, campaign.ends) == (date(2026, 11, 1), date(2027, 1, 31))


def test_a_campaign_cannot_end_before_it_starts():
    first, last = date(2026, 11, 1), date(2026, 11, 2)
    assert parse_campaign(CampaignInput(budget="1k", starts=first, ends=first)).ends == first
    error = wrong(starts=last, ends=first)
    assert (error.code, str(first) in error.message, str(last) in error.message) == ("dates-order", True, True)
