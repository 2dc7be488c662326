"""Waves that are over when a plan is made."""

from datetime import date

import pytest

from microopt.cli import past_waves


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2027, 3, 31), ""),
        (date(2027, 4, 1), "Warning: 2027-03 is over: choose waves that are still to come.\n"),
        (date(2027, 5, 1), "Warning: 2027-03, 2027-04 are over: choose waves that are still to come.\n"),
        (
            date(2027, 6, 1),
            "Warning: all waves are over (the last ended on 2027-05-31): choose waves that are still to come.\n",
        ),
    ],
)
def test_waves_that_are_over_are_told_and_change_no_plan(run, monkeypatch, day, told):
    args = ("plan", "roster.csv", "-b", "2000", "--waves", "2027-03..2027-05")
    before = run(*args)
    monkeypatch.setattr("microopt.cli.past_waves.today", lambda: day)
    done = run(*args)
    assert done.exit_code == 0
    assert done.stdout == before.stdout
    assert done.stderr.startswith(told) if told else not done.stderr
    assert not run(*args, "-q").stderr


@pytest.mark.parametrize(
    ("stamp", "day"),
    [("1796083200", date(2026, 12, 1)), ("4102444800", date(2100, 1, 1)), ("", None), ("9" * 400, None), ("²", None)],
)
def test_the_day_is_that_of_a_reproducible_build(monkeypatch, stamp, day):
    monkeypatch.undo()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", stamp)
    assert past_waves.today() == (day or date.today())


def test_a_campaign_without_waves_is_never_over(run, monkeypatch):
    monkeypatch.setattr("microopt.cli.past_waves.today", lambda: date(2199, 1, 1))
    assert not run("plan", "roster.csv", "-b", "2000").stderr
