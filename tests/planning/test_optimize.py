"""Optimization from roster to plan, against an enumeration of every plan with independently computed rules."""

import random
from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import RangeRule
from microopt.errors import AuditError, BackendError, CampaignError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.planning import build_plan, problem_run
from microopt.planning import optimize as study
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.objective import (
    balanced_objective,
    cost_objective,
    metric_objective,
    profit_objective,
    worth_objective,
)
from microopt.planning.optimize import optimize
from microopt.readers.roster import read_roster
from microopt.signals import note_interrupt
from microopt.solver import search
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination
from tests.planning.builders import (
    CALM,
    CSV,
    GOALS,
    POOLS,
    build_campaign,
    build_roster,
    campaigns,
    comparable,
    roster_rows,
    solver,
)
from tests.planning.oracle import (
    beyond,
    combinations,
    costs,
    enters,
    feasible,
    key,
    matches,
    net_reach,
    offer_items,
    once,
)
from tests.scale import examples
from tests.solver.builders import picks
from tests.support.cores import leave_cores_to_the_solver, leave_first_plans_to_the_solver
from tests.support.scripted_backend import ScriptedBackend

REFUSED = {"filter-all", "include-filtered", "include-exclude", "value-unknown", "rules-contradict"}
OF_GOAL = {"engagement": "engagements", "value:score": "score"}


def goal_values(case, plan):
    """Return the goal's integers, which define the problem."""
    goal = case.campaign.goal
    if goal.name == "balanced":
        return balanced_objective(case, {ideal.metric: ideal.total for ideal in plan.ideals})
    if goal.name == "worth":
        return worth_objective(case, goal.worths)
    if goal.name == "least cost":
        return cost_objective(case)
    if goal.name == "profit":
        return profit_objective(case)
    return metric_objective(case, OF_GOAL.get(goal.name, goal.name))


def choices_made(case, items, plans):
    """Return each plan as the choices that it makes: whatever may be bought of a creator is one of them."""
    members = {}
    for row, choice in enumerate(case.choice.tolist()):
        members.setdefault(choice, []).append((int(case.roster.row[row]), int(case.roster.unit_counts()[row])))
    numbers = {frozenset(names): choice for choice, names in members.items()}
    columns = np.zeros((len(plans), case.choice_count), dtype=np.int64)
    for number, plan in enumerate(plans):
        selected = {}
        for item in np.flatnonzero(plan).tolist():
            selected.setdefault(key(items[item]["creator"]), set()).add((items[item]["row"], items[item]["units"]))
        for names in selected.values():
            columns[number, numbers[frozenset(names)]] = 1
    return columns


def check_best(plan, case, items, forecast, plans):
    """The plan is worth what the best of all plans is worth, and costs what the cheapest of these costs."""
    if case.campaign.goal.name == "net reach":
        check_most_people(plan, case, items, forecast, plans)
        return
    goal, cost = goal_values(case, plan), costs(items, forecast.cost, plans, once(case.campaign))
    value = choices_made(case, items, plans) @ goal.values
    if case.campaign.goal.name == "profit":
        assert (value * goal.unit * 100 == plans @ forecast.kept_revenue - cost).all()
    check_ideals(plan, case, goal, value, plans, forecast)
    value = value - fines(plan, case, goal, items, forecast, plans)
    assert plan.proof.objective == plan.proof.bound == int(value.max()) * goal.unit
    assert (plan.proof.status, plan.proof.limit) == ("optimal", None)
    minimum = int(cost[value == value.max()].min())
    assert plan.totals.spend == minimum if plan.proof.cheapest else plan.totals.spend >= minimum
    assert plan.proof.cheapest or plan.proof.backend == "cbc"  # which may fail to show it, and then says so


def check_ideals(plan, case, goal, value, plans, forecast):
    """An ideal is the best that hard rules allow."""
    for ideal in plan.ideals:
        if ideal.metric in forecast.metrics:
            best = int((plans @ forecast.metrics[ideal.metric]).max())
        else:
            best = round(int(value.max()) * goal.unit * 1_000)
        assert ideal.total == ideal.bound == best
    needed = any(rule.soft.percent for rule in soft_rules(case))
    assert bool(plan.ideals) == (case.campaign.goal.name == "balanced" or needed)


