"""The exit codes of the command line, for schedulers and CI."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a finished command says to the script that ran it."""

    OK = 0  # a plan proven within the asked gap, or no problems found
    BUG = 1  # a defect of microopt
    USAGE = 2  # a flag or the campaign is wrong
    ROSTER = 3  # the roster is wrong, and the campaign is not
    INFEASIBLE = 4  # no plan can keep all the rules
    UNPROVEN = 5  # a plan, stopped before its proof
    NO_PLAN = 6  # a limit of time or memory came before any plan
    SOLVER = 7  # the solver failed, its answer was refused, or a plan was found false
    EXPECTATION = 8  # an --expect was not met
    UNREPORTED = 9  # the files are written, but standard output or the log could not be
    INTERRUPTED = 130  # stopped by Ctrl-C with no plan
