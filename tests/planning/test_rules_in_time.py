"""Plans under rules in time agree with an enumeration of all plans; each rule by hand."""

from fractions import Fraction

from hypothesis import assume, given, settings

from microopt import Diagnosis, Plan, optimize
from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError
from tests.planning.schedule_oracle import all_plans, items_of
from tests.planning.wave_builders import calendar, listed, offer_rows, wave_campaigns
from tests.planning.wave_rule_oracle import kept
from tests.solver.builders import roster

MOST_PLANS = 20_000


def budgets_kept(plan, campaign):
    """Whether a plan keeps the budgets of waves; with carry-over, those with a cap share what is left of it."""
    spent = [sum(post["cost"] for post in plan if post["wave"] == wave) for wave in range(len(campaign.calendar.names))]
    room = shared = 0
    for wave, name in enumerate(campaign.calendar.names):
        each = campaign.calendar.budgets.get(name)
        if each is None:
            continue
        cap = each.high * (campaign.budget if each.percent else 100)
        room, shared = room + cap, shared + spent[wave]
        if (shared > room) if campaign.calendar.carry_over else (spent[wave] > cap):
            return False
    return True


MEASURE = {"engagement": "engagements", "reach": "reach"}


@settings(deadline=None)
@given(rows=offer_rows(), campaign=wave_campaigns())
def test_a_plan_under_rules_in_time_is_the_best_of_all_plans(rows, campaign):
    offers = listed(rows)
    items = items_of(rows, offers, campaign)
    assume(0 < len(items) <= 18)
    plans = list(zip(range(MOST_PLANS + 1), all_plans(rows, offers, campaign), strict=False))
    assume(len(plans) <= MOST_PLANS)
    possible = [
        plan
        for _, plan in plans
        if sum(post["cost"] for post in plan) <= campaign.budget
        and budgets_kept(plan, campaign)
        and all(kept(rule, plan, campaign) for rule in campaign.rules)
    ]
    answer = answer_of(offers, campaign, possible)
    assume(answer is not None)
    if isinstance(answer, Diagnosis):
        assert not possible
        return
    assert isinstance(answer, Plan)
    measure = MEASURE[campaign.goal.name]
    assert answer.status == "optimal"
    assert answer.totals.metrics[measure] == max(sum(post[measure] for post in plan) for plan in possible)
    picked = [as_post(pick, campaign) for pick in answer.picks]
    assert all(kept(rule, picked, campaign) for rule in campaign.rules)


def answer_of(offers, campaign, possible):
    """Return the answer, None if a rule names what no offer has, or rules contradict each other by their words."""
    try:
        return optimize(offers, campaign)
    except CampaignError as error:
        return None if error.code == "value-unknown" or (error.code == "rules-contradict" and not possible) else error


def as_post(pick, campaign):
    names = campaign.calendar.names
    facts = {"creator": pick.creator, "wave": names.index(pick.wave), "platform": pick.platform, "offer": pick.offer}
    return {
        **facts,
        "units": pick.units,
        "niche": "|".join(pick.niche),
        "followers": pick.followers,
        "cost": pick.cost,
        **pick.metrics,
    }


def plan_of(*rules, months=3, budget=1_000_000, creators=("@a", "@b", "@c"), niche=None, fee=None, **facts):
    """Return the plan of creators whose post costs $100 in each wave, at most as many posts as waves."""
    count = len(creators)
    offers = roster(
        list(creators),
        followers=[10_000] * count,
        fee=list(fee or [10_000] * count),
        niche=list(niche or ["beauty"] * count),
        numbers={"reach": [1_000.0 - place for place in range(count)]},
    )
    when = calendar(months, **{"max_posts": months, "repetition": False, **facts})
    rules = tuple(map(parse_rule, rules))
    campaign = Campaign(budget=budget, goal=Goal(name="reach"), calendar=when, rules=rules)
    return optimize(offers, campaign)


def posts(plan):
    """Return the waves of each creator's posts, by the last digit of their names."""
    found = {}
    for pick in plan.picks:
        found.setdefault(pick.creator, []).append(int(pick.wave[-1]))
    return found


def use(plan, label):
    return next(use for use in plan.rules if use.label == label)


def test_a_rule_on_each_wave_is_a_rule_for_each():
    plan = plan_of("all count = 1 each wave")
    assert sorted(wave for waves in posts(plan).values() for wave in waves) == [1, 2, 3]
    labels = [f"all count = 1 in 2027-0{month}" for month in (1, 2, 3)]
    assert [rule.label for rule in plan.rules] == labels
    assert {use(plan, label).used for label in labels} == {1}


