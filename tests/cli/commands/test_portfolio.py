"""`microopt portfolio`: campaigns planned together, each with a plan of its own, on every night of theirs."""

import json
import signal
from pathlib import Path

import pytest

from microopt.cli.exit_codes import Exit
from microopt.cli.portfolio_run import PortfolioOutcome
from microopt.planning.portfolio.clash import PortfolioDiagnosis
from tests.cli.conftest import ROSTER

AGENCY = """\
name = "Bright"
currency = "USD"
budget = 3000
[capacity]
campaigns = 1
[[campaign]]
name = "glow"
file = "glow.toml"
roster = "roster.csv"
category = "skincare"
[[campaign]]
name = "dew"
file = "dew.toml"
roster = "roster.csv"
category = "skincare"
"""
GLOW = 'budget = 2000\ngoal = "engagement"\nrules = ["all count >= 1"]\n'
DEW = 'budget = 2500\ngoal = "reach"\nrules = ["all count >= 1"]\n'
PLANS = ("--plans", "plans/{name}.json")


@pytest.fixture
def agency(run, desk):
    """Return a function that writes a portfolio of two campaigns, and runs `microopt portfolio` on it."""
    (desk / "glow.toml").write_text(GLOW, encoding="utf-8")
    (desk / "dew.toml").write_text(DEW, encoding="utf-8")
    (desk / "plans").mkdir()

    def agency(*args, text=AGENCY):
        (desk / "agency.toml").write_text(text, encoding="utf-8")
        return run("portfolio", "agency.toml", *args)

    return agency


def nightly(**files):
    """Return the portfolio with the last plan of each campaign, and further files of glow."""
    text = AGENCY
    for name in ("glow", "dew"):
        text = text.replace(f'name = "{name}"\n', f'name = "{name}"\nplan = "plans/{name}.json"\n')
    more = "".join(f'{key} = "{path}"\n' for key, path in files.items())
    return text.replace('name = "glow"\n', f'name = "glow"\n{more}')


def plan_of(name):
    return json.loads(Path(f"plans/{name}.json").read_text(encoding="utf-8"))


def creators_of(name):
    return {pick["creator"] for pick in plan_of(name)["picks"]}


def snapshot():
    return {path: path.read_bytes() for path in Path().rglob("*") if path.is_file() and path.suffix != ".lock"}


def test_nothing_is_written_without_being_asked(agency):
    agency()
    before = set(snapshot())
    done = agency()
    assert done.exit_code == Exit.OK, done.output
    assert "Bright" in done.stdout
    assert set(snapshot()) == before


def test_each_plan_is_an_ordinary_plan_and_no_creator_is_in_two(agency, run):
    done = agency(*PLANS, "-o", "bright.json", "--format", "json")
    assert done.exit_code == Exit.OK, done.output
    shown, written = json.loads(done.stdout), json.loads(Path("bright.json").read_text(encoding="utf-8"))
    assert shown == written
    assert shown["schema"] == "microopt.portfolio/1"
    assert {each["name"]: each["seal"] for each in shown["campaigns"]} == {
        name: plan_of(name)["seal"] for name in ("glow", "dew")
    }
    assert not creators_of("glow") & creators_of("dew")
    assert sum(plan_of(name)["totals"]["spend"] for name in ("glow", "dew")) <= 3000
    for name in ("glow", "dew"):
        assert run("verify", f"plans/{name}.json").exit_code == Exit.OK
        assert run("replan", f"plans/{name}.json", "--format", "line").exit_code == Exit.OK


def test_the_first_plans_may_go_where_the_portfolio_expects_the_last_ones(agency):
    done = agency(*PLANS, text=nightly())
    assert done.exit_code == Exit.OK, done.output
    first = creators_of("glow")
    assert agency(*PLANS, text=nightly()).exit_code == Exit.OK
    assert (creators_of("glow"), plan_of("glow")["replan"] is not None) == (first, True)


def test_a_portfolio_that_is_not_found_in_time_is_not_done():
    unknown = PortfolioOutcome(result=PortfolioDiagnosis(status="unknown", limit="time"))
    assert [*unknown.codes(0.0)] == [Exit.NO_PLAN]


