"""Every regular expression of the package takes time in proportion to the text that it is given.

A pattern that looks for an end from each possible start, or that can divide a run in many ways, takes the square of the
length or more: one cell as long as a book would hang the command.
"""

import ast
import importlib
import inspect
import pkgutil
import re
import signal
from collections import deque

import pytest

import microopt
from microopt.readers.numbers.number_shapes import LONGEST_NUMBER
from microopt.readers.words.number_units import LONGEST_HEADER

FIRST = ("search", "match", "fullmatch")
METHODS = (*FIRST, "sub", "split", "finditer", "findall")
LENGTH = 100_000
LENGTH_FOR_LONG_PATTERNS = 1_000  # those of more than 2,000 characters: the words of all currencies
LONGEST = {  # texts that the patterns of a module are given; longer ones are set aside
    "microopt.readers.words.vocabulary": LONGEST_HEADER,
    "microopt.readers.words.number_units": LONGEST_HEADER,
    "microopt.readers.numbers.number_shapes": LONGEST_NUMBER,
}
PARTS = ("1", "1.", "1 ", "0,", " ", "a", "a ", "ab-", "a.a@", "(", "(soft ", "€ ", '"', '\\"', ",", "<c ", "- ", "/")
STARTS = ("1 (soft a:", '"', "<row r", "<c><f/>", ">= ", "mean(", "a = a")  # in front of a few of the parts
TEXTS = (*(("", part) for part in PARTS), *((start, part) for start in STARTS for part in ("1", " ", "a ", ",")))
SECONDS = 10  # of the processor, for what takes a hundredth of one


def find_uses(module):
    """Yield each name in a module on which a method of patterns is called, and the method."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            if isinstance(node.value, ast.Name):
                yield node.value.id, node.attr
            elif isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name) and not node.value.args:
                yield node.value.func.id, node.attr  # a function that compiles its pattern at the first call
        elif isinstance(node, ast.Call):  # a parser is told which pattern comes next
            yield from ((argument.id, "match") for argument in node.args if isinstance(argument, ast.Name))


def find_patterns():
    """Yield the name of a module and of a pattern, and a method that the module calls on it."""
    for found in pkgutil.walk_packages(microopt.__path__, "microopt."):
        if not found.name.endswith("__main__"):
            module = importlib.import_module(found.name)
            for name, method in find_uses(module):
                value = getattr(module, name, None)
                if isinstance(value() if hasattr(value, "cache_info") and is_plain(value) else value, re.Pattern):
                    yield found.name, name, method


def is_plain(function):
    return not inspect.signature(function).parameters


USES = sorted(set(find_patterns()))


def stop(*_):
    raise TimeoutError


def ends_in_time(search, text):
    """Return whether a search through a text ends before the time for it is over."""
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        search(text)
    except TimeoutError:
        return False
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return True


def test_the_patterns_are_found():
    assert len(USES) > 60


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a timer that stops a pattern")
@pytest.mark.parametrize(("module", "name", "method"), USES)
def test_a_pattern_takes_time_in_proportion_to_the_text(module, name, method):
    value = getattr(importlib.import_module(module), name)
    pattern = value if isinstance(value, re.Pattern) else value()
    length = LONGEST.get(module, LENGTH if len(pattern.pattern) <= 2_000 else LENGTH_FOR_LONG_PATTERNS)
    search = getattr(pattern, method) if method in FIRST else lambda text: deque(pattern.finditer(text), maxlen=0)
    previous = signal.signal(signal.SIGVTALRM, stop)
    try:
        for start, part in TEXTS:
            text = f"{start}{part * (length // len(part))}!"
            text = text.encode() if isinstance(pattern.pattern, bytes) else text
            assert ends_in_time(search, text), f"the time grows faster than the text: {text[:20]!r}"
    finally:
        signal.signal(signal.SIGVTALRM, previous)
