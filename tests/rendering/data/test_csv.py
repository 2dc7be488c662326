"""A trade-off as data: one JSON object whose figures are numbers, one row of CSV a point."""

import csv
import io
import json

import pytest
from tests.rendering.builders import HOSTILE, front, ideal, pick, point

from microopt.campaign.metrics import METRICS
from microopt.errors import UsageError
from microopt.rendering import tradeoff_renderer
from microopt.rendering.data.csv import tradeoff_csv
from microopt.rendering.data.json import object_json

POINT = {"status", "totals", "weights", "change", "assumed", "picks"}


def to_value(result):
    return json.loads(object_json(result))


def csv_rows(result):
    return list(csv.DictReader(io.StringIO(tradeoff_csv(result))))


def test_the_schema_is_first_and_every_point_has_every_key():
    value = to_value(front())
    assert next(iter(value)) == "schema"
    assert (value["schema"], value["status"], value["metrics"]) == (
        "microopt.tradeoff/1",
        "optimal",
        ["engagements", "conversions"],
    )
    assert [set(item) for item in value["points"]] == [POINT] * 3
    assert len(value["shares"]) == 3
    assert not {"goal", "ideals"} & set(value["campaign"])


def test_money_is_in_units_metrics_are_numbers_and_shares_fractions():
    value = to_value(front())
    first, second, third = value["points"]
    totals = first["totals"]
    assert (totals["spend"], totals["metrics"]["engagements"], totals["creators"]) == (900.0, 1_000, 2)
    assert value["shares"][0] == {"engagements": 1.0, "conversions": 0.5}
    assert [item["weights"] for item in (first, second, third)] == [
        {"low": 0.4, "high": 1.0},
        None,
        {"low": 0.0, "high": 0.4},
    ]
    assert value["balanced"] == 0
    assert first["change"] is None
    change = second["change"]
    assert (change["metrics"]["engagements"], change["spend"], change["dropped"]) == (-400, -1.0, ["@old"])


def test_ideals_have_their_bounds():
    loose = to_value(front(ideals=(ideal("engagements", 10**6),), not_examined=9))
    assert loose["ideals"] == [{"metric": "engagements", "total": 1_000, "bound": 1_000}]
    assert loose["shares"][0]["conversions"] is None


def test_the_whole_is_optimal_only_where_all_of_it_is():
    for open_ in (front(not_examined=1), front(unproven=1, gap=0.02)):
        assert to_value(open_)["status"] == "feasible"
        assert not open_.proven()
        assert not open_.proven(gap=0.01)
    assert front(unproven=1, gap=0.02).proven(gap=0.02)
    assert not front(not_examined=1).proven(gap=1.0)


def test_csv_has_a_row_for_each_point_and_blanks_for_what_is_not_known():
    first, second, third = csv_rows(front())
    assert list(first) == [
        "point",
        "status",
        "equal_weights",
        "creators",
        "spend",
        *METRICS,
        "share_engagements",
        "share_conversions",
        "weight_from",
        "weight_to",
    ]
    assert (first["point"], first["equal_weights"], first["spend"], first["engagements"]) == (
        "1",
        "yes",
        "900.00",
        "1000.000",
    )
    assert (second["weight_from"], second["weight_to"]) == ("", "")
    assert (third["share_engagements"], third["weight_to"]) == ("0.500000", "0.400000")


@pytest.mark.parametrize("name", HOSTILE)
def test_any_text_survives_as_json(name):
    sample = front(point(picks=(pick(0, creator=HOSTILE[name]),)), warnings=(HOSTILE[name],))
    object_json(sample).encode()
    assert to_value(sample)["warnings"] == [HOSTILE[name]] or name == "lone surrogate"


def test_a_file_has_the_format_of_its_suffix():
    assert tradeoff_renderer("json")(front()) == object_json(front())
    assert tradeoff_renderer("csv")(front()) == tradeoff_csv(front())
    assert "gives up" in tradeoff_renderer("table")(front())
    with pytest.raises(UsageError, match="not written as markdown"):
        tradeoff_renderer("markdown")
