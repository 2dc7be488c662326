"""What is wrong with what a user gives: an exit code, one clear message with its fix, nothing written."""

import json
from typing import NamedTuple

import pytest

from tests.cli.conftest import ROSTER, files, only_object
from tests.support.pastable import is_pastable

HEAD, ANNA, *_ = ROSTER.splitlines()
FOLDER = "a folder stands where the roster should"


class Bad(NamedTuple):
    """A mistake: what is run, the exit code it has, the code of its fault, and words of its message and its fix."""

    args: tuple
    exit: int
    code: str
    message: str
    fix: str
    roster: str | None = ROSTER
    campaign: str | None = None


def roster(text, code, message, fix):
    return Bad(("-b", "5k"), 3, code, message, fix, roster=text)


def rule(text, code, message, fix):
    return Bad(("-b", "5k", "-r", text), 2, code, message, fix)


def flags(*args):
    return lambda code, message, fix: Bad(args, 2, code, message, fix)


# Every item of issue 2's "Bad input", and what is near to it.
BAD = {
    "a missing file": roster(None, "file-missing", "no file roster.csv", "check the path"),
    "an empty file": roster("", "file-empty", "is empty", "export"),
    "a file of spaces": roster(" \n \n", "file-empty", "is empty", "export"),
    "a header only": roster(HEAD + "\n", "no-rows", "no row", "add one row"),
    "no creators": roster("followers,fee\n5000,3\n", "column-missing", "no column creator", "add a column 'creator'"),
    "no followers": roster("creator,fee\n@a,3\n", "column-missing", "no column followers", "add a column 'followers'"),
    "no fees": roster("creator,followers\n@a,3000\n", "column-missing", "no column fee", "--estimate-fees"),
    "bad number": roster(ROSTER.replace("18300", "lots"), "number-unreadable", "'lots' is not a number", "12.5K"),
    "bad fee": roster(ROSTER.replace(",400,", ",ask,"), "fee-missing", "'ask' is not a fee yet", "--estimate-fees"),
    "a negative fee": roster(ROSTER.replace(",400,", ",-400,"), "number-negative", "-400", "write money as 1250"),
    "no fee in a row": roster(ROSTER.replace(",400,", ",,"), "fee-missing", "fee is missing", "--estimate-fees"),
    "no followers at all": roster(ROSTER.replace("18300", "0"), "followers-zero", "followers", "real count"),
    "an offer twice": roster(
        ROSTER + ANNA.replace(",400,", ",500,") + "\n", "offer-twice", "is already in row 2", "keep one"
    ),
    "a folder": Bad(("-b", "5k"), 3, "file-missing", "no Parquet file in roster.csv", "check", roster=FOLDER),
    "a budget of 0": flags("-b", "0")("budget-zero", "leaves nothing to spend", "--budget 20000"),
    "a budget of abc": flags("-b", "abc")("usage", "'abc' is not an amount of money", "20k"),
    "a negative budget": flags("-b", "-5")("usage", "'-5' is negative", "20k"),
    "an eaten budget": flags("-b", "0,000")("usage", "'0,000' is not an amount", "single quotes"),
    "an unset budget": flags("-b", "")("usage", "'' is not an amount", "20k"),
    "no budget": flags()("budget-missing", "there is no budget", "--budget 20000"),
    "no such column": rule("nich:beauty count >= 1", "column-unknown", "no text column 'nich'", "did you mean niche?"),
    "no such value": rule("niche:beuty count >= 1", "value-unknown", "no offer has niche 'beuty'", "mean beauty?"),
    "no such measure": rule("niche:beauty cuont <= 1", "measure-unknown", "'cuont' is neither", "did you mean count?"),
    "a measure of text": rule("all language <= 1", "measure-unknown", "'language' is", "use one of"),
    "a wave without a calendar": rule("all count >= 2 in 2027-03", "calendar-missing", "about waves", "--waves"),
    "a gap without a calendar": rule("each creator gap >= 2 waves", "calendar-missing", "about waves", "--waves"),
    "half a gap": rule("each creator gap >= 1.5 waves", "rule-range", "whole number of waves", "gap >= 2 waves"),
    "exclusive for ages": rule("creator:@anna exclusive 9999d", "rule-range", "1 to 3,650 days", "exclusive 30d"),
    "wrong way round": rule("niche:beauty count 5..2", "rule-range", "the wrong way round", "count 2..5"),
    "not a rule": rule("more beauty", "rule-syntax", "in place of 'more'", "niche:beauty count 2..5"),
    "a huge rule": rule("all spend <= " + "9" * 30, "rule-range", "beyond ten trillion", "count 2..5"),
    "a soft rule in units": rule("all count <= 3 (soft 20)", "rule-soft", "20 has no meaning", "(soft 2%)"),
    "a soft rule for nothing": rule("all count <= 3 (soft 0%)", "rule-soft", "a number above 0, not '0%'", "(soft 2%)"),
    "include nobody": flags("-b", "5k", "-i", "@ana")("include-unknown", "no creator @ana", "did you mean @anna?"),
    "exclude nobody": flags("-b", "5k", "-x", "@ana")("exclude-unknown", "no creator @ana", "did you mean @anna?"),
    "in and out": flags("-b", "5k", "-i", "@anna", "-x", "ANNA")(
        "include-exclude", "both included and", "drop --include"
    ),
    "include the filtered": flags("-b", "5k", "-i", "@anna", "-w", "followers 1M..")(
        "include-filtered", "every offer of @anna is filtered out", "widen the filter"
    ),
    "nothing passes": flags("-b", "5k", "-w", "followers 9M..")("filter-all", "no offer passes", "widen"),
    "no such filter": flags("-b", "5k", "-w", "folowers 1..")("column-unknown", "'folowers'", "followers"),
    "filter a word": flags("-b", "5k", "-w", "niche 1..")("column-unknown", "niche", ""),
    "not a filter": flags("-b", "5k", "-w", "followers")("filter-range", "'' is not a range", "followers 5k..500k"),
    "no such goal": flags("-b", "5k", "--goal", "fame")("goal-unknown", "no goal 'fame'", "balanced"),
    "a goal in words": flags("-b", "5k", "--goal", "value:niche")("measure-unknown", "not a number", "use one of"),
    "goal and worth": flags("-b", "5k", "--goal", "reach", "--worth", "reach=1")("goal-twice", "both set", "keep one"),
    "no such worth": flags("-b", "5k", "--worth", "fame=3")("worth-unknown", "'fame' is not a metric", "conversions"),
    "a bare worth": flags("-b", "5k", "--worth", "reach")("usage", "METRIC=AMOUNT", "conversions=30"),
    "no such tiers": flags("-b", "5k", "--tiers", "wide")("tiers-unknown", "no tiers 'wide'", "wide-micro"),
    "few creators": flags("-b", "5k", "--creators", "few")("rule-range", "'few' is not a range", "count 2..5"),
    "opposites": flags("-b", "5k", "-r", "tier:mega count = 3", "-r", "tier:MEGA count = 4")(
        "rules-contradict",
        "'tier:mega count = 3' and 'tier:MEGA count = 4' contradict",
        "drop 'tier:mega count = 3' or",
    ),
    "a share of each": rule("each creator spend <= 20%", "rule-range", "cannot be a share of the plan", "of budget"),
    "each what": rule("each creator", "rule-syntax", "lacks a measure", "niche:beauty count 2..5"),
    "each net reach": rule("each creator net reach >= 5", "net-reach", "only for a whole plan", "write 'reach'"),
    "reach without pools": flags("-b", "5k", "--goal", "net-reach")("audience-missing", "sizes of the", "--audience"),
    "an odd pool": flags("-b", "5k", "--audience", "niche:beauty")("usage", "COLUMN:VALUE=PEOPLE", "niche:beauty=2M"),
    "whom a report is for": flags("-b", "5k", "--audience", "client")(
        "usage", "COLUMN:VALUE=PEOPLE", "microopt report plan.json --audience client"
    ),
    "half a person": flags("-b", "5k", "--audience", "niche:beauty=0.5")(
        "audience-size", "is not a number of", "2_000_000"
    ),
    "pools of two columns": flags("-b", "5k", "--audience", "niche:a=5", "--audience", "region:b=5")(
        "usage", "niche and region", "--audience 'niche:"
    ),
    "pools of no column": flags("-b", "5k", "--audience", "nich:beauty=5k")("column-unknown", "'nich'", "niche"),
    "no such target": flags("--target", "fame=3")("measure-unknown", "'fame'", "use one of"),
    "a target of none": flags("--target", "reach=0")("target-amount", "not an amount above 0", "engagements=50k"),
    "target and goal": flags("--target", "reach=5", "--goal", "reach")("goal-twice", "both set", "keep one"),
    "a share of no budget": flags("--target", "reach=5", "-r", "tier:mega spend <= 40% of budget")(
        "budget-missing", "but there is no budget", "--budget"
    ),
    "no such sets": flags("-b", "5k", "--one-offer-per", "platform,offer")(
        "one-offer-per", "is not possible", "creator"
    ),
    "ideals of nothing": flags("-b", "5k", "--ideals", "none.json")("file-missing", "none.json cannot", "-o plan.json"),
    "ideals of a roster": flags("-b", "5k", "--ideals", "roster.csv")("plan-unreadable", "is not a plan", "plan.json"),
    "ideals of another goal": flags("-b", "5k", "--ideals", "roster.csv", "--goal", "reach")(
        "plan-unreadable", "is not a plan", "plan.json"
    ),
    "include no such offer": flags("-b", "5k", "-i", "creator:@anna & offer:video")(
        "include-unknown", "no offer is creator:@anna & offer:video", "'creator:@anna'"
    ),
    "exclude no such offer": flags("-b", "5k", "-x", "offer:vidoe")("value-unknown", "has offer 'vidoe'", "video"),
    "never": flags("-b", "5k", "--time-limit", "nan")("usage", "--time-limit nan is not a number", "60"),
    "no gap": flags("-b", "5k", "--gap", "nan")("usage", "--gap 'nan' is not a share", "--gap 1%"),
    "no such flag": flags("-b", "5k", "--bugdet", "5")("usage", "No such option", "microopt plan -"),
    "no such solver": flags("-b", "5k", "--solver", "gurobi")("usage", "'gurobi'", "microopt plan -"),
    "no campaign": flags("-c", "none.toml")("file-missing", "none.toml cannot be read", "microopt init"),
    "a misspelt key": Bad(
        ("-c", "campaign.toml"), 2, "key-unknown", "unknown key 'budgte'", "did you mean budget?", campaign="budgte = 5"
    ),
    "a misspelt pool": Bad(
        ("-c", "campaign.toml"),
        2,
        "key-unknown",
        "unknown key 'audience.sizes'",
        "mean size?",
        campaign="budget = 5\n[audience]\nsizes = { beauty = 5 }",
    ),
    "no pools": Bad(
        ("-c", "campaign.toml"),
        2,
        "audience-empty",
        "has no pools",
        "size =",
        campaign="budget = 5\n[audience]\nby = 'niche'",
    ),
    "not a campaign": Bad(("-c", "campaign.toml"), 2, "file-syntax", "is not TOML", "quotes", campaign="budget 5"),
    "a wrong kind": Bad(
        ("-c", "campaign.toml"),
        2,
        "value-kind",
        'rules = "a" should be a list',
        'rules = ["a"]',
        campaign="rules = 'a'",
    ),
    "a margin of 40": flags("-b", "5k", "--margin", "40")("share-range", "not a share of the revenue", "mean 40%?"),
    "a margin of 140%": flags("-b", "5k", "--margin", "140%")("share-range", "'140%'", "--margin 40%"),
    "a negative margin": flags("-b", "5k", "--margin", "-1")("share-range", "'-1'", "--margin 40%"),
    "all returned": flags("-b", "5k", "--returns", "100%")("share-range", "share of the orders", "below 100%"),
    "an ltv below an order": flags("-b", "5k", "--ltv", "0.5x")("ltv-range", "from 1 to 100", "the first order"),
    "profit without a margin": flags("-b", "5k", "--goal", "profit", "--order-value", "45")(
        "margin-missing", "goal: profit needs a margin", "--margin 40%"
    ),
    "profit without orders": flags("-b", "5k", "--goal", "profit", "--margin", "40%")(
        "order-value-missing", "goal: profit needs the value of an order", "--order-value 45"
    ),
    "a return without orders": rule("all roas >= 2", "order-value-missing", "revenue needs the value", "--order-value"),
    "a ratio in percent": rule("all cpa <= 30%", "rule-range", "cpa is not a share", "'all cpa <= 30'"),
    "a mean of a ratio": rule("all mean(cpa) <= 30", "measure-unknown", "'cpa' is neither", "without mean()"),
    "a ratio as a goal": flags("-b", "5k", "--goal", "value:roas")(
        "measure-unknown", "goal: 'roas' is neither", "'all roas >= 2'"
    ),
    "a ratio as a target": flags("--target", "roas=2")("target-amount", "roas is a ratio", "--rule 'all roas >="),
    "a wrong rule": Bad(
        ("-c", "campaign.toml"),
        2,
        "rule-range",
        "the wrong way round",
        "count 2..5",
        campaign="budget = 5\nrules = ['all count 5..2']",
    ),
}


