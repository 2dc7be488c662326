"""The step from one plan to the next, as it stands in a plan; and back."""

from __future__ import annotations

from msgspec import Struct

from microopt.plan.document.difference import DifferenceDocument, difference_document, difference_of
from microopt.plan.replan_summary import InputFingerprints, ReplanSummary, RosterChange


class SwitchDocument(Struct, frozen=True, kw_only=True):
    """A creator who came or left, the facts that bear on it, and what the plan has more for it."""

    creator: str
    came: bool
    forced: bool
    causes: list[str]
    gain: DifferenceDocument | None


class InputsDocument(Struct, frozen=True, kw_only=True):
    """SHA-256 of what a replan was made from; beside the roster's, how it was read, where that was asked."""

    roster: str
    results: str | None
    states: str | None
    asked: str


class ReplanDocument(Struct, frozen=True, kw_only=True):
    """The step from the plan before; `gain` is over the best plan that keeps everybody of it who can still be had."""

    on: str
    inputs: InputsDocument
    switches: list[SwitchDocument]
    gain: DifferenceDocument | None
    obstacle: str
    notes: list[str]


def replan_document(replan: ReplanSummary) -> ReplanDocument:
    """Return the step as it stands in a plan; the seal of the plan before stands beside it, as `previous`."""
    asked = replan.inputs
    return ReplanDocument(
        on=replan.on,
        obstacle=replan.obstacle,
        notes=list(replan.notes),
        gain=difference_document(replan.gain),
        inputs=InputsDocument(
            roster=asked.roster,
            results=asked.results,
            states=asked.states,
            asked=asked.asked,
        ),
        switches=[
            SwitchDocument(
                creator=one.creator,
                came=one.came,
                forced=one.forced,
                causes=list(one.causes),
                gain=difference_document(one.gain),
            )
            for one in replan.switches
        ],
    )


def replan_of_document(document: ReplanDocument | None, previous: str | None) -> ReplanSummary | None:
    """Return the step that a plan tells, exactly."""
    if document is None or previous is None:
        return None
    return ReplanSummary(
        previous=previous,
        on=document.on,
        obstacle=document.obstacle,
        notes=tuple(document.notes),
        gain=difference_of(document.gain),
        inputs=inputs_of_document(document.inputs),
        switches=tuple(
            RosterChange(
                creator=one.creator,
                came=one.came,
                forced=one.forced,
                causes=tuple(one.causes),
                gain=difference_of(one.gain),
            )
            for one in document.switches
        ),
    )


def inputs_of_document(said: InputsDocument) -> InputFingerprints:
    """Return what a replan says that it was made from."""
    return InputFingerprints(roster=said.roster, results=said.results, states=said.states, asked=said.asked)
