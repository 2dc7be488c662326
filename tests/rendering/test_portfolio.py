"""Several campaigns planned together: what is said of them, and the table at every width."""

import json
from fractions import Fraction

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.plan.codec import CODEC
from microopt.plan.portfolio import PortfolioPlan
from microopt.rendering import portfolio_renderer
from microopt.rendering.data.json import object_json
from microopt.rendering.portfolio_markdown import MOST_CREATORS
from microopt.rendering.terminal.portfolio import SHOWN, portfolio_table
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.wording.one_by_one import one_by_one_head, one_by_one_lines
from microopt.rendering.wording.portfolio import campaign_lines, portfolio_head, portfolio_sentences
from microopt.rendering.wording.shared_creators import creator_limits, creator_sentence, price_cell
from tests.rendering.builders import HOSTILE
from tests.rendering.portfolios import (
    booking,
    campaigns,
    compared,
    outcome,
    portfolio_plan,
    portfolio_proof,
    shared,
    wish,
    without_plan,
)


def head(plan):
    return [sentence for _, sentence in portfolio_head(plan)]


def sentences(plan):
    return " ".join(sentence for _, sentence in portfolio_sentences(plan))


def unproven(**facts):
    return portfolio_proof(**{"status": "feasible", "limit": "time", "bound": Fraction(2841, 1000), **facts})


def test_the_answer_says_what_is_spent_and_what_the_campaigns_reach_of_their_best():
    first, second, proof = head(portfolio_plan())
    assert first == (
        "$59,160 of $60,000 for 3 campaigns with 32 creators: on average 94% of the best that each could reach alone."
    )
    assert second == "Sharing costs dew the most: 8.0% of the best that it could reach alone."
    assert proof.startswith("Proven best: on these forecasts, no other way to share creators and money")


def test_without_a_house_budget_none_is_named():
    plan = portfolio_plan(budget=None, budget_worth=None)
    assert head(plan)[0].startswith("$59,160 for 3 campaigns")
    assert "house budget" not in sentences(plan)


def test_a_fair_portfolio_says_what_each_reaches_at_least_rounded_down():
    told = head(portfolio_plan(goal="fair", campaigns=(outcome(), outcome("dew", "929/1000"))))
    assert "each reaches at least 92% of the best that it could reach alone, 94% on average" in told[0]
    assert "gives the worst-off campaign more" in told[-1]
    weighted = portfolio_plan(goal="fair", campaigns=(outcome(weight=Fraction(3)), outcome("dew", "19/25")))
    assert (
        "each reaches at least 76% of the best that it could reach alone, 91% on average, by weight."
        in head(weighted)[0]
    )


def test_weights_make_a_mean_by_weight():
    told = head(portfolio_plan(campaigns=(outcome(share="1", weight=Fraction(3)), outcome("dew", "1/2"))))
    assert "on average, by weight, 88% of the best" in told[0]


def test_where_nobody_loses_that_is_said_and_who_gains():
    told = head(portfolio_plan(campaigns=(outcome(share="1"), outcome("dew", "51/50"))))
    assert told[1] == "Sharing costs no campaign anything: each reaches the best that it could reach alone."
    assert told[2] == "dew reaches more than it could alone."
    lines = {line.name: line.cells for line in campaign_lines(portfolio_plan(campaigns=(outcome("dew", "51/50"),)))}
    assert lines["dew"]["lost"] == "+2.0%"


@pytest.mark.parametrize(
    ("facts", "words", "kind"),
    [
        ({}, "Not proven best, but within 0.4% of the best possible. Stopped at the time limit.", "doubt"),
        ({"limit": "interrupt"}, "within 0.4% of the best possible. It was interrupted.", "doubt"),
        ({"limit": "gap"}, "Proven to be within 0.4% of the best possible.", "proof"),
        ({"bound": Fraction(2832, 1000)}, "within 0.1% of the best possible", "doubt"),
        ({"bound": Fraction(4)}, "within 30% of the best possible", "doubt"),
    ],
)
def test_what_is_not_proven_is_not_claimed_and_the_distance_is_rounded_up(facts, words, kind):
    (found,) = [pair for pair in portfolio_head(portfolio_plan(proof=unproven(**facts))) if "possible" in pair[1]]
    assert words in found[1]
    assert found[0] == kind
    assert "Proven best" not in found[1]


