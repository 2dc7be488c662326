"""Two plans side by side for a person: no figure cut at any width, every cause shown, no false statement."""

from fractions import Fraction

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.analysis.plan_diff.result import FieldChange
from microopt.campaign.campaign import Goal
from microopt.rendering.terminal.plan_diff import plan_diff_table
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.wording.plan_diff import format_percent_change
from tests.rendering.builders import (
    HOSTILE,
    creator_move,
    metrics,
    picks,
    plan_comparison,
    plan_side,
    retained_creator,
    totals,
)

REACH = Goal(name="reach")
NARROW, WIDE = Screen(width=80), Screen(width=120)
SAME = {"campaign": (), "added": (), "dropped": (), "retained": (retained_creator(1),), "after": plan_side("b.json")}


def flat(of, screen=WIDE):
    """Return the text as one line."""
    return " ".join(plan_diff_table(of, screen).split())


def row(of, name, screen=WIDE):
    """Return the cells of a row of the totals."""
    lines = plan_diff_table(of, screen).splitlines()
    return next(line for line in lines if line.startswith(f"{name} ")).removeprefix(name).split()


@pytest.mark.parametrize("width", [40, 60, 80, 89, 90, 109, 110, 120, 200])
@pytest.mark.parametrize("big", [1, 10**5])
def test_no_line_is_wider_than_the_screen_and_no_figure_is_cut(width, big):
    people = [creator_move(number, metrics=metrics(big), cost=45_000 * big) for number in range(3)]
    lines = plan_diff_table(plan_comparison(added=tuple(people)), Screen(width=width)).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert not any("…" in line[width // 2 :] for line in lines)


def test_both_plans_are_named_with_what_they_were_asked():
    result = plan_comparison(after=plan_side("b.json", status="feasible", gap=0.02))
    lines = plan_diff_table(result, WIDE).splitlines()
    first, second = (line for line in lines if line.startswith(("A  ", "B  ")))
    assert first == "A  a.json · Spring launch · budget $20,000 · goal balanced · proven best"
    assert second.endswith("within 2.0% of the best")
    assert "B standard input · budget" in flat(plan_comparison(after=plan_side("-", name=None)))


def test_totals_stand_beside_each_other_with_their_change():
    result = plan_comparison()
    assert row(result, "Creators") == ["7", "6", "-1", "-14%"]
    assert row(result, "Cost") == ["$3,150", "$2,700", "-$450", "-14%"]
    assert row(result, "Score") == ["1.870", "1.500", "-0.370", "-20%"]


def test_figures_that_are_equal_in_both_are_a_line_and_no_rows():
    text = plan_diff_table(plan_comparison(after=plan_side("b.json", objective=Fraction(1))), WIDE)
    assert "\nEngagements " not in text
    assert "The same in both: creators 7, cost $3,150, gross reach 56.0k, impressions 84.0k, engagements" in text
    assert row(plan_comparison(after=plan_side("b.json", objective=Fraction(1))), "Score")[2] == "-0.870"


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        (
            {"totals": totals(picks(6))},
            "B brings 14% fewer engagements and 14% fewer conversions than A, for $450 less (-14%).",
        ),
        (
            {"totals": totals(picks(14))},
            "B brings 100% more engagements and 100% more conversions than A, for $3,150 more (+100%).",
        ),
        ({"totals": totals(picks(7))}, "B brings as much as A, for the same money."),
        ({"totals": totals(picks(6)), "currency": "EUR"}, "than A, for €2,700 instead of $3,150."),
        ({"totals": totals(picks(6)), "goal": Goal(name="reach")}, "B brings 14% fewer people reached, 14% fewer eng"),
    ],
)
def test_the_first_line_says_which_plan_brings_more_for_what_money(side, expected):
    assert flat(plan_comparison(after=plan_side("b.json", **side), warnings=())).startswith(
        expected.partition("than A,")[0]
    )
    assert expected in flat(plan_comparison(after=plan_side("b.json", **side)))


