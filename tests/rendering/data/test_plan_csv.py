"""A plan's picks as CSV: it reads back, and no spreadsheet runs it."""

import csv
import io
from datetime import date

import pytest
from tests.rendering.builders import HOSTILE, pick, picks, plan
from tests.rendering.waves import in_waves

from microopt.campaign.calendar import Wave
from microopt.campaign.metrics import METRICS
from microopt.rendering.data.csv import PLAN_COLUMNS, plan_csv
from microopt.rendering.sanitize import escape_formula, plain_text


def read(sample):
    return list(csv.DictReader(io.StringIO(plan_csv(sample), newline="")))


def test_a_header_and_a_row_a_pick_in_the_plans_order():
    rows = read(plan(picks(70)))
    assert len(rows) == 70
    assert tuple(rows[0]) == PLAN_COLUMNS
    assert [row["creator"] for row in rows] == [item.creator for item in picks(70)]


def test_every_field_reads_back_as_it_is():
    first = pick(
        fee=12_345, cost=23_456, fee_estimated=True, followers=1_234_567, metrics=dict.fromkeys(METRICS, 1_001)
    )
    assert read(plan([first])) == [
        {
            "creator": "@creator.0",
            "offer": "reel",
            "platform": "instagram",
            "tier": "mega",
            "niche": "beauty|home decor",
            "region": "US",
            "followers": "1234567",
            "fee": "123.45",
            "fee_estimated": "yes",
            "cost": "234.56",
            **dict.fromkeys(METRICS, "1.001"),
            "units": "1",
        }
    ]


def test_each_line_of_extra_costs_is_a_column_with_what_each_pick_pays():
    paid = [{"usage": 1_205, "seeding": 300}, {}, {"travel": 70, "commission": 5}]
    chosen = [pick(fee=40_000, cost=40_000 + sum(own.values()), extra_costs=own) for own in paid]
    rows = read(plan(chosen))
    extras = {name: [row[name] for row in rows] for name in rows[0] if name not in PLAN_COLUMNS}
    assert extras == {
        "usage_amount": ["12.05", "0.00", "0.00"],
        "seeding": ["3.00", "0.00", "0.00"],
        "travel": ["0.00", "0.00", "0.70"],
        "commission_cost": ["0.00", "0.00", "0.05"],
    }


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_reads_back_in_its_cell(text):
    row = read(plan([pick(creator=text, offer=text, platform=text, tier=text, niche=(text,), region=text)]))[0]
    for column in ("creator", "offer", "platform", "tier", "niche", "region"):
        assert row[column].removeprefix("'") == plain_text(text)
    assert row["fee"] == "400.00"


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u202e=1", "=cmd|' /C calc'!A0"]
)
def test_no_cell_starts_a_formula(text):
    sample = plan([pick(creator=text, offer=text, platform=text, tier=text, niche=(text,), region=text)])
    assert all(cell.strip()[:1] not in tuple("=+-@") for cell in read(sample)[0].values())


def test_every_row_is_a_line_without_control_characters():
    text = plan_csv(plan([pick(creator=text) for text in HOSTILE.values()]))
    assert len(text.splitlines()) == len(HOSTILE) + 1
    assert not any(ord(character) < 32 and character != "\n" for character in text)


def test_an_empty_plan_is_a_header():
    assert plan_csv(plan([], baseline=None)).splitlines() == [",".join(PLAN_COLUMNS)]


def test_the_wave_of_each_post_is_a_column_where_the_plan_has_a_calendar():
    made = in_waves(3)
    rows = read(made)
    assert tuple(rows[0]) == (*PLAN_COLUMNS, "wave")
    assert [row["wave"] for row in rows] == [item.wave for item in made.picks]
    assert plan_csv(in_waves(3, [])).strip().endswith(",wave")


@pytest.mark.parametrize("text", ["=1+1", '+HYPERLINK("x")', "a,b", 'say "now"', "\u202etime"])
def test_the_name_of_a_wave_runs_in_no_spreadsheet(text):
    waves = (Wave(name=text, starts=date(2027, 3, 1), ends=date(2027, 3, 9)),)
    (row,) = read(in_waves(1, [pick(wave=text)], waves=waves))
    assert row["wave"] == escape_formula(plain_text(text))


def test_days_are_columns_where_picks_have_them():
    days = {"posting_date": date(2027, 3, 16), "briefing_date": date(2027, 3, 2)}
    first, second = read(in_waves(1, [pick(wave="2027-03", **days), pick(1, wave="2027-03")]))
    assert (first["posting_date"], first["briefing_date"]) == ("2027-03-16", "2027-03-02")
    assert "approval_date" not in first  # drafts are not approved
    assert (second["posting_date"], second["briefing_date"]) == ("", "")
