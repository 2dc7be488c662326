"""One burst beside a plan over waves: what is said of it, and the table at every width."""

import csv
import json
from fractions import Fraction
from io import StringIO

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.analysis.over_time.result import Timing
from microopt.campaign.campaign import Goal
from microopt.plan.diagnosis import Diagnosis
from microopt.rendering.data.json import object_json
from microopt.rendering.data.over_time_csv import COLUMNS, over_time_csv
from microopt.rendering.over_time_markdown import over_time_markdown
from microopt.rendering.terminal.over_time import over_time_table
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.wording.over_time import over_time_head, over_time_sentences, timing_lines
from tests.rendering.builders import HOSTILE, pick
from tests.rendering.waves import in_waves, months, timing_case, timing_comparison


def head(comparison):
    return [sentence for _, sentence in over_time_head(comparison)]


def unproven(case, **facts):
    proof = replace(case.result.proof, status="feasible", limit="time", **facts)
    return replace(case, result=replace(case.result, proof=proof))


def infeasible(timing=Timing.BURST, *waves, reason="no offer can be posted in 2027-05"):
    found = in_waves()
    result = Diagnosis(status="infeasible", campaign=found.campaign, roster=found.roster, reasons=(reason,))
    return timing_case(timing, *waves, share=None, result=result, reasons=(reason,))


def test_spreading_is_better_where_the_best_burst_brings_less():
    first, second, *_ = head(timing_comparison())
    assert first.startswith("Spreading over 3 waves is better: $")
    assert second.startswith("The best burst, in 2027-03, brings 20% less by your goal: $")


def test_a_burst_is_better_where_it_brings_more():
    first, second, *_ = head(timing_comparison(timing_case(share=Fraction(5, 4))))
    assert first == "One burst is better: in 2027-03 it brings 25% more than your plan over 3 waves."
    assert second.startswith("The burst: $")


def test_equal_ones_are_called_equal():
    first, *_ = head(timing_comparison(timing_case(share=Fraction(1))))
    assert first.startswith("One burst in 2027-03 is as good as your plan over 3 waves: $")


def test_a_plan_in_one_wave_is_a_burst_already():
    plan = in_waves(chosen=[pick(0, wave="2027-04")])
    assert head(timing_comparison(plan=plan))[0].startswith("Your plan is one burst already, in 2027-04: $")


def test_the_demand_of_the_wave_of_a_burst_is_named():
    waves = [replace(wave, demand=Fraction(7, 5)) for wave in months(3)]
    assert "in 2027-03 with its demand of 140%" in head(timing_comparison(plan=in_waves(waves=waves)))[1]


def test_more_is_less_where_the_cost_counts():
    plan = in_waves(campaign={"goal": Goal(name="least cost", targets={"engagements": Fraction(1)})})
    found = timing_comparison(timing_case(share=Fraction(5, 4)), plan=plan, others=())
    assert head(found)[1].startswith("The best burst, in 2027-03, costs 25% more by your goal")
    assert [line.share for line in timing_lines(found)] == ["1.00x", "1.25x"]


def test_nothing_is_sure_before_it_is_proven():
    first, second, *_, last = head(timing_comparison(unproven(timing_case())))
    assert first.startswith("As far as found, spreading over 3 waves is better")
    assert second.startswith("The best burst found, in 2027-03")
    assert last.startswith("Not proven (~): the burst in 2027-03")
    assert "All proven" in head(timing_comparison())[-1]


def test_what_was_not_looked_at_is_named():
    missed = timing_case(Timing.FULL_FEES, result=None, share=None)
    assert "Not looked at: the plan without the retainer" in head(timing_comparison(others=[missed]))[-1]


def test_without_a_burst_that_is_said_and_why():
    found = timing_comparison(infeasible(Timing.BURST, "2027-05"))
    assert head(found)[0].startswith("No plan is possible as one burst; over 3 waves: $")
    told = [sentence for _, sentence in over_time_sentences(found)]
    assert "The burst in 2027-05 has no plan: no offer can be posted in 2027-05." in told


def test_each_cause_is_a_sentence():
    cases = [timing_case(timing) for timing in (Timing.ONE_WAVE_EACH, Timing.FULL_FEES, Timing.OTHER_REPETITION)]
    told = " ".join(head(timing_comparison(others=cases)))
    assert "one wave only, the plan would bring 20% less: coming back to the same creators pays." in told
    assert "Without the retainer, the plan would bring 20% less." in told
    assert "counted as a creator's first, the plan would bring 20% less, as much as the burst." in told
    same = timing_case(Timing.ONE_WAVE_EACH, share=Fraction(1))
    assert "coming back to the same creators adds nothing" in " ".join(head(timing_comparison(others=[same])))
    more = timing_case(Timing.ONE_WAVE_EACH, share=Fraction(3, 2), rules_left=("all repeats >= 60%",))
    assert "50% more: that is what all repeats >= 60% costs." in " ".join(head(timing_comparison(others=[more])))


