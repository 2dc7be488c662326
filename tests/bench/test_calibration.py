"""What is held out of real posts, and what promises are compared with."""

import numpy as np
import pandas as pd
import pytest
from benchmarks.calibration import SPEC, VARIABLE, hold_out_last_posts

POSTS = pd.DataFrame(
    [
        ("c2", 2_000, "2019-03-01", 40, 0),
        ("c1", 1_000, "2019-01-05", 90, 10),
        ("c1", 1_000, "2019-01-01", 40, 10),
        ("c1", 1_000, "2019-02-01", 300, 3),
        ("c2", 2_000, "2019-01-01", 80, 20),
    ],
    columns=["creator", "followers", "day", "likes", "comments"],
)


def test_the_last_post_of_each_account_is_held_out_and_the_others_are_averaged():
    accounts = hold_out_last_posts(POSTS)
    assert dict(zip(accounts.names, accounts.brought.tolist(), strict=True)) == {"c1": 303, "c2": 40}
    assert dict(zip(accounts.names, accounts.posts.tolist(), strict=True)) == {"c1": 2, "c2": 1}
    np.testing.assert_allclose(dict(zip(accounts.names, accounts.rate, strict=True))["c1"], (0.1 + 0.05) / 2)


@pytest.mark.bench
def test_promises_are_compared_with_what_came_of_drawn_accounts(tmp_path, monkeypatch):
    """Posts drawn from the model, where an account does not grow: what is promised is then more than what came."""
    random, count = np.random.default_rng(1), 3_000
    followers = np.exp(random.uniform(np.log(1e3), np.log(4e6), count)).astype(int)
    theta = random.normal(-3.7, 0.8, count)
    rows = [
        (f"c{account}", followers[account], f"2019-0{month}-01", int(followers[account] * rate), 0)
        for account in range(count)
        for month, rate in enumerate(np.exp(random.normal(theta[account], 0.6, 4)), start=1)
    ]
    pd.DataFrame(rows, columns=POSTS.columns).to_csv(tmp_path / "posts-2019.csv", index=False)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    report = SPEC.run(SPEC.smoke)
    assert report.measured
    ratios = [float(line.split("|")[3]) for line in report.text.splitlines() if line.startswith(("| all", "| tier"))]
    assert len(ratios) == 6
    assert all(0.7 < ratio < 1.8 for ratio in ratios), ratios
