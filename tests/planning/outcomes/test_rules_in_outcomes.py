"""A rule holds in an outcome if the audit says so of a plan of the creators who accept, with their figures."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError
from microopt.planning.audit import rule_usage, satisfies
from microopt.planning.build_problem import build_problem
from microopt.planning.outcomes.outcomes import within, within_parts
from microopt.planning.outcomes.rules_in_outcomes import rule_holds
from microopt.quantities.parse_and_format import Range
from tests.analysis.simulation.builders import bought, drawn_outcomes, in_outcome, problem_of
from tests.planning.builders import CALM, POOLS, build_campaign, build_roster, campaigns, roster_rows
from tests.planning.wave_builders import listed, offer_rows, wave_campaigns
from tests.solver.builders import roster

OUTCOMES = 12


def by_audit(outcomes, rule):
    """Return what the audit says of each outcome."""
    held = []
    for number in range(outcomes.count):
        problem, accepted = in_outcome(outcomes, number)
        held.append(satisfies(problem, rule, accepted, rule_usage(problem, rule, accepted)))
    return held


@given(st.data())
@CALM
def test_every_rule_holds_where_the_audit_says_so(data):
    rows = data.draw(roster_rows(min_rows=2))
    try:
        problem, _ = build_problem(build_roster(rows), data.draw(campaigns(rows, "engagement")))
    except CampaignError:
        return
    by_creator = {int(creator): choice for choice, creator in enumerate(problem.choice_creators)}
    if not by_creator:
        return
    plan = data.draw(st.lists(st.sampled_from(sorted(by_creator.values())), min_size=1, unique=True))
    outcomes = drawn_outcomes(bought(problem, plan), OUTCOMES, data.draw(st.integers(0, 99)))
    for rule in outcomes.problem.rules:
        assert rule_holds(outcomes, rule).tolist() == by_audit(outcomes, rule), rule.label


@given(offer_rows(), wave_campaigns(), st.data())
@CALM
def test_every_rule_in_time_holds_where_the_audit_says_so(rows, campaign, data):
    try:
        problem, _ = build_problem(listed(rows), campaign)
    except CampaignError:
        return
    creators = np.unique(problem.choice_creators)
    choices = [np.flatnonzero(problem.choice_creators == creator).tolist() for creator in creators]
    plan = [data.draw(st.sampled_from(own)) for own in choices]
    outcomes = drawn_outcomes(bought(problem, plan), OUTCOMES, data.draw(st.integers(0, 99)))
    for rule in outcomes.problem.rules:
        assert rule_holds(outcomes, rule).tolist() == by_audit(outcomes, rule), rule.label


PEOPLE = roster(
    ["ann", "ann", "ben", "cleo", "dora"],
    platform=["instagram", "tiktok", "instagram", "youtube", "tiktok"],
    offer=["reel", "video", "reel", "video", "video"],
    niche=["beauty", "beauty", "food", "beauty|food", "tech"],
    followers=[20_000, 20_000, 60_000, 300_000, 8_000],
    numbers={"hours": [2, 1.5, float("nan"), 7, 3]},
)


@pytest.mark.parametrize(
    "text",
    [
        "niche:beauty count >= 2",
        "all count 2..3",
        "niche:beauty spend <= 60%",
        "tier:micro spend <= 30% of budget",
        "all conversions >= 5",
        "platform:tiktok engagements >= 20%",
        "all cpe <= 0.05",
        "all roas >= 0.5",
        "all profit >= 0",
        "all mean(hours) <= 3",
        "all mean(engagements) >= 1000",
        "niche:tech mean(hours) <= 1",
        "all hours <= 9",
        "each creator engagements >= 300",
        "each creator cpa <= 60",
        "each creator hours <= 3",
        "each creator count <= 1",
        "each creator spend <= 3% of budget",
        "niche:beauty requires niche:food",
        "platform:instagram requires platform:instagram",
        "niche:beauty excludes niche:food",
        "creator:ann excludes creator:ann",
        "all net reach >= 20k",
        "all count >= 9 (soft 5)",
    ],
)
def test_a_rule_of_each_kind_holds_where_the_audit_says_so(text):
    facts = {"order_value": 4_500, "margin": Fraction(2, 5), "one_offer_per": "offer"}
    campaign = build_campaign(budget=1_000_000, audience=None, **facts)
    if "net reach" in text:
        campaign = build_campaign(budget=1_000_000, audience=POOLS, **facts)
    problem = problem_of(PEOPLE, campaign)
    whole = [
        choice
        for choice, creator in enumerate(problem.choice_creators)
        if (problem.choice == choice).sum() == (problem.roster.creator_id == creator).sum()
    ]
    outcomes = drawn_outcomes(bought(problem, whole), 200, 5)
    rule = parse_rule(text)
    assert rule_holds(outcomes, rule).tolist() == by_audit(outcomes, rule)


@pytest.mark.parametrize(
    "text", ["all net reach >= 15k", "wave:2027-03 net reach >= 12k", "niche:food net reach >= 8k"]
)
def test_net_reach_counts_the_people_of_a_creator_once_in_every_outcome(text):
    waves = [Wave(name=f"2027-0{n}", starts=date(2027, n, 1), ends=date(2027, n, 28)) for n in (3, 4)]
    calendar = Calendar(waves=tuple(waves), lead_days=14)
    problem = problem_of(PEOPLE, build_campaign(budget=1_000_000, audience=POOLS, calendar=calendar))
    posts = np.bincount(problem.choice)
    twice = {int(problem.choice_creators[choice]): choice for choice in np.flatnonzero(posts == 2).tolist()}
    outcomes = drawn_outcomes(bought(problem, sorted(twice.values())), 200, 5)
    held = rule_holds(outcomes, parse_rule(text)).tolist()
    assert held == by_audit(outcomes, parse_rule(text))
    assert len(set(held)) == 2


def test_a_quota_breaks_where_too_few_accept():
    problem = problem_of(PEOPLE, build_campaign(budget=1_000_000))
    outcomes = drawn_outcomes(bought(problem, [0, 2, 3]), 500, 1)
    held = rule_holds(outcomes, parse_rule("all count >= 3"))
    assert held.tolist() == outcomes.scenarios.accepted.all(axis=0).tolist()
    assert 0 < held.sum() < 500


def test_limits_are_exact_however_large_the_amounts_are():
    amounts, bases = np.asarray([2**62 - 1, 2**62]), np.asarray([3 * 10**17, 3 * 10**17])
    bound = Fraction(2**62, 3 * 10**17)
    assert within_parts(amounts, bases, Range(bound, None)).tolist() == [False, True]
    assert within_parts(amounts, bases, Range(None, bound)).tolist() == [True, True]
    assert within(amounts, 1, Range(Fraction(2**63), None)).tolist() == [False, False]
    assert within(amounts, 1, Range(None, Fraction(2**64))).tolist() == [True, True]
    assert within(amounts, 1000, Range(Fraction(2**62, 1000), None)).tolist() == [False, True]
