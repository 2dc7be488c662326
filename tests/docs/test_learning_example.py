"""The example of learning that the page on nightly runs works out by hand, against the forecast itself."""

import re
from math import exp, expm1
from pathlib import Path

import numpy as np
import pytest

from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import CampaignProgress, PostResults
from microopt.forecast.model import expected_results
from microopt.roster.contract_status import with_contract_columns
from tests.forecast.builders import roster

PAGE = (Path(__file__).parents[2] / "docs" / "nightly.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.split("### By hand\n")[1].split("\n## ")[0]
EXPECTED, ORDERS = 4.0, (12.0, 10.0, 9.0)


def factors(*orders):
    """Return the factor on conversions of each of four creators, the first of whom brought so many orders a post."""
    known = roster(rows=4, platform="tiktok")
    before = expected_results(known, Campaign(budget=1))
    clicks = EXPECTED / float(before.metrics["conversions"][0] / before.metrics["clicks"][0])
    results = tuple(
        PostResults(creator=f"c{row}", posts=1, matured_posts=1, clicks=clicks, conversions=count)
        for row, count in enumerate(orders)
    )
    running = CampaignProgress(results=results)
    after = expected_results(with_contract_columns(known, running), Campaign(budget=1, running=running))
    return after.cvr / before.cvr


def shown(label):
    """Return the figure in the last column of a row of the example."""
    (figure,) = re.findall(rf"^\| \**{re.escape(label)}\** \|.*\| \**([^|*]+?)\** \|$", EXAMPLE, re.MULTILINE)
    return figure


def test_the_other_offers_move_as_the_example_says():
    shift = float(np.log(factors(*ORDERS)[3]))
    assert f"{shift:.3f}" == shown("shift")
    assert f"{EXPECTED * exp(shift):.2f}" == shown("orders expected with it")
    assert f"{expm1(shift):+.0%}" == shown("all other offers on TikTok")
    likely, variation = EXPECTED * exp(shift), 2 * expm1(0.6**2)
    pulls = [(count - likely) / (1 + likely * variation) for count in ORDERS[1:]]
    assert [f"{pull:.3f}" for pull in pulls] == [shown(f"pull of the creator with {count:g}") for count in ORDERS[1:]]
    assert f"{sum(pulls):.3f}" == shown("check: both pulls") == shown("check: d/t²")
    assert sum(pulls) == pytest.approx(shift / (0.8**2 * 2 / 6))
    assert f"{0.8**2 * 2 / 6:.3f}" in EXAMPLE


def test_the_creator_moves_further_as_the_example_says():
    found = factors(*ORDERS)
    own = found[0] / found[3]
    assert f"{own:.2f}" == shown("on top for that creator")
    assert f"{EXPECTED * found[0]:.1f}" == shown("that creator's next such post")
    ratio = ORDERS[0] / (EXPECTED * found[3])
    assert f"{(own - 1) / (ratio - 1):.3f}" == shown("Z of the creator with 12")


def test_alone_the_creator_moves_as_the_example_says_and_nobody_else():
    found = factors(ORDERS[0])
    assert found[3] == 1
    assert f"to {EXPECTED * found[0]:.1f} orders" in EXAMPLE.replace("\n", " ")
