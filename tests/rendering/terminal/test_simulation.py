"""A simulation on a screen."""

import pytest

from microopt.rendering.terminal.column_chart import column_chart
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.terminal.simulation import simulation_table
from tests.rendering.simulations import creator, overspent, simulation


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_nothing_is_wider_than_the_screen(width):
    many = simulation(overspending=overspent(), risk=tuple(creator(f"@creator.{n}", "1/20", "1/20") for n in range(20)))
    text = simulation_table(many, Screen(width=width))
    assert max(map(len, text.splitlines())) <= width
    assert "… and 10 more" in text
    assert text.startswith("In 8 of 10 outcomes")


def test_whoever_cannot_decline_has_no_column_for_it():
    assert "Declined in" in simulation_table(simulation(), Screen(width=80))
    certain = simulation(risk=(creator(declined="0"),))
    assert "Declined in" not in simulation_table(certain, Screen(width=80))


def test_the_mean_stands_beside_what_the_plan_states_on_a_usual_screen():
    assert "In plan" in (text := simulation_table(simulation(), Screen(width=80))) and " Mean " in text


def test_columns_are_as_high_as_their_counts():
    chart = column_chart([0, 8, 16, 32], ["0", "1", "2", "3", "4"], width=80).splitlines()
    assert chart == [
        "         ███",
        "         ███",
        "      ██████",
        "   █████████",
        "────────────",
        "0  1  2  3  4",
    ]


def test_a_count_that_is_small_is_still_seen():
    chart = column_chart([1, 10_000], ["0", "1", "2"], width=80).splitlines()
    assert chart[3].startswith("▁▁▁███")
    assert column_chart([0, 0], ["0", "1", "2"], width=80).splitlines()[:4] == [""] * 4


@pytest.mark.parametrize("width", [20, 30, 80])
def test_a_chart_fits_the_screen(width):
    chart = column_chart([5] * 18, [f"{n}k" for n in range(19)], width=width)
    assert max(map(len, chart.splitlines())) <= width
