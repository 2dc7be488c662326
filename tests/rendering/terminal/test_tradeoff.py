"""A trade-off as a table: points with shares and weights, what each step gives up, a picture, and what is proven."""

import re
from fractions import Fraction

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.rendering.terminal.screen import Screen
from microopt.rendering.terminal.tradeoff import tradeoff_table
from microopt.rendering.wording.tradeoff import format_part, format_weights, tradeoff_sentences
from tests.rendering.builders import HOSTILE, Weights, facts, front, ideal, pick, point

NARROW, WIDE = Screen(width=80), Screen(width=120)
REACH = {"metrics": ("reach", "clicks"), "ideals": (ideal("reach", 8_000_000), ideal("clicks", 160_000))}


def flat(of, screen=WIDE):
    """Return the text as one line."""
    return " ".join(tradeoff_table(of, screen).split())


def table_row(of, name, screen=WIDE):
    """Return the cells of the first row that starts so."""
    return next(re.split(r"  +", line) for line in tradeoff_table(of, screen).splitlines() if line.startswith(name))


def many(count, scale=1):
    """Return a front of many points of large figures."""
    sample = [
        point(10**4 * scale - 7 * reference * scale, 10 * reference * scale, before=(10**4, 0))
        for reference in range(1, count)
    ]
    return front(point(10**4 * scale, 1), *sample, steps=count)


@pytest.mark.parametrize("width", [40, 60, 80, 89, 90, 109, 110, 120, 200])
@pytest.mark.parametrize("value", [front(), front(**REACH), front(point()), many(100), many(4, 10**7)])
def test_no_line_is_wider_than_the_screen_and_no_figure_is_cut(width, value):
    lines = tradeoff_table(value, Screen(width=width)).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert not any("…" in line for line in lines)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_keeps_its_place_and_its_line(width, name):
    text = HOSTILE[name]
    sample = front(point(picks=(pick(0, creator=text),)), warnings=(text,), notes=(text,))
    output = tradeoff_table(sample, Screen(width=width))
    assert max(map(cell_len, output.splitlines())) <= width
    assert not any((ord(c) < 32 and c != "\n") or c in "\u2028\u2029\u202e\u2066\x7f\x85\x9b\ud800" for c in output)


@pytest.mark.parametrize("screen", [NARROW, WIDE])
def test_each_point_stands_with_its_shares_reach_creators_spend_and_weights(screen):
    assert table_row(front(), "1 X", screen) == [
        "1 X",
        "1,000",
        "100%",
        "10.0",
        "50%",
        "8,000",
        "2",
        "$900",
        "40..100%",
    ]
    assert table_row(front(), "2 ", screen) == ["2", "600", "60%", "12.0", "60%", "4,800", "2", "$900", "-"]
    assert table_row(front(), "3 ", screen)[-1] == "0..40%"


def test_each_step_says_what_it_gives_up_for_what_and_who_goes():
    assert table_row(front(), "1 to 2") == [
        "1 to 2",
        "400 engagements",
        "2.0 conversions",
        "200 to 1",
        "2 added, 1 dropped",
    ]
    swapped = front(point(5, 10), point(4, 30, before=(5, 10)))
    assert table_row(swapped, "1 to 2")[1:4] == ["1.0 engagements", "20.0 conversions", "1 to 20.0"]


def test_a_step_between_two_plans_of_the_same_creators_says_that_their_posts_change():
    step = point(600, 12, before=(1_000, 10))
    same = replace(step, change=replace(step.change, added=(), dropped=()))
    for screen in (NARROW, WIDE):
        assert table_row(front(point(1_000, 10), same), "1 to 2", screen)[-1] == "same, other posts"


def test_two_other_metrics_have_their_own_names_and_reach_is_told_once():
    head = next(line for line in tradeoff_table(front(**REACH), WIDE).splitlines() if line.startswith("Point"))
    assert re.split(r"  +", head) == [
        "Point",
        "Gross reach",
        "Of best",
        "Clicks",
        "Of best",
        "Creators",
        "Spend",
        "Weights",
    ]
    assert "reach against clicks" in flat(front(**REACH))


@pytest.mark.parametrize(("width", "wide"), [(40, 40), (80, 80), (120, 100), (200, 100)])
def test_the_picture_fits_the_screen_and_has_a_sign_for_each_point(width, wide):
    lines = tradeoff_table(front(), Screen(width=width)).splitlines()
    frame = next(line for line in lines if "┌" in line)
    inside = [line for line in lines if line.rstrip().endswith("│")]
    assert len(frame) == wide
    assert (sum(line.count("o") for line in inside), sum(line.count("X") for line in inside)) == (2, 1)


@pytest.mark.parametrize("color", [False, True])
def test_color_only_where_it_is_asked_for(color):
    assert ("\x1b" in tradeoff_table(front(), Screen(width=80, color=color))) is color


def test_what_equal_weights_choose_and_what_only_a_floor_does_is_said():
    output = flat(front())
    assert output.startswith(
        "Balanced plan, point 1 -> 1,000 engagements (100% of the most possible) · 10 conversions (50%"
    )
    assert "To plan point 2, set a minimum; no weights lead to it." in output
    assert "For point 2, add to your microopt plan command: --goal engagement -r 'all conversions >= 12'" in output
    assert "Balanced plan" not in flat(front(**REACH))
    assert flat(front(**REACH)).startswith("Plan of equal weights, point 1 -> ")


