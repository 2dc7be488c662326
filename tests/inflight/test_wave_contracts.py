"""Replanning over the waves of a calendar: past waves are facts, what is agreed stays, and coming waves are free."""

from datetime import date

import pytest
from msgspec.structs import replace

from microopt.campaign.progress import Contract, ContractState, PostResults
from microopt.campaign.updates import ReplanRequest, SourceFile
from microopt.errors import CampaignError, RosterError
from microopt.inflight.replan import input_fingerprints, replan
from microopt.inflight.wave_contracts import live_by_results
from microopt.plan.pacing import build_pacing
from microopt.plan.plan import Plan
from microopt.plan.seal import seal_plan
from microopt.planning.optimize import optimize
from microopt.readers.plan_file import PlanFile
from microopt.rendering.wording.plan_head import baseline_comparison
from tests.planning.builders import build_campaign
from tests.planning.wave_builders import calendar
from tests.solver.builders import roster

EACH = "all count >= 1 each wave"


def team(count=4, **facts):
    names = [f"@{letter}" for letter in "abcdefgh"[:count]]
    views = facts.pop("views", [9_000, 8_000, 7_000, 6_000, 5_000, 4_000, 3_000, 2_000][:count])
    return roster(
        names,
        followers=facts.pop("followers", [30_000] * count),
        fee=[10_000] * count,
        numbers={"views": views},
        platform=["tiktok"] * count,
        offer=["video"] * count,
        **facts,
    )


def plan_of(listed, *rules, months=3, budget=60_000, **facts):
    days = {name: facts.pop(name) for name in ("max_posts", "budgets", "carry_over", "retainer") if name in facts}
    campaign = build_campaign(*rules, budget=budget, calendar=calendar(months, **days), **facts)
    plan = optimize(listed, campaign)
    assert isinstance(plan, Plan), plan
    return plan


def state(creator, what, wave=None, **facts):
    return Contract(creator=creator, state=ContractState(what), wave=wave, **facts)


def night(plan, listed, day, *contracts, results=(), **facts):
    request = ReplanRequest(
        made_at=f"{day}T02:00:00Z",
        today=date.fromisoformat(day),
        contracts=contracts,
        states_file=SourceFile(path="states.csv", sha256="s") if contracts else None,
        results=tuple(results),
        results_file=SourceFile(path="results.csv", sha256="r") if results else None,
        **facts,
    )
    file = PlanFile(path="plan.json", object=seal_plan(plan).object, plan=plan)
    result = replan(file, listed, request)
    assert isinstance(result, Plan), result
    return result


def posts(plan):
    return {(pick.creator, pick.wave) for pick in plan.picks}


def agreed(plan):
    return {(each.creator, each.wave): each.state.value for each in plan.campaign.running.contracts}


def test_a_state_without_a_wave_means_the_posts_of_the_last_plan():
    listed = team()
    plan = plan_of(listed, budget=30_000)
    who = plan.picks[0].creator
    after = night(plan, listed, "2026-12-20", state(who, "signed"))
    assert agreed(after) == {place: "signed" for place in posts(plan) if place[0] == who}
    assert {place for place in posts(plan) if place[0] == who} <= posts(after)


def test_nothing_is_booked_in_a_wave_that_is_over():
    listed = team()
    plan = plan_of(listed, EACH)
    after = night(plan, listed, "2027-02-01")
    assert {wave for _, wave in posts(plan)} == {"2027-01", "2027-02", "2027-03"}
    assert {wave for _, wave in posts(after)} == {"2027-02", "2027-03"}
    assert after.campaign.running.today == date(2027, 2, 1)


def test_the_lead_time_counts_from_today():
    listed = team()
    plan = plan_of(listed, EACH)
    with_lead = replace(plan, campaign=replace(plan.campaign, calendar=replace(plan.campaign.calendar, lead_days=10)))
    for day, waves in (("2027-01-18", {"2027-01", "2027-02", "2027-03"}), ("2027-01-19", {"2027-02", "2027-03"})):
        assert {wave for _, wave in posts(night(with_lead, listed, day))} == waves


