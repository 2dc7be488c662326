"""Replanning a running campaign: agreed contracts are kept, and the rest is optimal."""

import json
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, SoftPenalty
from microopt.campaign.progress import KEPT_STATES, Contract, ContractState, DayResults, PostResults
from microopt.campaign.rule_grammar import parse_rule
from microopt.campaign.updates import ReplanRequest, SourceFile
from microopt.errors import CampaignError, RosterError
from microopt.forecast.model import forecast
from microopt.inflight.replan import campaign_tonight, input_fingerprints, is_up_to_date, replan
from microopt.plan.codec import CODEC
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.plan.seal import seal_plan
from microopt.planning import build_problem as building
from microopt.planning.optimize import optimize
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key
from microopt.readers.plan_file import InvalidPlanError, PlanFile, parse_plan
from tests.analysis.test_alternatives import NAMES, alike
from tests.planning.builders import CALM, GOALS, build_campaign, build_roster, campaigns, comparable, roster_rows
from tests.scale import examples
from tests.solver.builders import roster as plain_roster

MEASURED = settings(CALM, max_examples=examples(60), phases=[Phase.explicit, Phase.generate])
ON = "2026-11-26T02:00:00Z"
STATES = st.sampled_from(ContractState)


def plan_file(plan):
    """Return a plan as if it were read from its file."""
    return PlanFile(path="plan.json", object=seal_plan(plan).object, plan=plan)


def tonight(*contracts, results_to_date=(), **facts):
    results = SourceFile(path="results.csv", sha256="r") if results_to_date else None
    states = SourceFile(path="states.csv", sha256="s") if contracts else None
    return ReplanRequest(
        made_at=ON, contracts=contracts, states_file=states, results=results_to_date, results_file=results, **facts
    )


def state(creator, what, **facts):
    return Contract(creator=creator, state=ContractState(what), **facts)


def first(*rules, problem=None, **facts):
    roster = problem or alike()
    plan = optimize(roster, build_campaign(*rules, **{"budget": 30_000, **facts}))
    assert isinstance(plan, Plan)
    return roster, plan


def again(plan, roster, *contracts, **facts):
    result = replan(plan_file(plan), roster, tonight(*contracts, **facts))
    assert isinstance(result, Plan)
    return result


def who(plan):
    return [pick.creator for pick in plan.picks]


def test_nothing_new_gives_the_same_plan():
    roster, plan = first()
    result = again(plan, roster)
    assert who(result) == who(plan)
    assert result.replan.switches == ()
    assert result.replan.previous == seal_plan(plan).seal


def test_rules_that_leave_much_unspent_are_priced_unasked_as_in_the_first_plan():
    roster, plan = first("all count <= 1")
    result = again(plan, roster)
    assert [(price.label, price.change.creators) for price in result.rule_prices] == [("all count <= 1", 2)]
    assert result.rule_prices == plan.rule_prices
    roster, plan = first("all count <= 3")
    assert again(plan, roster).rule_prices == ()


def test_rules_are_not_priced_where_the_time_is_up(monkeypatch):
    roster, plan = first("all count <= 1")
    monkeypatch.setattr(TimeBudget, "exhausted", True)
    assert again(plan, roster).rule_prices == ()


def test_a_signed_creator_stays_even_if_others_are_better_now():
    roster, plan = first(budget=10_000)
    assert who(plan) == ["@c0"]
    changed = replace(roster, numbers={**roster.numbers, "engagement_rate": np.asarray([0.001, *[0.05] * 5])})
    assert who(again(plan, changed)) != ["@c0"]
    assert who(again(plan, changed, state("@C0 ", "signed"))) == ["@c0"]


def test_a_creator_who_declined_is_dropped_and_another_is_added():
    roster, plan = first()
    result = again(plan, roster, state("c1", "declined"))
    assert who(result) == ["@c0", "@c2", "@c3"]
    added, left_out = result.replan.switches
    assert (added.creator, added.added, added.forced) == ("@c3", True, False)
    assert added.causes == ("@c1 declined, which left money and room",)
    assert (left_out.creator, left_out.added, left_out.forced, left_out.causes) == (
        "@c1",
        False,
        True,
        ("declined",),
    )


