"""Errors, diagnoses and roster summaries as text."""

import json
import re

import pytest
from rich.cells import cell_len

from microopt.errors import CampaignError, Fault, RosterError
from microopt.rendering.data.json import object_json
from microopt.rendering.terminal.diagnosis_and_errors import diagnosis_text, error_text, summary_text
from microopt.rendering.terminal.screen import Screen
from microopt.roster.roster import ColumnUse
from tests.rendering.builders import HOSTILE, diagnosis, fault, summary, suspicion

WIDE = Screen(width=120)


def faulty(count):
    faults = [fault(row) for row in range(2, count + 2)]
    return RosterError(f"roster.csv: {count} problems found", fix="correct these rows and try again", faults=faults)


def test_an_error_is_one_sentence_and_its_fix():
    text = error_text(CampaignError("there is no goal 'x'", fix="did you mean reach?"), WIDE)
    assert text == "Error: there is no goal 'x'.\nFix: Did you mean reach?\n"


def test_an_error_without_a_fix_has_no_line_for_it():
    assert error_text(CampaignError("it is so"), WIDE) == "Error: it is so.\n"


@pytest.mark.parametrize(("count", "rest"), [(1, None), (10, None), (11, "1"), (1_234, "1,224")])
def test_the_first_ten_faults_are_shown_and_the_rest_counted(count, rest):
    text = error_text(faulty(count), WIDE)
    assert len(re.findall("is not a number", text)) == min(count, 10)
    assert (f"… and {rest} more" in text) if rest else ("more" not in text)
    assert f"{count} problems found" in text


def test_every_fault_is_shown_where_that_is_asked():
    text = error_text(faulty(25), WIDE, all_faults=True)
    assert len(re.findall("is not a number", text)) == 25
    assert "more" not in text


def test_a_fault_shows_its_row_column_value_fix_and_code():
    lines = error_text(faulty(1), WIDE).splitlines()
    assert lines[2].split() == ["Row", "Column", "What", "is", "wrong", "Fix", "Code"]
    assert lines[3].split()[:2] == ["2", "followers"]
    assert "'x2' is not a number" in lines[3]
    assert "write a plain number" in lines[3]
    assert "number-unreadable" in lines[3]


def test_on_a_narrow_screen_the_fix_gets_the_place_of_the_code():
    long = "fill it in (0 for a gifted post), estimate it with --estimate-fees, or leave it out with --skip-bad-rows"
    faults = [fault(row, fix=long, code="fee-missing") for row in (2, 3)]
    text = error_text(RosterError("bad", faults=faults), Screen(width=80))
    assert "fee-missing" not in text
    assert len(text.splitlines()) < 14
    assert "fee-missing" in error_text(RosterError("bad", faults=faults), Screen(width=100))


def test_several_faults_of_a_campaign_are_a_table_without_rows():
    faults = [
        Fault(code="a", message="one is wrong", fix="mend one"),
        Fault(code="b", message="two is", fix="mend two"),
    ]
    text = error_text(CampaignError("2 problems in the campaign", fix="drop one", faults=faults), WIDE)
    assert "Row" not in text
    assert all(word in text for word in ("2 problems", "one is wrong", "mend two"))


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_fault_keeps_to_the_screen(width, name):
    text = HOSTILE[name]
    faults = [fault(2, value=text, column=text, message=f"{text} is wrong", fix=text, code="a-code"), fault(3)]
    output = error_text(RosterError(text, fix=text, faults=faults), Screen(width=width))
    assert [line for line in output.splitlines() if cell_len(line) > width] == []
    assert not any((ord(c) < 32 and c != "\n") or c in "\u2028\u202e\u2066\x7f\x9b\ud800" for c in output)
    assert "number-unreadable" in output.replace("\n", "").replace(" ", "") or width == 80


def test_there_are_no_color_codes_where_color_is_off():
    assert "\x1b" not in error_text(faulty(3), WIDE)
    assert "\x1b" in error_text(faulty(3), Screen(width=120, color=True))


def test_a_diagnosis_names_the_rules_that_clash():
    text = diagnosis_text(diagnosis(), WIDE)
    assert "No plan can meet all of your rules." in text
    assert "niche:beauty count >= 5" in text
    assert "budget" in text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_diagnosis_writes_no_codes(text):
    output = diagnosis_text(diagnosis(clash=(text,), warnings=(text,)), WIDE)
    assert not any((ord(c) < 32 and c != "\n") or c in "\u2028\u202e\u2066\x7f\x9b\ud800" for c in output)


def test_a_summary_shows_columns_ranges_and_counts():
    text = summary_text(summary(notes=("a note",), warnings=("careful",)), WIDE)
    assert "roster.csv: 1,000 offers from 900 creators (12 filtered out), no errors found." in text
    assert re.search(r"Handle +creator", text)
    assert re.search(r"hours +kept for rules and filters", text)
    assert re.search(r"fee +900 +\$12 +\$400 +\$9,000", text)
    assert "micro 38" in text
    assert "Note: a note." in text
    assert "Warning: careful." in text


def test_a_summary_lists_each_kind_of_figures_that_are_hard_to_believe():
    kinds = (suspicion("@a"), suspicion("@b", "@c", code="few-comments", text="1 comment"))
    lines = summary_text(summary(suspicions=kinds), Screen(width=200)).splitlines()
    start = lines.index("Hard to believe")
    assert lines[start + 1].startswith(
        "1 creator has more likes per post than followers: @a (5M likes, 20k followers)."
    )
    assert lines[start + 2].startswith("2 creators have more likes per post than followers: @b (1 comment), @c (")
    assert "--exclude-suspicious" in lines[start + 3]
    assert "Hard to believe" not in summary_text(summary(), WIDE)