def test_an_unproven_fair_portfolio_names_the_share_that_none_exceeds():
    proof = unproven(limit="gap", least_share=Fraction(92, 100), least_share_bound=Fraction(9331, 10_000))
    told = head(portfolio_plan(goal="fair", proof=proof))
    assert "no way to share gives the worst-off campaign more than 94% of its best" in told[-1]


def test_the_proof_is_of_the_campaigns_that_have_a_plan_alone():
    told = head(portfolio_plan(campaigns=(*campaigns(), without_plan(), without_plan("yuzu", status="failed"))))
    assert told[2].startswith("Proven best for the campaigns that have a plan:")
    assert told[3] == "zest has no plan: the required creators cost at least $3,588, but the budget is $3,000."
    assert told[4].startswith("yuzu was left out: ")


def test_of_many_campaigns_without_a_plan_the_first_are_named_and_the_others_counted():
    told = head(portfolio_plan(campaigns=(outcome(), *(without_plan(f"c{number}") for number in range(9)))))
    assert sum("has no plan: " in sentence for sentence in told) == 5
    assert told[-1] == "4 more have no plan."


def test_a_portfolio_without_any_plan_says_so():
    plan = portfolio_plan(campaigns=(without_plan(),), creators=(), spend=0)
    assert head(plan)[0] == "No campaign has a plan."
    assert "no plan" in portfolio_table(plan, Screen())
    assert "house budget" not in sentences(plan)


def test_a_share_of_an_unproven_best_is_marked():
    plan = portfolio_plan(campaigns=(outcome(alone_proven=False),))
    assert next(campaign_lines(plan)).cells["share"] == "~96%"
    assert ("caveat", head(plan)[-1]) in portfolio_head(plan)
    assert (
        head(plan)[-1] == "The best plan of glow alone is not proven: it may reach less of its best than this says (~)."
    )


def test_of_plans_alone_that_are_not_proven_nothing_is_claimed():
    some = (outcome(share="1", alone_proven=False), outcome("dew", "51/50", alone_proven=False))
    told = " ".join(head(portfolio_plan(campaigns=some)))
    assert "Sharing costs no campaign anything" not in told
    assert "more than it could alone" not in told
    assert "The best plans of glow and dew alone are not proven" in told
    many = tuple(outcome(f"c{number}", alone_proven=False) for number in range(5))
    assert "The best plans of 5 campaigns alone are not proven" in " ".join(head(portfolio_plan(campaigns=many)))


def test_a_creator_in_two_campaigns_counts_once_in_the_total():
    *_, total = campaign_lines(portfolio_plan())
    assert total.cells["creators"] == "32"
    assert total.cells["posts"] == "37"


def test_the_legends_say_what_the_columns_mean_where_they_are_there():
    told = sentences(portfolio_plan())
    assert "Worth: what a creator adds to a campaign, less what the same money and limits would bring elsewhere" in told
    assert "One more: about what one more booking of the creator would add, as a share of a campaign's best." in told
    assert "One more:" not in sentences(portfolio_plan(creators=(shared(price=Fraction(0)),)))
    assert "Worth:" not in sentences(portfolio_plan(creators=()))
    assert "that it could reach alone, with its list and its budget." in told
    assert "with as much money as the house may give it." in sentences(portfolio_plan(allocates=True))
    costs = portfolio_plan(campaigns=(outcome(goal="least cost"),))
    assert "For a goal of least cost, 92% of its best means 8% more than the least cost alone." in sentences(costs)


def test_the_orders_are_those_that_the_comparison_makes():
    from microopt.planning.portfolio import one_by_one
    from microopt.rendering.wording.one_by_one import AS_LISTED, REVERSED

    assert (one_by_one.AS_LISTED, one_by_one.REVERSED) == (AS_LISTED, REVERSED)


