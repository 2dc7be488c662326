"""Rosters of any size with the tiers and figures of `examples/`, one for each seed."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

from examples.generate import PROFILES, Profile, build

MIX = {"nano": 0.36, "micro": 0.44, "mid": 0.14, "macro": 0.04, "mega": 0.02}  # as in examples/always-on.csv


def roster(creators: int, seed: int) -> str:
    """Return the CSV text of a clean synthetic roster, always the same for a seed.

    Parameters
    ----------
    creators
        How many; at least 50, so that every tier is there.
    """
    tiers = {tier: round(share * creators) for tier, share in MIX.items()}
    with patch.dict(PROFILES, {"benchmark": Profile(seed=seed, tiers=tiers)}):
        return build("benchmark")


def write_roster(folder: Path, creators: int, seed: int) -> Path:
    """Write a roster to a folder and return its path."""
    path = folder / f"roster-{creators}-{seed}.csv"
    path.write_text(roster(creators, seed), encoding="utf-8")
    return path
