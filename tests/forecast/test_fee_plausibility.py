"""A fee, CPM or CPE at a fiftieth of what is usual, or at fifty times as much, is doubted; a bargain is not."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.benchmarks.table import PLATFORMS, default_benchmarks
from microopt.campaign.campaign import Campaign
from microopt.forecast.figure_plausibility import usual_engagement_rates
from microopt.forecast.model import forecast
from microopt.forecast.plausibility import find_suspicions
from microopt.roster.roster import NO_FEE
from tests.forecast.builders import roster
from tests.solver.builders import roster as plain_roster

DOLLARS = {"currency": "USD"}


def texts(campaign=None, **columns):
    found = find_suspicions(roster(**columns), Campaign(budget=1, **(campaign or {})))
    return [creator.text for suspicion in found if suspicion.code == "suspicious-fee" for creator in suspicion.creators]


def test_a_mega_reel_for_14_dollars_is_asked_about():
    assert texts(DOLLARS, followers=1_200_000, offer="reel", fee=1_400) == [
        "$14 for 1.2M followers is 1/2,400 of the usual fee: is it $14,000?"
    ]


def test_a_fee_with_decimals_may_be_one_in_thousands():
    (text,) = texts(DOLLARS, followers=6_000, fee=120)
    assert text.startswith("$1.20 for 6,000 followers")
    assert text.endswith("is it $1,200 or $120?")


def test_a_fee_of_thousands_too_many_is_asked_about():
    assert texts(DOLLARS, followers=12_000, offer="reel", fee=14_000_000) == [
        "$140,000 for 12k followers is 350 times the usual fee: is it $140?"
    ]


def test_fees_in_cents_are_asked_about():
    assert texts(DOLLARS, followers=50_000, fee=20_000_000) == [
        "$200,000 for 50k followers is 180 times the usual fee: is it $2,000?"
    ]


def test_a_fee_far_from_any_slip_is_doubted_without_a_guess():
    assert texts(followers=1_200_000, offer="reel", fee=100) == ["$1 for 1.2M followers is 1/34,000 of the usual fee"]


@pytest.mark.parametrize("share", [0.03, 0.5, 3, 40])
def test_bargains_and_high_fees_within_fifty_times_are_not_doubted(share):
    usual = int(forecast(roster(followers=300_000), Campaign(budget=1)).usual_fee[0])
    assert texts(followers=300_000, fee=int(usual * share)) == []


def test_gifted_posts_are_not_doubted():
    assert texts(rows=2, followers=1_200_000, fee=[0, 0], pay=["gifted", "flat"]) == []


def test_small_creators_may_ask_a_minimum():
    assert texts(followers=1_000, fee=190_000) == []
    assert len(texts(followers=1_000, fee=210_000)) == 1


def test_a_cpm_out_of_proportion_is_doubted_where_the_fee_is_not():
    assert texts(followers=200_000, fee=200_000, views=200)[0].startswith("$2,000 for 200 views is")
    assert "times the usual CPM" in texts(followers=200_000, fee=200_000, views=200)[0]


def test_a_cpe_out_of_proportion_is_doubted_where_the_fee_is_not():
    found = texts(followers=200_000, fee=600_000, engagement_rate=0.0005)
    assert found == ["$6,000 for 100 engagements is 69 times the usual CPE"]


def test_a_count_that_is_doubted_already_says_nothing_about_the_fee():
    found = find_suspicions(roster(followers=60_000, fee=40_000, views=90_000_000, likes=500), Campaign(budget=1))
    assert [suspicion.code for suspicion in found] == ["views-above-followers"]


@pytest.mark.parametrize(("currency", "sign"), [("EUR", "€"), ("GBP", "£")])
def test_a_slip_is_seen_in_other_currencies_without_an_exchange_rate(currency, sign):
    found = texts({"currency": currency}, followers=1_200_000, offer="reel", fee=1_400)
    assert found[0].startswith(f"{sign}14 for 1.2M followers is 1/")
    assert found[0].endswith(f"is it {sign}14,000?")


def test_fees_in_small_units_of_money_are_not_doubted():
    assert texts({"currency": "JPY"}, followers=100_000, fee=20_000_000) == []
    assert texts({"currency": "IDR"}, followers=100_000, fee=1_500_000_000) == []


def test_the_campaigns_own_exchange_rate_is_taken():
    campaign = {"currency": "EUR", "exchange": {"USD": Fraction(100)}}
    assert texts(campaign, followers=100_000, fee=10_000)[0].startswith("€100 for 100k followers is 1/")


def test_where_most_fees_of_no_stated_currency_are_out_of_proportion_the_currency_is_asked_about():
    columns = {"rows": 3, "followers": [18_000, 54_000, 40_000], "fee": [9_000_000, 40_000_000, 30_000_000]}
    (suspicion,) = find_suspicions(roster(**columns), Campaign(budget=1))
    assert suspicion.fix.startswith("Fees without a currency count as US dollars. For another, add currency")
    assert not any("is it" in creator.text for creator in suspicion.creators)
    (suspicion,) = find_suspicions(roster(**columns), Campaign(budget=1, currency="USD"))
    assert suspicion.fix == ""
    assert all("is it" in creator.text for creator in suspicion.creators)


def test_a_currency_of_unknown_worth_is_not_judged():
    assert texts({"currency": "KZT"}, followers=1_200_000, fee=1) == []


def test_each_offer_is_compared_with_its_own_format_and_count_and_the_worst_is_told():
    offers = plain_roster(
        ["@a", "@a", "@b"], offer=["reel", "3x reel", "story"], followers=[1_200_000] * 3, fee=[1_400, 1_400, 100_000]
    )
    (suspicion,) = find_suspicions(offers, Campaign(budget=1))
    assert [(creator.creator, creator.row) for creator in suspicion.creators] == [("@a", 3)]


def test_the_usual_fee_may_be_given():
    offers, campaign = (
        roster(rows=3, followers=[90_000, 1_200_000, 40_000], fee=[50_000, 1_400, 20_000]),
        Campaign(budget=1),
    )
    usual = forecast(offers, campaign).usual_fee
    assert find_suspicions(offers, campaign, usual) == find_suspicions(offers, campaign)
    assert np.all(usual > 0)


def test_an_ordinary_rate_by_views_on_youtube_is_no_doubt_about_the_fee_of_a_dedicated_video():
    video = {"followers": 1_250_000, "platform": "youtube", "fee": 300_000, "engagement_rate": 0.028}
    assert texts(DOLLARS, offer="1 Dedicated Video", **video) == []


NAMES = {
    "instagram": ["reel", "Reel Apr", "1x feed post", "carousel", "story", "1 story", "takeover", ""],
    "tiktok": ["1 TikTok", "video", "spark ad", ""],
    "youtube": ["1 Dedicated Video", "dedicated", "60s integration", "short", "pre-roll", ""],
}


@given(
    st.sampled_from([(platform, name) for platform, names in NAMES.items() for name in names]),
    st.floats(5_000, 3_000_000),
    st.floats(0.5, 2),
    st.floats(0.25, 4),
)
def test_no_offers_name_makes_ordinary_figures_a_doubtful_fee(offer, followers, usual_rate, usual_fee):
    """An ordinary fee is one for a post on the platform, whatever a format may add to it or take off it."""
    platform, name = offer
    floors = np.asarray([followers])
    code = np.asarray([PLATFORMS.index(platform)])
    rate = usual_rate * float(usual_engagement_rates(default_benchmarks(), code, floors)[0])
    fee = int(usual_fee * forecast(roster(followers=followers, platform=platform), Campaign(budget=1)).usual_fee[0])
    assert texts(followers=followers, platform=platform, offer=name, engagement_rate=rate, fee=fee) == []
    if platform == "youtube":  # the same engagements as a rate by views
        assert texts(followers=followers, platform=platform, offer=name, engagement_rate=rate / 0.3, fee=fee) == []


def cheap_market(multiple, slips=()):
    """Return a list whose fees are at a multiple of the public ones, but for some that are a thousandth of that."""
    people = roster(rows=40, followers=[5_000 + 3_000 * row for row in range(40)])
    usual = forecast(replace(people, fee=np.full(40, NO_FEE)), Campaign(budget=1, estimate_fees=True)).usual_fee
    fees = np.rint(usual * multiple).astype(np.int64)
    fees[list(slips)] //= 1_000
    return replace(people, fee=fees)


def doubted_fees(people):
    found = find_suspicions(people, Campaign(budget=1, currency="USD"))
    return sum(suspicion.count for suspicion in found if suspicion.code == "suspicious-fee")


@pytest.mark.parametrize("multiple", [0.11, 0.3, 1, 9])
def test_a_market_of_another_level_is_not_doubted_as_a_whole_and_a_slip_in_it_is(multiple):
    assert doubted_fees(cheap_market(multiple)) == 0
    assert doubted_fees(cheap_market(multiple, slips=(3, 30))) == 2


def test_a_list_whose_fees_all_slipped_is_doubted_although_they_agree_with_each_other():
    assert doubted_fees(cheap_market(1 / 1_000)) == 40
