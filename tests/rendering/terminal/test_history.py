"""A history as text: every name survives, no line is wider than the screen."""

import csv
import io
import json

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.inflight.history.build import build_history
from microopt.readers.plan_file import parse_plan
from microopt.readers.plan_folder import FoundPlan
from microopt.rendering import history_renderer
from microopt.rendering.terminal.history import history_table
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.wording.history import history_title
from tests.rendering.builders import HOSTILE
from tests.storage.database.builders import added, dropped, post_results, run_plans


def history(count=3, name="{}.json", **facts):
    result = [
        FoundPlan(file=parse_plan(text.encode(), name.format(n)), made_at="2026-03-01T02:00:00Z")
        for n, (_, text) in enumerate(run_plans(count, **facts))
    ]
    return build_history("nights", result)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120])
@pytest.mark.parametrize("name", [*HOSTILE.values(), "@anna"])
def test_no_line_is_wider_than_the_screen(width, name):
    output = history(
        switches=[added(name), dropped(name)], states=[(name, "signed")], actuals=[post_results(name, 123456.0, 1.0)]
    )
    lines = history_table(output, Screen(width=width)).splitlines()
    assert max(map(cell_len, lines)) <= width


def test_each_night_is_a_line_the_newest_last_with_what_it_changed_below():
    output = history(
        2,
        switches=[added("@anna"), dropped("@ben")],
        states=[("@cleo", "signed")],
        actuals=[post_results("@cleo", 50.0)],
    )
    lines = history_table(output, Screen(width=80)).splitlines()
    assert lines == [
        "Test: 2 plans, 2026-03-01 to 2026-03-02",
        "Latest plan: $3,150 -> 6,300 engagements · 14 conversions.",
        "In all, 1 added and 1 dropped. Every plan is proven best.",
        "",
        "When (UTC)        Creators    Cost  Engagements  Conversions        Gain",
        "2026-03-01 02:00         7  $3,150        6,300           14  first plan",
        "2026-03-02 02:00         7  $3,150        6,300           14       +2.0%",
        "  + @anna: fee fell from $900 to $700",
        "  - @ben: declined",
        "  Signed: @cleo.",
        "  Results to date: 50 engagements, from 1 post by 1 creator, up to 2026-03-02.",
        "Gain: compared with keeping everyone who was still available.",
    ]


@pytest.mark.parametrize("width", [40, 44, 48, 56, 60])
def test_no_figure_is_cut_on_a_narrow_screen(width):
    lines = history_table(history(2), Screen(width=width)).splitlines()
    row = next(line for line in lines if line.startswith("2026-03-02"))
    assert row.startswith("2026-03-02 02:00")
    assert "$3,150" in row
    assert "6,300" in row
    assert "…" not in "".join(lines)


@pytest.mark.parametrize("width", [100, 110, 120])
def test_names_of_plans_give_way_to_figures(width):
    output = history(2, name="2026-03-01T020000Z-a-name-as-long-as-those-that-are-kept-{}.json")
    lines = history_table(output, Screen(width=width)).splitlines()
    assert lines[5].startswith("2026-03-01 02:00         7  $3,150        6,300           14  first plan  2026-03-")


def test_a_night_of_many_switches_names_some_and_counts_the_rest():
    text = history_table(history(2, switches=[added(f"@c{number}") for number in range(20)]), Screen(width=80))
    assert "+ and 14 more" in text
    assert "@c6" not in text


@pytest.mark.parametrize(
    ("source", "title"),
    [
        (".", "3 plans, 2026-03-01 to 2026-03-03"),
        ("../", "3 plans, 2026-03-01 to 2026-03-03"),
        (".nights", ".nights: 3 plans, 2026-03-01 to 2026-03-03"),
    ],
)
def test_plans_without_a_name_have_that_of_their_folder_but_not_its_dots(source, title):
    entries = [replace(entry, name=None) for entry in history().entries]
    assert history_title(replace(history(), entries=entries, source=source)) == title


def test_the_last_plans_of_a_folder_without_a_name_begin_a_sentence():
    entries = [replace(entry, name=None) for entry in history().entries]
    title = history_title(replace(history(), entries=entries, source=".", omitted=2))
    assert title == "The last 3 plans, 2026-03-01 to 2026-03-03"


def test_plans_have_the_name_of_the_newest():
    entries = [
        replace(entry, name=name) for entry, name in zip(history().entries, ("Spring", "Summer", "Spring"), strict=True)
    ]
    assert history_title(replace(history(), entries=entries)).startswith("Spring: 3 plans")


def test_json_tells_all_of_it():
    value = json.loads(history_renderer("json")(history(2, switches=[added("@anna")], states=[("@cleo", "live")])))
    assert value["schema"] == "microopt.history/1"
    assert [number["previous"] for number in value["entries"]] == [None, value["entries"][0]["seal"]]
    assert value["entries"][1]["transitions"] == [{"creator": "@cleo", "before": None, "after": "live", "waves": []}]
    assert value["entries"][1]["replan"]["switches"][0]["creator"] == "@anna"
    assert value["entries"][1]["replan"]["gain"]["share"] == 0.02


def test_markdown_shows_the_figures_of_the_terminal():
    assert history_renderer("markdown")(history(2)).splitlines()[2:6] == [
        "| When (UTC) | Creators | Cost | Engagements | Conversions | Gain |",
        "| --- | --: | --: | --: | --: | --: |",
        "| 2026-03-01 02:00 | 7 | $3,150 | 6,300 | 14 | first plan |",
        "| 2026-03-02 02:00 | 7 | $3,150 | 6,300 | 14 | +2.0% |",
    ]


def test_csv_has_a_row_a_night():
    rows = list(csv.DictReader(io.StringIO(history_renderer("csv")(history(3, switches=[added("@a"), added("=b")])))))
    assert [row["added"] for row in rows] == ["", "'@a|=b", "'@a|=b"]
    assert [row["gain_share"] for row in rows] == ["", "0.020000", "0.020000"]


def test_handles_stand_in_csv_as_they_are_alone_and_in_lists():
    for names in (["@a"], ["@a", "@b.c"]):
        text = history_renderer("csv")(history(2, switches=[added(name) for name in names]))
        assert list(csv.DictReader(io.StringIO(text)))[1]["added"] == "|".join(names)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_every_format_survives_hostile_names(name):
    output = history(2, switches=[added(name)], states=[(name, "done")])
    for format in ("json", "csv", "markdown", "table"):
        assert history_renderer(format)(output).encode("utf-8")
