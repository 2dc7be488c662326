"""The table [calendar] on the command line: what it means for a plan, and what is wrong with it."""

import json

import pytest

from tests.verification.opponent import sealed

USAGE, INFEASIBLE, FALSE = 2, 4, 7


@pytest.fixture
def campaign(desk):
    """Return a function that writes a campaign file with three months, and further lines under [calendar]."""

    def write(*lines, top=()):
        text = "\n".join(("budget = 5000", *top, "[calendar]", 'waves = ["2027-03..2027-05"]', *lines))
        (desk / "campaign.toml").write_text(text + "\n", encoding="utf-8")
        return ("roster.csv", "-c", "campaign.toml")

    return write


def read(desk, name="plan.json"):
    return json.loads((desk / name).read_text(encoding="utf-8"))


def spend_by_wave(plan):
    spent = {}
    for pick in plan["picks"]:
        spent[pick["wave"]] = spent.get(pick["wave"], 0) + pick["cost"]
    return spent


def test_a_plan_keeps_the_budgets_of_its_waves_and_is_verified(run, desk, campaign):
    files = campaign("[calendar.budget]", '2027-03 = "20%"', "2027-04 = 1200", '2027-05 = "500..2000"')
    done = run("plan", *files, "-o", "plan.json")
    assert done.exit_code == 0, done.output
    plan, spent = read(desk), spend_by_wave(read(desk))
    assert spent["2027-03"] <= 1_000
    assert spent["2027-04"] <= 1_200
    assert 500 <= spent["2027-05"] <= 2_000
    assert [rule["label"] for rule in plan["rules"]] == [f"budget of 2027-0{month}" for month in (3, 4, 5)]
    assert run("verify", "plan.json").exit_code == 0
    plan["campaign"]["calendar"]["budgets"]["2027-04"]["high"] = 5
    (desk / "plan.json").write_text(json.dumps(sealed(plan)), encoding="utf-8")
    assert run("verify", "plan.json").exit_code == FALSE


def test_the_table_of_a_plan_is_not_taken_for_a_list(run, campaign):
    assert run("plan", *campaign(), "-o", "plan.csv").exit_code == 0
    for command in ("plan", "check"):
        done = run(command, "plan.csv", *(("--budget", "5000") if command == "plan" else ()), "--format", "json")
        value = json.loads(done.stdout)
        fault = (value["faults"] or [value])[0]
        assert fault["code"] == "roster-plan"
        assert "give the list from which the plan was made" in fault["fix"]


def test_a_calendar_that_cannot_be_is_no_plan(run, desk, campaign):
    assert run("plan", *campaign(), "-o", "plan.json").exit_code == 0
    plan = read(desk)
    plan["campaign"]["calendar"]["waves"].reverse()
    (desk / "plan.json").write_text(json.dumps(sealed(plan)), encoding="utf-8")
    done = run("verify", "plan.json")
    assert done.exit_code == FALSE
    assert "the waves are out of order, or overlap" in " ".join(done.output.split())


def test_budgets_of_waves_that_no_plan_keeps_are_repaired(run, desk, campaign):
    files = campaign("[calendar.budget]", "2027-03 = 100", top=('rules = ["all count >= 3 in 2027-03"]',))
    done = run("plan", *files)
    assert done.exit_code == INFEASIBLE
    assert "raise the budget of 2027-03 from $100 to $" in " ".join(done.stderr.split())
    assert run("plan", *files, "--repair", "-o", "plan.json").exit_code == 0
    assert read(desk)["repair"]["changes"]
    assert run("verify", "plan.json").exit_code == 0