def test_the_price_of_the_house_budget_is_said():
    told = sentences(portfolio_plan())
    assert "1% more of the house budget, $600, would add about 0.3% of a campaign's best." in told
    weighted = portfolio_plan(campaigns=(outcome(), outcome("dew", weight=Fraction(2))))
    assert "about 0.3% of a campaign's best, counted by weight." in sentences(weighted)
    left = portfolio_plan(budget_worth=None)
    assert "$840 of the house budget is left." in sentences(left)
    assert "house budget" not in sentences(replace(left, spend=left.budget))


@pytest.mark.parametrize(
    ("creator", "sentence"),
    [
        (shared(), "@anna goes to glow: worth 4.1% of its best there, 2.6% at dew."),
        (shared("@anna", booking()), "@anna goes to glow: worth 4.1% of its best there."),
        (
            shared("@anna", booking(), booking("zest", "1/50"), wish()),
            "@anna goes to glow and zest: worth 4.1% of its best at glow, 2.0% at zest, 2.6% at dew. Together, "
            "the campaigns reach the most in this way.",
        ),
        (
            shared("@anna", booking(), booking("zest", "1/50"), discount=Fraction(1, 20)),
            "@anna goes to glow and zest: worth 4.1% of its best at glow, 2.0% at zest. 5% off the fees for "
            "booking several campaigns.",
        ),
        (shared("@anna", booking(signed=True)), "@anna stays with glow: signed there."),
        (
            shared("@anna", booking(worth="1/100", signed=True), wish()),
            "@anna stays with glow: signed there. Worth 2.6% at dew.",
        ),
        (shared("@anna", booking(worth="0"), wish(worth="0")), "@anna goes to glow."),
        (shared("@anna", wish()), "@anna goes to none of them: worth 2.6% at dew."),
    ],
)
def test_who_gets_whom_is_said_with_what_it_is_worth_to_each(creator, sentence):
    assert creator_sentence(creator, portfolio_plan()) == sentence


def test_why_a_creator_goes_where_they_are_worth_less_is_claimed_only_where_it_is_proven():
    creator = shared("@anna", booking(worth="1/50"), wish())
    reason = "Together, the campaigns reach the most in this way."
    assert reason in creator_sentence(creator, portfolio_plan())
    assert reason not in creator_sentence(creator, portfolio_plan(proof=unproven()))
    assert reason not in creator_sentence(creator, portfolio_plan(goal="fair"))
    heavy = (outcome(weight=Fraction(2)), outcome("dew"))
    assert reason not in creator_sentence(creator, portfolio_plan(campaigns=heavy))


def test_the_limit_and_the_price_of_a_creator_are_said():
    free = shared(limits=(), price=Fraction(0))
    assert [(creator_limits(each), price_cell(each)) for each in (shared(), free)] == [
        ("Limit: at most 1 campaign", "2.6%"),
        ("", "-"),
    ]


def test_one_by_one_says_what_the_first_takes_and_the_last_loses_in_both_orders():
    answer, listed, backwards, rules = one_by_one_head(compared())
    assert answer == (
        "Planning together is better: on average 94% of each campaign's best, one by one 87% in the order listed "
        "and 90% in reverse order."
    )
    assert listed == (
        "In the order listed, glow chooses first and reaches 100% of its best (together 96%); zest is last and reaches "
        "70% (together 95%)."
    )
    assert backwards.startswith("In reverse order, zest chooses first and reaches 100%")
    assert rules == "One by one, this rule of the house may not hold: tier:micro spend >= 50%."
    assert [(line.name, line.together, *line.orders) for line in one_by_one_lines(compared())] == [
        ("dew", "92%", "90%", "90%"),
        ("glow", "96%", "100%", "80%"),
        ("zest", "95%", "70%", "100%"),
        ("Mean", "94%", "87%", "90%"),
    ]
    more = compared(campaigns=(*campaigns(), without_plan("yuzu")))
    assert "yuzu" not in [line.name for line in one_by_one_lines(more)]


