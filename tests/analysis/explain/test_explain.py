"""Why a creator is in a plan or not: what is told of a forced plan is what forcing gives."""

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.explain.explain import explain
from microopt.analysis.session import PlanSession
from microopt.errors import UsageError
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.solver.result import SolveLimits
from tests.analysis.explain.test_break_even import answered_of, at_fee, best
from tests.planning.builders import CALM, build_campaign, build_roster, campaigns, roster_rows, solver
from tests.scale import examples

LIMITS = SolveLimits(seconds=60.0)
ROWS = [
    {
        "creator": f"@{name}",
        "platform": "tiktok",
        "offer": "video",
        "niche": niche,
        "followers": followers,
        "fee": fee,
        "rate": 0.05,
        "hours": None,
        "score": 1,
    }
    for name, niche, followers, fee in (
        ("anna", "beauty", 30_000, 30_000),
        ("ben", "food", 120_000, 60_000),
        ("cleo", "beauty", 12_000, 9_000),
        ("dora", "food", 150_000, 90_000),
    )
]


def session_of(*rules, **facts):
    return PlanSession.from_roster(
        build_roster(ROWS), build_campaign(*rules, **facts), limits=LIMITS, solver=solver("cbc")
    )


def explained(*names, rules=(), **facts):
    return explain(session_of(*rules, **facts), names, limits=LIMITS).creators


@pytest.mark.parametrize("goal", ["balanced", "worth", "value:score", "least cost"])
@settings(CALM, max_examples=examples(12), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_what_a_plan_loses_is_what_forcing_gives(goal, data):
    rows = data.draw(roster_rows())
    answered = answered_of(rows, data.draw(campaigns(rows, goal)))
    assume(answered is not None)
    name = data.draw(st.sampled_from(sorted(row["creator"].strip() for row in rows)))
    session = PlanSession(solved=answered, roster=build_roster(rows))
    item = explain(session, [name], limits=LIMITS, solver=solver("highs")).creators[0]
    case, program = answered.problem, answered.program
    own_columns = [
        int(case.choice[i])
        for i in range(len(case))
        if case.roster.texts["creator"][i].strip().lstrip("@") == name.lstrip("@")
    ]
    if not own_columns:
        assert (item.offers, item.status, item.change) == ((), "infeasible", None)
        return
    values = [best(program, column, bought=True)[1] for column in own_columns]
    if item.picked:
        values = [best(program, own_columns, bought=False)[1]]
    worth = max((value for value in values if value is not None), default=None)
    assert (item.change is None) == (worth is None)
    if worth is not None and program.has_linear_objective:
        assert (
            item.change.objective
            == (worth - program.objective_value(answered.result.columns)) * answered.objective.unit
        )


def test_every_pick_is_explained_with_the_fee_up_to_which_it_is_in():
    session = session_of(budget=100_000)
    result = explain(session, limits=LIMITS)
    assert {item.creator for item in result.creators} == {"@anna", "@ben", "@cleo"}
    for number, item in enumerate(result.creators):
        offer = item.offers[0]
        assert item.picked
        assert offer.break_even.exact
        assert offer.break_even.fee >= offer.fee
        assert item.change.objective <= 0, number
        assert item.creator in item.change.dropped
    assert result.finished


def test_who_is_not_picked_would_come_in_at_a_lower_fee():
    dora = explained("@dora", budget=100_000)[0]
    assert not dora.picked
    assert dora.offers[0].break_even.fee < 90_000
    assert dora.change.objective < 0
    assert "@dora" in dora.change.added


def test_the_fee_moves_with_the_plan():
    session = session_of(budget=100_000)
    answered = session.solved
    limit = explain(session, ["@dora"], limits=LIMITS).creators[0].offers[0].break_even.fee
    row = next(i for i in range(len(answered.problem)) if answered.problem.roster.texts["creator"][i] == "@dora")
    column = int(answered.problem.choice[row])
    now = answered.program.objective_value(answered.result.columns)
    assert best(at_fee(answered, row, limit), column, bought=True)[1] >= now
    assert best(at_fee(answered, row, limit + 1), column, bought=True)[1] < now


def test_rules_that_bind_and_count_the_creator_are_named():
    rules = ("niche:food count <= 1", "niche:beauty count <= 4")
    assert explained("@dora", rules=rules, budget=200_000)[0].binding == ("niche:food count <= 1",)


def test_a_creator_who_cannot_be_in_any_plan_is_told_why():
    item = explained("@dora", rules=("creator:@anna excludes creator:@dora",), include=("@anna",), budget=150_000)[0]
    assert item.change is None
    assert item.reasons == ("with @dora include @anna, creator:@anna excludes creator:@dora cannot all be kept",)


def test_a_filtered_creator_is_told_the_filter():
    item = explained("@dora", where=("followers <= 130k",), budget=100_000)[0]
    assert (item.offers, item.reasons) == ((), ("the filter followers <= 130k excludes all their offers",))


def test_unknown_creators_are_all_named_with_the_nearest():
    with pytest.raises(UsageError) as wrong:
        explained("@anne", "@nobody", budget=100_000)
    assert [fault.value for fault in wrong.value.faults] == ["@anne", "@nobody"]
    assert "@anna" in wrong.value.faults[0].fix


def test_what_the_time_left_no_room_for_is_told_so():
    session = session_of(budget=100_000)
    result = explain(session, limits=SolveLimits(seconds=0.0))
    assert {item.status for item in result.creators} == {NOT_LOOKED_AT}
    assert not result.finished


def test_a_lower_fee_alone_lets_a_creator_in():
    session = session_of(budget=100_000)
    limit = explain(session, ["@dora"], limits=LIMITS).creators[0].offers[0].break_even.fee
    rows = [{**row, "fee": limit - 100} if row["creator"] == "@dora" else row for row in ROWS]
    result = answered_of(rows, replace(build_campaign(budget=100_000), ideals=session.solved.ideals))
    names = [
        result.problem.roster.texts["creator"][i]
        for i in range(len(result.problem))
        if result.problem.choice[i] in result.result.columns
    ]
    assert "@dora" in names
