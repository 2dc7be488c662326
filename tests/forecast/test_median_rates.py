"""A list may state medians of posts instead of means: their logs need no correction."""

import numpy as np
import pytest

from microopt.campaign.inputs import CampaignInput
from microopt.forecast.model import expected_results
from microopt.readers.campaign_file import campaign_from_input
from tests.forecast.builders import BETWEEN, MU, WITHIN, log_of_mean
from tests.readers.builders import read

FOLLOWERS = 20_000


def rate(header, cell, **campaign):
    roster = read(f"creator,platform,followers,fee,posts,{header}\n@a,instagram,{FOLLOWERS},100,8,{cell}\n")
    return expected_results(roster, campaign_from_input(CampaignInput(budget="100", **campaign))).rates


@pytest.mark.parametrize(
    ("median", "mean", "cell"),
    [
        ("Median ER", "Avg ER", "4%"),
        ("Engagement rate (median)", "Engagement rate", "4%"),
        ("Median likes", "Avg likes", "800"),
        ("Median engagements", "Engagements", "800"),
    ],
)
def test_a_median_promises_more_than_a_mean_of_the_same_size(median, mean, cell):
    """The log of the mean of 8 posts is above the mean of their logs, that of their median is not."""
    of_median, of_mean = (np.log(rate(header, cell).mean[0]) for header in (median, mean))
    weight = 8 / (8 + WITHIN**2 / BETWEEN**2)
    assert of_median - of_mean == pytest.approx(weight * log_of_mean(8))


def test_the_median_is_the_log_level_itself():
    drawn = np.log(rate("Median ER", "4%").mean[0]) - np.log(rate("Median ER", f"{100 * np.exp(MU):.6f}%").mean[0])
    assert drawn == pytest.approx(8 / (8 + WITHIN**2 / BETWEEN**2) * (np.log(0.04) - MU))


def test_without_shrinking_a_median_stays_as_it_is_stated():
    assert rate("Median ER", "4%", shrink=False).mean.tolist() == [0.04]
