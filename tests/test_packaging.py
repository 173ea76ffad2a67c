"""The lock files hold what the requirements ask for, and the changelog tells of the version."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import ROOT

NAMES = ("requirements", "requirements-dev", "requirements-cluster")


def read_requirements(name):
    """All requirements of a file and of the files that it includes."""
    for line in (ROOT / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if line.startswith("-r "):
            yield from read_requirements(line.removeprefix("-r ").removesuffix(".txt"))
        elif line:
            yield Requirement(line)


def read_lock(name):
    """The locked entries: the requirement, such as numpy==2.4.6 with a marker, and its hashes."""
    text = (ROOT / f"{name}.lock").read_text(encoding="utf-8")
    for entry in re.findall(r"^[a-z].*(?:\n    --hash=.*)*", text, re.MULTILINE):
        pinned, *hashes = re.split(r" \\\n +--hash=", entry)
        yield Requirement(pinned), hashes


@pytest.mark.parametrize("name", NAMES)
def test_each_requirement_is_locked_within_its_range(name):
    locked = {}
    for pinned, _ in read_lock(name):
        (specifier,) = pinned.specifier
        assert specifier.operator == "==", pinned
        locked.setdefault(canonicalize_name(pinned.name), []).append(Version(specifier.version))
    for requirement in read_requirements(name):
        versions = locked.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement.name} is not locked: run scripts/lock"
        assert all(version in requirement.specifier for version in versions), f"{requirement}: {versions}"


@pytest.mark.parametrize("name", NAMES)
def test_the_lock_has_hashes_and_no_address(name):
    entries = list(read_lock(name))
    assert entries
    for pinned, hashes in entries:
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), pinned
    assert "://" not in (ROOT / f"{name}.lock").read_text(encoding="utf-8")


def test_both_locks_name_the_same_versions():
    """What is tested is what is served."""
    runtime = {str(pinned) for pinned, _ in read_lock("requirements")}
    development = {str(pinned) for pinned, _ in read_lock("requirements-dev")}
    assert runtime <= development


def test_the_changelog_begins_with_the_version_of_the_project():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    released = re.findall(
        r"^## (\d\S*) - ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert released[0] == version
