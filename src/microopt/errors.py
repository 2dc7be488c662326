"""The error tree: every error says what was found, where, and how to fix it.

::

    MicrooptError
    ├── UsageError         a flag or an argument that cannot be used
    ├── CampaignError      a campaign file, a rule, a goal: wrong by itself or against the roster
    ├── RosterError        a roster file: carries every fault found in it
    ├── OutputError        a result could not be written; what was there before is untouched
    ├── BackendError       a solver is missing, crashed or answered nonsense
    └── AuditError         an answer that its own recomputation contradicts: it is refused

Infeasible is not an error: it is an answer with a reason (`microopt.plan.Diagnosis`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from msgspec import Struct


class Fault(Struct, frozen=True, kw_only=True):
    """One thing wrong, with its place.

    Attributes
    ----------
    code
        Stable name of the kind of fault, for scripts (`docs/faults.md` lists them).
    message
        What was found, in a sentence.
    fix
        What to do about it.
    row
        Row as a spreadsheet shows it (the header is row 1), or None where no row is at fault.
    column
        Column as the file names it, or the key or flag.
    value
        The cell as it was read.
    """

    code: str
    message: str
    fix: str
    row: int | None = None
    column: str | None = None
    value: str | None = None


class MicrooptError(Exception):
    """What every error of microopt derives from.

    Parameters
    ----------
    message
        What was found and where, in a sentence.
    fix
        What to do about it.
    code
        Stable name of the kind of error.
    faults
        Every fault behind the error; one is made of the message where none is given.
    """

    default_code = "error"

    def __init__(self, message: str, *, fix: str = "", code: str = "", faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.code = code or (faults[0].code if faults else self.default_code)
        self.faults = tuple(faults) or (Fault(code=self.code, message=message, fix=fix),)


class UsageError(MicrooptError):
    """A flag or an argument that cannot be used."""

    default_code = "usage"


class CampaignError(MicrooptError):
    """A campaign that is wrong by itself or against the roster."""

    default_code = "campaign"


class RosterError(MicrooptError):
    """A roster that cannot be read whole; `faults` holds everything found in it."""

    default_code = "roster"


class OutputError(MicrooptError):
    """A result that could not be written; nothing that stood there before is lost."""

    default_code = "output"


class BackendError(MicrooptError):
    """A solver that is missing, crashed, or answered nonsense."""

    default_code = "backend"


class AuditError(MicrooptError):
    """An answer that its own recomputation contradicts."""

    default_code = "audit"


def did_you_mean(word: str, known: Iterable[str], count: int = 3) -> str:
    """Return "did you mean …?" for the known names nearest to `word`, or an empty string.

    Parameters
    ----------
    word
        What was written.
    known
        The names there are; matching ignores case.
    count
        How many names at the most.
    """
    names = {name.casefold(): name for name in known if name}
    close = get_close_matches(word.casefold(), list(names), n=count, cutoff=0.6)
    return f"did you mean {' or '.join(names[c] for c in close)}?" if close else ""
