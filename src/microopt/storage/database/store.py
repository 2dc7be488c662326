"""A store: one SQLite file that remembers a campaign's runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
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
APPLICATION_ID_BYTES = slice(68, 72)  # in a file's first bytes


class Store:
    """An open store; made by `open_store`, closed at the end of its `with`.

    Nothing that a run told is ever changed or taken away: runs are added, each in one transaction.
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
        """Add a run: all of it, or nothing; a plan that is kept already changes nothing.

        Parameters
        ----------
        plan
            What the run made.
        text
            The same as it was written to its file.
        at
            When the run was, as ISO 8601 in UTC.
        daily
            The results that it was made from: those that are new, or not as they were told last, are added.
        exit_code, seconds
            How the run ended and how long it took, None where nobody knows.

        Returns
        -------
        bool
            Whether it was new.

        Raises
        ------
        OutputError
            If it cannot be written; the store is as it was.
        """
        with _told(self.path), self._writing():
            run = rows.add_run(self._connection, plan, at=at, exit_code=exit_code, seconds=seconds)
            if run is None:
                return False
            rows.add_parts(self._connection, run, plan, text)
            rows.add_results(self._connection, run, daily)
            return True

    def plans(self) -> Iterator[tuple[str, str, str]]:
        """Yield each run's name, when it was, and its plan's text, in the order in which they were kept."""
        with _told(self.path):
            found = self._connection.execute("SELECT id, at, document FROM runs JOIN plans ON run = id ORDER BY id")
            for number, at, text in found:
                yield f"run {number}", at, text

    @contextmanager
    def _writing(self) -> Iterator[None]:
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
    make
        Make it where it is not there, and bring an older one up to date; else it is only read.

    Raises
    ------
    OutputError
        If it is no store, was written by a later microopt, is damaged, or cannot be read or written; it is untouched.
    """
    file = Path(path)
    with _told(path):
        _refuse_foreign(path, file)
        mode = "rwc" if create else "rw"
        connection = sqlite3.connect(
            f"{file.absolute().as_uri()}?mode={mode}", uri=True, timeout=wait, isolation_level=None
        )
        try:
            _see(path, connection)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = EXTRA")  # what is committed outlives a power cut
            if create:
                migrate(connection)
        except BaseException:
            connection.close()
            raise
    return Store(path, connection)


def is_store(path: str) -> bool:
    """Whether a file is a database of SQLite, of whatever program."""
    with Path(path).open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _refuse_foreign(path: str, file: Path) -> None:
    """Refuse what is no store by its first bytes: SQLite itself may write beside a file that it opens."""
    try:
        with file.open("rb") as opened:
            head = opened.read(100)
    except FileNotFoundError:
        return
    if head and (not head.startswith(MAGIC) or head[APPLICATION_ID_BYTES] != APPLICATION_ID.to_bytes(4)):
        raise _foreign(path)


def _see(path: str, connection: sqlite3.Connection) -> None:
    """Refuse what is no store, or a later one."""
    with connection:
        connection.execute("BEGIN")  # so that all is of one moment: another run may be making the file
        empty = is_empty(connection)
        application, version = read_application_id(connection), read_version(connection)
    if application != APPLICATION_ID and not (application == 0 and empty):
        raise _foreign(path)
    if version > VERSION:
        told = f"{path} was written by a later microopt: its version is {version}, and this one knows {VERSION}"
        raise OutputError(told, fix="update it: pip install --upgrade microopt", code="store-newer")


def _foreign(path: str) -> OutputError:
    fix = "name another file, or one that is not there yet: it is made"
    return OutputError(f"{path} is there, and is no store of microopt", fix=fix, code="store-foreign")


@contextmanager
def _told(path: str) -> Iterator[None]:
    """Tell errors of the database as ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise _error_of(path, error) from None
    except OSError as error:
        fix = "choose a file that you may read and write, with room on its disk"
        raise OutputError(f"cannot open the store {path}: {error.strerror}", fix=fix) from None


def _error_of(path: str, error: sqlite3.Error) -> OutputError:
    kind = getattr(error, "sqlite_errorcode", 0) & 0xFF  # what more it may say stands in the upper bits
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        fix = "wait until it is done, or give it more time with --wait"
        return OutputError(f"{path} is in use by another program", fix=fix, code="locked")
    if kind in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        fix = "put a backup in its place, or move it away: the next run makes a new one"
        return OutputError(f"the store {path} is damaged: {error}", fix=fix, code="store-damaged")
    fix = "choose a file that you may read and write, in a folder that is there, with room on its disk"
    return OutputError(f"cannot write the store {path}: {error}", fix=fix)
