"""Plans for people on target: the best by enumeration, with exact totals."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.campaign.inputs import CampaignInput
from microopt.campaign.metrics import TARGET_METRICS
from microopt.campaign.rule_grammar import parse_rule
from microopt.campaign.settings import parse_campaign
from microopt.errors import CampaignError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.expectations import parse_expectation, unmet_expectations
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import optimize
from microopt.readers.options import roster_options
from tests.planning.builders import CALM, solver
from tests.readers.builders import read
from tests.scale import examples

TARGET = {"audience_country": ["DE"], "audience_gender": "female"}
GOALS = tuple(TARGET_METRICS)
FEW = settings(CALM, max_examples=examples(12))


def asked(rows, **written):
    """Return a roster and a campaign: offers (followers, fee, percent in DE, percent of women), each of one creator."""
    campaign = parse_campaign(CampaignInput(**{"budget": "900", **TARGET, **written}))
    lines = [f"@c{i},{followers},{fee},3%,{de},{women}" for i, (followers, fee, de, women) in enumerate(rows)]
    text = "\n".join(["creator,followers,fee,engagement_rate,Audience DE,% Female", *lines]) + "\n"
    options = roster_options(campaign, skip_bad_rows=False, sheet=None, max_unpacked=10**6)
    fields = {name: getattr(options, name) for name in options.__struct_fields__}
    return read(text, **fields), campaign


def problem(rows, **written):
    return build_problem(*asked(rows, **written))[0]


def planned(rows, **written):
    return optimize(*asked(rows, **written), solver=solver("highs"))


OFFERS = st.lists(
    st.tuples(
        st.sampled_from((5_000, 20_000, 80_000)),
        st.sampled_from((100, 250, 333, 500)),
        st.integers(0, 100),
        st.integers(0, 100),
    ),
    min_size=1,
    max_size=6,
)


def best_by_enumeration(problem, weights, keep=lambda rows: True):
    """Return the highest total of any plan within the budget."""
    cost, best = problem.forecast.cost.tolist(), 0
    for count in range(len(cost) + 1):
        for rows in combinations(range(len(cost)), count):
            if sum(cost[row] for row in rows) <= problem.campaign.budget and keep(rows):
                best = max(best, sum(weights[row] for row in rows))
    return best


@given(OFFERS, st.sampled_from(GOALS))
@FEW
def test_the_best_plan_on_target_is_that_of_enumeration(rows, goal):
    found = problem(rows, goal=goal)
    plan = planned(rows, goal=goal)
    assert plan.status == "optimal"
    assert plan.totals.metrics[goal] == best_by_enumeration(found, found.forecast.metrics[goal].tolist())


@given(OFFERS, st.integers(1, 100))
@FEW
def test_a_floor_on_target_is_kept_exactly(rows, percent):
    found = problem(rows, goal="reach")
    on_target = found.forecast.metrics["target_reach"].tolist()
    floor = sum(on_target) * percent // 100
    plan = planned(rows, goal="reach", rules=[f"all target_reach >= {floor // 1000}.{floor % 1000:03}0"])
    reach = found.forecast.metrics["reach"].tolist()
    best = best_by_enumeration(found, reach, lambda chosen: sum(on_target[row] for row in chosen) >= floor)
    if isinstance(plan, Diagnosis):
        assert not any(
            sum(on_target[row] for row in chosen) >= floor
            and sum(found.forecast.cost[row] for row in chosen) <= found.campaign.budget
            for count in range(len(reach) + 1)
            for chosen in combinations(range(len(reach)), count)
        )
    else:
        assert plan.totals.metrics["reach"] == best
        assert plan.totals.metrics["target_reach"] >= floor


@given(OFFERS, st.integers(1, 99))
@FEW
def test_a_share_on_target_is_kept_exactly(rows, percent):
    found = problem(rows, goal="reach")
    seen, all_seen = (found.forecast.metrics[name].tolist() for name in ("target_impressions", "impressions"))
    plan = planned(rows, goal="reach", rules=[f"all target_share >= {percent}%"])
    best = best_by_enumeration(
        found,
        found.forecast.metrics["reach"].tolist(),
        lambda chosen: 100 * sum(seen[row] for row in chosen) >= percent * sum(all_seen[row] for row in chosen),
    )
    assert plan.totals.metrics["reach"] == best
    if plan.picks:
        assert plan.on_target.share >= Fraction(percent, 100)
        assert plan.rules[0].used == plan.on_target.share


ROWS = [(20_000, 300, 90, 80), (80_000, 500, 10, 50), (5_000, 100, 60, 60)]


def test_totals_picks_and_mix_add_up_on_target_too():
    plan = planned(ROWS)
    for name in TARGET_METRICS:
        assert plan.totals.metrics[name] == sum(pick.metrics[name] for pick in plan.picks)
        assert plan.totals.metrics[name] == sum(totals.metrics[name] for totals in plan.mix.values())


def test_a_plan_says_which_share_is_on_target_and_what_it_costs():
    plan = planned(ROWS)
    seen, all_seen = plan.totals.metrics["target_impressions"], plan.totals.metrics["impressions"]
    assert plan.on_target.share == Fraction(seen, all_seen)
    assert plan.on_target.cpm == Fraction(plan.totals.spend, 100) / (Fraction(seen, 1000) / 1000)


def test_without_a_target_a_plan_has_no_figures_on_target():
    plan = planned(ROWS, audience_country=[], audience_gender=None)
    assert plan.on_target is None
    assert TARGET_METRICS.keys().isdisjoint(plan.totals.metrics)
    assert list(plan.to_frame()) == [name for name in plan.to_frame() if not name.startswith("target_")]


def test_frames_have_a_column_of_each_result_on_target():
    plan = planned(ROWS)
    assert plan.to_frame()["target_reach"].sum() == pytest.approx(plan.totals.metrics["target_reach"] / 1000)


def test_a_rule_on_target_needs_a_target():
    with pytest.raises(CampaignError) as caught:
        problem(ROWS, audience_country=[], audience_gender=None, rules=["all target_reach >= 10"])
    assert caught.value.faults[0].code == "target-missing"


def test_a_limit_on_the_cpm_of_people_on_target_is_kept():
    plan = planned(ROWS, rules=["all target_cpm <= 110"])
    assert plan.picks
    assert plan.on_target.cpm <= 110


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("target_reach >= 1", ""),
        ("target_share >= 1%", ""),
        ("target_reach >= 9M", "the plan expects"),
        ("target_cpm <= 1", "has a CPM on target of $"),
        ("target_share >= 99%", "has a share on target of"),
        ("target_share >= 0.99", "has a share on target of"),
    ],
)
def test_results_on_target_can_be_expected_of_a_plan(text, message):
    plan = planned(ROWS)
    unmet = unmet_expectations(plan, [parse_expectation(text)])
    assert [message in each.message for each in unmet] == ([True] if message else [])


def test_a_figure_on_target_is_not_met_without_a_target():
    plan = planned(ROWS, audience_country=[], audience_gender=None)
    (unmet,) = unmet_expectations(plan, [parse_expectation("target_reach >= 1")])
    assert "the campaign names no target audience" in unmet.message


@pytest.mark.parametrize("text", ["all target_share >= 40%", "all target_share >= 0.4", "all target share >= 40%"])
def test_a_share_on_target_is_written_in_percent_or_as_a_fraction(text):
    if " share" in text:
        text = text.replace("target share", '"target share"')
    assert parse_rule(text).bounds.low == Fraction(2, 5)


def test_the_share_that_all_have_of_a_result_on_target_is_refused_as_it_is_always_the_whole():
    with pytest.raises(CampaignError) as caught:
        parse_rule("all target_reach >= 40%")
    assert "all target_share >= 40%" in caught.value.fix
    assert parse_rule("niche:beauty target_reach >= 40%").bounds.percent


def test_a_plan_that_counts_people_on_target_without_looking_for_them_says_so():
    rows = [(20_000, 300, 60, 80), (20_000, 300, 0, 80)]
    (note,) = [note for note in planned(rows).notes if "looks for them" in note]
    assert "--goal target-engagements" in note
    for seeking in (
        {"goal": "target-engagements"},
        {"rules": ["all target_share >= 1%"]},
        {"rules": ["all target_cpm <= 900"]},
    ):
        assert not any("looks for them" in note for note in planned(rows, **seeking).notes)
    assert not any("looks for them" in note for note in planned(rows, audience_country=[], audience_gender=None).notes)


def test_a_plan_that_reaches_nobody_on_target_is_warned_of():
    bought = planned([(80_000, 300, 0, 80), (5_000, 850, 60, 80)], goal="engagement")
    (warning,) = bought.warnings
    assert warning.startswith(
        "this plan reaches nobody on target (women in DE); to look for them, add --goal target-eng"
    )
    (warning,) = planned([(80_000, 300, 0, 80)], goal="engagement").warnings
    assert warning == "no creator on your list has an audience on target (women in DE)"


def test_an_empty_plan_names_the_audience_that_nobody_has():
    (warning,) = planned([(80_000, 300, 0, 80)], goal="target-reach").warnings
    assert warning == "the plan is empty: no creator on your list has an audience on target (women in DE)"
