"""Keys of names: what counts as one spelling of a name."""

import pytest

from microopt.quantities.keys import match_key, match_keys


@pytest.mark.parametrize("name", ["نور\u200e", "\u200eنور", "@نور\u200e ", "نور\u200e "])
def test_a_name_that_was_copied_with_a_mark_of_direction_is_the_same_name(name):
    assert match_key(name) == match_key("نور")
    assert match_keys([name, "@Anna"]) == ["نور", "anna"]