def soft_rules(case):
    return [rule for rule in case.rules if isinstance(rule, RangeRule) and rule.soft is not None]


def fines(plan, case, goal, items, forecast, plans):
    """Return what soft rules take from the goal's integers, rounded up in all."""
    total = np.zeros(len(plans), dtype=object)
    ideals = [Fraction(ideal.total, 1_000) for ideal in plan.ideals]
    best = sum(ideal > 0 for ideal in ideals) if case.campaign.goal.name == "balanced" else abs(sum(ideals))
    for line in {rule.label: rule for rule in soft_rules(case)}.values():
        amount, per = beyond(line, items, forecast, plans, case.campaign)
        price = line.soft.amount * (best if line.soft.percent else 1)
        for part in {bound.denominator for bound in (line.bounds.low, line.bounds.high) if bound is not None}:
            ints = part if line.mean or (line.bounds.percent and not line.of_budget) else 1
        penalty = Fraction(float(price / per / ints / abs(goal.unit)))
        total = total + amount * ints * penalty
    return np.asarray([ceil(item) for item in total], dtype=np.int64)


def codes(offers, campaign):
    """Return the codes of what does not fit between a roster and a campaign."""
    try:
        build_problem(offers, campaign)
    except CampaignError as error:
        return {fault.code for fault in error.faults}
    return set()


def check_against_enumeration(rows, campaign, backend):
    refused = codes(build_roster(rows), campaign)
    if refused:
        assert refused <= REFUSED
        event("refused")
        return
    plan = optimize(build_roster(rows), campaign, solver=backend)
    case, _ = build_problem(build_roster(rows), campaign)
    own = [{**row, "row": i + 2} for i, row in enumerate(rows) if enters(row, campaign, rows)]
    items = offer_items(own)
    forecast = of_items(case, items)
    items.sort(key=lambda item: alone(case, item))  # the order in which a creator's offers are added up
    forecast = of_items(case, items)
    assume(not near_a_floor(items, forecast, combinations(items, campaign.one_offer_per), campaign, case.rules))
    hard = [rule for rule in case.rules if rule not in soft_rules(case)]
    plans = feasible(items, forecast, campaign, hard, rows)
    event("feasible" if len(plans) else "infeasible")
    if not len(plans):
        assert isinstance(plan, Diagnosis)
        assert (plan.status, plan.limit) == ("infeasible", None)
        assert plan.clash
    else:
        check_best(plan, case, items, forecast, plans)


def check_most_people(plan, case, items, forecast, plans):
    """The plan reaches as many different people as the best of all plans, but for one in a million."""
    everything = np.ones(len(items), dtype=bool)
    maximum = net_reach(everything, items, forecast, plans, case.campaign).max() / 1_000
    assert plan.proof.status == "optimal"
    assert maximum * (1 - 1e-6) - 0.01 <= plan.proof.objective <= maximum + 0.01
    assert plan.proof.bound >= maximum - 0.01
    assert plan.net_reach.people / 1_000 == pytest.approx(float(plan.proof.objective), rel=1e-6, abs=0.01)
    assert plan.net_reach.people <= plan.net_reach.at_most
    assert plan.net_reach.at_least <= plan.net_reach.people


def near_a_floor(items, forecast, plans, campaign, rules):
    """Whether a plan reaches a floor on net reach so closely that rounding decides."""
    floors = [rule for rule in rules if isinstance(rule, RangeRule) and rule.measure == "net reach"]
    for rule in floors:
        matching = np.asarray([matches(rule.selector, item) for item in items])
        people = net_reach(matching, items, forecast, plans, campaign) / 1_000
        if (np.abs(people - float(rule.bounds.low)) < 0.01).any():
            return True
    return False


def alone(case, item):
    """Return the first row of the case that holds an item: that of the choice of it alone."""
    result = (case.roster.row == item["row"]) & (case.roster.unit_counts() == item["units"])
    return int(np.flatnonzero(result)[0])


