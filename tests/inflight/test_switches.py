"""Why creators are added and dropped by a replan: each reason is told only where it holds."""

import re
from itertools import combinations

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.decline_settings import DeclineSettings
from microopt.inflight.switches import (
    BETTER_VALUE_ELSEWHERE,
    BETTER_VALUE_NOW,
    CANNOT_KEEP_ALL,
    LEFT_MONEY,
    NO_BETTER_WITH_THEM,
    PART_OF_BEST_PLAN,
)
from microopt.planning.build_problem import build_problem
from microopt.roster.roster import RowRemark
from tests.analysis.test_alternatives import alike
from tests.inflight.test_replan import MEASURED, again, first, state, who
from tests.planning.builders import build_campaign
from tests.solver.builders import roster as plain_roster

NAMES = ["@a", "@b", "@c", "@e"]
FOLLOWERS = [40_000, 30_000, 4_000, 3_000]
FEES = [400, 300, 50, 40]


def listed(fees, followers=FOLLOWERS, *, count=3, sha256="first"):
    """Return a roster of the first creators, with fees in whole dollars."""
    roster = plain_roster(
        NAMES[:count],
        followers=list(followers)[:count],
        fee=[fee * 100 for fee in list(fees)[:count]],
        numbers={"engagement_rate": [0.03] * count},
    )
    return replace(roster, source=replace(roster.source, sha256=sha256))


def replanned(fees=FEES, *, followers=FOLLOWERS, count=3, contracts=(), budget=76_000, rules=None):
    """Return the plan that follows the one for $760 once the roster, the budget or the rules have changed."""
    _, plan = first(problem=listed(FEES), budget=76_000)
    assert who(plan) == NAMES[:3]
    campaign = None if rules is None else build_campaign(*rules, budget=budget)
    changed = listed(fees, followers, count=count, sha256="second")
    return again(plan, changed, *contracts, budget=budget, campaign=campaign)


def causes(plan, *, added=False):
    return {switch.creator: switch.causes for switch in plan.replan.switches if switch.added is added}


def test_a_fee_that_rose_is_why_the_budget_no_longer_covers_another_creator():
    result = replanned([420, 300, 50])
    text = "the budget no longer covers everyone: @a's fee rose from $400 to $420"
    assert causes(result) == {"@c": (text,)}
    assert result.replan.obstacle == text


def test_a_row_that_was_left_out_is_why_its_creator_was_dropped():
    _, plan = first(problem=listed(FEES), budget=76_000)
    wrong = RowRemark(code="fee-pending", rows=np.asarray([4]), text="@c: fee: 'TBC' is not a fee yet", creator="@c")
    roster = replace(listed(FEES, count=2, sha256="second"), left_out=(wrong,))
    assert causes(again(plan, roster, budget=76_000)) == {"@c": ("row 4 was left out (fee: 'TBC' is not a fee yet)",)}


def test_whoever_fills_the_rest_of_the_money_is_not_called_better_value():
    result = replanned([420, 300, 50, 40], count=4)
    assert causes(result, added=True) == {"@e": (PART_OF_BEST_PLAN,)}
    assert causes(result)["@c"][0].startswith("the budget no longer covers everyone")


def test_a_smaller_budget_is_told_with_the_fees_that_rose():
    assert causes(replanned(budget=72_000)) == {
        "@c": ("the budget fell from $760 to $720 and no longer covers everyone",)
    }
    text = "the budget fell from $760 to $740 and no longer covers everyone: @a's fee rose from $400 to $420"
    assert causes(replanned([420, 300, 50], budget=74_000)) == {"@c": (text,)}


def test_their_own_fee_and_those_of_others_are_both_told_where_the_others_alone_are_too_much():
    own = "fee rose from $50 to $55"
    assert causes(replanned([420, 300, 55])) == {
        "@c": (own, "the budget no longer covers everyone: @a's fee rose from $400 to $420")
    }
    assert causes(replanned([400, 300, 65])) == {"@c": ("fee rose from $50 to $65",)}
    assert causes(replanned([401, 300, 70])) == {"@c": ("fee rose from $50 to $70",)}  # the others alone still fit


