"""Replan: what a plan made from an earlier one says of the step between the two."""

from __future__ import annotations

from msgspec import Struct

from microopt.plan.difference import Difference


class InputFingerprints(Struct, frozen=True, kw_only=True):
    """What a replan was made from: where all of it is the same again, so is the plan.

    Attributes
    ----------
    roster, results, states
        SHA-256 of the bytes of each file, None where there was none; of the roster also the sheet, and whether bad rows
        were left out, where that was asked.
    asked
        SHA-256 of what else was asked for: budget, campaign file, dates, stability; empty where nothing was.
    """

    roster: str
    results: str | None = None
    states: str | None = None
    request: str = ""


class RosterChange(Struct, frozen=True, kw_only=True):
    """A creator who came into the plan, or left it.

    Attributes
    ----------
    came
        Else the creator left.
    causes
        The facts that bear on it, as sentences without their point, the strongest first.
    gain
        What the plan has more than the best one without this switch; None where that was not looked at, or where there
        is no such plan.
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
    on
        When it was made, as ISO 8601 in UTC, to the second.
    switches
        Who came, then who left.
    gain
        What the plan has more than the best one that keeps everybody of the last plan who can still be had; None where
        there is none, or that was not looked at.
    obstacle
        Why there is none, or empty.
    notes
        What was assumed of what came in, in sentences.
    """

    previous: str
    made_at: str
    inputs: InputFingerprints
    switches: tuple[RosterChange, ...] = ()
    gain: Difference | None = None
    obstacle: str = ""
    notes: tuple[str, ...] = ()
