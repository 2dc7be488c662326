"""Replanning a running campaign: agreed contracts are kept, and the rest is optimal."""

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, SoftPenalty
from microopt.campaign.progress import KEPT_STATES, Contract, ContractState, PostResults
from microopt.campaign.updates import ReplanRequest, SourceFile
from microopt.errors import CampaignError, RosterError
from microopt.forecast.model import forecast
from microopt.inflight.replan import input_fingerprints, is_up_to_date, replan
from microopt.plan.codec import CODEC
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.plan.seal import seal_plan
from microopt.planning import build_problem as building
from microopt.planning.optimize import optimize
from microopt.quantities.keys import match_key
from microopt.readers.plan_file import PlanFile
from tests.analysis.test_alternatives import NAMES, alike
from tests.planning.builders import CALM, GOALS, campaign_of, campaigns, comparable, roster_of, rows_of
from tests.scale import examples
from tests.solver.builders import roster as plain_roster

MEASURED = settings(CALM, max_examples=examples(60), phases=[Phase.explicit, Phase.generate])
ON = "2026-11-26T02:00:00Z"
STATES = st.sampled_from(ContractState)


def file_of(plan):
    """Return a plan as if it were read from its file."""
    return PlanFile(path="plan.json", object=seal_plan(plan).object, plan=plan)


def tonight(*contracts, actuals=(), **facts):
    results = SourceFile(path="results.csv", sha256="r") if actuals else None
    states = SourceFile(path="states.csv", sha256="s") if contracts else None
    return ReplanRequest(on=ON, contracts=contracts, states=states, actuals=actuals, results=results, **facts)


def state(creator, what, **facts):
    return Contract(creator=creator, state=ContractState(what), **facts)


def first(*rules, of=None, **facts):
    roster = of or alike()
    plan = optimize(roster, campaign_of(*rules, **{"budget": 30_000, **facts}))
    assert isinstance(plan, Plan)
    return roster, plan


def again(plan, roster, *contracts, **facts):
    found = replan(file_of(plan), roster, tonight(*contracts, **facts))
    assert isinstance(found, Plan)
    return found


def who(plan):
    return [pick.creator for pick in plan.picks]


def test_nothing_new_gives_the_same_plan():
    roster, plan = first()
    found = again(plan, roster)
    assert who(found) == who(plan)
    assert found.replan.switches == ()
    assert found.replan.previous == seal_plan(plan).seal


def test_a_signed_creator_stays_even_if_others_are_better_now():
    roster, plan = first(budget=10_000)
    assert who(plan) == ["@c0"]
    worse = replace(roster, numbers={**roster.numbers, "engagement_rate": np.asarray([0.001, *[0.05] * 5])})
    assert who(again(plan, worse)) != ["@c0"]
    assert who(again(plan, worse, state("@C0 ", "signed"))) == ["@c0"]


def test_a_creator_who_declined_is_dropped_and_another_is_added():
    roster, plan = first()
    found = again(plan, roster, state("c1", "declined"))
    assert who(found) == ["@c0", "@c2", "@c3"]
    came, left = found.replan.switches
    assert (came.creator, came.added, came.forced) == ("@c3", True, False)
    assert came.causes == ("@c1 declined, which left money and room",)
    assert (left.creator, left.added, left.forced, left.causes) == ("@c1", False, True, ("it declined",))


def test_the_fee_agreed_is_paid_whatever_the_roster_says_now():
    roster, plan = first()
    dearer = replace(roster, fee=roster.fee * 2)
    found = again(plan, dearer, state("@c0", "signed"))
    assert {pick.creator: pick.fee for pick in found.picks} == {"@c0": 10_000, "@c1": 20_000}
    told = again(plan, dearer, state("@c0", "signed", fee=15_000))
    assert told.picks[0].fee == 15_000


def test_a_payment_to_a_creator_who_declined_is_sunk_once():
    roster, plan = first()
    found = again(plan, roster, state("@c0", "declined", paid=5_000))
    assert found.campaign.budget == 25_000
    assert found.campaign.running.sunk == 5_000
    assert len(found.picks) == 2
    next_night = again(found, roster, state("@c0", "declined", paid=5_000))
    assert next_night.campaign.budget == 25_000
    third = again(next_night, roster)
    assert third.campaign.budget == 25_000


def test_a_new_budget_is_that_of_the_whole_campaign():
    roster, plan = first()
    found = again(plan, roster, state("@c0", "declined", paid=5_000), budget=40_000)
    assert found.campaign.budget == 35_000