@pytest.mark.parametrize(
    ("burst", "spread", "words"),
    [
        (Fraction(4, 5), Fraction(1), "and spreading would still be better"),
        (Fraction(4, 5), Fraction(3, 5), "and the burst would be better"),
        (Fraction(6, 5), Fraction(1), "and the burst would still be better"),
        (Fraction(6, 5), Fraction(2), "and spreading would be better"),
    ],
)
def test_whether_the_answer_rests_on_how_posts_are_counted_is_told(burst, spread, words):
    counted = timing_case(Timing.OTHER_REPETITION, share=spread)
    assert words in " ".join(head(timing_comparison(timing_case(share=burst), others=[counted])))


def test_a_burst_that_leaves_much_of_the_money_says_why():
    burst = timing_case()
    reason = "the cheapest creator who would improve the plan costs $41,500"
    totals = replace(burst.result.totals, spend=1_000_00)
    poor = replace(burst, result=replace(burst.result, totals=totals, unspent_reason=reason))
    told = head(timing_comparison(poor))
    assert "The burst leaves $19,000: the cheapest creator who would improve it costs $41,500." in told


def test_rules_that_a_burst_does_not_keep_are_named():
    left = timing_comparison(timing_case(rules_left=("all count >= 1 each wave",)))
    told = [sentence for _, sentence in over_time_sentences(left)]
    assert "A burst does not keep what you ask of waves: all count >= 1 each wave." in told


def test_of_many_bursts_the_best_is_shown_and_the_others_are_in_files():
    bursts = [timing_case(Timing.BURST, f"2027-0{n}", share=Fraction(n, 10)) for n in range(3, 9)]
    found = timing_comparison(*bursts, plan=in_waves(8), others=())
    assert [line.name for line in timing_lines(found)] == ["Plan over 8 waves", "Burst in 2027-08"]
    assert "… and 5 more bursts" in over_time_table(found, Screen(width=100))
    assert len(over_time_csv(found).splitlines()) == 8


def test_equal_bursts_share_a_line():
    two, many = (timing_case(Timing.BURST, *(f"2027-0{n}" for n in range(3, 3 + count))) for count in (2, 3))
    names = [line.name for line in timing_lines(timing_comparison(two, many, others=()))]
    assert names[1:] == ["Burst in 2027-03 or 2027-04", "Burst in 2027-03 or 2 others"]


@pytest.mark.parametrize("width", [40, 60, 80, 89, 90, 109, 110, 160])
def test_no_line_is_wider_than_the_screen_and_the_share_stays(width):
    lines = over_time_table(timing_comparison(), Screen(width=width)).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert any("80%" in line for line in lines)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_of_waves_stay_in_their_line(name):
    waves = [replace(wave, name=HOSTILE[name] + wave.name) for wave in months(3)]
    plan = in_waves(waves=waves)
    found = timing_comparison(timing_case(Timing.BURST, waves[0].name), plan=plan)
    for width in (80, 120):
        assert max(map(cell_len, over_time_table(found, Screen(width=width)).splitlines())) <= width
    assert len([*csv.reader(StringIO(over_time_csv(found)))]) == 5
    assert "<script" not in over_time_markdown(found)


def test_csv_and_json_have_the_same_figures():
    found = timing_comparison(infeasible(Timing.BURST, "2027-05"), timing_case())
    rows = list(csv.DictReader(StringIO(over_time_csv(found))))
    value = json.loads(object_json(found))
    assert list(rows[0]) == list(COLUMNS)
    assert [row["timing"] for row in rows] == ["plan", "burst", "burst", "one wave each", "full fees"]
    assert (rows[1]["status"], rows[1]["posts"], rows[1]["reasons"]) == (
        *("infeasible", ""),
        "no offer can be posted in 2027-05",
    )
    assert float(rows[2]["share_of_plan"]) == value["bursts"][1]["share_of_plan"] == 0.8
    assert int(rows[0]["posts"]) == sum(wave["posts"] for wave in value["plan"]["by_wave"])
    assert value["best_wave"] == "2027-03"
    assert value["schema"] == "microopt.over_time/1"


def test_markdown_has_a_row_for_each_plan():
    text = over_time_markdown(timing_comparison())
    assert text.startswith("# Spring launch: one burst or over time")
    assert text.count("\n| ") == 6
