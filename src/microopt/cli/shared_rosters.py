"""The lists that a process has read: campaigns that share one, read in the same way, share what was read."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from stat import S_ISREG

import msgspec

from microopt.files.identity import identify
from microopt.files.reading import STANDARD_INPUT
from microopt.files.record import current_record
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from microopt.roster.roster import Roster

MOST_OFFERS = 300_000  # that are kept in memory: about as many as one large list has
Key = tuple[object, ...]
# Tables of options cannot be keys; as bytes, equal options are equal.
_ENCODER = msgspec.msgpack.Encoder(enc_hook=lambda value: (type(value).__name__, repr(value)), order="deterministic")


class SharedRosters:
    """Reads lists, and keeps those that were asked for last.

    A list is read again if its file, or that of its past posts, is another one or has changed since. A folder or a
    pattern of several files is always read again.
    """

    def __init__(self, most_offers: int = MOST_OFFERS) -> None:
        self._most_offers = most_offers
        self._rosters: OrderedDict[Key, Roster] = OrderedDict()

    def read(self, path: str, options: ReadOptions) -> Roster:
        """Return a list as `read_roster` does; the command notes its files as inputs, also where it has them already.

        Raises
        ------
        RosterError
            With every fault of the file.
        """
        key = _key(path, options)
        if key is None:
            return read_roster(path, options)
        if (known := self._rosters.get(key)) is not None:
            for file in filter(None, (path, options.posts)):
                current_record().add_input(identify(file))
            current_record().clock.note_byte()
            self._rosters.move_to_end(key)
            return known
        roster = read_roster(path, options)
        if key == _key(path, options):  # it was not replaced while it was read
            self._keep(key, roster)
        return roster

    def _keep(self, key: Key, roster: Roster) -> None:
        self._rosters[key] = roster
        while len(self._rosters) > 1 and sum(map(len, self._rosters.values())) > self._most_offers:
            self._rosters.popitem(last=False)


def _key(path: str, options: ReadOptions) -> Key | None:
    """Return what a list is known by; None for one that is not a single regular file."""
    signatures = [_signature(file) for file in (path, options.posts) if file is not None]
    return None if None in signatures else (path, *signatures, _ENCODER.encode(options))


def _signature(path: str) -> tuple[int, ...] | None:
    """Return what changes with the contents of a file, or None if it is not a regular one."""
    if path == STANDARD_INPUT:
        return None
    try:
        status = Path(path).stat()
    except (OSError, ValueError):  # reading it says why
        return None
    parts = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return parts if S_ISREG(status.st_mode) else None
