"""Fallbacks first: what the last plan named is what happens where somebody declines, unless it costs too much."""

from fractions import Fraction
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import SoftPenalty
from microopt.campaign.decline_settings import DeclineSettings
from microopt.campaign.progress import TakenFallback
from microopt.forecast.model import forecast
from microopt.inflight import fallback_choice
from microopt.inflight.fallback_choice import ALLOWED_COST, FallbackChoice
from microopt.inflight.fallback_notes import ordinal
from microopt.plan.codec import CODEC
from microopt.plan.difference import Difference
from microopt.plan.fallbacks import Fallback, Substitute, SubstituteOffer
from microopt.plan.plan import Plan
from microopt.planning.time_budget import TimeBudget
from microopt.solver.quota_expansion import expand
from microopt.solver.result import SolveLimits, SolveResult, Termination
from tests.analysis.test_alternatives import NAMES, alike
from tests.inflight.test_replan import again, first, state, who
from tests.planning.builders import CALM
from tests.scale import examples
from tests.solver.builders import line, picks, program, solver
from tests.solver.test_quota import quota

RATES = [0.09, 0.07, 0.062, 0.05, 0.041, 0.033, 0.024, 0.021]
ROSTER = replace(alike(8), numbers={**alike(8).numbers, "engagement_rate": np.asarray(RATES)})


def substitute(creator):
    offer = SubstituteOffer(offer="", platform="", units=1, fee=10_000, cost=10_000)
    change = Difference(objective=Fraction(0), share=None, creators=0, spend=0, metrics={})
    return Substitute(creator=creator, tier="nano", offers=(offer,), change=change)


def naming(plan, **names):
    """Return a plan that names these fallbacks."""
    fallbacks = [
        Fallback(creator=f"@{creator}", substitutes=tuple(map(substitute, listed))) for creator, listed in names.items()
    ]
    return replace(plan, fallbacks=tuple(fallbacks))


def six(**names):
    """Return the plan with the six best of eight, which names these fallbacks."""
    return naming(first(problem=ROSTER, budget=60_000)[1], **names)


def added(plan):
    return [switch.creator for switch in plan.replan.switches if switch.added]


def test_the_first_fallback_is_taken_although_a_free_choice_is_a_little_better():
    plan = again(six(c1=["@c7", "@c6"]), ROSTER, state("@c1", "declined"))
    assert added(plan) == ["@c7"]
    assert plan.status == "optimal"
    step = plan.replan.fallbacks
    assert [(each.creator, each.instead_of, each.rank) for each in step.taken] == [("@c7", "@c1", 1)]
    assert 0 < step.cost < Fraction(2, 100) and step.proven
    assert plan.replan.notes[0] == (
        f"@c1 declined; their first fallback @c7 was taken ({float(step.cost):.1%} below the best free choice)"
    )
    assert plan.replan.switches[0].causes == ("first fallback for @c1",)
    assert [use.label for use in plan.rules] == ["taken_fallback:yes count >= 1"]


def test_a_fallback_that_is_the_best_choice_anyway_needs_no_rule():
    plan = again(six(c1=["@c6", "@c7"]), ROSTER, state("@c1", "declined"))
    assert (added(plan), plan.rules, plan.replan.fallbacks.cost) == (["@c6"], (), 0)
    assert plan.replan.notes[0] == "@c1 declined; their first fallback @c6 was taken (no free choice is better)"
    assert [each.creator for each in plan.campaign.running.fallbacks] == ["@c6"]


def test_a_fallback_that_costs_too_much_is_not_taken():
    plan = naming(first()[1], c1=["@c5"])
    result = again(plan, alike(), state("@c1", "declined"))
    assert added(result) == ["@c3"]
    (vacant,) = result.replan.fallbacks.vacant
    assert vacant.creator == "@c1"
    assert "with their first fallback @c5, the plan would be" in vacant.reason
    assert vacant.reason.endswith("below the best free choice, and fallbacks may cost 2% together")
    assert result.campaign.running.fallbacks == () == result.rules


def test_what_a_swap_must_be_worth_is_what_a_fallback_may_cost():
    plan = naming(first()[1], c1=["@c5"])
    kept = again(plan, alike(), state("@c1", "declined"), swap_penalty=SoftPenalty(Fraction(20, 100), percent=True))
    assert added(kept) == ["@c5"]
    strict = again(
        six(c1=["@c7"]), ROSTER, state("@c1", "declined"), swap_penalty=SoftPenalty(Fraction(1, 1000), percent=True)
    )
    assert added(strict) == ["@c6"]


def test_a_fallback_who_declined_or_is_gone_is_passed_over():
    plan = six(c1=["@c7", "@c6"])
    result = again(plan, ROSTER, state("@c1", "declined"), state("@c7", "declined"))
    assert [(each.creator, each.rank) for each in result.replan.fallbacks.taken] == [("@c6", 2)]
    assert "second fallback @c6" in result.replan.notes[0]
    without = ROSTER.take(np.arange(7))
    assert added(again(plan, without, state("@c1", "declined"))) == ["@c6"]