def of_items(case, items):
    """Return what is expected of each item by itself; nothing of the case is anything else."""
    assert {(item["row"], item["units"]) for item in items} == set(
        zip(case.roster.row.tolist(), case.roster.unit_counts().tolist(), strict=True)
    )
    return case.forecast.take(np.asarray([alone(case, item) for item in items], dtype=np.intp))


@pytest.mark.parametrize("goal", GOALS)
@settings(CALM, max_examples=examples(110))
@given(st.data())
def test_highs_finds_what_enumeration_finds(goal, data):
    rows = data.draw(roster_rows())
    check_against_enumeration(rows, data.draw(campaigns(rows, goal)), solver("highs"))


@pytest.mark.parametrize("goal", GOALS)
@settings(CALM, max_examples=examples(25))
@given(st.data())
def test_cbc_finds_what_enumeration_finds(goal, data):
    rows = data.draw(roster_rows())
    check_against_enumeration(rows, data.draw(campaigns(rows, goal)), solver("cbc"))


def offers_alike(*names):
    facts = {
        "niche": "beauty",
        "region": "US",
        "followers": 4_000,
        "fee": 0,
        "rate": None,
        "hours": None,
        "score": 1,
        "brands": "",
        "conflicts": "",
        "max_units": None,
        "volume_discount": "",
    }
    return [{"creator": name, "platform": platform, "offer": offer, **facts} for name, platform, offer in names]


def test_ties_between_equals_do_not_depend_on_the_order_of_rows():
    rows = offers_alike(
        ("@a", "instagram", "video"),
        ("@a", "tiktok", "reel"),
        ("@a", "tiktok", "story"),
        ("@b", "instagram", "reel"),
        ("@c", "instagram", "reel"),
        ("D", "instagram", "reel"),
    )
    campaign = build_campaign("all excludes all", "niche:beauty requires region:US", budget=0)
    plans = []
    for seed in range(12):
        shuffled = random.Random(seed).sample(rows, len(rows))
        plans.append(comparable(optimize(build_roster(shuffled), campaign, solver=solver("highs")), shuffled))
    assert all(plan == plans[0] for plan in plans)


