"""Money on the command line: a point before three digits, and a bare number over a file in another currency."""

import pytest

from microopt.campaign.inputs import CampaignInput
from microopt.campaign.written_money import MONEY_KEYS
from microopt.cli.command import options_by_field
from microopt.cli.load import READING_KEYS, TABLE_KEYS, read_options
from microopt.cli.options import ReadingOptions
from tests.cli.conftest import only_object

EUROS = "creator,followers,fee\n@ann,20000,€300\n@ben,30000,€200\n"
BARE = EUROS.replace("€", "")


@pytest.fixture
def lists(desk):
    (desk / "euros.csv").write_text(EUROS, encoding="utf-8")
    (desk / "bare.csv").write_text(BARE, encoding="utf-8")
    (desk / "euros.toml").write_text('budget = "€20,000"\n', encoding="utf-8")
    return desk


@pytest.mark.parametrize("text", ["20.000", "20,000", "20 000", "20'000", "20k", "20000", "20.000,00", "20,0k"])
def test_a_budget_is_twenty_thousand_in_every_habit(run, lists, text):
    done = run("plan", "bare.csv", "-b", text, "--format", "json")
    assert only_object(done.stdout)["campaign"]["budget"] == 20_000
    assert done.stderr == ("Note: budget 20.000 is read as 20,000.\n" if text == "20.000" else "")


def test_quiet_says_nothing_of_it(run, lists):
    assert run("plan", "bare.csv", "-b", "20.000", "--quiet", "-o", "plan.json").stderr == ""


def test_a_number_of_a_campaign_file_is_read_alike_and_verified(run, lists):
    (lists / "c.toml").write_text("budget = 20.000\nrules = ['all spend <= 1.000']\n", encoding="utf-8")
    done = run("plan", "bare.csv", "-c", "c.toml", "-o", "plan.json")
    assert done.stderr.count("Note:") == 1
    assert "of $20,000" in run("plan", "bare.csv", "-c", "c.toml", "--format", "line").stdout
    assert run("verify", "plan.json").exit_code == 0


@pytest.mark.parametrize(
    ("args", "note"),
    [
        (("plan", "bare.csv", "-b", "20k", "--per-creator", "1.000"), "per creator 1.000 is read as 1,000"),
        (("plan", "bare.csv", "-b", "20k", "-w", "followers <= 20.000"), "20.000 is read as 20,000"),
        (("plan", "bare.csv", "-b", "20k", "--expect", "spend <= 1.000"), "--expect 1.000 is read as 1,000"),
        (
            ("frontier", "bare.csv", "-b", "1.000..2.000"),
            "budget 1.000 is read as 1,000; budget 2.000 is read as 2,000",
        ),
        (("forecast", "bare.csv", "--order-value", "1.000"), "order value 1.000 is read as 1,000"),
        (("forecast", "bare.csv", "--fee", "@ann=1.000 -5%"), "fee of @ann 1.000 is read as 1,000"),
    ],
)
def test_every_command_says_once_what_it_took_for_thousands(run, lists, args, note):
    done = run(*args)
    assert done.stderr.count("Note:") == 1
    assert note in done.stderr


@pytest.mark.parametrize("command", ["plan", "frontier", "tradeoff", "compare", "alternatives"])
def test_a_bare_budget_keeps_the_currency_of_the_file(run, lists, command):
    budget = "10k..30k" if command == "frontier" else "30k"
    done = run(command, "bare.csv", "-c", "euros.toml", "-b", budget)
    assert done.exit_code == 0
    assert "€" in done.stdout
    assert "$" not in done.stdout


def test_a_bare_budget_is_in_the_currency_of_the_roster(run, lists):
    assert "of €20,000" in run("plan", "euros.csv", "-b", "20k", "--format", "line").stdout


