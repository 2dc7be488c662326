"""Figures that are hard to believe: told by `check` and `plan`, left out with --exclude-suspicious."""

import pytest

from tests.cli.conftest import only_object

FIGURES = """handle,platform,followers,likes,views,engagement_rate,fee
@ann,tiktok,20000,5000000,,,300
@ben,tiktok,30000,900,,,200
@cal,youtube,50000,,1000,5%,300
@dot,youtube,50000,,20000,1%,300
"""
FEES = """creator,platform,offer,followers,fee,engagement_rate
@mega,instagram,reel,1200000,$14,1.5%
@gift,instagram,reel,900000,$0,1.6%
@usual,tiktok,video,80000,$700,5%
"""
SLIP = "@mega: $14 for 1.2M followers is 1/2,400 of the usual fee: is it $14,000?"


def write(desk, text):
    (desk / "roster.csv").write_text(text, encoding="utf-8")


def plan(run, *flags):
    return only_object(run("plan", "roster.csv", "-b", "2000", "--format", "json", *flags).stdout)


def test_a_check_names_the_creators_the_column_and_what_it_may_be(run, desk):
    write(desk, FIGURES)
    text = " ".join(run("check", "roster.csv").stdout.split())
    assert "1 creator has more likes per post than followers: @ann (5M likes, 20k followers)." in text
    assert "If these are totals of the account, rename the column likes." in text
    assert "@cal (2,500 engagements on 1,000 views: is 5% a rate by views?)" in text
    value = only_object(run("check", "roster.csv", "--format", "json").stdout)
    assert [(kind["code"], kind["creators"][0]["row"]) for kind in value["suspicions"]] == [
        ("likes-above-followers", 2),
        ("engagements-above-views", 4),
    ]


def test_a_plan_warns_in_one_line_and_leaves_them_out_on_request(run, desk):
    write(desk, FIGURES)
    text = " ".join(run("plan", "roster.csv", "-b", "2000").stdout.split())
    assert "Warning: 2 creators in this plan have figures that are hard to believe: @ann (5M likes" in text
    assert {pick["creator"] for pick in plan(run)["picks"]} == {"@ann", "@ben", "@cal", "@dot"}
    value = plan(run, "--exclude-suspicious")
    assert {pick["creator"] for pick in value["picks"]} == {"@ben", "@dot"}
    assert value["warnings"] == ["2 creators have figures that are hard to believe and are left out: @ann, @cal"]
    assert value["suspicions"] == []


def test_the_campaign_file_may_leave_them_out_and_check_lists_them_all_the_same(run, desk):
    write(desk, FIGURES)
    (desk / "c.toml").write_text("budget = 2000\nexclude_suspicious = true\n", encoding="utf-8")
    assert len(only_object(run("check", "roster.csv", "-c", "c.toml", "--format", "json").stdout)["suspicions"]) == 2
    run("plan", "roster.csv", "-c", "c.toml", "-o", "plan.json")
    assert run("verify", "plan.json").exit_code == 0
    explained = only_object(run("explain", "plan.json", "@ann", "--format", "json").stdout)
    assert "their figures are hard to believe" in str(explained)


def test_a_fee_out_of_proportion_stands_before_the_table(run, desk):
    write(desk, FEES)
    lines = run("plan", "roster.csv", "-b", "2000").stdout.splitlines()
    heading = next(row for row, line in enumerate(lines) if line.startswith("Creator "))
    assert next(row for row, line in enumerate(lines) if SLIP in line) < heading
    assert [kind["count"] for kind in plan(run)["suspicions"]] == [1]  # not the gifted post
    run("plan", "roster.csv", "-b", "2000", "-o", "plan.json")
    assert run("verify", "plan.json").exit_code == 0


def test_markdown_tells_it_too(run, desk):
    write(desk, FEES)
    done = run("plan", "roster.csv", "-b", "2000", "--format", "markdown")
    assert "1/2,400 of the usual fee" in done.stdout


def test_tiers_that_the_followers_contradict_are_told(run, desk):
    write(desk, "creator,tier,followers,fee\n@a,micro,250000,900\n@b,mid,250000,900\n")
    for command in (["check", "roster.csv"], ["plan", "roster.csv", "-b", "2000"], ["forecast", "roster.csv"]):
        text = " ".join(run(*command).stdout.split())
        assert "1 creator is 'micro' in your list and mid by followers; rules use your list's tier" in text


NOTED = """handle,platform,followers,likes,fee
@ann,tiktok,20.000,5000000,300
@ben,tiktok,30.000,900,200
TOTAL,,,,500
"""


@pytest.mark.parametrize("form", ["csv", "line"])
def test_formats_without_sentences_leave_warnings_to_standard_error(run, desk, form):
    write(desk, NOTED)
    done = run("plan", "roster.csv", "-b", "600", "--format", form)
    lines = done.stderr.splitlines()
    assert lines[0].startswith("Warning: 1 creator in this plan has figures that are hard to believe: @ann (5M likes")
    assert len(lines) == 1
    assert "Warning" not in done.stdout


def test_a_warning_is_not_told_twice_nor_where_quiet_is_asked(run, desk):
    write(desk, NOTED)
    for flags in (["--format", "csv", "-q"], ["--format", "json"], ["--format", "markdown"], []):
        assert run("plan", "roster.csv", "-b", "600", *flags).stderr == ""
    value = plan(run)
    assert value["suspicions"]
    assert value["notes"]
