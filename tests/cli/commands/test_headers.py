"""Headers on the command line: `--map`, `--platform-default`, and the user's own names in rules and filters."""

import json

import pytest

from tests.cli.conftest import only_object

OWN = """\
Username,Category,Country,Followers,Rate card,Gender,Network
@ann,beauty,US,20000,300,F,TT
@ben,food,DE,30000,200,M,IG
"""


@pytest.fixture
def own(desk):
    (desk / "own.csv").write_text(OWN, encoding="utf-8")
    (desk / "plain.csv").write_text("handle,followers,asks\n@ann,20000,300\n@ben,30000,200\n", encoding="utf-8")
    return desk


def picks(done):
    assert done.exit_code == 0, done.stdout + done.stderr
    return sorted(pick["creator"] for pick in only_object(done.stdout)["picks"])


def plan(run, *options, roster="own.csv"):
    return run("plan", roster, "-b", "600", "--format", "json", *options)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["-r", "Category:beauty count <= 0"], ["@ben"]),
        (["--where", "Country:US"], ["@ann"]),
        (["--where", "Rate card <= 250"], ["@ben"]),
        (["--where", '"Rate card" <= 250'], ["@ben"]),
        (["--where", "rate_card <= 250"], ["@ben"]),
        (["--where", "rate card:250"], None),
        (["-r", 'Country:US "Rate card" <= 100'], ["@ben"]),
        (["--where", "Gender:F"], ["@ann"]),
        (["--where", "Network:tiktok"], ["@ann"]),
        (["--where", "Network:Instagram"], ["@ben"]),
        (["-x", "Category:food"], ["@ann"]),
        (["-r", "Country:US rate_card <= 100"], ["@ben"]),
        (["--goal", "value:Followers", "--creators", "1"], ["@ben"]),
        (
            ["--goal", "net-reach", "--audience", "Category:beauty=2M", "--audience", "Category:food=1M"],
            ["@ann", "@ben"],
        ),
    ],
)
def test_the_users_own_headers_are_names(run, own, options, expected):
    done = plan(run, *options)
    if expected is None:
        assert done.exit_code == 2
        assert "holds numbers" in done.stdout + done.stderr
    else:
        assert picks(done) == expected


def test_our_names_work_as_before(run, own):
    assert picks(plan(run, "--where", "niche:beauty", "--where", "fee <= 300")) == ["@ann"]


def test_an_unknown_column_is_answered_with_names_that_the_user_knows(run, own):
    done = plan(run, "--where", "Colour:red")
    error = json.loads(done.stderr or done.stdout)
    assert done.exit_code == 2
    assert "niche (Category), region (Country)" in error["faults"][0]["fix"]


def test_a_header_is_mapped_without_a_file(run, own):
    assert plan(run, roster="plain.csv").exit_code == 3
    done = plan(run, "--map", "asks=fee", roster="plain.csv")
    assert picks(done) == ["@ann", "@ben"]
    assert only_object(done.stdout)["campaign"]["columns"] == {"asks": "fee"}


def test_the_flag_wins_over_the_file(run, own):
    (own / "map.toml").write_text('budget = 600\n[columns]\nasks = "shipping"\nhandle = "creator"\n', encoding="utf-8")
    assert picks(run("plan", "plain.csv", "-c", "map.toml", "--map", "asks=fee", "--format", "json")) == [
        "@ann",
        "@ben",
    ]


@pytest.mark.parametrize("text", ["asks", "=fee", "  =fee"])
def test_a_map_of_another_form_is_refused(run, own, text):
    done = run("plan", "plain.csv", "-b", "600", "--map", text)
    assert done.exit_code == 2
    assert "HEADER=COLUMN" in done.stderr


def test_a_header_with_an_equals_sign_can_be_mapped(run, own):
    (own / "odd.csv").write_text("handle,followers,a=b\n@ann,20000,300\n", encoding="utf-8")
    assert picks(plan(run, "--map", "a=b=fee", roster="odd.csv")) == ["@ann"]


def test_a_map_to_an_unknown_column_names_the_way_to_set_it_aside(run, own):
    done = run("check", "plain.csv", "--map", "asks=nothing", "--estimate-fees", "--format", "json")
    (fault,) = only_object(done.stdout or done.stderr)["faults"]
    assert fault["code"] == "columns-unknown"
    assert "ignore" in fault["fix"]


def test_a_missing_platform_names_the_flag(run, own):
    done = plan(run, "--map", "asks=fee", "--platform", "tiktok", roster="plain.csv")
    assert done.exit_code == 2
    assert "--platform-default tiktok" in done.stderr + done.stdout


def test_a_list_of_one_platform(run, own):
    done = plan(run, "--map", "asks=fee", "--platform", "tiktok", "--platform-default", "Tik Tok", roster="plain.csv")
    assert picks(done) == ["@ann", "@ben"]
    assert only_object(done.stdout)["campaign"]["platform_default"] == "tiktok"


def test_an_unknown_platform_is_refused(run, own):
    done = run("plan", "own.csv", "-b", "600", "--platform-default", "tiktk")
    assert done.exit_code == 2
    assert "Did you mean tiktok?" in done.stderr


def test_a_plan_with_both_is_verified(run, own):
    flags = ["--map", "asks=fee", "--platform-default", "tiktok"]
    assert run("plan", "plain.csv", "-b", "600", *flags, "-o", "plan.json").exit_code == 0
    assert run("verify", "plan.json").exit_code == 0


def test_a_slip_is_told_by_plan_and_check(run, own):
    (own / "slip.csv").write_text("handle,followers,fee,engagment_rate\n@ann,20000,300,9%\n", encoding="utf-8")
    for command in (["check", "slip.csv"], ["plan", "slip.csv", "-b", "600"]):
        done = run(*command)
        assert "engagment_rate is not used: did you mean engagement_rate?" in " ".join(done.stdout.split())