def test_what_was_posted_stays_and_is_paid():
    listed = team()
    plan = plan_of(listed, EACH)
    posted = [state(who, "done", wave, fee=12_300) for who, wave in posts(plan) if wave == "2027-01"]
    after = night(plan, listed, "2027-02-01", *posted)
    kept = [pick for pick in after.picks if pick.wave == "2027-01"]
    assert {(pick.creator, pick.wave) for pick in kept} == {(each.creator, each.wave) for each in posted}
    assert {pick.fee for pick in kept} == {12_300}


def test_a_creator_who_declines_one_wave_is_free_for_the_others():
    listed = team(1)
    plan = plan_of(listed)
    after = night(plan, listed, "2026-12-20", state("@a", "declined", "2027-02"))
    assert posts(after) == {("@a", "2027-01"), ("@a", "2027-03")}


def test_whoever_declines_altogether_keeps_what_is_posted():
    listed = team(2)
    plan = plan_of(listed)
    live = night(plan, listed, "2027-01-20", state("@a", "live", "2027-01"))
    after = night(live, listed, "2027-02-01", state("@a", "declined"))
    assert {place for place in posts(after) if place[0] == "@a"} == {("@a", "2027-01")}
    assert agreed(after)["@a", "2027-01"] == "live"


def test_live_without_a_wave_is_live_in_those_that_have_begun_and_signed_in_those_to_come():
    listed = team(1)
    plan = plan_of(listed)
    after = night(plan, listed, "2027-02-10", state("@a", "live"))
    assert agreed(after) == {("@a", "2027-01"): "live", ("@a", "2027-02"): "live", ("@a", "2027-03"): "signed"}
    again = night(after, listed, "2027-03-10", state("@a", "signed"))
    assert agreed(again) == agreed(after)


def test_what_is_said_of_one_wave_is_more_exact_than_what_is_said_of_all():
    listed = team(1)
    plan = plan_of(listed)
    after = night(plan, listed, "2027-01-20", state("@a", "live", "2027-01"), state("@a", "signed"))
    assert agreed(after) == {("@a", "2027-01"): "live", ("@a", "2027-02"): "signed", ("@a", "2027-03"): "signed"}


def test_a_post_that_is_live_in_a_wave_to_come_is_a_fault():
    listed = team(1)
    plan = plan_of(listed)
    with pytest.raises(
        RosterError, match=r"@a is live in 2027-03, which does not begin until 2027-03-01 \(today is 2027-01"
    ):
        night(plan, listed, "2027-01-20", state("@a", "live", "2027-03"))


def test_more_agreed_posts_than_a_creator_may_have_are_a_fault():
    listed = team(1)
    plan = plan_of(listed, max_posts=2)
    facts = [state("@a", "done", wave) for wave in ("2027-01", "2027-02", "2027-03")]
    with pytest.raises(CampaignError) as found:
        night(plan, listed, "2027-03-20", *facts)
    assert "3 posts of @a are agreed" in str(found.value.faults[0].message if found.value.faults else found.value)


def test_results_make_their_wave_live_and_no_other():
    listed = team(1)
    plan = plan_of(listed)
    results = [PostResults(creator="@a", posts=1.0, matured_posts=1.0, wave="2027-01", engagements=900.0)]
    after = night(plan, listed, "2027-02-01", results=results)
    assert agreed(after) == {("@a", "2027-01"): "live"}
    assert ("@a", "2027-01") in posts(after)


def test_results_of_a_late_post_are_those_of_the_wave_it_was_agreed_for():
    listed = team(2)
    plan = plan_of(listed)
    before = night(plan, listed, "2027-01-05", state("@b", "signed", "2027-01"), state("@b", "declined", "2027-02"))
    late = [PostResults(creator="@b", posts=1.0, matured_posts=1.0, wave="2027-02", engagements=900.0)]
    after = night(before, listed, "2027-02-10", state("@b", "live", "2027-01"), results=late)
    assert [each.wave for each in after.campaign.running.results] == ["2027-01"]