def test_a_fallback_whose_fee_rose_beyond_the_budget_is_passed_over():
    dearer = replace(ROSTER, fee=np.asarray([10_000] * 7 + [99_000]))
    result = again(six(c1=["@c7", "@c6"]), dearer, state("@c1", "declined"))
    assert added(result) == ["@c6"]


def test_a_fallback_that_the_rules_no_longer_allow_is_passed_over():
    plan = six(c1=["@c7", "@c6"])
    campaign = replace(plan.campaign, exclude=("@c7",))
    result = again(plan, ROSTER, state("@c1", "declined"), campaign=campaign, campaign_sha256="c")
    assert added(result) == ["@c6"]


def test_a_creator_who_left_the_roster_is_replaced_by_a_fallback_too():
    without = ROSTER.take(np.asarray([0, 2, 3, 4, 5, 6, 7]))
    result = again(six(c1=["@c7"]), without)
    assert added(result) == ["@c7"]
    assert result.replan.notes[0].startswith("@c1 is no longer available; their first fallback @c7 was taken (")


def test_two_places_take_two_fallbacks_even_if_both_name_the_same():
    plan = six(c1=["@c7", "@c6"], c2=["@c7", "@c6"])
    result = again(plan, ROSTER, state("@c1", "declined"), state("@c2", "declined"))
    assert {each.creator: each.instead_of for each in result.replan.fallbacks.taken} == {"@c7": "@c1", "@c6": "@c2"}
    assert result.replan.notes[2] == "with these 2 fallbacks, no free choice is better"


def test_a_place_without_any_possible_fallback_is_said_to_be_chosen_freely():
    result = again(six(c1=["@c7"]), ROSTER, state("@c1", "declined"), state("@c7", "declined"))
    assert added(result) == ["@c6"]
    assert result.replan.notes[0] == (
        "@c1 declined; none of their fallbacks is available within the budget and the rules"
    )


def test_without_time_the_free_plan_stands(monkeypatch):
    monkeypatch.setattr(TimeBudget, "run", lambda *_: None)
    result = again(six(c1=["@c7"]), ROSTER, state("@c1", "declined"))
    assert added(result) == ["@c6"]
    assert "the time did not suffice" in result.replan.fallbacks.vacant[0].reason


def test_a_plan_without_fallbacks_is_replanned_as_before():
    result = again(six(), ROSTER, state("@c1", "declined"))
    assert result.replan.fallbacks is None
    assert added(result) == ["@c6"]


def test_a_fallback_stays_on_the_nights_after_until_somebody_signs():
    second = again(six(c1=["@c7"]), ROSTER, state("@c1", "declined"))
    third = again(second, ROSTER, state("@c7", "proposed"))
    assert who(third) == who(second)
    assert third.replan.notes[0].startswith("@c7 stays, the first fallback of @c1 (")
    assert [rule.label for rule in third.campaign.rules] == ["taken_fallback:yes count >= 1"]
    signed = again(third, ROSTER, state("@c7", "signed"))
    assert (signed.campaign.rules, signed.campaign.running.fallbacks) == ((), ())
    assert "@c7" in who(signed)
    declined = again(third, ROSTER, state("@c7", "declined"))
    assert (added(declined), declined.campaign.rules) == (["@c6"], ())


def test_over_the_nights_fallbacks_are_taken_in_their_order():
    """Each night the one asked says no, and the plan goes on through its own list until it is empty."""
    asks = DeclineSettings(fallbacks=2)
    _, plan = first(problem=ROSTER, budget=50_000, declines=asks)
    answers, asked = [], "@c4"
    while asked:
        listed = {each.creator: [one.creator for one in each.substitutes] for each in plan.fallbacks}[asked]
        answers.append(state(asked, "declined"))
        plan = again(plan, ROSTER, *answers)
        taken = plan.replan.fallbacks.taken if plan.replan.fallbacks else ()
        assert [each.creator for each in taken] == listed[:1]
        assert plan.totals.spend <= 50_000
        asked = listed[0] if listed else ""
    assert [each.creator for each in answers] == ["@c4", "@c5", "@c6", "@c7"]


def test_a_fallback_has_fallbacks_of_its_own_although_a_rule_keeps_it_in():
    plan = replace(six(c1=["@c7"]), campaign=replace(six().campaign, declines=DeclineSettings(fallbacks=1)))
    result = again(plan, ROSTER, state("@c1", "declined"))
    own = {each.creator: [one.creator for one in each.substitutes] for each in result.fallbacks}
    assert own["@c7"] == ["@c6"]


def test_the_step_is_in_the_plan_file():
    result = again(six(c1=["@c7"]), ROSTER, state("@c1", "declined"))
    read = CODEC.decode(CODEC.encode(result), Plan)
    assert read.replan.fallbacks.taken == result.replan.fallbacks.taken
    assert isinstance(read.campaign.running.fallbacks[0], TakenFallback)


