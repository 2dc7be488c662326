"""Contract: how far the campaign has come with a creator."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field


class State(StrEnum):
    """Contract states, the earliest first."""

    PROPOSED = "proposed"  # in a plan, nobody has been asked
    OFFERED = "offered"  # asked, no answer yet
    SIGNED = "signed"
    LIVE = "live"  # posts are out, results come in
    DONE = "done"  # all that was agreed is out, and the results are final
    DECLINED = "declined"


KEPT = (State.SIGNED, State.LIVE, State.DONE)  # a plan keeps and pays them, whatever it would choose today
POSTED = (State.LIVE, State.DONE)  # of whom results may be


class Contract(Struct, frozen=True, kw_only=True):
    """The state of a creator, or of one offer.

    Attributes
    ----------
    offer, platform
        Of what was agreed; None where any offer of the creator may be meant.
    units
        How often the offer is bought, None where that is not told.
    fee
        Cents agreed, for all units; None where the roster's fee stands.
    paid
        Cents that are paid already, None where that is not told. What a creator who declined was paid is sunk.
    planned
        What was expected when the creator was first kept: thousandths by metric, and `cost` in cents; empty where
        nothing was planned.
    """

    creator: str
    state: State
    offer: str | None = None
    platform: str | None = None
    units: int | None = None
    fee: int | None = None
    paid: int | None = None
    planned: Mapping[str, int] = field(default_factory=dict)

    @property
    def kept(self) -> bool:
        """Whether a plan must keep it."""
        return self.state in KEPT
