"""The tables of alternatives: no figure cut at any width, what changes below each plan, honest about what is open."""

import re
from fractions import Fraction

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.analysis.alternatives import StopReason
from microopt.campaign.campaign import Goal
from microopt.rendering.terminal.alternatives import alternatives_table
from microopt.rendering.terminal.screen import Screen
from tests.rendering.builders import (
    HOSTILE,
    alternative,
    alternatives,
    creator_frequency,
    difference,
    metrics,
    pick,
    picks,
    plan,
    proof,
)

NARROW, WIDE = Screen(width=80), Screen(width=120)


def flat(of, screen=WIDE):
    """Return the text as one line."""
    return " ".join(alternatives_table(of, screen).split())


def matching_lines(of, word, screen=WIDE):
    return [line for line in alternatives_table(of, screen).splitlines() if word in line]


def goal_plan(name, **overrides):
    return plan(campaign={"goal": Goal(name=name, **overrides)})


@pytest.mark.parametrize("width", [40, 60, 63, 64, 80, 109, 110, 120, 200])
@pytest.mark.parametrize("big", [1, 10**6])
def test_no_line_is_wider_than_the_screen_and_no_figure_is_cut(width, big):
    people = picks(3, metrics=metrics(big), cost=45_000 * big)
    of = alternatives(alternative(plan=plan(people)), best=plan(people))
    lines = alternatives_table(of, Screen(width=width)).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert not any("…" in line for line in lines)
    assert any(line.endswith("99%") for line in lines)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_keeps_its_place_and_its_line(width, name):
    text = HOSTILE[name]
    best = plan([pick(0, creator=text)], warnings=(text,), campaign={"name": text})
    first = alternative(change=difference(-1, added=(text,), dropped=(text,)), swapped=(text,))
    people = (creator_frequency(text, 0, 1, tier=text), creator_frequency(text, 1, tier=text))
    output = alternatives_table(alternatives(first, best=best, creators=people), Screen(width=width))
    assert max(map(cell_len, output.splitlines())) <= width
    assert not any((ord(c) < 32 and c != "\n") or c in "\u2028\u2029\u202e\u2066\x7f\x85\x9b\ud800" for c in output)


def test_each_plan_stands_with_its_figures_and_share_of_the_best():
    best, first = matching_lines(alternatives(), "Best ")[-1], matching_lines(alternatives(), "99%")[0]
    assert re.split(r"  +", best) == ["Best", "7", "$3,150", "56.0k", "84.0k", "6,300", "14", "$0.50", "$225", "100%"]
    assert re.split(r"  +", first)[:3] == ["1", "6", "$2,700"]


def test_below_each_plan_stands_who_is_added_and_who_is_dropped():
    assert matching_lines(alternatives(), "dropped")[0] == "      @new added; @old, @older dropped"
    removed = alternative(change=difference(-1, added=()), swapped=("@s", "@t"))
    assert "@old, @older dropped; another offer of @s, @t" in flat(alternatives(removed))
    many = tuple(f"@m{number}" for number in range(30))
    assert "@m11 and 18 more dropped" in flat(alternatives(alternative(change=difference(-1, dropped=many))))


@pytest.mark.parametrize(
    ("share", "expected"),
    [(Fraction(1), "100%"), (Fraction(99_999, 100_000), "99.99%"), (Fraction(4, 5), "80%"), (None, "-")],
)
def test_a_share_is_never_rounded_up_to_all(share, expected):
    assert matching_lines(alternatives(alternative(share_of_best=share)), "$2,700")[0].split()[-1] == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (Fraction(1), "brings as much as"),
        (Fraction(1, 2), "brings 50% less than"),
        (Fraction(988, 1000), "brings 1.2% less than"),
        (Fraction(9_988, 10_000), "brings 0.12% less than"),
        (Fraction(999_999, 1_000_000), "brings under 0.01% less than"),
        (Fraction(101, 100), "brings 1.0% more than"),
    ],
)
def test_what_an_alternative_loses_is_told_in_words(share, expected):
    assert f"The alternative {expected} the best plan." in flat(alternatives(alternative(share)))