def test_the_largest_rises_are_named_and_the_others_are_counted():
    names = [f"@c{number}" for number in range(6)]

    def alike(fees, sha256):
        roster = plain_roster(names, followers=[20_000] * 6, fee=fees, numbers={"engagement_rate": [0.05] * 6})
        return replace(roster, source=replace(roster.source, sha256=sha256))

    _, plan = first(problem=alike([10_000] * 6, "first"), budget=60_000)
    result = again(plan, alike([10_000, *[10_100 + 100 * number for number in range(5)]], "second"))
    assert result.replan.obstacle == (
        "the budget no longer covers everyone: @c5's fee rose from $100 to $105, @c4's fee rose from $100 to $104, "
        "@c3's fee rose from $100 to $103, 2 more creators cost more"
    )


def test_others_are_better_value_where_the_last_plan_could_have_been_kept():
    result = replanned([400, 300, 50, 50], followers=[40_000, 30_000, 4_000, 30_000], count=4)
    assert causes(result) == {"@c": (BETTER_VALUE_ELSEWHERE,)}
    assert causes(result, added=True) == {"@e": (BETTER_VALUE_NOW,)}


def test_a_rule_that_the_last_plan_would_break_is_named_and_the_budget_is_not_blamed():
    result = replanned(rules=["all count <= 2"])
    assert causes(result) == {"@c": ("without changes, the last plan would break all count <= 2",)}
    assert result.replan.obstacle == f"the rules {CANNOT_KEEP_ALL}"


def test_rules_and_budget_that_only_together_exclude_someone_are_both_named():
    result = replanned(count=4, rules=["creator:@e count >= 1"], budget=77_000)
    assert who(result) == ["@a", "@b", "@e"]
    assert causes(result) == {"@c": ("without changes, the last plan would break creator:@e count >= 1",)}
    assert result.replan.obstacle == f"the rules and the budget together {CANNOT_KEEP_ALL}"


def test_a_share_that_others_can_fill_up_is_not_named_as_broken():
    names, rates = [*NAMES, "@f"], [0.09, 0.08, 0.03, 0.05, 0.03]
    roster = plain_roster(names, followers=[20_000] * 5, fee=[10_000] * 5, numbers={"engagement_rate": rates})
    share = "creator:@a spend <= 40%"
    _, plan = first(share, problem=roster, budget=30_000, goal="engagement")
    assert who(plan) == ["@a", "@b", "@e"]
    better = np.asarray([0.09, 0.08, 0.09, 0.05, 0.09])
    result = again(
        plan, replace(roster, numbers={**roster.numbers, "engagement_rate": better}), state("@b", "declined")
    )
    assert result.replan.obstacle == ""
    assert causes(result) == {"@b": ("declined",), "@e": (BETTER_VALUE_ELSEWHERE,)}


def test_a_creator_without_worth_is_not_said_to_give_way_to_others():
    roster = plain_roster(
        NAMES[:3],
        followers=FOLLOWERS[:3],
        fee=[40_000, 30_000, 5_000],
        numbers={"engagement_rate": [0.03] * 3, "quality": [5.0, 4.0, 0.0]},
    )
    _, plan = first("all count >= 3", problem=roster, budget=76_000, goal="value:quality")
    free = build_campaign(budget=76_000, goal="value:quality")
    assert causes(again(plan, roster, campaign=free)) == {"@c": (NO_BETTER_WITH_THEM,)}


def test_more_money_is_why_another_creator_was_added():
    assert causes(replanned(count=4, budget=82_000), added=True) == {
        "@e": ("the budget rose from $760 to $820, which left money",)
    }
    assert causes(replanned([350, 300, 50, 40], count=4), added=True) == {
        "@e": ("@a's fee fell from $400 to $350, which left money",)
    }


