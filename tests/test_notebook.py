"""Plans in notebooks: the page that is shown, the data frame, and the charts."""

import re
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser

import altair
import pandas as pd
import pytest

import microopt
from microopt.campaign.metrics import METRICS
from microopt.errors import OutputError
from microopt.plan.likely_range import LikelyRange
from microopt.rendering.charts import api as charts
from tests.rendering.builders import HOSTILE, pick, picks, plan, proof, rule
from tests.rendering.waves import in_waves

assert microopt.Plan  # the door that tells plans how they are shown
HOSTILE_TEXTS = {
    **HOSTILE,
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)',
    "close": "</td>",
}


CHART_TAGS = {"svg", "g", "path", "line", "rect", "text", "tspan", "title", "defs", "clippath"}


def page_without_charts(made):
    return re.sub(r"<svg .*?</svg>", "", made._repr_html_())


class Tags(HTMLParser):
    """Counts what is opened and what is closed, and keeps the attributes and the text."""

    def __init__(self, page):
        super().__init__()
        self.open, self.attributes, self.text = [], set(), []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.attributes |= {name for name, _ in attributes}
        assert tag in {"div", "table", "thead", "tbody", "tr", "th", "td", "bdi", "ul", "li", *CHART_TAGS}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_results_have_their_likely_ranges_and_warnings_are_listed():
    likely = {"engagements": LikelyRange(low=11_000_000, high=79_000_000)}
    page = plan([pick(likely=likely)], likely=likely, warnings=("row 3 is odd",))._repr_html_()
    assert page.count("(11k-79k)") == 3  # the headline, the pick, the total
    assert "<li>Warning: row 3 is odd.</li>" in page


def test_the_page_shows_headline_picks_mix_and_proof():
    text = " ".join(Tags(plan()._repr_html_()).text)
    assert all(
        part in text
        for part in (
            "Spring launch",
            "$3,150 -> 6,300 engagements",
            "budget $20,000 · goal balanced",
            "@creator.0",
            "mega",
        )
    )
    assert "Proven best for your goal and rules" in text


def test_a_plan_that_is_not_proven_says_so():
    doubtful = plan(proof=proof(status="feasible", limit="time"))
    assert "Not proven best" in doubtful._repr_html_()


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_hostile_text_is_text(text):
    one = pick(creator=text, offer=text, platform=text, tier=text, niche=(text,), region=text)
    made = plan([one], rules=(rule(label=text),), campaign={"name": text}, unspent_reason=text)
    page, tables = Tags(made._repr_html_()), Tags(page_without_charts(made))
    assert page.open == tables.open == []
    assert tables.attributes == {"style"}
    assert not [name for name in page.attributes if name.startswith("on")]


def test_the_page_has_no_colours_of_its_own_but_the_grey_of_its_lines():
    page = page_without_charts(plan())
    assert not re.findall(r"#[0-9a-fA-F]{3,6}\b|background|(?<![-\w])color:", page)
    assert set(re.findall(r"rgba?\([^)]*\)", page)) == {"rgba(128,128,128,.35)"}


def test_many_picks_are_cut_and_the_frame_has_them_all():
    made = plan(picks(70))
    assert "… and 20 more: plan.to_frame()" in made._repr_html_()
    assert len(made.to_frame()) == 70


def test_a_plan_with_a_calendar_shows_its_waves_and_the_frame_has_the_wave_of_each_post():
    made = in_waves(3)
    text = " ".join(Tags(page_without_charts(made)).text)
    assert "By wave" in text
    assert "5 creators, 7 posts" in text
    assert text.count("live stream") == 2  # the picks, and their waves
    assert list(made.to_frame()["wave"]) == [item.wave for item in made.picks]
    assert "By wave" not in page_without_charts(plan())
    assert "wave" not in plan().to_frame()


