"""Figures of a forecast that cannot be true end with what is wrong, where it stands, and what to write instead."""

import pytest

from tests.cli.conftest import only_object

PLAN = ("plan", "roster.csv", "--budget", "5000", "--format", "json")
POSTS = """creator,date,likes,comments,paid
@anna,2026-05-01,900,20,yes
@anna,2026-05-09,700,15,no
@ben,2026-05-03,1500,40,no
"""
FIVE_SPELLINGS = {
    "yes and no": ("yes", "no"),
    "true and false": ("TRUE", "FALSE"),
    "one and zero": ("1", "0"),
    "paid and organic": ("Paid", "organic"),
    "a mark or nothing": ("x", ""),
    "an ad or not sponsored": ("ad", "not sponsored"),
}


@pytest.fixture
def refused(run):
    def refused(*flags):
        """Return the error and the single problem that a plan with these flags ends with."""
        done = run(*PLAN, *flags)
        value = only_object(done.stdout)
        assert done.exit_code in (2, 3)
        (fault,) = value["faults"] or [value]
        return value, fault

    return refused


def in_words(value, fault):
    return " ".join(str(part) for part in (value.get("message"), value.get("fix"), fault["message"], fault["fix"]))


@pytest.mark.parametrize(
    ("flags", "says", "paste"),
    [
        (("--order-value", "45", "--margin", "140%"), "'140%' is not a share of the revenue", "--margin 40%"),
        (("--order-value", "45", "--margin", "1.4"), "'1.4' is not a share of the revenue", "--margin 1.4%"),
        (("--order-value", "45", "--margin", "-10%"), "'-10%' is not a share of the revenue", "--margin 40%"),
        (("--order-value", "45", "--returns", "120%"), "'120%' is not a share of the orders", "--returns 12%"),
        (("--audience-age", "34-18"), "ages 34-18 end before they begin", "18-34"),
        (("--audience-country", "XX"), "there is no country 'XX'", "DE or Germany"),
        (("--audience-gender", "dog"), "there is no gender 'dog'", "female or male"),
        (("--fit", "beauty=1.4"), "beauty = 1.4 is not a fit", "0.6 or 60%"),
    ],
)
def test_a_flag_that_cannot_be_true_says_what_to_write(refused, flags, says, paste):
    value, fault = refused(*flags)
    assert says in in_words(value, fault)
    assert paste in in_words(value, fault)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("margin = 1.4", "is not a share of the revenue"),
        ('margin = "140%"', "is not a share of the revenue"),
        ('[target]\nages = "34-18"', "end before they begin"),
        ("[fit]\nniches = { beauty = 1.4 }", "1.4"),
    ],
)
def test_the_same_in_a_campaign_file(refused, desk, line, says):
    text = f'name = "Test"\norder_value = 45\n{line}\n'
    (desk / "campaign.toml").write_text(text, encoding="utf-8")
    assert says in in_words(*refused("-c", "campaign.toml"))


@pytest.mark.parametrize(
    ("headers", "cells", "column"),
    [
        ("audience_country", '"DE 62%, AT 68%"', "audience_country"),
        ("audience_DE,audience_AT", "62%,68%", "audience_DE"),
        ("audience_age", '"18-24 70%, 25-34 60%"', "audience_age"),
    ],
)
def test_shares_of_an_audience_that_add_up_to_130_percent_are_a_fault_of_their_row(
    refused, desk, headers, cells, column
):
    rows = [f"creator,followers,fee,engagement_rate,{headers}", f"@anna,20000,100,3%,{cells}"]
    (desk / "roster.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    value, fault = refused("--audience-country", "DE", "--audience-age", "18-34")
    assert (fault["code"], fault["row"], fault["column"]) == ("audience-total", 2, column)
    assert "add up to 130%" in in_words(value, fault)


def test_shares_that_only_differ_by_rounding_are_none(run, desk):
    rows = ["creator,followers,fee,engagement_rate,audience_country", '@anna,20000,100,3%,"DE 62%, AT 38.4%"']
    (desk / "roster.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert run(*PLAN, "--audience-country", "DE").exit_code == 0


def test_posts_of_other_creators_are_refused_and_some_among_others_are_told(refused, run, desk):
    (desk / "posts.csv").write_text(POSTS.replace("@anna", "@zoe").replace("@ben", "@yan"), encoding="utf-8")
    value, fault = refused("--posts", "posts.csv")
    assert fault["code"] == "posts-others"
    assert all(name in in_words(value, fault) for name in ("@zoe", "@yan", "@anna"))
    (desk / "posts.csv").write_text(POSTS.replace("@ben", "@yan"), encoding="utf-8")
    done = run(*PLAN, "--posts", "posts.csv")
    assert done.exit_code == 0
    assert any("not on the roster" in warning and "@yan" in warning for warning in only_object(done.stdout)["warnings"])


def test_a_post_of_the_future_is_a_fault_of_its_row(refused, desk):
    (desk / "posts.csv").write_text(POSTS.replace("2026-05-09", "2999-05-09"), encoding="utf-8")
    value, fault = refused("--posts", "posts.csv")
    assert (fault["code"], fault["row"], fault["column"]) == ("date-future", 3, "date")
    assert "'2999-05-09' is in the future" in in_words(value, fault)


def test_a_roster_after_posts_and_posts_in_place_of_a_roster_are_told(refused, run, desk):
    value, fault = refused("--posts", "roster.csv")
    assert "looks like a roster" in in_words(value, fault)
    with_followers = (
        POSTS.replace("paid\n", "paid,followers\n").replace(",yes\n", ",yes,900\n").replace(",no\n", ",no,900\n")
    )
    for text in (POSTS, with_followers):
        (desk / "posts.csv").write_text(text, encoding="utf-8")
        done = run("plan", "posts.csv", "--budget", "5000", "--estimate-fees", "--format", "json")
        error = only_object(done.stdout)
        fault = (error["faults"] or [error])[0]
        assert (done.exit_code, fault["code"]) == (3, "roster-posts")
        assert "looks like a file of posts, not a roster" in fault["message"]
        assert "roster.csv --posts posts.csv" in fault["fix"]


def test_two_offers_of_a_creator_that_differ_are_no_file_of_posts(run, desk):
    rows = ["creator,date,followers,fee,likes", "@anna,2026-05-01,20000,100,5", "@anna,2026-05-01,20000,90,5"]
    (desk / "roster.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert "file of posts" not in run(*PLAN).stdout


@pytest.mark.parametrize("flags", FIVE_SPELLINGS.values(), ids=FIVE_SPELLINGS)
def test_each_spelling_of_a_paid_flag_means_the_same(run, desk, flags):
    paid, organic = flags
    text = POSTS.replace(",yes\n", f",{paid}\n").replace(",no\n", f",{organic}\n")
    (desk / "posts.csv").write_text(text, encoding="utf-8")
    done = run("forecast", "roster.csv", "--posts", "posts.csv", "--format", "json")
    assert done.exit_code == 0
    assert any("3 posts of 2 of 5 creators, 1 of them paid" in note for note in only_object(done.stdout)["notes"])


def test_a_paid_flag_that_says_neither_is_a_fault_of_its_row(refused, desk):
    (desk / "posts.csv").write_text(POSTS.replace(",yes\n", ",perhaps\n"), encoding="utf-8")
    value, fault = refused("--posts", "posts.csv")
    assert (fault["code"], fault["row"], fault["column"], fault["value"]) == ("paid-unknown", 2, "paid", "perhaps")
    assert "'paid' or 'organic'" in in_words(value, fault)
