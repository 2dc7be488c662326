"""What the running command reads and writes: a file that was read is never replaced, and no file is written twice.

A command of the command line has one record. Functions that are called from Python have none: their callers name each
file themselves.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from errno import EINVAL
from pathlib import Path
from shlex import quote
from stat import S_ISREG

from microopt.errors import OutputError
from microopt.files.identity import FileIdentity, identify_open
from microopt.files.reading_clock import ReadingClock

# What a command prints to, by descriptor, and how to redirect it.
STREAMS = {1: ("standard output", "> plan.txt"), 2: ("standard error", "2> errors.txt")}


class FileRecord:
    """The files of one command.

    Parameters
    ----------
    streams
        The files that standard output and standard error go to, where a shell has redirected them to files.

    Attributes
    ----------
    clock
        Counts from the first byte that is read.
    """

    def __init__(self, streams: Mapping[int, FileIdentity] | None = None) -> None:
        self.clock = ReadingClock()
        self._streams = streams or {}
        self._inputs: list[FileIdentity] = []
        self._targets: list[FileIdentity] = []
        self._replaceable: list[FileIdentity] = []
        self._written: list[FileIdentity] = []
        self._is_standard_input_read = False

    def add_input(self, file: FileIdentity) -> None:
        """Note a file that is read.

        Raises
        ------
        OutputError
            If the command is to write it, or prints to it.
        """
        self._inputs.append(file)
        if printed := [number for number, stream in self._streams.items() if file.is_same(stream)]:
            _redirect(printed)
            first = printed[0]
            fix = f"redirect it to another file, such as {STREAMS[first][1]}"
            raise _input_error(self._streams[first], file, fix)
        if not _find(file, self._replaceable) and (target := _find(file, self._targets)):
            raise _input_error(target, file)

    def take_standard_input(self) -> None:
        """Note that standard input is read: it can stand for one file of a command.

        Raises
        ------
        OSError
            If it was read already.
        """
        if self._is_standard_input_read:
            raise OSError(EINVAL, "another file was read from it already")
        self._is_standard_input_read = True

    def add_targets(self, files: Iterable[FileIdentity]) -> None:
        """Note, before the work, files that are to be written; the same name is noted once.

        Raises
        ------
        OutputError
            If two of them are one file.
        """
        known, seen = {target.name for target in self._targets}, list(self._targets)
        for file in files:
            if file.name not in known:
                _refuse_twice(file, seen)
                seen.append(file)
        self._targets = seen

    def refuse_inputs(
        self,
        files: Iterable[FileIdentity],
        sources: Sequence[FileIdentity] = (),
        replaces: Sequence[FileIdentity] = (),
    ) -> None:
        """Check that files to be written are not read.

        Parameters
        ----------
        sources
            Files that are going to be read, which are noted as inputs.
        replaces
            Inputs that the command replaces on purpose, such as the last plan.

        Raises
        ------
        OutputError
            If one is an input.
        """
        self._inputs += sources
        self._replaceable += replaces
        for file in files:
            if not _find(file, replaces) and (found := _find(file, self._inputs)):
                raise _input_error(file, found)

    def claim(self, files: Sequence[FileIdentity], replaces: Sequence[FileIdentity] = ()) -> None:
        """Note files right before they are written.

        Raises
        ------
        OutputError
            If one is an input, or was written already.
        """
        self.refuse_inputs(files, replaces=replaces)
        written = list(self._written)
        for file in files:
            _refuse_twice(file, written)
            written.append(file)
        self._written = written


_running: ContextVar[FileRecord | None] = ContextVar("files of the running command", default=None)


@contextmanager
def recorded_files() -> Iterator[None]:
    """Record the files of a command until the block ends."""
    token = _running.set(FileRecord(_identify_streams()))
    try:
        yield
    finally:
        _running.reset(token)


def current_record() -> FileRecord:
    """Return the record of the running command; outside of one, an empty record that nothing else sees."""
    return _running.get() or FileRecord()


def _identify_streams() -> dict[int, FileIdentity]:
    """Return the files that standard output and standard error go to, as far as they are files."""
    files = {}
    for number, (name, _) in STREAMS.items():
        with suppress(OSError):  # it is closed
            if S_ISREG(os.fstat(number).st_mode):
                files[number] = identify_open(name, number, is_named=False)
    return files


def _redirect(numbers: Sequence[int]) -> None:
    """Send what is printed from now on to the other stream, or nowhere: the error must not be added to an input."""
    elsewhere = next((number for number in STREAMS if number not in numbers), None)
    if elsewhere is None:
        elsewhere = os.open(os.devnull, os.O_WRONLY)
    for number in numbers:
        os.dup2(elsewhere, number)


def _find(file: FileIdentity, files: Iterable[FileIdentity]) -> FileIdentity | None:
    return next((each for each in files if each.is_same(file)), None)


def _input_error(target: FileIdentity, source: FileIdentity, fix: str = "") -> OutputError:
    named_so = target.name == source.name
    what = "it is one of the inputs" if named_so else f"it is the same file as {source.name}, one of the inputs"
    ending = Path(target.name).suffix
    fix = fix or f"name another file, such as {quote(f'{target.name.removesuffix(ending)}-2{ending}')}"
    return OutputError(f"cannot write {target.name}: {what}", fix=fix)


def _refuse_twice(file: FileIdentity, others: Iterable[FileIdentity]) -> None:
    other = next((each for each in others if each.is_same_target(file)), None)
    if other is None:
        return
    if other.name == file.name:
        message = f"{file.name} is named for two different files"
    elif other.is_same(file):
        message = f"{other.name} and {file.name} are the same file"
    else:
        message = f"{other.name} and {file.name} are the same file on many computers, because only the case differs"
    raise OutputError(message, fix="name different files, such as -o plan.json --log runs.jsonl")