@pytest.mark.parametrize(
    "args",
    [
        ("plan", "bare.csv", "-c", "euros.toml", "-b", "$30k"),
        ("plan", "bare.csv", "-c", "euros.toml", "--order-value", "$30"),
        ("plan", "bare.csv", "-c", "euros.toml", "--worth", "conversions=$30"),
        ("plan", "bare.csv", "-c", "euros.toml", "-r", "all spend <= $500"),
        ("plan", "bare.csv", "-c", "euros.toml", "--expect", "spend <= $500"),
        ("plan", "euros.csv", "-b", "20k", "--expect", "spend <= $500"),
        ("frontier", "bare.csv", "-c", "euros.toml", "-b", "$5k..30k"),
        ("frontier", "bare.csv", "-b", "$5k..€30k"),
        ("compare", "bare.csv", "-c", "euros.toml", "-b", "$30k"),
    ],
)
def test_a_sign_that_contradicts_is_an_error_in_every_command(run, lists, args):
    done = run(*args)
    assert done.exit_code == 2
    assert "is in USD, but the campaign is in EUR" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("flags", "amount"),
    [
        (("-b", "$5k"), "budget $5k"),
        (("-b", "1k", "--order-value", "$50"), "order value $50"),
        (("-b", "1k", "--per-creator", "50 USD"), "per creator 50 USD"),
        (("-b", "1k", "--worth", "conversion=$40"), "worth of conversion $40"),
        (("-b", "1k", "--rule", "all spend <= $500"), "rule 'all spend <= $500': $500"),
        (("-b", "1k", "--where", "fee <= $500"), "filter 'fee <= $500': $500"),
    ],
)
def test_the_only_amount_with_a_currency_is_what_is_wrong_over_a_list_in_another(run, lists, flags, amount):
    done = run("plan", "euros.csv", *flags)
    assert done.exit_code == 2
    assert f"{amount} is in USD, but your list is in EUR." in " ".join(done.stderr.split())
    assert "exchange.EUR = 0.00" in done.stderr


def test_a_currency_that_is_set_is_not_what_is_wrong(run, lists):
    (lists / "dollars.toml").write_text('budget = 500\ncurrency = "USD"\n', encoding="utf-8")
    done = run("plan", "euros.csv", "-c", "dollars.toml")
    assert done.exit_code == 3
    assert 'Set currency = "EUR" in the campaign file, or add' in " ".join(done.stderr.split())


@pytest.mark.parametrize(("budget", "amount"), [("$5k..30k", "$30k"), ("USD 5k..30k", "USD 30k")])
def test_a_sign_at_one_end_of_a_range_is_told_as_it_would_be_written_at_the_other(run, lists, budget, amount):
    done = run("frontier", "bare.csv", "-c", "euros.toml", "-b", budget)
    assert f"budget {amount} is in USD" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    "args",
    [
        ("plan", "bare.csv", "-c", "euros.toml", "--creators", "..€2"),
        ("plan", "bare.csv", "-c", "euros.toml", "-r", "all count <= €2"),
    ],
)
def test_an_amount_of_money_is_never_a_number_of_creators(run, lists, args):
    done = run(*args)
    assert done.exit_code == 2
    assert "€2 is an amount of money, but count is a plain number" in " ".join(done.stderr.split())


def test_replan_keeps_the_currency_and_refuses_another(run, lists):
    assert run("plan", "bare.csv", "-c", "euros.toml", "-o", "plan.json").exit_code == 0
    assert "of €30,000" in run("replan", "plan.json", "-b", "30.000", "--format", "line", "--dry-run").stdout
    done = run("replan", "plan.json", "-b", "$30k", "--dry-run")
    assert done.exit_code == 2
    assert "is in USD, but the campaign is in EUR" in " ".join(done.stderr.split())
    (lists / "bare.toml").write_text("budget = 25000\n", encoding="utf-8")
    assert "of €25,000" in run("replan", "plan.json", "-c", "bare.toml", "--format", "line", "--dry-run").stdout


def test_every_option_of_money_is_looked_at_for_its_currency():
    options = options_by_field(CampaignInput)
    assert [name for name, option in options.items() if option.metavar == "MONEY" and name not in MONEY_KEYS] == []


def test_check_reads_the_roster_of_a_wrong_campaign_with_all_that_the_campaign_says_of_it():
    """Every part of a campaign that `read_options` looks at comes from a key that `check` passes on.

    Only a plan that was made again has a running campaign.
    """
    asked = set()
    keys = {
        "decimal": {"numbers"},
        "target_audience": set(TABLE_KEYS.values()),
    }  # of the other settings, their own name

    class Campaign:
        def __getattr__(self, name):
            asked.update(keys.get(name, {name}))
            return {} if name == "fees" else None

    read_options(Campaign(), ReadingOptions())
    assert asked - {"running"} <= READING_KEYS