def test_the_frame_has_days_as_dates():
    day = date(2027, 3, 16)
    frame = in_waves(1, [pick(wave="2027-03", posting_date=day), pick(1, wave="2027-03")]).to_frame()
    assert frame["posting_date"][0] == pd.Timestamp(day)
    assert frame[["posting_date", "approval_date", "briefing_date"]].isna().sum().tolist() == [1, 2, 2]
    assert str(frame["posting_date"].dtype).startswith("datetime64")
    assert "posting_date" not in plan().to_frame()


def test_an_empty_plan_is_a_page_and_a_frame_with_the_same_types():
    empty = plan([], baseline=None)
    assert Tags(empty._repr_html_()).open == []
    assert list(empty.to_frame().dtypes) == list(plan().to_frame().dtypes)


def test_the_frame_has_money_in_the_currencys_unit_and_results_as_numbers():
    one = pick(fee=12_345, cost=23_456, units=2, revenue=None, usual_fee=9_900, metrics=dict.fromkeys(METRICS, 1_500))
    row = plan([one]).to_frame().iloc[0]
    assert (row.creator, row.niche, row.followers, row.units) == ("@creator.0", "beauty|home decor", 18_300, 2)
    assert (row.fee, row.cost, row.usual_fee) == (123.45, 234.56, 99.0)
    assert [row[name] for name in METRICS] == [1.5] * len(METRICS)
    assert pd.isna(row.revenue)


def test_the_frames_sums_are_the_plans_totals():
    made = plan(picks(30))
    frame = made.to_frame()
    assert frame.cost.sum() == pytest.approx(made.totals.spend / 100)
    assert [frame[name].sum() for name in METRICS] == pytest.approx([made.totals.metrics[n] / 1000 for n in METRICS])


def charts_in(page):
    return re.findall(r'<svg class="chart-([a-z]+)-', page)


def test_the_page_draws_the_mix_and_what_each_pick_is_worth_in_the_colours_of_the_notebook():
    page = plan()._repr_html_()
    assert charts_in(page) == ["mix", "worth"]
    used, given = (set(re.findall(pattern, page)) for pattern in (r"var\((--\w+)\)", r"(--\w+):"))
    assert "--text" in used <= given


def test_charts_of_two_plans_in_a_notebook_share_no_name():
    first, second = (set(re.findall(r' id="([^"]+)"', plan(picks(n))._repr_html_())) for n in (2, 3))
    assert first
    assert not first & second


def test_without_the_extra_or_picks_the_page_has_no_charts(monkeypatch):
    assert charts_in(plan([], baseline=None)._repr_html_()) == []
    monkeypatch.setattr("microopt.rendering.notebook.missing_modules", lambda name: ["altair"])
    page = plan()._repr_html_()
    assert charts_in(page) == []
    assert "Proven best for your goal and rules" in page


def test_a_chart_that_cannot_be_drawn_leaves_the_rest_of_the_page(monkeypatch):
    def fail(svg):
        raise OutputError("a chart cannot be drawn: its process ended")

    monkeypatch.setattr("microopt.rendering.charts.notebook_charts.start_drawing", fail)
    page = plan()._repr_html_()
    assert "<div>A chart cannot be drawn: its process ended.</div>" in page
    assert "Proven best for your goal and rules" in page


def test_charts_are_altair_charts():
    assert all(isinstance(chart(plan()), altair.LayerChart) for chart in (charts.mix, charts.worth))


def test_a_chart_without_the_extra_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(OutputError, match="altair") as caught:
        charts.mix(plan())
    assert (caught.value.code, "microopt[report]" in caught.value.fix) == ("extra-missing", True)


@pytest.mark.parametrize("taken", ["Plan", "optimize", "CampaignInput"])
def test_taking_a_public_name_is_enough_for_plans_to_be_shown(taken):
    code = f"""
import microopt; microopt.{taken}
from microopt import CampaignInput, campaign_from_input, optimize, read_roster
made = optimize(read_roster("examples/launch.csv"), campaign_from_input(CampaignInput(budget="20k")))
print(made._repr_html_()[:5])"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "<div>"
