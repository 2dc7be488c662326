"""A release bumps the version, dates the changelog and refuses what is not ready; a dry run changes nothing here."""

import importlib.util
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2027, 1, 31)
PROJECT = '[project]\nname = "microopt"\nversion = "0.1.0"\nrequires-python = ">=3.11"\n'
CHANGELOG = "# Changelog\n\n## [0.2.0] - Unreleased\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-12-01\n\n- First.\n"


@pytest.fixture(scope="module")
def release():
    spec = importlib.util.spec_from_file_location("release", ROOT / "scripts" / "release.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("version", ["0.1.0", "0.1.1", "0.2.0rc1", "1.0.0"])
def test_the_version_is_written_once(release, version):
    assert release.bump_version(PROJECT, version) == PROJECT.replace("0.1.0", version)


@pytest.mark.parametrize(("version", "why"), [("0.0.9", "lower"), ("0.1.0rc1", "lower"), ("v1", "not a version")])
def test_a_version_that_goes_back_or_is_malformed_is_refused(release, version, why):
    with pytest.raises(release.ReleaseError, match=why):
        release.bump_version(PROJECT, version)


def test_the_newest_section_of_the_changelog_is_dated_and_the_rest_is_as_before(release):
    dated = release.date_changelog(CHANGELOG, "0.2.0", TODAY)
    assert dated == CHANGELOG.replace("[0.2.0] - Unreleased", "[0.2.0] - 2027-01-31")


@pytest.mark.parametrize(
    ("changelog", "why"),
    [
        ("# Changelog\n", "no section"),
        (CHANGELOG.replace("Unreleased", "2027-01-01"), "already released"),
        (CHANGELOG.replace("- A thing.\n", ""), "no change"),
    ],
)
def test_a_changelog_without_news_is_refused(release, changelog, why):
    with pytest.raises(release.ReleaseError, match=why):
        release.date_changelog(changelog, "0.2.0", TODAY)


@pytest.fixture
def repository(release, tmp_path, monkeypatch):
    """Return a small repository that the script takes for its own, with a build that only names its files."""

    def build(folder, version):
        made = [f"microopt-{version}-py3-none-any.whl", f"microopt-{version}.tar.gz"]
        assert release.current_version((folder / "pyproject.toml").read_text()) == version
        return made

    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "user.email", "a@example.com")
    git(tmp_path, "config", "user.name", "A")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "All")
    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.setattr(release, "build", build)
    return tmp_path


def git(folder, *arguments):
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_a_dry_run_says_what_it_would_do_and_changes_nothing(release, repository, capsys):
    assert release.main(["0.2.0", "--dry-run"]) == 0
    assert "would release 0.2.0: microopt-0.2.0-py3-none-any.whl" in capsys.readouterr().out
    assert (git(repository, "status", "--porcelain"), git(repository, "tag")) == ("", "")
    assert (repository / "pyproject.toml").read_text() == PROJECT


def test_a_release_is_committed_and_tagged(release, repository, capsys):
    assert release.main(["0.2.0"]) == 0
    assert "git push --follow-tags" in capsys.readouterr().out
    assert git(repository, "tag") == "v0.2.0\n"
    assert git(repository, "log", "-1", "--format=%s") == "Release 0.2.0\n"
    assert git(repository, "status", "--porcelain") == ""
    assert 'version = "0.2.0"' in (repository / "pyproject.toml").read_text()


def test_a_release_is_refused_over_uncommitted_changes_and_for_a_tag_that_exists(release, repository, capsys):
    git(repository, "tag", "v0.2.0")
    assert release.main(["0.2.0"]) == 1
    assert "the tag v0.2.0 exists" in capsys.readouterr().err
    (repository / "pyproject.toml").write_text(PROJECT + "\n")
    assert release.main(["0.3.0"]) == 1
    assert "not committed" in capsys.readouterr().err