def test_the_fee_agreed_is_paid_whatever_the_roster_says_now():
    roster, plan = first()
    dearer = replace(roster, fee=roster.fee * 2)
    result = again(plan, dearer, state("@c0", "signed"))
    assert {pick.creator: pick.fee for pick in result.picks} == {"@c0": 10_000, "@c1": 20_000}
    stated = again(plan, dearer, state("@c0", "signed", fee=15_000))
    assert stated.picks[0].fee == 15_000


def test_a_payment_to_a_creator_who_declined_is_sunk_once():
    roster, plan = first()
    result = again(plan, roster, state("@c0", "declined", paid=5_000))
    assert result.campaign.budget == 25_000
    assert result.campaign.running.sunk_cost == 5_000
    assert len(result.picks) == 2
    next_night = again(result, roster, state("@c0", "declined", paid=5_000))
    assert next_night.campaign.budget == 25_000
    third = again(next_night, roster)
    assert third.campaign.budget == 25_000


def test_a_new_budget_is_that_of_the_whole_campaign():
    roster, plan = first()
    result = again(plan, roster, state("@c0", "declined", paid=5_000), budget=40_000)
    assert result.campaign.budget == 35_000


def test_a_signed_creator_passes_filters_that_others_do_not():
    roster, plan = first(budget=10_000)
    narrow = replace(plan.campaign, where=build_campaign(where=["engagement_rate <= 0.05"]).where)
    result = again(plan, roster, state("@c0", "live"), campaign=narrow, campaign_sha256="c")
    assert who(result) == ["@c0"]
    assert who(again(plan, roster, campaign=narrow, campaign_sha256="c")) == ["@c3"]


def test_a_contract_is_kept_until_another_state_is_reported():
    roster, plan = first(budget=10_000)
    changed = replace(roster, numbers={**roster.numbers, "engagement_rate": np.asarray([0.001, *[0.05] * 5])})
    signed = again(plan, roster, state("@c0", "signed"))
    assert who(again(signed, changed)) == ["@c0"]
    assert who(again(signed, changed, state("@c0", "declined"))) != ["@c0"]
    assert who(again(signed, changed, state("@c0", "proposed"))) != ["@c0"]


def test_a_creator_of_the_plan_with_results_is_live():
    roster, plan = first()
    result = again(
        plan, roster, results_to_date=(PostResults(creator="@c1", posts=1, matured_posts=1, engagements=5.0),)
    )
    assert [item.state for item in result.campaign.running.contracts] == [ContractState.LIVE]
    assert "treated as live" in " ".join(result.replan.notes)
    assert "@c1" in who(result)


@pytest.mark.parametrize(("what", "is_noted"), [("signed", True), ("live", False), ("done", False)])
def test_results_of_a_creator_who_is_still_signed_are_noted(what, is_noted):
    roster, plan = first()
    results = (PostResults(creator="@c1", posts=1, matured_posts=1, engagements=5.0),)
    result = again(plan, roster, state("@c1", what), results_to_date=results)
    note = "@c1 has results but is still 'signed': write 'live' in the states, so that their whole cost counts as spent"
    assert (note in result.replan.notes) is is_noted


def test_results_are_in_the_totals():
    roster, plan = first(budget=10_000)
    results = (PostResults(creator="@c0", posts=1, matured_posts=1, engagements=123_456.0),)
    result = again(plan, roster, state("@c0", "done"), results_to_date=results)
    assert result.totals.metrics["engagements"] == 123_456_000


def test_results_are_kept_without_a_new_results_file():
    roster, plan = first(budget=10_000)
    results = (PostResults(creator="@c0", posts=1, matured_posts=1, engagements=123_456.0),)
    result = again(plan, roster, state("@c0", "done"), results_to_date=results)
    assert again(result, roster).totals.metrics["engagements"] == 123_456_000


def test_fewer_posts_than_before_are_reported():
    roster, plan = first(budget=10_000)
    result = again(
        plan, roster, results_to_date=(PostResults(creator="@c0", posts=3, matured_posts=3, engagements=9.0),)
    )
    less = again(
        result, roster, results_to_date=(PostResults(creator="@c0", posts=1, matured_posts=1, engagements=9.0),)
    )
    assert "give all results so far" in " ".join(less.replan.notes)


