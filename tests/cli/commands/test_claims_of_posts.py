"""`microopt claims posts.csv`: claims tested on posts, without a roster."""

from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import only_object

EXAMPLES = Path(__file__).parents[3] / "examples"
RATES = {"micro": (0.08, 30_000), "mega": (0.02, 3_000_000)}


def posts_of(creators=12, posts=6, seed=1, future=""):
    """Return a file of posts whose micro creators have four times the rate of mega creators."""
    draw, rows = np.random.default_rng(seed), ["creator,followers,date,likes,comments"]
    for tier, (rate, followers) in RATES.items():
        for number in range(creators):
            mean = np.log(rate * followers) + draw.normal(0, 0.2)
            for post in range(posts):
                likes = int(np.exp(mean + draw.normal(0, 0.3)))
                rows.append(f"{tier}{number},{followers},2026-0{1 + post % 6}-1{number % 10},{likes},{likes // 50}")
    return "\n".join([*rows, *([future] if future else [])]) + "\n"


def test_claims_are_tested_on_posts_alone(run, desk):
    (desk / "posts.csv").write_text(posts_of(), encoding="utf-8")
    done = run("claims", "posts.csv", "--format", "json")
    assert (done.exit_code, done.stderr) == (0, "")
    value = only_object(done.stdout)
    claim = next(claim for claim in value["claims"] if claim["name"] == "engagement rate")
    assert claim["low"] < 4 < claim["high"]
    assert claim["verdict"] == "holds"
    (pair,) = value["differences"]
    assert (pair["tier"], pair["than"], pair["clear"]) == ("micro", "mega", True)
    assert [tier["creators"] for tier in value["typical_rates"]] == [12, 12]
    assert "this is a file of posts" in value["notes"][0]
    assert any("144 posts of 24 of 24 creators" in note for note in value["notes"])


def test_paid_posts_of_the_file_tell_who_publishes_more_of_them(run, desk):
    rows = posts_of().splitlines()
    flags = ["paid", *("ad" if row.startswith("mega") and number % 3 else "" for number, row in enumerate(rows[1:]))]
    text = "\n".join(f"{row},{flag}" for row, flag in zip(rows, flags, strict=True))
    (desk / "posts.csv").write_text(text + "\n", encoding="utf-8")
    value = only_object(run("claims", "posts.csv", "--format", "json").stdout)
    claim = next(claim for claim in value["claims"] if claim["name"] == "sponsored posts")
    assert claim["verdict"] == "holds"
    assert claim["estimate"] == pytest.approx(2 / 3, abs=0.01)


def test_claims_on_a_roster_take_the_rates_of_its_posts(run, desk):
    (desk / "posts.csv").write_text(posts_of(), encoding="utf-8")
    names = [(f"{tier}{number}", followers) for tier, (_, followers) in RATES.items() for number in range(12)]
    rows = [f"{name},{followers},10,3%" for name, followers in names]
    (desk / "list.csv").write_text("\n".join(["creator,followers,fee,engagement_rate", *rows]) + "\n", encoding="utf-8")
    even = only_object(run("claims", "list.csv", "--format", "json").stdout)
    value = only_object(run("claims", "list.csv", "--posts", "posts.csv", "--format", "json").stdout)
    assert even["claims"][0]["estimate"] == pytest.approx(1)
    assert value["claims"][0]["low"] < 4 < value["claims"][0]["high"]
    assert value["differences"][0]["clear"]


def test_posts_change_no_fee_and_the_table_says_what_is_theirs(run):
    names = (str(EXAMPLES / "launch.csv"), "--posts", str(EXAMPLES / "launch-posts.csv"))
    plain, with_posts = (
        only_object(run("claims", *args, "--format", "json").stdout)["tiers"] for args in (names[:1], names)
    )
    assert [tier["fee"] for tier in with_posts] == [tier["fee"] for tier in plain]
    assert [tier["rate"] for tier in with_posts] != [tier["rate"] for tier in plain]
    output = " ".join(run("claims", *names).stdout.split())
    assert "Only figures from your list and past posts count" in output
    assert "engagement rates and CPE are of past posts where there are any; each creator counts once" in output
    assert "past posts" not in run("claims", names[0]).stdout


def test_the_table_says_that_it_is_of_posts_and_which_tiers_differ(run, desk):
    (desk / "posts.csv").write_text(posts_of(), encoding="utf-8")
    output = " ".join(run("claims", "posts.csv").stdout.split())
    assert "this is a file of posts: each creator counts once" in output
    assert "times the engagement rate of mega creators (95% range:" in output


def test_a_file_of_posts_can_be_filtered_and_have_other_tiers(run, desk):
    (desk / "posts.csv").write_text(posts_of(), encoding="utf-8")
    value = only_object(run("claims", "posts.csv", "--where", "tier:micro", "--format", "json").stdout)
    assert [tier["tier"] for tier in value["typical_rates"]] == ["micro"]


def test_faults_of_posts_are_named_with_their_row(run, desk):
    (desk / "posts.csv").write_text(posts_of(future="micro0,30000,2999-01-01,5,1"), encoding="utf-8")
    done = run("claims", "posts.csv", "--format", "json")
    assert done.exit_code == 3
    (fault,) = only_object(done.stdout)["faults"]
    assert (fault["code"], fault["row"], fault["value"]) == ("date-future", 146, "2999-01-01")


@pytest.mark.parametrize("text", ["creator,followers,fee\na,10,x\n", "creator,followers,fee\na,10,1\na,10,2\n"])
def test_a_roster_with_faults_ends_with_the_faults_of_a_roster(run, desk, text):
    (desk / "posts.csv").write_text(text, encoding="utf-8")
    done = run("claims", "posts.csv")
    assert "posts" not in done.stdout + done.stderr.replace("posts.csv", "")
