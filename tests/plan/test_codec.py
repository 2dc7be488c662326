"""A campaign goes into a plan and comes back as it was, to the last digit."""

import json
from datetime import date
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.campaign.calendar import Calendar, Days, Wave, WaveBudget
from microopt.campaign.campaign import ONE_OFFER_PER, TIER_PRESETS, Audience, Campaign, Goal, Ideal, TierBands
from microopt.campaign.decline_settings import DeclineSettings, PastAnswers
from microopt.campaign.fit_settings import FitSettings
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.risk_settings import ScenarioSettings
from microopt.campaign.rule_grammar import parse_rule, parse_where
from microopt.campaign.target_audience import AgeRange, TargetAudience
from microopt.plan.codec import CODEC
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import Pick
from microopt.readers.campaign_file import campaign_from_input
from microopt.readers.plan_file import InvalidPlanError, parse_plan
from microopt.rendering.data.json import object_json
from tests.planning.builders import CALM, GOALS, campaigns, roster_rows
from tests.rendering.builders import metrics, pick, plan
from tests.scale import examples


def through_json(campaign):
    return CODEC.decode(json.loads(json.dumps(CODEC.encode(campaign), sort_keys=True)), Campaign)


@settings(CALM, max_examples=examples(150))
@given(st.data(), st.sampled_from(GOALS))
def test_campaigns_of_every_kind_come_back(data, goal):
    campaign = data.draw(campaigns(data.draw(roster_rows()), goal))
    assert through_json(campaign) == campaign


cents = st.integers(0, 10**15)
shares = st.fractions(0, 1, max_denominator=10**9)
amounts = st.fractions(0, 10**13, max_denominator=10**9).filter(bool)
nines = st.integers(1, 10**22).map(lambda n: Fraction(n, 10**9))


@settings(CALM, max_examples=examples(200))
@given(
    st.builds(
        Campaign,
        budget=cents,
        name=st.none() | st.text(max_size=9),
        currency=st.sampled_from((None, "USD", "EUR")),
        order_value=st.none() | cents,
        per_creator=cents,
        usage=st.none() | shares,
        whitelisting=st.none() | shares,
        exclusivity=st.none() | shares,
        agency=st.none() | shares,
        seeding=st.none() | cents,
        contingency=st.none() | shares.filter(lambda share: share < 1),
        one_offer_per=st.sampled_from(ONE_OFFER_PER),
        exchange=st.dictionaries(st.sampled_from(("EUR", "GBP")), amounts | nines),
        max_sponsored_share=st.none() | shares,
        tiers=st.sampled_from((*TIER_PRESETS.values(), TierBands(names=("small", "large"), floors=(0, 7_777)))),
        estimate_fees=st.booleans(),
        shrink=st.booleans(),
        fit_benchmarks=st.booleans(),
        with_minors=st.booleans(),
        exclude_suspicious=st.booleans(),
        forecast=st.sampled_from(({}, {"fatigue": {"slope": "0.50"}}, {"fatigue": {"slope": 1}})),
        columns=st.sampled_from(({}, {"Price": "fee"})),
        lists=st.sampled_from(({}, {"niche": ","})),
        units=st.sampled_from(({}, {"ctr": "percent"})),
        audience=st.sampled_from((None, Audience(by="niche", size={"beauty": 2_000_000}))),
        target_audience=st.sampled_from(
            (None, TargetAudience(countries=("DE",), ages=AgeRange(youngest=18, oldest=34)))
        ),
        fit=st.none()
        | st.builds(
            FitSettings,
            niches=st.dictionaries(st.text(min_size=1, max_size=9), shares),
            other=shares,
            brief=st.just("Serum"),
            use=st.booleans(),
        ),
        worst_share=st.none() | shares,
        scenarios=st.builds(ScenarioSettings, count=st.integers(10, 1_000), seed=st.integers(0, 2**63 - 1)),
        declines=st.none()
        | st.builds(
            DeclineSettings,
            tiers=st.dictionaries(st.text(min_size=1, max_size=9), shares),
            other=st.none() | shares,
            history=st.just((PastAnswers(creator="@a", asked=2, accepted=1),)),
            fallbacks=st.integers(0, 20),
            after_declines=st.booleans(),
        ),
        calendar=st.none()
        | st.builds(
            Calendar,
            waves=st.builds(Wave, name=st.text(), starts=st.dates(), ends=st.dates(), demand=shares).map(
                lambda w: (w,)
            ),
            budgets=st.dictionaries(st.text(), st.builds(WaveBudget, low=st.none() | shares, high=st.none() | amounts)),
            retainer=st.lists(st.tuples(st.integers(2, 60), shares)).map(tuple),
            blackout=st.builds(Days, starts=st.dates(), ends=st.dates()).map(lambda days: (days,)),
            repetition=st.booleans(),
        ),
        starts=st.none() | st.dates(max_value=date(2026, 11, 1)),
        ends=st.none() | st.dates(date(2026, 11, 1)),
    ),
    st.sampled_from(("worth", "least cost", "balanced", "value:score", "net reach")),
    amounts | nines,
    st.integers(0, 2**52),
)
def test_every_setting_comes_back_to_the_last_digit(campaign, goal, amount, total):
    facts = {"worth": {"worths": {"conversions": amount}}, "least cost": {"targets": {"reach": amount}}}.get(goal, {})
    ideals = [Ideal(metric=name, total=total, bound=total + 1) for name in ("engagements", "conversions")]
    campaign = msgspec.structs.replace(
        campaign, goal=Goal(name=goal, **facts), ideals=tuple(ideals) if goal == "balanced" else ()
    )
    assert through_json(campaign) == campaign


