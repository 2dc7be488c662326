"""Rules in time with a chance, soft, and on net reach; what a plan would gain without them."""

from fractions import Fraction

from msgspec.structs import replace

from microopt import Diagnosis, Plan, optimize
from microopt.campaign.campaign import Audience, Campaign, Goal
from microopt.campaign.risk_settings import ScenarioSettings
from microopt.campaign.rule_grammar import parse_rule
from tests.planning.test_rules_in_time import plan_of, posts, use
from tests.planning.wave_builders import calendar
from tests.solver.builders import roster


def campaign_of(*rules, months=2, goal="engagement", budget=1_000_000, **facts):
    when = calendar(months, max_posts=months, repetition=False)
    parsed = tuple(map(parse_rule, rules))
    return Campaign(budget=budget, goal=Goal(name=goal), calendar=when, rules=parsed, **facts)


def offers_of(count=3, reach=500):
    names = [f"@{letter}" for letter in "abcdef"[:count]]
    return roster(names, followers=[10_000] * count, niche=["beauty"] * count, numbers={"reach": [reach] * count})


def test_a_chance_in_a_wave_counts_the_posts_of_that_wave():
    settings = ScenarioSettings(count=40, seed=3)
    label = "all engagements >= 100 in 2027-02 in 90%"
    plan = optimize(offers_of(), campaign_of(label, budget=30_000, scenarios=settings))
    assert isinstance(plan, Plan)
    (found,) = plan.rules
    assert (found.label, found.chance.scenarios) == (label, 40)
    assert found.chance.share >= Fraction(9, 10)
    assert any(2 in waves for waves in posts(plan).values())


def test_a_chance_each_wave_holds_in_each_by_itself():
    settings = ScenarioSettings(count=40, seed=3)
    campaign = campaign_of("all engagements >= 100 each wave in 80%", scenarios=settings)
    plan = optimize(offers_of(), campaign)
    assert [rule.label for rule in plan.rules] == [
        f"all engagements >= 100 in 2027-0{month} in 80%" for month in (1, 2)
    ]
    none = optimize(offers_of(), replace(campaign, rules=(parse_rule("all engagements >= 1m each wave in 80%"),)))
    assert isinstance(none, Diagnosis)
    assert {each.label for each in none.best_chances} <= set(none.clash)
    assert none.repairs


def test_a_soft_rule_in_a_wave_is_missed_where_it_costs_more_than_it_is_worth():
    kept = plan_of("all count >= 2 in 2027-02 (soft 2%)", budget=40_000, months=2)
    assert use(kept, "all count >= 2 in 2027-02 (soft 2%)").beyond == 0
    missed = plan_of("all count >= 3 in 2027-02 (soft 0.0001%)", "all count <= 1 in 2027-02", months=2)
    assert use(missed, "all count >= 3 in 2027-02 (soft 0.0001%)").beyond == 2


def test_net_reach_in_a_wave_counts_the_people_whom_its_posts_reach():
    pools = Audience(by="niche", size={"beauty": 2_000})
    campaign = campaign_of("all net reach >= 800 in last wave", goal="reach", audience=pools, budget=30_000)
    plan = optimize(offers_of(), campaign)
    assert sum(2 in waves for waves in posts(plan).values()) >= 2  # 500 and 500 of 2,000 are 875 people
    assert use(plan, "all net reach >= 800 in last wave").used >= 800


def test_a_cap_on_net_reach_each_wave_is_one_on_gross_reach_and_one_row():
    pools = Audience(by="niche", size={"beauty": 2_000})
    campaign = campaign_of("all net reach <= 600 each wave", goal="reach", audience=pools)
    plan = optimize(offers_of(), campaign, price_rules=True)
    assert [rule.label for rule in plan.rules] == [f"all net reach <= 600 in 2027-0{month} (gross)" for month in (1, 2)]
    assert [price.label for price in plan.rule_prices] == ["all net reach <= 600 each wave"]
    assert plan.rule_prices[0].change.objective > 0  # without it in any wave


def test_the_price_of_a_rule_on_each_wave_is_of_all_of_them():
    offers = offers_of(count=2, reach=1_000)
    plan = optimize(offers, campaign_of("all count <= 1 each wave", goal="reach"), price_rules=True)
    (price,) = plan.rule_prices
    assert price.label == "all count <= 1 each wave"
    assert price.change.objective == 2_000  # two more posts, one in each wave
