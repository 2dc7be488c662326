"""One burst beside a plan over waves: each is the best plan of the campaign that it stands for."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.over_time.compare_over_time import NO_REPEATS, compare_over_time
from microopt.analysis.over_time.result import Timing, TimingComparison
from microopt.campaign.calendar import Calendar, Wave, WaveBudget
from microopt.errors import CampaignError, UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.planning.optimize import optimize
from microopt.solver.result import SolveLimits
from tests.planning.builders import CALM, build_campaign
from tests.planning.wave_builders import listed, offer_rows, wave_campaigns
from tests.solver.builders import roster

MONTHS = tuple(Wave(name=f"2027-0{n}", starts=date(2027, n, 1), ends=date(2027, n, 28)) for n in (3, 4, 5))
CREATORS = ("@anna", "@ben", "@cleo", "@dora", "@eve")


def small(**texts):
    numbers = {"engagement_rate": [0.05, 0.04, 0.06, 0.02, 0.05]}
    fees = [20_000, 35_000, 9_000, 300_000, 12_000]
    return roster(CREATORS, followers=[20_000, 40_000, 8_000, 2_000_000, 9_000], fee=fees, numbers=numbers, **texts)


def campaign(*rules, waves=MONTHS, calendar=None, **facts):
    when = Calendar(waves=waves, lead_days=0, **(calendar or {}))
    facts = {"budget": 150_000, "goal": "engagement", **facts}
    return build_campaign(*rules, calendar=when, **facts)


def compared(*rules, of=None, **facts):
    found = compare_over_time(of or small(), campaign(*rules, **facts))
    assert isinstance(found, TimingComparison)
    return found


def best(asked, of=None):
    found = optimize(of or small(), asked)
    return found.proof.objective if isinstance(found, Plan) else None


@pytest.mark.parametrize("goal", ["engagement", "conversions", "balanced"])
def test_each_burst_is_the_best_plan_of_its_wave_alone(goal):
    waves = (MONTHS[0], replace(MONTHS[1], demand=Fraction(3, 2)), replace(MONTHS[2], demand=Fraction(1, 2)))
    found = compared(waves=waves, goal=goal)
    assert [case.waves for case in found.bursts] == [("2027-03",), ("2027-04",), ("2027-05",)]
    for case in found.bursts:
        wave = next(wave for wave in waves if wave.name == case.waves[0])
        alone = campaign(waves=(wave,), goal=goal, ideals=found.plan.ideals)
        assert case.plan.proof.objective == best(alone)
        assert {pick.wave for pick in case.plan.picks} == {wave.name}
        assert case.share_of_plan == case.plan.proof.objective / found.plan.proof.objective
    assert found.best_wave == ("2027-03" if goal == "engagement" else "2027-04")
    assert found.proven()


def test_creators_who_come_back_retainers_and_repetition_are_told_apart():
    terms = {"retainer": ((2, Fraction(1, 5)),), "max_posts": 3}
    found = compared(calendar=terms, goal="conversions")
    asked = campaign(calendar=terms, goal="conversions")
    once, fees, counted = (
        found.case(timing) for timing in (Timing.ONE_WAVE_EACH, Timing.FULL_FEES, Timing.OTHER_REPETITION)
    )
    assert once.plan.proof.objective == best(campaign(NO_REPEATS, calendar=terms, goal="conversions"))
    assert fees.plan.proof.objective == best(replace(asked, calendar=replace(asked.calendar, retainer=())))
    assert counted.plan.proof.objective == best(replace(asked, calendar=replace(asked.calendar, repetition=False)))
    assert found.plan.proof.objective > max(once.plan.proof.objective, fees.plan.proof.objective)
    assert found.case(Timing.BURST_OTHER_REPETITION) is None  # nobody posts twice in one wave


def test_a_burst_of_several_units_is_counted_otherwise_too():
    offers = roster(["@anna"], followers=[20_000], fee=[10_000], numbers={"max_units": [3.0]})
    found = compared(of=offers, budget=30_000, goal="conversions")
    other = found.case(Timing.BURST_OTHER_REPETITION)
    assert other.plan.picks[0].units == found.best_burst.plan.picks[0].units == 3
    assert other.plan.proof.objective < found.best_burst.plan.proof.objective


def test_bursts_leave_out_rules_and_budgets_of_waves_and_say_so():
    rules = ("all count >= 1 each wave", "all repeats >= 50%", "all count <= 3", "wave:2027-03 spend <= 100")
    found = compared(*rules, calendar={"budgets": {"2027-03": WaveBudget(high=Fraction(90))}})
    burst = found.bursts[0]
    assert burst.rules_left == (rules[0], rules[1], rules[3])
    assert burst.plan.totals.spend > 100_00
    assert [rule.label for rule in burst.plan.campaign.rules] == ["all count <= 3"]
    assert found.case(Timing.ONE_WAVE_EACH).rules_left == (rules[1],)


def test_a_wave_in_which_nobody_is_left_has_no_burst():
    away = ["2027-04-30"] * len(CREATORS)
    found = compared(of=small(available_to=away))
    assert found.bursts[-1].reasons == ("no offer can be posted in 2027-05",)
    assert found.bursts[-1].status == "infeasible"
    assert found.proven()


def test_waves_with_days_between_posts_are_each_looked_at():
    assert len(compared("creator:@anna exclusive 10d").bursts) == 3
    assert len(compared().bursts) == 1


def test_a_burst_that_rules_exclude_says_which():
    until = ["2027-03-31", "", "", "", ""]
    since = ["", "2027-05-01", "", "", ""]
    both = ("creator:@anna count >= 1", "creator:@anna requires creator:@ben")
    found = compared(*both, of=small(available_to=until, available_from=since))
    assert len(found.plan.picks) > 1
    assert found.bursts[0].reasons == (f"these rules conflict: {both[0]}, {both[1]}",)
    assert found.bursts[1].reasons == (f"{both[0]}: no such creator is available",)
    assert found.best_burst is None
    assert found.best_wave is None


def test_a_campaign_without_a_plan_is_diagnosed():
    assert isinstance(compare_over_time(small(), campaign("all count >= 6")), Diagnosis)


def test_what_there_was_no_time_for_is_not_looked_at():
    found = compare_over_time(small(), campaign(), limits=SolveLimits(seconds=0.0))
    if isinstance(found, TimingComparison):
        assert {case.status for case in (*found.bursts, *found.others)} == {"not looked at"}
        assert not found.proven()


@pytest.mark.parametrize("waves", [(), MONTHS[:1]])
def test_a_campaign_of_one_moment_is_refused(waves):
    asked = campaign(waves=waves) if waves else build_campaign()
    with pytest.raises(UsageError) as error:
        compare_over_time(small(), asked)
    assert error.value.code == "calendar-missing"
    assert "--waves" in error.value.fix


@CALM
@given(data=st.data())
def test_every_plan_is_the_best_of_the_campaign_that_it_states(data):
    """So that a reader can plan it alone: the campaign of each plan has what is different in it."""
    rows, asked = data.draw(offer_rows()), data.draw(wave_campaigns())
    offers = listed(rows)
    try:
        found = compare_over_time(offers, asked)
    except CampaignError:
        assume(False)
    assume(isinstance(found, TimingComparison))
    for case in (*found.bursts, *found.others):
        if case.plan is None:
            assert case.status == "infeasible"
            continue
        again = optimize(offers, case.plan.campaign)
        assert again.proof.objective == case.plan.proof.objective
        if case.timing is Timing.BURST:
            assert {pick.wave for pick in case.plan.picks} <= {case.waves[0]}
