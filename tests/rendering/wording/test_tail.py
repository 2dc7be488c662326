"""What a plan for the worst outcomes costs and raises, judged in draws that it was not chosen by."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.campaign import Goal
from microopt.campaign.rule_grammar import parse_rule
from microopt.plan.tail import FreshTail, MetricFigures, Tail, TailFigures, WeakestRule
from microopt.rendering.wording.plan_figures import score_rows
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
        "costs 4.0% of the mean score, raises the worst tenth of 10,000 other draws by 2.5% "
        "(against the plan that is best on average)"
    )
    assert own.raises == pytest.approx(0.025) and own.costs == pytest.approx(0.04)


@pytest.mark.parametrize(("fresh", "brings"), [("372.4", "2.0% less than"), ("380", "no more than")])
def test_a_plan_that_is_not_safer_in_other_draws_says_so_and_what_helps(fresh, brings):
    own = tail(fresh=fresh)
    assert price(own) == (
        f"costs 4.0% of the mean score, but is not safer: the worst tenth of 10,000 other draws brings {brings} "
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


def metrics(engagements, conversions):
    return tuple(
        MetricFigures(metric=name, mean=Fraction(mean), worst=Fraction(worst))
        for name, (mean, worst) in (("engagements", engagements), ("conversions", conversions))
    )


def test_a_balanced_goal_says_what_safety_does_to_each_metric_and_warns_where_one_gets_less_safe():
    own = replace(
        tail(fresh="389.5"),
        metrics=metrics((80_800, 40_500), (33, "5.94")),
        metrics_of_means=metrics((50_900, 26_400), (107, 12)),
    )
    told = list(tail_sentences(plan(tail=own), hints=True))
    assert told[2:] == [
        (
            "fact",
            "By metric, against the plan that is best on average: engagements 26.4k -> 40.5k, conversions 12 -> 5.9 "
            "(each in its worst tenth of 10,000 other draws); expected engagements 50.9k -> 80.8k, "
            "conversions 107 -> 33.",
        ),
        (
            "warning",
            "Warning: conversions are not safer: 50% fewer in the worst tenth of 10,000 other draws, 69% fewer "
            "expected; to keep more, add -r 'all conversions >= 85'.",
        ),
    ]
    assert "-r" not in " ".join(text for _, text in tail_sentences(plan(tail=own), hints=False))
    safe = replace(own, metrics=metrics((80_800, 40_500), (33, "11.5")))
    assert not any("not safer" in text for _, text in tail_sentences(plan(tail=safe), hints=True))


def test_a_balanced_goal_says_its_score_in_the_worst():
    assert sentences(tail(fresh="389.5"))[0] == (
        "Planned for the worst tenth of 200 scenarios (seed 1): a score of 480.000 there on average, 389.500 in the "
        "worst tenth of 10,000 other draws; 960.000 expected in all."
    )


def weak(label, share, *, acceptance=Fraction(3, 5), **facts):
    own = tail(fresh="389.5")
    own = replace(own, fresh=replace(own.fresh, weakest_rule=WeakestRule(label=label, share=Fraction(share))))
    sample = plan(tail=own, **facts)
    sample = replace(sample, picks=tuple(replace(pick, acceptance=acceptance) for pick in sample.picks))
    return [text for _, text in tail_sentences(sample, hints=True) if "holds in only" in text]


def test_a_rule_that_declines_often_break_is_named_with_what_helps():
    assert weak("niche:beauty count 2..", "0.2964") == [
        "Warning: niche:beauty count 2.. holds in only 29.6% of 10,000 other draws if nobody is replaced: plan without "
        "--risk and with -r 'niche:beauty count 2.. in 90%' or have substitutes ready with --fallbacks 3."
    ]
    assert weak("tier:mega spend <= 40%", "0.5") == [
        "Warning: tier:mega spend <= 40% holds in only 50% of 10,000 other draws if nobody is replaced: have "
        "substitutes ready with --fallbacks 3."
    ]
    assert weak("tier:mega spend <= 40%", "0.5", acceptance=None) == [
        "Warning: tier:mega spend <= 40% holds in only 50% of 10,000 other draws."
    ]
    assert weak("niche:beauty count 2..", "0.9") == []


def test_a_metric_that_no_plan_brings_is_left_out_and_the_plan_of_means_has_no_line_by_metric():
    own = replace(
        tail(fresh="389.5"),
        metrics=metrics((80_800, 40_500), (0, 0)),
        metrics_of_means=metrics((50_900, 26_400), (0, 0)),
    )
    assert "conversions" not in " ".join(text for _, text in tail_sentences(plan(tail=own), hints=True))
    same = replace(own, plan=own.of_means, fresh=replace(own.fresh, plan=own.fresh.of_means))
    assert not any("By metric" in text for text in sentences(same))


def test_the_score_of_a_balanced_goal_has_its_unit():
    rows = dict(score_rows(plan(tail=tail(fresh="389.5"))))
    assert "which this plan maximizes: engagements plus conversions" in rows["Mean score of the worst tenth"]
    rows = dict(score_rows(plan(tail=tail(fresh="389.5"), campaign={"goal": Goal(name="engagement")})))
    assert rows["Mean of the worst tenth"].endswith("(which this plan maximizes)")
