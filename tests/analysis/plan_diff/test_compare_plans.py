"""Two plans side by side: whoever is in one is accounted for, differences add up, a roster that is gone is no error."""

import json

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from microopt.analysis.plan_diff.compare_plans import compare_plans
from microopt.campaign.metrics import METRICS
from microopt.errors import CampaignError, UsageError
from microopt.quantities.keys import match_key
from tests.planning.builders import CALM, CSV, GOALS, build_campaign, campaigns, roster_rows, solver
from tests.scale import examples
from tests.verification.opponent import decimal, planned, put, sealed, written

MEASURED = settings(CALM, max_examples=examples(40), phases=[Phase.explicit, Phase.generate])


@pytest.fixture
def desk(tmp_path):
    """Return a function that writes two plans, each of a roster's text and a campaign, and compares them."""

    def compare(one, other, rosters=(CSV, CSV)):
        paths = []
        for letter, campaign, text in zip("ab", (one, other), rosters, strict=True):
            (tmp_path / f"{letter}.csv").write_text(text, encoding="utf-8")
            paths.append(tmp_path / f"{letter}.json")
            paths[-1].write_text(planned(tmp_path / f"{letter}.csv", campaign), encoding="utf-8")
        return compare_plans(*map(str, paths))

    return compare


def drawn(data, folder, letter, goal):
    """Write a plan of a random roster, and return its path and the names of its picks; None where there is none."""
    rows = data.draw(roster_rows())
    path = written(decimal(rows), folder / f"{letter}.csv")
    try:
        text = planned(path, data.draw(campaigns(rows, goal)), solver=solver("highs"))
    except CampaignError:
        return None
    if text is None:
        return None
    (folder / f"{letter}.json").write_text(text, encoding="utf-8")
    return str(folder / f"{letter}.json"), {match_key(pick["creator"]) for pick in json.loads(text)["picks"]}


def keys(moved):
    return [match_key(item.purchase.creator) for item in moved]


@MEASURED
@given(st.data(), st.sampled_from(GOALS), st.sampled_from(GOALS))
def test_whoever_is_in_a_plan_came_left_or_stayed_and_differences_add_up(tmp_path_factory, data, one, other):
    folder = tmp_path_factory.mktemp("pair")
    plans = [drawn(data, folder, letter, goal) for letter, goal in (("a", one), ("b", other))]
    if None in plans:
        return
    (before, plan_before), (after, others) = plans
    result = compare_plans(before, after)
    stayed = [match_key(two.after.creator) for two in result.retained]
    assert sorted([*keys(result.dropped), *stayed]) == sorted(plan_before)
    assert sorted([*keys(result.added), *stayed]) == sorted(others)
    for name in METRICS:
        assert result.change(name) == gained(result, lambda totals, name=name: totals.metrics[name])
    assert result.change("spend") == gained(result, lambda totals: totals.spend)
    assert all(moved.causes for moved in (*result.added, *result.dropped))


def gained(comparison, figure):
    """Return what came brings more than what left, and what changed of who stayed."""
    added, left = (
        sum(figure(item.purchase.totals) for item in part) for part in (comparison.added, comparison.dropped)
    )
    return added - left + sum(figure(item.after.totals) - figure(item.before.totals) for item in comparison.retained)


@MEASURED
@given(st.data(), st.sampled_from(GOALS))
def test_the_other_way_round_who_came_has_left(tmp_path_factory, data, goal):
    folder = tmp_path_factory.mktemp("pair")
    plans = [drawn(data, folder, letter, goal) for letter in "ab"]
    if None in plans:
        return
    (first, _), (second, _) = plans
    forward, back = compare_plans(first, second), compare_plans(second, first)
    assert (keys(forward.added), keys(forward.dropped)) == (keys(back.dropped), keys(back.added))
    for moved, again in zip(forward.dropped, back.added, strict=True):
        assert moved.purchase == again.purchase
    assert compare_plans(first, first).same


def test_the_same_plan_twice_is_the_same(desk):
    result = desk(build_campaign(), build_campaign())
    assert result.same
    assert result.same_picks
    assert result.notes == result.warnings == ()


def test_another_budget_that_buys_the_same_is_a_change_of_the_campaign_alone(desk):
    result = desk(build_campaign(budget=5_000_000), build_campaign(budget=6_000_000))
    assert (result.same, result.same_picks, [change.setting for change in result.campaign]) == (False, True, ["budget"])


def test_revenue_that_differs_by_the_value_of_an_order_is_no_change_of_a_creator(desk):
    for other in (None, 9_000):
        result = desk(build_campaign(order_value=4_500), build_campaign(order_value=other))
        assert result.same_picks and not result.same and not result.changed
        assert result.before.totals.revenue != result.after.totals.revenue
        assert [change.setting for change in result.campaign] == ["order_value"]


def test_who_stayed_is_told_with_what_changed(desk):
    result = desk(build_campaign(), build_campaign(), (CSV, CSV.replace("18300,$400,4.5%", "19000,$450,4.5%")))
    (changed,) = result.changed
    assert changed.after.creator == "@anna"
    what = {change.field: (change.before, change.after) for change in changed.changes}
    assert (what["fee"], what["followers"]) == ((40_000, 45_000), (18_300, 19_000))
    assert "cost" not in what


