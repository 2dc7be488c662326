"""What is said of a plan B: no figure twice, and why two who decline may cost less than one."""

from fractions import Fraction

from msgspec.structs import replace

from microopt.analysis.plan_b.result import DeclineCase, PlanB
from microopt.campaign.campaign import Goal
from microopt.campaign.metrics import METRICS
from microopt.plan.difference import Difference
from microopt.rendering.wording.fallbacks import fallbacks_legend
from microopt.rendering.wording.plan_b import plan_b_head
from tests.rendering.builders import plan
from tests.rendering.wording.test_tail import tail


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
    assert any(
        text.startswith("Losing @a and @b together costs less (-1.8%) than losing @a alone (-6.2%):") for text in texts
    )
    dear = said(case("@a", loss=62), case("@b", loss=40), case("@a", "@b", loss=90), paired=("@a", "@b"))
    assert not any(text.startswith("Losing") for text in dear)


def test_of_pairs_that_cost_less_the_strongest_are_named():
    alone = case("@a", loss=74), case("@b", loss=48), case("@c", loss=37)
    pairs = case("@a", "@c", loss=65), case("@a", "@b", loss=57)
    (text,) = [text for text in said(*alone, *pairs) if "together" in text]
    assert text.startswith("Losing @a and @b together costs less (-5.7%) than losing @a alone (-7.4%)")
    lost = without_change("@x", status="infeasible")
    (text,) = [
        text for text in said(lost, *alone, case("@c", "@x", loss=72), case("@b", "@x", loss=65)) if "alone" in text
    ]
    assert text.startswith(
        "Nobody can replace @x alone, but where @b declines too there is a plan (-6.5%): together they"
    )


def test_of_a_plan_for_the_worst_outcomes_every_loss_says_that_it_counts_those():
    before = plan(tail=tail(470), campaign={"goal": Goal(name="engagement")})
    metrics = dict.fromkeys(METRICS, 0) | {"engagements": -before.totals.metrics["engagements"] * 12 // 100}
    change = replace(case("@a", loss=150).change, metrics=metrics)
    one = replace(case("@a", loss=150), change=change)
    texts = [text for _, text in plan_b_head(PlanB(before=before, cases=(one,), asked=("@a",)))]
    assert texts[1].startswith("The plan then brings 15% less in its worst tenth (12% less on average)")
    table = [text for _, text in plan_b_head(PlanB(before=before, cases=(one,)))]
    assert "brings 15% less in its worst tenth" in table[0]
    assert table[-1].startswith("Goal: the change of engagement in the worst tenth of")
    assert "in its worst tenth" in fallbacks_legend(before) and "worst" not in fallbacks_legend(plan())


def test_what_is_not_proven_is_counted():
    texts = said(case("@a", loss=62), case("@b", loss=40), without_change("@a", "@b", status="unknown"))
    assert texts[-1] == "Not proven: 1 of 1 pairs; a longer --time-limit helps."


def test_a_gain_too_small_to_show_repeats_no_figure():
    kept, free = case("@a", loss=Fraction(18001, 1000)), case("@a", loss=18, added=("@other",), keeps_rest=False)
    assert "Changing anyone else would hardly help." in said(kept, asked=("@a",), freely=free)
    better = case("@a", loss=9, added=("@other",), keeps_rest=False)
    assert any("If the others may change too" in text for text in said(kept, asked=("@a",), freely=better))


def test_who_cannot_be_replaced_is_named_first_and_every_creator_is_counted():
    lost = [without_change(name, status="infeasible") for name in ("@x", "@y")]
    texts = said(*lost, case("@a", loss=62), case("@b", loss=40))
    assert texts == [
        "2 of 4 creators cannot be replaced within your rules while everyone else stays: @x and @y.",
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
        "There was no time to find out whether anyone can replace @u.",
        "Not looked at: @l and 1 of 2 pairs: a longer --time-limit shows the rest.",
    ]
    assert "depends most" not in " ".join(said(case("@a", loss=62, status="feasible"), case("@b", loss=40)))


def test_a_pair_is_not_said_to_cost_less_than_a_loss_that_is_not_proven():
    texts = said(case("@a", loss=62, status="feasible"), case("@b", loss=9), case("@a", "@b", loss=18))
    assert not any(text.startswith("Losing") for text in texts)
