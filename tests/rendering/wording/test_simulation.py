"""What a simulation says in sentences: ranges, chances, overspending, who carries the risk."""

from fractions import Fraction

import pytest

from microopt.rendering.wording.simulation import (
    BESIDE_LIKELY,
    SKEWED,
    chance_rows,
    format_chance,
    format_edge,
    format_figure,
    format_interval,
    format_points,
    outside_sentence,
    risk_sentence,
    risk_title,
    simulation_head,
    simulation_sentences,
    simulation_title,
)
from tests.rendering.builders import plan
from tests.rendering.simulations import chance, creator, overspent, simulation, spread


def head(sample):
    return [sentence for _, sentence in simulation_head(sample)]


def test_the_answer_comes_first_then_what_was_asked_then_what_it_rests_on():
    assert head(simulation()) == [
        "In 8 of 10 outcomes this plan brings 41.0k to 88.0k engagements (expected 62.0k).",
        "It meets conversions >= 300 in 71% of the outcomes.",
        "Counted in 10,000 simulated outcomes (seed 1); a share is exact to about 1 point.",
    ]


def test_each_of_two_totals_has_its_own_eight_in_ten():
    both = simulation(
        goal_measures=("engagements", "conversions"),
        distributions=(spread(), spread("conversions", p10=3, p90=12, planned=8)),
    )
    assert head(both)[0].endswith("(expected 62.0k); in 8 of 10, 3.0 to 12 conversions (expected 8.0).")


@pytest.mark.parametrize(
    ("measure", "phrase"),
    [
        ("reach", "41.0k to 88.0k people reached (expected 62.0k)"),
        ("net reach", "41.0k to 88.0k people reached, each counted once (expected 62.0k)"),
        ("profit", "$41,000 to $88,000 of profit (expected $62,000)"),
        ("target_reach", "41.0k to 88.0k target reach (expected 62.0k)"),
        ("hours", "41.0k to 88.0k hours (expected 62.0k)"),
    ],
)
def test_a_total_is_named_in_its_own_unit(measure, phrase):
    assert head(simulation(measure))[0] == f"In 8 of 10 outcomes this plan brings {phrase}."


def test_without_a_target_the_expectations_are_told_then_the_weakest_rule():
    expected = simulation(chances=(chance("cpa <= 60", "expectation"), chance("all count 2..3", "rule")))
    assert "It meets cpa <= 60 in 71% of the outcomes." in head(expected)
    rules = (chance("a count >= 1", "rule", Fraction(9, 10)), chance("b count >= 1", "rule", Fraction(4, 5)))
    assert "It keeps the rule b count >= 1 in 80% of the outcomes." in head(simulation(chances=rules))
    assert len(head(simulation(chances=(chance("a count >= 1", "rule", Fraction(1)),)))) == 2


def test_a_rule_with_a_chance_is_told_only_where_it_falls_short_of_it():
    label, asked = "all clicks >= 9 in 80%", Fraction(4, 5)
    kept = simulation(chances=(chance(label, "rule", Fraction(9, 10), asked=asked),))
    missed = simulation(chances=(chance(label, "rule", Fraction(7, 10), asked=asked),))
    assert len(head(kept)) == 2
    assert f"The rule {label} holds in only 70% of the outcomes." in head(missed)


def test_overspending_is_a_warning_with_what_is_missing():
    kinds = dict(simulation_head(simulation(overspending=overspent())))
    assert (
        kinds["warning"]
        == "It costs more than the budget of $20,000 in 4.2% of the outcomes, by $310 on average in those."
    )
    assert "warning" not in dict(simulation_head(simulation(overspending=overspent(0))))


def test_every_line_of_the_chances_has_its_interval_and_what_is_planned():
    rows = list(chance_rows(simulation(overspending=overspent())))
    assert [(row.group, row.label, row.chance, row.planned) for row in rows] == [
        ("Targets", "conversions >= 300", "71%", "met"),
        ("As much as expected", "62.0k engagements or more", "71%", ""),
        ("Rules", "all count 2..3", "all", "met"),
        ("Budget", "spend within the budget of $20,000", "96%", "met"),
    ]
    assert rows[-1].interval == "95%-97%"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(0.70349, 0.72181, "70.3%-72.2%"), (0.0, 0.000384, "0%-0.04%"), (0.99962, 1.0, "99.96%-100%")],
)
def test_an_interval_is_rounded_outwards(low, high, text):
    assert format_interval(low, high) == text


