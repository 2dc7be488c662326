"""The JSON of a comparison: its contract, its units, and that it is complete."""

import json
from fractions import Fraction

import pytest
from tests.rendering.builders import (
    HOSTILE,
    bundle_totals,
    comparison,
    diagnosis,
    pick,
    plan,
    substitute_bundle,
    tier_plan,
)

from microopt.campaign.metrics import METRICS
from microopt.rendering import tiers_renderer
from microopt.rendering.data.json import object_json

KEYS = ["schema", "microopt", "status", "mix", "tiers", "without_largest", "substitutes", "seconds"]
PROOF = {"limit", "objective", "bound", "gap"}
PLAN = {"status", "totals", "picks", "proof"}
ORIGIN = {"campaign", "campaign_sha256", "roster", "ideals", "assumed", "notes", "warnings"}
TIER = {"status", "tier", "result", "reasons", "share_of_mix"}
BUNDLE = {"creator", "in_mix", "status", "limit", "bound", "gap", "large", "small", "ratios"}
TOTALS = {"creators", "spend", "fees", "extra_costs", "metrics", "revenue", "profit"}
PICK = {"creator", "offer", "units", "platform", "tier", "fee", "cost", "wave"}


def to_value(of):
    return json.loads(object_json(of))


def test_the_object_holds_exactly_the_keys_of_the_contract():
    value = to_value(comparison())
    assert value["schema"] == "microopt.compare/1"
    assert list(value) == KEYS
    assert set(value["mix"]) == PLAN | ORIGIN
    assert set(value["mix"]["proof"]) == {*PROOF, "backend", "version"}
    assert all(set(tier) == TIER and set(tier["result"]) == PLAN for tier in value["tiers"])
    assert all(set(tier["result"]["proof"]) == PROOF for tier in value["tiers"])
    assert set(value["substitutes"]) == {"tier", "smaller", "creators", "not_examined"}
    first = value["substitutes"]["creators"][0]
    assert (set(first), set(first["ratios"])) == (BUNDLE, set(METRICS))
    assert set(first["large"]) == set(first["small"]) == {"objective", "totals", "picks"}
    assert set(first["small"]["totals"]) == TOTALS
    assert set(first["small"]["picks"][0]) == PICK == set(value["mix"]["picks"][0])


def test_money_is_in_units_and_shares_are_fractions():
    value = to_value(comparison(tier_plan("micro", Fraction(1, 4))))
    tier = value["tiers"][0]
    totals = tier["result"]["totals"]
    assert (totals["spend"], tier["share_of_mix"], totals["metrics"]["reach"]) == (450.0, 0.25, 8_000)
    first = value["substitutes"]["creators"][0]
    small = first["small"]
    assert (small["totals"]["spend"], small["objective"], first["ratios"]["engagements"]) == (300.0, 0.75, 1.5)


@pytest.mark.parametrize("diagnosed", [diagnosis(), None])
def test_a_tier_without_a_plan_has_all_keys_its_reasons_and_no_figures(diagnosed):
    reasons = ("a reason",) if diagnosed else ()
    tier = to_value(comparison(tier_plan("micro", result=diagnosed, reasons=reasons, share_of_mix=None)))["tiers"][0]
    assert set(tier) == TIER
    assert tier["status"] == ("infeasible" if diagnosed else "not looked at")
    assert tier["reasons"] == list(reasons)
    clash = ["niche:beauty count >= 5", "budget"]
    assert tier["result"] == (
        {"status": "infeasible", "clash": clash, "reasons": [], "limit": None} if diagnosed else None
    )
    assert tier["share_of_mix"] is None


def test_the_whole_is_optimal_only_where_all_of_it_is():
    assert to_value(comparison())["status"] == "optimal"
    for open_ in (
        comparison(not_examined=["@a"]),
        comparison(tier_plan("micro", result=None)),
        comparison(bundles=[substitute_bundle(status="feasible", bound=Fraction(1))]),
        comparison(bundles=[substitute_bundle(status="unknown", small=None, bound=None)]),
    ):
        assert to_value(open_)["status"] == "feasible"
        assert not open_.proven()
    assert comparison(bundles=[substitute_bundle(status="feasible", bound=Fraction(76, 100))]).proven(gap=0.02)
    assert comparison(tier_plan("micro", result=diagnosis(), share_of_mix=None)).proven()


def test_a_large_creator_who_brings_nothing_has_no_ratio():
    nothing = bundle_totals([pick(metrics=dict.fromkeys(METRICS, 0))], 0)
    first = to_value(comparison(bundles=[substitute_bundle(large=nothing)]))["substitutes"]["creators"][0]
    assert first["ratios"] == dict.fromkeys(METRICS)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_text_survives_as_json(name):
    text = HOSTILE[name]
    sample = comparison(mix=plan([pick(creator=text)], warnings=(text,)), not_examined=[text])
    object_json(sample).encode()
    assert (
        to_value(sample)["substitutes"]["not_examined"] == [text.replace("\ud800", "\ufffd")]
        or name == "lone surrogate"
    )


def test_a_file_has_the_format_of_its_suffix():
    assert tiers_renderer("json")(comparison()) == object_json(comparison())
    assert "Mix of all" in tiers_renderer("table")(comparison())