def test_a_signed_creator_passes_filters_that_others_do_not():
    roster, plan = first(budget=10_000)
    narrow = replace(plan.campaign, where=campaign_of(where=["engagement_rate <= 0.05"]).where)
    found = again(plan, roster, state("@c0", "live"), campaign=narrow, campaign_sha256="c")
    assert who(found) == ["@c0"]
    assert who(again(plan, roster, campaign=narrow, campaign_sha256="c")) == ["@c3"]


def test_a_contract_is_kept_until_another_state_is_reported():
    roster, plan = first(budget=10_000)
    worse = replace(roster, numbers={**roster.numbers, "engagement_rate": np.asarray([0.001, *[0.05] * 5])})
    signed = again(plan, roster, state("@c0", "signed"))
    assert who(again(signed, worse)) == ["@c0"]
    assert who(again(signed, worse, state("@c0", "declined"))) != ["@c0"]
    assert who(again(signed, worse, state("@c0", "offered"))) != ["@c0"]


def test_a_creator_of_the_plan_with_results_is_live():
    roster, plan = first()
    found = again(plan, roster, actuals=(PostResults(creator="@c1", posts=1, ripe=1, engagements=5.0),))
    assert [one.state for one in found.campaign.running.contracts] == [ContractState.LIVE]
    assert "taken as live" in " ".join(found.replan.notes)
    assert "@c1" in who(found)


def test_results_are_in_the_totals():
    roster, plan = first(budget=10_000)
    results = (PostResults(creator="@c0", posts=1, ripe=1, engagements=123_456.0),)
    found = again(plan, roster, state("@c0", "done"), actuals=results)
    assert found.totals.metrics["engagements"] == 123_456_000


def test_results_are_kept_without_a_new_results_file():
    roster, plan = first(budget=10_000)
    results = (PostResults(creator="@c0", posts=1, ripe=1, engagements=123_456.0),)
    found = again(plan, roster, state("@c0", "done"), actuals=results)
    assert again(found, roster).totals.metrics["engagements"] == 123_456_000


def test_fewer_posts_than_before_are_reported():
    roster, plan = first(budget=10_000)
    found = again(plan, roster, actuals=(PostResults(creator="@c0", posts=3, ripe=3, engagements=9.0),))
    less = again(found, roster, actuals=(PostResults(creator="@c0", posts=1, ripe=1, engagements=9.0),))
    assert "give all results so far" in " ".join(less.replan.notes)


def test_a_share_of_the_last_plan_is_kept():
    roster, plan = first(budget=30_000)
    turned = replace(roster, numbers={**roster.numbers, "engagement_rate": roster.numbers["engagement_rate"][::-1]})
    assert who(again(plan, turned)) == ["@c5", "@c4", "@c3"]
    held = again(plan, turned, keep=Fraction(2, 3))
    assert len({*who(held)} & {*who(plan)}) == 2
    assert held.campaign.running.stability == ("last_plan:yes count >= 2",)
    assert who(again(held, turned)) == ["@c5", "@c4", "@c3"]  # the rule was of that night


def test_creators_who_declined_do_not_count_toward_the_share_to_keep():
    roster, plan = first(budget=30_000)
    found = again(plan, roster, state("@c0", "declined"), keep=Fraction(1))
    assert found.campaign.running.stability == ("last_plan:yes count >= 2",)


def test_a_swap_must_be_worth_its_price():
    roster, plan = first(budget=10_000)
    close = replace(roster, numbers={**roster.numbers, "engagement_rate": np.asarray([0.09, 0.0902, *[0.01] * 4])})
    assert who(again(plan, close)) == ["@c1"]
    assert who(again(plan, close, per_swap=SoftPenalty(Fraction(2, 100), True))) == ["@c0"]
    assert who(again(plan, close, per_swap=SoftPenalty(Fraction(1, 10_000), True))) == ["@c1"]


def test_the_gain_is_over_the_best_plan_that_keeps_everybody():
    roster, plan = first(budget=10_000)
    better = replace(roster, numbers={**roster.numbers, "engagement_rate": np.asarray([0.04, 0.08, *[0.01] * 4])})
    found = again(plan, better)
    kept = again(plan, better, keep=Fraction(1))
    assert who(kept) == ["@c0"]
    assert found.replan.gain.objective == found.proof.objective - kept.proof.objective
    assert [one.gain.objective for one in found.replan.switches] == [found.replan.gain.objective] * 2
    assert kept.replan.gain.objective == 0


def test_contracts_above_the_budget_are_reported_and_never_repaired_away():
    roster, plan = first(budget=30_000)
    contracts = [state(name, "signed") for name in NAMES[:3]]
    found = replan(file_of(plan), roster, tonight(*contracts, budget=20_000))
    assert isinstance(found, Diagnosis)
    assert "creators who must be kept cost at least $300" in found.reasons[0]
    assert [[change.label for change in repair.changes] for repair in found.repairs] == [["budget"]]


