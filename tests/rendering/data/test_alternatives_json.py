"""The JSON of alternatives: its contract, its units, and that it is complete."""

import json
from fractions import Fraction

import pytest
from tests.rendering.builders import (
    HOSTILE,
    alternative,
    alternatives,
    creator_frequency,
    difference,
    pick,
    plan,
    proof,
)

from microopt.analysis.alternatives import StopReason
from microopt.campaign.metrics import METRICS
from microopt.rendering import alternatives_renderer
from microopt.rendering.data.json import object_json

KEYS = [
    *("schema", "microopt", "status", "best", "count", "differ", "plans", "creators"),
    *("stop_reason", "seconds", "limit", "warnings"),
]
TOTALS = {"creators", "spend", "fees", "extra_costs", "metrics", "revenue", "profit"}
PLAN = {"status", "totals", "picks", "proof"}
ORIGIN = {"campaign", "campaign_sha256", "roster", "ideals", "assumed", "notes", "warnings"}
DIFFERENCE = {"objective", "share", "creators", "spend", "metrics", "added", "dropped"}


def to_value(of):
    return json.loads(object_json(of))


def test_the_object_holds_exactly_the_keys_of_the_contract_the_schema_first():
    value = to_value(alternatives())
    assert list(value) == KEYS
    assert value["schema"] == "microopt.alternatives/1"
    assert set(value["best"]) == PLAN | ORIGIN
    assert all(set(item) == {"plan", "change", "swapped", "share_of_best"} for item in value["plans"])
    assert all(set(item["plan"]) == PLAN and set(item["plan"]["totals"]) == TOTALS for item in value["plans"])
    assert set(value["plans"][0]["change"]) == DIFFERENCE
    assert set(value["plans"][0]["change"]["metrics"]) == set(METRICS)
    assert set(value["creators"][0]) == {"creator", "tier", "plans"}


def test_money_is_in_units_and_shares_are_fractions():
    first = to_value(alternatives(alternative(Fraction(3, 4), swapped=("@s",))))["plans"][0]
    totals, change = first["plan"]["totals"], first["change"]
    assert (first["share_of_best"], totals["spend"], change["spend"]) == (0.75, 2_700.0, -450.0)
    assert (change["metrics"]["engagements"], change["share"]) == (-1.0, -0.25)
    assert (change["added"], change["dropped"], first["swapped"]) == (["@new"], ["@old", "@older"], ["@s"])
    assert len(first["plan"]["picks"]) == totals["creators"] == 6


def test_creators_tell_in_which_plans_they_are():
    first = to_value(alternatives())["creators"][0]
    assert first == {"creator": "@star", "tier": "mega", "plans": [0, 1, 2]}


def test_a_plan_without_value_has_no_share_of_the_best():
    first = alternative(share_of_best=None, change=difference(-1, share=None))
    output = to_value(alternatives(first))["plans"][0]
    assert (output["share_of_best"], output["change"]["share"]) == (None, None)


@pytest.mark.parametrize(
    ("ended", "limit"), [(StopReason.FOUND, None), (StopReason.EXHAUSTED, None), (StopReason.STOPPED, "time")]
)
def test_why_there_are_no_more_is_told(ended, limit):
    value = to_value(alternatives(stop_reason=ended, limit=limit))
    assert (value["stop_reason"], value["limit"]) == (ended.value, limit)
    assert value["status"] == ("feasible" if ended is StopReason.STOPPED else "optimal")


def test_the_whole_is_optimal_only_where_every_plan_is():
    open_ = alternative(plan=plan(proof=proof(status="feasible", bound=Fraction(188, 100))))
    result = alternatives(alternative(), open_)
    assert to_value(result)["status"] == "feasible"
    assert result.proven(gap=0.01)
    assert not result.proven(gap=0.001)


def test_warnings_of_the_campaign_and_of_the_study_are_both_there():
    sample = to_value(alternatives(warnings=("few creators",)))
    assert [sample["best"]["warnings"], sample["warnings"]] == [["a warning"], ["few creators"]]


@pytest.mark.parametrize("name", HOSTILE)
def test_any_text_survives_as_json(name):
    text = HOSTILE[name]
    first = alternative(plan=plan([pick(creator=text)]), change=difference(0, added=(text,), dropped=(text,)))
    output = to_value(alternatives(first, creators=(creator_frequency(text, 0, 1, tier=text),)))
    assert output["plans"][0]["change"]["added"] == [text.replace("\ud800", "\ufffd")] or name == "lone surrogate"


def test_a_file_has_the_format_of_its_suffix():
    assert alternatives_renderer("json")(alternatives()) == object_json(alternatives())
    assert "In every plan" in alternatives_renderer("table")(alternatives())