@pytest.mark.parametrize("pattern", ["plans", "plans/"])
def test_a_folder_means_a_plan_for_each_campaign_in_it(agency, pattern):
    assert agency("--plans", pattern).exit_code == Exit.OK
    assert {path.name for path in Path("plans").glob("*.json")} == {"glow.json", "dew.json"}


def test_several_patterns_give_several_files_of_each(agency):
    assert agency(*PLANS, "--plans", "plans/{name}.csv").exit_code == Exit.OK
    assert {path.name for path in Path("plans").glob("[!.]*")} == {"glow.json", "dew.json", "glow.csv", "dew.csv"}


def test_the_order_of_the_campaigns_changes_nothing(agency):
    head, *tables = AGENCY.split("[[campaign]]")
    found = []
    for order in (tables, tables[::-1]):
        assert agency(*PLANS, text="[[campaign]]".join([head, *order])).exit_code == Exit.OK
        found.append({name: creators_of(name) for name in ("glow", "dew")})
    assert found[0] == found[1]


def test_a_name_is_safe_in_the_name_of_a_file(agency):
    text = AGENCY.replace('name = "glow"', 'name = "../../Glow & Co: spring"')
    assert agency(*PLANS, text=text).exit_code == Exit.OK
    assert {path.name for path in Path("plans").glob("*.json")} == {"Glow-Co-spring.json", "dew.json"}


def test_two_names_that_are_one_file_are_refused(agency):
    text = AGENCY.replace('name = "glow"', 'name = "a/b"').replace('name = "dew"', 'name = "A b"')
    done = agency(*PLANS, text=text)
    assert done.exit_code == Exit.USAGE
    assert "one file name" in done.stderr
    assert not list(Path("plans").glob("*.json"))


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--plans", "plan.json"), "{name}"),
        (("--plans", "plans/{name}.docx"), "cannot tell the format"),
        (("--plans", "nowhere/{name}.json"), "mkdir -p"),
        (("--plans", ""), "is empty"),
        (("--plans", "plans/{name}.ics"), "waves"),
        (("-o", "portfolio.png"), "not written as png"),
        (("-o", "agency.toml"), "not written as toml"),
        (("--time-limit", "nan"), "is not a number"),
        (("--as-of", "someday"), "is not a date"),
        (("--max-unpacked", "much"), "is not a size"),
        (("--plans", "plans", "-o", "plans/glow.json"), "plans/glow.json"),
    ],
)
def test_a_wrong_option_is_refused_before_anything_is_written(agency, flags, words):
    agency()
    before = snapshot()
    done = agency(*flags)
    assert done.exit_code == Exit.USAGE
    assert words in " ".join(done.stderr.split())
    assert snapshot() == before


@pytest.mark.parametrize("target", ["roster.csv", "glow.toml", "agency.toml", "plans/dew.json", "states.csv"])
def test_no_file_that_is_read_is_written(agency, target):
    agency(*PLANS)
    text = nightly(states="states.csv").replace('name = "glow"', 'name = "glow"', 1)
    Path("states.csv").write_text("creator,state\n", encoding="utf-8")
    before = snapshot()
    Path("alias.json").symlink_to(target)
    for flags in (("-o", "alias.json"), ("--plans", "plans/{name}.json", "--plans", "{name}-alias.json")):
        if "--plans" in flags:
            Path("glow-alias.json").symlink_to(target)
        done = agency(*flags, text=text)
        assert done.exit_code == Exit.USAGE, done.output
        assert "cannot write" in done.stderr
    after = {path: data for path, data in snapshot().items() if path in before and path != Path("agency.toml")}
    assert after == {path: data for path, data in before.items() if path != Path("agency.toml")}