def test_handling_that_is_paid_beside_the_fee_is_a_change_of_the_cost(desk):
    result = desk(build_campaign(), build_campaign(per_creator=500))
    assert {change.field for item in result.changed for change in item.changes} == {"cost"}


def test_another_offer_of_a_creator_is_a_change_and_no_one_came(desk):
    result = desk(build_campaign(), build_campaign(where=["offer:story"]))
    (changed,) = result.changed
    assert (changed.changes[0].before, changed.changes[0].after) == ("instagram reel", "instagram story")
    assert result.added == ()


def test_two_currencies_are_told_and_no_money_is_compared(desk):
    result = desk(build_campaign(), build_campaign(budget=90_000), (CSV, CSV.replace("$", "€")))
    assert result.change("spend") is result.change("value") is None
    assert result.change("reach") is not None
    assert "A is in USD and B in EUR, so money is not compared" in result.notes
    assert not {"fee", "cost"} & {cause.kind for moved in result.dropped for cause in moved.causes}


def test_values_of_two_goals_or_of_other_ideals_are_not_compared(desk):
    assert desk(build_campaign(), build_campaign(goal="conversions")).change("value") is None
    balanced = [build_campaign(goal="balanced", budget=budget) for budget in (100_000, 300_000)]
    assert desk(*balanced).change("value") is None
    assert desk(build_campaign(), build_campaign(budget=300_000)).change("value") > 0


def test_a_broken_seal_is_a_warning_that_names_the_check(desk, tmp_path):
    desk(build_campaign(), build_campaign())
    path = tmp_path / "a.json"
    path.write_text(json.dumps(put(json.loads(path.read_text("utf-8")), ("spend",), 1.0)), encoding="utf-8")
    (warning,) = compare_plans(str(path), str(tmp_path / "b.json")).warnings
    assert warning.endswith(f"See what is false with microopt verify {path}")


def test_a_plan_not_proven_and_another_version_are_noted(desk, tmp_path):
    desk(build_campaign(), build_campaign())
    path = tmp_path / "a.json"
    value = {**json.loads(path.read_text("utf-8")), "microopt": "0.0.9"}
    value["proof"] |= {"status": "feasible", "bound": value["proof"]["objective"] / 0.93}
    path.write_text(json.dumps(sealed(value)), encoding="utf-8")
    result = compare_plans(str(path), str(tmp_path / "b.json"))
    assert "A is not proven best (within 7.0%)" in result.notes[0]
    assert "A was made by microopt 0.0.9" in result.notes[1]
    assert not result.same


def test_a_campaign_that_none_can_be_is_refused(desk, tmp_path):
    desk(build_campaign(), build_campaign())
    path = tmp_path / "b.json"
    value = put(json.loads(path.read_text("utf-8")), ("campaign", "budget"), -1.0)
    path.write_text(json.dumps(value), encoding="utf-8")
    with pytest.raises(UsageError, match="is not valid") as refused:
        compare_plans(str(tmp_path / "a.json"), str(path))
    assert (refused.value.code, refused.value.fix) == ("plan-false", f"see what is false: microopt verify {path}")


def test_both_plans_cannot_come_from_standard_input():
    with pytest.raises(UsageError, match="cannot come from standard input"):
        compare_plans("-", "-")


@MEASURED
@given(st.data(), st.sampled_from(GOALS))
def test_causes_are_true_of_the_rosters_and_campaigns(tmp_path_factory, data, goal):
    folder = tmp_path_factory.mktemp("pair")
    plans = [drawn(data, folder, letter, goal) for letter in "ab"]
    if None in plans:
        return
    result = compare_plans(plans[0][0], plans[1][0])
    for moved, lacks in ((result.dropped, "b"), (result.added, "a")):
        text = (folder / f"{lacks}.csv").read_text("utf-8")
        listed = {match_key(line.split(",")[0].strip('"')) for line in text.splitlines()[1:]}
        for item in moved:
            kinds = {cause.kind for cause in item.causes}
            assert ("roster" in kinds) == (match_key(item.purchase.creator) not in listed)
            assert "unknown" not in kinds
            assert_true(item, kinds, result, first=lacks == "b")


def assert_true(change, kinds, comparison, *, first):
    """See that what was asked otherwise is named only where it was, and in the direction that speaks for the move."""
    requested = {change.setting for change in comparison.campaign}
    budgets = [
        side.budget
        for side in ((comparison.before, comparison.after) if first else (comparison.after, comparison.before))
    ]
    for kind in kinds & {"goal", "rule"}:
        assert kind in requested or any("more than" in cause.message for cause in change.causes)
    for cause in change.causes:
        if cause.kind == "budget" and "more than" not in cause.message:
            assert budgets[0] > budgets[1]
        if cause.kind in ("fee", "followers", "forecast"):
            assert (" rose " in cause.message) is ((cause.kind == "fee") is first)
