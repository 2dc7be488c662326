"""The price of a rule is what the best plan without it has more."""

import json
import re

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.errors import AuditError, BackendError, CampaignError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.planning import counterfactuals
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import optimize, solve_problem
from microopt.quantities.parse_and_format import parse_money
from microopt.readers.plan_file import read_plan
from microopt.rendering.data.json import object_json
from microopt.rendering.wording.plan_head import unspent_warning
from microopt.solver.result import Limit, SolveLimits
from microopt.solver.search import solve
from microopt.verification.verify import verify
from tests.analysis.explain.test_explain import ROWS
from tests.planning.builders import CALM, POOLS, build_campaign, build_roster, campaigns, roster_rows, solver
from tests.scale import examples
from tests.verification.opponent import decimal, put, sealed, written
from tests.verification.opponent import planned as planned_text

LIMITS = SolveLimits(seconds=60.0)
EMPTY = {"region": "", "brands": "", "conflicts": "", "max_units": None, "volume_discount": ""}
ROWS_TO_WRITE = [{**EMPTY, **row} for row in ROWS]


def test_requiring_a_creator_is_priced_after_the_rules():
    campaign = build_campaign("all count <= 2", include=(ROWS[-1]["creator"],))
    plan = planned(build_roster(ROWS), campaign, price_rules=True)
    rule, requirement = plan.rule_prices
    assert (rule.label, requirement.label) == ("all count <= 2", f"include {ROWS[-1]['creator']}")
    free = planned(build_roster(ROWS), replace(campaign, include=(), ideals=plan.ideals))
    assert requirement.change.objective == free.proof.objective - plan.proof.objective


def planned(roster, campaign, **how):
    return optimize(roster, campaign, limits=LIMITS, solver=solver("highs"), **how)


