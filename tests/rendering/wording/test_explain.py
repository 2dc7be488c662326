"""What is said of creators: in or out and why, the money in one block, how sure."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.analysis.explain.break_even import ALWAYS_IN, FEE_AGREED, NEVER_IN, NOT_SEARCHED, BreakEven
from microopt.analysis.explain.result import CreatorExplanation, ExplainedOffer, Explanation
from microopt.campaign.campaign import Goal
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.rendering.terminal.explain import explanation_table
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.wording.explain import (
    creator_details,
    creator_head,
    everyone_head,
    explanation_legend,
    format_going_rate,
)
from microopt.roster.usual_fees import UsualFees
from tests.rendering.builders import HOSTILE, difference, plan

WORTH = BreakEven(fee=163_000, excluded_from=163_001)
ALLOWED = BreakEven(fee=500_000, excluded_from=500_001)


def offer(**facts):
    given = {
        "offer": "reel",
        "platform": "instagram",
        "units": 1,
        "picked": True,
        "fee": 230_000,
        "break_even": facts.get("walk_away", WORTH),
        "walk_away": WORTH,
        "going_rate": 145_000,
        "similar_creators": 9,
    }
    return ExplainedOffer(**{**given, **facts})


def creator(*offers, **facts):
    given = {
        "creator": "@x",
        "tier": "micro",
        "picked": True,
        "offers": offers or (offer(),),
        "status": "optimal",
        "change": difference(-1, dropped=("@x",), added=("@a", "@b")),
    }
    return CreatorExplanation(**{**given, **facts})


def explanation(*creators, **facts):
    sample = plan()
    given = {
        "campaign": sample.campaign,
        "roster": sample.roster,
        "totals": sample.totals,
        "objective": Fraction(1),
        "status": "optimal",
        "creators": creators or (creator(),),
        "everyone": False,
        "seconds": 0.1,
    }
    return Explanation(**{**given, **facts})


def head(subject=None, **facts):
    subject = creator() if subject is None else subject
    return list(creator_head(explanation(subject, **facts), subject))


def money(**facts):
    return head(creator(offer(**facts)))[1][1]


def test_three_lines_say_in_or_out_the_money_and_how_sure():
    answer, fact, certainty = head()
    assert answer[0] == "main fact"
    assert answer[1].startswith("@x (micro) is in the plan. Without them: ")
    assert fact == ("fact", "Quote $2,300 (IG reel) · going rate $1,450 · worth up to $1,630 to this plan (-29%).")
    assert certainty == (
        "proof",
        "Proven to the cent: one cent more and the plan is just as good without them.",
    )


def test_of_a_required_creator_the_cap_of_the_rules_stands_apart_from_what_they_are_worth():
    change = difference(1, dropped=("@x",), added=("@a",))
    required = creator(offer(break_even=ALLOWED), change=change, required_by=("include @x",))
    answer, fact, certainty = (sentence for _, sentence in head(required))
    assert "is in the plan because you required them (include @x). Without them and this requirement: " in answer
    assert fact.endswith("worth up to $1,630 to this plan (-29%); your rules allow up to $5,000.")
    stay = " You required them, so they stay in at any fee your rules allow."
    assert certainty == f"Both amounts are proven to the cent.{stay}"
    any_fee = creator(offer(break_even=ALWAYS_IN, walk_away=NEVER_IN), required_by=("include @x",))
    assert head(any_fee)[1][1].endswith("worth nothing to this plan; your rules allow any fee.")
    assert head(any_fee)[2][1] == f"Proven.{stay}"
    not_exact = replace(ALLOWED, excluded_from=None, message="x")
    for allowed in (ALWAYS_IN, not_exact):
        sentence = head(creator(offer(break_even=allowed), required_by=("include @x",)))[2][1]
        assert sentence == f"What they are worth is proven to the cent.{stay}"


@pytest.mark.parametrize(
    ("objective", "status", "expected"),
    [
        (1, "optimal", "is in the plan because you required them (include @x). Without"),
        (-1, "optimal", "is in the plan: you required them (include @x), and the plan is better with them. Without"),
        (-1, "feasible", "is in the plan: you required them (include @x). Without"),
        (0, "optimal", "is in the plan: you required them (include @x). Without"),
    ],
)
def test_a_requirement_is_the_reason_only_where_the_plan_is_better_without_them(objective, status, expected):
    change = difference(objective, dropped=("@x",), added=("@a",))
    subject = creator(change=change, status=status, required_by=("include @x",))
    assert expected in head(subject)[0][1]


def test_who_is_not_in_is_told_at_which_fee_they_would_be_added():
    out = creator(picked=False, change=difference(-1, dropped=("@a",), added=("@x",)))
    answer, _, certainty = (sentence for _, sentence in head(out))
    assert "is not in the plan. With them at their quote: " in answer
    assert answer.endswith(" worse for your goal. @a would be dropped.")
    assert certainty == "Proven to the cent: at that fee or less they would be added."
    estimated = creator(offer(fee_estimated=True), picked=False, change=difference(-1))
    assert "With them at the estimated fee: " in head(estimated)[0][1]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"walk_away": ALWAYS_IN}, "worth any fee to this plan."),
        ({"walk_away": NOT_SEARCHED}, "what they are worth to this plan was not found in time."),
        ({"walk_away": BreakEven(fee=163_000, message="x")}, "worth at least $1,630 to this plan (-29%)."),
        ({"fee": 163_000}, "worth up to $1,630 to this plan."),
        ({"fee_estimated": True}, "(-29%)."),
    ],
)
def test_what_an_offer_is_worth_is_said_in_plain_words(facts, expected):
    assert money(**facts).endswith(expected)
    assert money(**facts).startswith("Estimated fee " if "fee_estimated" in facts else "Quote ")


def test_who_cannot_be_in_is_told_the_rules_and_not_a_worth():
    reasons = ("no plan with @x keeps all of these rules: include @a; a excludes x",)
    out = creator(
        offer(walk_away=NEVER_IN, picked=False), picked=False, change=None, status="infeasible", reasons=reasons
    )
    answer, fact, certainty = (sentence for _, sentence in head(out))
    assert answer == f"@x (micro) is not in the plan: {reasons[0]}."
    assert fact.endswith("no fee gets them into the plan.")
    assert certainty == "Proven."


@pytest.mark.parametrize(
    ("subject", "facts", "expected"),
    [
        (creator(), {"status": "feasible"}, "Not proven: a better plan may exist"),
        (creator(status="feasible"), {}, "Not proven: the search ended early."),
        (creator(offer(walk_away=NOT_SEARCHED)), {}, "the search ended before the fee was found."),
        (creator(offer(walk_away=BreakEven(fee=9, message="x"))), {}, "the search ended before the fee was exact."),
    ],
)
def test_what_is_not_sure_is_never_called_proven(subject, facts, expected):
    kind, sentence = head(subject, **facts)[-1]
    assert kind == "doubt"
    assert expected in sentence


def test_what_another_plan_brings_is_a_bound_where_that_plan_is_not_proven():
    lost, gained = (creator(status="feasible", change=difference(sign, dropped=("@x",))) for sign in (-1, 1))
    answers = [head(subject)[0][1] for subject in (lost, gained)]
    assert all("Without them, in the best plan found: " in answer for answer in answers)
    assert "; up to " in answers[0]
    assert "; at least " in answers[1]
    assert " at least as good for your goal" in head(creator(status="feasible", change=difference(0)))[0][1]
    goal = Goal(name="least cost", targets={"reach": Fraction(9)})
    cheaper = head(gained, campaign=plan(campaign={"goal": goal}).campaign)[0][1]
    assert "the plan costs at least $450 less" in cheaper
    engaging = head(lost, campaign=plan(campaign={"goal": Goal(name="engagement")}).campaign)[0][1]
    assert engaging.count("up to ") + engaging.count("at least ") == 1


def test_in_the_table_a_bound_is_marked():
    unproven = creator(status="feasible")
    output = explanation_table(explanation(unproven, everyone=True), Screen(width=120))
    assert ">=-" in output
    assert ">= at least: the search ended before this was exact." in output
    assert ">=" not in explanation_table(explanation(everyone=True), Screen(width=120))


def test_an_exclusion_is_told_as_the_choice_of_the_user():
    out = creator(picked=False, change=None, status="infeasible", reasons=("exclude @x",))
    assert head(replace(out, offers=()))[0][1] == "@x (micro) is not in the plan: you excluded them (exclude @x)."


def test_marks_of_the_table_are_explained_where_they_stand():
    loose = offer(fee_estimated=True, walk_away=BreakEven(fee=163_000, message="x"))
    output = explanation_table(explanation(creator(loose), everyone=True), Screen(width=120))
    assert "~$2,300" in output
    assert ">=$1,630" in output
    assert ">= at least: " in output
    assert "~ fee estimated: " in output
    assert "estimated" not in explanation_table(explanation(everyone=True), Screen(width=120))


def test_who_was_not_looked_at_is_told_so():
    kind, sentence = head(creator(offer(walk_away=NOT_SEARCHED), status=NOT_LOOKED_AT, change=None))[0]
    assert kind == "doubt"
    assert sentence.endswith("The search ended before the plan without them was looked for.")


def test_a_least_cost_is_told_in_money_and_a_single_metric_once():
    goal = Goal(name="least cost", targets={"reach": Fraction(9)})
    sample = plan(campaign={"goal": goal}).campaign
    assert head(campaign=sample)[0][1].endswith(" Without them: the plan costs $450 less. @a, @b would be added.")
    reach = plan(campaign={"goal": Goal(name="reach")}).campaign
    assert "for your goal" not in head(campaign=reach)[0][1]


def test_the_details_name_a_counter_offer_and_the_limits():
    details = [sentence for _, sentence in creator_details(creator(binding=("all count <= 9",)), "USD")]
    assert details == [
        "Counter-offer: offer $1,450; accept up to $1,630.",
        "Limits already reached that apply to this creator: all count <= 9.",
    ]


def test_only_for_a_balanced_plan_it_is_said_how_to_measure_the_goal_the_same_way_again():
    reach = plan(campaign={"goal": Goal(name="reach")}).campaign
    assert "--ideals" in " ".join(explanation_legend(explanation()))
    assert "--ideals" not in " ".join(explanation_legend(explanation(campaign=reach)))
    assert "--ideals" not in " ".join(explanation_legend(explanation(creator(offer(walk_away=NEVER_IN)))))


@pytest.mark.parametrize(
    ("similar", "rate", "expected", "cell"),
    [
        (5, 145_000, "going rate $1,450", "$1,450"),
        (4, 145_000, "going rate about $1,450 (rough: 4 similar creators)", "~$1,450"),
        (2, None, "going rate unknown (2 similar creators)", "-"),
        (1, None, "going rate unknown (1 similar creator)", "-"),
        (0, None, "going rate unknown (no similar creators)", "-"),
    ],
)
def test_on_how_few_similar_creators_a_going_rate_rests_is_said_where_it_stands(similar, rate, expected, cell):
    given = offer(going_rate=rate, similar_creators=similar)
    assert f" · {expected} · worth" in money(going_rate=rate, similar_creators=similar)
    signed = creator(replace(given, walk_away=FEE_AGREED), change=None, contract="signed")
    assert head(signed)[1][1].endswith(f" · {expected}.")
    assert format_going_rate(given, "USD") == cell


def test_a_going_rate_says_where_it_comes_from():
    assert " · going rate $1,450 · " in money(similar_creators=40, going_rate_from="list")
    assert " · going rate about $1,450 (rough: an industry estimate) · " in money(
        similar_creators=40, going_rate_from="industry"
    )
    assert format_going_rate(offer(similar_creators=40, going_rate_from="industry"), "USD") == "~$1,450"


@pytest.mark.parametrize("source", ["list", "industry"])
def test_an_estimated_fee_is_not_compared_with_itself_and_has_its_range(source):
    estimated = creator(offer(fee_estimated=True, going_rate_from=source))
    assert "going rate" not in (text := head(estimated)[1][1])
    assert text.startswith("Estimated fee $2,300 (IG reel) · worth ")
    facts = UsualFees(source=source, creators=20, low=0.61, high=1.7)
    sample = explanation(estimated)
    told = replace(sample, roster=replace(sample.roster, usual_fees=facts))
    assert [*creator_head(told, estimated)][1][1].startswith(
        "Estimated fee $2,300 (IG reel) · likely $1,400 to $3,900 · worth "
    )


def test_a_going_rate_from_other_post_types_is_always_rough():
    facts = {"similar_creators": 9, "going_rate_mixed": True}
    assert " · going rate about $1,450 (rough: 9 similar creators, including other post types) · " in money(**facts)
    assert format_going_rate(offer(**facts), "USD") == "~$1,450"


def test_a_counter_offer_is_below_the_quote():
    for walk_away in (ALWAYS_IN, BreakEven(fee=300_000, excluded_from=300_001)):
        details = [text for _, text in creator_details(creator(offer(walk_away=walk_away)), "USD")]
        assert "Counter-offer: offer $1,450; accept up to $2,300." in details


def test_no_counter_offer_is_told_where_they_are_worth_far_less_than_the_going_rate():
    cheap = creator(offer(walk_away=BreakEven(fee=40_552, excluded_from=40_553)))
    details = [text for _, text in creator_details(cheap, "USD")]
    assert details == ["This creator is not worth the going rate of $1,450 to this plan: no counter-offer."]
    lower = creator(offer(walk_away=BreakEven(fee=120_052, excluded_from=120_053)))
    assert [*creator_details(lower, "USD")] == [("fact", "Counter-offer: offer $1,200, and no more.")]


@pytest.mark.parametrize(
    ("facts", "worth", "proof"),
    [
        ({"worth": 2_355_943}, "about $23,560 to this plan; your budget allows $20,000.", "budget"),
        ({}, "at least $20,000 to this plan; your budget allows no more.", "budget"),
        ({"limited_by": "rules"}, "at least $20,000 to this plan; your rules allow no more.", "rules"),
    ],
)
def test_what_the_budget_allows_is_not_told_as_what_they_are_worth(facts, worth, proof):
    limit = BreakEven(**{"fee": 2_000_000, "excluded_from": 2_000_001, "limited_by": "budget", **facts})
    limited = creator(offer(walk_away=limit))
    _, fact, certainty = (sentence for _, sentence in head(limited))
    assert fact.endswith(f"worth {worth}")
    assert certainty == f"Proven to the cent: at a higher fee, no plan with them keeps your {proof}."
    required = creator(offer(walk_away=limit), required_by=("include @x",))
    _, fact, certainty = (sentence for _, sentence in head(required))
    assert fact.endswith(" to this plan; your rules allow up to $20,000.")
    assert certainty.startswith("What your rules allow is proven to the cent. You required them")
    assert "or your budget or rules allow no more" in " ".join(explanation_legend(explanation(limited, everyone=True)))


def test_of_all_picks_the_head_names_whom_the_plan_misses_most_and_the_room():
    first = creator(creator="@most", change=difference(-5))
    second = creator(offer(fee=100_000), creator="@least", change=difference(-1))
    everyone = explanation(first, second, everyone=True)
    answer, fact, certainty = (sentence for _, sentence in everyone_head(everyone))
    assert "missed most: @most (" in answer
    assert "least: @least." in answer
    assert fact.startswith(
        "The quotes add up to $3,300, 14% above the going rate. Most and least room for a higher fee:"
    )
    assert "@least (+63%) and @most (-29%)." in fact
    assert certainty == "Proven to the cent."
    assert [*everyone_head(replace(everyone, status="feasible"))][-1][0] == "doubt"
    assert any(sentence.startswith("Worth up to: ") for sentence in explanation_legend(everyone))


def test_quotes_are_held_against_the_going_rates_that_are_known():
    known, unknown = offer(), offer(going_rate=None, similar_creators=1)
    several = explanation(*map(creator, (known, known, unknown)), everyone=True)
    assert "The 2 quotes with a going rate add up to $4,600, 59% above it." in [*everyone_head(several)][1][1]
    one = explanation(*map(creator, (known, unknown)), everyone=True)
    assert "going rate" not in [*everyone_head(one)][1][1]


def test_the_legend_says_which_creators_are_similar():
    meaning = "Going rate: the median fee of similar creators on your list (same platform, a third to three times the"
    for everyone in (False, True):
        legend = " ".join(explanation_legend(explanation(everyone=everyone)))
        assert meaning in legend
        marks = (
            "~ if there are fewer than 5 of them, or fewer than 3 with the same post type, - if fewer than 3 at all."
        )
        assert (marks in legend) == everyone


def test_a_difference_that_rounds_to_nothing_is_left_out():
    change = difference(-1, metrics={"engagements": -1_500_000, "conversions": -49, "reach": 400})
    answer = head(creator(change=change))[0][1]
    assert "1,500 fewer engagements" in answer
    assert "conversions" not in answer
    assert "reached" not in answer


@pytest.mark.parametrize("width", [60, 80, 100, 160])
@pytest.mark.parametrize("everyone", [False, True])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_text_of_a_roster_cannot_harm_the_screen(text, everyone, width):
    hostile = creator(offer(offer=text, platform=text), creator=text, tier=text, change=difference(-1, added=(text,)))
    output = explanation_table(explanation(hostile, everyone=everyone), Screen(width=width))
    assert not any((ord(c) < 32 and c != "\n") or c in "\u2028\u2029\u202e\u2066\x7f\x85\x9b\ud800" for c in output)


def test_of_a_signed_creator_the_fee_is_told_and_nothing_is_left_to_negotiate():
    agreed = offer(walk_away=FEE_AGREED)
    reason = "you reported them as signed"
    signed = creator(
        agreed, change=None, status="infeasible", reasons=(reason,), contract="signed", binding=("budget",)
    )
    assert head(signed) == [
        ("main fact", f"@x (micro) is in the plan because {reason}. Nothing is left to negotiate."),
        ("fact", "Fee $2,300 (IG reel) · going rate $1,450."),
    ]
    assert not [*creator_details(signed, "USD")]
    others = (creator(creator="@a"), creator(offer(fee=100_000), creator="@b"))
    fact = [*everyone_head(explanation(signed, *others, everyone=True))][1][1]
    assert "@b (+63%) and @a (-29%)." in fact
    table = explanation_table(explanation(signed, *others, everyone=True), Screen(width=160))
    assert reason in table


def legend_of(facts, **of_offer):
    sample = explanation(creator(offer(**of_offer)))
    told = replace(sample, roster=replace(sample.roster, usual_fees=facts))
    return next(line for line in explanation_legend(told) if line.startswith("Going rate: "))


def test_the_legend_says_which_prices_or_estimates_going_rates_come_from():
    own = UsualFees(source="list", creators=1_200, low=0.61, high=1.7)
    public = UsualFees(source="industry", creators=9, low=0.4, high=2.5)
    assert legend_of(own, going_rate_from="list") == (
        "Going rate: what the 1,200 creators with a price on your list ask for such an offer, by followers, platform, "
        "post type and engagement rate."
    )
    assert legend_of(public, going_rate_from="industry") == (
        "Going rate: an industry estimate, because fewer than 3 similar creators have a price."
    )
    assert "similar creators on your list" in legend_of(public, going_rate_from="similar")


def test_of_a_plan_for_profit_the_money_is_said_first():
    campaign = plan(campaign={"goal": Goal(name="profit")}).campaign
    change = replace(difference(-1, dropped=("@x",)), objective=Fraction(-29_642, 100))
    assert "Without them: $296 less profit; " in head(creator(change=change), campaign=campaign)[0][1]
    uncertain = creator(status="feasible", change=change)
    assert "up to $296 less profit" in head(uncertain, campaign=campaign)[0][1]
    at_a_loss = replace(plan().totals, profit=-50_000)
    assert "$296 more loss; " in head(creator(change=change), campaign=campaign, totals=at_a_loss)[0][1]