def test_what_the_whole_range_trades_and_what_connected_points_are_is_said():
    output = flat(front())
    assert "From point 1 to point 3 you give up 500 engagements for 10.0 more conversions." in output
    assert "Connected points trade one metric for the other." in output


def test_one_point_has_no_picture_no_steps_and_says_why():
    output = flat(front(point()))
    assert "One plan has the most engagements and the most conversions: there is nothing to trade." in output
    assert not set("┌oX") & {*output.partition("Weights:")[0]} or "┌" not in output
    assert "gives up" not in output


def test_what_is_proven_is_said_as_such():
    assert "Each point is proven unbeatable: no plan under your rules brings more engagements without" in flat(front())
    assert "10 steps and the balanced plan gave 3 different plans; each is shown once." in flat(front())
    assert "Up to 62% of the conversions are industry estimates, not figures from your list." in flat(front())


@pytest.mark.parametrize(
    ("facts_", "expected"),
    [
        (
            {"unproven": 2, "limit": "time"},
            "Not all is proven (stopped at the time limit): 2 plans were not proven. Allow more time",
        ),
        ({"not_examined": 3, "limit": "interrupt"}, "(interrupted): 3 plans were not looked for. Allow more time"),
        (
            {"unproven": 1, "not_examined": 3},
            "Not all is proven: 1 plan was not proven and 3 plans were not looked for",
        ),
    ],
)
def test_what_is_not_proven_or_not_looked_at_is_counted_and_a_doubt(facts_, expected):
    sample = front(point(), point(1, 20, before=(1_000, 10), status="feasible"), **facts_)
    assert expected in flat(sample)
    assert "proven unbeatable" not in flat(sample)
    assert table_row(sample, "~2")[0] == "~2"


def test_an_end_that_was_not_looked_at_has_no_shares_and_no_weights():
    sample = front(point(weights=None), ideals=(ideal("engagements", 10**6),), balanced=None, not_examined=9)
    assert table_row(sample, "1 ")[4:] == ["-", "8,000", "2", "$900", "-"]
    assert "no weights lead" not in flat(sample).casefold()
    assert "nothing to trade" not in flat(sample)


@pytest.mark.parametrize(
    ("thousandths", "expected"),
    [
        (0, "0"),
        (1, "0.001"),
        (94, "0.094"),
        (95, "0.1"),
        (14_230, "14.2"),
        (99_949, "99.9"),
        (99_950, "100"),
        (1_200_400, "1,200"),
    ],
)
def test_amounts_are_as_fine_as_they_are_small(thousandths, expected):
    assert format_part(thousandths) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, "0..100%"),
        (".357", ".7318", "36..73%"),
        (".412", ".414", "41.2..41.4%"),
        (".5", ".5", "50.00%"),
        (".41231", ".41239", "41.23..41.24%"),
    ],
)
def test_ends_of_weights_are_told_apart(low, high, expected):
    assert format_weights(Weights(low=Fraction(low), high=Fraction(high))) == expected


def test_standard_input_and_no_budget_are_named():
    piped = front(roster=facts(source=facts().source.__class__(path="-", sha256="0" * 64)))
    assert "standard input" in flat(piped)


def test_what_rests_on_industry_estimates_is_as_visible_as_in_a_plan():
    sentences = dict(map(reversed, tradeoff_sentences(front())))
    assert sentences["Up to 62% of the conversions are industry estimates, not figures from your list."] == "caveat"


@pytest.mark.parametrize(
    ("engagements", "conversions", "expected"),
    [
        ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), "All engagements and all conversions"),
        ((0.9996, 1.0, 1.0), (1.0, 1.0, 0.9995), "All engagements and all conversions"),
        ((0.32, 0.6, 1.0), (1.0, 1.0, 1.0), "32% to 100% of the engagements and all conversions"),
        ((0.0, 0.2, 0.1), (0.3, 1.0, 0.9), "Up to 20% of the engagements and 30% to 100% of the conversions"),
        ((0.1, 0.1, 0.2), (0.5, 0.4, 0.4), "Up to 20% of the engagements and up to 50% of the conversions"),
    ],
)
def test_all_of_a_result_is_estimated_only_if_that_is_so_at_every_point(engagements, conversions, expected):
    shares = zip(front().points, engagements, conversions, strict=True)
    points = [replace(at, assumed={"engagements": one, "conversions": two}) for at, one, two in shares]
    sentence = f"{expected} are industry estimates, not figures from your list."
    assert (sentence, "caveat") in [(text, kind) for kind, text in tradeoff_sentences(front(*points))]


def test_a_narrow_screen_leaves_out_the_roster_before_it_breaks_the_line_above_the_table():
    of = front(roster=facts(source=facts().source.__class__(path="lists/of/the/agency/spring.csv", sha256="0" * 64)))
    facts_shown = "budget $20,000 · engagements against conversions"
    lines = tradeoff_table(of, Screen(width=80)).splitlines()
    assert sum(line.endswith(facts_shown) and line.startswith("Spring launch · ") for line in lines) == 1
    assert "spring.csv" in flat(of, Screen(width=140))