@pytest.mark.parametrize(
    ("fees", "budget", "fact"),
    [
        ([400, 300, 50, 90], 80_000, "the budget rose from $760 to $800"),
        ([360, 300, 50, 90], 76_000, "@a's fee fell from $400 to $360"),
    ],
)
def test_money_for_a_better_choice_is_told_and_nobody_is_called_better_value(fees, budget, fact):
    _, plan = first(problem=listed([400, 300, 50, 90], [40_000, 30_000, 4_000, 6_000], count=4), budget=76_000)
    assert who(plan) == NAMES[:3]
    roster = listed(fees, [40_000, 30_000, 4_000, 6_000], count=4, sha256="second")
    result = again(plan, roster, budget=budget)
    assert causes(result, added=True) == {"@e": (f"{fact}, {LEFT_MONEY}",)}
    assert causes(result) == {"@c": (f"{fact}, {LEFT_MONEY} for a better choice",)}


def test_money_that_the_new_plan_does_not_need_is_no_reason():
    result = replanned([399, 300, 50, 50], followers=[40_000, 30_000, 4_000, 30_000], count=4)
    assert causes(result) == {"@c": (BETTER_VALUE_ELSEWHERE,)}
    assert causes(result, added=True) == {"@e": (BETTER_VALUE_NOW,)}


def test_money_of_a_creator_who_declined_counts_as_free():
    result = replanned([420, 300, 50], contracts=(state("@b", "declined"),))
    assert causes(result) == {"@b": ("declined",)}
    assert result.replan.obstacle == ""


def test_another_tier_is_a_reason_only_where_a_rule_names_tiers():
    grown = [40_000, 30_000, 12_000]
    text = "the budget no longer covers everyone: @a's fee rose from $400 to $420"
    assert causes(replanned([420, 300, 50], followers=grown)) == {"@c": (text,)}
    result = replanned(followers=grown, rules=["tier:micro count <= 2"])
    assert causes(result) == {"@c": ("tier changed from nano to micro",)}


fee_lists = st.lists(st.integers(30, 90), min_size=4, max_size=4)
audiences = st.lists(st.integers(2_000, 9_000), min_size=4, max_size=4)


@MEASURED
@given(fee_lists, audiences, st.data())
def test_no_reason_is_told_that_arithmetic_contradicts(fees, followers, data):
    """Every reason is checked by the fees and the engagements alone, in the two rosters."""
    _, plan = first(problem=listed(fees, followers, count=4), budget=20_000, goal="engagement")
    later_fees = [data.draw(st.sampled_from([fee, fee, fee + 20, fee - 20])) for fee in fees]
    later_followers = [data.draw(st.sampled_from([each, each, each * 2])) for each in followers]
    budget, most = data.draw(st.sampled_from([150, 200, 200, 250])), data.draw(st.sampled_from([2, 4, 4]))
    roster = listed(later_fees, later_followers, count=4, sha256="second")
    campaign = build_campaign(f"all count <= {most}", budget=budget * 100, goal="engagement")
    result = again(plan, roster, budget=budget * 100, campaign=campaign)
    case = Case(fees, later_fees, engagements(roster, campaign), set(who(plan)), set(who(result)), budget, most)
    for creator, reasons in causes(result).items():
        for reason in reasons:
            event(kind_of(reason))
            case.check(creator, reason, added=False)
    for creator, reasons in causes(result, added=True).items():
        for reason in reasons:
            event(kind_of(reason))
            case.check(creator, reason, added=True)
    case.check_obstacle(result.replan.obstacle)


def kind_of(reason):
    return re.sub(r"@\w+|\$\d+", "", reason)[:40]


def engagements(roster, campaign):
    """Return what each creator brings, in thousandths."""
    problem, _ = build_problem(roster, campaign)
    names = [problem.roster.texts["creator"][row] for row in range(len(problem))]
    return dict(zip(names, problem.forecast.metrics["engagements"].tolist(), strict=True))