def test_a_share_of_the_last_plan_is_kept():
    roster, plan = first(budget=30_000)
    turned = replace(roster, numbers={**roster.numbers, "engagement_rate": roster.numbers["engagement_rate"][::-1]})
    assert who(again(plan, turned)) == ["@c5", "@c4", "@c3"]
    fixed = again(plan, turned, min_kept_share=Fraction(2, 3))
    assert len({*who(fixed)} & {*who(plan)}) == 2
    assert fixed.campaign.running.stability == ("last_plan:yes count >= 2",)
    assert who(again(fixed, turned)) == ["@c5", "@c4", "@c3"]  # the rule was of that night


def test_creators_who_declined_do_not_count_toward_the_share_to_keep():
    roster, plan = first(budget=30_000)
    result = again(plan, roster, state("@c0", "declined"), min_kept_share=Fraction(1))
    assert result.campaign.running.stability == ("last_plan:yes count >= 2",)


def test_a_swap_must_be_worth_its_price():
    roster, plan = first(budget=10_000)
    close = replace(roster, numbers={**roster.numbers, "engagement_rate": np.asarray([0.09, 0.0902, *[0.01] * 4])})
    assert who(again(plan, close)) == ["@c1"]
    assert who(again(plan, close, swap_penalty=SoftPenalty(Fraction(2, 100), True))) == ["@c0"]
    assert who(again(plan, close, swap_penalty=SoftPenalty(Fraction(1, 10_000), True))) == ["@c1"]


def test_the_gain_is_over_the_best_plan_that_keeps_everybody():
    roster, plan = first(budget=10_000)
    better = replace(roster, numbers={**roster.numbers, "engagement_rate": np.asarray([0.04, 0.08, *[0.01] * 4])})
    result = again(plan, better)
    remaining = again(plan, better, min_kept_share=Fraction(1))
    assert who(remaining) == ["@c0"]
    assert result.replan.gain.objective == result.proof.objective - remaining.proof.objective
    assert [item.gain.objective for item in result.replan.switches] == [result.replan.gain.objective] * 2
    assert remaining.replan.gain.objective == 0


def test_contracts_above_the_budget_are_reported_and_never_repaired_away():
    roster, plan = first(budget=30_000)
    contracts = [state(name, "signed") for name in NAMES[:3]]
    result = replan(plan_file(plan), roster, tonight(*contracts, budget=20_000))
    assert isinstance(result, Diagnosis)
    assert "creators you must keep cost at least $300" in result.reasons[0]
    assert [[change.label for change in repair.changes] for repair in result.repairs] == [["budget"]]


def test_a_signed_creator_who_is_not_on_the_roster_is_a_fault_with_its_row():
    roster, plan = first()
    stated = replace(
        tonight(state("@gone", "signed")), states_file=SourceFile(path="s.csv", sha256="s", rows={"gone": 7})
    )
    with pytest.raises(RosterError) as error:
        replan(plan_file(plan), roster, stated)
    assert (error.value.faults[0].code, error.value.faults[0].row) == ("states-unknown", 7)


def test_a_kept_creator_who_is_missing_from_the_roster_is_a_fault():
    roster, plan = first()
    signed = again(plan, roster, state("@c0", "signed"))
    with pytest.raises(CampaignError, match="not on the roster"):
        again(signed, roster.take(np.arange(1, 6)))


def test_results_of_unknown_and_of_declined_creators_are_faults():
    roster, plan = first()
    for creator, code in (("@nobody", "results-unknown"), ("@c0", "results-declined")):
        actuals = (PostResults(creator=creator, posts=1, matured_posts=1, engagements=1.0),)
        with pytest.raises(RosterError) as error:
            replan(plan_file(plan), roster, tonight(state("@c0", "declined"), results_to_date=actuals))
        assert error.value.code == code


def test_a_signed_creator_who_is_excluded_is_a_fault():
    roster, plan = first()
    requested = replace(plan.campaign, exclude=("@c0",))
    with pytest.raises(CampaignError) as error:
        again(plan, roster, state("@c0", "signed"), campaign=requested)
    assert error.value.code == "contract-excluded"


def test_a_signed_creator_who_is_excluded_without_the_emoji_of_the_name_is_a_fault_too():
    offers = alike()
    creators = replace(offers.texts["creator"], labels=("Zoe 🌲", *offers.texts["creator"].labels[1:]))
    roster, plan = first(problem=replace(offers, texts={**offers.texts, "creator": creators}))
    with pytest.raises(CampaignError) as error:
        again(plan, roster, state("Zoe 🌲", "signed"), campaign=replace(plan.campaign, exclude=("zoe",)))
    assert error.value.code == "contract-excluded"