@pytest.fixture
def lay(desk):
    """Return a function that puts the files of a mistake on the desk."""

    def lay(bad):
        (desk / "roster.csv").unlink()
        if bad.roster == FOLDER:
            (desk / "roster.csv").mkdir()
        elif bad.roster is not None:
            (desk / "roster.csv").write_text(bad.roster, encoding="utf-8")
        if bad.campaign:
            (desk / "campaign.toml").write_text(bad.campaign, encoding="utf-8")
        (desk / "old.json").write_text("old", encoding="utf-8")
        return files(desk)

    return lay


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_mistake_is_one_message_on_standard_error(run, lay, desk, monkeypatch, bad):
    before = lay(bad)
    monkeypatch.setenv("COLUMNS", "300")
    done = run("plan", "roster.csv", *bad.args, "-o", "old.json", "-o", "new.csv")
    output = " ".join(done.stderr.split())
    assert (done.exit_code, done.stdout) == (bad.exit, "")
    assert bad.message in output
    assert bad.fix.casefold() in output.casefold()
    assert output.count("Error:") == 1 or "Invalid value" in output or "No such option" in output
    assert "Traceback" not in output
    assert files(desk) == before


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_mistake_is_one_object_on_standard_output_where_json_is_asked_for(run, lay, desk, bad):
    before = lay(bad)
    done = run("plan", "roster.csv", *bad.args, "--format", "json", "-o", "old.json")
    value = only_object(done.stdout)
    fault = value["faults"][0]
    assert (done.exit_code, done.stderr) == (bad.exit, "")
    assert (value["schema"], value["code"], fault["code"]) == ("microopt.error/1", bad.code, bad.code)
    assert bad.message in fault["message"]
    assert bad.fix.casefold() in fault["fix"].casefold()
    assert is_pastable(fault["fix"])
    assert files(desk) == before


