"""Headers of medians: a median of posts is not their mean, which a few large posts raise."""

from __future__ import annotations

import re

MEDIAN = re.compile(r"(?<![^\W_])(?:median|mediana|médiane|medianwert|中央値|中位数)(?![^\W_])", re.IGNORECASE)