def test_a_broken_campaign_stops_no_other(agency):
    broken = {
        "syntax": ("budget = ", "roster.csv"),
        "goal": ('budget = 500\ngoal = "engagment"', "roster.csv"),
        "list": ("budget = 500", "no-such.csv"),
        "rows": ("budget = 500", "bad.csv"),
        "misfit": ('budget = 500\nrules = ["niche:knitting count >= 1"]', "roster.csv"),
        "averse": ('budget = 500\ngoal = "engagement"\nrisk = "10%"', "roster.csv"),
        "impossible": ('budget = 500\nrules = ["all count >= 5"]', "roster.csv"),
    }
    text = AGENCY
    for name, (campaign, roster) in broken.items():
        Path(f"{name}.toml").write_text(campaign, encoding="utf-8")
        text += f'[[campaign]]\nfile = "{name}.toml"\nroster = "{roster}"\n'
    Path("bad.csv").write_text(ROSTER.replace("18300", "many"), encoding="utf-8")
    done = agency(*PLANS, "--format", "json", text=text)
    assert done.exit_code == Exit.USAGE
    outcomes = {each["name"]: each for each in json.loads(done.stdout)["campaigns"]}
    assert {name: each["status"] for name, each in outcomes.items()} == {
        "dew": "optimal",
        "glow": "optimal",
        "impossible": "infeasible",
        **dict.fromkeys(set(broken) - {"impossible"}, "failed"),
    }
    assert {path.stem for path in Path("plans").glob("*.json")} == {"glow", "dew"}
    for name in broken:
        assert outcomes[name]["problem"]
        assert [line for line in done.stderr.splitlines() if line.startswith(f"{name}: ")]


@pytest.mark.parametrize(
    ("campaign", "code"),
    [('budget = 500\nrules = ["all count >= 5"]', Exit.INFEASIBLE), ("budget = ", Exit.USAGE)],
)
def test_the_exit_code_is_that_of_the_worst_campaign(agency, campaign, code):
    Path("dew.toml").write_text(campaign, encoding="utf-8")
    assert agency(*PLANS).exit_code == code
    assert creators_of("glow")


def test_a_wrong_list_is_the_code_of_a_list(agency):
    done = agency(text=AGENCY.replace('"roster.csv"', '"no-such.csv"', 1))
    assert done.exit_code == Exit.ROSTER
    assert "no-such.csv" in done.stderr


def test_a_portfolio_of_which_nothing_can_be_planned_says_all_that_is_wrong(agency):
    for name in ("glow", "dew"):
        Path(f"{name}.toml").write_text("budgte = 5", encoding="utf-8")
    done = agency("--format", "json")
    assert done.exit_code == Exit.USAGE
    faults = json.loads(done.stdout)["faults"]
    assert [fault["message"].partition(":")[0] for fault in faults] == ["glow", "dew"]


def test_all_faults_of_the_portfolio_file_are_listed(agency):
    done = agency("--format", "json", text=AGENCY.replace("campaigns = 1", "campaigns = -1") + "wieght = 2\n")
    assert done.exit_code == Exit.USAGE
    places = {fault["column"] for fault in json.loads(done.stdout)["faults"]}
    assert places == {"capacity.campaigns", "campaign[2].wieght"}


def test_campaigns_that_cannot_all_be_planned_say_what_clashes(agency):
    text = AGENCY.replace("budget = 3000", "budget = 200")
    done = agency(*PLANS, text=text)
    assert done.exit_code == Exit.INFEASIBLE
    assert "house budget" in done.stderr
    assert not list(Path("plans").glob("*.json"))
    done = agency(*PLANS, "--format", "json", text=text)
    assert json.loads(done.stdout)["schema"] == "microopt.portfolio_diagnosis/1"


def test_a_currency_that_only_the_list_names_needs_a_rate(agency):
    Path("euros.csv").write_text(ROSTER.replace(",fee,", ",fee (EUR),"), encoding="utf-8")
    text = AGENCY.replace('"roster.csv"', '"euros.csv"', 1)
    done = agency(text=text)
    assert done.exit_code == Exit.USAGE
    assert "glow is in EUR" in " ".join(done.stderr.split())
    assert agency(text=f"exchange = {{ EUR = 1.08 }}\n{text}").exit_code == Exit.OK


def test_the_house_counts_in_the_currency_of_all_lists_where_it_says_none(agency):
    Path("roster.csv").write_text(ROSTER.replace(",fee,", ",fee (EUR),"), encoding="utf-8")
    done = agency("--format", "json", text=AGENCY.replace('currency = "USD"\n', ""))
    assert done.exit_code == Exit.OK, done.output
    assert json.loads(done.stdout)["currency"] == "EUR"


