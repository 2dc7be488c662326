"""ReplanSummary: how a plan follows from the one before it."""

from __future__ import annotations

from msgspec import Struct

from microopt.plan.difference import Difference


class InputFingerprints(Struct, frozen=True, kw_only=True):
    """What a replan was made from: equal inputs give the same plan.

    Attributes
    ----------
    roster, results, states
        SHA-256 of the bytes of each file, None without one; for the roster also the sheet, and whether bad rows were
        skipped, where that was asked.
    request
        SHA-256 of everything else that was asked for: budget, campaign file, dates, stability; empty without any.
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
        What the plan has more than the best one without this change; None if that was not computed, or there is no
        such plan.
    forced
        Whether there was no choice: declined, no longer on the roster, or kept because of a contract.
    """

    creator: str
    added: bool
    causes: tuple[str, ...] = ()
    gain: Difference | None = None
    forced: bool = False


class ReplanSummary(Struct, frozen=True, kw_only=True):
    """The step from one plan to the next.

    Attributes
    ----------
    previous
        The seal of the plan before.
    made_at
        When it was made, as ISO 8601 in UTC, to the second.
    switches
        The creators who were added, then those who were dropped.
    gain
        What the plan has more than the best one that keeps everyone of the last plan who is still available; None if
        there is no such plan, or it was not computed.
    obstacle
        Why there is no such plan, or empty.
    notes
        What was assumed about results and contract states, in sentences.
    """

    previous: str
    made_at: str
    inputs: InputFingerprints
    switches: tuple[RosterChange, ...] = ()
    gain: Difference | None = None
    obstacle: str = ""
    notes: tuple[str, ...] = ()
