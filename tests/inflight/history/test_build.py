"""Plans in any order become one history, each after the plan that it was made from."""

import random
from datetime import date
from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.progress import ContractState
from microopt.inflight.history.build import build_history
from microopt.plan.seal import seal_plan
from microopt.readers.plan_file import PlanFile, parse_plan
from microopt.readers.plan_folder import FoundPlan
from microopt.rendering.wording.history import format_time, history_title
from tests.inflight.test_wave_contracts import night, plan_of, state, team
from tests.storage.database.builders import (
    added,
    dropped,
    post_results,
    run_plan,
    run_plans,
    run_time,
    seal_and_encode,
)


def found_plans(plans, **facts):
    return [
        FoundPlan(file=parse_plan(text.encode(), f"{number}.json"), **facts) for number, (_, text) in enumerate(plans)
    ]


def paths(states):
    return [item.path for item in states.entries]


@pytest.mark.parametrize("seed", range(5))
def test_plans_are_sorted_in_any_order_of_discovery(seed):
    plans = found_plans(run_plans(6))
    random.Random(seed).shuffle(plans)
    history = build_history(".", plans)
    assert paths(history) == [f"{number}.json" for number in range(6)]
    assert (history.notes, history.warnings, history.omitted) == ((), (), 0)


def test_a_duplicate_plan_counts_once_with_the_earlier_time():
    plans = found_plans(run_plans(2), made_at="2026-02-01T00:00:00Z") + found_plans(
        run_plans(2), made_at="2026-01-01T00:00:00Z"
    )
    history = build_history(".", plans)
    assert [item.made_at for item in history.entries] == ["2026-01-01T00:00:00Z", run_time(1)]


def test_only_the_last_are_shown_and_the_others_counted():
    history = build_history(".", found_plans(run_plans(5)), last=2)
    assert (paths(history), history.omitted) == (["3.json", "4.json"], 3)
    assert build_history(".", found_plans(run_plans(2)), last=9).omitted == 0


def test_each_entry_has_who_was_added_and_dropped_and_the_gain():
    plans = run_plans(2, switches=[added("@anna"), dropped("@ben")])
    first, second = build_history(".", found_plans(plans)).entries
    assert first.replan is None
    assert [item.creator for item in second.added] == ["@anna"]
    assert [(item.creator, item.causes) for item in second.dropped] == [("@ben", ("declined",))]
    assert second.replan.gain.share == Fraction(1, 50)


def test_contracts_that_changed_since_the_previous_plan_are_listed():
    nights = [seal_and_encode(run_plan(0))]
    for number, states in enumerate(
        (
            [("@cleo", "signed"), ("@dora", "offered")],
            [("@Cleo", "live"), ("@dora", "offered"), ("@eve", "declined")],
            [("@cleo", "live"), ("@dora", "signed"), ("@eve", "declined")],
        ),
        1,
    ):
        nights.append(seal_and_encode(run_plan(number, nights[-1][0].seal, states=states)))
    history = build_history(".", found_plans(nights)).entries
    assert [[(turn.creator, turn.before, turn.after) for turn in item.transitions] for item in history] == [
        [],
        [("@cleo", None, ContractState.SIGNED)],
        [("@Cleo", ContractState.SIGNED, ContractState.LIVE), ("@eve", None, ContractState.DECLINED)],
        [("@dora", ContractState.OFFERED, ContractState.SIGNED)],
    ]


def test_results_are_summed_and_uncounted_metrics_are_missing():
    actuals = [
        post_results("@anna", 10.0, 2.0),
        post_results("@ANNA", 5.0),
        post_results("@ben", None, last=date(2026, 3, 5)),
    ]
    results = build_history(".", found_plans(run_plans(2, actuals=actuals))).entries[1].results
    assert results.metrics == {"engagements": 15.0, "conversions": 2.0}
    assert (results.creators, results.posts, results.as_of) == (2, 3, "2026-03-05")


def test_a_missing_plan_is_reported_and_contracts_are_not_compared_across_it():
    plans = run_plans(4, states=[("@cleo", "signed")])
    history = build_history(".", found_plans([plans[0], plans[1], plans[3]]))
    assert [(item.previous_missing, bool(item.transitions)) for item in history.entries] == [
        (False, False),
        (False, True),
        (True, False),
    ]
    assert len(history.notes) == 1
    assert plans[2][0].seal[:12] in history.notes[0]


def test_a_fork_is_listed_on_both_branches():
    first = seal_and_encode(run_plan(0))
    plans = [
        first,
        *(seal_and_encode(run_plan(1, first[0].seal, switches=[added(name)])) for name in ("@a", "@b")),
    ]
    history = build_history(".", found_plans(plans))
    seals = {item.seal for item in history.entries[1:]}
    assert [set(item.forks) for item in history.entries] == [
        set(),
        *({*seals} - {item.seal} for item in history.entries[1:]),
    ]
    assert "2 plans were made from the plan" in history.notes[0]


def test_histories_of_two_campaigns_are_distinguished():
    history = build_history(".", found_plans([*run_plans(2), *run_plans(2, salt="other")]))
    assert "2 of these plans have no previous plan" in history.notes[0]


def test_a_plan_that_was_changed_is_left_out_with_a_warning():
    plans = run_plans(3)
    changed = plans[1][0], plans[1][1].replace('"spend": 3150.0', '"spend": 3151.0', 1)
    history = build_history(".", found_plans([plans[0], changed, plans[2]]))
    assert paths(history) == ["0.json", "2.json"]
    assert history.entries[1].previous_missing
    assert "1.json was changed after it was written" in history.warnings[0]


def test_no_plans_are_no_history():
    assert build_history(".", []).entries == ()


def test_a_change_of_some_waves_names_them_and_the_other_waves_keep_their_states():
    listed = team(1)
    first = plan_of(listed)
    second = night(first, listed, "2027-01-20", state("@a", "live", "2027-01"), state("@a", "signed", "2027-03"))
    third = night(second, listed, "2027-02-01", state("@a", "done", "2027-01"), state("@a", "declined", "2027-03"))
    files = [
        PlanFile(path=f"{number}.json", object=seal_plan(each).object, plan=each)
        for number, each in enumerate((second, third))
    ]
    found = [FoundPlan(file=file) for file in files]
    turns = build_history(".", found).entries[1].transitions
    assert {(turn.before, turn.after, turn.waves) for turn in turns} == {
        ("live", "done", ("2027-01",)),
        ("signed", "declined", ("2027-03",)),
    }


def test_a_plan_over_waves_has_the_day_for_which_it_was_planned():
    listed = team(1)
    first = plan_of(listed)
    second = night(first, listed, "2027-01-20", state("@a", "signed", "2027-03"))
    second = replace(second, replan=replace(second.replan, made_at="2026-11-30T21:12:00Z"))
    files = [PlanFile(path="plan.json", object=seal_plan(each).object, plan=each) for each in (first, second)]
    history = build_history(".", [FoundPlan(file=file, made_at="2026-11-29T08:00:00Z") for file in files])
    assert [(each.made_at, each.planned_for) for each in history.entries] == [
        ("2026-11-29T08:00:00Z", None),
        ("2026-11-30T21:12:00Z", "2027-01-20"),
    ]
    assert [*map(format_time, history.entries)] == ["2026-11-29 08:00", "2027-01-20"]
    assert history_title(history).endswith("2 plans, 2026-11-29 to 2027-01-20")
