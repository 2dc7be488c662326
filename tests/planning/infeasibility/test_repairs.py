"""Repairs of random infeasible campaigns: each rule of the clash is needed, and each repair makes a plan possible."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import RangeRule
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import BackendError, CampaignError
from microopt.plan.plan import Plan
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import optimize
from microopt.readers.roster import read_roster
from microopt.solver.result import SolveResult, Termination
from tests.planning.builders import CALM, build_campaign, build_roster, campaigns, roster_rows, solver
from tests.planning.oracle import combinations, costs, enters, kept, matches, means, offer_items, once, totals
from tests.planning.test_optimize import alone, near_a_floor, of_items, soft_rules
from tests.scale import examples
from tests.support.cores import leave_cores_to_the_solver
from tests.support.scripted_backend import ScriptedBackend

TIGHT = settings(CALM, suppress_health_check=[*CALM.suppress_health_check, HealthCheck.filter_too_much])


def everything(rows, campaign):
    """Return the case, its items, and for each label which of all plans keep it; refused campaigns are left out."""
    try:
        case, _ = build_problem(build_roster(rows), campaign)
    except CampaignError:
        assume(False)
    items = offer_items([{**row, "row": i + 2} for i, row in enumerate(rows) if enters(row, campaign, rows)])
    items.sort(key=lambda item: alone(case, item))
    forecast, plans = of_items(case, items), combinations(items, campaign.one_offer_per)
    assume(not near_a_floor(items, forecast, plans, campaign, case.rules))
    masks = {f"include {name}": included(name, items, plans) for name in campaign.include}
    if campaign.budget is not None:
        masks["budget"] = costs(items, forecast.cost, plans, once(campaign)) <= campaign.spendable
    for conflict in case.conflicts:
        masks[conflict.label] = apart(case, conflict, items, plans)
    for rule in (rule for rule in case.rules if rule not in soft_rules(case)):
        masks[rule.label] = kept(rule, items, forecast, plans, campaign)
    return case, items, forecast, plans, masks


def included(name, items, plans):
    return plans[:, [i for i, item in enumerate(items) if means(name, item)]].any(axis=1)


def apart(case, conflict, items, plans):
    who = [int(case.roster.creator_id[alone(case, item)]) for item in items]
    selected = {
        creator: plans[:, [i for i, each in enumerate(who) if each == creator]].any(axis=1) for creator in set(who)
    }
    good = np.ones(len(plans), dtype=bool)
    for each in conflict.holders & selected.keys():
        for second in conflict.named & selected.keys() - {each}:
            good &= ~(selected[each] & selected[second])
    return good


def together(labels, masks):
    """Return whether any plan keeps all of these."""
    return bool(np.logical_and.reduce([masks[label] for label in labels] or [np.asarray([True])]).any())


def repaired(campaign, repair):
    """Return the campaign with each change written as the repair says."""
    rules, include, targets = list(campaign.rules), list(campaign.include), dict(campaign.goal.targets)
    for change in repair.changes:
        if change.label == "budget":
            campaign = replace(campaign, budget=int(change.after * 100))
            assert Fraction(change.becomes.removeprefix("budget ")) == change.after
        elif change.label.startswith("include "):
            include.remove(change.label.removeprefix("include "))
        elif change.label.startswith("target "):
            name = change.label.split(" ")[1]
            targets[name] = Fraction(change.becomes.rpartition(" ")[2])
        else:
            line = None if change.becomes is None else parse_rule(change.becomes)
            rules = [line if rule.label == change.label else rule for rule in rules]
            rules = [rule for rule in rules if rule is not None]
    goal = replace(campaign.goal, targets=targets)
    return replace(campaign, rules=tuple(rules), include=tuple(include), goal=goal)


def check(rows, campaign):
    case, items, forecast, plans, masks = everything(rows, campaign)
    assume(not together(masks, masks))
    result = optimize(build_roster(rows), campaign, solver=solver("highs"))
    assert (result.status, result.irreducible) == ("infeasible", True)
    with_picks = {**masks, "somebody": plans.any(axis=1)}
    always = set() if result.reasons else {"somebody"}
    assert not together({*result.clash} | always, with_picks)
    for label in result.clash:
        assert together({*result.clash} - {label} | always, with_picks), f"{label} is not needed"
    assert result.resolved_by_any == all(together(set(with_picks) - {label}, with_picks) for label in result.clash)
    for repair in result.repairs:
        plan = optimize(build_roster(rows), repaired(campaign, repair), solver=solver("highs"))
        assert isinstance(plan, Plan), repair
        smaller = smaller_share(case, repair)
        if smaller is not None:
            others = with_picks.keys() - {smaller.label}
            keeping = np.logical_and.reduce([with_picks[label] for label in others])
            assert not (keeping & kept(smaller, items, forecast, plans, campaign)).any(), repair
    made = optimize(build_roster(rows), campaign, solver=solver("highs"), repair=True)
    assert (made.repair if isinstance(made, Plan) else None) == (result.repairs[0] if result.repairs else None)
    if result.repairs and all(countable(rule) for rule in case.rules):
        price, minimum = result.repairs[0].price, least_price(case, items, forecast, plans, masks, result.repairs)
        assert minimum <= price <= minimum * Fraction(1001, 1000)
    assert result.repairs or not helped(plans, masks, case)


def smaller_share(case, repair):
    """Return the rule on a share that a repair called minimal changes alone, changed by two thousandths less."""
    change = repair.changes[0]
    if len(repair.changes) > 1 or not change.share or not repair.minimal:
        return None
    rule = next(rule for rule in case.rules if rule.label == change.label)
    step = Fraction(1, 500) if change.after < change.before else Fraction(-1, 500)
    bounds = (rule.bounds.low, rule.bounds.high)
    low, high = (change.after + step if bound == change.before else bound for bound in bounds)
    return replace(rule, bounds=replace(rule.bounds, low=low, high=high))


def helped(plans, masks, case):
    """Whether any plan that buys somebody keeps the conflicts of the roster: then something would help."""
    conflicts = [masks[conflict.label] for conflict in case.conflicts]
    return bool((np.logical_and.reduce([plans.any(axis=1), *conflicts])).any())


def countable(rule):
    return isinstance(rule, RangeRule) and rule.measure in ("count", "spend") and not (rule.bounds.percent or rule.mean)


def changes_further_limits(plans, masks, repairs, price):
    """Return which plans break all limits that a repair changes, and others, at no less than half of its price."""
    broken = {label: ~mask for label, mask in masks.items()}
    count, found = np.sum([*broken.values()], axis=0), np.zeros(len(plans), dtype=bool)
    for repair in repairs:
        labels = {change.label for change in repair.changes}
        further = np.logical_and.reduce([broken[label] for label in labels]) & (count > len(labels))
        found |= further & (2 * price >= repair.price).astype(bool)
    return found


def least_price(case, items, forecast, plans, masks, repairs):
    """Return what the cheapest repair costs, from every plan that buys somebody and keeps the conflicts.

    A plan that breaks further limits than one of `repairs` changes does not count, unless it is much cheaper.
    """
    campaign = case.campaign
    price = np.zeros(len(plans), dtype=object)
    needed = np.asarray([campaign.budget_for(cents) for cents in spent(items, forecast, plans, campaign).tolist()])
    limits = [] if campaign.budget is None else [(campaign.budget, needed, 100, 1)]
    for label, mask in masks.items():
        if label.startswith("include "):
            price = price + np.where(mask, 0, 1).astype(object)
    for rule in {rule.label: rule for rule in case.rules if rule not in soft_rules(case)}.values():
        limits += [*sides(rule, items, forecast, plans, campaign)]
    for limit, amount, per, sign in limits:
        over = np.maximum((amount.astype(object) - limit) * sign, 0)
        price = price + over / max(Fraction(per), abs(Fraction(limit)))
    allowed = np.logical_and.reduce([plans.any(axis=1), *(masks[conflict.label] for conflict in case.conflicts)])
    return min(price[allowed & ~changes_further_limits(plans, masks, repairs, price)])


def spent(items, forecast, plans, campaign):
    return costs(items, forecast.cost, plans, once(campaign))


def sides(rule, items, forecast, plans, campaign):
    matching = np.asarray([matches(rule.selector, item) for item in items])
    amount, per = totals(rule.measure, matching, items, forecast, plans, once(campaign))
    if rule.bounds.low is not None:
        yield rule.bounds.low * per, amount, per, -1
    if rule.bounds.high is not None:
        yield rule.bounds.high * per, amount, per, 1


def signed(*rows):
    """Return a roster of creators with a margin that may be below 0."""
    facts = {
        "region": "US",
        "rate": 0.02,
        "hours": 1,
        "offer": "video",
        "brands": "",
        "conflicts": "",
        "max_units": None,
        "volume_discount": "",
    }
    keys = ("creator", "platform", "niche", "followers", "fee", "score")
    return build_roster([{**facts, **dict(zip(keys, row, strict=True))} for row in rows])


@pytest.mark.parametrize("budget", [100, 60_000])
def test_a_share_of_a_negative_total_is_dropped_not_moved(budget):
    offers = signed(
        ("@a", "youtube", "food", 300_000, 0, -1),
        ("@b", "tiktok", "beauty", 20_000, 33_333, -3),
        ("@c", "tiktok", "food", 300_000, 33_333, -3),
    )
    campaign = build_campaign("platform:tiktok score >= 50%", budget=budget, include=("@b",))
    plan = optimize(offers, campaign, solver=solver("cbc"))
    assert plan.status == "infeasible"
    changed = {change.label: change.becomes for repair in plan.repairs for change in repair.changes}
    assert changed.get("platform:tiktok score >= 50%") is None
    for repair in plan.repairs:
        assert isinstance(optimize(offers, repaired(campaign, repair), solver=solver("cbc")), Plan)


def test_an_empty_plan_is_not_a_repair():
    offers = signed(
        ("@a", "youtube", "beauty|food", 300_000, 90_000, 5),
        ("@b", "tiktok", "food", 20_000, 33_333, -1),
        ("@c", "youtube", "food", 300_000, 90_000, -1),
        ("@d", "youtube", "food", 5_000, 90_000, 5),
        ("@e", "tiktok", "beauty", 300_000, 25_000, -1),
    )
    rules = (
        "platform:tiktok count <= 0",
        "tier:nano spend >= 60%",
        "tier:mid spend >= 40% of budget",
        "all mean(score) >= 3",
    )
    plan = optimize(offers, build_campaign(*rules, budget=60_000), solver=solver("highs"), repair=True)
    assert plan.repair is not None
    assert plan.picks


def test_an_empty_plan_resolves_no_conflict():
    offers = signed(("@a", "tiktok", "food", 5_000, 10_000, 1), ("@b", "tiktok", "food", 5_000, 10_000, 1))
    shares = ("creator:@a spend >= 60%", "creator:@b spend >= 60%")
    result = optimize(offers, build_campaign(*shares, include=("@a",), budget=60_000), solver=solver("cbc"))
    assert (result.irreducible, result.resolved_by_any) == (True, False)


@pytest.mark.parametrize("forced", [{"include": ("@a",)}, {"rules": ("all count >= 1",)}])
def test_rules_that_only_an_empty_plan_keeps_are_the_whole_conflict(forced):
    offers = signed(
        ("@a", "tiktok", "food", 5_000, 10_000, 1),
        ("@b", "tiktok", "food", 50_000, 10_000, 1),
        ("@c", "tiktok", "food", 5_000, 10_000, 1),
    )
    shares = ("tier:nano spend >= 60%", "tier:micro spend >= 50%")
    campaign = build_campaign(*shares, *forced.get("rules", ()), include=forced.get("include", ()), budget=60_000)
    result = optimize(offers, campaign, solver=solver("cbc"))
    assert (set(result.clash), result.irreducible, result.resolved_by_any) == (set(shares), True, True)
    assert any("add up to 110%" in warning for warning in result.warnings)


def shares_above_all():
    """Return three nano and three micro creators at one fee, and a campaign with shares of them that exceed 100%."""
    offers = signed(
        *((f"@n{number}", "tiktok", "food", 5_000, 10_000, 1) for number in range(3)),
        *((f"@m{number}", "tiktok", "food", 50_000, 10_000, 1) for number in range(3)),
    )
    shares = ("tier:nano spend >= 60%", "tier:micro spend >= 50%")
    return offers, build_campaign(*shares, "all count >= 3", budget=60_000)


def test_a_share_is_relaxed_as_little_as_possible():
    offers, campaign = shares_above_all()
    plan = optimize(offers, campaign, solver=solver("cbc"))
    assert plan.repairs[0].price == Fraction(1, 10)  # half and half


def test_a_share_changed_alone_is_proven_to_be_the_smallest_change():
    offers, campaign = shares_above_all()
    result = optimize(offers, campaign, solver=solver("cbc"))
    assert [(len(repair.changes), repair.minimal) for repair in result.repairs] == [(1, True), (1, True)]


@pytest.mark.parametrize(
    ("rules", "budget"),
    [
        (("tier:nano spend >= 60%", "tier:micro spend >= 50%", "all count >= 3"), 60_000),
        (("tier:nano count <= 1", "tier:micro count <= 1", "all count >= 4"), 60_000),
        (("all count >= 6",), 30_000),
    ],
)
def test_the_plan_has_the_repair_that_is_listed_first(rules, budget):
    offers = signed(
        *((f"@n{number}", "tiktok", "food", 5_000, 10_000, 1) for number in range(3)),
        *((f"@m{number}", "tiktok", "food", 50_000, 10_000, 1) for number in range(3)),
    )
    campaign = build_campaign(*rules, budget=budget, goal="balanced")
    listed = optimize(offers, campaign, solver=solver("cbc")).repairs
    assert optimize(offers, campaign, solver=solver("cbc"), repair=True).repair == listed[0]


def test_a_repair_that_changes_further_limits_for_little_less_is_left_out():
    offers = signed(*((f"@{number}", "tiktok", "food", 5_000, 10_000, 1) for number in range(10)))
    plan = optimize(offers, build_campaign("all count >= 10", budget=79_900), solver=solver("cbc"))
    stated = [[change.becomes for change in repair.changes] for repair in plan.repairs]
    assert stated == [["budget 1000"], ["all count >= 7"]] or stated == [["all count >= 7"], ["budget 1000"]]


def test_a_required_creator_is_not_the_first_to_go():
    offers = signed(("@a", "tiktok", "food", 5_000, 60_000, 1), ("@b", "tiktok", "food", 5_000, 30_000, 1))
    campaign = build_campaign("creator:@b spend >= 30%", budget=85_000, include=("@a",))
    plan = optimize(offers, campaign, solver=solver("cbc"))
    first, *others = plan.repairs
    assert [change.label for change in first.changes] == ["budget"]
    assert all(first.price <= repair.price for repair in others)


def test_a_repair_of_fewer_limits_is_listed_with_one_that_gives_up_less():
    offers = signed(("@a", "tiktok", "food", 5_000, 100, 1), ("@b", "tiktok", "food", 5_000, 25_000, 1))
    plan = optimize(offers, build_campaign(budget=0, include=("@b",)), solver=solver("cbc"))
    stated = [(repair.price, {change.label for change in repair.changes}) for repair in plan.repairs]
    assert stated == [(2, {"budget", "include @b"}), (250, {"budget"})]


@pytest.mark.parametrize(
    ("rules", "reported"),
    [
        ((), True),
        (("tier:nano spend >= 10%",), True),
        (("all mean(score) >= 0",), False),
        (("each creator spend <= 900",), False),
    ],
)
def test_a_repair_is_called_minimal_only_where_prices_prove_it(rules, reported):
    offers = signed(*((f"@{name}", "tiktok", "food", 5_000, 10_000, 1) for name in "abc"))
    plan = optimize(offers, build_campaign("all count >= 3", *rules, budget=20_000), solver=solver("cbc"))
    assert {change.label for change in plan.repairs[0].changes} <= {"all count >= 3", "budget"}
    assert plan.repairs[0].minimal == reported


VALUES_FAR_APART = """creator,platform,niche,followers,engagement_rate,fee,credibility
@a,youtube,food,2000000,1%,900,0.4
@b,youtube,beauty|food,5000,1%,250,0.5
@c,youtube,beauty|food,2000000,3%,250,0.7
@d,tiktok,beauty|food,2000000,1%,900,0.7
"""


def test_highs_is_run_again_where_values_are_too_far_apart(tmp_path, monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    (tmp_path / "roster.csv").write_text(VALUES_FAR_APART, encoding="utf-8")
    campaign = build_campaign("niche:beauty count >= 1", "tier:nano spend >= 60%", goal="balanced", budget=20_000)
    read = read_roster(str(tmp_path / "roster.csv"))
    plans = [optimize(read, campaign, solver=solver(name), repair=True) for name in ("highs", "cbc")]
    assert [pick.creator for pick in plans[0].picks] == [pick.creator for pick in plans[1].picks] == ["@b"]
    assert plans[0].proof.status == "optimal"


def test_the_solver_may_fail_during_the_diagnosis():
    def dies(*_):
        raise BackendError("out of memory")

    offers = signed(*((f"@{name}", "tiktok", "food", 5_000, 10_000, 1) for name in "abc"))
    fake = ScriptedBackend(relax=[SolveResult(termination=Termination.INFEASIBLE), dies], real=solver("cbc"))
    plan = optimize(offers, build_campaign("niche:food count >= 2", "all count <= 1", budget=60_000), solver=fake)
    assert plan.status == "infeasible"
    assert any("out of memory" in warning for warning in plan.warnings)


@pytest.mark.random
@pytest.mark.parametrize("goal", ["balanced", "engagement", "worth", "least cost"])
@settings(TIGHT, max_examples=examples(250))
@given(st.data())
def test_each_rule_of_a_clash_is_needed_and_each_repair_makes_a_plan(goal, data):
    rows = data.draw(roster_rows(8))
    check(rows, data.draw(campaigns(rows, goal)))


@settings(TIGHT, max_examples=examples(40))
@given(st.data())
def test_what_does_not_fit_is_reported_and_repaired(data):
    rows = data.draw(roster_rows(6))
    check(rows, data.draw(campaigns(rows, "engagement")))