def test_fees_of_the_house_are_in_every_campaign_unless_it_has_its_own(agency):
    Path("dew.toml").write_text(DEW + 'fees = { "@anna" = 450 }\n', encoding="utf-8")
    text = 'fees = { "@anna" = 300, "@ben" = "-10%", "@nobody" = 5 }\n' + AGENCY
    done = agency(*PLANS, "--format", "json", text=text)
    assert done.exit_code == Exit.OK, done.output
    assert plan_of("glow")["campaign"]["fees"] == {
        "@anna": {"amount": 300, "off": 0},
        "@ben": {"amount": None, "off": 0.1},
    }
    assert plan_of("dew")["campaign"]["fees"] == {
        "@anna": {"amount": 450, "off": 0},
        "@ben": {"amount": None, "off": 0.1},
    }
    [warning] = json.loads(done.stdout)["warnings"]
    assert "@nobody" in warning


def test_fees_of_the_house_are_converted_and_rounded_up(agency):
    Path("euros.csv").write_text(ROSTER.replace(",fee,", ",fee (EUR),"), encoding="utf-8")
    head = 'exchange = { EUR = 1.08 }\nfees = { "@anna" = 300 }\n'
    assert agency(*PLANS, text=head + AGENCY.replace('"roster.csv"', '"euros.csv"', 1)).exit_code == Exit.OK
    assert plan_of("glow")["campaign"]["fees"]["@anna"]["amount"] == 277.78
    assert plan_of("dew")["campaign"]["fees"]["@anna"]["amount"] == 300


def test_a_running_campaign_is_replanned_with_its_contracts(agency, run):
    assert agency(*PLANS).exit_code == Exit.OK
    first = {name: plan_of(name) for name in ("glow", "dew")}
    gone = sorted(creators_of("glow"))[0]
    Path("states.csv").write_text(f"creator,state\n{gone},declined\n", encoding="utf-8")
    done = agency(*PLANS, text=nightly(states="states.csv"))
    assert done.exit_code == Exit.OK, done.output
    second = plan_of("glow")
    assert gone not in creators_of("glow")
    assert second["replan"]["previous"] == first["glow"]["seal"]
    assert [path.name.rpartition("-")[2][:12] for path in Path("plans/history").iterdir()].count(
        first["glow"]["seal"][:12]
    ) == 1
    assert run("verify", "plans/glow.json").exit_code == Exit.OK
    assert "2 plans" in run("history", "plans/glow.json").stdout
    assert (
        run("replan", "plans/glow.json", "--states", "states.csv", "-o", "plans/glow.json", "-q").exit_code == Exit.OK
    )
    assert run("verify", "plans/glow.json").exit_code == Exit.OK


def test_a_signed_creator_stays_and_counts_against_the_limits_of_the_others(agency):
    assert agency(*PLANS).exit_code == Exit.OK
    wanted = sorted(creators_of("dew"))[0]
    Path("states.csv").write_text(f"creator,state,fee\n{wanted},signed,100\n", encoding="utf-8")
    done = agency(*PLANS, text=nightly(states="states.csv"))
    assert done.exit_code == Exit.OK, done.output
    assert wanted in creators_of("glow")
    assert wanted not in creators_of("dew")


def test_last_nights_part_does_not_stay(agency):
    """A campaign goes into each night as its file says, not as a portfolio had cut it before."""
    assert agency(*PLANS, text=AGENCY.replace("budget = 3000", "budget = 600")).exit_code == Exit.OK
    small = plan_of("glow")["campaign"]
    assert agency(*PLANS, text=nightly().replace("budget = 3000", "budget = 9000")).exit_code == Exit.OK
    large = plan_of("glow")["campaign"]
    assert small["budget"] < large["budget"] <= 2000
    alone = {"all count >= 1"}
    for budget in (3000, 600):
        text = nightly().replace("budget = 3000", f'rules = ["niche:beauty spend >= 5%"]\nbudget = {budget}')
        assert agency(*PLANS, text=text).exit_code == Exit.OK
    assert not [note for note in plan_of("glow")["replan"]["notes"] if "no longer apply" in note]
    labels = plan_of("glow")["campaign"]["rules"]
    assert len(labels) == len(set(labels))
    assert alone <= set(labels)