class Case:
    """Two rosters of four creators, a budget and a limit, all of which can be computed by hand."""

    def __init__(self, fees, later_fees, value, last, now, budget, most):
        self.fees, self.later = dict(zip(NAMES, fees, strict=True)), dict(zip(NAMES, later_fees, strict=True))
        self.value, self.last, self.now, self.budget, self.most = value, last, now, budget, most

    def cost(self, names):
        return sum(self.later[name] for name in names)

    def worth(self, names):
        return sum(self.value[name] for name in names), -self.cost(names)

    def keeping(self):
        """Return all plans that keep everyone of the last one."""
        others = [name for name in NAMES if name not in self.last]
        extras = (set(extra) for count in range(len(others) + 1) for extra in combinations(others, count))
        plans = [self.last | extra for extra in extras]
        return [each for each in plans if self.cost(each) <= self.budget and len(each) <= self.most]

    def check(self, creator, reason, *, added):
        if "no longer covers everyone" in reason:
            assert not added
            assert self.cost(self.last) > self.budget
            self.check_money(reason, rises=True)
        elif LEFT_MONEY in reason:
            assert added is reason.endswith(LEFT_MONEY)
            assert added or self.worth(self.now) > max(map(self.worth, self.keeping()))
            assert sum((self.fees if name in self.last else self.later)[name] for name in self.now) > 200
            self.check_money(reason, rises=False)
        elif reason.startswith("without changes"):
            assert len(self.last) > self.most and not self.keeping()
        elif reason.startswith("fee rose"):
            assert self.later[creator] > self.fees[creator]
        elif reason in (BETTER_VALUE_ELSEWHERE, BETTER_VALUE_NOW):
            assert self.worth(self.now) > max(map(self.worth, self.keeping()))
            assert self.now - self.last and self.last - self.now
        elif reason == PART_OF_BEST_PLAN:
            assert added
        else:
            assert reason == NO_BETTER_WITH_THEM
            assert self.worth(self.now) >= self.worth(self.last)

    def check_money(self, reason, *, rises):
        """Check each fee and the budget that a reason names, and that it names something."""
        named = re.findall(r"(@\w)'s fee (rose|fell) from \$(\d+) to \$(\d+)", reason)
        assert all((self.fees[name], self.later[name]) == (int(was), int(now)) for name, _, was, now in named)
        assert all((verb == "rose") is rises is (int(now) > int(was)) for _, verb, was, now in named)
        budget = re.findall(r"the budget (rose|fell) from \$200 to \$(\d+)", reason)
        assert all(int(now) == self.budget and (verb == "fell") is rises for verb, now in budget)
        assert all((self.budget < 200) is rises for _ in budget)
        assert named or budget

    def check_obstacle(self, obstacle):
        too_dear, too_many = self.cost(self.last) > self.budget, len(self.last) > self.most
        assert bool(obstacle) is (too_dear or too_many)
        if too_dear:
            assert "no longer covers everyone" in obstacle
            self.check_money(obstacle, rises=True)
        elif too_many:
            assert obstacle == f"the rules {CANNOT_KEEP_ALL}"


def test_a_plan_chosen_for_what_comes_after_declines_has_no_gains_by_the_mean():
    rates = [0.08, *[0.05] * 5]
    shares = {"engagement_rate": np.asarray(rates), "acceptance": np.asarray([0.3, *[0.9] * 5])}
    roster = replace(alike(), numbers={**alike().numbers, **shares})
    _, plan = first(problem=roster, budget=20_000, declines=DeclineSettings(after_declines=True))
    assert plan.after_declines.share > 0
    result = again(plan, roster, state("@c1", "declined"))
    assert result.after_declines.share > 0
    assert any(each.added for each in result.replan.switches)
    assert all(each.gain is None for each in result.replan.switches if not each.forced)
    assert result.replan.gain is None
