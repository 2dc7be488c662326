"""A forecast begins with what the offers cost for what they bring, and marks only what differs from most."""

from statistics import median

from msgspec.structs import replace

from microopt.analysis.forecast_table import build_forecast_table
from microopt.campaign.campaign import Campaign
from microopt.rendering.wording.forecast import common_origins, forecast_head, mark_sentence
from microopt.roster.usual_fees import UsualFees
from tests.forecast.posts.test_apply import ONE, POSTS
from tests.readers.posts.test_read_posts import read
from tests.solver.builders import roster

METRICS = ("engagements", "conversions")


def forecast(rates=(0.05, 0.03, 0.08), fees=(40_000, 20_000, 3_000), **numbers):
    people = roster(
        [f"@c{place}" for place in range(len(fees))],
        followers=[30_000] * len(fees),
        fee=list(fees),
        numbers={"engagement_rate": list(rates), **numbers},
    )
    return build_forecast_table(people, Campaign(budget=0))


def head(sample):
    return [sentence for _, sentence in forecast_head(sample)]


def priced(*multiples, source="industry"):
    sample = forecast(fees=[40_000] * len(multiples), rates=[0.05] * len(multiples))
    level = median(multiples)
    facts = UsualFees(
        source=source, creators=len(multiples), low=0.4, high=2.5, level=level, high_above=2 * max(level, 1)
    )
    offers = (
        replace(offer, fee=int(multiple * 100_000), usual_fee=100_000, fee_high=multiple > facts.high_above)
        for offer, multiple in zip(sample.offers, multiples, strict=True)
    )
    return replace(sample, offers=tuple(offers), roster=replace(sample.roster, usual_fees=facts))


def with_estimate(sample):
    *stated, last = sample.offers
    return replace(sample, offers=(*stated, replace(last, fee_origin="estimated", fee_high=False)))


def marks_of(sample, metrics):
    return mark_sentence(sample, metrics, sample.offers)


def test_the_head_says_what_an_engagement_typically_costs_and_whose_are_the_cheapest():
    first, *_ = head(forecast())
    assert "3 offers from 3 creators, typically $" in first
    assert "the cheapest is @c2 at $0.0" in first


def test_an_offer_with_an_estimated_fee_is_not_called_the_cheapest():
    sample = forecast()
    cheapest, *others = sample.offers
    estimated = replace(cheapest, fee_origin="estimated")
    assert "the cheapest is @c1" in head(replace(sample, offers=(estimated, *others)))[0]


def test_the_only_offer_is_not_called_the_cheapest():
    assert "cheapest" not in head(forecast(rates=(0.05,), fees=(40_000,)))[0]


def test_the_last_line_says_what_the_figures_rest_on():
    assert head(forecast())[-1] == (
        "All engagements are based on your list's rates (adjusted for small samples, account growth and paid posts). "
        "All conversions are industry estimates; your list has no data on them."
    )


def test_results_that_are_all_industry_estimates_are_told_in_one_sentence():
    shares = {metric: {"default": 1.0} for metric in ("engagements", "conversions")}
    last = head(replace(forecast(), origin_shares=shares))[-1]
    assert last == "All engagements and conversions are industry estimates; your list has no data on them."


def test_figures_of_several_origins_are_told_by_their_shares():
    last = head(forecast(rates=(0.05, float("nan"), 0.08)))[-1]
    assert last.startswith("The engagements are based ")
    assert "% on your list's rates (adjusted for small samples, account growth and paid posts) and " in last
    assert "% on industry estimates." in last


def test_what_most_figures_have_in_common_needs_no_mark():
    sample = forecast(rates=(0.05, float("nan"), 0.08))
    assert common_origins(sample)["engagements"] == "shrunk"
    assert marks_of(sample, METRICS) == "° an industry estimate"
    assert marks_of(forecast(), METRICS) == ""


def test_where_most_fees_are_high_the_list_is_told_once_and_only_a_fee_above_the_others_is_marked():
    assert "! well above" not in marks_of(priced(3, 2.8, 3.3), METRICS)
    assert "! well above the other fees" in marks_of(priced(3, 2.8, 9), METRICS)
    assert any("Fees on your list are about 3.0 times the industry" in line for line in head(priced(3, 2.8, 9)))


def test_an_estimated_fee_is_marked_with_its_range_or_the_level_of_the_fees_on_the_list():
    assert "~ a fee estimated from industry rate cards: expect 0.4 to 2.5 times as much" in marks_of(
        with_estimate(priced(1, 1, 1)), METRICS
    )
    for dear_or_cheap, level in ((3, "3.0"), (0.3, "0.3")):
        marked = marks_of(with_estimate(priced(*[dear_or_cheap] * 4)), METRICS)
        assert (
            f"~ a fee estimated from industry rate cards: the other fees here suggest about {level} times as much"
            in marked
        )


def test_a_fee_estimated_from_the_prices_of_the_list_says_so():
    sample = with_estimate(priced(*[1] * 16, source="list"))
    assert "~ a fee estimated from the prices of 16 creators on your list: expect 0.4 to 2.5" in marks_of(
        sample, METRICS
    )


def test_a_few_high_fees_are_marked_each():
    assert "! well above the usual fee" in marks_of(priced(3, 1, 1), METRICS)


def test_a_forecast_on_past_posts_says_so():
    table = build_forecast_table(read(POSTS, ONE), Campaign(budget=100_000))
    told = " ".join(sentence for _, sentence in forecast_head(table))
    assert "All engagements are based on your list's rates and past posts (adjusted for" in told


def test_the_multiple_of_the_usual_fee_is_that_of_stated_fees():
    sample = with_estimate(priced(3, 1.234, 1))
    assert [offer.fee_multiple for offer in sample.offers] == [3, 1.234, None]
    assert replace(sample.offers[0], usual_fee=None).fee_multiple is None
    gifted = replace(sample.offers[0], fee=0)
    assert gifted.fee_multiple is None