def test_the_same_inputs_leave_every_plan_as_it_is(agency):
    agency(*PLANS)
    agency(*PLANS, text=nightly())
    before = {path: path.read_bytes() for path in Path("plans").rglob("*.json")}
    done = agency(*PLANS, text=nightly())
    assert done.exit_code == Exit.OK, done.output
    assert {path: path.read_bytes() for path in Path("plans").rglob("*.json")} == before


def test_results_and_states_of_one_campaign_that_are_wrong_stop_no_other(agency):
    agency(*PLANS)
    before = Path("plans/glow.json").read_bytes()
    Path("states.csv").write_text("creator,state\n@anna,perhaps\n", encoding="utf-8")
    done = agency(*PLANS, text=nightly(states="states.csv"))
    assert done.exit_code == Exit.ROSTER
    assert "glow: " in done.stderr
    assert Path("plans/glow.json").read_bytes() == before
    assert plan_of("dew")["replan"]["previous"]


def test_a_plan_that_was_altered_stops_no_other(agency):
    agency(*PLANS)
    altered = Path("plans/glow.json").read_text(encoding="utf-8").replace('"name": "engagement"', '"name": "reach"')
    Path("plans/glow.json").write_text(altered, encoding="utf-8")
    done = agency(*PLANS, text=nightly())
    assert done.exit_code == Exit.USAGE
    assert "altered" in done.stderr
    assert Path("plans/glow.json").read_text(encoding="utf-8") == altered
    assert plan_of("dew")["replan"]["previous"]


def test_signed_rivals_are_refused_by_name(agency):
    agency(*PLANS)
    for name in ("glow", "dew"):
        Path(f"{name}-states.csv").write_text("creator,state,fee\n@anna,signed,400\n", encoding="utf-8")
    text = nightly(states="glow-states.csv").replace('name = "dew"\n', 'name = "dew"\nstates = "dew-states.csv"\n')
    text = text.replace("[capacity]\ncampaigns = 1\n", '[[exclusive]]\nmembers = ["skincare"]\n')
    done = agency(*PLANS, text=text)
    assert done.exit_code == Exit.USAGE
    assert "@anna is signed by dew and glow" in " ".join(done.stderr.split())


def test_each_list_is_read_once(agency, monkeypatch):
    from microopt.cli import shared_rosters as rosters

    read, paths = rosters.read_roster, []
    monkeypatch.setattr(rosters, "read_roster", lambda path, options: (paths.append(path), read(path, options))[1])
    assert agency().exit_code == Exit.OK
    assert paths == ["roster.csv"]


def test_fair_and_allocate_are_said(agency):
    done = agency("--fair", "--allocate", "--format", "json")
    assert done.exit_code == Exit.OK, done.output
    plan = json.loads(done.stdout)
    assert (plan["goal"], plan["allocates"]) == ("fair", True)
    done = agency("--allocate", text=AGENCY.replace("budget = 3000\n", ""))
    assert done.exit_code == Exit.USAGE
    assert "budget = 60_000" in done.stderr


def test_quiet_prints_errors_alone(agency):
    done = agency(*PLANS, "-q")
    assert (done.exit_code, done.output) == (Exit.OK, "")


def test_help_has_examples(run):
    done = run("portfolio", "--help")
    assert done.exit_code == 0
    assert "microopt portfolio agency.toml --plans 'plans/{name}.json'" in " ".join(done.stdout.split())


def test_a_file_of_a_campaign_that_cannot_be_written_stops_no_other(agency, monkeypatch):
    from microopt.cli import portfolio_files
    from microopt.errors import OutputError

    write = portfolio_files.write_plan

    def write_plan(plan, paths, *args, **options):
        if any("glow" in path for path in paths):
            raise OutputError("cannot write plans/glow.json: no space left on device", fix="use another disk")
        write(plan, paths, *args, **options)

    monkeypatch.setattr(portfolio_files, "write_plan", write_plan)
    done = agency(*PLANS)
    assert done.exit_code == Exit.USAGE
    assert "glow: cannot write" in done.stderr
    assert {path.stem for path in Path("plans").glob("*.json")} == {"dew"}


