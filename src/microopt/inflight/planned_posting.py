"""When a post goes out that has just been agreed, and of which nobody has said a day."""

from __future__ import annotations

from msgspec.structs import replace

from microopt.campaign.progress import Contract, Posting
from microopt.plan.plan import Pick


def planned_posting(contract: Contract, pick: Pick) -> Posting | None:
    """Return the day and the note of a contract; where no day is stated, the one that the last plan suggests.

    Later plans then keep it, as the other posts of the wave move.
    """
    posting = contract.posting
    if pick.posting_date is None or (posting is not None and posting.day is not None):
        return posting
    return replace(posting or Posting(), day=pick.posting_date)
