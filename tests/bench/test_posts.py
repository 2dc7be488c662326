"""The benchmark of files of posts, on accounts drawn here: the real posts are not in the repository."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchmarks.posts import judge, run, write_posts
from benchmarks.registry import SPECS
from benchmarks.spec import Size


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """Return posts whose rates fall by a half for each year of age, and fewer in one niche than in the other."""
    random = np.random.default_rng(3)
    rows = []
    for number in range(400):
        level, followers = random.normal(-3.6 + (number % 2 == 0) * 1.0, 0.5), int(random.uniform(2_000, 50_000))
        for age in random.uniform(0, 900, random.integers(2, 6)):
            likes = round(followers * np.exp(level - 0.7 * age / 365 + random.normal(0, 0.4)))
            day = pd.Timestamp("2019-06-01") - pd.Timedelta(days=int(age))
            rows.append(
                (f"c{number // 2 * 2 + 1 + number % 2 * 800:05d}", "ab"[number % 2], followers, day, likes, 0, 0)
            )
    names = ["creator", "niche", "followers", "day", "likes", "comments", "is_video"]
    table = pd.DataFrame(rows, columns=names)
    table.to_csv(tmp_path / "posts-2019.csv", index=False)
    monkeypatch.setenv("MICROOPT_DATA", str(tmp_path))
    return table


def test_posts_with_dates_and_niches_beat_their_average_where_both_matter(drawn):
    judged = judge(drawn)
    errors = {name: np.sqrt(np.mean((judged.came - figures) ** 2)) for name, figures in judged.forecasts.items()}
    average = np.sqrt(np.mean((judged.came - judged.average) ** 2))
    assert errors["posts"] < 0.9 * average
    assert errors["posts"] < min(errors["without dates"], errors["own posts alone"])


def test_a_run_measures_errors_and_speed(drawn):
    report = run(Size(sizes=(500,), creators=20))
    assert not report.missed
    assert "| all |" in report.text
    assert "| 500 | 20 |" in report.text


def test_without_the_real_posts_nothing_is_measured(monkeypatch, tmp_path):
    monkeypatch.setenv("MICROOPT_DATA", str(tmp_path))
    assert not run(SPECS["posts"].smoke).measured


def test_the_large_file_has_so_many_posts_of_creators_of_the_roster(tmp_path):
    roster, posts = write_posts(tmp_path, 100, 10)
    table = pd.read_csv(posts)
    assert len(table) == 100
    assert set(table["Username"]) <= set(pd.read_csv(roster)["creator"])
    assert Path(posts).name == "posts.csv"
