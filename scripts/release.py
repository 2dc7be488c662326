"""Release a version: `python scripts/release.py 0.2.0`, and `--dry-run` to see whether it would go through.

Checks that the tree is clean, the tag is new and the changelog has entries; writes the version into `pyproject.toml`
and its date into `CHANGELOG.md`; builds the sdist and the wheel; commits and tags. A dry run does all of that on a copy
of the tracked files and leaves this tree as it is. Nothing is pushed or uploaded: the last lines say how.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
VERSION = re.compile(r'^version = "(?P<version>[^"]+)"$', re.MULTILINE)
SECTION = re.compile(r"^## \[(?P<version>[^\]]+)\] - (?P<date>.+)\n(?P<entries>(?:(?!^## ).*\n?)*)", re.MULTILINE)
NUMBER = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")


class ReleaseError(Exception):
    """Why the version cannot be released."""


def current_version(project: str) -> str:
    """Return the version that a `pyproject.toml` states."""
    found = VERSION.search(project)
    if found is None:
        raise ReleaseError('pyproject.toml has no line version = "..."')
    return found["version"]


def sort_key(version: str) -> tuple[tuple[int, ...], str, int]:
    """Return what orders versions: a candidate comes before its release."""
    number, kind, count = re.fullmatch(r"([\d.]+)(?:(a|b|rc)(\d+))?", version).groups()  # type: ignore[union-attr]
    return tuple(map(int, number.split("."))), kind or "z", int(count or 0)


def bump_version(project: str, version: str) -> str:
    """Return a `pyproject.toml` with another version.

    Raises
    ------
    ReleaseError
        If the version is malformed, or lower than the present one.
    """
    if not NUMBER.fullmatch(version):
        raise ReleaseError(f"{version!r} is not a version such as 0.2.0 or 0.2.0rc1")
    if sort_key(version) < sort_key(current_version(project)):
        raise ReleaseError(f"{version} is lower than {current_version(project)}")
    return VERSION.sub(f'version = "{version}"', project, count=1)


def date_changelog(changelog: str, version: str, today: date) -> str:
    """Return a changelog whose first section has the version and date of its release.

    Raises
    ------
    ReleaseError
        If the first section is already released, or lists no change.
    """
    newest = SECTION.search(changelog)
    if newest is None:
        raise ReleaseError("CHANGELOG.md has no section '## [x.y.z] - Unreleased'")
    if newest["date"].strip() != "Unreleased":
        raise ReleaseError(f"CHANGELOG.md: {newest['version']} is already released; begin a section that is Unreleased")
    if not re.search(r"^- ", newest["entries"], re.MULTILINE):
        raise ReleaseError("CHANGELOG.md: the unreleased section lists no change")
    heading = f"## [{version}] - {today.isoformat()}\n"
    return changelog[: newest.start()] + heading + newest["entries"] + changelog[newest.end() :]


def run(*command: str, folder: Path) -> str:
    """Run a command, and return what it prints."""
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        raise ReleaseError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr).strip()}")
    return done.stdout


def check_repository(folder: Path, version: str) -> None:
    """Check that all changes are committed, and the tag is new."""
    if run("git", "status", "--porcelain", folder=folder).strip():
        raise ReleaseError("the working tree has changes that are not committed")
    if run("git", "tag", "--list", f"v{version}", folder=folder).strip():
        raise ReleaseError(f"the tag v{version} exists")


def rewrite(folder: Path, version: str, today: date) -> None:
    """Write the version and its date into the files of a folder."""
    project, changelog = folder / "pyproject.toml", folder / "CHANGELOG.md"
    bumped = bump_version(project.read_text(encoding="utf-8"), version)
    dated = date_changelog(changelog.read_text(encoding="utf-8"), version, today)
    project.write_text(bumped, encoding="utf-8")
    changelog.write_text(dated, encoding="utf-8")


def build(folder: Path, version: str) -> list[str]:
    """Build the sdist and the wheel into `dist`, and return their names."""
    dist = folder / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    run(sys.executable, "-m", "build", "--outdir", str(dist), folder=folder)
    names = sorted(path.name for path in dist.iterdir())
    wanted = [f"microopt-{version}-py3-none-any.whl", f"microopt-{version}.tar.gz"]
    if names != wanted:
        raise ReleaseError(f"the build made {', '.join(names)} instead of {', '.join(wanted)}")
    return names


def copy_tracked_files(source: Path, target: Path) -> None:
    """Copy the files that git tracks, as they are in the working tree."""
    for name in run("git", "ls-files", "-z", folder=source).split("\0"):
        if name and (source / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, target / name)


def dry_run(version: str) -> None:
    """Do on a copy what a release does, up to the build."""
    with TemporaryDirectory() as folder:
        copy_tracked_files(ROOT, Path(folder))
        rewrite(Path(folder), version, date.today())
        print(f"would release {version}: {', '.join(build(Path(folder), version))}")


def release(version: str) -> None:
    """Write, build, commit and tag a version."""
    check_repository(ROOT, version)
    rewrite(ROOT, version, date.today())
    names = build(ROOT, version)
    run("git", "commit", "--quiet", "--all", "--message", f"Release {version}", folder=ROOT)
    run("git", "tag", "--annotate", f"v{version}", "--message", f"microopt {version}", folder=ROOT)
    print(f"released {version}: {', '.join(names)}")
    print(f"publish it with:\n  git push --follow-tags\n  twine upload {' '.join(f'dist/{name}' for name in names)}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Release the version of the command line, or say why not."""
    parser = argparse.ArgumentParser(description="Release a version of microopt.")
    parser.add_argument("version", nargs="?", help="such as 0.2.0; in a dry run, the present one if left out")
    parser.add_argument("--dry-run", action="store_true", help="check and build on a copy, and change nothing here")
    wanted = parser.parse_args(arguments)
    if not (wanted.version or wanted.dry_run):
        parser.error("which version?")
    version = wanted.version or current_version(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))
    try:
        dry_run(version) if wanted.dry_run else release(version)
    except ReleaseError as error:
        print(f"not released: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
