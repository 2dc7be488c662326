"""The waves of a plan as pages and slides tell them."""

from datetime import date
from fractions import Fraction

from msgspec.structs import replace

from microopt.analysis.report.result import CreatorProfile, Edition
from microopt.campaign.campaign import Goal
from microopt.rendering.language.language import find_language
from microopt.rendering.story.waves import (
    report_by_creator,
    wave_columns,
    wave_lines,
    wave_sums,
    waves_finding,
)
from tests.rendering.builders import plan, report
from tests.rendering.waves import in_waves, months

ENGLISH, GERMAN = find_language("en"), find_language("de")


def keys(made, **edition):
    told = replace(report(made), edition=Edition(**edition))
    return [column.key for column in wave_columns(told, ENGLISH)]


def test_the_finding_counts_posts_and_the_waves_that_have_any():
    assert waves_finding(in_waves(3), ENGLISH) == "7 posts in 2 of 3 waves"
    assert waves_finding(in_waves(3), GERMAN) == "7 Posts in 2 von 3 Wellen"
    assert waves_finding(in_waves(1, in_waves(1).picks[:1]), GERMAN) == "1 Post in 1 Welle"


def test_many_waves_in_a_row_without_a_post_are_one_line_whose_days_are_those_of_all():
    lines = wave_lines(in_waves(8, in_waves(8).picks[:1]), ENGLISH)
    assert [line.name for line in lines] == ["2027-03", "2027-04 to 2027-10"]
    assert lines[1].cells["posts"] == lines[1].cells["creators"] == "0"
    assert lines[1].days == ENGLISH.period(date(2027, 4, 1), date(2027, 10, 31))
    assert [line.name for line in wave_lines(in_waves(3, in_waves(3).picks[:1]), ENGLISH)][1:] == ["2027-04", "2027-05"]


def test_the_demand_of_waves_that_are_one_line_is_told_where_it_is_the_same():
    busy = [
        replace(wave, demand=Fraction(5, 4) if number == 3 else Fraction(1)) for number, wave in enumerate(months(5))
    ]
    assert wave_lines(in_waves(5, in_waves(5).picks[:1], waves=busy), ENGLISH)[1].cells["demand"] == "-"
    assert wave_lines(in_waves(5, in_waves(5).picks[:1]), ENGLISH)[1].cells["demand"] == "100%"


def test_a_version_without_fees_does_not_say_what_a_wave_costs():
    assert keys(in_waves(3)) == ["creators", "posts", "spend", "engagements", "conversions"]
    assert keys(in_waves(3), fees=False) == ["creators", "posts", "engagements", "conversions"]


def test_the_metric_of_the_goal_comes_first_and_the_demand_is_for_the_team():
    busy = [replace(wave, demand=Fraction(5, 4)) for wave in months(2)]
    made = in_waves(2, waves=busy, campaign={"goal": Goal(name="reach")})
    assert keys(made) == ["creators", "posts", "demand", "spend", "reach", "engagements", "conversions"]
    assert "demand" not in keys(made, audience="client")
    assert wave_lines(made, GERMAN)[0].cells["demand"] == "125\N{NO-BREAK SPACE}%"
    assert keys(in_waves(2, campaign={"goal": Goal(name="target reach")}))[-2:] == ["engagements", "conversions"]


def test_waves_have_their_days_and_figures_in_the_language_of_the_report():
    march, april, _ = wave_lines(in_waves(3), GERMAN)
    assert (march.name, march.days) == ("2027-03", "1.\N{EN DASH}31. März 2027")
    assert march.cells["spend"] == "2.250\N{NO-BREAK SPACE}$"
    assert april.cells["posts"] == "0"
    sums = wave_sums(in_waves(3), GERMAN)
    assert (sums["creators"], sums["posts"], sums["spend"]) == ("5", "7", "3.150\N{NO-BREAK SPACE}$")


def test_a_report_by_creator_keeps_the_profile_of_each():
    made = in_waves(3)
    profiles = tuple(CreatorProfile(contact=f"{item.creator}@x.example") for item in made.picks)
    told = report_by_creator(replace(report(made), profiles=profiles))
    assert [item.creator for item in told.plan.picks] == [f"@creator.{number}" for number in range(5)]
    assert [each.contact for each in told.profiles] == [f"@creator.{number}@x.example" for number in range(5)]
    plain = report(plan())
    assert report_by_creator(plain) is plain
