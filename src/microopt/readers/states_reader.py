"""Stub."""

from microopt.contract import Contract
from microopt.roster import Roster


def states_of_roster(roster: Roster) -> tuple[Contract, ...]:
    return ()
