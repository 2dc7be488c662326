"""A file of past posts, from plan to verify, replan and everything that reopens a plan."""

import json
from pathlib import Path

import pytest

from microopt.cli.exit_codes import Exit
from microopt.plan.seal import seal_of

POSTS = "creator,platform,date,format,paid,likes,comments,views\n" + "".join(
    f"{name},{platform},2025-0{month}-{day:02d},{form},{day == 9},{likes + 7 * day},{day},{20 * likes}\n"
    for name, platform, form, likes in (("@anna", "IG", "Reel", 2600), ("@ben", "TikTok", "Video", 500))
    for month in (8, 9)
    for day in (1, 5, 9, 14)
)
PLAN = ("plan", "roster.csv", "-b", "5000", "--posts", "posts.csv")


@pytest.fixture
def posts(desk):
    (desk / "posts.csv").write_text(POSTS, encoding="utf-8")
    return desk / "posts.csv"


def engagements(run, *args):
    done = run(*args, "--format", "json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)["totals"]["metrics"]["engagements"]


def test_posts_change_what_is_expected_and_are_told(run, posts):
    only_anna = ("plan", "roster.csv", "-b", "400", "--include", "@anna", "--creators", "1")
    assert engagements(run, *only_anna, "--posts", "posts.csv") > 1.5 * engagements(run, *only_anna)
    assert "posts: 16 posts of 2 of 5 creators, 4 of them paid, 2025-08-01 to 2025-09-14" in " ".join(
        run(*PLAN).output.split()
    )


@pytest.mark.parametrize("format", ["line", "csv"])
def test_formats_without_sentences_warn_of_trouble_with_posts_on_standard_error(run, posts, format):
    Path("strange.csv").write_text(POSTS + "@nobody.one,IG,2025-09-20,Story,no,300,2,4\n", encoding="utf-8")
    done = run("plan", "roster.csv", "-b", "5000", "--posts", "strange.csv", "--format", format)
    assert done.exit_code == 0, done.output
    assert "Warning: posts: 1 post of 1 creator who is not on the roster is not used: @nobody.one." in done.stderr
    assert "posts:" not in done.stdout


def test_a_campaign_file_names_posts_from_its_own_folder(run, desk, posts):
    (desk / "briefs").mkdir()
    posts.rename(desk / "briefs" / "posts.csv")
    (desk / "briefs" / "campaign.toml").write_text('budget = 5000\nposts = "posts.csv"\n')
    with_file = engagements(run, "plan", "roster.csv", "-c", "briefs/campaign.toml")
    assert with_file == engagements(run, "plan", "roster.csv", "-b", "5000", "--posts", "briefs/posts.csv")
    assert with_file != engagements(run, "plan", "roster.csv", "-b", "5000")


@pytest.mark.parametrize("command", ["check", "forecast", "claims", "frontier", "tradeoff", "compare", "alternatives"])
def test_every_command_of_a_roster_takes_posts(run, posts, command):
    budget = {
        "frontier": ("-b", "3k,5k"),
        "tradeoff": ("-b", "5k"),
        "compare": ("-b", "5k"),
        "alternatives": ("-b", "5k"),
    }
    done = run(command, "roster.csv", *budget.get(command, ()), "--posts", "posts.csv")
    assert done.exit_code in (0, 4), done.output
    assert "posts.csv" not in done.stderr


@pytest.fixture
def planned(run, posts):
    assert run(*PLAN, "-o", "plan.json", "-q").exit_code == 0
    return json.loads(Path("plan.json").read_text())


def test_a_plan_keeps_the_path_and_the_digest_of_its_posts(planned):
    from hashlib import sha256

    assert planned["campaign"]["posts"] == "posts.csv"
    assert planned["roster"]["source"]["posts_sha256"] == sha256(POSTS.encode()).hexdigest()


def test_a_plan_with_posts_is_verified_from_any_folder(run, planned, desk, tmp_path_factory, monkeypatch):
    assert run("verify", "plan.json").exit_code == 0
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    done = run("verify", desk / "plan.json")
    assert done.exit_code == 0, done.output
    assert "differently" not in done.output


def test_verify_says_that_posts_are_missing_and_takes_them_from_elsewhere(run, planned, posts, tmp_path_factory):
    moved = tmp_path_factory.mktemp("moved") / "our posts.csv"
    posts.rename(moved)
    done = run("verify", "plan.json")
    assert done.exit_code == 3
    assert "the file of posts of plan.json is not at posts.csv" in done.stderr
    assert "--posts" in done.stderr
    assert run("verify", "plan.json", "--posts", moved).exit_code == 0


def test_posts_that_have_changed_are_told(run, planned, posts):
    posts.write_text(POSTS.replace("2607", "2707"), encoding="utf-8")
    done = run("verify", "plan.json")
    assert done.exit_code == Exit.SOLVER
    assert "posts.csv has changed since this plan was made" in " ".join(done.stderr.split())
    for command in (("explain", "plan.json", "--all"), ("report", "plan.json", "--posts", "posts.csv")):
        assert "posts.csv has changed since this plan was made" in " ".join(run(*command).stderr.split())


@pytest.mark.parametrize("changed", ["Creator,Date,Likes\n@nobody.one,2025-01-02,5\n", "no,file\nof,posts\n"])
def test_posts_that_have_changed_and_cannot_be_read_any_more_are_told_as_changed(run, planned, posts, changed):
    posts.write_text(changed, encoding="utf-8")
    for command in (("verify", "plan.json"), ("explain", "plan.json", "--all"), ("report", "plan.json")):
        told = " ".join(run(*command).stderr.split())
        assert "posts.csv has changed since this plan was made" in told
        assert "problem found" not in told


def test_a_plan_may_not_have_a_file_outside_its_folder_read(run, planned, desk, tmp_path_factory):
    secret = tmp_path_factory.mktemp("secret") / "posts.csv"
    secret.write_text(POSTS)
    planned["campaign"]["posts"] = str(secret)
    planned["seal"] = seal_of(planned)
    Path("plan.json").write_text(json.dumps(planned))
    done = run("verify", "plan.json")
    assert "names a file of posts outside its folder" in " ".join(done.stderr.split())


def test_a_plan_is_explained_and_reported_with_its_posts(run, planned, posts):
    assert run("explain", "plan.json", "@anna").exit_code == 0
    assert run("report", "plan.json", "-o", "plan.html").exit_code == 0
    posts.rename("moved.csv")
    assert run("explain", "plan.json", "@anna", "--posts", "moved.csv").exit_code == 0
    assert run("report", "plan.json", "-o", "plan.html", "--posts", "moved.csv").exit_code == 0


def test_the_next_plan_has_the_posts_of_the_last_one_or_newer_ones(run, planned, posts):
    same = run("replan", "plan.json", "-o", "same.json", "--format", "line")
    assert same.exit_code == 0, same.output
    newer = POSTS + "@eve,IG,2025-09-20,Story,no,300,2,4000\n"
    Path("newer.csv").write_text(newer)
    assert run("replan", "plan.json", "--posts", "newer.csv", "-o", "next.json", "-q").exit_code == 0
    replanned = json.loads(Path("next.json").read_text())
    assert replanned["campaign"]["posts"] == "newer.csv"
    assert run("verify", "next.json").exit_code == 0
    changes = json.loads(run("compare", "plan.json", "next.json", "--format", "json").stdout)["campaign"]
    told = {change["message"] for change in changes}
    assert {"the file of posts: posts.csv in A, newer.csv in B", "the past posts changed"} <= told


def test_a_new_campaign_file_keeps_the_posts(run, planned):
    done = run("replan", "plan.json", "-c", "campaign.toml", "-o", "next.json")
    assert done.exit_code == 0, done.output
    assert json.loads(Path("next.json").read_text())["campaign"]["posts"] == "posts.csv"


def test_plans_without_posts_have_none(run, desk):
    assert run("plan", "roster.csv", "-b", "5000", "-o", "plan.json", "-q").exit_code == 0
    plan = json.loads(Path("plan.json").read_text())
    assert (plan["campaign"]["posts"], plan["roster"]["source"]["posts_sha256"]) == (None, None)
    del plan["campaign"]["posts"], plan["roster"]["source"]["posts_sha256"]
    plan["seal"] = seal_of(plan)
    Path("old.json").write_text(json.dumps(plan))  # as an older version wrote it
    assert run("explain", "old.json", "--all").exit_code == 0


def test_faults_of_posts_are_told_with_their_place(run, posts):
    posts.write_text("creator,date,likes,paid\n@anna,2136-01-01,5,yes\n@anna,2025-01-01,-5,perhaps\n")
    done = run(*PLAN)
    assert done.exit_code == 3
    text = " ".join(done.stderr.split())
    assert "posts.csv: 3 problems found" in text
    assert run(*PLAN, "--skip-bad-rows").exit_code == 0


def test_annotations_name_the_file_that_is_wrong(run, posts):
    posts.write_text("creator,date,likes\n@anna,2025-08-01,-5\n")
    lines = run("check", "roster.csv", "--posts", "posts.csv", "--format", "github").stdout
    assert "::error file=posts.csv,line=2,title=number-negative::" in lines


@pytest.mark.parametrize("command", ["plan", "check", "forecast", "explain"])
def test_the_posts_are_not_written_over(run, posts, command):
    names = ("--all",) if command == "explain" else ()
    budget = () if command in ("check", "forecast") else ("-b", "5000")
    done = run(command, "roster.csv", *names, *budget, "--posts", "posts.csv", "-o", "posts.csv")
    assert done.exit_code not in (0, 1), done.output
    assert posts.read_text(encoding="utf-8") == POSTS


def test_a_check_says_what_rests_on_past_posts(run, posts, desk):
    unrated = "\n".join(line.rsplit(",", 2)[0] for line in (desk / "roster.csv").read_text().splitlines())
    (desk / "roster.csv").write_text(unrated)
    posts.write_text("creator,date,likes,clicks,orders\n@anna,2025-08-01,500,40,2\n@ben,2025-08-02,700,,\n")
    told = " ".join(run("check", "roster.csv", "--posts", "posts.csv").output.split())
    assert "Engagements of 2 of 5 offers are forecast from past posts, adjusted" in told
    assert "Conversions of 1 of 5 offers are forecast from past posts; the rest are estimated." in told
    assert "past posts 2 1 1 1" in told


@pytest.mark.parametrize("named", ['""', '"."', '"a\\u0000b"'])
def test_a_campaign_file_names_a_file_of_posts(run, desk, named):
    (desk / "campaign.toml").write_text(f"budget = 5000\nposts = {named}\n")
    done = run("plan", "roster.csv", "-c", "campaign.toml")
    assert done.exit_code == Exit.USAGE, done.output
    assert "is not the path of a file" in " ".join(done.stderr.split())
