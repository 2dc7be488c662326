"""The error classes: every error says what is wrong, where, and how to fix it.

::

    MicrooptError
    ├── UsageError         an invalid flag or argument
    ├── CampaignError      a campaign file, a rule or a goal that is invalid or does not match the roster
    ├── RosterError        a roster file, with every fault found in it
    ├── OutputError        a result could not be written; the file there before is unchanged
    │   └── UnreportedError    the files are written, and standard output or the log could not be
    ├── ResourceError      the memory, threads or open files that the system allows are used up
    ├── TimeLimitError     the time limit passed before the files were read
    ├── BackendError       a solver is missing, crashed, or returned an invalid result
    └── AuditError         a result that its recomputation contradicts, and that is refused

An infeasible campaign is not an error but a result with a reason (`microopt.plan.diagnosis.Diagnosis`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar

from msgspec import Struct


class Fault(Struct, frozen=True, kw_only=True):
    """A single problem and its place.

    Attributes
    ----------
    code
        Stable name of the kind of fault, for scripts; `docs/faults.md` lists them.
    message
        The problem, in a sentence.
    fix
        What to do about it.
    row
        Row number in a spreadsheet (the header is row 1), or None if no row is at fault.
    column
        The column as the file names it, or the key or flag.
    value
        The cell as it was read.
    """

    code: str
    message: str
    fix: str
    row: int | None = None
    column: str | None = None
    value: str | None = None


def name_first_fault(error: MicrooptError) -> str:
    """Return the message of an error with its first fault and the row of it, without a full stop."""
    if not error.faults or error.faults[0].message in error.message:
        return error.message
    first = error.faults[0]
    which = ", the first" if len(error.faults) > 1 else ""
    row = "" if first.row is None else f" in row {first.row:,}"
    return f"{error.message}{which}{row}: {first.message}"


class NextCommand(Struct, frozen=True, kw_only=True):
    """A command with which a user can go on after an error.

    Attributes
    ----------
    purpose
        What it does: `To leave out the rows with problems`.
    command
        The whole line, quoted for a shell.
    """

    purpose: str
    command: str


class MicrooptError(Exception):
    """The base class of all errors of microopt.

    Parameters
    ----------
    message
        The problem and its place, in a sentence.
    fix
        What to do about it.
    code
        Stable name of the kind of error.
    faults
        Every fault behind the error; by default one with the message.
    """

    default_code = "error"
    next_command: NextCommand | None = None  # known to the command line alone

    def __init__(self, message: str, *, fix: str = "", code: str = "", faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.code = code or (faults[0].code if faults else self.default_code)
        self.faults = tuple(faults) or (Fault(code=self.code, message=message, fix=fix),)


class UsageError(MicrooptError):
    """An invalid flag or argument."""

    default_code = "usage"


class CampaignError(MicrooptError):
    """A campaign that is invalid or does not match the roster."""

    default_code = "campaign"


def raise_campaign_faults(faults: Iterable[Fault], source: str = "the campaign") -> None:
    """Raise all faults of a campaign together, if there are any.

    Parameters
    ----------
    source
        What the faults are in.

    Raises
    ------
    CampaignError
        With all faults.
    """
    if found := tuple(faults):
        message = found[0].message if len(found) == 1 else f"{len(found)} problems in {source}"
        raise CampaignError(message, fix=found[0].fix, faults=found)


class RosterError(MicrooptError):
    """A roster that cannot be read completely; `faults` has every fault found in it.

    Attributes
    ----------
    missing
        The columns that it lacks, each with the header that is likely to be it, or an empty text.
    path
        The file that the faults are in, as the user wrote it, where it is another one than the roster.
    """

    default_code = "roster"
    path: str | None = None
    missing: Mapping[str, str] = MappingProxyType({})


class OutputError(MicrooptError):
    """A result that could not be written; the file there before is unchanged."""

    default_code = "output"


class UnreportedError(OutputError):
    """A run that is done, its files included, and that standard output or the log could not be told of."""

    default_code = "unreported"


class ResourceError(MicrooptError):
    """The memory, threads or open files that the system allows are used up."""

    default_code = "memory"


class TimeLimitError(MicrooptError):
    """The time limit passed before the files were read."""

    default_code = "time-limit"


class BackendError(MicrooptError):
    """A solver that is missing, crashed, or returned an invalid result."""

    default_code = "backend"


class AuditError(MicrooptError):
    """A result that its recomputation contradicts."""

    default_code = "audit"


class ErrorReport(Struct, frozen=True, kw_only=True):
    """The JSON object of an error: its message, its fix, and all its faults."""

    code: str
    message: str
    fix: str
    faults: tuple[Fault, ...]

    schema_name: ClassVar[str] = "error"


def error_report(error: MicrooptError) -> ErrorReport:
    """Return the JSON object of an error."""
    return ErrorReport(code=error.code, message=error.message, fix=error.fix, faults=error.faults)


MIN_SIMILARITY = 65.0  # percent; two unrelated names rarely reach it
MIN_PART = 3  # letters; fewer are in most names
MAX_COMPARISONS = 20_000_000  # about three seconds of one core


class NameSuggester:
    """Suggests valid names for unknown ones; it prepares the valid names once, which matters for a whole roster.

    Once `MAX_COMPARISONS` is used up, further names get no suggestion.

    Parameters
    ----------
    known
        The valid names; matching ignores case.
    min_similarity
        In percent; names less similar than this are not suggested.
    by_part
        Whether names that contain the word are suggested first, as where somebody is called by the first name.

    Notes
    -----
    Similarity is the normalized Indel similarity of rapidfuzz, 2 LCS / (m + n), where LCS is the length of the longest
    common subsequence of two names of m and n letters.
    """

    def __init__(self, known: Iterable[str], min_similarity: float = MIN_SIMILARITY, *, by_part: bool = False) -> None:
        self._known = known
        self._min_similarity = min_similarity
        self._by_part = by_part
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
        folded = word.strip().casefold()
        near = process.extract(folded, self._choices, scorer=fuzz.ratio, limit=count, score_cutoff=self._min_similarity)
        found = [*dict.fromkeys([*self._containing(folded), *(choice for choice, *_ in near)])][:count]
        return f"did you mean {' or '.join(self._names[choice] for choice in found)}?" if found else ""

    def _containing(self, part: str) -> list[str]:
        """Return the names that contain a part of some length, those that begin with it first."""
        if not self._by_part or len(part) < MIN_PART:
            return []
        containing = [choice for choice in self._choices if part in choice]
        return sorted(containing, key=lambda choice: not choice.removeprefix("@").startswith(part.removeprefix("@")))


def did_you_mean(word: str, known: Iterable[str], count: int = 3) -> str:
    """Return the suggestion for a single unknown name; for several, ask one `NameSuggester`."""
    return NameSuggester(known).suggest(word, count)
