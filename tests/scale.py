"""How much work the tests do: the profiles fast, ci and deep, and the scale that each of them sets.

`MICROOPT_TEST_PROFILE` (or `pytest --profile`) names the profile; `MICROOPT_TEST_SCALE` overrides its scale. At scale 1
a test draws as many examples as its source says.
"""

import os

PROFILES = {"fast": 0.15, "ci": 1.0, "deep": 2.0}  # scale of each profile
PROFILE = "MICROOPT_TEST_PROFILE"
SCALE = "MICROOPT_TEST_SCALE"
FEWEST = 3  # examples that a property is tried with at any scale


def profile() -> str:
    """Return the name of the profile in force."""
    return os.environ.get(PROFILE) or "fast"


def scale() -> float:
    """Return the factor on the sizes that the tests state."""
    return float(os.environ.get(SCALE) or PROFILES[profile()])


def examples(count: int) -> int:
    """Return how many examples Hypothesis draws for a property that is stated for `count`."""
    return max(min(count, FEWEST), round(count * scale()))


def repeats(count: int) -> int:
    """Return how often a deep test repeats what it states `count` times.

    Never fewer: such a test also asserts that the rare outcomes occurred.
    """
    return max(count, round(count * scale()))
