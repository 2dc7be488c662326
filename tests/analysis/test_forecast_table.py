"""The outlook of a roster."""

from fractions import Fraction

import pytest

from microopt.analysis.forecast_table import build_forecast_table
from microopt.campaign.campaign import Campaign
from microopt.campaign.rule_grammar import parse_where
from tests.solver.builders import roster

NAN = float("nan")


def outlook(campaign=None, **numbers):
    people = roster(
        ["@a", "@b", "@c"],
        followers=[30_000, 2_000_000, 5_000],
        fee=[40_000, 900_000, 3_000],
        numbers={"engagement_rate": [0.05, NAN, 0.08], "views": [9_000, NAN, 1_000], **numbers},
    )
    return build_forecast_table(people, Campaign(budget=0, **(campaign or {})))


def test_every_offer_is_there_the_most_engagements_first():
    result = outlook()
    means = [offer.figures["engagements"].mean for offer in result.offers]
    assert means == sorted(means, reverse=True)
    assert {offer.creator for offer in result.offers} == {"@a", "@b", "@c"}


def test_each_figure_has_its_range_and_origin():
    offers = {offer.creator: offer for offer in outlook(ctr=[0.02, NAN, NAN]).offers}
    assert all(f.low < f.mean < f.high for offer in offers.values() for f in offer.figures.values())
    assert [f.origin for f in offers["@a"].figures.values()] == ["default", "own", "shrunk", "own", "default"]
    assert {f.origin for f in offers["@b"].figures.values()} == {"default"}


def test_reach_stays_below_the_views():
    for offer in outlook().offers:
        reach, views = offer.figures["reach"], offer.figures["impressions"]
        assert reach.low <= views.low
        assert reach.high <= views.high


def test_costs_of_results():
    item = next(offer for offer in outlook({"order_value": 5_000}).offers if offer.creator == "@a")
    means = {name: figure.mean for name, figure in item.figures.items()}
    assert item.rates["cpm"] == pytest.approx(1000 * 40_000 / means["impressions"])
    assert item.rates["cpe"] == pytest.approx(40_000 / means["engagements"])
    assert item.rates["cpc"] == pytest.approx(40_000 / means["clicks"])
    assert item.rates["cpa"] == pytest.approx(40_000 / means["conversions"])
    assert item.rates["roas"] == pytest.approx(means["conversions"] * 5_000 / 40_000, rel=1e-3)
    assert not {"emv", "profit"} & item.rates.keys()
    assert outlook().offers[0].rates["roas"] is None


def test_nothing_is_divided_by_nothing():
    none = outlook(views=[0, 0, 0], fit=[0, 0, 0]).offers[0]
    assert none.rates["cpm"] is none.rates["cpe"] is none.rates["cpa"] is None


def test_where_the_totals_come_from_adds_up():
    for shares in outlook().origin_shares.values():
        assert sum(shares.values()) == pytest.approx(1)
    assert set(outlook().origin_shares["engagements"]) == {"shrunk", "default"}
    assert outlook({"shrink": False}).origin_shares["engagements"].keys() == {"own", "default"}


def test_filters_apply_and_are_counted():
    result = outlook({"where": (parse_where("followers 5k..100k"),)})
    assert len(result.offers) == 2
    assert result.roster.filtered == 1


def test_the_earned_media_value_is_stated_only_where_it_is_asked_for():
    people = roster(["@a"], followers=[30_000], fee=[40_000])
    item = build_forecast_table(people, Campaign(budget=0), emv=True).offers[0]
    assert item.rates["emv"] == pytest.approx(item.figures["impressions"].mean * 100 * (10 * 20) ** 0.5 / 1000)
    in_francs = build_forecast_table(people, Campaign(budget=0, currency="CHF"), emv=True).offers[0]
    assert in_francs.rates["emv"] is None


def test_with_a_margin_each_offer_has_its_profit():
    campaign = Campaign(budget=0, order_value=5_000, margin=Fraction(2, 5))
    item = build_forecast_table(roster(["@a"], followers=[30_000], fee=[40_000]), campaign).offers[0]
    assert item.rates["profit"] == pytest.approx(item.figures["conversions"].mean * 2_000 - 40_000, abs=1)
