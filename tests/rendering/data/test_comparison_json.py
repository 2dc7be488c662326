"""The JSON of a comparison: its contract, its units, and that it is complete."""

import json
from fractions import Fraction

import pytest
from tests.rendering.builders import HOSTILE, alone, basket, comparison, diagnosis, pick, plan, side

from microopt.campaign.metrics import METRICS
from microopt.rendering import comparison_renderer
from microopt.rendering.data.comparison_json import comparison_json

KEYS = {
    "schema",
    "microopt",
    "status",
    "campaign",
    "roster",
    "ideals",
    "mix",
    "tiers",
    "baskets",
    "assumed",
    "notes",
    "warnings",
    "solver",
}
FIGURES = {"creators", "spend", *METRICS, "picks"}
PLAN = {"status", "limit", "value", "bound", "gap", "of_mix", "reasons", "clash", *FIGURES}
BASKET = {"creator", "status", "limit", "bound", "gap", "large", "small", "times"}
PICK = {"creator", "offer", "units", "platform", "tier", "fee", "cost"}


def value_of(of):
    return json.loads(comparison_json(of))


def test_the_object_holds_exactly_the_keys_of_the_contract():
    value = value_of(comparison())
    assert value["schema"] == "microopt.compare/1"
    assert set(value) == KEYS
    assert set(value["mix"]) == PLAN
    assert all(set(tier) == {"tier", *PLAN} for tier in value["tiers"])
    assert set(value["baskets"]) == {"tier", "smaller", "creators", "not_looked_at"}
    first = value["baskets"]["creators"][0]
    assert (set(first), set(first["times"])) == (BASKET, set(METRICS))
    assert set(first["large"]) == set(first["small"]) == {"value", *FIGURES}
    assert set(first["small"]["picks"][0]) == PICK


def test_money_is_in_units_and_shares_are_fractions():
    value = value_of(comparison(alone("micro", Fraction(1, 4))))
    tier = value["tiers"][0]
    assert (tier["spend"], tier["of_mix"], tier["reach"]) == (450.0, 0.25, 8_000)
    first = value["baskets"]["creators"][0]
    assert (first["small"]["spend"], first["small"]["value"], first["times"]["engagements"]) == (300.0, 0.75, 1.5)


@pytest.mark.parametrize("found", [diagnosis(), None])
def test_a_tier_without_a_plan_has_all_keys_its_reasons_and_no_figures(found):
    told = ("a reason",) if found else ()
    tier = value_of(comparison(alone("micro", found=found, reasons=told, of_mix=None)))["tiers"][0]
    assert set(tier) == {"tier", *PLAN}
    assert tier["status"] == ("infeasible" if found else "not looked at")
    assert tier["reasons"] == list(told)
    assert tier["clash"] == (["niche:beauty count >= 5", "budget"] if found else [])
    assert (tier["value"], tier["spend"], tier["of_mix"], tier["picks"]) == (None, None, None, [])


def test_the_whole_is_optimal_only_where_all_of_it_is():
    assert value_of(comparison())["status"] == "optimal"
    for open_ in (
        comparison(left_out=["@a"]),
        comparison(alone("micro", found=None)),
        comparison(baskets=[basket(status="feasible", bound=Fraction(1))]),
        comparison(baskets=[basket(status="unknown", small=None, bound=None)]),
    ):
        assert value_of(open_)["status"] == "feasible"
        assert not open_.proven()
    assert comparison(baskets=[basket(status="feasible", bound=Fraction(76, 100))]).proven(gap=0.02)
    assert comparison(alone("micro", found=diagnosis(), of_mix=None)).proven()


def test_a_large_creator_who_brings_nothing_has_no_ratio():
    nothing = side([pick(metrics=dict.fromkeys(METRICS, 0))], 0)
    first = value_of(comparison(baskets=[basket(large=nothing)]))["baskets"]["creators"][0]
    assert first["times"] == dict.fromkeys(METRICS)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_text_survives_as_json(name):
    text = HOSTILE[name]
    made = comparison(mix=plan([pick(creator=text)], warnings=(text,)), left_out=[text])
    comparison_json(made).encode()
    assert value_of(made)["baskets"]["not_looked_at"] == [text.replace("\ud800", "\ufffd")] or name == "lone surrogate"


def test_a_file_has_the_format_of_its_suffix():
    assert comparison_renderer("json")(comparison()) == comparison_json(comparison())
    assert "Mix of all" in comparison_renderer("table")(comparison())
