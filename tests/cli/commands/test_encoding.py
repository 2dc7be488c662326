"""--encoding: kept in the plan, so that verify and replan read the roster the same way."""

import json

LIST = "creator,followers,fee\nMałgorzata Wójcik,20000,300\nPaweł Gołąb,35000,450\nOla Żak,41000,520\n"
RESULTS = "creator,date,posts,views,engagements\nPaweł Gołąb,2026-11-02,1,9000,400\nTotal,,1,9000,400\n"


def test_a_list_in_another_encoding_is_planned_with_its_names(desk, run):
    (desk / "list.csv").write_bytes(LIST.encode("cp1250"))
    done = run("plan", "list.csv", "-b", "2000", "-o", "plan.json")
    assert done.exit_code == 0
    assert "Małgorzata Wójcik" in done.output
    assert "the text is Windows-1250" in done.output
    assert run("verify", "plan.json").exit_code == 0


def test_the_encoding_that_was_given_is_kept_in_the_plan(desk, run):
    (desk / "list.csv").write_bytes("creator,followers,fee\nZoë,20000,300\nJo,35000,450\n".encode("cp437"))
    done = run("plan", "list.csv", "-b", "2000", "--encoding", "cp437", "-o", "plan.json")
    assert done.exit_code == 0
    assert "Zoë" in done.output
    plan = json.loads((desk / "plan.json").read_text(encoding="utf-8"))
    assert plan["campaign"]["encoding"] == "cp437"
    assert run("verify", "plan.json").exit_code == 0


def test_the_campaign_file_may_name_the_encoding(desk, run):
    (desk / "list.csv").write_bytes("creator,followers,fee\nZoë,20000,300\n".encode("cp437"))
    (desk / "campaign.toml").write_text('budget = 2000\nencoding = "cp437"\n')
    assert "Zoë" in run("plan", "list.csv", "-c", "campaign.toml").output


def test_a_replan_reads_the_roster_in_its_encoding_and_results_in_theirs(desk, run):
    (desk / "list.csv").write_bytes(LIST.encode("cp1250"))
    assert run("plan", "list.csv", "-b", "2000", "--encoding", "cp1250", "-o", "plan.json").exit_code == 0
    (desk / "results.csv").write_text(RESULTS, encoding="utf-8")
    done = run("replan", "plan.json", "--results", "results.csv", "-o", "next.json")
    assert done.exit_code == 0, done.output
    assert run("verify", "next.json").exit_code == 0


def test_an_encoding_that_does_not_exist_is_refused(desk, run):
    (desk / "list.csv").write_text(LIST, encoding="utf-8")
    done = run("plan", "list.csv", "-b", "2000", "--encoding", "klingon")
    assert done.exit_code == 2
    assert "there is no encoding 'klingon'" in done.output
