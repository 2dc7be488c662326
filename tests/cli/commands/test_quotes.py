"""Fees as people write them, on the command line: `--quotes`, gifted posts, open fees, currencies."""

import json

import pytest

from tests.cli.conftest import only_object

QUOTED = """\
handle,followers,platform,fee
@ann,20000,instagram,"$1,200 - $1,500"
@ben,30000,instagram,gifted
@cam,9000,tiktok,"Reel 500, Story 200"
@dee,12000,instagram,from 300
"""
OPEN = "handle,followers,fee\n@ann,20000,TBC\n@ben,30000,200\n@cam,9000,on request\n"
MIXED = "handle,followers,fee\n@ann,20000,€400\n@ben,30000,$500\n@cam,9000,£300\n"


@pytest.fixture
def lists(desk):
    for name, text in (("quoted", QUOTED), ("open", OPEN), ("mixed", MIXED)):
        (desk / f"{name}.csv").write_text(text, encoding="utf-8")
    return desk


def fees(done):
    assert done.exit_code == 0, done.stdout + done.stderr
    return {(pick["creator"], pick["offer"]): pick["fee"] for pick in only_object(done.stdout)["picks"]}


def said(done):
    return " ".join((done.stdout + done.stderr).split()).replace('\\"', '"')


def plan(run, *options, roster="quoted.csv"):
    return run("plan", roster, "-b", "3000", "--format", "json", *options)


@pytest.mark.parametrize(("end", "fee"), [((), 1500), (("--quotes", "high"), 1500), (("--quotes", "Low"), 1200)])
def test_an_end_of_a_range_is_taken(run, lists, end, fee):
    bought = fees(plan(run, *end))
    assert bought["@ann", ""] == fee
    assert bought["@ben", ""] == 0
    assert bought["@dee", ""] == 300


def test_the_campaign_file_says_which_end(run, lists):
    (lists / "middle.toml").write_text('budget = 3000\nquotes = "middle"\n', encoding="utf-8")
    assert fees(run("plan", "quoted.csv", "-c", "middle.toml", "--format", "json"))["@ann", ""] == 1350


def test_an_unknown_end_is_refused(run, lists):
    done = plan(run, "--quotes", "lowest")
    assert done.exit_code == 2
    assert "quotes cannot be 'lowest'" in said(done)
    assert "high, middle, low" in said(done)


def test_a_plan_is_verified_and_compared_with_the_same_end(run, lists):
    assert plan(run, "--quotes", "low", "-o", "plan.json").exit_code == 0
    assert json.loads((lists / "plan.json").read_text(encoding="utf-8"))["campaign"]["quotes"] == "low"
    assert run("verify", "plan.json").exit_code == 0
    assert plan(run, "-o", "high.json").exit_code == 0
    assert "rice ranges: the low end in A, the high end in B" in run("compare", "plan.json", "high.json").stdout


def test_what_was_assumed_is_told_in_one_note(run, lists):
    done = run("plan", "quoted.csv", "-b", "3000")
    told = said(done)
    assert "1 range (the upper end is used, see --quotes), 1 with 'from', 1 with several offers" in told
    assert "1 that says 'gifted' (read as 0)" in told
    assert told.count("some fees are not plain amounts") == told.count("gifted") == 1


def test_a_fee_that_is_not_known_is_estimated_filled_in_or_left_out(run, lists):
    done = plan(run, roster="open.csv")
    assert done.exit_code == 3
    for way in ("'TBC' is not a fee yet", "--estimate-fees", "--skip-bad-rows"):
        assert way in said(done)
    assert len(fees(plan(run, "--estimate-fees", roster="open.csv"))) == 3
    assert fees(plan(run, "--skip-bad-rows", roster="open.csv")) == {("@ben", ""): 200}


def test_the_fix_for_a_missing_rate_works_once_it_is_filled_in(run, lists):
    done = run("plan", "mixed.csv", "-b", "€3000", "--format", "json")
    assert done.exit_code == 3
    assert "exchange.GBP = 0.00\\nexchange.USD = 0.00" in done.stdout
    filled = 'budget = "€3000"\nexchange = { GBP = 1.2, USD = 0.9 }\n'
    (lists / "euro.toml").write_text(filled, encoding="utf-8")
    bought = fees(run("plan", "mixed.csv", "-c", "euro.toml", "--format", "json"))
    assert sorted(bought.values()) == [360, 400, 450]
    (lists / "unfilled.toml").write_text(filled.replace("1.2", "0.00"), encoding="utf-8")
    assert run("plan", "mixed.csv", "-c", "unfilled.toml").exit_code == 2