def test_a_signed_creator_who_is_not_on_the_roster_is_a_fault_with_its_row():
    roster, plan = first()
    told = replace(tonight(state("@gone", "signed")), states=SourceFile(path="s.csv", sha256="s", rows={"gone": 7}))
    with pytest.raises(RosterError) as error:
        replan(file_of(plan), roster, told)
    assert (error.value.faults[0].code, error.value.faults[0].row) == ("states-unknown", 7)


def test_a_kept_creator_who_is_missing_from_the_roster_is_a_fault():
    roster, plan = first()
    signed = again(plan, roster, state("@c0", "signed"))
    with pytest.raises(CampaignError, match="not on the roster"):
        again(signed, roster.take(np.arange(1, 6)))


def test_results_of_unknown_and_of_declined_creators_are_faults():
    roster, plan = first()
    for creator, code in (("@nobody", "results-unknown"), ("@c0", "results-declined")):
        actuals = (PostResults(creator=creator, posts=1, ripe=1, engagements=1.0),)
        with pytest.raises(RosterError) as error:
            replan(file_of(plan), roster, tonight(state("@c0", "declined"), actuals=actuals))
        assert error.value.code == code


def test_a_signed_creator_who_is_excluded_is_a_fault():
    roster, plan = first()
    asked = replace(plan.campaign, exclude=("@c0",))
    with pytest.raises(CampaignError) as error:
        again(plan, roster, state("@c0", "signed"), campaign=asked)
    assert error.value.code == "contract-excluded"


def test_the_same_inputs_are_recognized():
    roster, plan = first()
    what = tonight(state("@c0", "signed"))
    found = replan(file_of(plan), roster, what)
    assert is_up_to_date(found, input_fingerprints(what, roster))
    assert is_up_to_date(plan, input_fingerprints(tonight(), roster))
    for other in (tonight(), replace(what, budget=1), replace(what, keep=Fraction(1, 2))):
        assert not is_up_to_date(found, input_fingerprints(other, roster))


def test_a_replanned_plan_reads_back_as_it_was_written():
    roster, plan = first()
    results = (PostResults(creator="@c1", posts=2, ripe=1.25, engagements=5.5),)
    found = again(plan, roster, state("@c0", "signed", fee=9_999, paid=100), actuals=results, keep=Fraction(1, 2))
    value = seal_plan(found).object
    back = CODEC.decode(json.loads(json.dumps(value)), Plan)
    assert seal_plan(back).object == value
    assert CODEC.decode(CODEC.encode(found.campaign), Campaign) == found.campaign


def drawn(data):
    """Draw a roster, its plan, and states of its creators; None where there is no plan."""
    rows = data.draw(rows_of(offers=9))
    goal = data.draw(st.sampled_from(GOALS))
    campaign = data.draw(campaigns(rows, goal))
    roster = roster_of(rows)
    try:
        plan = optimize(roster, campaign)
    except CampaignError:
        return None
    if not isinstance(plan, Plan) or not plan.picks:
        return None
    picks = {}
    for pick in plan.picks:
        picks.setdefault(match_key(pick.creator), []).append(pick)
    told = {name: data.draw(STATES) for name in sorted({match_key(row["creator"]) for row in rows})}
    return (
        roster,
        plan,
        picks,
        {name: what for name, what in told.items() if name in picks or what is ContractState.DECLINED},
    )


@MEASURED
@given(st.data())
def test_a_replan_is_the_best_plan_of_the_remaining_choices(data):
    """The same is asked in other words: who declined is excluded, and each offer that is kept is included."""
    case = drawn(data)
    if case is None:
        return
    roster, plan, picks, told = case
    kept = [pick for name, what in told.items() if what in KEPT_STATES for pick in picks[name]]
    if any(severally(roster, pick) for pick in kept):  # how many of it are kept is in no other words
        return
    contracts = [Contract(creator=name, state=what) for name, what in told.items()]
    asked = replace(
        plan.campaign,
        include=(*plan.campaign.include, *map(offer_of, kept)),
        exclude=(*plan.campaign.exclude, *(name for name, what in told.items() if what is ContractState.DECLINED)),
        ideals=plan.ideals if plan.campaign.goal.name == "balanced" else (),
    )
    found, other = (
        fits(lambda: replan(file_of(plan), roster, tonight(*contracts))),
        fits(lambda: optimize(roster, asked)),
    )
    event(f"{type(found).__name__}, {len(kept) > 0}")
    assert type(found) is type(other)
    if isinstance(found, Plan):
        bought = {(match_key(pick.creator), pick.offer, pick.platform): pick.fee for pick in found.picks}
        assert all(bought[match_key(pick.creator), pick.offer, pick.platform] == pick.fee for pick in kept)
        assert not any(told.get(name) is ContractState.DECLINED for name, *_ in bought)
        assert near(found.proof.objective, other.proof.objective, plan)