def test_rules_on_waves_that_are_over_are_facts():
    listed = team(3)
    plan = plan_of(listed, "all count >= 2 each wave", budget=90_000)
    posted = state("@a", "done", "2027-01")
    after = night(plan, listed, "2027-02-01", posted)
    assert len([place for place in posts(after) if place[1] == "2027-01"]) == 1
    assert [rule.label for rule in after.rules if "count" in rule.label] == [
        "all count >= 2 in 2027-02",
        "all count >= 2 in 2027-03",
    ]


def test_what_is_spent_counts_the_posts_that_are_out():
    listed = team(1)
    plan = plan_of(listed)
    after = night(plan, listed, "2027-01-20", state("@a", "live"))
    pacing = build_pacing(after)
    spend = next(figure for figure in pacing.figures if figure.name == "spend")
    assert (pacing.committed, spend.to_date) == (30_000, 10_000)


def test_each_wave_is_compared_with_what_the_first_plan_expected_of_it():
    listed = team(1)
    plan = plan_of(listed)
    results = [PostResults(creator="@a", posts=1.0, matured_posts=1.0, wave="2027-01", engagements=900.0)]
    after = night(plan, listed, "2027-02-01", state("@a", "done", "2027-01"), results=results)
    first, second, _ = build_pacing(after).waves
    assert first.to_date == {"engagements": 900_000} == {"engagements": first.projected["engagements"]}
    assert first.planned["engagements"] == plan.by_wave[0].metrics["engagements"]
    assert (first.out, first.first_spend, second.to_date) == (1.0, 10_000, {})


def test_creators_who_only_lose_posts_that_are_too_late_share_a_sentence():
    listed = team(3)
    plan = plan_of(listed, budget=90_000)
    after = night(plan, listed, "2027-02-01")
    notes = [note for note in after.replan.notes if "too late" in note]
    assert notes == [
        "@a, @b, @c have not agreed to posts in 2027-01, for which it is too late now; their other posts stay"
    ]
    assert not any("bought differently" in note for note in after.replan.notes)


def test_whoever_was_only_in_a_wave_that_closed_is_dropped_for_that_reason():
    listed = team(2, available_to=["2027-01-31", ""])
    plan = plan_of(listed)
    assert ("@a", "2027-01") in posts(plan)
    (dropped,) = (each for each in night(plan, listed, "2027-02-01").replan.switches if not each.added)
    assert dropped.causes == ("not agreed, and it is too late for a post in 2027-01",)


def test_a_night_is_up_to_date_until_the_day_closes_or_begins_a_wave():
    listed = team(2)
    plan = plan_of(listed)
    asked = [
        input_fingerprints(
            ReplanRequest(made_at=f"{day}T02:00:00Z", today=date.fromisoformat(day)), listed, plan.campaign.calendar
        ).request
        for day in ("2026-12-01", "2026-12-02", "2027-01-05", "2027-01-06", "2027-01-29")
    ]
    assert asked[0] == asked[1] == "" and asked[2] == asked[3] != ""
    assert len(set(asked)) == 3


def test_another_offer_that_is_signed_replaces_the_first_in_its_wave_alone():
    listed = roster(
        ["@a", "@a"],
        followers=[30_000, 30_000],
        fee=[10_000, 12_000],
        numbers={"views": [9_000, 8_000]},
        platform=["tiktok", "tiktok"],
        offer=["video", "short"],
    )
    plan = plan_of(listed)
    signed = night(plan, listed, "2026-12-01", state("@a", "signed"))
    offers = {pick.wave: pick.offer for pick in signed.picks}
    other = "short" if offers["2027-02"] == "video" else "video"
    after = night(signed, listed, "2026-12-02", state("@a", "signed", "2027-02", offer=other))
    assert {pick.wave: pick.offer for pick in after.picks} == {**offers, "2027-02": other}
    assert len(agreed(after)) == 3


