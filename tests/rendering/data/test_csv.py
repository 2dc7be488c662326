"""A trade-off as data: one JSON object whose figures are numbers, one row of CSV a point."""

import csv
import io
import json

import pytest
from tests.rendering.builders import HOSTILE, front, ideal, pick, point

from microopt.campaign.metrics import METRICS
from microopt.errors import UsageError
from microopt.rendering import front_renderer
from microopt.rendering.data.csv import front_csv
from microopt.rendering.data.tradeoff_json import front_json

POINT = {"status", "spend", "totals", "shares", "weights", "equal_weights", "change", "assumed", "picks"}


def value_of(made):
    return json.loads(front_json(made))


def rows_of(made):
    return list(csv.DictReader(io.StringIO(front_csv(made))))


def test_the_schema_is_first_and_every_point_has_every_key():
    value = value_of(front())
    assert next(iter(value)) == "schema"
    assert (value["schema"], value["status"], value["metrics"]) == (
        "microopt.tradeoff/1",
        "optimal",
        ["engagements", "conversions"],
    )
    assert [set(one) for one in value["points"]] == [POINT] * 3
    assert not {"goal", "worth", "target", "ideals"} & set(value["campaign"])


def test_money_is_in_units_metrics_are_numbers_and_shares_fractions():
    first, second, third = value_of(front())["points"]
    assert (first["spend"], first["totals"]["engagements"], first["totals"]["creators"]) == (900.0, 1_000, 2)
    assert first["shares"] == {"engagements": 1.0, "conversions": 0.5}
    assert [one["weights"] for one in (first, second, third)] == [
        {"from": 0.4, "to": 1.0},
        None,
        {"from": 0.0, "to": 0.4},
    ]
    assert [one["equal_weights"] for one in (first, second, third)] == [True, False, False]
    assert first["change"] is None
    assert (second["change"]["engagements"], second["change"]["spend"], second["change"]["left"]) == (
        -400,
        -1.0,
        ["@old"],
    )


def test_ideals_have_their_bounds():
    loose = value_of(front(ideals=(ideal("engagements", 10**6),), left_out=9))
    assert (loose["ideals"], loose["ideal_bounds"]) == ({"engagements": 1_000}, {"engagements": 1_000})
    assert loose["points"][0]["shares"]["conversions"] is None


def test_the_whole_is_optimal_only_where_all_of_it_is():
    for open_ in (front(left_out=1), front(open=1, gap=0.02)):
        assert value_of(open_)["status"] == "feasible"
        assert not open_.proven()
        assert not open_.proven(gap=0.01)
    assert front(open=1, gap=0.02).proven(gap=0.02)
    assert not front(left_out=1).proven(gap=1.0)


def test_csv_has_a_row_for_each_point_and_blanks_for_what_is_not_known():
    first, second, third = rows_of(front())
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
    made = front(point(picks=(pick(0, creator=HOSTILE[name]),)), warnings=(HOSTILE[name],))
    front_json(made).encode()
    assert value_of(made)["warnings"] == [HOSTILE[name]] or name == "lone surrogate"


def test_a_file_has_the_format_of_its_suffix():
    assert front_renderer("json")(front()) == front_json(front())
    assert front_renderer("csv")(front()) == front_csv(front())
    assert "gives up" in front_renderer("table")(front())
    with pytest.raises(UsageError, match="not written as markdown"):
        front_renderer("markdown")
