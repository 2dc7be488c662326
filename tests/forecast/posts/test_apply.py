"""What posts change in a forecast."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.campaign import Campaign
from microopt.campaign.inputs import CampaignInput
from microopt.forecast.forecast import Origin
from microopt.forecast.model import expected_results
from microopt.forecast.plausibility import find_suspicions
from microopt.forecast.posts.apply import prior_after_posts
from microopt.forecast.shrinkage import engagement_prior
from microopt.readers.campaign_file import campaign_from_input
from microopt.roster.post_history import PostHistory
from tests.readers.posts.test_read_posts import read

NOTHING = {name: np.full(1, np.nan) for name in PostHistory.__struct_fields__}
ZERO = {"posts": np.zeros(1, dtype=np.int64), "weight": np.zeros(1), "shift": np.zeros(1), "format": np.zeros(1)}
ONE = "creator,platform,offer,followers,fee,niche\n@anna,instagram,reel,20000,100,beauty\n"
OTHERS = "".join(f"@other{number},instagram,reel,20000,100,food\n" for number in range(30))


def usual():
    return engagement_prior(default_benchmarks(), np.zeros(1, dtype=np.int8), np.asarray([20_000.0]))


def history(**figures):
    return PostHistory(**{**NOTHING, **ZERO, **{name: np.asarray([value]) for name, value in figures.items()}})


def expected(roster, **campaign):
    return expected_results(roster, campaign_from_input(CampaignInput(budget="1000", **campaign)))


@given(st.floats(0.1, 200), st.floats(-7, -1), st.floats(0.2, 1.5), st.floats(-1, 1))
def test_the_level_after_posts_is_that_of_bayes_on_a_grid(weight, level, within, shift):
    prior = usual()
    found = prior_after_posts(
        prior, history(posts=3, weight=weight, level=level, within=within, shift=shift, between=0.7), shrink=True
    )
    grid = np.linspace(-15, 5, 40_001)
    usual_level = prior.mu[0] + prior.growth[0] + shift
    logs = -weight * (level - grid) ** 2 / (2 * within**2) - (grid - usual_level) ** 2 / (2 * 0.7**2)
    density = np.exp(logs - logs.max())
    density /= density.sum()
    mean = density @ grid
    assert found.mu[0] + found.growth[0] == pytest.approx(mean, abs=1e-3)
    assert found.between[0] == pytest.approx(np.sqrt(density @ (grid - mean) ** 2), abs=1e-3)
    assert found.within[0] == within


def test_without_posts_only_the_shift_of_others_counts():
    prior = usual()
    found = prior_after_posts(prior, history(shift=0.3), shrink=True)
    assert found.mu[0] == pytest.approx(prior.mu[0] + 0.3)
    assert (found.within[0], found.between[0]) == (prior.within[0], pytest.approx(prior.between[0]))


def test_without_shrinking_posts_count_as_they_are():
    found = prior_after_posts(usual(), history(posts=4, weight=4.0, level=-2.0, within=0.5), shrink=False)
    assert found.mu[0] + found.growth[0] == pytest.approx(-2)
    assert found.between[0] == pytest.approx(0.25)


POSTS = "creator,date,likes\n" + "".join(f"@anna,2026-10-{day:02d},{400 + 10 * day}\n" for day in range(1, 29))


def test_many_posts_give_their_own_rate():
    roster = read(POSTS, ONE)
    results = expected(roster, forecast={"sponsored": {"ratio": [1.0, 1.0]}})
    assert results.metrics["engagements"][0] == pytest.approx(550, rel=0.1)
    assert results.origins["engagements"].tolist() == [Origin.SHRUNK]


def test_few_posts_are_drawn_to_what_is_usual_and_the_average_of_the_roster():
    few = "creator,date,likes\n@anna,2026-10-01,4000\n"
    stated = ONE.replace("niche", "niche,engagement_rate,posts").replace("beauty", "beauty,2%,20")
    alone, with_average = (expected(read(few, roster)).metrics["engagements"][0] for roster in (ONE, stated))
    without_posts = expected(replace(read(few, stated), posts=None)).metrics["engagements"][0]
    assert without_posts < with_average < alone < 4000


def test_the_average_of_the_roster_counts_for_the_posts_that_are_not_in_the_file():
    """Where the file has as many posts as the average, the average says nothing more."""
    stated = ONE.replace("niche", "niche,engagement_rate,posts").replace("beauty", "beauty,30%,28")
    with_average, without = (expected(read(POSTS, roster)).metrics["engagements"][0] for roster in (stated, ONE))
    assert with_average == pytest.approx(without)


def test_paid_posts_have_a_ratio_of_their_own_and_the_roster_has_the_last_word():
    rows = "".join(
        f"@anna,2026-10-{day:02d},{400 if day % 2 else 200},{'no' if day % 2 else 'yes'}\n" for day in range(1, 29)
    )
    others = "".join(
        f"@other{number},2026-10-{day:02d},{240 + 360 * (number % 2) if day % 2 == 0 else 400},{'ny'[day % 2 == 0]}\n"
        for number in range(30)
        for day in range(1, 9)
    )
    text = f"creator,date,likes,paid\n{rows}{others}"
    roster = read(text, ONE + OTHERS)
    assert np.exp(roster.posts.paid[0]) == pytest.approx(0.5, abs=0.08)
    assert np.exp(roster.posts.paid[2::2]).mean() == pytest.approx(1.5, abs=0.2)
    organic = expected(roster).metrics["engagements"][0]
    stated = expected(replace(roster, numbers={**roster.numbers, "sponsored_ratio": np.ones(31)}))
    assert organic == pytest.approx(200, rel=0.15)
    assert stated.metrics["engagements"][0] == pytest.approx(400, rel=0.15)


def test_views_clicks_and_conversions_of_posts_are_learned():
    rows = "".join(f"@anna,2026-10-{day:02d},400,30000,600,30\n" for day in range(1, 29))
    roster = read(f"creator,date,likes,views,clicks,orders\n{rows}", ONE)
    results = expected(roster)
    assert results.metrics["impressions"][0] == pytest.approx(30_000, rel=0.35)
    assert results.metrics["clicks"][0] / results.metrics["impressions"][0] == pytest.approx(0.02, rel=0.02)
    assert results.cvr[0] == pytest.approx(0.05, rel=0.05)
    assert {Origin(code) for name in ("impressions", "clicks") for code in results.origins[name]} == {Origin.SHRUNK}


def test_own_figures_of_the_roster_stay():
    stated = ONE.replace("niche", "niche,views,ctr").replace("beauty", "beauty,5000,1%")
    rows = "".join(f"@anna,2026-10-{day:02d},400,30000,600\n" for day in range(1, 29))
    results = expected(read(f"creator,date,likes,views,clicks\n{rows}", stated))
    assert results.metrics["impressions"].tolist() == [5000]
    assert results.metrics["clicks"].tolist() == [50]


def test_formats_that_bring_more_are_planned_with_more():
    rows = "".join(
        f"@other{number},2026-10-{day:02d},{800 if day % 2 else 400},{'reel' if day % 2 else 'post'}\n"
        for number in range(30)
        for day in range(1, 9)
    )
    offers = "".join(
        f"@other{number},instagram,{offer},20000,100,food\n" for number in range(30) for offer in ("reel", "post")
    )
    roster = read(f"creator,date,likes,format\n{rows}", ONE.splitlines()[0] + "\n" + offers)
    brought = expected(roster).metrics["engagements"]
    assert brought[0] / brought[1] == pytest.approx(2, rel=0.15)


def test_the_spread_of_a_creator_makes_their_range():
    steady = "creator,date,likes\n" + "".join(f"@anna,2026-10-{day:02d},400\n" for day in range(1, 29))
    wild = "creator,date,likes\n" + "".join(f"@anna,2026-10-{day:02d},{4 ** (day % 5) * 5}\n" for day in range(1, 29))
    assert expected(read(steady, ONE)).rates.post[0] < 0.6 * expected(read(wild, ONE)).rates.post[0]


def test_parts_of_a_roster_have_their_own_posts():
    roster = read(POSTS.replace("@anna,2026-10-01", "@other3,2026-10-01"), ONE + OTHERS)
    rows = np.asarray([4, 0])
    assert roster.take(rows).posts.posts.tolist() == [1, 27]
    assert roster.reorder(rows).posts.level.tolist() == roster.posts.level[rows].tolist()


def test_known_clicks_narrow_the_range_of_the_click_rate():
    rows = "".join(f"@anna,2026-10-{day:02d},400,30000,60\n" for day in range(1, 29))
    few, many = (
        expected(read(f"creator,date,likes,views,clicks\n{text}", ONE)).deliverables.ctr_spread[0]
        for text in (rows[: rows.index("\n") + 1], rows)
    )
    public = expected(replace(read(POSTS, ONE), posts=None)).deliverables.ctr_spread[0]
    assert many < few < public
    assert many == pytest.approx(1 / np.sqrt(60 * 28), rel=0.02)


def test_refitted_benchmarks_do_not_count_twice_what_posts_show():
    """Both say that these creators engage twice as much as usual: posts decide."""
    names = [f"other{number}" for number in range(40)]
    roster = "creator,platform,offer,followers,fee,engagement_rate\n"
    roster += "".join(f"@{name},instagram,reel,20000,100,{4 + n % 5}%\n" for n, name in enumerate(names))
    roster += "@anna,instagram,reel,20000,100,\n"
    rows = "".join(f"@{name},2026-10-0{day},{1000 + 100 * (n % 5)}\n" for n, name in enumerate(names) for day in (1, 5))
    known = read(f"creator,date,likes\n{rows}", roster)
    plain, fitted = (expected(known, fit_benchmarks=fit).metrics["engagements"][-1] for fit in (False, True))
    assert fitted == pytest.approx(plain, rel=0.1)


def test_a_typical_post_with_more_engagements_than_followers_is_doubted():
    rows = "@anna,2026-10-01,30000\n@anna,2026-10-02,25000\n@anna,2026-10-03,28000\n@other1,2026-10-01,30000\n"
    rows += "@other1,2026-10-02,500\n@other1,2026-10-03,500\n"
    (doubt,) = find_suspicions(read(f"creator,date,likes\n{rows}", ONE + OTHERS), Campaign(budget=100_000))
    assert (doubt.code, doubt.count, doubt.creators[0].creator) == ("posts-above-followers", 1, "@anna")
    assert "20k followers" in doubt.creators[0].text
