"""The going rate: what creators of a similar size on the platform ask, by the fees on the roster."""

from math import exp, log
from statistics import fmean, median

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from microopt.analysis.explain.going_rate import GoingRate, GoingRates, round_cents
from microopt.errors import CampaignError
from microopt.planning.build_problem import build_problem
from tests.planning.builders import CALM, build_campaign, build_roster, roster_rows
from tests.scale import examples


def rates_of(rows, **facts):
    """Return the problem of these rows, and its going rates."""
    roster = build_roster(rows)
    problem = build_problem(roster, build_campaign(budget=10**7, **facts))[0]
    return problem, GoingRates.of_problem(problem, roster)


def offer(name, fee, platform="tiktok", followers=30_000):
    figures = {"niche": "beauty", "followers": followers, "fee": fee, "rate": 0.05, "hours": None, "score": 1}
    return {"creator": name, "platform": platform, "offer": "video", **figures}


def rate_of(creator, rows, **facts):
    problem, rates = rates_of(rows, **facts)
    row = next(i for i in range(len(problem)) if problem.roster.texts["creator"][i] == creator)
    return rates.rate_of_similar(row)


def by_similar(fee, creators, **facts):
    return GoingRate(fee=fee, creators=creators, source="similar", **facts)


def fees_by_creator(problem, scale, row, is_similar):
    """Return the mean log fee per unit of the scale of each creator with similar offers."""
    fees, fee, creator = {}, problem.forecast.fee, problem.roster.creator_id
    for other in range(len(problem)):
        if fee[other] > 0 and creator[other] != creator[row] and is_similar(other):
            fees.setdefault(int(creator[other]), []).append(log(fee[other] / scale[other]))
    return [fmean(logs) for logs in fees.values()]


@settings(CALM, max_examples=examples(40), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_it_is_the_median_of_what_similar_creators_ask(data):
    rows = data.draw(roster_rows(offers=20, min_rows=8))
    try:
        problem, rates = rates_of(rows)
    except CampaignError:
        assume(False)
    roster, row = problem.roster, data.draw(st.integers(0, len(problem) - 1))
    followers = roster.numbers["followers"]

    def is_similar(other):
        same_platform = roster.text("platform", other) == roster.text("platform", row)
        return same_platform and followers[row] / 3 <= followers[other] <= 3 * followers[row]

    def is_alike(other):
        return is_similar(other) and roster.text("offer", other) == roster.text("offer", row)

    alike, similar = (fees_by_creator(problem, rates.offers.scale, row, which) for which in (is_alike, is_similar))
    fees, found = alike if len(alike) >= 3 else similar, rates.rate_of_similar(row)
    assert found.creators == len(fees)
    if len(fees) < 3:
        assert found.fee is None
    else:
        assert found.fee == pytest.approx(exp(median(fees)) * rates.offers.scale[row], rel=0.06, abs=100)


def test_no_currency_and_no_benchmark_is_needed_for_offers_of_the_same_kind():
    rows = [offer(f"@c{number}", 20_000 + 1_000 * number) for number in range(6)]
    in_dollars, in_crowns = (rate_of("@c0", rows, currency=currency) for currency in ("USD", "CZK"))
    assert in_crowns == in_dollars
    assert in_crowns == by_similar(23_000, 5)


def test_creators_of_another_size_say_nothing():
    small = [offer(f"@small{number}", 60_000, followers=20_000) for number in range(6)]
    large = [offer(f"@large{number}", 980_000, followers=1_300_000 + number) for number in range(3)]
    assert rate_of("@large0", small + large) == GoingRate(fee=None, creators=2)
    assert rate_of("@small0", small + large) == by_similar(60_000, 5)


def test_from_a_third_to_three_times_the_followers_is_a_similar_size():
    rows = [offer(f"@c{n}", 50_000, followers=n) for n in (3_333, 3_334, 10_000, 30_000, 30_001)]
    assert rate_of("@c10000", rows).creators == 2


def test_fees_are_scaled_to_the_followers_and_the_number_of_posts():
    rows = [offer(f"@c{number}", 20_000) for number in range(4)]
    twice = [offer("@more", 90_000, followers=60_000), {**offer("@two", 90_000), "offer": "2x video"}]
    assert rate_of("@more", rows + twice[:1]).fee == 40_000
    assert rate_of("@two", rows + twice[1:]).fee == 40_000


def test_offers_of_the_same_format_count_before_others():
    stories = [{**offer(f"@s{number}", 20_000, platform="instagram"), "offer": "story"} for number in range(4)]
    reels = [{**offer(f"@r{number}", 30_000, platform="instagram"), "offer": "reel"} for number in range(6)]
    assert rate_of("@s0", stories + reels) == by_similar(20_000, 3)
    mixed = rate_of("@s0", stories[:3] + reels)
    assert (mixed.creators, mixed.post_types_mixed) == (8, True)


def test_post_types_are_compared_by_their_premium_alone_and_not_by_their_views_too():
    story = {**offer("@story", 20_000, platform="instagram"), "offer": "story"}
    reels = [{**offer(f"@r{number}", 30_000, platform="instagram"), "offer": "reel"} for number in range(6)]
    rate = by_similar(10_000, 6, post_types_mixed=True)  # prices of about 0.47 and 1.36
    assert rate_of("@story", [story, *reels]) == rate
    in_sight = {"format": {"instagram": {"story": {"view_rate": 0.4}}}}
    assert rate_of("@story", [story, *reels], forecast=in_sight) == rate


def test_gifted_posts_and_the_own_offers_of_a_creator_do_not_count_and_each_creator_counts_once():
    rows = [offer(f"@c{number}", 20_000) for number in range(5)] + [offer("@gift", 0), offer("@x", 90_000)]
    rows += [offer("@x", 180_000, platform="youtube"), {**offer("@c0", 40_000), "offer": "2x video"}]
    assert rate_of("@x", rows) == by_similar(20_000, 5)


def test_creators_whom_the_campaign_leaves_out_count_too():
    rows = [offer(f"@c{number}", 20_000) for number in range(6)]
    out = {"exclude": ("@c1", "@c2"), "where": ("fee <= 1000",)}
    dear = [offer("@dear", 900_000)]  # out as well
    assert rate_of("@c0", rows + dear, **out) == by_similar(20_000, 6)


def test_a_rate_has_two_digits_and_no_cents():
    assert [round_cents(cents) for cents in (0.4, 149, 1_234, 12_345, 129_500, 7_512_345)] == [
        100,
        100,
        1_200,
        12_000,
        130_000,
        7_500_000,
    ]


def test_with_fifteen_priced_creators_it_is_the_usual_fee_that_all_prices_show():
    rows = [offer(f"@c{number}", 20_000, followers=10_000 * (number + 1)) for number in range(15)]
    problem, rates = rates_of(rows)
    for row in range(15):
        assert rates.rate(row) == GoingRate(fee=int(problem.forecast.usual_fee[row]), creators=15, source="list")
    assert rates.rate_of_similar(8).source == "similar"


def test_without_similar_creators_it_is_an_industry_estimate_and_without_dollars_unknown():
    rows = [offer("@one", 60_000, followers=20_000), offer("@other", 980_000, followers=1_300_000)]
    problem, rates = rates_of(rows)
    assert rates.rate(0) == GoingRate(fee=int(problem.forecast.usual_fee[0]), creators=0, source="industry")
    problem, rates = rates_of(rows, currency="CZK")
    assert rates.rate(0) == GoingRate(fee=None, creators=0)