@pytest.mark.parametrize(
    ("rank", "word"), [(1, "first"), (10, "tenth"), (11, "11th"), (12, "12th"), (21, "21st"), (22, "22nd")]
)
def test_places_are_named(rank, word):
    assert ordinal(rank) == word


@settings(CALM, max_examples=examples(120))
@given(data=st.data())
def test_enumeration_finds_no_better_plan_with_the_fallbacks_and_none_that_should_have_been_taken(data):
    """Over all sets of seven creators: budget, rule, the best value with the fallbacks, and the 2% hold."""
    fees = np.asarray(data.draw(st.lists(st.integers(50, 300), min_size=7, max_size=7))) * 100
    rates = np.asarray(data.draw(st.lists(st.integers(10, 90), min_size=7, max_size=7))) / 1000
    roster = replace(alike(7), fee=fees, numbers={**alike(7).numbers, "engagement_rate": rates})
    budget, most = data.draw(st.integers(200, 900)) * 100, data.draw(st.integers(2, 5))
    _, plan = first(f"all count <= {most}", problem=roster, budget=budget, declines=DeclineSettings(fallbacks=3))
    gone = {each.creator for each in plan.fallbacks if each.substitutes}
    gone = set(data.draw(st.lists(st.sampled_from(sorted(gone)), min_size=1, max_size=2))) if gone else set()
    result = again(plan, roster, *(state(name, "declined") for name in sorted(gone)))
    worth = dict(zip(NAMES[:7], forecast(roster, plan.campaign).metrics["engagements"].tolist(), strict=True))
    cost = dict(zip(NAMES[:7], fees.tolist(), strict=True))
    plans = [
        frozenset(names)
        for size in range(most + 1)
        for names in combinations(sorted(set(worth) - gone), size)
        if sum(cost[name] for name in names) <= budget
    ]

    def value(names):
        return sum(worth[name] for name in names)

    step = result.replan.fallbacks
    taken = frozenset(each.creator for each in step.taken) if step else frozenset()
    event(f"{len(gone)} gone, {len(taken)} taken, cost {bool(step and step.cost)}")
    best, best_with = max(map(value, plans)), max(value(names) for names in plans if taken <= names)
    assert frozenset(who(result)) in plans
    assert value(who(result)) == best_with
    assert best - best_with <= best * ALLOWED_COST
    if len(gone) == 1:
        listed = next(each for each in plan.fallbacks if each.creator in gone).substitutes
        possible = [each.creator for each in listed if any(each.creator in names for names in plans)]
        first_value = max(value(names) for names in plans if possible[0] in names) if possible else -1
        assert taken == (frozenset(possible[:1]) if best - first_value <= best * ALLOWED_COST else frozenset())


def test_a_plan_for_the_worst_outcomes_takes_fallbacks_by_what_it_brings_in_them():
    campaign = {"problem": ROSTER, "budget": 60_000, "worst_share": Fraction(1, 10)}
    plan = naming(first(**campaign)[1], c1=["@c7", "@c6"])
    result = again(plan, ROSTER, state("@c1", "declined"))
    step = result.replan.fallbacks
    free = again(replace(plan, fallbacks=()), ROSTER, state("@c1", "declined"))
    if step.taken:
        assert step.taken[0].creator in who(result)
        lost = 1 - result.proof.objective / free.proof.objective
        assert step.cost == max(0, lost) <= Fraction(2, 100)
    else:
        assert who(result) == who(free)
    assert result.replan.gain is None
    assert all(switch.gain is None for switch in result.replan.switches)


def test_each_row_keeps_its_price_where_fallbacks_add_rows_before_those_of_a_rule_with_a_chance(monkeypatch):
    base = program([3, 2, 1], line([1, 1, 1], upper=2, label="budget"))
    instance = replace(base, quotas=(quota([[1, 0, 2]] * 3, 1, 1, label="chance"),))
    rows = expand(instance).program.rows
    prices, asked = np.arange(1.0, len(rows) + 1), []

    def noted(program, backend, limits, *, cheapest, warm_start):
        asked.append((program, warm_start.prices))
        return SolveResult(termination=Termination.UNKNOWN)

    monkeypatch.setattr(fallback_choice, "solve", noted)
    monkeypatch.setattr(FallbackChoice, "_columns", lambda self, each: picks(each.rank))
    result = SolveResult(termination=Termination.OPTIMAL, columns=picks(0), objective=3, prices=prices)
    free = SimpleNamespace(program=instance, result=result, picks=picks(0), tail=None, after_declines=None)
    choice = FallbackChoice(free, None, solver("highs"), TimeBudget(SolveLimits()), None)
    choice._solve_program([SimpleNamespace(creator="@a", rank=1), SimpleNamespace(creator="@b", rank=2)], SolveLimits())
    ((wider, given),) = asked
    paid = [price for row, price in zip(expand(wider).program.rows, given, strict=True) if "fallback" not in row.label]
    assert paid == prices.tolist()
    assert np.count_nonzero(given) == len(prices)
