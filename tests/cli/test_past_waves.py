"""Waves that are over when a plan is made."""

from datetime import date

import pytest


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2027, 3, 31), ""),
        (date(2027, 4, 1), "Warning: 2027-03 is over: plan waves to come.\n"),
        (date(2027, 5, 1), "Warning: 2027-03, 2027-04 are over: plan waves to come.\n"),
        (date(2027, 6, 1), "Warning: all waves are over (the last ended on 2027-05-31): plan"),
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


def test_a_campaign_without_waves_is_never_over(run, monkeypatch):
    monkeypatch.setattr("microopt.cli.past_waves.today", lambda: date(2199, 1, 1))
    assert not run("plan", "roster.csv", "-b", "2000").stderr
