"""Why none of the creators that a rule asks for in a wave is there: their days, blackout days, or the lead time."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from microopt.campaign.calendar import WAVE
from microopt.campaign.campaign import RangeRule, Selector
from microopt.campaign.wave_names import wave_key
from microopt.planning.build_problem import eligible_offers, without_calendar
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import header_key
from microopt.roster.absences import why_not_in_waves
from microopt.roster.selection import matching_offers


def why_nobody(problem: PlanningProblem, rule: RangeRule) -> str:
    """Return why no creator of a rule is in its waves, and what would help; empty where the list has none of them.

    Parameters
    ----------
    rule
        That all offers of the problem cannot keep.
    """
    listed, calendar = problem.listed, problem.campaign.calendar
    if listed is None or calendar is None:
        return ""
    is_wave = [header_key(clause.column) == WAVE for clause in rule.selector.clauses]
    named = [
        {wave_key(name) for name in clause.values}
        for clause, of_waves in zip(rule.selector.clauses, is_wave, strict=True)
        if of_waves
    ]
    waves = tuple(wave for wave in calendar.waves if all(wave_key(wave.name) in names for names in named))
    others = tuple(clause for clause, of_waves in zip(rule.selector.clauses, is_wave, strict=True) if not of_waves)
    meant = matching_offers(listed, Selector(clauses=others)) & eligible_offers(
        listed, without_calendar(problem.campaign)
    )
    if not waves or not meant.any():
        return ""
    running = problem.campaign.running
    today = None if running is None else running.today
    return why_not_in_waves(listed.take(np.flatnonzero(meant)), replace(calendar, waves=waves), today)
