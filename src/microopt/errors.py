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
from functools import cached_property

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


MIN_SIMILARITY = 65.0  # percent; two unrelated names rarely reach it
MAX_COMPARISONS = 20_000_000  # about three seconds of one core


class NameSuggester:
    """Suggests valid names for unknown ones; it prepares the valid names once, which matters for a whole roster.

    Once `MAX_COMPARISONS` is used up, further names get no suggestion.

    Parameters
    ----------
    known
        The valid names; matching ignores case.

    Notes
    -----
    Similarity is the normalized Indel similarity of rapidfuzz, 2 LCS / (m + n), where LCS is the length of the longest
    common subsequence of two names of m and n letters.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = known
        self._comparisons = 0

    @cached_property
    def _names(self) -> dict[str, str]:
        """Names as written, by their spelling without case; equally similar ones are suggested in this order."""
        return {name.casefold(): name for name in sorted(map(str.strip, self._known)) if name}

    @cached_property
    def _choices(self) -> list[str]:
        return list(self._names)

    def suggest(self, word: str, count: int = 3) -> str:
        """Return "did you mean …?" for the names nearest to `word`, or an empty string.

        Parameters
        ----------
        count
            The largest number of names to suggest.
        """
        from rapidfuzz import fuzz, process

        self._comparisons += len(self._choices)
        if self._comparisons > MAX_COMPARISONS:
            return ""
        near = process.extract(
            word.casefold(), self._choices, scorer=fuzz.ratio, limit=count, score_cutoff=MIN_SIMILARITY
        )
        return f"did you mean {' or '.join(self._names[choice] for choice, *_ in near)}?" if near else ""


def did_you_mean(word: str, known: Iterable[str], count: int = 3) -> str:
    """Return the suggestion for a single unknown name; for several, ask one `NameSuggester`."""
    return NameSuggester(known).suggest(word, count)