def test_picking_by_hand_keeps_every_post_that_was_agreed_with_a_creator():
    listed = team(3)
    plan = plan_of(listed)
    after = night(plan, listed, "2026-12-01", state("@c", "signed", "2027-01"), state("@c", "signed", "2027-03"))
    assert after.baseline.broken == ()
    assert after.baseline.totals.spend == 4 * 10_000  # what was agreed, and one post of each of the others


def result(creator, wave):
    return PostResults(creator=creator, posts=1.0, matured_posts=1.0, wave=wave, engagements=900.0)


def test_results_are_no_fault_if_another_wave_was_declined():
    listed = team(2)
    plan = plan_of(listed)
    declined = state("@a", "declined", "2027-03")
    after = night(plan, listed, "2027-01-20", declined, results=[result("@a", "2027-01")])
    assert agreed(after) == {("@a", "2027-01"): "live", ("@a", "2027-03"): "declined"}
    with pytest.raises(RosterError, match="@a declined but has results in 2027-01"):
        night(plan, listed, "2027-01-20", state("@a", "declined"), results=[result("@a", "2027-01")])


def test_whoever_declines_after_a_post_keeps_its_results():
    listed = team(2)
    before = night(plan_of(listed), listed, "2027-01-20", results=[result("@a", "2027-01")])
    after = night(before, listed, "2027-02-01", state("@a", "declined"), results=[result("@a", "2027-01")])
    assert {place for place in posts(after) if place[0] == "@a"} == {("@a", "2027-01")}


def test_a_creator_who_declines_a_wave_that_is_too_late_is_not_said_to_have_agreed_to_nothing():
    listed = team(2)
    plan = plan_of(listed)
    after = night(plan, listed, "2027-02-02", state("@a", "declined", "2027-01"))
    assert not any("@a" in note and "has not agreed" in note for note in after.replan.notes)
    assert any(note.startswith("@b has not agreed to posts in 2027-01") for note in after.replan.notes)


def test_posts_that_are_not_agreed_stay_where_the_last_plan_has_them():
    listed = team(4)
    plan = plan_of(listed, months=4, max_posts=2)
    early = [name for name in plan.campaign.calendar.names if name != "2027-02"][:2]
    shown = replace(plan, picks=tuple(replace(pick, wave=early[place % 2]) for place, pick in enumerate(plan.picks)))
    assert posts(shown) != posts(plan)
    assert posts(night(shown, listed, "2026-12-01")) == posts(shown)
    left = posts(night(shown, listed, "2026-12-02", state("@b", "declined")))
    assert {each for each in posts(shown) if each[0] != "@b"} <= left


def test_a_creator_of_whom_some_posts_are_done_is_live():
    listed = team(1)
    states = state("@a", "done", "2027-01"), state("@a", "signed", "2027-03")
    after = night(plan_of(listed), listed, "2027-02-01", *states)
    assert [creator.state.value for creator in build_pacing(after).creators] == ["live"]


def test_whoever_was_only_in_a_wave_that_closed_is_dropped_for_that_reason_though_others_are_open():
    listed = team(2)
    plan = plan_of(listed, "all count >= 2 in first wave", "all count <= 0 in 2027-02..2027-03")
    assert posts(plan) == {("@a", "2027-01"), ("@b", "2027-01")}
    after = night(plan, listed, "2027-02-01", state("@a", "done"))
    (dropped,) = (each for each in after.replan.switches if not each.added)
    assert (dropped.creator, dropped.causes) == ("@b", ("not agreed, and it is too late for a post in 2027-01",))


def test_what_replan_asks_itself_is_no_rule_that_picking_by_hand_would_break():
    listed = team(3)
    plan = plan_of(listed)
    asked = [state("@c", "offered", wave) for wave in ("2027-01", "2027-02")]
    after = night(plan, listed, "2026-12-01", *asked)
    assert any(label.startswith("open_offer:") for label in after.baseline.broken)
    assert "open_offer" not in baseline_comparison(after, after.baseline)


