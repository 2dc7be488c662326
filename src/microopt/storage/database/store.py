"""A store: one SQLite file with the history of a campaign's runs."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from errno import EINVAL
from pathlib import Path
from shlex import quote
from stat import S_ISREG
from types import TracebackType

from microopt.campaign.progress import ResultRow
from microopt.errors import OutputError
from microopt.files.reading import note_input, refuse_endless
from microopt.plan.seal import SealedPlan
from microopt.storage.database import rows
from microopt.storage.database.integrity import describe_wrong_schema, find_changed_rows, find_damage
from microopt.storage.database.schema import (
    APPLICATION_ID,
    VERSION,
    is_empty,
    migrate,
    read_application_id,
    read_version,
)
from microopt.storage.targets import claim_targets

MAGIC = b"SQLite format 3\0"
APPLICATION_ID_BYTES = slice(68, 72)  # in the header of a file
SIDE_FILES = ("-journal", "-wal", "-shm")  # endings of what SQLite makes next to a file
# What SQLite says of a file that does not hold what microopt wrote there, as far as it can tell.
DAMAGE = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,  # a table or a column is missing
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_FORMAT,
)
PLACE_FIX = "use a file that you can read and write on a disk with free space, such as --store ~/campaign.db"


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

    def plans(self) -> Iterator[tuple[str, str | None, bytes]]:
        """Yield the name, the time and the plan file of each run, in the order in which they were added.

        The time is None if the store has none that is valid. The bytes are whatever the store has in the plan's place.
        """
        query = "SELECT id, CAST(at AS TEXT), CAST(document AS BLOB) FROM runs LEFT JOIN plans ON run = id ORDER BY id"
        with _translate_errors(self.path):
            for number, at, document in self._connection.execute(query):
                yield f"run {number}", at if _is_timestamp(at) else None, document or b""

    def version(self) -> int:
        """Return the version of the tables."""
        return read_version(self._connection)

    def damage(self) -> Iterator[str]:
        """Yield what is wrong with the file and the links of its rows, in words."""
        with _translate_errors(self.path):
            yield from find_damage(self._connection)

    def changed_rows(self, run: int, plan: SealedPlan) -> Iterator[str]:
        """Yield where the rows of a run say something else than its plan, in words."""
        with _translate_errors(self.path):
            yield from find_changed_rows(self._connection, run, plan)

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
        If the file is not a store, was written by a later version, is damaged, or cannot be read or written; or if the
        command also reads what it is to write; it is unchanged.
    """
    file = claim_targets([path])[path] if create else Path(path)
    if not create:
        note_input(path)
    with _translate_errors(path):
        _refuse_foreign(path, file)
        _refuse_special_side_files(file)
        uri = f"{file.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
        connection = sqlite3.connect(uri, uri=True, timeout=wait, isolation_level=None)
        try:
            _prepare(path, connection, create)
        except BaseException:
            connection.close()
            raise
    return Store(path, connection)


def _prepare(path: str, connection: sqlite3.Connection, create: bool) -> None:
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.execute("PRAGMA trusted_schema = OFF")  # the file may come from a stranger
    _check_version(path, connection)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = EXTRA")  # committed data survives a power cut
    if create:
        migrate(connection)
    elif is_empty(connection):
        raise _foreign_file_error(path)


def is_store(path: str) -> bool:
    """Whether a file is an SQLite database, of any program."""
    return _read_header(Path(path)).startswith(MAGIC)


def _read_header(file: Path) -> bytes:
    refuse_endless(str(file))
    with file.open("rb") as stream:
        return stream.read(100)


def _refuse_foreign(path: str, file: Path) -> None:
    """Refuse a file that is not a store by its header, since SQLite may write next to a file that it opens."""
    try:
        header = _read_header(file)
    except FileNotFoundError:
        return
    except ValueError as error:  # a null character in the path
        raise OutputError(f"cannot open the store {path}: {error}", fix=PLACE_FIX) from None
    if header and (not header.startswith(MAGIC) or header[APPLICATION_ID_BYTES] != APPLICATION_ID.to_bytes(4)):
        raise _foreign_file_error(path)


def _refuse_special_side_files(file: Path) -> None:
    """Refuse a pipe or a link where SQLite looks for a journal: it would wait for the one, and write through the other.

    Raises
    ------
    OSError
        If there is one.
    """
    store = os.path.realpath(file)
    for side_file in (Path(store + ending) for ending in SIDE_FILES):
        try:
            is_regular = S_ISREG(side_file.lstat().st_mode)
        except FileNotFoundError:  # other runs make and remove it
            continue
        if not is_regular:
            raise OSError(EINVAL, f"{side_file.name} next to it is not a regular file")


def _check_version(path: str, connection: sqlite3.Connection) -> None:
    """Refuse a file that is not a store, a store of a later version, and one whose tables are not microopt's."""
    with connection:
        connection.execute("BEGIN")  # a consistent view, since another run may be creating the file
        empty = is_empty(connection)
        application_id, version = read_application_id(connection), read_version(connection)
        problem = "" if empty and version == 0 else describe_wrong_schema(connection, version)
    if application_id != APPLICATION_ID and not (application_id == 0 and empty):
        raise _foreign_file_error(path)
    if version > VERSION:
        message = f"a newer microopt wrote {path}: its version is {version}, and this one reads up to {VERSION}"
        raise OutputError(message, fix="update it: pip install --upgrade microopt", code="store-newer")
    if problem:
        raise _damaged_store_error(path, problem)


def _is_timestamp(text: str | None) -> bool:
    """Whether a text is a time as ISO 8601."""
    try:
        return text is not None and text.isascii() and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


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
    except UnicodeDecodeError:  # of SQLite's own message, which names what it found
        raise _damaged_store_error(path, "it has a table or a column with a name that is not text") from None
    except OSError as error:
        raise OutputError(f"cannot open the store {path}: {error.strerror}", fix=PLACE_FIX) from None


def _to_output_error(path: str, error: sqlite3.Error) -> OutputError:
    kind = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the upper bits hold details
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        fix = "wait until it is done, or give it more time with --wait"
        return OutputError(f"{path} is in use by another program", fix=fix, code="locked")
    if kind in DAMAGE:
        return _damaged_store_error(path, str(error))
    return OutputError(f"cannot write the store {path}: {error}", fix=PLACE_FIX)


def _damaged_store_error(path: str, reason: str) -> OutputError:
    move = f"mv {quote(path)} {quote(path + '.damaged')}"
    fix = f"restore a backup, or move it away so that the next run creates a new one: {move}"
    return OutputError(f"the store {path} is damaged: {reason}", fix=fix, code="store-damaged")