def test_a_rule_on_the_first_wave_keeps_its_words():
    plan = plan_of("niche:beauty count <= 1 in first wave", "all count >= 3 in last wave")
    assert [rule.label for rule in plan.rules] == [
        "niche:beauty count <= 1 in first wave",
        "all count >= 3 in last wave",
    ]
    assert len([waves for waves in posts(plan).values() if 1 in waves]) == 1


def test_a_rule_on_several_waves_counts_them_together():
    plan = plan_of("all count <= 1 in 2027-01..2027-02")
    assert sum(not {1, 2}.isdisjoint(waves) for waves in posts(plan).values()) == 1
    assert posts(plan_of("all count <= 1 in 2027-01..2027-02"))["@a"] == [1, 2, 3]


def test_a_share_of_everything_in_a_wave_is_one_of_the_plan_and_of_a_group_one_of_the_wave():
    plan = plan_of("all spend <= 20% in 2027-01", creators=("@a", "@b"))
    spent = [sum(pick.cost for pick in plan.picks if pick.wave.endswith(str(wave))) for wave in (1, 2, 3)]
    assert spent == [10_000, 20_000, 20_000]  # one fifth of the plan
    assert use(plan, "all spend <= 20% in 2027-01").used == Fraction(1, 5)
    niche = ("beauty", "food", "food")
    plan = plan_of("niche:beauty spend >= 50% in 2027-02", niche=niche)
    second = [pick.creator for pick in plan.picks if pick.wave == "2027-02"]
    assert second.count("@a") * 2 >= len(second)
    assert len(plan.picks) == 8


def test_a_gap_is_between_the_waves_of_one_creator():
    assert set(map(tuple, posts(plan_of("each creator gap >= 2 waves")).values())) == {(1, 3)}
    plan = plan_of("each creator gap <= 1 wave", "all count >= 1 in first wave", "all count <= 0 in 2027-02")
    assert all(len(waves) == 1 for waves in posts(plan).values())
    assert use(plan_of("each creator gap >= 2 waves"), "each creator gap >= 2 waves").used == 2


def test_posts_of_each_creator_are_counted_in_all_and_in_each_wave():
    assert {len(waves) for waves in posts(plan_of("each creator count <= 2")).values()} == {2}
    plan = plan_of("each creator count >= 1 each wave", budget=40_000)
    assert posts(plan) == {"@a": [1, 2, 3]}  # whoever is in the plan posts in every wave
    plan = plan_of("each creator spend >= 100 in 2027-01", fee=(5_000, 10_000, 10_000))
    assert 1 not in posts(plan)["@a"]  # who may post in other waves


def test_repeats_are_creators_in_two_waves():
    plan = plan_of("all repeats <= 1")
    assert sorted(map(len, posts(plan).values())) == [1, 1, 3]
    assert posts(plan_of("all repeats >= 60%", months=2, budget=30_000)) == {"@a": [1, 2]}  # one of two is too few
    plan = plan_of("all repeats >= 50%", months=2, budget=30_000)
    assert sorted(map(len, posts(plan).values())) == [1, 2]
    assert use(plan, "all repeats >= 50%").used == Fraction(1, 2)
    assert plan_of("niche:beauty repeats = 2", "all count <= 2").totals.creators == 2


def test_an_exclusive_creator_has_the_days_after_a_post_alone():
    plan = plan_of("creator:@a exclusive 31d", "creator:@a count >= 1")
    alone = posts(plan)
    for wave in alone["@a"]:
        assert not any(day in waves for name, waves in alone.items() if name != "@a" for day in (wave, wave + 1))
    assert alone["@a"] == [3]  # the days after the last wave cost nothing
    assert alone["@b"] == [1, 2]
    assert use(plan, "creator:@a exclusive 31d").used is None


def test_somebody_may_be_exclusive_in_a_niche_only():
    niche = ("beauty", "food", "skin")
    once = ("creator:@a count = 1 in first wave", "creator:@a count <= 0 in 2027-02..2027-03")
    plan = plan_of("creator:@a excludes niche:food within 40d", *once, niche=niche)
    assert posts(plan)["@b"] == [3]
    assert posts(plan)["@c"] == [1, 2, 3]


def test_a_rule_that_is_written_twice_counts_once():
    plan = plan_of("all count <= 2 each wave", "all count <= 2 in 2027-02")
    assert [rule.label for rule in plan.rules].count("all count <= 2 in 2027-02") == 1
