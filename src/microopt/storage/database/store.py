"""A store: one SQLite file with the history of a campaign's runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from types import TracebackType

from microopt.campaign.progress import ResultRow
from microopt.errors import OutputError
from microopt.plan.seal import SealedPlan
from microopt.storage.database import rows
from microopt.storage.database.schema import (
    APPLICATION_ID,
    VERSION,
    is_empty,
    migrate,
    read_application_id,
    read_version,
)

MAGIC = b"SQLite format 3\0"
APPLICATION_ID_BYTES = slice(68, 72)  # in the header of a file


class Store:
    """An open store, a context manager that closes it; `open_store` opens one.

    Runs are only added, each in one transaction; nothing is changed or removed.
    """

    def __init__(self, path: str, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def add_plan(
        self,
        plan: SealedPlan,
        text: str,
        *,
        at: str,
        daily: Sequence[ResultRow] = (),
        exit_code: int | None = None,
        seconds: float | None = None,
    ) -> bool:
        """Add a run completely or not at all; a plan that is in the store already changes nothing.

        Parameters
        ----------
        plan
            The plan of the run.
        text
            The plan as it was written to its file.
        at
            Time of the run, as ISO 8601 in UTC.
        daily
            The results behind the plan; those that are new or changed are added.
        exit_code, seconds
            How the run ended and how long it took, or None if not known.

        Returns
        -------
        bool
            Whether the plan is new.

        Raises
        ------
        OutputError
            If the store cannot be written; it is unchanged.
        """
        with _translate_errors(self.path), self._transaction():
            run = rows.add_run(self._connection, plan, at=at, exit_code=exit_code, seconds=seconds)
            if run is None:
                return False
            rows.add_parts(self._connection, run, plan, text)
            rows.add_results(self._connection, run, daily)
            return True

    def plans(self) -> Iterator[tuple[str, str, str]]:
        """Yield the name, the time and the text of the plan of each run, in the order in which they were added."""
        with _translate_errors(self.path):
            query = "SELECT id, at, document FROM runs JOIN plans ON run = id ORDER BY id"
            for number, at, text in self._connection.execute(query):
                yield f"run {number}", at, text

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()


def open_store(path: str, *, wait: float = 60.0, create: bool = True) -> Store:
    """Open a store.

    Parameters
    ----------
    wait
        Seconds to wait while another run writes to it.
    create
        Whether to create a missing store and migrate an older one; otherwise the store is only read.

    Raises
    ------
    OutputError
        If the file is not a store, was written by a later version, is damaged, or cannot be read or written; it is
        unchanged.
    """
    file = Path(path)
    with _translate_errors(path):
        _refuse_foreign(path, file)
        uri = f"{file.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
        connection = sqlite3.connect(uri, uri=True, timeout=wait, isolation_level=None)
        try:
            _prepare(path, connection, create)
        except BaseException:
            connection.close()
            raise
    return Store(path, connection)


def _prepare(path: str, connection: sqlite3.Connection, create: bool) -> None:
    _check_version(path, connection)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = EXTRA")  # committed data survives a power cut
    if create:
        migrate(connection)


def is_store(path: str) -> bool:
    """Whether a file is an SQLite database, of any program."""
    with Path(path).open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _refuse_foreign(path: str, file: Path) -> None:
    """Refuse a file that is not a store by its header, since SQLite may write next to a file that it opens."""
    try:
        with file.open("rb") as stream:
            header = stream.read(100)
    except FileNotFoundError:
        return
    if header and (not header.startswith(MAGIC) or header[APPLICATION_ID_BYTES] != APPLICATION_ID.to_bytes(4)):
        raise _foreign_file_error(path)


def _check_version(path: str, connection: sqlite3.Connection) -> None:
    """Refuse a file that is not a store, or a store of a later version."""
    with connection:
        connection.execute("BEGIN")  # a consistent view, since another run may be creating the file
        empty = is_empty(connection)
        application_id, version = read_application_id(connection), read_version(connection)
    if application_id != APPLICATION_ID and not (application_id == 0 and empty):
        raise _foreign_file_error(path)
    if version > VERSION:
        message = f"a newer microopt wrote {path}: its version is {version}, and this one reads up to {VERSION}"
        raise OutputError(message, fix="update it: pip install --upgrade microopt", code="store-newer")


def _foreign_file_error(path: str) -> OutputError:
    fix = "name another file, or a new one that microopt creates, such as --store campaign.db"
    return OutputError(f"{path} exists, but is not a microopt store", fix=fix, code="store-foreign")


@contextmanager
def _translate_errors(path: str) -> Iterator[None]:
    """Raise errors of SQLite and of the file system as `OutputError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise _to_output_error(path, error) from None
    except OSError as error:
        fix = "use a file that you can read and write on a disk with free space, such as --store ~/campaign.db"
        raise OutputError(f"cannot open the store {path}: {error.strerror}", fix=fix) from None


def _to_output_error(path: str, error: sqlite3.Error) -> OutputError:
    kind = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the upper bits hold details
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        fix = "wait until it is done, or give it more time with --wait"
        return OutputError(f"{path} is in use by another program", fix=fix, code="locked")
    if kind in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        move = f"mv {quote(path)} {quote(path + '.damaged')}"
        fix = f"restore a backup, or move it away so that the next run creates a new one: {move}"
        return OutputError(f"the store {path} is damaged: {error}", fix=fix, code="store-damaged")
    fix = "use a file that you can read and write on a disk with free space, such as --store ~/campaign.db"
    return OutputError(f"cannot write the store {path}: {error}", fix=fix)
