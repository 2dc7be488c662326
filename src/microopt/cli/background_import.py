"""Import a module that is needed later, while something else is waited for."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from threading import Thread


def import_in_background(module: str) -> None:
    """Begin to import a module in a thread; who needs it imports it again, and gets it or the error."""
    with suppress(RuntimeError):  # no more threads
        Thread(target=_import, args=(module,), daemon=True).start()


def _import(module: str) -> None:
    with suppress(Exception):  # it would be printed as a traceback, and the command may not need the module after all
        import_module(module)
