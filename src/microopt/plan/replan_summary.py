"""ReplanSummary: how a plan follows from the one before it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from microopt.plan.difference import Difference
from microopt.plan.fallback_step import FallbackStep
from microopt.quantities.units import Cents


class InputFingerprints(Struct, frozen=True, kw_only=True):
    """The fingerprints of a replan's inputs: equal inputs give the same plan.

    Attributes
    ----------
    roster, results, states
        SHA-256 of the bytes of each file, None without one; for the roster also the sheet, and whether bad rows were
        skipped, if that was requested.
    request
        SHA-256 of all other options: budget, campaign file, dates, stability; empty without any.
    """

    roster: str
    results: str | None = None
    states: str | None = None
    request: str = ""


class RosterChange(Struct, frozen=True, kw_only=True):
    """A creator who was added to the plan, or dropped from it.

    Attributes
    ----------
    added
        True if the creator was added, false if dropped.
    causes
        The facts that explain it, as sentences without their full stop, the strongest first.
    gain
        The plan minus the best plan without this change; None if it was not computed, or no such plan exists.
    forced
        Whether nothing else was possible: declined, no longer on the roster, or kept because of a contract.
    """

    creator: str
    added: bool
    causes: tuple[str, ...] = ()
    gain: Difference | None = None
    forced: bool = False


class MoveReason(StrEnum):
    """Why money left a wave."""

    DECLINED = "declined"  # creators declined the wave
    CLOSED = "closed"  # they have not agreed, and nobody can be booked in the wave any more
    UNAVAILABLE = "unavailable"  # they are no longer on the list, or not in the wave
    BETTER = "better"  # the proven plan is better than one that keeps all who are available
    LEFT_OUT = "left out"  # they are not in the plan there, though nothing says that they have to leave
    CHEAPER = "cheaper"  # they cost less there


class MoveCause(Struct, frozen=True, kw_only=True):
    """Why creators are no longer, or cost less, in a wave; whoever cost most less is first."""

    reason: MoveReason
    creators: tuple[str, ...]


class MovedMoney(Struct, frozen=True, kw_only=True):
    """Money that the last plan had in a wave of the calendar, and that the new one has elsewhere.

    Attributes
    ----------
    amount
        Cents.
    source, target
        The wave in which it was, and the one in which it is now; no target where it is not spent now.
    causes
        Why it left its wave, each creator who costs less there once.
    """

    amount: Cents
    source: str
    target: str | None
    causes: tuple[MoveCause, ...]


class ReplanSummary(Struct, frozen=True, kw_only=True):
    """The step from one plan to the next.

    Attributes
    ----------
    previous
        The seal of the previous plan.
    made_at
        When it was made, as ISO 8601 in UTC, to the second.
    switches
        The creators who were added, then those who were dropped.
    gain
        The plan minus the best plan that keeps everyone of the last plan who is still available; None if no such plan
        exists, or it was not computed.
    obstacle
        Why no such plan exists, or empty.
    notes
        What was assumed about results and contract states, and which fallbacks were taken first, in sentences.
    fallbacks
        What became of the fallbacks that the previous plan named; None if nobody for whom it named some is gone.
    moved
        What the waves of a calendar have less than in the previous plan, and where that went, in order of time.
    """

    previous: str
    made_at: str
    inputs: InputFingerprints
    switches: tuple[RosterChange, ...] = ()
    gain: Difference | None = None
    obstacle: str = ""
    notes: tuple[str, ...] = ()
    fallbacks: FallbackStep | None = None
    moved: tuple[MovedMoney, ...] = ()
