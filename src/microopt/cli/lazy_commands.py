"""The commands of the app, each imported and built when it is asked for: a run needs one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.main import get_group


class LazyCommands(Mapping[str, Any]):
    """The commands of some modules of `microopt.cli.commands`, by name, in their order.

    Parameters
    ----------
    names
        Of modules, with dashes for underscores. The command is the function of the same name in it, or, where there is
        one, its `app`, which has commands of its own.
    """

    def __init__(self, *names: str) -> None:
        self._names = names

    def __getitem__(self, name: str) -> Any:
        """Return a command as Typer's group has it."""
        if name not in self._names:
            raise KeyError(name)
        return _build(name)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, which imports nothing."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._names)


@cache
def _build(name: str) -> Any:
    own = name.replace("-", "_")
    module = import_module(f"microopt.cli.commands.{own}")
    alone = typer.Typer(rich_markup_mode="rich", add_completion=False)
    if hasattr(module, "app"):
        alone.add_typer(module.app)
    else:
        alone.command(name)(getattr(module, own))
    return get_group(alone).commands[name]
