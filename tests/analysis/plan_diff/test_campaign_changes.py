"""Every setting of a campaign that changes is told, and one that does not is not."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.plan_diff.campaign_changes import (
    campaign_changes,
    progress_changes,
    roster_changes,
    rule_changes,
)
from microopt.campaign.agreed_fees import AgreedFee
from microopt.campaign.calendar import Calendar, Holiday, Wave, WaveBudget
from microopt.campaign.campaign import TIER_PRESETS, Audience, Campaign, Goal, Ideal
from microopt.campaign.decline_settings import DeclineSettings, PastAnswers
from microopt.campaign.fit_settings import FitSettings
from microopt.campaign.progress import CampaignProgress, Contract, ContractState, DayResults, PostResults
from microopt.campaign.report_settings import ReportSettings
from microopt.campaign.risk_settings import ScenarioSettings
from microopt.campaign.rule_grammar import parse_rule, parse_where
from microopt.campaign.target_audience import AgeRange, TargetAudience
from microopt.plan.plan import RosterFacts
from microopt.roster.roster import Source
from tests.planning.builders import CALM, GOALS, campaigns, roster_rows
from tests.scale import examples

PLAIN = Campaign(budget=2_000_000)
RESULT = PostResults(creator="@anna", posts=2, matured_posts=2, engagements=90.0)
MARCH = Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31))
READ = RosterFacts(source=Source(path="roster.csv", sha256="aa"), offers=12, creators=9, filtered=0, currency="USD")
OTHERS = {
    "budget": 1_500_000,
    "name": "Spring",
    "goal": Goal(name="conversions"),
    "order_value": 4_500,
    "margin": Fraction(2, 5),
    "returns": Fraction(3, 25),
    "ltv": Fraction(12, 5),
    "per_creator": 5_000,
    "usage": Fraction(1, 5),
    "whitelisting": Fraction(1, 10),
    "exclusivity": Fraction(3, 20),
    "agency": Fraction(3, 20),
    "seeding": 4_000,
    "contingency": Fraction(1, 10),
    "rules": (parse_rule("all count <= 9"),),
    "where": (parse_where("language:en"),),
    "include": ("@anna",),
    "exclude": ("@ben",),
    "competitors": ("Acme",),
    "fees": {
        "@ben": AgreedFee(off=Fraction(1, 10)),
        "@anna": AgreedFee(amount=90_000),
        "tier:micro": AgreedFee(amount=20_050, off=Fraction(1, 20)),
    },
    "ideals": (Ideal(metric="engagements", total=9_000, bound=9_000),),
    "audience": Audience(by="niche", size={"beauty": 1_000}),
    "target_audience": TargetAudience(countries=("DE", "AT"), ages=AgeRange(youngest=18), gender="female"),
    "fit": FitSettings(niches={"lifestyle": Fraction(3, 5), "beauty": Fraction(1)}, other=Fraction(3, 10)),
    "worst_share": Fraction(1, 10),
    "scenarios": ScenarioSettings(count=500),
    "declines": DeclineSettings(
        tiers={"mega": Fraction(3, 5)},
        other=Fraction(7, 10),
        history=(PastAnswers(creator="@anna", asked=4, accepted=3),),
        fallbacks=3,
        after_declines=True,
    ),
    "calendar": Calendar(waves=(MARCH,)),
    "one_offer_per": "offer",
    "tiers": TIER_PRESETS["wide-micro"],
    "estimate_fees": True,
    "columns": {"Rate": "fee"},
    "units": {"engagement_rate": "percent"},
    "lists": {"niche": ","},
    "decimal": ",",
    "encoding": "cp1250",
    "platform_default": "tiktok",
    "quotes": "low",
    "posts": "posts.csv",
    "exchange": {"EUR": Fraction(108, 100)},
    "shrink": False,
    "fit_benchmarks": True,
    "forecast": {"fee_estimate": {"likely": [0.5, 2.0]}},
    "max_sponsored_share": Fraction(2, 5),
    "with_minors": True,
    "exclude_suspicious": True,
    "starts": date(2026, 11, 1),
    "ends": date(2026, 12, 24),
    "running": CampaignProgress(contracts=(Contract(creator="@anna", state=ContractState.SIGNED),), results=(RESULT,)),
}
TOLD = {
    "budget": "the budget fell from $20,000 to $15,000 (-25%)",
    "goal": "the goal changed from balanced to conversions",
    "order_value": "order value: not set in A, $45 in B",
    "rules": "a rule was added: all count <= 9",
    "include": "a required creator was added: @anna",
    "exclude": "an excluded creator was added: @ben",
    "competitors": "a competitor to avoid was added: Acme",
    "fees": "agreed fees: none in A, @anna $900, @ben 10% off, tier:micro $200.50 less 5% in B",
    "platform_default": "the default platform: not set in A, tiktok in B",
    "posts": "the file of posts: none in A, posts.csv in B",
    "where": "a filter was added: language:en",
    "estimate_fees": "missing fees are estimated: no in A, yes in B",
    "starts": "the first day of the campaign: not set in A, 2026-11-01 in B",
    "running": "@anna is signed; results of 0 posts in A, of 2 in B",
    "target_audience": "the target audience: everyone in A, DE, AT; ages 18+; female in B",
    "fit": "the fit of niches: not set in A, beauty 1, lifestyle 0.6, other niches 0.3 in B",
    "worst_share": "planned for: the mean of all outcomes in A, the mean of the worst 10% in B",
    "scenarios": "the scenarios: 200 drawn with seed 1 in A, 500 drawn with seed 1 in B",
    "declines": "who accepts: not set in A, mega 60%, other tiers 70%, 3 of 4 earlier answers were yes, 3 fallbacks "
    "each, planned for after declines in B",
    "calendar": "the waves: none in A, 2027-03 in B",
    "usage": "usage rights: not set in A, 20% in B",
    "seeding": "the seeding cost per creator: not set in A, $40 in B",
    "contingency": "the contingency of the budget: not set in A, 10% in B",
    "max_sponsored_share": "the limit on sponsored posts: not set in A, 40% in B",
}


def changes(before, after, currencies=("USD", "USD")):
    return list(campaign_changes(before, after, rule_changes(before, after), currencies))


def test_every_setting_of_a_campaign_is_among_those_tried():
    assert {*OTHERS, "currency", "report"} == set(Campaign.__struct_fields__)


def test_how_a_plan_is_presented_is_no_change_of_the_campaign():
    assert changes(PLAIN, replace(PLAIN, report=ReportSettings(client="Glow"))) == []


@pytest.mark.parametrize("name", OTHERS)
def test_one_setting_that_changes_is_one_change(name):
    (change,) = changes(PLAIN, replace(PLAIN, **{name: OTHERS[name]}))
    assert change.message == TOLD.get(name, change.message)
    assert change.before != change.after


@pytest.mark.parametrize("name", OTHERS)
def test_it_is_told_the_other_way_round_too(name):
    (forward,), (back,) = (changes(*pair) for pair in _both_ways(replace(PLAIN, **{name: OTHERS[name]})))
    assert (forward.setting, forward.before, forward.after) == (back.setting, back.after, back.before)


def _both_ways(other):
    return (PLAIN, other), (other, PLAIN)


@settings(CALM, max_examples=examples(60), phases=[Phase.explicit, Phase.generate])
@given(st.data(), st.sampled_from(GOALS))
def test_a_campaign_is_not_changed_beside_itself(data, goal):
    campaign = data.draw(campaigns(data.draw(roster_rows()), goal))
    assert changes(campaign, campaign) == []


def test_each_setting_of_a_calendar_is_told_by_itself():
    plain = Calendar(waves=(MARCH,))
    holiday = Holiday(day=date(2027, 3, 26), country="DE", name="Good Friday")
    other = Calendar(
        waves=(replace(MARCH, demand=Fraction(13, 10)),),
        budgets={"2027-03": WaveBudget(high=Fraction(6_000))},
        retainer=((3, Fraction(1, 10)),),
        holidays=(holiday,),
    )
    before, after = (replace(PLAIN, calendar=calendar) for calendar in (plain, other))
    assert {change.setting: change.message for change in changes(before, after)} == {
        "calendar.budgets": "the budgets of waves: free in A, 2027-03 up to $6,000 in B",
        "calendar.demand": "the demand in waves: the same in all in A, 2027-03 130% in B",
        "calendar.retainer": "the retainer: none in A, 10% from 3 posts in B",
        "calendar.holidays": "the holidays: 0 days in A, 1 day in B",
    }
    moved = replace(other, holidays=(replace(holiday, day=date(2027, 3, 29)),))
    (change,) = changes(after, replace(after, calendar=moved))
    assert change.message == "the holidays changed"


def test_goals_are_told_with_what_they_are_made_of():
    worth = Goal(name="worth", worths={"engagements": Fraction("0.05"), "conversions": Fraction(30)})
    least = Goal(name="least cost", targets={"engagements": Fraction(50_000)})
    (change,) = changes(replace(PLAIN, goal=worth), replace(PLAIN, goal=least))
    assert change.before == "worth (engagements at $0.05, conversions at $30)"
    assert change.after == "least cost of 50,000 engagements"


def test_two_currencies_are_told_and_their_money_is_not_compared():
    result = {change.setting: change.message for change in changes(PLAIN, replace(PLAIN, budget=9), ("USD", "EUR"))}
    assert result["currency"] == "the currency: USD in A, EUR in B"
    assert result["budget"] == "the budget: $20,000 in A, €0.09 in B"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"sha256": "bb", "creators": 10}, "9 creators with 12 offers in A, 10 creators with 12 offers in B"),
        ({"sheet": "May"}, "the sheet of the workbook: the first in A, May in B"),
        ({"skip_bad_rows": True}, "rows with problems: refused in A, left out in B"),
    ],
)
def test_another_roster_is_told_and_another_path_is_not(given, told):
    source = replace(READ.source, path="other.csv", **{key: given[key] for key in given if key != "creators"})
    (change,) = roster_changes(READ, replace(READ, source=source, creators=given.get("creators", READ.creators)))
    assert told in change.message
    assert list(roster_changes(READ, replace(READ, source=replace(READ.source, path="other.csv")))) == []


def test_the_days_of_the_same_results_are_no_change():
    of_earlier_version = replace(PLAIN, running=CampaignProgress(results=(RESULT,)))
    days = (DayResults(day=date(2026, 11, 2), engagements=90.0),)
    now = replace(PLAIN, running=CampaignProgress(results=(RESULT,), results_by_day=days))
    assert list(progress_changes(of_earlier_version, now)) == []
