"""What a replanned plan adds to its table: nothing cut, nothing run, whatever the width and the names."""

from fractions import Fraction

import pytest
from rich.cells import cell_len

from microopt.campaign.progress import Contract, ContractState, PostResults
from microopt.rendering.terminal.plan import plan_table
from microopt.rendering.terminal.screen import Screen
from tests.rendering.builders import HOSTILE, added_creator, difference, dropped_creator, pick, plan, replanned


def replan_text(of, width=80):
    return plan_table(of, Screen(width=width))


def flat(of, width=120):
    return " ".join(replan_text(of, width).split())


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_screen(width):
    names = [f"@a_rather_long_name_of_a_creator_{number}" for number in range(30)]
    contracts = tuple(
        Contract(creator=name, state=ContractState.LIVE, planned={"engagements": 10**9}) for name in names
    )
    of = replanned(*map(added_creator, names), contracts=contracts, before=plan([pick(creator=name) for name in names]))
    assert max(map(cell_len, replan_text(of, width).splitlines())) <= width


def test_who_came_and_left_stands_with_cause_and_gain():
    output = flat(replanned(added_creator(gain=difference(Fraction(1), share=Fraction(8, 1000))), dropped_creator()))
    assert "Since the last plan: 1 added, 1 dropped." in output
    assert "+ @new better value now +0.8%" in output
    assert "- @old declined forced" in output


def test_a_reason_that_many_share_is_said_once_below_the_table():
    left = [dropped_creator(f"@old{number}") for number in range(15)]
    both = added_creator(causes=("fee fell from $9 to $8", "declined"))
    output = flat(replanned(both, *left))
    assert "+ @new fee fell from $9 to $8 " in output
    assert "- @old0 see below forced - @old1 see below forced" in output
    assert "Declined: @new, @old0, @old1 and 13 more." in output
    assert output.lower().count("declined") == 1
    assert "see below" not in flat(replanned(*left[:4]))


def test_a_night_without_a_switch_says_so():
    assert "nobody added, nobody dropped" in flat(replanned())


def test_gains_of_several_changes_are_said_not_to_add_up():
    added = [added_creator(f"@new{number}", gain=difference(Fraction(1), share=Fraction(1, 100))) for number in (1, 2)]
    sentence = "Each gain is for that change alone, so the gains do not add up."
    assert sentence in flat(replanned(*added))
    assert sentence not in flat(replanned(added[0], added_creator("@unknown"), dropped_creator()))


def test_the_gain_of_all_of_it_or_why_there_is_none():
    assert "This plan brings 0.8% more than keeping everyone" in flat(
        replanned(added_creator(), gain=difference(Fraction(1), share=Fraction(8, 1000)))
    )
    assert "keeps everyone who is still available" in flat(
        replanned(added_creator(), gain=difference(Fraction(0), share=Fraction(0)))
    )
    assert "Not everybody can be kept." in flat(replanned(added_creator(), obstacle="not everybody can be kept"))


def test_forecast_stands_against_actual_for_the_campaign_and_each_creator():
    of = replanned(
        contracts=(Contract(creator="@a", state=ContractState.LIVE, planned={"engagements": 7_000_000}, paid=5_000),),
        results=(PostResults(creator="@a", posts=2, engagements=1_234.0),),
        sunk_cost=1_000,
    )
    output = flat(of)
    assert "Engagements 60.0k 1,234 2.1%" in output
    assert "@a live 7,000 1,234" in output
    assert "$50 is paid, including $10 to creators who declined." in output


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(name):
    output = replan_text(replanned(added_creator(name), dropped_creator(name)))
    assert "\x1b" not in output
    assert "1 added, 1 dropped" in output


def test_a_narrow_screen_shortens_the_metrics_of_creators_as_every_table_does():
    contract = Contract(creator="@a", state=ContractState.LIVE, planned={"engagements": 7_000_000})
    lines = replan_text(replanned(contracts=(contract,)), width=80).splitlines()
    assert any(line.split() == ["Eng.", "Conv."] for line in lines)