@pytest.mark.parametrize(
    ("draws", "text"), [(10_000, "1 point"), (100, "9.8 points"), (50_000, "0.5 points"), (1_000_000, "0.1 points")]
)
def test_how_exact_a_share_is_follows_the_draws(draws, text):
    assert format_points(draws) == text


def test_a_share_of_none_and_of_all_is_a_word():
    shares = (Fraction(0), Fraction(1), Fraction(9_999, 10_000), Fraction(1, 10_000))
    assert [*map(format_chance, shares)] == ["none", "all", "99.9%", "0.01%"]


def test_who_carries_half_of_the_risk_is_named():
    assert risk_sentence(simulation()) == (
        "@anna carries 60% of the risk and 50% of the result (2 creators in the plan)."
    )
    many = simulation(risk=tuple(creator(f"@c{n}", "1/10", "1/10") for n in range(10)))
    assert risk_sentence(many).startswith("@c0, @c1 and @c2 carry 30% of the risk and 30% of the result")
    assert risk_sentence(simulation(risk=(creator(shortfall=None),))) == ""
    assert risk_title(simulation()) == "Who carries the risk (engagements)"


def test_a_skewed_total_is_explained_and_so_is_that_everybody_accepts():
    sentences = [sentence for _, sentence in simulation_sentences(simulation())]
    assert sentences == [SKEWED, "Note: creators who decline are not replaced in these outcomes.", BESIDE_LIKELY]
    certain = simulation(distributions=(spread(p50=61_000),), risk=(creator(declined="0"),))
    note, beside = (sentence for _, sentence in simulation_sentences(certain))
    assert beside == BESIDE_LIKELY
    assert "everybody accepts in these outcomes: give --acceptance" in note


def test_a_page_names_no_options():
    certain = simulation(distributions=(spread(p50=61_000),), risk=(creator(declined="0"),))
    sentences = [sentence for _, sentence in simulation_sentences(certain, hints=False)]
    assert sentences[0] == "Note: everybody accepts in these outcomes."
    assert "--" not in " ".join(sentences)


@pytest.mark.parametrize(("planned", "said"), [(True, "met"), (False, "not met")])
def test_a_rule_with_a_chance_too_is_met_as_planned_where_all_comes_as_expected(planned, said):
    label = "all spend <= 20000 in 90%"
    rule = chance(label, "rule", Fraction(88, 100), asked=Fraction(9, 10), planned=planned)
    (row, *_) = chance_rows(simulation(chances=(rule,)))
    assert (row.label, row.chance, row.planned) == (label, "88%", said)


def test_what_a_histogram_leaves_out_is_told():
    (shown,) = simulation().histograms
    assert outside_sentence(shown, 10_000, "USD") == "Not shown: 5.0% bring 90k or more."
    assert [format_edge("conversions", Fraction(edge), "USD") for edge in ("0", "2.5", "40", "1500")] == [
        *("0", "2.5", "40", "1,500")
    ]
    assert format_edge("profit", Fraction(-500), "USD") == "-$500"


def test_figures_have_three_digits_in_their_unit():
    figures = {"spend": "$1,234", "roas": "1.23x", "creators": "7.4", "conversions": "5.6", "hours": "-1,234"}
    values = {"spend": "1234.4", "roas": "1.234", "creators": "7.41", "conversions": "5.58", "hours": "-1234"}
    assert {name: format_figure(name, Fraction(value), "USD") for name, value in values.items()} == figures
    assert format_figure("roas", None, "USD") == "-"


def test_the_title_names_the_campaign():
    assert simulation_title(simulation()) == "Spring launch: what the plan may bring"
    assert simulation_title(simulation(campaign=plan(campaign={"name": None}).campaign)) == "What the plan may bring"
