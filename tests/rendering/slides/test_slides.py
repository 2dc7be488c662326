"""Slides: what stands on them adds up, hostile text is text, and the same plan is the same file."""

import io
from datetime import date
from zipfile import ZipFile

import pytest
from msgspec.structs import replace
from pptx import Presentation

from microopt.analysis.report.result import Edition, Report
from microopt.campaign.report_settings import ReportSettings
from microopt.readers.logo import SVG, Logo
from microopt.rendering import plan_renderer
from microopt.rendering.slides.slides import SHOWN_CREATORS, STEP_CHARACTERS, STEP_LINES, report_pptx
from tests.readers.test_logo import SQUARE
from tests.rendering.builders import HOSTILE, frontier, frontier_point, pick, picks, plan, proof
from tests.support.hostile_text import PAYLOADS


def open_deck(data):
    return Presentation(io.BytesIO(data))


def texts(deck):
    """Return the texts of each slide, of boxes and of cells."""
    slides = []
    for slide in deck.slides:
        found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        tables = [shape.table for shape in slide.shapes if shape.has_table]
        found += [cell.text for table in tables for row in table.rows for cell in row.cells]
        slides.append(found)
    return slides


def rows(deck, number):
    (table,) = [shape.table for shape in deck.slides[number].shapes if shape.has_table]
    return [[cell.text for cell in row.cells] for row in table.rows]


def build_report(sample=None, **facts):
    return Report(**{"plan": plan() if sample is None else sample, "seal": "ab" * 32, "microopt": "1", **facts})


def test_five_slides_say_what_the_plan_brings_and_for_whom():
    settings = ReportSettings(client="Glow", version="2", date=date(2027, 3, 1))
    sample = plan()
    sample = replace(sample, campaign=replace(sample.campaign, report=settings))
    deck = open_deck(report_pptx(build_report(sample, frontier=frontier(sample))))
    slides = texts(deck)
    assert len(slides) == 5
    assert any("For Glow" in text and "Version 2" in text for text in slides[0])
    assert any(text.startswith("For $3,150, 7 creators are forecast to bring") for text in slides[0])
    assert all(any("March 1, 2027" in text for text in slide) for slide in slides)
    assert "abababababababab" in " ".join(slides[4])


def test_there_is_no_slide_of_other_budgets_where_none_were_looked_at():
    assert len(open_deck(report_pptx(build_report())).slides) == 4


def test_charts_are_native_and_hold_the_shares_of_the_tiers():
    sample = plan()
    deck = open_deck(plan_renderer("pptx")(sample))
    (chart,) = [shape.chart for shape in deck.slides[1].shapes if shape.has_chart]
    spend = dict(zip(chart.plots[0].categories, chart.plots[0].series[0].values, strict=True))
    assert spend == {tier: own.spend / sample.totals.spend for tier, own in sample.mix.items()}


def test_creators_beyond_those_that_fit_are_summed_up():
    deck = open_deck(plan_renderer("pptx")(plan(picks(120))))
    _, *shown, others, total = rows(deck, 2)
    assert len(shown) == SHOWN_CREATORS
    assert others[0] == f"{120 - SHOWN_CREATORS} more"
    money = [int(row[5].strip("$").replace(",", "")) for row in (*shown, others)]
    assert sum(money) == int(total[5].strip("$").replace(",", "")) == 120 * 450


@pytest.mark.parametrize("count", [0, 1, 14])
def test_small_plans_have_every_creator(count):
    table = rows(open_deck(plan_renderer("pptx")(plan(picks(count)))), 2)
    assert len(table) == count + 2


def test_without_fees_no_money_of_a_single_creator_is_shown():
    sample = plan([pick(cost=12_345_00, fee=12_345_00), pick(1, cost=23_456_00, fee=23_456_00)])
    edition = Edition(audience="client", fees=False)
    told = "\n".join(
        text for slide in texts(open_deck(report_pptx(build_report(sample, edition=edition)))) for text in slide
    )
    assert "12,345" not in told
    assert "23,456" not in told
    assert "$35,801" in told  # the total


