"""Figures in the sentences of `forecast.md` are those of `defaults.toml`."""

import re
from math import exp
from pathlib import Path

import pytest

from microopt.benchmarks.table import default_benchmarks

TEXT = " ".join((Path(__file__).resolve().parents[2] / "docs" / "forecast.md").read_text(encoding="utf-8").split())
TABLES = default_benchmarks().tables
SHRINKAGE, GROWTH, CONVERSION, FORMAT = (TABLES[name] for name in ("shrinkage", "growth", "conversion", "format"))
YEARLY = GROWTH["per_year"][0]
REEL, STORY = (FORMAT["instagram"][name]["ctr"] for name in ("reel", "story"))


def percent(*shares):
    return [100 * share for share in shares]


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        (r"\(([\d.]+) if your list does not say\)", [SHRINKAGE["posts"]]),
        (r"beyond the ([\d.]+)% quantile", percent(SHRINKAGE["winsorise"])),
        (r"Student's t with ([\d.]+) degrees", [SHRINKAGE["degrees"]]),
        (r"([\d.]+)% more for each year", percent(YEARLY)),
        (r"year that has passed since those posts, ([\d.]+)% from 500,000", percent(GROWTH["per_year"][1])),
        (r"are taken to be ([\d.]+) days old", [GROWTH["age_days"]]),
        (r"days old on average, which is ([\d.]+)% more", percent(exp(YEARLY * GROWTH["age_days"] / 365) - 1)),
        (r"Paid posts bring ([\d.]+) of .*?, and ([\d.]+) above", TABLES["sponsored"]["ratio"]),
        (r"A story counts for ([\d.]+) of a feed post", [FORMAT["instagram"]["story"]["engagement"]]),
        (r"as if that rested on ([\d.]+) clicks", [CONVERSION["prior_clicks"]]),
        (r"which makes ([\d.]+)% to ([\d.]+)% of the views", percent(*REEL)),
        (r"On TikTok it is ([\d.]+)% to ([\d.]+)%", percent(*FORMAT["tiktok"]["video"]["ctr"])),
        (r"A story has a link of its own: ([\d.]+)% to ([\d.]+)%", percent(*STORY)),
        (r"a YouTube video in its description: ([\d.]+)% to ([\d.]+)%", percent(*FORMAT["youtube"]["video"]["ctr"])),
        (r"means ([\d.]+) times the conversions", [2 ** CONVERSION["engagement_elasticity"]]),
        (r"lift = exp\(([\d.]+) \(m - mu\)", [CONVERSION["engagement_elasticity"]]),
        (r"always between ([\d.]+) and ([\d.]+)\.", [1 / CONVERSION["most_lift"], CONVERSION["most_lift"]]),
    ],
)
def test_a_figure_of_the_text_is_the_figure_of_the_forecast(sentence, figures):
    found = re.search(sentence, TEXT)
    assert found, f"docs/forecast.md has no sentence like {sentence}: change it here too"
    rounded = [
        f"{figure:.{len(text.partition('.')[2])}f}" for text, figure in zip(found.groups(), figures, strict=True)
    ]
    assert [*found.groups()] == rounded
