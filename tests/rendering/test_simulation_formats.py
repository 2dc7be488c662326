"""A simulation as CSV, Markdown, page, workbook and picture: its figures, and text that means harm."""

import csv
import io
import zipfile

import pytest
from msgspec.structs import replace

from microopt.rendering import simulation_renderer
from microopt.rendering.charts.histogram_chart import LIKELY, OTHER, histogram_chart
from tests.rendering.results import COMPARED, OUTPUTS
from tests.rendering.simulations import chance, creator, overspent, simulation, spread
from tests.support.hostile_text import PAYLOADS


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_every_figure_under_its_part_and_name():
    rows = rows_of(simulation_renderer("csv")(simulation(overspending=overspent())))
    found = {(row["part"], row["name"], row["figure"]): row["value"] for row in rows}
    assert found["simulation", "draws", "count"] == "10000"
    assert found["total", "engagements", "p90"] == "88000"
    assert found["outcomes", "engagements", "30000 to 40000"] == "2000"
    assert found["outcomes", "engagements", "90000 or more"] == "500"
    assert found["target", "conversions >= 300", "share"] == "0.71"
    assert found["budget", "overspent", "excess"] == "310"
    assert found["creator", "@anna", "shortfall"] == "0.6"
    assert len(found) == len(rows)


def test_markdown_has_a_table_of_each_part():
    text = simulation_renderer("markdown")(simulation(overspending=overspent()))
    assert text.startswith("# Spring launch: what the plan may bring\n")
    for cells in (
        "| Engagements | 62.0k | 63.0k | 35.0k | 41.0k | 50.0k | 88.0k |",
        "| Targets | ",
        "| micro | 50% | 60% | 10% |",
    ):
        assert cells in text


def test_the_page_has_the_answer_its_charts_and_its_tables_and_loads_nothing():
    page = simulation_renderer("html")(simulation(overspending=overspent()))
    assert page.count("<svg") == 2  # for a screen and for a phone
    for text in ("In 8 of 10 outcomes this plan brings 41.0k", "How often it holds", "Who carries the risk", "@anna"):
        assert text in page
    assert "default-src &#39;none&#39;" in page
    assert "<script" not in page
    assert 'class="proof"' not in page  # a chance is no good news by itself
    assert '<li class="note" dir="auto">It meets conversions' in page


def test_the_workbook_has_four_sheets_with_numbers():
    with zipfile.ZipFile(io.BytesIO(simulation_renderer("xlsx")(simulation(overspending=overspent())))) as book:
        sheets = book.read("xl/workbook.xml").decode()
        assert [name for name in ("Totals", "Chances", "Creators", "Outcomes") if f'name="{name}"' in sheets] == [
            *("Totals", "Chances", "Creators", "Outcomes")
        ]
        assert "<v>88000</v>" in book.read("xl/worksheets/sheet1.xml").decode()
        assert "<v>0.71</v>" in book.read("xl/worksheets/sheet2.xml").decode()
        assert any(name.startswith("xl/charts/") for name in book.namelist())


def test_the_chart_marks_what_is_likely_and_what_is_expected():
    sample = simulation()
    (shown,) = sample.histograms
    data = histogram_chart(sample, shown).to_dict()["datasets"]
    bins = max(data.values(), key=len)
    assert [row["share"] for row in bins] == [0.2, 0.3, 0.25, 0.1, 0.08, 0.02]
    assert [row["opacity"] for row in bins] == [OTHER, *[LIKELY] * 5]
    assert bins[0]["spoken"] == "30k to 40k: 20% of the outcomes"
    assert "expected 62.0k" in str(data)
    beyond = replace(sample, distributions=(spread(planned=500_000),))
    assert "expected" not in str(histogram_chart(beyond, shown).to_dict()["datasets"])


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_picture_has_the_answer_as_its_title(kind):
    drawn = simulation_renderer(kind)(simulation())
    assert "engagements (expected 62.0k)" in drawn if kind == "svg" else drawn.startswith(b"\x89PNG")


@pytest.mark.parametrize("text", ["=1+1", PAYLOADS["markup"], PAYLOADS["markup of rich"], PAYLOADS["long"]])
@pytest.mark.parametrize("output", OUTPUTS["simulation"])
def test_a_column_of_any_name_can_be_the_goal(output, text):
    render, check = OUTPUTS["simulation"][output]
    samples = [
        simulation(name, chances=(chance(name, "expected"),), risk=(creator(name),), warnings=(name,))
        for name in (text, "hours")
    ]
    shown = [render(sample) for sample in samples]
    check(*(shown if check in COMPARED else shown[:1]))
