"""Fees agreed with creators, from the first plan to the last page: the same fee everywhere, to the cent."""

import json
from pathlib import Path

import pytest

from tests.verification.opponent import put, sealed

FEES = '[fees]\n"@anna" = 333.33\n"tier:mid" = "-10%"\n"@eve" = "100 -7.5%"\n'
LIST = """\
creator,platform,offer,niche,followers,fee,engagement_rate
@anna,instagram,reel,beauty,18300,400,5%
@ben,tiktok,video,fitness,145000,900.05,4%
@cleo,youtube,video,beauty,250000,2500,3%
@eve,instagram,story,beauty,5200,,6%
"""
PAID = {"@anna": 333.33, "@ben": 810.04, "@cleo": 2250.0, "@eve": 92.5}  # 900.05 less 10% is 810.045, to the even cent


@pytest.fixture
def planned(desk, run):
    """Return a function that reads a plan; the first one is there."""
    (desk / "roster.csv").write_text(LIST, encoding="utf-8")
    (desk / "campaign.toml").write_text(f'budget = 5000\ngoal = "engagement"\n{FEES}', encoding="utf-8")
    done = run("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json", "-q")
    assert done.exit_code == 0, done.output
    return lambda path="plan.json": json.loads(Path(path).read_text(encoding="utf-8"))


def paid(plan):
    return {pick["creator"]: pick["fee"] for pick in plan["picks"]}


def test_a_plan_pays_the_agreed_fees_and_says_so(planned, run):
    plan = planned()
    assert paid(plan) == PAID
    assert plan["totals"]["fees"] == plan["totals"]["spend"] == sum(PAID.values())
    assert plan["warnings"] == []
    assert plan["campaign"]["fees"] == {
        "@anna": {"amount": 333.33, "off": 0},
        "@eve": {"amount": 100.0, "off": 0.075},
        "tier:mid": {"amount": None, "off": 0.1},
    }
    shown = run("plan", "roster.csv", "-c", "campaign.toml", "--details").output
    assert "Fees as agreed, in place of those on your list: @anna $333.33, @eve $100 less 7.5%" in " ".join(
        shown.split()
    )


def test_a_flag_goes_before_the_file(planned, run):
    run("plan", "roster.csv", "-c", "campaign.toml", "--fee", "ANNA=-50%", "-o", "other.json", "-q")
    assert paid(planned("other.json"))["@anna"] == 200.0
    told = " ".join(run("compare", "plan.json", "other.json").output.split())
    assert "Agreed fees: @anna $333.33, @eve $100 less 7.5%, tier:mid 10% off in A, ANNA 50% off" in told


def test_a_check_passes_and_finds_a_fee_that_was_altered(planned, run, desk):
    assert run("verify", "plan.json").exit_code == 0
    for path, value in (
        (("campaign", "fees", "@anna", "amount"), 333.32),
        (("campaign", "fees", "tier:mid", "off"), 0.05),
        (("campaign", "fees"), {}),
        (("picks", 0, "fee"), 1.0),
    ):
        (desk / "false.json").write_text(json.dumps(sealed(put(planned(), path, value))), encoding="utf-8")
        assert run("verify", "false.json").exit_code != 0, path


def test_a_plan_of_a_version_without_agreed_fees_is_checked_as_it_is(planned, run, desk):
    run("plan", "roster.csv", "-b", "5000", "--estimate-fees", "-o", "old.json", "-q")
    old = planned("old.json")
    del old["campaign"]["fees"]
    (desk / "old.json").write_text(json.dumps(sealed(old, claims=True)), encoding="utf-8")
    done = run("verify", "old.json")
    assert done.exit_code == 0, done.output


def test_a_replan_keeps_the_agreed_fees_and_what_was_signed(planned, run, desk):
    (desk / "states.csv").write_text("creator,state,fee\n@ben,signed,777\n@anna,signed,\n", encoding="utf-8")
    done = run("replan", "plan.json", "--states", "states.csv", "-o", "next.json", "-q")
    assert done.exit_code == 0, done.output
    assert paid(planned("next.json")) == {**PAID, "@ben": 777.0}
    assert run("verify", "next.json").exit_code == 0


def test_a_state_without_an_offer_means_the_one_at_the_agreed_fee(run, desk):
    text = "creator,platform,offer,followers,fee\n@anna,instagram,reel,20000,400\n@anna,instagram,story,20000,300\n"
    (desk / "roster.csv").write_text(f"{text}@ben,tiktok,video,40000,100\n", encoding="utf-8")
    fee = "creator:@anna & offer:story=250"
    made = run("plan", "roster.csv", "-b", "200", "--fee", fee, "-o", "plan.json", "-q")
    assert made.exit_code == 0, made.output
    (desk / "states.csv").write_text("creator,state,fee\n@anna,signed,250\n", encoding="utf-8")
    done = run("replan", "plan.json", "--states", "states.csv", "-b", "500", "-o", "next.json", "-q")
    assert done.exit_code == 0, done.output
    picks = json.loads((desk / "next.json").read_text(encoding="utf-8"))["picks"]
    assert ("@anna", "story", 250.0) in [(pick["creator"], pick["offer"], pick["fee"]) for pick in picks]


def test_tables_of_the_list_have_the_agreed_fees(planned, run):
    shown = json.loads(run("forecast", "roster.csv", "-c", "campaign.toml", "--format", "json").output)
    assert {offer["creator"]: offer["fee"] for offer in shown["offers"]} == PAID


def test_explanations_quote_the_agreed_fee(planned, run):
    shown = json.loads(run("explain", "plan.json", "@ben", "--format", "json").output)
    assert [offer["fee"] for creator in shown["creators"] for offer in creator["offers"]] == [810.04]


@pytest.mark.parametrize("page", ["page.html", "page.md", "page.xlsx", "page.csv"])
def test_pages_are_made(planned, run, desk, page):
    done = (
        run("report", "plan.json", "-o", page)
        if page.endswith("html")
        else run("plan", "roster.csv", "-c", "campaign.toml", "-o", page)
    )
    assert done.exit_code == 0, done.output
    if page.endswith(("html", "md")):
        assert "$333" in (desk / page).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('"@ana" = 3', "fees: the roster has no creator @ana. Fix: Did you mean @anna"),
        ('"@anna" = "10%"', '@anna = 10% is neither a fee nor a discount. Fix: For a discount, write "@anna" = "-10%"'),
        ('"@anna" = 3\n"niche:beauty" = 5', "'@anna' and 'niche:beauty' both give the fee of @anna instagram reel"),
        ('"@anna" = "€5"\n"@ben" = "$4"', "fee of @ben $4 is in USD, but the campaign is in EUR"),
        ('"@anna" = true', "fees.@anna = true should be a number or text"),
        ('"@anna" = ["3"]', "should be"),
        ("budget = 900", "budget is under [fees]"),
    ],
)
def test_a_wrong_fee_is_told_with_the_fix(run, desk, line, told):
    text = LIST.replace("5200,,", "5200,120,")
    (desk / "roster.csv").write_text(text, encoding="utf-8")
    (desk / "campaign.toml").write_text(f"budget = 5000\n[fees]\n{line}\n", encoding="utf-8")
    done = run("plan", "roster.csv", "-c", "campaign.toml")
    assert done.exit_code == 2
    assert told in " ".join(done.output.split())