def test_a_plan_that_another_run_replaced_meanwhile_is_kept(agency, monkeypatch):
    from microopt.cli import portfolio_solve

    agency(*PLANS)
    solve = portfolio_solve.solve_portfolio

    def meanwhile(*args, **options):
        Path("plans/glow.json").write_text("{}", encoding="utf-8")
        return solve(*args, **options)

    monkeypatch.setattr(portfolio_solve, "solve_portfolio", meanwhile)
    Path("states.csv").write_text("creator,state\n@anna,declined\n", encoding="utf-8")
    done = agency(*PLANS, text=nightly(states="states.csv"))
    assert done.exit_code == Exit.USAGE
    assert "another command replaced" in " ".join(done.stderr.split())
    assert Path("plans/glow.json").read_text(encoding="utf-8") == "{}"


def test_a_page_of_the_portfolio_links_to_the_pages_of_its_campaigns(agency, desk):
    (desk / "out").mkdir()
    done = agency("--plans", "plans/{name}.html", *PLANS, "-o", "out/bright.html", "-q")
    assert done.exit_code == Exit.OK, done.output
    page = Path("out/bright.html").read_text(encoding="utf-8")
    assert "../plans/glow.html" in page
    assert "../plans/dew.html" in page


def test_a_portfolio_in_another_folder_is_planned_from_there(agency, run, desk):
    agency()
    (desk / "elsewhere").mkdir()
    for name in ("agency.toml", "glow.toml", "dew.toml", "roster.csv"):
        Path(name).rename(f"elsewhere/{name}")
    done = run("portfolio", "elsewhere/agency.toml", "--plans", "elsewhere")
    assert done.exit_code == Exit.OK, done.output
    assert run("verify", "elsewhere/glow.json").exit_code == Exit.OK


def test_text_of_a_portfolio_file_moves_no_cursor_and_hides_nothing(agency):
    name = "a\\u001b[2J\\u202ebc"
    text = AGENCY.replace('name = "glow"', f'name = "{name}"').replace('file = "glow.toml"', f'file = "no {name}.toml"')
    done = agency("--plans", "plans", text=text.replace("Bright", f"Bright {name}"))
    assert done.exit_code == Exit.USAGE
    for hidden in ("\x1b", "\u202e"):
        assert hidden not in done.output


def test_an_amount_that_may_mean_another_is_told(agency):
    done = agency(text=AGENCY.replace("budget = 3000", 'budget = "3.000"'))
    assert done.exit_code == Exit.OK
    assert "budget 3.000 is read as 3,000" in done.stderr


def test_a_time_limit_gives_plans_with_their_gap_or_says_that_there_are_none(agency):
    done = agency("--time-limit", "0.1", *PLANS)
    assert done.exit_code in (Exit.OK, Exit.UNPROVEN, Exit.NO_PLAN)
    assert "Traceback" not in done.output


def test_a_campaign_without_waves_has_no_dates_to_write_and_stops_no_other(agency):
    Path("glow.toml").write_text(
        'budget = 2000\ngoal = "engagement"\ncalendar.waves = ["2027-03", "2027-04"]\n', encoding="utf-8"
    )
    done = agency("--plans", "plans/{name}.ics", *PLANS)
    assert done.exit_code == Exit.USAGE
    assert "dew: " in done.stderr
    assert {path.name for path in Path("plans").glob("[!.]*")} == {"glow.json", "glow.ics"}


def test_a_signal_while_plans_are_written_waits_for_all_of_them(agency, monkeypatch):
    from microopt.cli import portfolio_files

    write = portfolio_files.write_plan

    def write_plan(*args, **options):
        signal.raise_signal(signal.SIGINT)
        write(*args, **options)

    monkeypatch.setattr(portfolio_files, "write_plan", write_plan)
    agency(*PLANS)
    assert {path.stem for path in Path("plans").glob("*.json")} == {"glow", "dew"}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("states.csv", "creator,state\n@anna,perhaps\n"),  # cannot be read
        ("glow.toml", "budget = "),
        ("glow.toml", 'budget = 2000\ngoal = "engagement"\nrules = ["niche:knitting count >= 1"]'),  # does not fit
        ("glow.toml", 'budget = 10\ngoal = "engagement"\nrules = ["all count >= 3"]'),  # has no plan
    ],
)
def test_a_campaign_that_fails_tonight_keeps_its_money_and_its_creators(agency, file, text):
    """Its last plan stays, so that the others must not book its creators, nor spend its part of the house budget."""
    assert agency(*PLANS).exit_code == Exit.OK
    before = plan_of("glow")
    Path("states.csv").write_text("creator,state\n", encoding="utf-8")
    Path(file).write_text(text, encoding="utf-8")
    done = agency(*PLANS, "--format", "json", text=nightly(states="states.csv"))
    assert done.exit_code in (Exit.USAGE, Exit.ROSTER, Exit.INFEASIBLE)
    assert plan_of("glow") == before
    assert plan_of("dew")["replan"] is not None
    assert not creators_of("glow") & creators_of("dew")
    assert before["totals"]["spend"] + plan_of("dew")["totals"]["spend"] <= 3000
    assert any("glow keeps its last plan" in note for note in json.loads(done.stdout)["notes"])


