"""Why there is no plan: the answer first, then the reason, what to change, and how sure that is."""

from fractions import Fraction

import pytest

from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import CampaignProgress
from microopt.campaign.rule_grammar import parse_rule
from microopt.plan.repair import Change, Repair
from microopt.rendering.wording.diagnosis_sentences import diagnosis_sentences
from tests.rendering.builders import diagnosis


def test_that_there_is_no_plan_names_what_it_rests_on_and_who_has_confirmed_it():
    output = diagnosis(proven_by="branch and bound of CBC 2.10.3", confirmed_by="HiGHS 1.16.0")
    result = [text for _, text in diagnosis_sentences(output)]
    assert result[-1] == "Proven by branch and bound of CBC 2.10.3, confirmed by HiGHS 1.16.0."
    doubted = diagnosis(proven_by="branch and bound of CBC 2.10.3", unconfirmed="HiGHS could not")
    result = [text for _, text in diagnosis_sentences(doubted)]
    assert result[-2:] == ["Proven by branch and bound of CBC 2.10.3.", "Not confirmed: HiGHS could not."]


def all_sentences(sample):
    return [text.strip() for _, text in diagnosis_sentences(sample)]


def test_a_reason_that_names_the_rules_is_enough():
    reason = "niche:beauty count >= 5: even the 5 cheapest cost $900, but the budget is $100"
    assert all_sentences(diagnosis(reasons=(reason,))) == ["No plan can meet all of your rules.", f"{reason}."]


@pytest.mark.parametrize("reasons", [(), ("the required creators cost too much",)])
def test_rules_that_no_reason_names_are_listed(reasons):
    output = all_sentences(diagnosis(reasons=reasons))
    assert output[-2:] == ["niche:beauty count >= 5", "budget $1,000"]


def test_no_plan_in_time_is_not_called_impossible():
    output = " ".join(text for _, text in diagnosis_sentences(diagnosis(status="unknown", limit="time", clash=())))
    assert "No plan was found (stopped at the time limit), but one may exist." in output
    assert "No plan can" not in output


def test_a_diagnosis_says_whether_each_rule_of_the_clash_is_needed():
    resolved = diagnosis(irreducible=True, resolved_by_any=True)
    output = " ".join(text for _, text in diagnosis_sentences(resolved))
    assert "These rules conflict. Dropping any one of them resolves it:" in output
    assert "budget $1,000" in output
    assert "perhaps only some of them do" in " ".join(text for _, text in diagnosis_sentences(diagnosis()))


def test_dropping_a_rule_is_not_said_to_be_enough_where_others_may_conflict_too():
    output = " ".join(text for _, text in diagnosis_sentences(diagnosis(irreducible=True)))
    assert "These rules conflict. If you drop only one, the others may still conflict:" in output
    assert "resolves" not in output


def test_repairs_are_numbered_and_doubt_is_said():
    budget = Change(label="budget", before=Fraction(100), after=Fraction("120.5"), becomes="budget 120.5", money=True)
    quota = Change(label="niche:x count >= 5", before=Fraction(5), after=Fraction(4), becomes="niche:x count >= 4")
    mends = (Repair(changes=(budget,)), Repair(changes=(quota,), minimal=False))
    output = [text for kind, text in diagnosis_sentences(diagnosis(repairs=mends)) if kind == "repair"]
    assert output == [
        "  1. raise the budget from $100 to $120.50",
        "  2. change niche:x count >= 5 to niche:x count >= 4 (a smaller change may be enough)",
    ]


def test_a_campaign_under_way_is_told_how_to_raise_its_whole_budget():
    output = diagnosis(
        campaign=Campaign(budget=100_000, running=CampaignProgress(sunk_cost=20_000)),
        repairs=(Repair(changes=()),),
    )
    result = [text for _, text in diagnosis_sentences(output)]
    whole = "(the whole budget, including the $200 lost on creators who declined)"
    assert f"Change the budget with --budget {whole}, and rules in a campaign file with -c." in result


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("the required creators cost at least $120", "The required creators cost at least $120."),
        ("your tier limits add up to 90% of the spend", "Your tier limits add up to 90% of the spend."),
        ("niche:beauty count >= 3: no offer meets this", "niche:beauty count >= 3: no offer meets this."),
    ],
)
def test_a_reason_begins_with_a_capital_unless_a_rule_does(reason, sentence):
    assert all_sentences(diagnosis(reasons=(reason,), clash=(), repairs=()))[1] == sentence


def test_the_answer_comes_first_and_the_proof_after_what_to_change():
    budget = Change(label="budget", before=Fraction(100), after=Fraction(120), becomes="budget 120", money=True)
    reason = "the required creators cost at least $120, but the budget is $100"
    sample = diagnosis(reasons=(reason,), clash=(), repairs=(Repair(changes=(budget,)),), proven_by="arithmetic")
    assert all_sentences(sample) == [
        "No plan can meet all of your rules.",
        "The required creators cost at least $120, but the budget is $100.",
        "This change makes a plan possible:",
        "1. raise the budget from $100 to $120",
        "To plan with it, add --repair.",
        "Proven without the solver.",
    ]


def test_a_limit_with_a_chance_that_is_moved_needs_a_margin():
    rule = parse_rule("all conversions >= 92 in 90%")
    moved = Change(label=rule.label, before=Fraction(92), after=Fraction(88), becomes="all conversions >= 88 in 90%")
    for rules, is_told in (((rule,), True), ((), False)):
        sample = diagnosis(campaign=Campaign(budget=100_000, rules=rules), repairs=(Repair(changes=(moved,)),))
        assert any("leave a margin" in text for text in all_sentences(sample)) == is_told
