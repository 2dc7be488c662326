"""The JSON of two plans side by side: its contract, its units, and that it is complete."""

import json
from fractions import Fraction

import pytest
from tests.rendering.builders import HOSTILE, creator_move, picks, plan_comparison, plan_side, retained_creator, totals

from microopt.analysis.plan_diff.result import FieldChange
from microopt.errors import UsageError
from microopt.rendering import plan_diff_renderer
from microopt.rendering.data.json import object_json

KEYS = [
    *("schema", "microopt", "same", "change_in_totals", "before", "after", "campaign"),
    *("added", "dropped", "retained", "notes", "warnings"),
]
SIDE = {
    *("path", "name", "roster", "sha256", "currency", "goal", "budget", "status", "gap", "objective"),
    *("ideals", "totals", "target_audience", "sealed"),
}
TOTALS = {"creators", "spend", "fees", "extra_costs", "metrics", "revenue", "profit"}
PURCHASE = {"creator", "tier", "followers", "fee", "totals", "picks"}


def to_value(of):
    return json.loads(object_json(of))


def test_the_object_holds_exactly_the_keys_of_the_contract():
    value = to_value(plan_comparison())
    assert list(value) == KEYS
    assert value["schema"] == "microopt.plan_comparison/1"
    assert set(value["before"]) == set(value["after"]) == SIDE
    assert set(value["change_in_totals"]) == {*TOTALS, "objective"} - {"fees", "extra_costs"}
    assert set(value["before"]["totals"]) == TOTALS
    assert set(value["added"][0]) == {"purchase", "causes"}
    assert set(value["added"][0]["purchase"]) == PURCHASE
    assert set(value["retained"][0]) == {"before", "after", "changes"}
    assert set(value["retained"][0]["after"]) == PURCHASE
    assert value["dropped"][1]["causes"][0] == {"kind": "fee", "message": "not on the roster of B"}


def test_money_is_in_the_currency_and_metrics_are_plain_numbers():
    value = to_value(plan_comparison())
    before, change = value["before"], value["change_in_totals"]
    assert (before["budget"], before["totals"]["spend"], change["spend"]) == (20_000, 3_150, -450)
    assert (before["totals"]["metrics"]["engagements"], change["metrics"]["engagements"]) == (6_300, -900)
    purchase = value["added"][0]["purchase"]
    assert (purchase["fee"], purchase["totals"]["spend"], purchase["totals"]["metrics"]["reach"]) == (400, 450, 8_000)
    assert change["objective"] == float(Fraction(3, 2) - Fraction(187, 100))


def test_changes_of_who_stayed_are_in_the_same_units():
    changes = (
        FieldChange(field="fee", before=40_000, after=55_000),
        FieldChange(field="clicks", before=1_500, after=None),
        FieldChange(field="followers", before=9, after=8),
        FieldChange(field="tier", before="nano", after="micro"),
    )
    (first,) = to_value(plan_comparison(retained=(retained_creator(1, *changes),)))["retained"]
    pairs = {change["field"]: (change["before"], change["after"]) for change in first["changes"]}
    assert pairs == {"fee": (400, 550), "clicks": (1.5, None), "followers": (9, 8), "tier": ("nano", "micro")}


def test_what_cannot_be_compared_is_null():
    value = to_value(plan_comparison(after=plan_side("b.json", currency="EUR", totals=totals(picks(6)))))
    change = value["change_in_totals"]
    assert change["spend"] is change["objective"] is change["revenue"] is None
    assert change["creators"] == -1


def test_the_object_holds_everyone_however_many():
    value = to_value(plan_comparison(added=tuple(creator_move(number) for number in range(200))))
    assert len(value["added"]) == 200


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_text_of_a_roster_is_kept_as_utf8_holds_it(text):
    value = to_value(plan_comparison(added=(creator_move(1, text, creator=text),)))
    assert value["added"][0]["purchase"]["creator"] == text.encode("utf-8", "replace").decode("utf-8")


def test_formats_are_json_and_a_table():
    assert plan_diff_renderer("json")(plan_comparison()) == object_json(plan_comparison())
    table = plan_diff_renderer("table")(plan_comparison())
    assert table.startswith("Warning: a warning.\nB brings 14% fewer engagements")
    with pytest.raises(UsageError, match="not written as csv"):
        plan_diff_renderer("csv")