def test_a_summary_begins_with_the_answer_the_sizes_and_what_forecasts_rest_on():
    first, second, third, *_ = summary_text(summary(), WIDE).splitlines()
    assert first.endswith("no problems found.")
    assert second == "Fees are $12 to $9,000, typically $400."
    assert third.startswith("Engagements are industry estimates: for your own, add a column engagement_rate.")
    doubted = summary_text(summary(suspicions=(suspicion("@a"),)), WIDE).splitlines()[0]
    assert doubted.endswith("no errors found, but some figures are hard to believe.")


def test_warnings_of_a_summary_follow_its_answer_and_notes_come_last():
    head, *_, last = summary_text(summary(notes=("a note",), warnings=("careful",)), WIDE).split("\n\n")
    assert head.endswith("Warning: careful.")
    assert last.endswith("\nNote: a note.\n")


def test_headers_that_are_used_as_they_are_need_no_row():
    uses = tuple(ColumnUse(header=name, column=name) for name in ("creator", "fee"))
    text = summary_text(summary(columns=(*uses, ColumnUse(header="Fans", column="followers"))), WIDE)
    assert re.search(r"Fans +followers", text)
    assert "Also used, by their own names: creator, fee" in text
    assert "Columns used, by their own names: creator, fee" in summary_text(summary(columns=uses), WIDE)


def test_figures_that_most_creators_share_are_told_once_of_the_list():
    many = suspicion("@a", "@b", "@c", count=600)
    text = " ".join(summary_text(summary(suspicions=(many,)), WIDE).split())
    assert "600 of 900 creators have more likes per post than followers, so the whole column may be wrong." in text
    assert "For example, @a: 5M likes, 20k followers." in text
    assert "@b" not in text


@pytest.mark.parametrize(("nano", "is_said"), [(890, False), (891, True)])
def test_creators_who_count_in_two_tiers_are_said_to(nano, is_said):
    text = summary_text(summary(counts={"tier": {"nano": nano, "micro": 10}}), WIDE)
    assert ("A creator with offers in two tiers counts in both." in text) is is_said


def test_a_summary_of_many_values_shows_twelve_and_counts_the_rest():
    text = summary_text(summary(counts={"niche": {f"n{number}": 1 for number in range(40)}}), WIDE)
    assert "n11 1" in text
    assert "n12 1" not in text
    assert "and 28 more" in text


@pytest.mark.parametrize("name", ["available_from", "volume_discount", "Verfügbar ab"])
def test_the_name_of_a_column_is_not_broken_on_a_narrow_screen(name):
    fix = "write a day as 2027-03-15 or 15 Mar 2027, a month as 2027-03, or leave the cell empty where it is open"
    faults = [
        Fault(code="date-unreadable", message="'next month, maybe' is not a date", fix=fix, row=row, column=name)
        for row in range(2, 12)
    ]
    text = error_text(RosterError("2 problems found", fix="correct them", faults=faults), Screen(width=80))
    assert text.count(name) == 10


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_summary_keeps_to_the_screen(width, text):
    sample = summary(
        counts={"niche": {text: 3}},
        columns=(ColumnUse(header=text, column="creator", reading=text),),
        suspicions=(suspicion(text, fix=text),),
        notes=(text,),
    )
    output = summary_text(sample, Screen(width=width))
    assert [line for line in output.splitlines() if cell_len(line) > width] == []
    assert not any((ord(c) < 32 and c != "\n") or c in "\u2028\u202e\u2066\x7f\x9b\ud800" for c in output)


def test_a_summary_is_one_json_object_too():
    value = json.loads(object_json(summary(notes=("a note",))))
    assert next(iter(value)) == "schema"
    assert value["schema"] == "microopt.check/1"
    assert value["spreads"]["fee"] == {"filled": 900, "low": 12, "median": 400, "high": 9_000}
    assert value["columns"][1] == {"header": "hours", "column": None, "reading": ""}
    assert value["counts"] == {"tier": {"mega": 1, "micro": 38}}


def test_json_lists_all_creators_whose_figures_are_hard_to_believe_with_the_code_and_the_row():
    names = [f"@{number}" for number in range(40)]
    (kind,) = json.loads(object_json(summary(suspicions=(suspicion(*names),))))["suspicions"]
    assert (kind["code"], kind["count"]) == ("likes-above-followers", 40)
    assert kind["creators"][39] == {"creator": "@39", "row": 41, "text": "5M likes, 20k followers"}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_summary_is_still_json_of_utf8(text):
    assert json.loads(object_json(summary(counts={"niche": {text: 3}})).encode("utf-8"))


@pytest.mark.parametrize("width", [80, 120])
def test_how_a_column_is_read_is_told_in_full(width):
    reading = "points group thousands, converted to USD, instagram reel"
    use = ColumnUse(header="Instagram Price Reel", column="price of an offer", reading=reading)
    text = summary_text(summary(columns=(use,)), Screen(width=width))
    assert "…" not in text
    assert "".join(reading.split()) in "".join(text.split())


def test_lines_to_paste_stand_below_the_sentence_that_says_where():
    fix = 'say at the top of the campaign file which one it uses:\ncurrency = "USD"\nexchange.EUR = 0.00'
    shown = error_text(CampaignError("two currencies", fix=fix), Screen(width=60)).splitlines()
    assert shown[1:] == [
        "Fix: Say at the top of the campaign file which one it uses:",
        'currency = "USD"',
        "exchange.EUR = 0.00",
    ]
    both = [Fault(code="currency-mixed", message="two currencies", fix=fix), Fault(code="x", message="a", fix="b")]
    table = error_text(RosterError("2 problems found", fix="correct these", faults=both), Screen(width=100))
    assert any(line.split()[-3:] == ["exchange.EUR", "=", "0.00"] for line in table.splitlines())
