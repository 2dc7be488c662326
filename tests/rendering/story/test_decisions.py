"""What the team decides before signing is true of the plan, and no client reads it."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.analysis.report.result import Edition, Negotiation
from microopt.campaign.calendar import Calendar
from microopt.rendering.language.language import find_language
from microopt.rendering.story.decisions import decisions
from microopt.roster.usual_fees import UsualFees
from tests.rendering.builders import pick, picks, plan, report, suspicion
from tests.rendering.waves import in_waves, months

ENGLISH = find_language("en")
DEAR = pick(creator="@dear", fee=90_000, cost=90_000, usual_fee=45_000, fee_high=True)


def told(of, kind=None, **facts):
    found = decisions(report(of, **facts), ENGLISH)
    return [(each.title, each.text) for each in found if kind in (None, each.kind)]


def quiet(chosen, **facts):
    return plan(chosen, assumed={}, **facts)


@pytest.mark.parametrize(
    ("highest", "exact", "words"),
    [
        (None, False, "2x the usual fee. 100% of the spend."),
        (120_000, True, "2x the usual fee. Worth up to $1,200 to this plan."),
        (120_000, False, "2x the usual fee. Worth at least $1,200 to this plan."),
        (60_000, True, "2x the usual fee. Worth only $600 to this plan."),
        (60_000, False, "2x the usual fee. 100% of the spend."),
    ],
)
def test_a_fee_is_told_with_the_usual_one_and_what_it_is_worth(highest, exact, words):
    negotiations = (Negotiation(pick=0, highest_fee=highest, exact=exact),)
    assert told(quiet([DEAR]), "fee", negotiations=negotiations) == [("Negotiate the $900 of @dear", words)]


def test_a_fee_without_a_usual_one_is_a_share_of_the_spend():
    of = quiet([pick(0), pick(1)])
    assert told(of, "fee", negotiations=(Negotiation(pick=1),)) == [
        ("Negotiate the $400 of @creator.1", "50% of the spend.")
    ]


def test_a_dear_market_is_told_once():
    dear = [pick(number, fee=90_000, cost=90_000, usual_fee=30_000, fee_high=True) for number in range(3)]
    assert told(quiet(dear), "fee") == [
        (
            "Fees here are about 3x the industry estimate",
            "Your market may cost more: compare with fees that you have paid in it.",
        )
    ]


def test_estimates():
    of = plan([DEAR], assumed={"engagements": 0.05, "conversions": 1.0})
    assert [title for title, _ in told(of, "evidence")] == ["All conversions are industry estimates"]
    of = plan([DEAR], assumed={"engagements": 0.62, "conversions": 0.62})
    assert [title for title, _ in told(of, "evidence")] == [
        "62% of the conversions are industry estimates",
        "62% of the engagements are industry estimates",
    ]


def test_only_doubts_about_creators_in_the_plan_count():
    assert told(quiet([DEAR], suspicions=(suspicion("@other"),)), "evidence") == []
    doubt = suspicion("@dear", "@other", in_plan=1)
    assert told(quiet([DEAR], suspicions=(doubt,)), "evidence") == [
        ("1 creator in the plan has figures that are hard to believe", "@dear. Check them before signing.")
    ]


def test_more_doubted_creators_than_a_plan_names_are_not_counted():
    doubt = suspicion("@a", "@b", "@c", count=9, in_plan=7)
    assert told(quiet([DEAR], suspicions=(doubt,)), "evidence")[0][0].startswith("Many creators in the plan have")


def test_estimated_fees():
    of = quiet([DEAR, pick(creator="@open", fee=10_000, cost=10_000, fee_estimated=True)])
    assert told(of, "evidence") == [("1 fee is an estimate", "10% of the spend. Ask for a quote: @open.")]


def resting_on(of, source, **facts):
    """Return a plan that says what its usual fees rest on."""
    usual = UsualFees(source=source, creators=40, low=0.6, high=1.7, **facts)
    return replace(of, roster=replace(of.roster, usual_fees=usual))


@pytest.mark.parametrize(
    ("source", "against", "range_of"),
    [
        (
            "list",
            "2x the usual fee on the creator list.",
            "Estimated from the other prices on the creator list: expect 0.6 to 1.7 times as much.",
        ),
        (
            "industry",
            "2x the industry estimate.",
            "Estimated from industry rate cards: expect 0.6 to 1.7 times as much.",
        ),
    ],
)
def test_what_usual_and_estimated_fees_rest_on_is_told(source, against, range_of):
    estimated = pick(creator="@open", fee=10_000, cost=10_000, fee_estimated=True)
    of = resting_on(quiet([DEAR, estimated]), source, level=1.0)
    fee, evidence = told(of, negotiations=(Negotiation(pick=0),))[:2]
    assert fee[1] == f"{against} 90% of the spend."
    assert evidence == ("1 fee is an estimate", f"10% of the spend. Ask for a quote: @open. {range_of}")


def test_the_level_of_a_dear_list_is_that_of_all_its_prices():
    of = resting_on(quiet([pick(fee=30_000, usual_fee=30_000)]), "industry", level=3.0)
    assert told(of, "fee")[0][0] == "Fees here are about 3x the industry estimate"
    assert told(resting_on(of, "list", level=3.0), "fee") == []


def test_concentration_names_the_few_with_more_than_half_the_spend():
    rest = [pick(number, cost=10_000) for number in range(4)]
    of = quiet([pick(creator="@a", cost=60_000), pick(creator="@b", cost=50_000), *rest])
    assert told(of, "concentration") == [
        ("2 creators are 73% of the spend", "@a and @b. @a brings 17% of the engagements and 17% of the conversions.")
    ]


def test_the_creator_named_is_who_brings_most_of_a_result():
    base = pick().metrics
    converting = pick(creator="@b", cost=50_000, metrics={**base, "conversions": 9 * base["conversions"]})
    rest = [pick(number, cost=10_000) for number in range(4)]
    of = quiet([pick(creator="@a", cost=60_000), converting, *rest])
    (found,) = told(of, "concentration")
    assert found[1] == "@a and @b. @b brings 17% of the engagements and 64% of the conversions."
    without = [replace(each, metrics={**each.metrics, "conversions": 0}) for each in of.picks]
    (found,) = told(quiet(without), "concentration")
    assert found[1] == "@a and @b. @a brings 17% of the engagements."


def test_a_spend_that_hangs_on_nobody_is_not_told():
    assert told(quiet(picks(8)), "concentration") == []
    assert told(quiet([DEAR]), "concentration") == []
    assert told(quiet([]), "concentration") == []


def test_no_client_reads_it_and_nobody_reads_hidden_fees():
    negotiations = (Negotiation(pick=0),)
    assert told(plan([DEAR]), negotiations=negotiations, edition=Edition(audience="client")) == []
    hidden = decisions(report(plan([DEAR]), negotiations=negotiations, edition=Edition(fees=False)), ENGLISH)
    assert {each.kind for each in hidden} == {"evidence"}


@pytest.mark.parametrize(
    ("highest", "exact", "worth"),
    [
        (120_000, True, "Together they are worth up to $1,200 each to this plan."),
        (120_000, False, "Together they are worth at least $1,200 each to this plan."),
        (50_000, True, "Together they are worth only $500 each to this plan."),
    ],
)
def test_a_fee_of_several_posts_is_told_for_each_with_the_discount_and_what_all_are_worth(highest, exact, worth):
    waves = months(3)
    picks = [replace(DEAR, wave=wave.name) for wave in waves]
    calendar = Calendar(waves=waves, retainer=((2, Fraction(1, 10)), (3, Fraction(1, 5))))
    made = in_waves(3, picks, waves=waves)
    made = replace(made, campaign=replace(made.campaign, calendar=calendar))
    negotiations = (Negotiation(pick=0, highest_fee=highest, exact=exact),)
    ((title, text), *_) = told(made, "fee", negotiations=negotiations)
    assert title == "Negotiate the $900 of @dear"
    assert text.startswith("For each of 3 posts, after the retainer discount of 20%.")
    assert text.endswith(worth)
    plain = replace(made, campaign=replace(made.campaign, calendar=replace(calendar, retainer=())))
    assert told(plain, "fee", negotiations=negotiations)[0][1].startswith("For each of 3 posts. ")
