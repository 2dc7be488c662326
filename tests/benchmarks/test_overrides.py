"""`[forecast]`: figures that replace defaults, strictly."""

import pytest

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks
from microopt.errors import CampaignError


def over(figures):
    return override_benchmarks(default_benchmarks(), figures)


def test_a_figure_replaces_one_default_and_nothing_else():
    result = over({"deal": {"agency": 0.15}})
    assert result.figure("deal", "agency") == 0.15
    assert result.table("deal")["product"] == [20, 50]
    assert default_benchmarks().figure("deal", "agency") == 0


@pytest.mark.parametrize(
    ("figures", "table", "key", "value"),
    [
        ({"sponsored": {"ratio": [1, [0.8, 0.9]]}}, "sponsored", "ratio", [1, [0.8, 0.9]]),
        ({"deal": {"product": [5, 8]}}, "deal", "product", [5, 8]),
        ({"deal": {"product": "12.5"}}, "deal", "product", 12.5),
        (
            {"engagement": {"instagram": {"mu": [-3, -3, -3, -3, -3, "-3.5"]}}},
            "engagement.instagram",
            "mu",
            [-3, -3, -3, -3, -3, -3.5],
        ),
        ({"sponsored": {"rates_from": "sponsored"}}, "sponsored", "rates_from", "sponsored"),
        ({"format": {"instagram": {"reel": {"view_rate": 0.6}}}}, "format.instagram.reel", "view_rate", 0.6),
    ],
)
def test_figures_of_every_kind_can_be_replaced(figures, table, key, value):
    assert over(figures).table(table)[key] == value


def test_one_figure_stands_for_every_band():
    assert over({"conversion": {"cvr": 0.03}}).table("conversion")["cvr"] == [0.03] * 5
    assert over({"sponsored": {"floors": [1000, 9000], "ratio": 0.9}}).table("sponsored")["ratio"] == [0.9, 0.9]


def test_bands_are_replaced_with_all_their_figures():
    result = over({"sponsored": {"floors": [1000, 5000, 10000], "ratio": [1, 0.9, 0.8]}})
    assert result.table("sponsored")["ratio"] == [1, 0.9, 0.8]


@pytest.mark.parametrize(
    ("figures", "place", "says"),
    [
        ({"shrinkage": {"post": 3}}, "forecast.shrinkage.post", "did you mean posts?"),
        ({"shrinkag": {}}, "forecast.shrinkag", "did you mean shrinkage?"),
        ({"zzz": 3}, "forecast.zzz", "use one of"),
        ({"deal": {"source": "me"}}, "forecast.deal.source", "use one of: agency"),
        ({"cpm": 3}, "forecast.cpm", "[forecast.cpm]"),
        ({"deal": {"agency": "15%"}}, "forecast.deal.agency", "from 0 to 1, such as 0.15 for 15%"),
        ({"deal": {"agency": 15}}, "forecast.deal.agency", "from 0 to 1"),
        ({"deal": {"agency": True}}, "forecast.deal.agency", "from 0 to 1"),
        ({"deal": {"agency": -0.1}}, "forecast.deal.agency", "from 0 to 1"),
        ({"deal": {"agency": "nan"}}, "forecast.deal.agency", "from 0 to 1"),
        ({"deal": {"agency": [0.1, 0.2]}}, "forecast.deal.agency", "from 0 to 1"),
        ({"conversion": {"cvr": [0.03, 0.03, 0.03, 0.03, 3]}}, "forecast.conversion.cvr", "write it like"),
        ({"engagement": {"instagram": {"mu": 50}}}, "forecast.engagement.instagram.mu", "write it like"),
        ({"deal": {"product": [5, 1.5]}}, "forecast.deal.product", "[low, high]"),
        ({"deal": {"product": [5]}}, "forecast.deal.product", "[low, high]"),
        ({"engagement": {"instagram": {"mu": [-1, -2]}}}, "forecast.engagement.instagram.mu", "give 6 figures"),
        (
            {"engagement": {"instagram": {"sd_within": [0, 1, 1, 1, 1, 1]}}},
            "forecast.engagement.instagram.sd_within",
            "write it like",
        ),
        ({"sponsored": {"floors": [5, 1], "ratio": [1, 1]}}, "forecast.sponsored.floors", "ascending"),
        ({"sponsored": {"floors": [5, 5], "ratio": [1, 1]}}, "forecast.sponsored.floors", "ascending"),
        ({"sponsored": {"rates_from": "tv"}}, "forecast.sponsored.rates_from", '"organic"'),
        ({"shrinkage": {"winsorise": 1}}, "forecast.shrinkage.winsorise", "from 0.51 to 0.999"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(figures, place, says):
    with pytest.raises(CampaignError) as refused:
        over(figures)
    assert refused.value.faults[0].column == place
    assert says in refused.value.fix


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(CampaignError) as refused:
        over({"deal": {"agncy": 1, "product": "x"}, "cpn": {}})
    assert len(refused.value.faults) == 3


def test_every_table_of_the_defaults_has_its_source_and_year():
    def tables(block, name=""):
        for key, inner in block.items():
            if isinstance(inner, dict):
                yield from tables(inner, f"{name}.{key}".strip("."))
        if any(not isinstance(value, dict) for value in block.values()) and not name.startswith("format."):
            yield name, block

    result = dict(tables(default_benchmarks().tables))
    assert "shrinkage" in result
    assert [name for name, block in result.items() if not {"source", "year"} <= block.keys()] == []