def test_without_fees_the_share_of_a_tier_with_one_creator_is_not_shown():
    sample = plan([pick(cost=30_000, fee=30_000, tier="mega"), *(pick(n, cost=20_000, fee=20_000) for n in (1, 2))])
    for fees, names in ((True, ["Spend", "Engagements", "Conversions"]), (False, ["Engagements", "Conversions"])):
        deck = open_deck(report_pptx(build_report(sample, edition=Edition(audience="client", fees=fees))))
        (chart,) = [shape.chart for shape in deck.slides[1].shapes if shape.has_chart]
        assert [one.name for one in chart.plots[0].series] == names
        assert any("43%" in row for row in rows(deck, 1)) is fees
        assert ("Results by tier" in texts(deck)[1]) is not fees


def test_a_client_reads_the_name_of_the_campaign_and_not_of_a_file_below_the_slides():
    sample = plan(campaign={"name": "Glow in spring"})
    for audience, foot in (("team", "Forecast by microopt from "), ("client", "Glow in spring")):
        slides = texts(open_deck(report_pptx(build_report(sample, edition=Edition(audience=audience)))))
        assert all(any(text.startswith(foot) for text in slide) for slide in slides)
        assert any("microopt from" in text for text in slides[0]) is (audience == "team")


def test_what_changes_at_each_budget_fits_beside_the_chart():
    named = [pick(n, creator=f"@a.creator.with.a.long.name.{n}") for n in range(40)]
    sample = plan(named[:8])
    own = sample.campaign.budget
    points = [frontier_point(own * (n + 1), named[4 * n : 5 * n + 8]) for n in range(6)]
    deck = open_deck(report_pptx(build_report(sample, frontier=frontier(sample, *points))))
    (steps,) = [text for text in texts(deck)[3] if text.startswith("At ")]
    assert 1 <= sum(-(-len(step) // STEP_CHARACTERS) for step in steps.splitlines()) <= STEP_LINES


def test_a_result_has_one_color_on_all_slides():
    colors, sample = {}, plan()
    deck = open_deck(report_pptx(build_report(sample, frontier=frontier(sample))))
    for number, paint in ((1, "fill"), (3, "line")):
        (chart,) = [shape.chart for shape in deck.slides[number].shapes if shape.has_chart]
        for one in chart.plots[0].series:
            form = one.format.fill.fore_color if paint == "fill" else one.format.line.color
            colors.setdefault(one.name, set()).add(str(form.rgb))
    assert len(colors) == 3
    assert all(len(found) == 1 for found in colors.values())


def test_a_plan_without_proof_never_reads_as_proven():
    sample = plan(proof=proof(status="feasible", limit="time", bound=proof().bound * 2))
    told = " ".join(text for slide in texts(open_deck(plan_renderer("pptx")(sample))) for text in slide)
    assert "Proven" not in told
    assert "not proven" in told


@pytest.mark.parametrize("text", [*HOSTILE.values(), *PAYLOADS.values(), "\ufffe\uffff\ud800", "x" * 10_000])
def test_hostile_text_is_text(text):
    first = pick(creator=text, offer=text, platform=text, tier=text, niche=(text,), region=text)
    sample = plan([first], campaign={"name": text, "report": ReportSettings(client=text, contact=text)})
    data = plan_renderer("pptx")(sample)
    open_deck(data)
    with ZipFile(io.BytesIO(data)) as package:
        relations = [package.read(name).decode() for name in package.namelist() if name.endswith(".rels")]
    assert not any("External" in relation for relation in relations)


def test_an_svg_logo_is_shown_as_a_picture():
    deck = open_deck(report_pptx(build_report(logo=Logo(media_type=SVG, data=SQUARE))))
    (picture,) = [shape for shape in deck.slides[0].shapes if shape.shape_type == 13]
    assert picture.image.content_type == "image/png"


def test_the_same_plan_is_the_same_file(monkeypatch):
    first = plan_renderer("pptx")(plan())
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert plan_renderer("pptx")(plan()) == first


def test_other_languages_write_their_own_numbers():
    report = build_report(edition=Edition(language="de"))
    assert any("3.150\xa0$" in text for text in texts(open_deck(report_pptx(report)))[0])
    alone = plan_renderer("pptx")(plan(campaign={"report": ReportSettings(language="de")}))
    assert any("3.150\xa0$" in text for text in texts(open_deck(alone))[0])
