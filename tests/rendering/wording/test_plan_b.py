"""What is said of a plan B: no figure twice, and why two who decline may cost less than one."""

from fractions import Fraction

from microopt.analysis.plan_b.result import DeclineCase, PlanB
from microopt.campaign.metrics import METRICS
from microopt.plan.difference import Difference
from microopt.rendering.wording.plan_b import plan_b_head
from tests.rendering.builders import plan


def case(*declined, loss, added=("@new",), keeps_rest=True, status="optimal"):
    change = Difference(
        objective=Fraction(-loss),
        share=Fraction(-loss, 1000),
        spend=0,
        creators=0,
        metrics=dict.fromkeys(METRICS, 0),
        added=tuple(added),
        dropped=tuple(declined),
    )
    return DeclineCase(declined=declined, keeps_rest=keeps_rest, status=status, change=change)


def without_change(*declined, status):
    return DeclineCase(declined=declined, keeps_rest=True, status=status)


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


def test_who_cannot_be_replaced_is_named_first_and_every_creator_is_counted():
    lost = [without_change(name, status="infeasible") for name in ("@x", "@y")]
    texts = said(*lost, case("@a", loss=62), case("@b", loss=40))
    assert texts == [
        "2 of 4 creators cannot be replaced within your rules while everyone else stays: @x, @y.",
        "Of the other 2 creators, the plan depends most on @a: without them it brings 6.2% less, with the best "
        "replacement.",
    ]
    assert said(lost[0], case("@a", loss=62)) == [
        "Nobody can replace @x within your rules while everyone else stays.",
        "Without @a the plan brings 6.2% less, with the best replacement.",
    ]
    assert said(case("@a", loss=62), case("@b", loss=40))[0].startswith("Of 2 creators, the plan depends most on @a")


def test_on_whom_a_plan_depends_most_is_not_claimed_of_what_was_not_found_out():
    unknown, left = without_change("@u", status="unknown"), without_change("@l", status="not looked at")
    pairs = case("@a", "@b", loss=90), without_change("@a", "@u", status="not looked at")
    texts = said(case("@a", loss=62), case("@b", loss=40), unknown, left, *pairs, stopped=True)
    assert texts == [
        "Of the 2 creators for whom a replacement was found, the plan loses most without @a: it then brings "
        "6.2% less, with the best replacement found in time.",
        "Whether anyone can replace @u was not found out in time.",
        "Not looked at: @l and 1 of 2 pairs: a longer --time-limit shows the rest.",
    ]
    assert "depends most" not in " ".join(said(case("@a", loss=62, status="feasible"), case("@b", loss=40)))


def test_a_pair_is_not_said_to_cost_less_than_a_loss_that_is_not_proven():
    texts = said(case("@a", loss=62, status="feasible"), case("@b", loss=9), case("@a", "@b", loss=18))
    assert not any(text.startswith("Losing") for text in texts)
