"""Why a creator is in a plan or not: what is told of a forced plan is what forcing gives."""

import time

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.explain import explain as module
from microopt.analysis.explain.break_even import ALWAYS_IN, FEE_AGREED, NEVER_IN, BreakEven, BreakEvenSearch
from microopt.analysis.explain.explain import explain
from microopt.analysis.explain.going_rate import GoingRates
from microopt.analysis.session import PlanSession
from microopt.campaign.progress import CampaignProgress, Contract, ContractState
from microopt.errors import UsageError
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.planning.counterfactuals import creator_choices, without_rows
from microopt.rendering.terminal.explain import explanation_table
from microopt.rendering.terminal.screen import Screen
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
    if item.picked:  # of a required creator, what the plan would be without the requirement
        values = [best(without_rows(program, item.required_by), own_columns, bought=False)[1]]
    worth = max((value for value in values if value is not None), default=None)
    assert (item.change is None) == (worth is None)
    if worth is not None and program.has_linear_objective:
        assert (
            item.change.objective
            == (worth - program.objective_value(answered.result.columns)) * answered.objective.unit
        )


@pytest.mark.parametrize("goal", ["balanced", "engagement", "value:score", "least cost"])
@settings(CALM, max_examples=examples(12), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_what_a_required_creator_is_worth_is_measured_against_plans_without_the_requirement(goal, data):
    rows = data.draw(roster_rows())
    name = data.draw(st.sampled_from(sorted(row["creator"].strip() for row in rows)))
    answered = answered_of(rows, replace(data.draw(campaigns(rows, goal)), include=(name,), exclude=()))
    assume(answered is not None)
    session = PlanSession(solved=answered, roster=build_roster(rows))
    item = explain(session, [name], limits=LIMITS, solver=solver("highs")).creators[0]
    assert item.required_by == (f"include {name}",)
    relaxed = without_rows(answered.program, item.required_by)
    own_columns = creator_choices(answered, name)
    rival = best(relaxed, own_columns, bought=False)[1]
    assert (item.change is None) == (rival is None)
    if rival is not None:
        gain = rival - answered.program.objective_value(answered.picks)
        assert item.change.objective == gain * answered.objective.unit
    picked = np.intersect1d(own_columns, answered.picks)
    row = int(np.flatnonzero(np.isin(answered.problem.choice, picked))[0])
    column, limit = int(answered.problem.choice[row]), item.offers[0].walk_away

    def is_worth(fee):
        program = without_rows(at_fee(answered, row, fee), item.required_by)  # its unit may depend on the fee
        value, rival = (best(program, column, bought=bought)[1] for bought in (True, False))
        return value is not None and (rival is None or value >= rival)

    if limit.fee is not None:
        assert limit.exact
        assert is_worth(limit.fee)
        assert not is_worth(limit.fee + 1)
    elif limit == NEVER_IN:
        assert not is_worth(0)
    elif limit == ALWAYS_IN:
        assert is_worth(10**9)


def test_of_a_required_creator_both_numbers_are_told_the_worth_and_what_the_rules_allow():
    dora = explained("@dora", include=("@dora",), budget=100_000)[0]
    free = explained("@dora", budget=100_000)[0]
    assert dora.required_by == ("include @dora",)
    assert dora.change.objective > 0
    assert "@dora" in dora.change.dropped
    assert dora.offers[0].walk_away.fee == free.offers[0].break_even.fee < dora.offers[0].fee
    assert dora.offers[0].break_even.fee == 100_000
    assert free.required_by == ()
    assert free.offers[0].walk_away == free.offers[0].break_even


def test_the_searches_for_the_two_fees_of_a_required_creator_share_the_time(monkeypatch):
    seconds = []

    def find(_search, _row, _without, limits):
        seconds.append(limits.seconds)
        time.sleep(0.2)
        return NEVER_IN

    monkeypatch.setattr(BreakEvenSearch, "find", find)
    explain(session_of(include=("@dora",)), ["@dora"], limits=LIMITS)
    first, second = seconds
    assert first <= LIMITS.seconds / 2
    assert first < second <= 2 * first - 0.2


def test_an_inclusion_that_somebody_else_can_meet_requires_nobody():
    food = explained("@ben", include=("niche:food",), budget=100_000)[0]
    assert food.picked
    assert food.required_by == ()


def test_a_counter_offer_is_from_the_going_rate_to_the_fee_at_which_to_walk_away():
    offer = explained("@anna", budget=100_000)[0].offers[0]

    def counter(fee, going_rate, walk_away, **facts):
        return replace(offer, fee=fee, going_rate=going_rate, walk_away=walk_away, **facts).counter_offer

    assert counter(230_000, 145_000, BreakEven(fee=163_000, excluded_from=163_001)) == (145_000, 163_000)
    assert counter(230_000, 145_000, BreakEven(fee=260_000, excluded_from=260_001)) == (145_000, 230_000)
    assert counter(230_000, 145_000, BreakEven(fee=90_000, excluded_from=90_001)) == (90_000, 90_000)
    assert counter(230_000, 145_000, BreakEven(fee=72_400, excluded_from=72_401)) is None  # nobody takes half
    assert counter(230_000, 145_000, BreakEven(fee=163_987, excluded_from=163_988)) == (145_000, 163_000)
    assert counter(230_000, 145_000, ALWAYS_IN) == (145_000, 230_000)
    assert counter(230_000, 230_000, ALWAYS_IN) is None
    assert counter(230_000, None, ALWAYS_IN) is None
    assert counter(230_000, 145_000, NEVER_IN) is None
    assert counter(230_000, 145_000, ALWAYS_IN, fee_estimated=True) is None


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


def test_a_cap_on_a_share_applies_only_to_those_who_use_it_up():
    rows = [{**row, "platform": "youtube"} if row["niche"] == "beauty" else row for row in ROWS]
    campaign = build_campaign("platform:youtube spend <= 10%", budget=200_000)
    session = PlanSession.from_roster(build_roster(rows), campaign, limits=LIMITS, solver=solver("cbc"))
    anna, ben = explain(session, ["@anna", "@ben"], limits=LIMITS).creators
    assert (anna.binding, ben.binding) == (("platform:youtube spend <= 10%",), ())


def test_a_minimum_keeps_nobody_out():
    rules = ("niche:food count >= 2",)
    assert explained("@dora", rules=rules, budget=200_000)[0].binding == ()


def test_a_creator_who_cannot_be_in_any_plan_is_told_why():
    item = explained("@dora", rules=("creator:@anna excludes creator:@dora",), include=("@anna",), budget=150_000)[0]
    assert item.change is None
    rules = "include @anna; creator:@anna excludes creator:@dora"
    assert item.reasons == (f"no plan with @dora keeps all of these rules: {rules}",)


def test_a_creator_whose_fee_is_more_than_the_budget_is_told_so():
    assert explained("@dora", budget=60_000)[0].reasons == ("no plan with @dora stays within the budget",)


def test_a_filtered_creator_is_told_the_filter():
    item = explained("@dora", where=("followers <= 130k",), budget=100_000)[0]
    assert (item.offers, item.reasons) == ((), ("the filter followers <= 130k excludes all their offers",))


def test_unknown_creators_are_all_named_with_the_nearest():
    with pytest.raises(UsageError) as wrong:
        explained("@anne", "Dor", "@nobody", budget=100_000)
    assert [fault.value for fault in wrong.value.faults] == ["@anne", "Dor", "@nobody"]
    assert "@anna" in wrong.value.faults[0].fix
    assert wrong.value.faults[1].fix == "did you mean @dora?"
    assert wrong.value.faults[2].fix == "in place of '@nobody', write the name as in your list's creator column"


def test_a_creator_is_explained_without_the_emoji_of_the_name_too():
    rows = [{**row, "creator": row["creator"].replace("@anna", "Anna 🏕️")} for row in ROWS]
    session = PlanSession.from_roster(
        build_roster(rows), build_campaign(budget=100_000), limits=LIMITS, solver=solver("cbc")
    )
    assert [item.creator for item in explain(session, ["anna", "Anna 🏕️"], limits=LIMITS).creators] == ["Anna 🏕️"]


def test_what_the_time_left_no_room_for_is_told_so():
    session = session_of(budget=100_000)
    result = explain(session, limits=SolveLimits(seconds=0.0))
    assert {item.status for item in result.creators} == {NOT_LOOKED_AT}
    assert not result.finished


def test_of_many_that_the_time_left_no_room_for_only_the_first_are_told_what_similar_ones_ask(monkeypatch):
    asked, rate = [], GoingRates.rate
    monkeypatch.setattr(GoingRates, "rate", lambda self, row: (asked.append(row), rate(self, row))[1])
    monkeypatch.setattr(module, "MOST_UNEXPLAINED", 1)
    result = explain(session_of(budget=100_000), limits=SolveLimits(seconds=0.0))
    assert len(result.creators) > 1
    assert [bool(item.offers) for item in result.creators] == [number < 1 for number in range(len(result.creators))]
    assert len(asked) == 1
    assert all(item.picked and item.tier for item in result.creators)
    assert "more creators of the plan were not looked at." in explanation_table(result, Screen(width=120))


def test_the_picks_of_each_creator_are_looked_up_and_not_searched_for_in_the_plan(monkeypatch):
    monkeypatch.setattr(np, "intersect1d", lambda *_: pytest.fail("all picks were sorted for one creator"))
    result = explain(session_of(budget=100_000), limits=SolveLimits(seconds=0.0))
    assert all(item.picked for item in result.creators)


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


def test_a_signed_creator_is_told_to_be_signed_and_no_fee_is_looked_for():
    signed = CampaignProgress(contracts=(Contract(creator="@ANNA", state=ContractState.SIGNED),))
    anna, ben = explained("@anna", "@ben", running=signed)
    assert (anna.contract, anna.reasons, anna.change) == ("signed", ("you reported them as signed",), None)
    assert {offer.walk_away for offer in anna.offers} == {FEE_AGREED}
    assert (ben.contract, {offer.walk_away for offer in ben.offers} == {FEE_AGREED}) == ("", False)


def offers_of_anna(*contracts):
    rows = [*ROWS, {**ROWS[0], "offer": "story", "fee": 9_000}]
    campaign = build_campaign(running=CampaignProgress(contracts=contracts), one_offer_per="offer")
    session = PlanSession.from_roster(build_roster(rows), campaign, limits=LIMITS, solver=solver("cbc"))
    anna = explain(session, ["@anna"], limits=LIMITS).creators[0]
    return anna, {offer.offer: offer for offer in anna.offers}


def contract(offer, state=ContractState.SIGNED):
    return Contract(creator="@anna", offer=offer, state=state)


def test_the_fee_of_a_signed_offer_is_agreed_also_where_another_offer_of_the_creator_is_not_signed():
    anna, offers = offers_of_anna(contract("video"))
    assert {name: offer.walk_away == FEE_AGREED for name, offer in offers.items()} == {"video": True, "story": False}
    assert (anna.contract, offers["video"].counter_offer) == ("", None)


def test_each_state_of_the_contracts_of_a_creator_is_told():
    anna, _ = offers_of_anna(contract("video"), contract("story", ContractState.LIVE))
    assert anna.contract == "live and signed"


def test_a_contract_that_may_mean_either_of_two_offers_settles_the_fee_of_none():
    _, offers = offers_of_anna(contract(None))
    assert FEE_AGREED not in {offer.walk_away for offer in offers.values()}


def test_a_creator_who_is_only_contacted_still_has_a_fee_to_agree_on():
    contacted = CampaignProgress(contracts=(Contract(creator="@anna", state=ContractState.OFFERED),))
    assert explained("@anna", running=contacted)[0].contract == ""