def test_the_head_says_what_a_result_costs_and_how_sure_it_is():
    dearer = plan_side("b.json", totals=totals(picks(7, cost=90_000)))
    output = flat(plan_comparison(after=dearer))
    assert (
        "kept, 1 of them with changes. An engagement costs $1.00 (A: $0.50) and a conversion $450 (A: $225)." in output
    )
    assert "Both plans are proven best for their goal and rules." in output
    doubtful = flat(plan_comparison(after=plan_side("b.json", status="feasible", gap=0.02)))
    assert "Not proven: B is within 2.0% of the best." in doubtful
    assert "Both plans are proven" not in doubtful


def test_a_change_from_nothing_has_no_share():
    empty = plan_side(totals=totals([]), objective=Fraction(0))
    assert row(plan_comparison(before=empty), "Clicks")[-1].startswith("+")


def test_every_cause_stands_below_its_creator():
    for screen in (NARROW, WIDE):
        lines = [line.rstrip() for line in plan_diff_table(plan_comparison(), screen).splitlines()]
        place = next(i for i, line in enumerate(lines) if line.startswith("@creator.3"))
        assert lines[place + 1] == "  Not on the roster of B."
        assert lines[place + 2] == "  The budget fell from $20,000 to $15,000 (-25%)."


def test_the_wide_table_has_followers_and_impressions():
    assert "Followers" in plan_diff_table(plan_comparison(), WIDE)
    assert "Followers" not in plan_diff_table(plan_comparison(), NARROW)


def test_what_was_asked_otherwise_is_told_once_in_sentences():
    text = plan_diff_table(plan_comparison(dropped=()), WIDE)
    assert text.count("  The budget fell from $20,000 to $15,000 (-25%).\n") == 1
    assert "1 creator added, 0 dropped, 2 kept, 1 of them with changes." in text


def test_the_same_plans_are_told_to_be_the_same_and_nothing_else():
    text = plan_diff_table(plan_comparison(**SAME, notes=(), warnings=()), WIDE)
    assert text.startswith("The two plans are the same.\n")
    assert "Change" not in text


def test_plans_that_buy_the_same_are_told_apart_by_what_differs():
    requests = plan_comparison(**{**SAME, "campaign": plan_comparison().campaign})
    assert "Both plans buy the same for the same money." in flat(requests)
    assert "Settings that changed" in flat(requests)
    result = plan_comparison(**{**SAME, "after": plan_side("b.json", status="feasible", gap=0.1)})
    assert "Only their searches ended differently." in flat(result)


def test_what_changed_of_who_stayed_is_told_in_its_own_units():
    changes = (
        FieldChange(field="offer", before="instagram reel", after="instagram story"),
        FieldChange(field="fee", before=40_000, after=55_050),
        FieldChange(field="followers", before=18_300, after=18_301),
        FieldChange(field="reach", before=8_000_000, after=9_000_000),
        FieldChange(field="engagements", before=12_345_001, after=12_345_002),
        FieldChange(field="revenue", before=None, after=900),
    )
    output = flat(plan_comparison(retained=(retained_creator(1, *changes),)))
    assert "instagram reel -> instagram story; fee $400 -> $550.50; followers 18,300 -> 18,301;" in output
    assert "gross reach 8,000 -> 9,000; engagements 12,345.001 -> 12,345.002; revenue unknown -> $9." in output


def test_two_currencies_compare_no_money():
    result = plan_comparison(after=plan_side("b.json", currency="EUR", totals=totals(picks(6))))
    assert row(result, "Cost") == ["$3,150", "€2,700", "-"]
    assert row(result, "Creators")[2] == "-1"
    assert "no money is compared, because the plans are in two currencies" in flat(result)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"goal": Goal(name="reach")}, "the plans have different goals, so compare their figures, not their scores"),
        (
            {"ideals": {"clicks": 1.0}},
            "each plan is scored against its own reference totals (to score both alike, make B with --ideals a.json)",
        ),
    ],
)
def test_scores_that_are_measured_differently_never_stand_beside_each_other(changed, expected):
    result = plan_comparison(after=plan_side("b.json", **changed))
    assert "\nScore" not in plan_diff_table(result, WIDE)
    assert "1.870" not in flat(result)
    assert expected in flat(result)