def test_the_same_inputs_are_recognized():
    roster, plan = first()
    what = tonight(state("@c0", "signed"))
    result = replan(plan_file(plan), roster, what)
    assert is_up_to_date(result, input_fingerprints(what, roster))
    assert is_up_to_date(plan, input_fingerprints(tonight(), roster))
    for second in (tonight(), replace(what, budget=1), replace(what, min_kept_share=Fraction(1, 2))):
        assert not is_up_to_date(result, input_fingerprints(second, roster))


def test_a_replanned_plan_reads_back_as_it_was_written():
    roster, plan = first()
    results = (PostResults(creator="@c1", posts=2, matured_posts=1.25, engagements=5.5),)
    result = again(
        plan,
        roster,
        state("@c0", "signed", fee=9_999, paid=100),
        results_to_date=results,
        min_kept_share=Fraction(1, 2),
    )
    value = seal_plan(result).object
    back = CODEC.decode(json.loads(json.dumps(value)), Plan)
    assert seal_plan(back).object == value
    assert CODEC.decode(CODEC.encode(result.campaign), Campaign) == result.campaign


DAYS = (
    DayResults(day=date(2026, 3, 3), engagements=5.0, clicks=1.0),
    DayResults(day=date(2026, 3, 4), engagements=0.5),
)


def with_days(roster, plan):
    results = (PostResults(creator="@c1", posts=1, matured_posts=1, engagements=5.5, clicks=2.0),)
    return again(plan, roster, results_to_date=results, results_by_day=DAYS)


def test_results_by_day_are_kept_until_a_file_says_others():
    roster, plan = first()
    result = with_days(roster, plan)
    assert result.campaign.running.results_by_day == DAYS
    kept = again(result, roster, state("@c0", "signed"))
    assert kept.campaign.running.results_by_day == DAYS
    totals = (PostResults(creator="@c1", posts=1, matured_posts=1, engagements=6.0),)
    assert again(kept, roster, results_to_date=totals).campaign.running.results_by_day == ()


def test_results_by_day_read_back_and_may_be_missing_as_in_earlier_plans():
    roster, plan = first()
    value = json.loads(json.dumps(seal_plan(with_days(roster, plan)).object))
    assert parse_plan(json.dumps(value).encode(), "plan.json").plan.campaign.running.results_by_day == DAYS
    del value["campaign"]["running"]["results_by_day"]
    assert parse_plan(json.dumps(value).encode(), "plan.json").plan.campaign.running.results_by_day == ()


@pytest.mark.parametrize(
    ("days", "place", "reason"),
    [
        (DAYS[::-1], "", "the days must be in ascending order"),
        ((DAYS[0], DAYS[0]), "", "the days must be in ascending order"),
        ((replace(DAYS[0], clicks=-1.0),), "[0]", "2026-03-03 cannot have such results"),
        ((replace(DAYS[0], clicks=3.0),), "", "clicks by day add up to 3, more than the total of 2"),
        ((replace(DAYS[0], conversions=1.0),), "", "conversions by day add up to 1, more than the total of 0"),
    ],
)
def test_days_that_cannot_be_are_refused_at_their_place(days, place, reason):
    roster, plan = first()
    result = with_days(roster, plan)
    running = replace(result.campaign.running, results_by_day=days)
    altered = seal_plan(replace(result, campaign=replace(result.campaign, running=running))).object
    with pytest.raises(InvalidPlanError) as caught:
        parse_plan(json.dumps(altered).encode(), "plan.json")
    assert (caught.value.place, caught.value.reason) == (f"campaign.running.results_by_day{place}", reason)


def drawn(data):
    """Draw a roster, its plan, and states of its creators; None where there is no plan."""
    rows = data.draw(roster_rows(offers=9))
    goal = data.draw(st.sampled_from(GOALS))
    campaign = data.draw(campaigns(rows, goal))
    roster = build_roster(rows)
    try:
        plan = optimize(roster, campaign)
    except CampaignError:
        return None
    if not isinstance(plan, Plan) or not plan.picks:
        return None
    picks = {}
    for pick in plan.picks:
        picks.setdefault(match_key(pick.creator), []).append(pick)
    states = {name: data.draw(STATES) for name in sorted({match_key(row["creator"]) for row in rows})}
    return (
        roster,
        plan,
        picks,
        {name: what for name, what in states.items() if name in picks or what is ContractState.DECLINED},
    )