def test_a_repair_of_a_wave_that_its_campaign_does_not_have_is_found(run, desk, campaign):
    files = campaign("[calendar.budget]", '2027-03 = "4900.."', '2027-04 = "2000.."')
    done = run("plan", *files)
    assert "the waves are to spend at least 6,900, but 5,000 may be spent" in " ".join(done.stderr.split())
    files = campaign("[calendar.budget]", '2027-03 = "4999.."')
    assert run("plan", *files, "--repair", "-o", "plan.json").exit_code == 0
    plan = read(desk)
    (change,) = plan["repair"]["changes"]
    assert change["label"] == "budget of 2027-03"
    change["becomes"] = "budget of 2027-04 >= 5"
    (desk / "plan.json").write_text(json.dumps(sealed(plan)), encoding="utf-8")
    assert run("verify", "plan.json").exit_code == FALSE


def test_flags_replace_the_waves_and_the_retainer_of_a_file(run, desk, campaign):
    files = campaign('retainer = "3: 10%"', "max_posts = 3")
    flags = ("--waves", "2027-06,2027-07", "--waves", "2027-08", "--retainer", "2 posts: 50%")
    done = run("plan", *files, *flags, "-o", "plan.json")
    assert done.exit_code == 0, done.output
    calendar = read(desk)["campaign"]["calendar"]
    assert [wave["name"] for wave in calendar["waves"]] == ["2027-06", "2027-07", "2027-08"]
    assert (calendar["retainer"], calendar["max_posts"]) == ([[2, 0.5]], 3)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["carryover = true"], "unknown key 'calendar.carryover'. Fix: Did you mean carry_over"),
        (["budget = 500"], "calendar.budget = 500 should be a table. Fix: Begin a table with [calendar.budget]"),
        (['goal = "reach"'], "goal is under [calendar], but keys of the campaign go above the first [table]"),
        (["max_posts = 0"], "max_posts = 0 is not possible, 1 to 60 posts are"),
        (['repetition = "no"'], 'calendar.repetition = "no" should be true or false'),
    ],
)
def test_a_mistake_in_the_table_is_told_with_its_key(run, campaign, lines, told):
    done = run("plan", *campaign(*lines))
    assert done.exit_code == USAGE
    assert told in " ".join(done.stderr.split())


def test_a_wave_is_a_table_too_whose_keys_are_checked(run, desk):
    text = 'budget = 5000\n[[calendar.waves]]\nname = "launch"\nstart = 2027-03-01\nends = 2027-03-14\n'
    (desk / "campaign.toml").write_text(text, encoding="utf-8")
    done = run("plan", "roster.csv", "-c", "campaign.toml")
    assert "unknown key 'calendar.waves.start'" in " ".join(done.stderr.split())
    (desk / "campaign.toml").write_text(text.replace("start ", "starts "), encoding="utf-8")
    assert run("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json").exit_code == 0
    assert read(desk)["campaign"]["calendar"]["waves"][0]["ends"] == "2027-03-14"


def test_budgets_of_waves_and_rules_on_each_wave_are_priced(run, desk, campaign):
    files = campaign("[calendar.budget]", "2027-03 = 1000", top=('rules = ["all count >= 1 each wave"]',))
    done = run("plan", *files, "--price-rules", "-o", "plan.json")
    assert done.exit_code == 0, done.output
    labels = [price["label"] for price in read(desk)["rule_prices"]]
    assert labels == ["all count >= 1 each wave", "budget of 2027-03"]
    rows = [line for line in done.stdout.split("\n") if line.startswith(("all count", "budget of"))]
    assert all("no change" in row or "%" in row for row in (rows[0], rows[-1]))
    assert run("verify", "plan.json").exit_code == 0


def test_a_repaired_rule_on_a_column_that_is_called_like_a_budget_is_no_budget_of_a_wave(run, desk):
    rows = ["creator,followers,fee,budget of agency"] + [f"@c{i},10000,{100 + i},Acme" for i in range(3)]
    (desk / "own.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = run("plan", "own.csv", "-b", "999", "-r", "budget of agency:Acme count >= 5", "--repair", "-o", "plan.json")
    assert done.exit_code == 0, done.output
    assert "change budget of agency:Acme count >= 5 to" in " ".join(done.output.split())
    assert [each["wave"] for each in read(desk)["repair"]["changes"]] == [None]
    assert run("verify", "plan.json").exit_code == 0
