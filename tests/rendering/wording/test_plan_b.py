"""What is said of a plan B: no figure twice, and why two who decline may cost less than one."""

from fractions import Fraction

from microopt.analysis.plan_b.result import DeclineCase, PlanB
from microopt.campaign.metrics import METRICS
from microopt.plan.difference import Difference
from microopt.rendering.wording.plan_b import plan_b_head
from tests.rendering.builders import plan


def case(*declined, loss, added=("@new",), keeps_rest=True):
    change = Difference(
        objective=Fraction(-loss),
        share=Fraction(-loss, 1000),
        spend=0,
        creators=0,
        metrics=dict.fromkeys(METRICS, 0),
        added=tuple(added),
        dropped=tuple(declined),
    )
    return DeclineCase(declined=declined, keeps_rest=keeps_rest, status="optimal", change=change)


def said(*cases, **facts):
    return [text for _, text in plan_b_head(PlanB(before=plan(), cases=cases, **facts))]


def test_a_pair_that_costs_less_to_lose_than_one_of_the_two_is_explained():
    texts = said(case("@a", loss=62), case("@b", loss=40), case("@a", "@b", loss=18), paired=("@a", "@b"))
    assert any(text.startswith("Losing @a, @b together costs less than losing one of them alone") for text in texts)
    dear = said(case("@a", loss=62), case("@b", loss=40), case("@a", "@b", loss=90), paired=("@a", "@b"))
    assert not any(text.startswith("Losing") for text in dear)


def test_a_gain_too_small_to_show_repeats_no_figure():
    kept, free = case("@a", loss=Fraction(18001, 1000)), case("@a", loss=18, added=("@other",), keeps_rest=False)
    assert "Changing anyone else would hardly help." in said(kept, asked=("@a",), freely=free)
    better = case("@a", loss=9, added=("@other",), keeps_rest=False)
    assert any("If the others may change too" in text for text in said(kept, asked=("@a",), freely=better))
