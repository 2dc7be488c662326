"""Two plans side by side for a person: no figure cut at any width, every cause told, nothing said that is not so."""

from fractions import Fraction

import pytest
from rich.cells import cell_len

from microopt.analysis.plan_diff.result import FieldChange
from microopt.campaign.campaign import Goal
from microopt.rendering.terminal.plan_diff import plan_diff_table
from microopt.rendering.terminal.screen import Screen
from tests.rendering.builders import HOSTILE, half, metrics, moved, picks, stayed, totals, two_plans

NARROW, WIDE = Screen(width=80), Screen(width=120)
SAME = {"campaign": (), "added": (), "dropped": (), "retained": (stayed(1),), "after": half("b.json")}


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
    people = [moved(number, metrics=metrics(big), cost=45_000 * big) for number in range(3)]
    lines = plan_diff_table(two_plans(added=tuple(people)), Screen(width=width)).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert not any("…" in line[width // 2 :] for line in lines)


def test_both_plans_are_named_with_what_they_were_asked():
    found = two_plans(after=half("b.json", status="feasible", gap=0.02))
    first, second = plan_diff_table(found, WIDE).splitlines()[:2]
    assert first == "A  a.json · Spring launch · budget $20,000 · goal balanced · proven best"
    assert second.endswith("within 2.0% of the best")
    assert "B standard input · budget" in flat(two_plans(after=half("-", name=None)))


def test_totals_stand_beside_each_other_with_their_change():
    found = two_plans()
    assert row(found, "Creators") == ["7", "6", "-1", "-14%"]
    assert row(found, "Cost") == ["$3,150", "$2,700", "-$450", "-14%"]
    assert row(found, "Value") == ["1.870", "1.500", "-0.370", "-20%"]
    assert row(two_plans(after=half("b.json")), "Engagements")[2:] == ["="]


def test_a_change_from_nothing_has_no_share():
    empty = half(totals=totals([]), objective=Fraction(0))
    assert row(two_plans(before=empty), "Clicks")[-1].startswith("+")


def test_every_cause_stands_below_its_creator():
    for screen in (NARROW, WIDE):
        lines = [line.rstrip() for line in plan_diff_table(two_plans(), screen).splitlines()]
        place = next(i for i, line in enumerate(lines) if line.startswith("@creator.3"))
        assert lines[place + 1] == "  It is not in the roster of B."
        assert lines[place + 2] == "  The budget fell from $20,000 to $15,000 (-25%)."


def test_the_wide_table_has_followers_and_views():
    assert "Followers" in plan_diff_table(two_plans(), WIDE)
    assert "Followers" not in plan_diff_table(two_plans(), NARROW)


def test_what_was_asked_otherwise_is_told_once_in_sentences():
    text = plan_diff_table(two_plans(dropped=()), WIDE)
    assert text.count("  The budget fell from $20,000 to $15,000 (-25%).\n") == 1
    assert "1 creator came, 0 left, 2 stayed, 1 of them with changes." in text


def test_the_same_plans_are_told_to_be_the_same_and_nothing_else():
    text = plan_diff_table(two_plans(**SAME, notes=(), warnings=()), WIDE)
    assert text.endswith("The two plans are the same.\n")


def test_plans_that_buy_the_same_are_told_apart_by_what_differs():
    asked = two_plans(**{**SAME, "campaign": two_plans().campaign})
    assert "Both plans buy the same for the same. Asked otherwise" in flat(asked)
    found = two_plans(**{**SAME, "after": half("b.json", status="feasible", gap=0.1)})
    assert "They differ by how they were found." in flat(found)


def test_what_changed_of_who_stayed_is_told_in_its_own_units():
    changes = (
        FieldChange(field="offer", before="instagram reel", after="instagram story"),
        FieldChange(field="fee", before=40_000, after=55_050),
        FieldChange(field="followers", before=18_300, after=18_301),
        FieldChange(field="reach", before=8_000_000, after=9_000_000),
        FieldChange(field="engagements", before=12_345_001, after=12_345_002),
        FieldChange(field="revenue", before=None, after=900),
    )
    told = flat(two_plans(retained=(stayed(1, *changes),)))
    assert "instagram reel -> instagram story; fee $400 -> $550.50; followers 18,300 -> 18,301;" in told
    assert "gross reach 8,000 -> 9,000; engagements 12,345.001 -> 12,345.002; revenue nothing -> $9." in told


def test_two_currencies_compare_no_money():
    found = two_plans(after=half("b.json", currency="EUR", totals=totals(picks(6))))
    assert row(found, "Cost") == ["$3,150", "€2,700", "-"]
    assert row(found, "Creators")[2] == "-1"
    assert "values are not compared: they are of two currencies" in flat(found)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"goal": Goal(name="reach")}, "they are of two goals"),
        (
            {"ideals": {"clicks": 1.0}},
            "by the ideals of its own plan (to measure both alike, make B with --ideals a.json)",
        ),
    ],
)
def test_values_that_are_measured_otherwise_are_shown_and_not_compared(other, told):
    found = two_plans(after=half("b.json", **other))
    assert row(found, "Value")[-1] == "-"
    assert told in flat(found)


def test_a_least_cost_has_no_value_beside_its_cost():
    least = Goal(name="least cost", targets={"engagements": Fraction(9)})
    text = plan_diff_table(two_plans(before=half(goal=least), after=half(goal=least)), WIDE)
    assert "\nValue" not in text
    assert "\nCost" in text


def test_of_many_the_first_are_shown_and_the_rest_counted():
    text = flat(two_plans(added=tuple(moved(number) for number in range(60))))
    assert "… and 40 more: --format json, or -o compared.json, has them all" in text
    assert "60 creators came" in text


def test_notes_and_warnings_come_last():
    lines = plan_diff_table(two_plans(), WIDE).splitlines()
    assert lines[-2:] == ["Note: a note.", "Warning: a warning."]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("screen", [NARROW, WIDE])
def test_text_of_a_roster_cannot_harm_the_screen(text, screen):
    one = moved(1, f"it is not {text}", creator=text, offer=text, tier=text, platform=text)
    other = stayed(1, FieldChange(field="offer", before=text, after="x"), creator=text)
    shown = plan_diff_table(two_plans(added=(one,), retained=(other,), before=half(name=text)), screen)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert max(map(cell_len, shown.split("\n"))) <= screen.width
