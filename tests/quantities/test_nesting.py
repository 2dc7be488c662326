"""Nested values are measured without recursion, however deep they are."""

import pytest

from microopt.quantities.nesting import MAX_NESTING, is_nested_too_deep


def nest(depth, wrap):
    value = 1
    for _ in range(depth):
        value = wrap(value)
    return value


@pytest.mark.parametrize("wrap", [lambda value: [value], lambda value: {"a": value}, lambda value: [0, {"a": [value]}]])
def test_a_value_may_have_so_many_levels_and_no_more(wrap):
    levels = 3 if isinstance(wrap(1), list) and len(wrap(1)) == 2 else 1
    most = MAX_NESTING // levels
    assert not is_nested_too_deep(nest(most, wrap))
    assert is_nested_too_deep(nest(most + 1, wrap))
    assert is_nested_too_deep(nest(100_000, wrap))


@pytest.mark.parametrize("value", [1, None, "text", [], {}, [[], {}], {"a": [1, 2]}])
def test_what_is_flat_is_not_deep(value):
    assert not is_nested_too_deep(value)
