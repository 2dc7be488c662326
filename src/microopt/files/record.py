"""What the running command reads and writes: a file that was read is never replaced, and no file is written twice.

A command of the command line has one record. Functions that are called from Python have none: their callers name each
file themselves.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from stat import S_ISREG

from microopt.errors import OutputError
from microopt.files.identity import FileIdentity, identify_open
from microopt.files.reading_clock import ReadingClock

STANDARD_OUTPUT = 1  # its descriptor


class FileRecord:
    """The files of one command.

    Parameters
    ----------
    output
        The file that standard output goes to, where a shell has redirected it to one.

    Attributes
    ----------
    clock
        Counts from the first byte that is read.
    """

    def __init__(self, output: FileIdentity | None = None) -> None:
        self.clock = ReadingClock()
        self._output = output
        self._inputs: list[FileIdentity] = []
        self._targets: list[FileIdentity] = []
        self._replaceable: list[FileIdentity] = []
        self._written: list[FileIdentity] = []

    def add_input(self, file: FileIdentity) -> None:
        """Note a file that is read.

        Raises
        ------
        OutputError
            If the command is to write it.
        """
        self._inputs.append(file)
        if self._output is not None and file.is_same(self._output):
            raise _input_error(self._output, file)
        if not _find(file, self._replaceable) and (target := _find(file, self._targets)):
            raise _input_error(target, file)

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
    token = _running.set(FileRecord(_identify_output()))
    try:
        yield
    finally:
        _running.reset(token)


def current_record() -> FileRecord:
    """Return the record of the running command; outside of one, an empty record that nothing else sees."""
    return _running.get() or FileRecord()


def _identify_output() -> FileIdentity | None:
    """Return the file that standard output goes to, if it is one."""
    try:
        is_file = S_ISREG(os.fstat(STANDARD_OUTPUT).st_mode)
    except OSError:  # it is closed
        return None
    return identify_open("standard output", STANDARD_OUTPUT, is_named=False) if is_file else None


def _find(file: FileIdentity, files: Iterable[FileIdentity]) -> FileIdentity | None:
    return next((each for each in files if each.is_same(file)), None)


def _input_error(target: FileIdentity, source: FileIdentity) -> OutputError:
    named_so = target.name == source.name
    what = "it is one of the inputs" if named_so else f"it is the same file as {_name(source)}, one of the inputs"
    return OutputError(f"cannot write {target.name}: {what}", fix="name another file, such as -o plan-2.json")


def _name(source: FileIdentity) -> str:
    return "standard input" if source.name == "-" else source.name


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
