"""When the garbage collector runs in a process of the command line: rarely."""

from __future__ import annotations

import gc

# A plan of 1,000 creators leaves 170,000 objects alive, nearly all of them code and tables of imported modules. Python
# would look through the new ones after each 700, and through all of them at every turn of a quarter more.
NEW_OBJECTS = 200_000


def collect_rarely() -> None:
    """Let the collector run only after many new objects."""
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