def test_what_was_paid_to_creators_who_declined_is_out_of_the_house_budget(agency):
    assert agency(*PLANS).exit_code == Exit.OK
    gone = sorted(creators_of("glow"))[0]
    Path("states.csv").write_text(f"creator,state,fee,paid\n{gone},declined,100,100\n", encoding="utf-8")
    done = agency(*PLANS, "--format", "json", text=nightly(states="states.csv"))
    assert done.exit_code == Exit.OK, done.output
    shown = json.loads(done.stdout)
    assert shown["budget"] == 2900
    assert any("$100 was paid" in note for note in shown["notes"])


def test_a_house_budget_of_which_nothing_is_left_is_told(agency):
    assert agency(*PLANS).exit_code == Exit.OK
    Path("glow.toml").write_text("budget = ", encoding="utf-8")
    done = agency(*PLANS, text=nightly().replace("budget = 3000", "budget = 100"))
    assert done.exit_code == Exit.USAGE
    assert "nothing is left of the house budget" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    "args", [("plan", "-c", "agency.toml"), ("plan", "roster.csv", "-c", "agency.toml"), ("check", "agency.toml")]
)
def test_the_file_of_a_portfolio_in_place_of_another_is_answered_with_its_command(agency, run, args):
    agency("-q")
    done = run(*args)
    said = " ".join(done.stderr.split())
    assert done.exit_code in (Exit.USAGE, Exit.ROSTER)
    assert "agency.toml is the file of a portfolio, not" in said
    assert "Plan its campaigns together: microopt portfolio agency.toml." in said


@pytest.mark.parametrize("args", [("verify",), ("report",), ("explain", "--all")])
def test_the_results_of_a_portfolio_in_place_of_a_plan_are_answered_with_what_writes_plans(agency, run, args):
    agency("-q", "-o", "march.json")
    done = run(args[0], "march.json", *args[1:])
    said = " ".join(done.stderr.split())
    assert done.exit_code == Exit.USAGE
    assert "march.json is a portfolio, not the plan of one campaign" in said
    assert "--plans 'plans/{name}.json'" in said


def test_a_rule_of_the_house_about_a_column_that_no_list_has_is_refused(agency):
    done = agency(text=AGENCY.replace("budget = 3000\n", 'budget = 3000\nrules = ["teir:nano spend <= 30%"]\n'))
    assert done.exit_code == Exit.USAGE
    assert "has no text column 'teir'" in " ".join(done.stderr.split())
    assert "Did you mean tier?" in done.stderr


def test_the_only_problem_of_a_list_is_named(agency, desk):
    broken = (desk / "roster.csv").read_text(encoding="utf-8").splitlines()
    cells = broken[1].split(",")
    cells[broken[0].split(",").index("fee")] = "call me"
    (desk / "other.csv").write_text("\n".join([broken[0], ",".join(cells), *broken[2:]]), encoding="utf-8")
    text = AGENCY.replace('roster = "roster.csv"\ncategory', 'roster = "other.csv"\ncategory', 1)
    done = agency(text=text)
    assert done.exit_code == Exit.ROSTER
    assert "1 problem found in row 2: 'call me' is not money" in " ".join(done.stderr.split())


def test_a_floor_above_the_own_budget_is_named_as_the_floor(agency):
    done = agency(text=AGENCY.replace('name = "glow"\n', 'name = "glow"\nfloor = 2500\n'))
    assert done.exit_code == Exit.INFEASIBLE
    assert "glow: floor" in done.stderr
