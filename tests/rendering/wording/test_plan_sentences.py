"""What is said below the tables: never more than is known."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.campaign import Goal, SoftPenalty
from microopt.plan.left_out import LeftOut
from microopt.plan.plan import BaselinePlan, Ideal
from microopt.plan.repair import Change, Repair
from microopt.plan.replan_summary import InputFingerprints, ReplanSummary
from microopt.rendering.wording.plan_head import plan_head
from microopt.rendering.wording.plan_sentences import plan_sentences, short_sentences
from tests.rendering.builders import metrics, picks, plan, proof, rule, totals


def sentences_of_kind(sample, kind=None):
    return [text for item, text in plan_sentences(sample) if kind in (None, item)]


def test_a_proof_names_its_seconds_what_it_rests_on_and_what_it_shows():
    assert sentences_of_kind(plan(), "proof") == [
        "Proven optimal in 0.31 s, by branch and bound of CBC 2.10.3: "
        "on these forecasts, no plan within these rules is better."
    ]


def test_a_proof_names_who_has_confirmed_it():
    output = sentences_of_kind(plan(proof=proof(confirmed_by="HiGHS 1.16.0")), "proof")[0]
    assert "by branch and bound of CBC 2.10.3, confirmed by HiGHS 1.16.0: on these forecasts" in output


@pytest.mark.parametrize("status", ["optimal", "feasible"])
def test_a_plan_that_was_not_confirmed_says_why(status):
    sample = proof(status=status, limit=None if status == "optimal" else "time", unconfirmed="HiGHS could not")
    assert sentences_of_kind(plan(proof=sample), "doubt")[-1] == "Not confirmed: HiGHS could not."


def test_what_the_solver_died_of_is_said_and_more_time_is_not_advised():
    dead = proof(status="feasible", failure="CBC was killed by SIGKILL", bound=Fraction(2))
    output = sentences_of_kind(plan(proof=dead), "doubt")[0]
    assert output.startswith("Not proven optimal (CBC was killed by SIGKILL after 0.31 s): a plan up to 6.96% better")
    assert output.endswith("Try the other --solver.")
    cheap = sentences_of_kind(plan(proof=proof(cheapest=False, failure="CBC was killed by SIGKILL")), "note")
    assert "A cheaper plan of the same value may exist: CBC was killed by SIGKILL." in cheap


def test_a_cheaper_plan_that_was_not_excluded_is_mentioned():
    output = " ".join(sentences_of_kind(plan(proof=proof(cheapest=False)), "note"))
    assert "A cheaper plan of the same value may exist" in output


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("time", "the time limit"),
        ("interrupt", "interrupted"),
        ("gap", "the gap you allowed"),
        ("nodes", "the node limit"),
        (None, "proves nothing"),
    ],
)
def test_a_plan_without_proof_says_why_and_how_far_it_may_be(limit, words):
    stopped = proof(status="feasible", limit=limit, objective=Fraction(9), bound=Fraction(10))
    output = sentences_of_kind(plan(proof=stopped), "doubt")[0]
    assert words in output
    assert "a plan up to 11.12% better" in output
    assert "Proven" not in " ".join(sentences_of_kind(plan(proof=stopped)))


def test_a_plan_of_some_schedules_says_so_and_blames_no_solver():
    some = LeftOut(schedules=317_378, looked_at=8_615)
    unproven = proof(status="feasible", limit=None, objective=Fraction(9), bound=Fraction(10), left_out=some)
    output = " ".join(sentences_of_kind(plan(proof=unproven)))
    assert "Not proven optimal (8,615 of 317,378 possible schedules were looked at after" in output
    assert "A smaller max_posts under [calendar], or fewer waves" in output
    assert "solver" not in output


@pytest.mark.parametrize(
    ("limit", "advice"),
    [("time", "More time: --time-limit 300."), ("gap", "leave out --gap."), ("interrupt", "may exist.")],
)
def test_what_to_do_about_a_plan_without_proof_follows_from_what_stopped_it(limit, advice):
    stopped = proof(status="feasible", limit=limit, objective=Fraction(9), bound=Fraction(10))
    assert sentences_of_kind(plan(proof=stopped), "doubt")[0].endswith(advice)


def test_a_gap_that_is_not_zero_is_never_rounded_to_zero():
    stopped = proof(status="feasible", limit="time", objective=Fraction(10**9 - 200), bound=Fraction(10**9))
    assert "up to 0.01% better" in sentences_of_kind(plan(proof=stopped), "doubt")[0]


def test_what_is_unspent_is_said_with_its_reason_and_nothing_when_nothing_is():
    assert sentences_of_kind(plan())[0] == "$16,850 left: the cheapest creator who would improve the plan costs $35."
    spent = plan(campaign={"budget": plan().totals.spend})
    assert " left:" not in " ".join(sentences_of_kind(spent))


@pytest.mark.parametrize(("names", "subject"), [(("@anna",), "@anna has"), (("@anna", "@ben"), "@anna, @ben have")])
def test_a_second_offer_worth_buying_is_told_with_the_option_that_allows_it(names, subject):
    sample = plan(creators_with_further_offers=names)
    sentence = f"{subject} a second offer worth buying. Allow it with --one-offer-per offer."
    assert sentence in sentences_of_kind(sample, "fact")
    assert not any("second offer" in text for _, text in plan_sentences(sample, hints=False))


def test_a_share_of_the_best_is_careful_where_the_best_is_not_proven():
    proven = Ideal(metric="engagements", total=6_300_000, bound=6_300_000)
    open_ = Ideal(metric="conversions", total=14_000, bound=28_000)
    output = " ".join(sentences_of_kind(plan(ideals=(proven, open_))))
    assert "100% of the best possible engagements and at least 50% of the best possible conversions" in output


@pytest.mark.parametrize(
    ("shrink", "paid", "adjusted"),
    [
        (True, False, "small samples, account growth and paid posts"),
        (False, False, "paid posts"),
        (True, True, "small samples and account growth"),
        (False, True, ""),
    ],
)
def test_it_is_said_what_the_rates_of_the_list_are_adjusted_for(shrink, paid, adjusted):
    figures = {"sponsored": {"rates_from": "sponsored"}} if paid else {}
    sample = plan(campaign={"shrink": shrink, "forecast": figures}, assumed={"conversions": 1.0})
    told = [f"The engagement rates of your list are adjusted for {adjusted}."] if adjusted else []
    assert [text for _, text in plan_sentences(sample) if "adjusted" in text] == told
    assert all("the creator list" in text for _, text in plan_sentences(sample, hints=False) if "adjusted" in text)
    estimated = replace(sample, assumed={"engagements": 1.0})
    assert not any("adjusted" in text for _, text in plan_sentences(estimated))


def test_a_share_of_the_best_is_rounded_and_of_an_upper_limit_rounded_down():
    def brings(ideal, bound):
        ideals = (Ideal(metric="engagements", total=ideal, bound=bound),)
        return next(text for text in sentences_of_kind(plan(ideals=ideals)) if "The plan brings" in text)

    assert brings(6_450_000, 6_450_000) == "The plan brings 98% of the best possible engagements."  # 97.7%
    assert brings(6_400_000, 6_450_000) == "The plan brings at least 97% of the best possible engagements."
    assert brings(6_300_100, 6_300_100) == "The plan brings 99.9% of the best possible engagements."


@pytest.mark.parametrize(
    ("total", "then"),
    [(12_600_000, "."), (5_000_000, ". More than 100% means that forecasts, fees or settings have changed since.")],
)
def test_a_share_of_what_an_earlier_plan_could_bring_says_so_and_why_it_can_be_more(total, then):
    ideals = (Ideal(metric="engagements", total=total, bound=total),)
    sample = plan(ideals=ideals)
    earlier = replace(sample, campaign=replace(sample.campaign, ideals=ideals))
    share = sample.totals.metrics["engagements"] * 100 // total
    possible = "of the engagements that were possible when"
    assert f"The plan brings {share}% {possible} an earlier plan was made{then}" in sentences_of_kind(earlier, "fact")
    again = replace(earlier, replan=ReplanSummary(previous="", made_at="", inputs=InputFingerprints(roster="")))
    assert f"The plan brings {share}% {possible} the first plan was made{then}" in sentences_of_kind(again, "fact")


@pytest.mark.parametrize(
    ("scale", "words"),
    [(0.5, "100% more engagements"), (2, "50% fewer engagements"), (1, "The same as picking by engagement rate")],
)
def test_a_habit_is_told_in_both_directions(scale, words):
    sample = plan(picks(1))
    second = totals(picks(1, metrics={name: int(value * scale) for name, value in metrics().items()}))
    output = " ".join(
        sentences_of_kind(plan(picks(1), baseline=BaselinePlan(rule="rank by engagement rate", totals=second)))
    )
    assert words in output
    assert sample.baseline is not None


def test_a_plan_that_brings_nothing_is_held_to_no_habit():
    output = sentences_of_kind(plan([], baseline=BaselinePlan(rule="rank by engagement rate", totals=totals(picks(1)))))
    assert "picking by" not in " ".join(output)


def test_what_rests_on_benchmarks_is_said_for_each_metric_that_does():
    output = sentences_of_kind(plan(assumed={"engagements": 0.0, "conversions": 0.62}), "caveat")
    assert output[0] == "62% of the conversions are industry estimates, not from your list."
    assert "engagements are" not in " ".join(output)


def test_warnings_come_before_caveats_and_notes():
    caveat = "62% of the conversions are industry estimates, not from your list."
    adjusted = "The engagement rates of your list are adjusted for small samples, account growth and paid posts."
    assert sentences_of_kind(plan())[-4:] == ["Warning: a warning.", caveat, adjusted, "Note: a note."]


def test_a_soft_rule_that_the_plan_is_beyond_tells_the_cost():
    short = rule(
        "niche:beauty count >= 9 (soft 3%)",
        used=Fraction(6),
        at_least=Fraction(9),
        at_most=None,
        soft=SoftPenalty(Fraction(3, 100), True),
        beyond=Fraction(3),
    )
    cost = "the plan is 3 below the limit, which costs 9.0% of the best possible."
    assert sentences_of_kind(plan(rules=(short,)), "warning")[:1] == [f"Soft rule {short.label}: {cost}"]
    over = rule(
        "all spend <= 5 (soft 2)",
        used=Fraction(7),
        at_least=None,
        at_most=Fraction(5),
        money=True,
        soft=SoftPenalty(Fraction(2), False),
        beyond=Fraction(2),
    )
    engaging, worth = (plan(rules=(over,), campaign={"goal": Goal(name=name)}) for name in ("engagement", "worth"))
    assert "$2 above the limit, which costs 4 engagements" in sentences_of_kind(engaging, "warning")[0]
    assert "which costs $4" in sentences_of_kind(worth, "warning")[0]


def test_a_repaired_plan_says_what_was_changed_first():
    mended = Repair(changes=(Change(label="creator:@a requires creator:@b"), Change(label="include @c")))
    output = sentences_of_kind(plan(repair=mended), "warning")[0]
    assert output.startswith("Not everything you asked for is possible. This plan makes these changes: ")
    assert output.endswith("drop creator:@a requires creator:@b and no longer require @c.")
    assert next(plan_head(plan(repair=mended))) == ("warning", output)
    assert output not in str(
        [*plan_sentences(plan(repair=mended), after_head=True), *short_sentences(plan(repair=mended))]
    )