@MEASURED
@given(st.data())
def test_a_replan_is_the_best_plan_of_the_remaining_choices(data):
    """The same is asked in other words: who declined is excluded, and each offer that is kept is included."""
    case = drawn(data)
    if case is None:
        return
    roster, plan, picks, stated = case
    remaining = [pick for name, what in stated.items() if what in KEPT_STATES for pick in picks[name]]
    if any(severally(roster, pick) for pick in remaining):  # how many of it are kept is in no other words
        return
    contracts = [Contract(creator=name, state=what) for name, what in stated.items()]
    requested = replace(
        plan.campaign,
        include=(*plan.campaign.include, *map(offer_selector, remaining)),
        exclude=(*plan.campaign.exclude, *(name for name, what in stated.items() if what is ContractState.DECLINED)),
        ideals=plan.ideals if plan.campaign.goal.name == "balanced" else (),
    )
    result, second = (
        fits(lambda: replan(plan_file(plan), roster, tonight(*contracts))),
        fits(lambda: optimize(roster, requested)),
    )
    event(f"{type(result).__name__}, {len(remaining) > 0}")
    assert type(result) is type(second)
    if isinstance(result, Plan):
        selected = {(match_key(pick.creator), pick.offer, pick.platform): pick.fee for pick in result.picks}
        assert all(selected[match_key(pick.creator), pick.offer, pick.platform] == pick.fee for pick in remaining)
        assert not any(stated.get(name) is ContractState.DECLINED for name, *_ in selected)
        assert near(result.proof.objective, second.proof.objective, plan)


def severally(roster, pick):
    """Whether an offer may be bought more than once."""
    maximum = roster.number("max_units")
    key = (match_key(pick.creator), pick.offer, pick.platform)
    rows = [row for row in range(len(roster)) if named_in(roster, row) == key]
    return any(maximum[row] > 1 for row in rows)


def named_in(roster, row):
    return match_key(roster.text("creator", row)), roster.text("offer", row), roster.text("platform", row)


def offer_selector(pick):
    return f"creator:{pick.creator.strip()} & offer:{pick.offer} & platform:{pick.platform}"


def fits(ask):
    """Return an answer, or None where the campaign does not fit the roster."""
    try:
        return ask()
    except CampaignError:
        return None


def near(first, second, plan):
    """Whether two values are one: people reached are proven to a millionth, all else to the unit."""
    if plan.campaign.audience is None:
        return first == second
    return abs(first - second) <= abs(second) / 10**6


@MEASURED
@given(st.data())
def test_replanning_with_nothing_new_finds_a_plan_of_the_same_value(data):
    case = drawn(data)
    if case is None:
        return
    roster, plan, _, _ = case
    result = replan(plan_file(plan), roster, tonight())
    assert isinstance(result, Plan)
    assert comparable(result)["totals"] == comparable(plan)["totals"]


def test_a_user_rule_on_the_last_plan_stays():
    roster, plan = first(budget=30_000)
    requested = replace(plan.campaign, rules=build_campaign("last_plan:yes count >= 2").rules)
    result = again(plan, roster, campaign=requested, campaign_sha256="c", min_kept_share=Fraction(2, 3))
    assert [rule.label for rule in result.campaign.rules] == ["last_plan:yes count >= 2"] * 2
    assert [rule.label for rule in again(result, roster).campaign.rules] == ["last_plan:yes count >= 2"]


def test_results_of_an_offer_that_is_not_there_are_a_fault():
    roster, plan = first()
    with pytest.raises(RosterError) as error:
        again(
            plan,
            roster,
            results_to_date=(
                PostResults(creator="@c0", platform="myspace", posts=1, matured_posts=1, engagements=1.0),
            ),
        )
    assert error.value.code == "results-offer"


def test_a_near_match_of_a_roster_name_is_a_fault_in_any_state():
    roster, plan = first()
    with pytest.raises(RosterError) as error:
        again(plan, roster, state("@c00", "declined"))
    assert error.value.code == "states-unknown"
    assert "did you mean" in error.value.fix


def test_a_campaign_file_in_another_currency_is_refused():
    roster, plan = first()
    with pytest.raises(CampaignError) as error:
        again(plan, roster, campaign=replace(plan.campaign, currency="EUR"), campaign_sha256="c")
    assert error.value.code == "currency-changed"


