"""What the sheet of creators in a workbook said of a contract when it was written, so that a reader sees what is new.

The sheet keeps it in a hidden column, in a form that no language of headers and words changes.
"""

from __future__ import annotations

from types import MappingProxyType
from zlib import crc32

from microopt.campaign.progress import Contract, Posting

WRITTEN_HEADER = "As written by microopt"  # of the hidden column
# Headers of the sheet that stand for what was planned, where the same word in a list of states means what is agreed.
PLANNED_HEADERS = MappingProxyType({"fee": "ignore"})
AGREED_HEADERS = frozenset(
    {"agreed fee", "agreed_fee", "vereinbartes honorar"}
)  # beside which a fee is the planned one, in any list
NOTHING_SAID = Posting()


def written_state(contract: Contract) -> str:
    """Return a short text that changes with the state, the agreed fee, the post date and the note of a contract."""
    posting = contract.posting or NOTHING_SAID
    note = " ".join(posting.note.split())
    day = "" if posting.day is None else posting.day.isoformat()
    fee = "" if contract.fee is None else str(contract.fee)
    return f"{contract.state.value}/{fee}/{day}/{f'{crc32(note.encode()):08x}' if note else ''}"