@settings(CALM, max_examples=examples(60))
@given(st.data(), st.sampled_from(GOALS), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(data, goal, chance):
    rows = data.draw(roster_rows())
    campaign = data.draw(campaigns(rows, goal))
    shuffled = list(rows)
    chance.shuffle(shuffled)
    try:
        plans = [optimize(build_roster(order), campaign, solver=solver("highs")) for order in (rows, shuffled)]
    except CampaignError:
        return
    if isinstance(plans[0], Diagnosis):
        assert (plans[0].status, plans[0].clash) == (plans[1].status, plans[1].clash)
    else:
        assert comparable(plans[0], rows) == comparable(plans[1], shuffled)


def test_a_file_and_its_rows_in_another_order_give_the_same_plan(tmp_path):
    header, *rows = CSV.splitlines()
    plans = []
    for number, order in enumerate((rows, rows[::-1], rows[2:] + rows[:2])):
        path = tmp_path / f"roster{number}.csv"
        path.write_text("\n".join([header, *order]) + "\n", encoding="utf-8")
        plans.append(optimize(read_roster(str(path)), build_campaign(goal="balanced", budget=250_000)))
    assert [pick.creator for pick in plans[0].picks] == ["@ben", "@dora"]
    assert comparable(plans[0]) == comparable(plans[1]) == comparable(plans[2])


def crowd(count=8):
    """Return a roster of creators who differ in size and fee."""
    rows = offers_alike(*((f"@{letter}", "tiktok", "video") for letter in "abcdefgh"[:count]))
    return build_roster([row | {"followers": 20_000 + 777 * i, "fee": 9_000 + 613 * i} for i, row in enumerate(rows)])


def test_the_backend_and_its_proof_are_told():
    plan = optimize(crowd(), build_campaign(budget=30_000))
    assert (plan.proof.backend, plan.proof.version, plan.proof.status) == ("cbc", solver("cbc").version, "optimal")
    assert plan.proof.price_bound >= plan.proof.bound == plan.proof.objective
    assert plan.proof.gap == 0
    assert len(plan.proof.row_prices) == 1


def test_a_solver_whose_plans_break_rules_is_refused(monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    everything = SolveResult(termination=Termination.OPTIMAL, columns=picks(*range(8)), objective=10**12, bound=10**12)
    with pytest.raises(AuditError, match="break their rules"):
        optimize(crowd(), build_campaign(budget=30_000), solver=ScriptedBackend(solve=[everything] * 20))


def test_a_solver_that_crashes_leaves_a_plan_that_is_not_called_optimal(monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    plan = optimize(
        crowd(), build_campaign(budget=30_000), solver=ScriptedBackend(solve=[BackendError("out of memory")])
    )
    assert (plan.proof.status, plan.proof.limit, plan.proof.cheapest) == ("feasible", None, False)
    assert plan.proof.bound > plan.proof.objective
    with pytest.raises(BackendError, match="out of memory"):
        optimize(crowd(), build_campaign(budget=30_000), solver=ScriptedBackend(relax=[BackendError("out of memory")]))


def test_what_the_solver_died_of_is_kept_with_the_plan(monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    plan = optimize(
        crowd(), build_campaign(budget=30_000), solver=ScriptedBackend(solve=[BackendError("out of memory")])
    )
    assert plan.proof.failure == "out of memory"


@pytest.mark.parametrize("goal", ["balanced", "engagement", "least cost", "net reach", "value:score"])
def test_a_second_solver_confirms_the_plan_of_every_goal(goal):
    campaign = build_campaign(goal=goal, budget=30_000, audience=POOLS)
    plan = optimize(crowd(), campaign, solver=solver("cbc"), second=solver("highs"))
    assert (plan.proof.status, plan.proof.backend) == ("optimal", "cbc")
    assert (plan.proof.confirmed_by, plan.proof.unconfirmed) == (f"HiGHS {solver('highs').version}", "")
    single = optimize(crowd(), campaign, solver=solver("cbc"))
    assert (single.picks, single.proof.confirmed_by) == (plan.picks, "")


def test_a_plan_shown_by_prices_alone_is_cross_checked_too():
    plan = optimize(crowd(3), build_campaign(goal="engagement", budget=90_000), second=solver("highs"))
    assert plan.proof.proven_by == "prices alone"
    assert plan.proof.confirmed_by


def test_the_second_solver_is_asked_the_same_program_by_the_same_ideals():
    first, second = ScriptedBackend(real=solver("cbc")), ScriptedBackend(real=solver("highs"))
    optimize(crowd(), build_campaign("all count <= 3", goal="balanced", budget=30_000), solver=first, second=second)
    own, reference = ([problem for method, problem, _ in fake.asked if method == "relax"] for fake in (first, second))
    assert (len(own), len(reference)) == (3, 1)
    assert reference[0].objective.tolist() == own[-1].objective.tolist()
    for ours, changed in zip(own[-1].rows, reference[0].rows, strict=True):
        assert (ours.label, ours.lower, ours.upper) == (changed.label, changed.lower, changed.upper)
        assert ours.coefficients.tolist() == changed.coefficients.tolist()


def test_the_second_solver_has_as_much_time_again():
    second = ScriptedBackend(real=solver("highs"))
    optimize(crowd(), build_campaign(budget=30_000), limits=SolveLimits(seconds=40), second=second)
    assert 39 < second.asked[0][2].seconds <= 40


@pytest.mark.parametrize("is_checked", [True, False])
def test_a_solver_continues_what_another_leaves_open_unless_it_is_to_check_it(is_checked, monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    stuck = SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME)
    first, successor = ScriptedBackend(solve=[stuck], real=solver("cbc")), ScriptedBackend(real=solver("highs"))
    first.successor = successor
    optimize(crowd(), build_campaign(budget=30_000), solver=first, second=solver("highs") if is_checked else None)
    assert bool(successor.asked) is not is_checked


@pytest.mark.parametrize("goal", ["balanced", "engagement"])
def test_a_false_infeasible_is_caught_by_the_second_solver(goal):
    liar = ScriptedBackend(relax=[SolveResult(termination=Termination.INFEASIBLE)] * 9)
    campaign = build_campaign(goal=goal, budget=30_000)
    assert optimize(crowd(), campaign, solver=liar).status == "infeasible"
    liar = ScriptedBackend(relax=[SolveResult(termination=Termination.INFEASIBLE)] * 9)
    with pytest.raises(AuditError, match="FAKE 0 says that no plan keeps all rules") as error:
        optimize(crowd(), campaign, solver=liar, second=solver("highs"))
    assert error.value.code == "cross-check"


@pytest.mark.parametrize("goal", ["balanced", "engagement"])
def test_that_there_is_no_plan_is_confirmed_or_said_not_to_be(goal):
    # no sum of these is 12, which parts of creators could make: only a solver shows that there is none
    rows = offers_alike(*((f"@{name}", "tiktok", "video") for name in "abc"))
    offers = build_roster([{**row, "hours": hours} for row, hours in zip(rows, (6, 10, 15), strict=True)])
    campaign = build_campaign("all hours = 12", goal=goal, budget=10**9)
    plan = optimize(offers, campaign, solver=solver("cbc"), second=solver("highs"))
    assert (plan.status, plan.proven_by) == ("infeasible", f"branch and bound of CBC {solver('cbc').version}")
    assert (plan.confirmed_by, plan.unconfirmed) == (f"HiGHS {solver('highs').version}", "")
    stuck = ScriptedBackend(solve=[SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME)] * 9)
    plan = optimize(offers, campaign, solver=solver("cbc"), second=stuck)
    assert (plan.status, plan.confirmed_by) == ("infeasible", "")
    assert plan.unconfirmed == "FAKE 0 could not confirm it in time"


def test_what_prices_show_needs_no_second_solver():
    rows = offers_alike(*((f"@{name}", "tiktok", "video") for name in "abc"))
    offers = build_roster([{**row, "hours": 2} for row in rows])
    stuck = ScriptedBackend(solve=[SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME)] * 9)
    plan = optimize(offers, build_campaign("all hours = 5", budget=10**9), solver=solver("cbc"), second=stuck)
    assert (plan.status, plan.proven_by, plan.unconfirmed) == ("infeasible", "prices alone", "")


def test_what_arithmetic_shows_needs_no_second_solver():
    stuck = ScriptedBackend(solve=[SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME)] * 9)
    plan = optimize(crowd(), build_campaign("all count >= 40", budget=30_000), second=stuck)
    assert (plan.status, plan.proven_by, plan.unconfirmed) == ("infeasible", "arithmetic", "")


def test_infeasible_while_a_plan_is_in_hand_is_not_believed(monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    liar = ScriptedBackend(solve=[SolveResult(termination=Termination.INFEASIBLE)])
    assert optimize(crowd(), build_campaign(budget=30_000), solver=liar).proof.status == "feasible"


def test_a_limit_before_any_plan_is_unknown_not_infeasible(monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    leave_first_plans_to_the_solver(monkeypatch)
    stuck = ScriptedBackend(solve=[SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME)])
    diagnosis = optimize(crowd(), build_campaign("creator:@h count >= 1", budget=30_000), solver=stuck)
    assert isinstance(diagnosis, Diagnosis)
    assert (diagnosis.status, diagnosis.limit, diagnosis.clash) == ("unknown", "time", ())


def test_ideals_are_solved_within_a_part_of_the_time_and_a_number_of_nodes():
    fake = ScriptedBackend(real=solver("highs"))
    optimize(crowd(), build_campaign(goal="balanced", budget=30_000), solver=fake, limits=SolveLimits(seconds=40))
    first, last = fake.asked[0][2], fake.asked[-1][2]
    assert (first.nodes, last.nodes) == (500, None)
    assert first.seconds <= 10 < last.seconds


def test_an_ideal_that_finds_no_plan_in_its_nodes_is_asked_again_without(monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    leave_first_plans_to_the_solver(monkeypatch)
    stuck = SolveResult(termination=Termination.UNKNOWN, limit=Limit.NODES)
    fake = ScriptedBackend(solve=[stuck], relax=[SolveResult(termination=Termination.UNKNOWN)], real=solver("highs"))
    plan = optimize(crowd(), build_campaign("creator:@h count >= 1", goal="balanced", budget=30_000), solver=fake)
    assert plan.proof.status == "optimal"
    assert [limits.nodes for method, _, limits in fake.asked if method == "relax"][:2] == [500, None]


def test_an_ideal_that_is_not_proven_keeps_its_bound(monkeypatch):
    leave_cores_to_the_solver(monkeypatch)

    def poor(problem, limits):
        answer = solver("highs").solve(problem, limits)
        remaining, bound = answer.columns[:1], answer.bound
        return SolveResult(
            termination=Termination.FEASIBLE,
            limit=Limit.NODES,
            columns=remaining,
            objective=problem.objective_value(remaining),
            bound=bound,
        )

    exact = optimize(crowd(), build_campaign(goal="engagement", budget=30_000))
    plan = optimize(
        crowd(),
        build_campaign(goal="balanced", budget=30_000),
        solver=ScriptedBackend(solve=[poor], real=solver("highs")),
    )
    assert plan.ideals[0].total < plan.ideals[0].bound == exact.totals.metrics["engagements"]


def test_ctrl_c_while_an_ideal_is_solved_ends_everything():
    interrupted = SolveResult(termination=Termination.UNKNOWN, limit=Limit.INTERRUPT)
    with pytest.raises(KeyboardInterrupt):
        optimize(crowd(), build_campaign(goal="balanced", budget=30_000), solver=ScriptedBackend(relax=[interrupted]))


def test_ctrl_c_in_the_solve_itself_leaves_a_plan(monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    plan = optimize(crowd(), build_campaign(budget=30_000), solver=ScriptedBackend(solve=[KeyboardInterrupt()]))
    assert (plan.proof.status, plan.proof.limit) == ("feasible", "interrupt")
    assert plan.baseline is None  # nothing but the writing follows


@pytest.mark.parametrize(("many", "is_compared"), [(1, False), (10_000, True)])
def test_a_limit_that_ended_the_search_for_a_large_plan_leaves_no_time_to_compare_it(monkeypatch, many, is_compared):
    leave_cores_to_the_solver(monkeypatch)
    monkeypatch.setattr(build_plan, "MANY_PICKS", many)
    plan = optimize(crowd(), build_campaign(budget=30_000), limits=SolveLimits(seconds=0.0))
    assert (plan.proof.limit, plan.baseline is not None) == ("time", is_compared)


def test_an_interrupt_while_an_ideal_is_sought_leaves_the_rest_no_time_and_the_plan_that_is_known(monkeypatch):
    real, calls = study.solve, []

    def solve_until_ctrl_c(program, backend, limits, **rest):
        calls.append((limits.seconds, len(rest["warm_start"].plans)))
        result = real(program, backend, limits, **rest)
        note_interrupt()
        return replace(result, termination=Termination.FEASIBLE, limit=Limit.INTERRUPT)

    monkeypatch.setattr(study, "solve", solve_until_ctrl_c)
    try:
        plan = optimize(crowd(), build_campaign(goal="balanced", budget=30_000), solver=solver("cbc"))
    finally:
        note_interrupt(False)
    assert calls[1:] == [(0.0, 1)]
    assert plan.picks


def test_no_plan_of_a_goal_is_worse_than_those_of_its_ideals_however_early_the_search_ends(monkeypatch):
    real, values = problem_run.solve_for_goal, []

    def solve_without_time(problem, program, backend, limits, warm_start, *last):
        result = real(problem, program, backend, replace(limits, seconds=0.0), warm_start, *last)
        values.append((result.objective, [program.objective_value(plan) for plan in warm_start.plans]))
        return result

    monkeypatch.setattr(problem_run, "solve_for_goal", solve_without_time)
    optimize(crowd(), build_campaign(goal="balanced", budget=30_000), solver=solver("cbc"))
    [(value, known)] = values
    assert len(known) == 2
    assert value >= max(known)


def test_an_ideal_of_zero_drops_out_with_a_warning():
    rows = offers_alike(("@a", "tiktok", "video"), ("@b", "tiktok", "video"))
    offers = build_roster(rows)
    none = replace(offers, numbers={**offers.numbers, "action_rate": np.zeros(2)})
    plan = optimize(none, build_campaign(goal="balanced", budget=100), solver=solver("highs"))
    assert [ideal.total for ideal in plan.ideals][1] == 0
    assert "no plan brings any conversions, so the goal leaves them out" in plan.warnings
    assert plan.proof.objective == 1


def test_units_that_reach_nobody_more_are_not_bought():
    offers = build_roster(
        [
            {**row, "fee": 1_000, "max_units": 3}
            for row in offers_alike(("@a", "instagram", "reel"), ("@b", "tiktok", "reel"), ("@c", "youtube", "video"))
        ]
    )
    plan = optimize(offers, build_campaign(goal="net reach", budget=9_000, audience=POOLS), solver=solver("cbc"))
    assert [pick.units for pick in plan.picks] == [1, 1, 1]


def test_ideals_of_many_offers_are_bounded_to_half_a_percent(monkeypatch):
    chance = random.Random(5)
    rows = [
        {
            "creator": f"@c{row}",
            "followers": chance.randint(2_000, 900_000),
            "fee": chance.randint(5_000, 900_000),
            "rate": chance.uniform(0.005, 0.09),
        }
        for row in range(300)
    ]
    offers, campaign = build_roster(rows), build_campaign("all count <= 20", goal="balanced", budget=3_000_000)
    proven = optimize(offers, campaign).ideals
    monkeypatch.setattr(study, "SMALL", 0)
    loose = optimize(offers, campaign).ideals
    assert [ideal.metric for ideal in loose] == ["engagements", "conversions"]
    for ideal, best in zip(loose, proven, strict=True):
        assert ideal.total <= best.total <= ideal.bound
        assert ideal.bound - ideal.total <= 0.005 * ideal.bound


def tight_roster(path, seed):
    draw = random.Random(seed)
    rows = [
        f"@c{number},{number % 5},{draw.randrange(1_000, 500_000)},{draw.randrange(50, 3_000)},{draw.randrange(1, 9)}%"
        for number in range(150)
    ]
    path.write_text("creator,niche,followers,fee,engagement_rate\n" + "\n".join(rows), encoding="utf-8")
    return read_roster(str(path))


FLOORS = [f"niche:{niche} {rule}" for niche in range(5) for rule in ("count 4..7", "spend >= 12%")]


@pytest.mark.parametrize("seed", range(10))
def test_a_balanced_goal_has_a_plan_under_floors_and_shares_though_all_time_is_over(seed, tmp_path):
    campaign = build_campaign(*FLOORS, goal="balanced", budget=3_000_000)
    roster = tight_roster(tmp_path / "roster.csv", seed)
    plan = optimize(roster, campaign, limits=SolveLimits(seconds=0.0), solver=ScriptedBackend())
    assert isinstance(plan, Plan)
    assert (plan.proof.status, plan.proof.limit) == ("feasible", "time")


@pytest.mark.parametrize("seconds", [0.0, 1e3])
def test_the_plan_of_one_ideal_is_one_for_all_that_is_solved_after_it(seconds, tmp_path, monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    searches = []

    def find_only_the_first(self):
        searches.append(self)
        if len(searches) == 1:
            find(self)

    find = search._Search._find_initial_incumbent
    monkeypatch.setattr(search._Search, "_find_initial_incumbent", find_only_the_first)
    campaign = build_campaign(*FLOORS, goal="balanced", budget=3_000_000)
    roster = tight_roster(tmp_path / "roster.csv", 1)
    stuck = SolveResult(termination=Termination.UNKNOWN, limit=Limit.NODES)
    plan = optimize(roster, campaign, limits=SolveLimits(seconds=seconds), solver=ScriptedBackend(solve=[stuck] * 99))
    assert isinstance(plan, Plan)
