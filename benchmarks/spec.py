"""Spec: one benchmark with its sizes. Report: the results of one run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The size of a run.

    Attributes
    ----------
    creators
        Creators of each generated roster.
    campaigns
        Campaigns on them, for a benchmark of several.
    seeds
        One roster is generated for each.
    rounds
        How often each command is timed.
    examples
        Names of the example rosters, for a benchmark that takes them.
    instances
        Names of the public instances, or of the cells, for a benchmark that takes them; all where there are none.
    sizes, hard
        Offers of each roster, for a benchmark of several sizes: of plain rosters, and of hard ones.
    peers
        Names of the other solvers that hard rosters are given to; all where there are none.
    nights, every
        Nightly runs, and nights from one to the next, for a benchmark of a campaign that runs.
    """

    creators: int = 0
    campaigns: int = 0
    seeds: tuple[int, ...] = ()
    rounds: int = 1
    examples: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    hard: tuple[int, ...] = ()
    peers: tuple[str, ...] = ()
    nights: int = 0
    every: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The results of a run.

    Attributes
    ----------
    text
        Markdown: a table, and what must be said of it.
    missed
        What is above its bar, in sentences.
    measured
        Whether there is anything to publish.
    """

    text: str
    missed: tuple[str, ...] = ()
    measured: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One benchmark.

    Attributes
    ----------
    name
        As on the command line, and of its file in `results/`.
    about
        What it asks, in a sentence.
    full, smoke
        The size that is published, and one that takes seconds and shows only that it runs.
    run
        Measures at a size.
    """

    name: str
    about: str
    full: Size
    smoke: Size
    run: Callable[[Size], Report]
