"""What must agree between files that no tool compares."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_both_packages_have_one_version():
    pyproject = (ROOT / "pyproject.toml").read_text()
    python_versions = re.findall(r'^version = "(.+)"$', pyproject, re.M)
    npm_package = json.loads((ROOT / "package.json").read_text())
    npm_lock = json.loads((ROOT / "package-lock.json").read_text())

    assert python_versions == [npm_package["version"]] == [npm_lock["version"]]


def test_the_changelog_tells_about_this_version():
    version = json.loads((ROOT / "package.json").read_text())["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text()

    assert re.search(rf"^## \[(Unreleased|{re.escape(version)})\]", changelog, re.M)


def test_the_readme_gives_the_size_of_the_plugin():
    limit = re.search(r"maxBrotliBytes = ([\d_]+)", (ROOT / "alpine-plugin/build.mjs").read_text())
    told = re.search(r"([\d.]+) KB with brotli", (ROOT / "README.md").read_text())

    assert limit
    assert told
    assert 0 <= int(limit[1].replace("_", "")) - float(told[1]) * 1_000 < 150


def test_the_package_is_imported_before_the_settings_are_known():
    environment = {name: text for name, text in os.environ.items() if "DJANGO" not in name}
    command = [sys.executable, "-c", "import django_hyper"]

    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
