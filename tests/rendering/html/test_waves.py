"""The page of a plan with a calendar: a chart and a table of its waves, and the wave of each post."""

import re

import pytest
from msgspec.structs import replace

from microopt.analysis.report.result import Edition
from microopt.rendering.html.page import plan_html, report_html
from tests.rendering.builders import plan, report
from tests.rendering.html.test_page import data, visible
from tests.rendering.waves import in_waves, months, pick


def section(page):
    """Return the part on waves."""
    return re.search(r'<section aria-labelledby="waves-title".*?</section>', page, re.DOTALL)[0]


def cells(part):
    """Return the rows of the table of a part."""
    rows = re.findall(r"<tr>(.*?)</tr>", part.partition("<table>")[2], re.DOTALL)
    return [[" ".join(visible(cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def test_the_page_draws_the_waves_twice_and_has_their_totals():
    part = section(plan_html(in_waves(3)))
    assert part.count('<svg class="chart-waves-') == 2
    assert cells(part) == [
        ["Wave", "Creators", "Posts", "Spend", "Engagements", "Conversions"],
        ["2027-03 Mar 1\u2009–\u200931, 2027".replace("\u2009", " "), "5", "5", "$2,250", "4,500", "10"],
        ["2027-04 Apr 1 – 30, 2027", "0", "0", "$0", "0", "0"],
        ["2027-05 May 1 – 31, 2027", "2", "2", "$900", "1,800", "4"],
        ["Total", "5", "7", "$3,150", "6,300", "14"],
    ]


def test_a_clients_page_is_in_its_language_and_without_fees():
    told = replace(report(in_waves(3)), edition=Edition(audience="client", fees=False, language="de"))
    part = section(report_html(told))
    assert "Wer wann postet" in part
    assert "7 Posts in 2 von 3 Wellen" in part
    assert cells(part)[0] == ["Welle", "Creator", "Posts", "Interaktionen", "Conversions"]
    assert "$" not in visible(part)


def test_the_table_of_creators_has_the_wave_of_each_post_and_can_be_filtered_by_it():
    page = plan_html(in_waves(3))
    found = data(page)["creators"]
    place = found["keys"].index("wave")
    assert [row[place] for row in found["rows"]] == [item.wave for item in in_waves(3).picks]
    assert found["facets"]["wave"] == [[0 if item.wave == "2027-03" else 1] for item in in_waves(3).picks]
    assert '<span class="note"><bdi>2027-05</bdi></span>' in page
    assert ">All waves<" in page
    assert "5 creators in all" in page


def test_letters_are_explained_where_bars_have_them():
    assert "R reel" not in section(plan_html(in_waves(3)))
    part = section(plan_html(in_waves(12)))
    assert '<p dir="auto">R reel · V video · S story · L live stream</p>' in part


def test_a_long_list_says_how_many_creators_the_chart_leaves_out():
    waves = months(2)
    chosen = [pick(number, wave=waves[number % 2].name) for number in range(100)]
    assert "50 more creators are in the table of creators." in section(plan_html(in_waves(2, chosen)))


@pytest.mark.parametrize("made", [plan(), in_waves(3, [])], ids=["without a calendar", "empty"])
def test_other_plans_have_no_part_on_waves(made):
    page = plan_html(made)
    assert 'id="waves"' not in page
    assert "#waves" not in page
    assert "wave" not in data(page)["creators"]["facets"]