def test_no_rule_speaks_against_what_was_done_once_nothing_can_be_booked_any_more():
    listed = team(3)
    plan = plan_of(listed, "all repeats >= 60%", "all count >= 3", months=2)
    done = state("@a", "done", "2027-01"), state("@b", "declined"), state("@c", "declined")
    after = night(plan, listed, "2027-04-01", *done)
    assert posts(after) == {("@a", "2027-01")}
    assert (after.rules, after.status) == ((), "optimal")
    assert after.unspent_reason == "it is too late to book anybody in any wave"


def test_results_of_a_wave_to_come_are_a_fault():
    listed = team(2)
    with pytest.raises(RosterError, match="@a has results in 2027-03, which does not begin until 2027-03-01"):
        night(plan_of(listed), listed, "2027-01-20", results=[result("@a", "2027-03")])


def test_results_of_a_post_that_was_not_planned_in_its_wave_make_it_live():
    listed = team(2)
    plan = plan_of(listed, "all count <= 0 in first wave")
    assert ("@a", "2027-01") not in posts(plan)
    after = night(plan, listed, "2027-02-01", results=[result("@a", "2027-01")])
    assert agreed(after) == {("@a", "2027-01"): "live"}
    assert ("@a", "2027-01") in posts(after)
    assert "results but no signed state: @a (treated as live)" in after.replan.notes


def test_a_row_without_a_wave_is_of_what_is_agreed_once_something_is():
    listed = team(1)
    first = night(plan_of(listed), listed, "2026-12-01", state("@a", "signed", "2027-03"))
    assert len(posts(first)) == 3
    again = night(first, listed, "2026-12-02", state("@a", "signed"))
    assert agreed(again) == {("@a", "2027-03"): "signed"}


@pytest.mark.parametrize("day", ["2027-01-25", "2027-02-01"])
def test_results_make_a_post_live_though_its_creator_is_signed_of_no_wave(day):
    listed = team(2)
    plan = plan_of(listed)
    after = night(plan, listed, day, state("@a", "signed"), results=[result("@a", "2027-01")])
    assert agreed(after) == {("@a", "2027-01"): "live", ("@a", "2027-02"): "signed", ("@a", "2027-03"): "signed"}
    assert ("@a", "2027-01") in posts(after)
    told = "results, and 'signed' in a row without a wave: @a (treated as live where they have results)"
    assert told in after.replan.notes


def test_results_without_a_wave_make_no_post_live_of_a_creator_whose_posts_have_states():
    picks = plan_of(team(1)).picks
    unknown = replace(result("@a", "2027-01"), wave=None)
    assert list(live_by_results([state("@a", "signed", "2027-03")], picks, [unknown])) == []
    assert [each.wave for each in live_by_results([], picks, [unknown])] == [None]


def test_live_without_a_wave_needs_no_note_about_its_results():
    listed = team(1)
    after = night(plan_of(listed), listed, "2027-02-01", state("@a", "live"), results=[result("@a", "2027-01")])
    assert agreed(after) == {("@a", "2027-01"): "live", ("@a", "2027-02"): "live", ("@a", "2027-03"): "signed"}
    assert not any("treated as live" in note for note in after.replan.notes)


def test_a_declined_wave_is_why_somebody_else_was_added():
    listed = team(3, followers=[30_000, 30_000, 300], views=[9_000, 8_000, 10])
    plan = plan_of(listed, "all count <= 2 each wave")
    assert {who for who, _ in posts(plan)} == {"@a", "@b"}
    after = night(plan, listed, "2026-12-20", state("@a", "declined", "2027-02"), state("@b", "declined", "2027-02"))
    (switch,) = after.replan.switches
    assert (switch.creator, switch.added) == ("@c", True)
    assert switch.causes == ("@a, @b declined 2027-02, which left money and room",)