def test_an_unproven_plan_is_made_again():
    roster, plan = first()
    near = replace(plan, proof=replace(plan.proof, status="feasible", bound=plan.proof.objective * Fraction(10, 9)))
    assert not is_up_to_date(near, input_fingerprints(tonight(), roster))
    assert is_up_to_date(near, input_fingerprints(tonight(), roster), 0.1)


def test_reach_never_exceeds_the_impressions_of_the_results():
    roster, plan = first(budget=10_000)
    results = (PostResults(creator="@c0", posts=1, matured_posts=1, impressions=100.0),)
    result = again(plan, roster, state("@c0", "done"), results_to_date=results)
    assert result.totals.metrics["impressions"] == 100_000
    assert result.totals.metrics["reach"] <= 100_000


def test_a_creator_who_stays_with_other_offers_is_reported():
    offers = roster_alike(["@a", "@a"], offer=["reel", "story"], fee=[10_000, 9_000])
    plan = optimize(offers, build_campaign(budget=10_000))
    cheaper = replace(offers, fee=offers.fee[::-1] * 10)
    result = again(plan, replace(cheaper, fee=np.asarray([20_000, 10_000])))
    assert any("is bought differently" in note for note in result.replan.notes) or who(result) == []


def roster_alike(names, **facts):
    fee = facts.pop("fee")
    return plain_roster(names, followers=[20_000] * len(names), fee=fee, **facts)


@pytest.fixture
def counted(monkeypatch):
    """Count the forecasts that are made, by whom they are asked for."""
    calls = []

    def counting(roster, campaign, **known):
        calls.append(campaign)
        return forecast(roster, campaign, **known)

    monkeypatch.setattr(building, "forecast", counting)
    return calls


def test_a_replan_forecasts_once_where_nobody_is_added(counted):
    roster, plan = first()
    counted.clear()
    again(plan, roster, state("@c0", "signed"))
    assert len(counted) == 1
    counted.clear()
    again(plan, roster, results_to_date=(PostResults(creator="@c1", posts=1, matured_posts=1, engagements=5.0),))
    assert len(counted) == 1


def test_a_replan_forecasts_the_last_campaign_only_to_explain_who_is_added(counted):
    roster, plan = first()
    counted.clear()
    result = again(plan, roster, state("c1", "declined"))
    assert [change.creator for change in result.replan.switches if change.added and not change.forced] == ["@c3"]
    assert [campaign.running is None for campaign in counted] == [False, True]
    counted.clear()
    changed = replace(roster, source=replace(roster.source, sha256="other"))
    again(plan, changed, state("c1", "declined"))
    assert len(counted) == 1  # what the last roster had is not known


def test_a_plan_within_what_a_portfolio_leaves_keeps_the_rules_of_the_next_night_apart():
    roster, plan = first("all count >= 2")
    request = tonight(campaign=plan.campaign, min_kept_share=Fraction(1, 2))
    _, campaign, _ = campaign_tonight(plan, roster, request)
    [stability] = campaign.running.stability
    left_out = plan.picks[0].creator
    house = parse_rule("all spend <= 200")
    allotted = replace(campaign, budget=25_000, exclude=(left_out,), rules=(*campaign.rules, house))
    found = replan(plan_file(plan), roster, replace(request, allotted=allotted))
    assert isinstance(found, Plan)
    assert left_out not in {pick.creator for pick in found.picks}
    assert (found.campaign.budget, found.campaign.exclude) == (25_000, (left_out,))
    assert [rule.label for rule in found.campaign.rules] == ["all count >= 2", house.label, stability]
    after = replan(plan_file(found), roster, tonight())
    assert [rule.label for rule in after.campaign.rules] == ["all count >= 2", house.label]
    free = replan(plan_file(found), roster, tonight(campaign=plan.campaign))
    assert (free.campaign.exclude, free.campaign.budget) == ((), plan.campaign.budget)


def test_another_part_of_a_portfolio_makes_another_plan():
    roster, plan = first("all count >= 2")
    request = tonight(campaign=plan.campaign)
    _, campaign, _ = campaign_tonight(plan, roster, request)
    prints = {
        input_fingerprints(replace(request, allotted=allotted), roster).request
        for allotted in (None, campaign, replace(campaign, budget=25_000), replace(campaign, exclude=("a",)))
    }
    assert len(prints) == 4
