"""The JSON of two plans side by side: its contract, its units, and that it is complete."""

import json
from fractions import Fraction

import pytest
from tests.rendering.builders import HOSTILE, half, moved, picks, stayed, totals, two_plans

from microopt.analysis.plan_diff.result import FieldChange
from microopt.campaign.metrics import METRICS
from microopt.errors import UsageError
from microopt.rendering import plan_comparison_renderer
from microopt.rendering.data.plan_comparison_json import plan_comparison_json

KEYS = [
    "schema",
    "microopt",
    "same",
    "before",
    "after",
    "change",
    "campaign",
    "came",
    "left",
    "stayed",
    "notes",
    "warnings",
]
SIDE = {
    "path",
    "name",
    "roster",
    "currency",
    "goal",
    "budget",
    "status",
    "gap",
    "value",
    "creators",
    "spend",
    *METRICS,
    "revenue",
}
CREATOR = {"creator", "tier", "followers", "fee", "cost", *METRICS, "revenue", "offers"}


def value_of(of):
    return json.loads(plan_comparison_json(of))


def test_the_object_holds_exactly_the_keys_of_the_contract():
    value = value_of(two_plans())
    assert list(value) == KEYS
    assert value["schema"] == "microopt.plan_comparison/1"
    assert set(value["before"]) == set(value["after"]) == SIDE
    assert set(value["came"][0]) == {*CREATOR, "causes"}
    assert set(value["stayed"][0]) == {*CREATOR, "changes"}
    assert value["left"][1]["causes"][0] == {"kind": "fee", "message": "it is not in the roster of B"}


def test_money_is_in_the_currency_and_metrics_are_plain_numbers():
    value = value_of(two_plans())
    assert (value["before"]["budget"], value["before"]["spend"], value["change"]["spend"]) == (20_000, 3_150, -450)
    assert (value["before"]["engagements"], value["change"]["engagements"]) == (6_300, -900)
    assert (value["came"][0]["fee"], value["came"][0]["cost"], value["came"][0]["reach"]) == (400, 450, 8_000)
    assert value["change"]["value"] == float(Fraction(3, 2) - Fraction(187, 100))


def test_changes_of_who_stayed_are_in_the_same_units():
    changes = (
        FieldChange(what="fee", before=40_000, after=55_000),
        FieldChange(what="clicks", before=1_500, after=None),
        FieldChange(what="followers", before=9, after=8),
        FieldChange(what="tier", before="nano", after="micro"),
    )
    (one,) = value_of(two_plans(stayed=(stayed(1, *changes),)))["stayed"]
    pairs = {change["what"]: (change["before"], change["after"]) for change in one["changes"]}
    assert pairs == {"fee": (400, 550), "clicks": (1.5, None), "followers": (9, 8), "tier": ("nano", "micro")}


def test_what_cannot_be_compared_is_null():
    value = value_of(two_plans(after=half("b.json", currency="EUR", totals=totals(picks(6)))))
    assert value["change"]["spend"] is value["change"]["value"] is value["change"]["revenue"] is None
    assert value["change"]["creators"] == -1


def test_the_object_holds_everyone_however_many():
    value = value_of(two_plans(came=tuple(moved(number) for number in range(200))))
    assert len(value["came"]) == 200


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_text_of_a_roster_is_kept_as_utf8_holds_it(text):
    value = value_of(two_plans(came=(moved(1, text, creator=text),)))
    assert value["came"][0]["creator"] == text.encode("utf-8", "replace").decode("utf-8")


def test_formats_are_json_and_a_table():
    assert plan_comparison_renderer("json")(two_plans()) == plan_comparison_json(two_plans())
    assert plan_comparison_renderer("table")(two_plans()).startswith("A  a.json")
    with pytest.raises(UsageError, match="not written as csv"):
        plan_comparison_renderer("csv")