def test_a_fault_of_a_roster_has_its_row_column_and_value(run, desk):
    (desk / "roster.csv").write_text(ROSTER.replace("45000", "lots"), encoding="utf-8")
    fault = only_object(run("plan", "roster.csv", "-b", "5k", "--format", "json").stdout)["faults"][0]
    assert (fault["row"], fault["column"], fault["value"]) == (3, "followers", "lots")


def test_the_table_shows_ten_faults_and_counts_the_rest(run, desk):
    rows = [f"@a{n},instagram,reel,x,US,{'lots' if n < 25 else n},400,5%,3" for n in range(200)]
    (desk / "roster.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    done = run("plan", "roster.csv", "-b", "5k")
    assert done.exit_code == 3
    assert done.stderr.count("number-unreadable") == 10
    assert "15 more" in done.stderr
    assert len(only_object(run("plan", "roster.csv", "-b", "5k", "--format", "json").stdout)["faults"]) == 25


def test_bad_rows_can_be_left_out_and_are_counted(run, desk):
    (desk / "roster.csv").write_text(ROSTER.replace("18300", "lots"), encoding="utf-8")
    done = run("plan", "roster.csv", "-b", "5k", "--skip-bad-rows")
    assert done.exit_code == 0
    assert "left out" in done.stdout
    assert "@anna" not in done.stdout


def test_a_row_repeated_to_the_letter_is_dropped_with_a_note(run, desk):
    (desk / "roster.csv").write_text(ROSTER + ANNA + "\n", encoding="utf-8")
    done = run("plan", "roster.csv", "-b", "5k")
    assert done.exit_code == 0
    assert "dropped" in done.stdout


@pytest.mark.parametrize(("campaign", "code"), [("budgte = 5", "key-unknown"), ("budget = 'x'", "usage")])
def test_a_wrong_campaign_is_told_alone_before_a_wrong_roster(run, desk, campaign, code):
    (desk / "campaign.toml").write_text(campaign, encoding="utf-8")
    (desk / "roster.csv").write_text(ROSTER.replace("18300", "lots"), encoding="utf-8")
    done = run("plan", "roster.csv", "-c", "campaign.toml", "--format", "json")
    assert [fault["code"] for fault in only_object(done.stdout)["faults"]] == [code]
    assert done.exit_code == 2


def test_a_wrong_flag_is_told_alone_before_a_missing_roster(run):
    done = run("plan", "none.csv", "-b", "abc")
    assert done.exit_code == 2
    assert "none.csv" not in done.stderr


def test_check_lists_the_campaigns_problems_and_then_the_rosters(run, desk):
    (desk / "campaign.toml").write_text("budget = 'x'\nrules = ['more beauty']", encoding="utf-8")
    (desk / "roster.csv").write_text(ROSTER.replace("18300", "lots"), encoding="utf-8")
    value = only_object(run("check", "roster.csv", "-c", "campaign.toml", "--format", "json").stdout)
    assert [fault["code"] for fault in value["faults"]] == ["rule-syntax", "usage", "number-unreadable"]
    assert value["message"] == "3 problems found, 2 of them in the campaign and 1 in roster.csv"


EUR_AND_USD = ROSTER.replace(",400,", ",€400,").replace(",9000,", ",$9000,")


@pytest.mark.parametrize("command", ["plan", "check", "forecast"])
def test_a_fault_that_the_campaign_answers_does_not_stand_beside_its_real_error(run, desk, command):
    campaign = 'budget = "€5,000"\nrules = ["all count 5..2"]\n[exchange]\nUSD = 0.92\n'
    (desk / "campaign.toml").write_text(campaign, encoding="utf-8")
    (desk / "roster.csv").write_text(EUR_AND_USD, encoding="utf-8")
    value = only_object(run(command, "roster.csv", "-c", "campaign.toml", "--format", "json").stdout)
    assert [fault["code"] for fault in value["faults"]] == ["rule-range"]


@pytest.mark.parametrize(
    "campaign",
    ['budget = 5000\n[exchange]\nUSD = "x"\n', 'budget = "€5"\norder_value = "$5"\n', 'budget = 5\ncurrency = "E"\n'],
)
def test_a_campaign_that_cannot_say_how_its_roster_is_read_is_told_alone_by_check(run, desk, campaign):
    (desk / "campaign.toml").write_text(campaign, encoding="utf-8")
    (desk / "roster.csv").write_text(EUR_AND_USD, encoding="utf-8")
    value = only_object(run("check", "roster.csv", "-c", "campaign.toml", "--format", "json").stdout)
    assert len(value["faults"]) == 1


def test_all_that_is_wrong_with_a_campaign_is_told_at_once(run):
    done = run("plan", "roster.csv", "-b", "abc", "-r", "all count 5..2", "--goal", "fame", "--format", "json")
    assert [fault["code"] for fault in only_object(done.stdout)["faults"]] == ["rule-range", "goal-unknown", "usage"]


def test_verbose_shows_the_traceback_beside_the_message(run):
    done = run("plan", "roster.csv", "-b", "abc", "-v")
    assert done.exit_code == 2
    assert "Traceback" in done.stderr
    assert "Fix:" in done.stderr


def test_an_error_of_ours_is_a_defect_and_says_how_to_report_it(run, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("surprise")

    monkeypatch.setattr("microopt.planning.optimize.optimize", broken)
    done = run("plan", "roster.csv", "-b", "5k", "--format", "json")
    value = json.loads(done.stdout)
    assert (done.exit_code, value["code"]) == (1, "bug")
    assert "--verbose" in value["fix"]


def test_money_of_another_currency_is_not_taken_for_the_rosters(run, desk):
    (desk / "roster.csv").write_text(ROSTER.replace(",400,", ",$400,"), encoding="utf-8")
    assert run("plan", "roster.csv", "-b", "$5k").exit_code == 0
    done = run("plan", "roster.csv", "-b", "€5k")
    assert done.exit_code == 3
    assert "EUR" in done.stderr
    assert "USD" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("plan", "{long}.csv", "-b", "5k"),
        ("plan", "roster.csv", "-b", "5k", "-o", "{long}.json"),
        ("plan", "roster.csv", "-b", "5k", "--ideals", "{long}"),
        ("check", "{long}", "-c", "{long}"),
        ("history", "{long}"),
        ("init", "{long}"),
        ("store", "check", "{long}"),
        ("verify", "{long}"),
    ],
    ids=" ".join,
)
def test_a_name_that_is_too_long_is_told(run, command):
    done = run(*(word.format(long="x" * 5000) for word in command))
    assert done.exit_code in (2, 3)
    assert "File name too long" in " ".join(done.stderr.split())


@pytest.mark.parametrize("command", ["plan", "alternatives", "tradeoff", "frontier"])
def test_a_plan_in_the_place_of_the_list_is_told_and_no_budget_is_asked_for(run, desk, command):
    assert run("plan", "roster.csv", "-b", "5k", "-q", "-o", "plan.json").exit_code == 0
    result = run(command, "plan.json")
    assert result.exit_code == 3
    assert "plan.json is a plan of microopt, not a table" in result.stderr
    assert "budget" not in result.stderr
