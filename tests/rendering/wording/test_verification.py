"""What is said of a plan that does not hold: its false statements, and whose they are."""

from microopt.plan.verification_result import Discrepancy, Verification
from microopt.rendering.wording.verification import verification_sentences

FEE = Discrepancy(place="picks[0].fee", message="the plan says 1.00, but the roster gives 2.00", creator="Tess Runs")
SPEND = Discrepancy(place="totals.spend", message="the plan says 3.00, but its picks give 4.00")


def facts(**overrides):
    rejection = Verification(plan="plan.json", roster="roster.csv", discrepancy=FEE, fix="make it again", **overrides)
    return [text for _, text in verification_sentences(rejection)][:-1]


def test_a_false_figure_of_a_pick_names_its_creator():
    assert facts() == [
        "Check failed: plan.json has a statement that is not true.",
        "picks[0].fee (Tess Runs): the plan says 1.00, but the roster gives 2.00.",
    ]


def test_further_false_statements_are_named_and_the_rest_is_counted():
    assert facts(further=(SPEND,), more_discrepancies=3) == [
        "Check failed: plan.json has statements that are not true.",
        "picks[0].fee (Tess Runs): the plan says 1.00, but the roster gives 2.00.",
        "totals.spend: the plan says 3.00, but its picks give 4.00.",
        "2 more statements are not true.",
    ]
