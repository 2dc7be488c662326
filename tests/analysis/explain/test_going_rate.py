"""The going rate: the usual fee by benchmarks, at the level of what other creators on the roster ask."""

from statistics import median

from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from microopt.analysis.explain.going_rate import FEWEST_FEES, GoingRates, round_cents
from microopt.errors import CampaignError
from microopt.planning.build_problem import build_problem
from tests.planning.builders import CALM, build_campaign, build_roster, roster_rows
from tests.scale import examples


def problem_of(rows, **facts):
    return build_problem(build_roster(rows), build_campaign(budget=10**7, **facts))[0]


def offer(name, fee, platform="tiktok", followers=30_000):
    figures = {"niche": "beauty", "followers": followers, "fee": fee, "rate": 0.05, "hours": None, "score": 1}
    return {"creator": name, "platform": platform, "offer": "video", **figures}


def rate_of(creator, rows):
    problem = problem_of(rows)
    row = next(i for i in range(len(problem)) if problem.roster.texts["creator"][i] == creator)
    return GoingRates.of_problem(problem).rate(row)


def expected_rate(problem, row):
    """Return the going rate by definition, offer by offer."""
    roster, forecast = problem.roster, problem.forecast
    seen, peers = set(), []
    for other in range(len(problem)):
        key = tuple(roster.text(name, other) for name in ("platform", "offer")), int(roster.creator_id[other])
        if forecast.fee[other] > 0 and key not in seen:
            seen.add(key)
            multiple = forecast.fee[other] / forecast.usual_fee[other]
            kind = roster.text("platform", other), roster.text("tier", other)
            peers.append((int(roster.creator_id[other]), kind, multiple))
    own = roster.text("platform", row), roster.text("tier", row)
    for alike in (lambda kind: kind == own, lambda kind: kind[0] == own[0], lambda kind: True):
        multiples = [multiple for creator, kind, multiple in peers if creator != roster.creator_id[row] and alike(kind)]
        if len(multiples) >= FEWEST_FEES:
            return round_cents(int(forecast.usual_fee[row]) * median(multiples)), len(multiples)
    return int(forecast.usual_fee[row]), 0


@settings(CALM, max_examples=examples(40), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_it_is_the_usual_fee_times_the_median_multiple_of_similar_offers(data):
    rows = data.draw(roster_rows(offers=20, min_rows=8))
    try:
        problem = problem_of(rows)
    except CampaignError:
        assume(False)
    row = data.draw(st.integers(0, len(problem) - 1))
    found = GoingRates.of_problem(problem).rate(row)
    assert (found.fee, found.fees) == expected_rate(problem, row)


def test_where_the_dollar_has_no_rate_the_roster_alone_shows_the_level():
    names = [f"@c{number}" for number in range(7)]
    rows = [offer(name, 20_000 + 1_000 * number) for number, name in enumerate(names)]
    in_dollars, in_crowns = (
        GoingRates.of_problem(problem_of(rows, currency=currency)).rate(0) for currency in ("USD", "CZK")
    )
    assert in_crowns == in_dollars
    assert in_crowns.fees == 6
    assert in_crowns.fee == 24_000  # the median of 21,000 to 26,000 is 23,500
    assert GoingRates.of_problem(problem_of(rows[:4], currency="CZK")).rate(0) is None


def test_offers_of_the_same_tier_on_the_platform_set_the_level_before_those_of_other_tiers():
    rows = [offer(f"@small{number}", 20_000) for number in range(6)]
    rows += [offer(f"@large{number}", 1_000_000, followers=400_000) for number in range(5)]
    found = rate_of("@small0", rows)
    assert (found.fee, found.fees) == (20_000, 5)


def test_it_says_how_few_fees_are_similar_where_others_set_the_level():
    rows = [offer(f"@small{number}", 20_000) for number in range(6)]
    rows += [offer(f"@large{number}", 1_000_000, followers=400_000) for number in range(3)]
    found = rate_of("@large0", rows)
    assert (found.fees, found.similar) == (8, 2)


def test_gifted_posts_and_the_own_offers_of_a_creator_set_no_level():
    rows = [offer(f"@c{number}", 20_000) for number in range(5)] + [offer("@gift", 0), offer("@x", 90_000)]
    rows.append(offer("@x", 95_000, platform="youtube"))
    assert rate_of("@x", rows).fees == 5


def test_a_rate_has_two_digits_and_no_cents():
    assert [round_cents(cents) for cents in (0.4, 149, 1_234, 12_345, 129_500, 7_512_345)] == [
        100,
        100,
        1_200,
        12_000,
        130_000,
        7_500_000,
    ]
