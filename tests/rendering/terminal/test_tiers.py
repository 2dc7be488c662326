"""The tables of a comparison: no figure cut at any width, every reason shown, both answers shown."""

import re
from fractions import Fraction

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.campaign.campaign import Goal, Ideal
from microopt.campaign.rule_grammar import parse_rule
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.terminal.tiers import tiers_table
from microopt.rendering.wording.plan_figures import format_ratio, format_value
from tests.rendering.builders import (
    HOSTILE,
    bundle_totals,
    comparison,
    diagnosis,
    metrics,
    pick,
    picks,
    plan,
    proof,
    substitute_bundle,
    tier_plan,
)

NARROW, WIDE = Screen(width=80), Screen(width=120)


def flat(of, screen=WIDE):
    """Return the text as one line."""
    return " ".join(tiers_table(of, screen).split())


def matching_lines(of, word, screen=WIDE):
    return [line for line in tiers_table(of, screen).splitlines() if word in line]


@pytest.mark.parametrize("width", [40, 60, 80, 89, 90, 109, 110, 120, 200])
@pytest.mark.parametrize("big", [1, 10**6])
def test_no_line_is_wider_than_the_screen_and_no_figure_is_cut(width, big):
    people = [pick(0, metrics=metrics(big), cost=45_000 * big)]
    large, small = bundle_totals(people, Fraction(1, 2)), bundle_totals(people * 2, Fraction(3, 4))
    output = tiers_table(
        comparison(mix=plan(people), bundles=[substitute_bundle(large=large, small=small)]), Screen(width=width)
    )
    lines = output.splitlines()
    assert max(map(cell_len, lines)) <= width
    assert not any("…" in line[width // 2 :] for line in lines)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_keeps_its_place_and_its_line(width, name):
    text = HOSTILE[name]
    first = pick(0, creator=text, offer=text, tier=text)
    sample = comparison(
        tier_plan(text),
        tier_plan(text, result=diagnosis(), reasons=(text,), share_of_mix=None),
        mix=plan([first], warnings=(text,)),
        bundles=[substitute_bundle(text, large=bundle_totals([first], 1))],
        not_examined=[text],
    )
    output = tiers_table(sample, Screen(width=width))
    assert max(map(cell_len, output.splitlines())) <= width
    assert not any((ord(c) < 32 and c != "\n") or c in "\u2028\u2029\u202e\u2066\x7f\x85\x9b\ud800" for c in output)


def test_each_tier_stands_with_its_figures_and_share_beside_the_mix():
    micro, mega = matching_lines(comparison(), " only")
    assert re.split(r"  +", micro) == [
        "micro only",
        "1",
        "$450",
        "8,000",
        "12.0k",
        "900",
        "2.0",
        "$0.50",
        "$225",
        "0.935",
        "50%",
    ]
    assert mega.endswith("25%")
    assert matching_lines(comparison(), "Mix of all")[0].endswith("1.870    100%")


def test_a_large_creator_has_three_lines_with_smaller_ones_and_their_ratio():
    large, small, times = matching_lines(comparison(bundles=[substitute_bundle()]), "@star reel") + [
        line
        for word in ("  smaller creators", "  ratio")
        for line in matching_lines(comparison(bundles=[substitute_bundle()]), word)
    ]
    assert (large.split()[-1], small.split()[-1], times.split()[-1]) == ("0.500", "0.750", "1.50x")
    assert re.split(r"  +", times.strip())[1:5] == ["0.67x", "1.50x", "1.50x", "1.50x"]


@pytest.mark.parametrize("color", [False, True])
def test_color_only_where_it_is_asked_for(color):
    output = tiers_table(comparison(), Screen(width=80, color=color))
    assert ("\x1b" in output) is color


def test_a_tier_without_a_plan_says_why():
    text = "tier:mega count >= 1: all offers of tier micro together fall short of it"
    output = flat(
        comparison(tier_plan("micro", result=diagnosis(), reasons=(text,), share_of_mix=None), tier_plan("mega"))
    )
    assert f"micro alone has no plan: {text}." in output
    empty = tier_plan("mega", result=plan([]), reasons=("tier:mega spend <= 40% rules it out",), share_of_mix=None)
    assert "mega alone has no plan: tier:mega spend <= 40% rules it out." in flat(comparison(empty))
    both = comparison(empty, replace(empty, tier="macro"))
    assert "mega and macro alone have no plan: tier:mega spend <= 40% rules it out." in flat(both)
    assert "mega only" not in flat(comparison(empty))
    assert "nano alone has" not in flat(comparison(tier_plan("nano")))


def test_a_plan_of_required_creators_only_is_no_row_and_brings_the_most_of_nothing():
    reason = "tier:micro spend >= 20% rules it out"
    large = plan([pick(tier="micro", metrics=metrics(50))])
    mega = tier_plan("mega", result=large, reasons=(reason,), share_of_mix=None)
    output = flat(comparison(tier_plan("nano"), tier_plan("micro"), mega))
    assert f"mega alone has no plan: {reason}." in output
    assert "mega only" not in output
    assert "Of single tiers, nano brings the most" in output


def test_a_row_with_required_creators_of_other_tiers_says_so():
    both = tier_plan("nano", result=plan([pick(0, tier="nano"), pick(1, tier="micro")]))
    output = flat(comparison(both, tier_plan("micro")))
    assert "nano + required " in output
    assert "micro only " in output


def test_what_was_not_looked_at_is_named_and_nothing_is_called_proven():
    output = flat(comparison(tier_plan("micro", result=None, share_of_mix=None), not_examined=["@a", "@b"]))
    assert "micro alone has not been looked at: the time was up" in output
    assert "Not looked at, because the time was up: 2 (@a, @b)." in output
    assert "All proven" not in output
    assert "Not proven (~): micro; 2 creators not looked at. More time: --time-limit 300." in output


def test_an_interrupted_mix_says_so():
    mix = plan(proof=proof(status="feasible", limit="interrupt", bound=Fraction(2)))
    assert "is best" not in flat(comparison(mix=mix))
    assert "Not proven (~): the mix (interrupted). More time: --time-limit 300." in flat(comparison(mix=mix))


def test_a_basket_that_is_not_proven_shows_its_gap():
    loose = substitute_bundle(status="feasible", bound=Fraction(1))
    assert matching_lines(comparison(bundles=[loose]), "  smaller creators")[0].endswith("within 25.0%")
    assert "Not proven (~): 1 group of smaller creators." in flat(comparison(bundles=[loose]))
    none = substitute_bundle(status="unknown", small=None, bound=None)
    assert matching_lines(comparison(bundles=[none]), "none found in time")


def test_the_first_line_names_the_tiers_of_a_mix_that_leaves_some_out():
    tiers = [tier_plan(tier) for tier in ("nano", "micro", "mid")]
    mix = plan([pick(0, tier="micro"), pick(1, tier="nano")])
    assert flat(comparison(*tiers, mix=mix)).startswith("A mix of nano and micro is best: ")
    assert flat(comparison(*tiers, mix=plan([pick(0, tier="mid")]))).startswith("A plan of mid creators only is best: ")
    everyone = plan([pick(number, tier=tier) for number, tier in enumerate(("nano", "micro", "mid"))])
    assert flat(comparison(*tiers, mix=everyone)).startswith("A mix of all tiers is best: ")


def test_it_is_told_what_is_lost_without_the_largest_tier():
    without = comparison(without_largest=tier_plan("mega", Fraction(9, 10)))
    assert (
        "Without mega creators, the best plan brings 900 engagements · 2.0 conversions: 10% less by your goal."
        in flat(without)
    )
    assert matching_lines(without, "Without mega  ")[0].endswith("90%")
    same = comparison(without_largest=tier_plan("mega", Fraction(1)))
    assert "2.0 conversions: just as much by your goal." in flat(same)
    none = tier_plan("mega", result=diagnosis(), reasons=("a reason",), share_of_mix=None)
    assert "Without mega creators, no plan is possible: a reason." in flat(comparison(without_largest=none))
    missed = comparison(without_largest=tier_plan("mega", result=None, share_of_mix=None))
    assert "Not proven (~): the mix without mega." in flat(missed)


def test_a_creator_of_the_mix_is_told_apart_from_the_others():
    poor = bundle_totals([pick(0, tier="micro", metrics=metrics(1))], Fraction(1, 10))
    kept = substitute_bundle("@kept", in_mix=True, small=poor)
    output = flat(comparison(bundles=[kept, substitute_bundle("@a"), substitute_bundle("@b")]))
    assert (
        "@kept is in the mix: by your goal, the same money buys no more from smaller creators who are not. "
        "For the price of a mega creator who is not in the mix, smaller creators bring more conversions in 2 of 2"
    ) in output
    assert "smaller, not in mix" in output
    ruled = plan(campaign={"rules": (parse_rule("all count <= 9"),)})
    better = comparison(mix=ruled, bundles=[substitute_bundle("@kept", in_mix=True)])
    assert "buys more from smaller creators who are not, if they need not keep your rules" in flat(better)


def test_required_creators_are_said_to_be_in_every_plan():
    output = flat(comparison(mix=plan(campaign={"include": ("@anna",)})))
    assert "Each of these plans also has the creators you require: @anna." in output


def test_the_conclusion_is_that_of_the_figures():
    output = flat(comparison())
    assert "By your goal, micro alone brings 50% of that and mega 25%." in output
    assert output.startswith("A mix of all tiers is best: $3,150 -> 6,300 engagements · 14 conversions.")
    assert "For the price of one mega creator, smaller creators bring more conversions in 2 of 2 cases" in output


def test_the_conclusion_is_honest_where_the_opposite_is_true():
    poor = bundle_totals([pick(0, tier="micro", metrics={**metrics(1), "reach": 10**9})], Fraction(1, 10))
    output = flat(
        comparison(
            tier_plan("micro", Fraction(1)),
            bundles=[substitute_bundle(small=poor), substitute_bundle("@moon", small=poor)],
        )
    )
    assert "Micro creators alone are as good as a mix: $3,150 -> " in output
    assert "smaller creators bring more conversions in 0 of 2 cases" in output
    assert "more engagements in 0 and more gross reach in 2." in output
    first = flat(comparison(bundles=[substitute_bundle(small=poor)]))
    assert (
        "For the price of @star, smaller creators bring more gross reach but no more conversions or engagements."
        in first
    )
    poorest = bundle_totals([pick(0, tier="micro", metrics=metrics(1))], Fraction(1, 10))
    last = flat(comparison(bundles=[substitute_bundle(small=poorest)]))
    assert "For the price of @star, smaller creators bring no more conversions, engagements or gross reach." in last


def test_which_tier_brings_the_most_of_what():
    wide = pick(0, tier="mega", metrics={**metrics(), "reach": 10**9})
    output = flat(comparison(tier_plan("micro"), tier_plan("mega", result=plan([wide]))))
    assert "Of single tiers, mega brings the most gross reach and micro brings the most engagements and" in output


def test_a_least_cost_is_told_as_cost():
    goal = Goal(name="least cost", targets={"engagements": Fraction(1_000)})
    mix = plan(campaign={"goal": goal, "budget": None}, proof=proof(objective=Fraction(2_000), bound=Fraction(2_000)))
    output = flat(comparison(tier_plan("micro", Fraction(3, 2)), mix=mix))
    assert "At the least cost" in output
    assert "By mix" in output
    assert "1.50x" in output
    assert "Alone, micro costs 1.50 times as much." in output


def test_the_benchmarks_that_figures_rest_on_are_told():
    assert "62% of the conversions are industry estimates, not from your list." in flat(comparison())


def test_what_baskets_do_not_keep_is_told_where_there_are_rules():
    assert "no rule for the whole plan" not in flat(comparison())
    ruled = comparison(mix=plan(campaign={"rules": (parse_rule("all count <= 9"),)}))
    assert "but no rule for the whole plan." in flat(ruled)


def test_many_creators_in_a_basket_are_told_to_be_work():
    crowd = bundle_totals(picks(30), 1)
    assert "--per-creator 50" in flat(comparison(bundles=[substitute_bundle(small=crowd)]))
    worked = comparison(bundles=[substitute_bundle(small=crowd)], mix=plan(campaign={"per_creator": 5_000}))
    assert "--per-creator 50" not in flat(worked)


def test_many_baskets_are_counted_and_not_all_shown():
    output = tiers_table(comparison(bundles=[substitute_bundle(f"@s{number:02d}") for number in range(12)]), WIDE)
    assert "@s09" in output
    assert "@s10" not in output
    assert "… and 2 more: add -o compare.json" in output


def test_without_baskets_there_is_no_table_of_them():
    assert "For the price of" not in flat(replace(comparison(), substitutes=None))


@pytest.mark.parametrize(
    ("goal", "value", "expected"),
    [
        ("balanced", Fraction(187, 100), "1.870"),
        ("engagement", Fraction(18_300), "18.3k"),
        ("conversions", Fraction(258, 10), "25.8"),
        ("worth", Fraction(-1_250), "-$1,250"),
        ("least cost", Fraction("99.50"), "$99.50"),
        ("value:score", Fraction(-7, 2), "-3.5"),
    ],
)
def test_a_value_is_printed_in_the_terms_of_its_goal(goal, value, expected):
    assert format_value(value, Goal(name=goal), "USD") == expected


def test_times_have_three_digits():
    assert [format_ratio(Fraction(number)) for number in ("1.4299", "12.94", "1530.2", "0.004")] == [
        "1.43",
        "12.9",
        "1,530",
        "0.00",
    ]


def test_a_score_is_explained_only_where_it_is_shown():
    wide, narrow = (flat(comparison(), Screen(width=width)) for width in (100, 50))
    assert "Score: engagements plus conversions" in wide
    assert "Score" not in narrow


@pytest.mark.parametrize(
    ("value", "ideals", "is_explained"), [("2.5", False, True), ("2", False, False), ("2.5", True, False)]
)
def test_a_score_that_no_plan_can_have_is_explained(value, ideals, is_explained):
    recorded = (Ideal(metric="engagements", total=1, bound=1),) if ideals else ()
    bundle = substitute_bundle(large=bundle_totals(picks(1), Fraction(1, 2)), small=bundle_totals(picks(2), value))
    output = flat(comparison(mix=plan(campaign={"ideals": recorded}), bundles=[bundle]))
    assert ("A score above 2 is more than any plan within your budget and rules can have." in output) is is_explained
    assert ("the most that was possible in an earlier plan." in output) is ideals
    assert ("the most that the budget and the rules allow." in output) is not ideals
