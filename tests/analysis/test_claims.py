"""What is said of micro and mega, on rosters of which the truth is known."""

import numpy as np
import pytest
from msgspec.structs import replace

from microopt.analysis.claims import evaluate_claims
from microopt.campaign.campaign import Campaign
from tests.solver.builders import roster, text_column

SIZES = {"micro": 30_000, "mega": 3_000_000}


def people(micro_rate, mega_rate, count=60, spread=0.3, seed=1, **columns):
    draw = np.random.default_rng(seed)
    names, followers, rates, fees = [], [], [], []
    for tier, middle in (("micro", micro_rate), ("mega", mega_rate)):
        for number in range(count):
            names.append(f"{tier}{number}")
            followers.append(int(SIZES[tier] * draw.uniform(0.5, 1.5)))
            rates.append(middle * float(np.exp(draw.normal(0, spread))))
            fees.append(20_000 if tier == "micro" else 4_000_000)
    return roster(names, followers=followers, fee=fees, numbers={"engagement_rate": rates, **columns})


def verdicts(creators, campaign=None):
    return {claim.name: claim for claim in evaluate_claims(creators, campaign or Campaign(budget=0)).claims}


@pytest.mark.parametrize(
    ("micro", "verdict"),
    [(0.10, "holds"), (0.02, "does not hold"), (0.061, "too close to call")],
)
def test_three_to_five_times_the_rate(micro, verdict):
    result = verdicts(people(micro, 0.02))["engagement rate"]
    assert result.verdict == verdict
    assert result.low <= micro / 0.02 <= result.high


def test_the_slope_is_that_of_the_logs():
    result = verdicts(people(0.06, 0.02, spread=0.05))["slope"]
    assert result.verdict == "holds"
    assert result.estimate == pytest.approx(np.log(0.02 / 0.06) / np.log(100), abs=0.05)
    assert verdicts(people(0.02, 0.06))["slope"].verdict == "does not hold"


def test_what_an_engagement_costs_and_what_a_mega_fee_buys():
    result = verdicts(people(0.04, 0.04, spread=0.1))
    # $200 for 30,000 followers against $40,000 for 3,000,000.
    assert result["cost per engagement"].verdict == "holds"
    assert result["cost per engagement"].estimate == pytest.approx(0.5, rel=0.15)
    assert result["basket"].verdict == "holds"
    assert "buys 200 typical micro creators" in result["basket"].finding


def test_figures_that_rest_on_benchmarks_tell_nothing():
    names = [f"c{number}" for number in range(40)]
    without_figures = roster(names, followers=[30_000, 3_000_000] * 20)
    assert {claim.verdict for claim in evaluate_claims(without_figures, Campaign(budget=0)).claims} == {
        "not enough data"
    }
    assert verdicts(people(0.1, 0.02))["cost per conversion"].verdict == "not enough data"


def test_conversions_tell_only_where_all_they_are_made_of_is_stated():
    half = {"cvr": [0.02] * 120, "ctr": [0.01] * 120}
    assert verdicts(people(0.04, 0.04, **half))["cost per conversion"].verdict == "not enough data"
    result = verdicts(people(0.04, 0.04, **half, views=[10_000.0] * 60 + [1_000_000.0] * 60))["cost per conversion"]
    assert result.verdict == "holds"
    assert result.estimate == pytest.approx(0.5)


def test_equal_rates_at_equal_prices_tell_nothing_of_size():
    names = [f"c{number}" for number in range(40)]
    draw = np.random.default_rng(9).uniform(0.5, 1.5, 40)
    followers = [int(size * part) for size, part in zip([30_000, 3_000_000] * 20, draw, strict=True)]
    even = roster(
        names, followers=followers, fee=followers, numbers={"engagement_rate": [0.03] * 40, "posts": [1] * 40}
    )
    result = verdicts(even)["cost per engagement"]
    assert result.estimate == pytest.approx(1, abs=1e-3)
    assert result.verdict != "holds"


def test_tiers_match_in_any_spelling():
    tiers = ["Micro"] * 60 + ["MEGA"] * 60
    result = people(0.1, 0.02)
    result = replace(result, texts={**result.texts, "tier": text_column(tiers)})
    assert verdicts(result)["engagement rate"].verdict == "holds"


def test_the_share_of_sponsored_posts():
    draw = np.random.default_rng(2)
    share = [*draw.uniform(0, 0.2, 60), *draw.uniform(0.3, 0.5, 60)]
    result = verdicts(people(0.04, 0.04, sponsored_share=share))["sponsored posts"]
    assert result.verdict == "holds"
    assert result.low < 0.3 < result.high


def test_too_few_creators_of_a_tier_tell_nothing():
    assert verdicts(people(0.1, 0.02, count=4))["engagement rate"].verdict == "not enough data"


def test_what_a_claim_lacks_is_named_as_creators_or_as_figures():
    few = verdicts(people(0.1, 0.02, count=4))["engagement rate"]
    assert few.finding == "needs 5 micro and 5 mega creators; your list has 4 micro and 4 mega creators"
    enough = verdicts(people(0.1, 0.02))["sponsored posts"]
    assert enough.finding == "needs the shares of sponsored posts of 5 micro and 5 mega creators"


def test_a_creator_counts_once_however_many_offers():
    names = [f"c{number}" for number in range(3)] * 4
    offers = [f"offer{number // 3}" for number in range(12)]
    many = roster(names, followers=[30_000] * 12, numbers={"engagement_rate": [0.05] * 12}, offer=offers)
    assert evaluate_claims(many, Campaign(budget=0)).tiers[0].creators == 3


def test_tiers_show_the_medians_of_what_the_roster_states():
    result = {tier.tier: tier for tier in evaluate_claims(people(0.04, 0.02, spread=0), Campaign(budget=0)).tiers}
    assert list(result) == ["mega", "micro"]
    assert result["micro"].rate == pytest.approx(0.04)
    assert (result["micro"].fee, result["mega"].fee) == (20_000, 4_000_000)
    assert result["micro"].cpa is result["micro"].sponsored is None


def test_suspicious_creators_are_left_out_of_the_claims_as_of_a_plan():
    offers = roster(
        [f"@{letter}" for letter in "abcdef"],
        followers=[20_000] * 6,
        fee=[10_000] * 6,
        numbers={"engagement_rate": [0.03] * 5 + [0.99]},
    )
    assert evaluate_claims(offers, Campaign(budget=0)).roster.filtered == 0
    claims = evaluate_claims(offers, Campaign(budget=0, exclude_suspicious=True))
    assert claims.roster.filtered == 1
    assert claims.warnings == ("1 creator has figures that are hard to believe and is left out: @f",)
