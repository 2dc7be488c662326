"""What a plan for the worst outcomes costs and raises, judged in draws that it was not chosen by."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.campaign import Goal
from microopt.campaign.rule_grammar import parse_rule
from microopt.plan.tail import FreshTail, Tail, TailFigures
from microopt.rendering.wording.tail import price_of_safety, tail_sentences
from tests.rendering.builders import plan

MEANS = TailFigures(mean=Fraction(1_000), worst=Fraction(400))


def tail(fresh, *, of_means=Fraction(380), scenarios=200):
    return Tail(
        share=Fraction(1, 10),
        scenarios=scenarios,
        seed=1,
        worst=20,
        plan=TailFigures(mean=Fraction(960), worst=Fraction(480)),
        of_means=MEANS,
        fresh=FreshTail(
            draws=10_000,
            seed=2,
            plan=TailFigures(mean=Fraction(961), worst=Fraction(fresh)),
            of_means=TailFigures(mean=Fraction(999), worst=Fraction(of_means)),
        ),
        means=(0,),
        sets=((0,),),
    )


def price(own, sample=None):
    return price_of_safety(sample or plan(tail=own), own)


def sentences(own, **facts):
    return [text for _, text in tail_sentences(plan(tail=own, **facts), hints=True)]


def test_what_safety_raises_is_counted_in_other_draws():
    own = tail(fresh="389.5")
    assert price(own) == (
        "costs 4.0% of the mean, raises the worst tenth of 10,000 other draws by 2.5% "
        "(against the plan that is best on average)"
    )
    assert own.raises == pytest.approx(0.025) and own.costs == pytest.approx(0.04)


@pytest.mark.parametrize(("fresh", "brings"), [("372.4", "2.0% less than"), ("380", "no more than")])
def test_a_plan_that_is_not_safer_in_other_draws_says_so_and_what_helps(fresh, brings):
    own = tail(fresh=fresh)
    assert price(own) == (
        f"costs 4.0% of the mean, but is not safer: the worst tenth of 10,000 other draws brings {brings} "
        "with the plan that is best on average"
    )
    assert sentences(own)[-1] == (
        "To be safer in other draws, too, try --scenarios 1000, or a limit such as "
        "-r 'each creator spend <= 20% of budget'."
    )
    assert "To be safer" not in " ".join(text for _, text in tail_sentences(plan(tail=own), hints=False))


def test_more_scenarios_than_the_plan_has_are_advised_and_no_limit_that_it_has():
    own = tail(fresh="370", scenarios=1_000)
    rule = parse_rule("each creator spend <= 30% of budget")
    assert sentences(own, campaign={"rules": (rule,)})[-1] == "To be safer in other draws, too, try --scenarios 5000."


def test_a_safer_plan_gets_no_advice():
    assert "To be safer" not in " ".join(sentences(tail(fresh="389.5")))


def test_the_first_line_has_the_mean_of_the_worst_in_both():
    first = sentences(tail(fresh="389.5"), campaign={"goal": Goal(name="engagement")})[0]
    assert first == (
        "Planned for the worst tenth of 200 scenarios (seed 1): 480 engagements there on average, 390 engagements in "
        "the worst tenth of 10,000 other draws; 960 engagements expected in all."
    )


def test_losses_are_told_as_amounts_and_not_as_shares():
    own = tail(fresh="-100", of_means=Fraction(-700))
    sample = plan(tail=own, campaign={"goal": Goal(name="profit")})
    assert "raises the worst tenth of 10,000 other draws from -$700 to -$100 (" in price(own, sample)


def test_the_price_of_an_empty_plan_is_all_that_the_plan_of_means_would_bring():
    nothing = TailFigures(mean=Fraction(0), worst=Fraction(0))
    own = tail(fresh="0", of_means=Fraction(-700))
    own = replace(own, plan=nothing, fresh=replace(own.fresh, plan=nothing))
    sample = plan(tail=own, picks=(), campaign={"goal": Goal(name="profit")})
    assert price(own, sample) == (
        "all of the $1,000 expected of the plan that is best on average, which brings -$700 in the worst tenth of "
        "10,000 other draws"
    )


def test_the_plan_of_means_has_no_price():
    own = tail(fresh="380")
    own = replace(own, plan=own.of_means, fresh=replace(own.fresh, plan=own.fresh.of_means))
    assert price(own) == "none, the plan that is best on average is also best in the worst tenth of 200 scenarios"
