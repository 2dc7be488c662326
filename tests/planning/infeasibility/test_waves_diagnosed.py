"""Why no plan keeps rules in time, and what would help: by enumeration of all plans."""

from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings

from microopt import Diagnosis, Plan, optimize
from microopt.campaign.calendar import WaveBudget
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError
from microopt.rendering.wording.diagnosis_sentences import diagnosis_sentences
from tests.planning.schedule_oracle import all_plans, items_of
from tests.planning.test_rules_in_time import as_post, budgets_kept, plan_of
from tests.planning.wave_builders import listed, offer_rows, wave_campaigns
from tests.planning.wave_rule_oracle import kept
from tests.scale import examples

MOST_PLANS = 1_500


def said(diagnosis):
    return [text.strip() for _, text in diagnosis_sentences(diagnosis)]


def label_kept(label, plan, campaign):
    """Whether a plan keeps what a label of a conflict names."""
    if label == "budget":
        return sum(post["cost"] for post in plan) <= campaign.budget
    if label.startswith("budget "):
        return True  # of waves: `budgets_kept` looks at all of them
    return kept(parse_rule(label), plan, campaign)


@settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=offer_rows(), campaign=wave_campaigns())
def test_conflicts_and_repairs_of_rules_in_time_hold(rows, campaign):
    offers = listed(rows)
    assume(0 < len(items_of(rows, offers, campaign)) <= 9)
    try:
        answer = optimize(offers, campaign)
    except CampaignError:
        assume(False)
    assume(isinstance(answer, Diagnosis))
    assert answer.status == "infeasible"
    assert said(answer)
    plans = [plan for _, plan in zip(range(MOST_PLANS + 1), all_plans(rows, offers, campaign), strict=False)]
    assume(len(plans) <= MOST_PLANS)
    waves = any(label.startswith("budget ") for label in answer.clash)
    some = [plan for plan in plans if plan]
    assert not any(
        all(label_kept(label, plan, campaign) for label in answer.clash) and (not waves or budgets_kept(plan, campaign))
        for plan in some
    )
    if answer.irreducible and not waves and not answer.reasons:
        for label in answer.clash:
            others = [other for other in answer.clash if other != label]
            assert any(all(label_kept(other, plan, campaign) for other in others) for plan in some), label
    if answer.repairs:
        repaired = optimize(offers, campaign, repair=True)
        assert isinstance(repaired, Plan)
        picked = [as_post(pick, campaign) for pick in repaired.picks]
        assert all(kept(rule, picked, repaired.campaign) for rule in repaired.campaign.rules)
        assert budgets_kept(picked, repaired.campaign)


def test_a_conflict_names_the_rule_as_written_and_the_waves():
    diagnosis = plan_of("niche:beauty count >= 2 each wave", "each creator gap >= 2 waves")
    assert diagnosis.clash[-1] == "each creator gap >= 2 waves"
    assert "niche:beauty count >= 2 in 2027-02" in diagnosis.clash
    rules = [line for line in said(diagnosis) if line.startswith("niche:beauty")]
    assert len(rules) == 1
    assert rules[0].startswith("niche:beauty count >= 2 each wave (in 2027-01, 2027-02")
    assert any(
        "change niche:beauty count >= 2 each wave to niche:beauty count >= 1 each wave" in line
        for line in said(diagnosis)
    )


def test_a_limit_on_each_wave_moves_by_what_the_worst_wave_lacks():
    diagnosis = plan_of("all engagements >= 1m each wave")
    (change,) = diagnosis.repairs[0].changes
    assert change.label == "all engagements >= 1m each wave"
    assert change.becomes.endswith(" each wave")
    assert change.after < 1_000_000


def test_a_wave_without_the_creators_of_a_rule_is_named():
    diagnosis = plan_of("all count >= 4 in 2027-02")
    assert "all count >= 4 in 2027-02: only 3 such creators are available." in said(diagnosis)
    diagnosis = plan_of("niche:beauty repeats >= 4")
    assert "niche:beauty repeats >= 4: only 3 such creators can post in two waves." in said(diagnosis)


def test_exclusive_days_are_dropped_where_nothing_else_helps():
    diagnosis = plan_of("creator:@a exclusive 90d", "creator:@a count >= 1 in first wave", "all count >= 2")
    assert "creator:@a exclusive 90d" in diagnosis.clash
    assert any(change.label == "creator:@a exclusive 90d" for each in diagnosis.repairs for change in each.changes)


def test_the_budget_of_a_wave_is_raised_where_a_rule_needs_more():
    budgets = {"2027-02": WaveBudget(high=Fraction(150))}
    diagnosis = plan_of("all count >= 2 each wave", budgets=budgets)
    assert set(diagnosis.clash) == {"budget of 2027-02", "all count >= 2 in 2027-02"}
    becomes = {change.becomes for each in diagnosis.repairs for change in each.changes}
    assert becomes == {"budget of 2027-02 <= 200", "all count >= 1 each wave"}


def test_rules_that_exclude_each_other_are_named_rather_than_the_budget_of_a_wave():
    budgets = {name: WaveBudget(high=Fraction(50)) for name in ("2027-01", "2027-02")}
    none = "niche:beauty count <= 0 in 2027-01..2027-02"
    diagnosis = plan_of(none, "niche:beauty count >= 1 each wave", budgets=budgets)
    assert none in diagnosis.clash
    assert not any(label.startswith("budget") for label in diagnosis.clash)