def severally(roster, pick):
    """Whether an offer may be bought more than once."""
    most = roster.number("max_units")
    of = (match_key(pick.creator), pick.offer, pick.platform)
    rows = [row for row in range(len(roster)) if named_in(roster, row) == of]
    return any(most[row] > 1 for row in rows)


def named_in(roster, row):
    return match_key(roster.text("creator", row)), roster.text("offer", row), roster.text("platform", row)


def offer_of(pick):
    return f"creator:{pick.creator.strip()} & offer:{pick.offer} & platform:{pick.platform}"


def fits(ask):
    """Return an answer, or None where the campaign does not fit the roster."""
    try:
        return ask()
    except CampaignError:
        return None


def near(one, other, plan):
    """Whether two values are one: people reached are proven to a millionth, all else to the unit."""
    if plan.campaign.audience is None:
        return one == other
    return abs(one - other) <= abs(other) / 10**6


@MEASURED
@given(st.data())
def test_replanning_with_nothing_new_finds_a_plan_of_the_same_value(data):
    case = drawn(data)
    if case is None:
        return
    roster, plan, _, _ = case
    found = replan(file_of(plan), roster, tonight())
    assert isinstance(found, Plan)
    assert comparable(found)["totals"] == comparable(plan)["totals"]


def test_a_user_rule_on_the_last_plan_stays():
    roster, plan = first(budget=30_000)
    asked = replace(plan.campaign, rules=campaign_of("last_plan:yes count >= 2").rules)
    found = again(plan, roster, campaign=asked, campaign_sha256="c", keep=Fraction(2, 3))
    assert [rule.label for rule in found.campaign.rules] == ["last_plan:yes count >= 2"] * 2
    assert [rule.label for rule in again(found, roster).campaign.rules] == ["last_plan:yes count >= 2"]


def test_results_of_an_offer_that_is_not_there_are_a_fault():
    roster, plan = first()
    with pytest.raises(RosterError) as error:
        again(plan, roster, actuals=(PostResults(creator="@c0", platform="myspace", posts=1, ripe=1, engagements=1.0),))
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
    results = (PostResults(creator="@c0", posts=1, ripe=1, impressions=100.0),)
    found = again(plan, roster, state("@c0", "done"), actuals=results)
    assert found.totals.metrics["impressions"] == 100_000
    assert found.totals.metrics["reach"] <= 100_000


def test_a_creator_who_stays_with_other_offers_is_reported():
    offers = roster_alike(["@a", "@a"], offer=["reel", "story"], fee=[10_000, 9_000])
    plan = optimize(offers, campaign_of(budget=10_000))
    cheaper = replace(offers, fee=offers.fee[::-1] * 10)
    found = again(plan, replace(cheaper, fee=np.asarray([20_000, 10_000])))
    assert any("is bought otherwise" in note for note in found.replan.notes) or who(found) == []


def roster_alike(names, **facts):
    fee = facts.pop("fee")
    return plain_roster(names, followers=[20_000] * len(names), fee=fee, **facts)


@pytest.fixture
def counted(monkeypatch):
    """Count the forecasts that are made, by whom they are asked for."""
    calls = []

    def counting(roster, campaign):
        calls.append(campaign)
        return forecast(roster, campaign)

    monkeypatch.setattr(building, "forecast", counting)
    return calls


def test_a_replan_forecasts_once_where_nobody_is_added(counted):
    roster, plan = first()
    counted.clear()
    again(plan, roster, state("@c0", "signed"))
    assert len(counted) == 1
    counted.clear()
    again(plan, roster, actuals=(PostResults(creator="@c1", posts=1, ripe=1, engagements=5.0),))
    assert len(counted) == 1


def test_a_replan_forecasts_the_last_campaign_only_to_explain_who_is_added(counted):
    roster, plan = first()
    counted.clear()
    found = again(plan, roster, state("c1", "declined"))
    assert [change.creator for change in found.replan.switches if change.added and not change.forced] == ["@c3"]
    assert [campaign.running is None for campaign in counted] == [False, True]
    counted.clear()
    changed = replace(roster, source=replace(roster.source, sha256="other"))
    again(plan, changed, state("c1", "declined"))
    assert len(counted) == 1  # what the last roster had is not known