def test_an_order_that_counts_comes_back_though_the_keys_are_sorted():
    goal = Goal(name="least cost", targets={"reach": Fraction(5), "clicks": Fraction(3)})
    pools = Audience(by="niche", size={"food": 5, "beauty": 3})
    back = through_json(Campaign(budget=1, goal=goal, audience=pools))
    assert list(back.goal.targets) == ["reach", "clicks"]
    assert list(back.audience.size) == ["food", "beauty"]


def test_figures_that_no_number_holds_are_written_as_fractions():
    goal = Goal(name="worth", worths={"clicks": Fraction(1, 3), "reach": Fraction(27, 25)})
    written = CODEC.encode(Campaign(budget=1, goal=goal))
    assert written["goal"]["worths"] == [["clicks", "1/3"], ["reach", 1.08]]


def test_rules_and_filters_come_back_from_their_text():
    lines = ("niche:beauty count 2..5", "all mean(credibility) >= 0.8", "creator:a excludes creator:b")
    campaign = Campaign(
        budget=1, rules=tuple(map(parse_rule, lines)), where=(parse_where('niche:"home decor"'),), include=("@a",)
    )
    assert through_json(campaign) == campaign


def test_what_flags_mean_comes_back():
    campaign = campaign_from_input(
        CampaignInput(
            budget="$19.99k",
            creators="5..20",
            niche=("beauty=2..5",),
            platform=("tiktok",),
            exchange={"EUR": "1.0825"},
            max_sponsored_share="33.3%",
            tiers="wide-micro",
        )
    )
    assert through_json(campaign) == campaign


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"budget": -1.0}, "budget"),
        ({"budget": 1e300}, "budget"),
        ({"budget": None}, "budget"),
        ({"goal": {"name": "fame"}}, "goal"),
        ({"goal": {"name": "balanced", "worths": [["clicks", 1.0]]}}, "worth"),
        ({"goal": {"name": "worth", "worths": [["clicks", 1], ["clicks", 2]]}}, "goal.worths"),
        ({"goal": {"name": "balanced", "targets": [["reach", 5]]}}, "target"),
        ({"tiers": {"names": [], "floors": []}}, "tiers"),
        ({"tiers": {"names": ["a", "b"], "floors": [5, 5]}}, "tiers"),
        ({"tiers": {"names": ["a"], "floors": [5, 6]}}, "tiers"),
        ({"one_offer_per": "day"}, "one_offer_per"),
        ({"exchange": {"EUR": 0.0}}, "exchange.EUR"),
        ({"max_sponsored_share": 1.5}, "max_sponsored_share"),
        ({"usage": -0.1}, "usage"),
        ({"agency": 10.5}, "agency"),
        ({"seeding": -1.0}, "seeding"),
        ({"contingency": 1.0}, "contingency"),
        ({"units": {"ctr": "cm"}}, "units.ctr"),
        ({"forecast": {"nope": 1}}, "forecast.nope"),
        ({"competitors": [" "]}, "competitors[0]"),
        ({"rules": ["all count"]}, "rules[0]"),
        ({"exchange": {"EUR": "1/0"}}, "exchange.EUR"),
        ({"ideals": [{"metric": "clicks", "total": 1.0, "bound": 1.0}]}, "ideals"),
        ({"starts": "2026-11-02", "ends": "2026-11-01"}, "ends"),
        ({"starts": "soon"}, "starts"),
    ],
)
def test_what_no_campaign_says_is_refused_with_its_place(facts, place):
    value = json.loads(object_json(plan()))
    value["campaign"] = {**CODEC.encode(Campaign(budget=100)), **facts}
    with pytest.raises(InvalidPlanError) as refused:
        parse_plan(json.dumps(value).encode(), "plan.json")
    assert refused.value.place == f"campaign.{place}"
    assert refused.value.code == "plan-false"


PICK_FACTS = st.fixed_dictionaries(
    {},
    optional={
        "revenue": st.none() | st.just(123),
        "usual_fee": st.none() | st.just(456),
        "extra_costs": st.dictionaries(st.sampled_from(("usage", "agency")), st.integers(1, 9)),
        "niche": st.lists(st.sampled_from(("beauty", "food"))).map(tuple),
        "likely": st.dictionaries(
            st.sampled_from(("engagements", "conversions")), st.builds(LikelyRange, st.integers(0, 9), st.just(9))
        ),
        "metrics": st.permutations(list(metrics().items())).map(dict),
    },
)


@settings(CALM, max_examples=examples(200))
@given(st.lists(PICK_FACTS, max_size=4))
def test_many_picks_are_written_as_each_is_by_itself(facts):
    picks = tuple(pick(number, **own) for number, own in enumerate(facts))
    together, apart = CODEC.encode(picks, tuple[Pick, ...]), [CODEC.encode(each) for each in picks]
    assert json.dumps(together) == json.dumps(apart)