@pytest.mark.parametrize("goal", ["balanced", "conversions", "worth", "least cost"])
@settings(CALM, max_examples=examples(12), phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_a_price_is_the_value_without_the_rule_minus_the_value_with_it(goal, data):
    rows = data.draw(roster_rows())
    campaign = data.draw(campaigns(rows, goal))
    try:
        plan = planned(build_roster(rows), campaign, price_rules=True)
    except CampaignError:
        assume(False)
    assume(isinstance(plan, Plan))
    required = [f"include {name}" for name in campaign.include]
    labels = list(dict.fromkeys((*(rule.label for rule in campaign.rules), *required)))
    assert [price.label for price in plan.rule_prices] == labels
    for price in plan.rule_prices:
        rest = tuple(rule for rule in campaign.rules if rule.label != price.label)
        include = tuple(name for name in campaign.include if f"include {name}" != price.label)
        free = planned(build_roster(rows), replace(campaign, rules=rest, include=include, ideals=plan.ideals))
        if campaign.goal.name == "balanced" or not plan.ideals:
            assert not isinstance(free, Diagnosis)
            gained = free.proof.objective - plan.proof.objective
            assert abs(price.change.objective - gained) <= abs(gained) / 10**9


TIGHT = (
    "all count <= 2",
    "niche:beauty spend >= 60%",
    "tier:micro count >= 60%",
    "each creator spend <= $250",
    "platform:tiktok spend <= 20% of budget",
    "platform:instagram count <= 1",
)


@settings(CALM, max_examples=examples(20), phases=[Phase.explicit, Phase.generate])
@given(roster_rows(min_rows=6), st.lists(st.sampled_from(TIGHT), min_size=1, max_size=3, unique=True))
def test_a_rule_is_blamed_for_the_unspent_money_that_a_best_plan_without_it_spends(rows, rules):
    campaign = build_campaign(*rules, budget=sum(row["fee"] for row in rows))
    plan = planned(build_roster(rows), campaign)
    sentence = next((text for _, text in unspent_warning(plan)), None)
    if sentence is None:
        return
    label, amount = re.match(r"Your rule (.*) (?:accounts for|leaves) (\S+) .*unspent;", sentence).groups()
    rest = tuple(rule for rule in campaign.rules if rule.label != label)
    assert len(rest) == len(rules) - 1
    free = planned(build_roster(rows), replace(campaign, rules=rest))
    more, blamed = free.totals.spend - plan.totals.spend, parse_money(amount)
    assert more <= blamed <= plan.unspent  # this is the cheapest of the best plans without the rule
    assert (" leaves " in sentence) == (blamed == plan.unspent)


def test_a_plan_file_gives_its_prices_back(tmp_path):
    plan = planned(build_roster(ROWS), build_campaign("niche:food count <= 1", "all count >= 1"), price_rules=True)
    (tmp_path / "plan.json").write_text(object_json(plan), encoding="utf-8")
    assert read_plan(str(tmp_path / "plan.json")).plan.rule_prices == plan.rule_prices
    assert plan.rule_prices[0].change.objective >= 0


def test_rules_are_not_priced_by_default():
    assert planned(build_roster(ROWS), build_campaign("all count >= 1")).rule_prices == ()


ONE_OF_TWO = [{**ROWS[0], "creator": name, "fee": 10_000, "max_units": None} for name in ("ann", "bob")]


@pytest.mark.parametrize("rule", ["all count <= 1", "all spend <= 150"])
def test_rules_that_leave_more_than_a_fifth_unspent_are_priced_unasked_and_that_is_told(rule):
    phases = []
    limits = SolveLimits(seconds=60.0, report=lambda phase, value, bound: phases.append(phase))
    campaign = build_campaign(rule, budget=20_000)
    plan = optimize(build_roster(ONE_OF_TWO), campaign, limits=limits, solver=solver("highs"))
    (price,) = plan.rule_prices
    assert (price.label, price.change.spend, price.change.added) == (rule, 10_000, ("bob",))
    assert f"without {rule}" in phases


@pytest.mark.parametrize(
    ("rules", "facts"),
    [
        (("all count <= 1",), {"budget": 12_000}),
        (("all count >= 3",), {"budget": 90_000}),
        (("niche:tech count <= 1",), {"budget": 90_000}),
        ((), {"budget": 90_000, "exclude": ["bob"]}),
        (("all count <= 1",), {"budget": 90_000, "goal": "least cost"}),
    ],
)
def test_rules_are_not_priced_unasked_where_little_is_left_or_no_rule_keeps_creators_out(rules, facts):
    roster = build_roster([{**row, "niche": "food"} for row in ONE_OF_TWO] + [{**ROWS[0], "niche": "tech"}])
    plan = planned(roster, build_campaign(*rules, **facts))
    if isinstance(plan, Plan):
        assert plan.rule_prices == ()


@pytest.mark.parametrize("failure", [BackendError("it broke"), AuditError("it lied"), KeyboardInterrupt()])
def test_a_plan_does_not_fail_with_prices_that_nobody_asked_for(monkeypatch, failure):
    def fail(*_, **__):
        raise failure

    monkeypatch.setattr(counterfactuals, "solve", fail)
    plan = planned(build_roster(ONE_OF_TWO), build_campaign("all count <= 1", budget=20_000))
    assert (len(plan.picks), plan.rule_prices) == (1, ())


def test_an_interrupt_while_a_rule_is_priced_ends_the_pricing(monkeypatch):
    def interrupted(*given, **how):
        return replace(solve(*given, **how), limit=Limit.INTERRUPT)

    monkeypatch.setattr(counterfactuals, "solve", interrupted)
    campaign = build_campaign("all count <= 1", "all count >= 1", budget=20_000)
    first, second = planned(build_roster(ONE_OF_TWO), campaign, price_rules=True).rule_prices
    assert (first.status, second.status) == ("optimal", "not looked at")


def test_no_rule_is_priced_for_a_plan_that_was_interrupted():
    problem, _ = build_problem(build_roster(ONE_OF_TWO), build_campaign("all count <= 1", budget=20_000))
    solved = solve_problem(problem, limits=LIMITS, solver=solver("highs"))
    stopped = replace(solved, proof=replace(solved.proof, limit=Limit.INTERRUPT.value))
    (price,) = counterfactuals.rule_prices(stopped, LIMITS, solver("highs"))
    assert price.status == "not looked at"


def test_a_cap_on_net_reach_is_dropped_as_a_whole():
    capped = build_campaign("all net reach 1..9k", audience=POOLS, budget=150_000)
    plan = planned(build_roster(ROWS), capped, price_rules=True)
    free = planned(build_roster(ROWS), replace(capped, rules=()))
    assert plan.proof.objective + plan.rule_prices[0].change.objective == free.proof.objective
    assert plan.rule_prices[0].change.objective > 0


@pytest.mark.parametrize(
    ("path", "stated", "place"),
    [
        (("change", "objective"), -5.0, "rule_prices[0].change.objective"),
        (("status",), "great", "rule_prices[0].status"),
        (("label",), "all count >= 9", "rule_prices"),
    ],
)
def test_an_impossible_price_is_found_false(tmp_path, path, stated, place):
    roster = written(decimal(ROWS_TO_WRITE), tmp_path / "roster.csv")
    value = json.loads(planned_text(str(roster), build_campaign("niche:food count <= 1"), price_rules=True))
    value = put(value, ("rule_prices", 0, *path), stated)
    (tmp_path / "plan.json").write_text(json.dumps(sealed(value, claims=True)), encoding="utf-8")
    assert verify(str(tmp_path / "plan.json")).discrepancy.place == place