def test_of_several_the_first_and_the_last_are_told():
    output = "Alternative 1 brings 1.0% less than the best plan, alternative 2 brings 10% less."
    assert output in flat(alternatives())


def test_a_least_cost_tells_what_an_alternative_costs_more():
    best = plan(campaign={"goal": Goal(name="least cost", targets={"reach": Fraction(9)})})
    of = alternatives(alternative(change=difference(120)), best=best)
    assert "The alternative costs $120 more than the best plan." in flat(of)
    assert matching_lines(of, "$2,700")[0].endswith("+$120")
    assert "More: what a plan costs beyond the best one." in flat(of)


@pytest.mark.parametrize(
    ("goal", "heading"),
    [("balanced", ""), ("conversions", ""), ("reach", "Gross reach"), ("net reach", "Net reach"), ("value:x", "Score")],
)
def test_what_the_goal_counts_has_its_column_at_any_width_and_only_once(goal, heading):
    line = matching_lines(alternatives(best=goal_plan(goal)), "Of best", NARROW)[0]
    assert "Value" not in line
    for name in ("Gross reach", "Net reach", "Score"):
        assert line.count(name) == (name == heading)


def test_who_is_in_every_plan_is_a_line_and_the_others_a_table():
    output = flat(alternatives())
    assert "In every plan (1): @star" in output
    old, new = matching_lines(alternatives(), "2 of 3")[0], matching_lines(alternatives(), "1 of 3")[0]
    assert (old.split()[0], old.split()[-1]) == ("@old", "████████")
    assert new.endswith("not in the best plan")
    assert "1 of the best plan's 2 creators is in every alternative." in output


def test_nobody_in_every_plan_is_told_and_long_lists_say_how_many_more():
    assert "In every plan (0): nobody" in flat(
        alternatives(creators=(creator_frequency("@old", 0, 2), creator_frequency("@new", 1)))
    )
    many = [creator_frequency(f"@m{number}", 0, 1, 2) for number in range(50)] + [
        creator_frequency(f"@s{number}", 0) for number in range(30)
    ]
    output = flat(alternatives(creators=tuple(many)))
    assert "@m39 and 10 more" in output
    assert "… and 10 more: add -o alternatives.json" in output
    assert "50 of the best plan's 80 creators are in every alternative, 30 in none of them." in output


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "There is no such plan: no plan within these rules leaves out at least 2 creators of the best plan."),
        (
            1,
            "There is only 1 such plan: no other plan within these rules leaves out at least 2 creators of each",
        ),
        (2, "There are only 2 such plans: no other plan within these rules leaves out at least 2 creators of each"),
    ],
)
def test_where_there_are_no_more_plans_that_is_told(count, expected):
    of = replace(alternatives(), plans=(alternative(),) * count, stop_reason=StopReason.EXHAUSTED)
    assert expected in flat(of)
    assert "With --differ 1 there may be more." in flat(of)
    assert "--differ" not in flat(replace(of, differ=1))
    assert "leaves out enough creators of" in flat(replace(of, warnings=("few creators",)))


def test_what_is_not_proven_is_marked_and_never_called_proven():
    loose = proof(status="feasible", limit="time", bound=Fraction(2))
    of = alternatives(alternative(), alternative(plan=plan(picks(5), proof=loose)))
    output = flat(of)
    assert flat(replace(of, stop_reason=StopReason.STOPPED)).count("More time") == output.count("More time") == 1
    assert "Not proven (~): alternative 2 (stopped at the time limit). More time" in output
    assert "roven:" not in output
    assert matching_lines(of, "$2,250")[0].split()[-1] == "~99%"


def test_a_stop_before_all_are_found_says_how_many_there_are():
    output = flat(alternatives(alternative(), stop_reason=StopReason.STOPPED, limit="interrupt"))
    assert "Found 1 of 2 alternatives (interrupted)." in output
    assert "These are proven" in output
    assert "All proven" not in output


def test_warnings_stand_at_the_end():
    assert "Warning: a warning. Warning: few creators." in flat(alternatives(warnings=("few creators",)))


@pytest.mark.parametrize("color", [False, True])
def test_color_only_where_it_is_asked_for(color):
    assert ("\x1b" in alternatives_table(alternatives(), Screen(width=80, color=color))) is color