def test_a_score_that_is_one_of_the_figures_has_no_row():
    minimum = Goal(name="least cost", targets={"engagements": Fraction(9)})
    fewer = plan_side(goal=minimum, totals=totals(picks(6)))
    text = plan_diff_table(plan_comparison(before=plan_side(goal=minimum), after=fewer), WIDE)
    assert "\nScore" not in text
    assert "\nCost" in text
    assert "\nScore" not in plan_diff_table(
        plan_comparison(before=plan_side(goal=REACH), after=plan_side(goal=REACH)), WIDE
    )


def test_of_many_the_first_are_shown_and_the_rest_counted():
    text = flat(plan_comparison(added=tuple(creator_move(number) for number in range(60))))
    assert "… and 40 creators more: add -o compared.json for all of them." in text
    assert "60 creators added" in text


def test_warnings_come_first_and_notes_last():
    lines = plan_diff_table(plan_comparison(), WIDE).splitlines()
    assert (lines[0], lines[-1]) == ("Warning: a warning.", "Note: a note.")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("screen", [NARROW, WIDE])
def test_text_of_a_roster_cannot_harm_the_screen(text, screen):
    first = creator_move(1, f"it is not {text}", creator=text, offer=text, tier=text, platform=text)
    second = retained_creator(1, FieldChange(field="offer", before=text, after="x"), creator=text)
    output = plan_diff_table(plan_comparison(added=(first,), retained=(second,), before=plan_side(name=text)), screen)
    assert "\x1b" not in output
    assert "\u202e" not in output
    assert max(map(cell_len, output.split("\n"))) <= screen.width


def test_a_reason_that_many_share_is_said_once_below_the_table_and_others_with_each():
    reason = "not allowed in B: the filter platform:tiktok excludes all their offers"
    moves = [creator_move(number, reason) for number in range(30)]
    own = creator_move(40, reason, "fee rose from $300 to $400")
    text = flat(plan_comparison(dropped=(own, *moves)))
    assert text.count("excludes all their offers") == 1
    assert f"N{reason[1:]}: @creator.40, @creator.0, @creator.1 and 28 more." in text
    assert text.count("Fee rose from $300 to $400.") == 2  # of the creator with both reasons, and of the one added
    assert flat(plan_comparison(dropped=tuple(moves[:4]))).count("excludes all their offers.") == 4


def test_a_narrow_screen_leaves_out_the_name_of_the_campaign_before_it_breaks_a_line():
    name = "A campaign with a rather long name for spring"
    of = plan_comparison(before=plan_side(name=name))
    assert f"A  a.json · {name} · budget $20,000 · goal balanced · proven best" in plan_diff_table(of, WIDE)
    assert "A  a.json · budget $20,000 · goal balanced · proven best\n" in plan_diff_table(of, NARROW)


def test_what_changed_of_who_stayed_is_written_as_in_the_tables_unless_that_would_look_alike():
    changes = (
        FieldChange(field="conversions", before=12_300, after=6_149),
        FieldChange(field="clicks", before=672_400, after=229_000),
        FieldChange(field="revenue", before=45_367, after=85_500),
    )
    output = flat(plan_comparison(retained=(retained_creator(1, *changes),)))
    assert "conversions 12 -> 6.1; clicks 672 -> 229; revenue $454 -> $855." in output
    alike = (
        FieldChange(field="conversions", before=12_300, after=12_400),
        FieldChange(field="revenue", before=45_367, after=45_412),
    )
    output = flat(plan_comparison(retained=(retained_creator(1, *alike),)))
    assert "conversions 12.3 -> 12.4; revenue $453.67 -> $454.12." in output


@pytest.mark.parametrize(
    ("before", "change", "expected"), [(100, -25, "-25%"), (1_000_000, 3, "+0.0003%"), (100, 0, ""), (0, 5, "")]
)
def test_a_change_is_never_shown_as_nothing(before, change, expected):
    assert format_percent_change(before, change) == expected


def test_a_reason_about_the_whole_plan_that_two_share_is_said_once():
    reason = "@ben declined, which left money and room"
    moves = [creator_move(number, reason) for number in range(2)]
    two = [replace(move, causes=(replace(move.causes[0], kind="declined"),)) for move in moves]
    text = flat(plan_comparison(added=tuple(two), dropped=()))
    assert text.count("declined") == 1
    assert f"{reason}: @creator.0, @creator.1." in text
