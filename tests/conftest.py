"""What every test run shares: Ctrl-C, the size of random tests, and which tests a plain `pytest` leaves out.

A plain `pytest` is the quick check of a change. Tests that are marked with one of `DEEP` run on request: `-m MARKER`,
`--deep`, a node id, or `--shard K/N` for a stable part of them.
"""

import os
import signal
import zlib
from collections import Counter

import pytest
from hypothesis import is_hypothesis_test, settings

from tests import scale

signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs of a shell ignore SIGINT, and tests send it

DEEP = ("random", "kill", "fuzz", "browser", "office", "bench", "slow")
LEFT_OUT = pytest.StashKey[Counter]()


def pytest_addoption(parser):
    group = parser.getgroup("microopt")
    group.addoption("--profile", choices=scale.PROFILES, help=f"size of random tests; default ${scale.PROFILE} or fast")
    group.addoption("--deep", action="store_true", help="run the deep tests too: " + ", ".join(DEEP))
    group.addoption("--shard", metavar="K/N", help="run part K (from 0) of N of deep and property tests")


def pytest_configure(config):
    config.stash[LEFT_OUT] = Counter()
    if config.option.profile:
        os.environ[scale.PROFILE] = config.option.profile  # workers and test modules read the environment
    if scale.profile() not in scale.PROFILES:
        raise pytest.UsageError(f"{scale.PROFILE} is {scale.profile()!r}, not one of {', '.join(scale.PROFILES)}")
    if config.option.shard:
        shard_of(config.option.shard)
    for name in scale.PROFILES:
        settings.register_profile(name, max_examples=scale.examples(100), deadline=None)
    settings.load_profile(scale.profile())


def shard_of(text):
    """Return (part, parts) of the option --shard."""
    part, _, parts = text.partition("/")
    if not (part.isdigit() and parts.isdigit() and int(part) < int(parts)):
        raise pytest.UsageError(f"--shard is {text!r}, not K/N with K below N")
    return int(part), int(parts)


def markers_of(item):
    """Return the deep markers of a test."""
    return [name for name in DEEP if item.get_closest_marker(name)]


def is_in_shard(item, part, parts):
    """Whether a deep or a property test is in a part; its node id decides alone, so that other tests do not move it.

    Property tests are among them because a plain run draws few examples. All tests that need a program beside Python
    are in one part, so that the other parts need not install it.
    """
    marked = markers_of(item)
    beside = {"browser", "office"}.intersection(marked)
    key = beside.pop() if beside else item.nodeid
    return bool(marked or is_hypothesis_test(item.obj)) and zlib.crc32(key.encode()) % parts == part


def is_selected(item, config):
    """Whether a test runs: deep ones on request only."""
    if config.option.shard:
        return is_in_shard(item, *shard_of(config.option.shard))
    marked = markers_of(item)
    named = any("::" in argument for argument in config.args)
    return not marked or config.option.deep or bool(config.option.markexpr) or named


def pytest_collection_modifyitems(config, items):
    left_out = [item for item in items if not is_selected(item, config)]
    if left_out:
        if not config.option.shard:
            config.stash[LEFT_OUT].update(" and ".join(markers_of(item)) for item in left_out)
        config.hook.pytest_deselected(items=left_out)
        kept = set(items) - set(left_out)
        items[:] = [item for item in items if item in kept]


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(session.config.stash[LEFT_OUT])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Take over what a worker of xdist has left out: each of them collects all tests, and their parent none."""
    node.config.stash[LEFT_OUT] |= Counter(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter, config):
    left_out = config.stash[LEFT_OUT]
    if left_out:
        counts = ", ".join(f"{count} {name}" for name, count in sorted(left_out.items()))
        terminalreporter.write_line(f"Left out {sum(left_out.values())} deep tests: {counts}.")
        terminalreporter.write_line("Run some with pytest -m MARKER, all with pytest --deep --profile ci.")