def test_a_campaign_for_which_nothing_is_left_counts_as_nothing():
    orders = {"as listed": (outcome(share="1"), outcome("dew", "1"), without_plan())}
    answer, listed = one_by_one_head(replace(compared(rules=()), one_by_one=orders))
    assert "one by one 67% in the order listed" in answer
    assert listed.endswith("nothing that fits is left for zest.")


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        (("24/25", "23/25", "19/20"), "Planning together brings as much as the better order"),
        (("1", "1", "1"), "Planning one by one can bring more here"),
    ],
)
def test_one_by_one_is_not_called_worse_where_it_is_not(shares, words):
    outcomes = tuple(map(outcome, ("glow", "dew", "zest"), shares))
    assert next(one_by_one_head(replace(compared(), one_by_one={"as listed": outcomes}))).startswith(words)


def test_plans_one_by_one_that_are_not_proven_are_said_to_be_so():
    doubt = "Not all of these plans are proven best."
    assert doubt not in [*one_by_one_head(compared())]
    orders = {"as listed": (outcome(share="1", status="feasible"), outcome("dew", "1"))}
    assert doubt in [*one_by_one_head(replace(compared(), one_by_one=orders))]
    assert doubt in [*one_by_one_head(compared(proof=unproven()))]


def test_a_fair_portfolio_is_compared_by_the_campaign_that_gets_least():
    answer = next(one_by_one_head(compared(goal="fair")))
    assert answer == (
        "Planning together is fairer: the campaign that gets least reaches 92% of its best, one by one 70% in the "
        "order listed and 80% in reverse order."
    )
    equal = compared(goal="fair", campaigns=(outcome("zest", "7/10"),))
    assert next(one_by_one_head(equal)).startswith("Planning together is not fairer here: ")


@pytest.mark.parametrize("width", [40, 60, 80, 89, 90, 109, 110, 120, 160])
def test_no_line_is_wider_than_the_screen_and_the_shares_stay(width):
    lines = portfolio_table(compared(), Screen(width=width)).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert any(line.startswith("glow") and "96%" in line for line in lines)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_in_their_line(name, width):
    text = HOSTILE[name]
    some = shared(text, booking(text), wish(text), limits=(text,))
    plan = portfolio_plan(name=text, campaigns=(outcome(text), without_plan(text, problem=text)), creators=(some,))
    assert max(map(cell_len, portfolio_table(plan, Screen(width=width)).splitlines())) <= width


def test_of_many_creators_the_first_are_shown_and_the_others_counted():
    many = tuple(shared(f"@c{number}") for number in range(SHOWN + 3))
    text = portfolio_table(portfolio_plan(creators=many), Screen())
    assert "… and 3 more: add -o portfolio.xlsx for all of them." in text
    assert "@c9 " in text
    assert "@c10" not in text


def test_of_very_many_creators_markdown_has_the_first():
    many = tuple(shared(f"@c{number}") for number in range(MOST_CREATORS + 2))
    text = portfolio_renderer("markdown")(portfolio_plan(creators=many))
    assert "… and 2 more" in text
    assert text.count("| @c") == MOST_CREATORS


@pytest.mark.parametrize(
    "plan", [portfolio_plan(), compared(), portfolio_plan(campaigns=(without_plan(),), budget=None)]
)
def test_json_is_read_back_as_it_was(plan):
    value = json.loads(object_json(plan))
    assert (value["schema"], value["status"]) == ("microopt.portfolio/1", "optimal")
    assert object_json(CODEC.decode(value, PortfolioPlan)) == object_json(plan)


def test_json_has_money_in_the_unit_of_its_currency_and_shares_as_fractions():
    value = json.loads(object_json(portfolio_plan()))
    glow = value["campaigns"][1]
    assert (value["budget"], glow["spend"], glow["share"]) == (60_000.0, 20_400.0, 0.96)
    assert value["creators"][0]["bookings"][0]["worth"] == 0.041
    assert value["proof"]["gap"] == 0.0


def test_markdown_has_a_table_of_each_part():
    text = portfolio_renderer("markdown")(compared())
    assert text.startswith("# Bright, March\n")
    for row in (
        "| glow | conversions | 12 |",
        "| **Together** | ",
        "| @anna | goes to glow: ",
        "| dew | 92% | 90% | 90% |",
    ):
        assert row in text
