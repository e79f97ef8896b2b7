"""Show that each guarantee of SECURITY.md has a test that fails where the guarantee is taken away.

    python scripts/guarantees.py           try each change, in a copy of the project
    python scripts/guarantees.py csrf      try those of one guarantee
    python scripts/guarantees.py --write   write the tables of SECURITY.md

``tests_py/guarantees.toml`` says what is tried. A test must be green without the change and
red with it: one that merely breaks the code shows nothing.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests_py" / "guarantees.toml"
SECURITY = ROOT / "SECURITY.md"
BEGIN = "<!-- Written by scripts/guarantees.py --write, from tests_py/guarantees.toml. -->\n"
END = "<!-- The end of what is written. -->\n"

VITEST = ROOT / "node_modules" / "vitest" / "vitest.mjs"
PLACEHOLDER = re.compile(r"%[sdoj]")  # of a title of `test.each`
BROKEN = re.compile(r"\b(Import|ModuleNotFound|Name|Reference|Syntax|UnboundLocal)Error\b")
FIRST_TIME = 1_000_000_000

Results = dict[str, str]  # by test: `green`, `red`, or what is broken


@dataclass(frozen=True)
class Proof:
    """A test, and the change to the code that turns it red."""

    test: str  # as pytest names it; for Vitest, the file and the title
    change: str  # for readers
    file: str
    old: str  # stands in the file exactly once
    new: str


@dataclass(frozen=True)
class Guarantee:
    """What a project can rely on."""

    id: str
    subject: str  # the heading it stands under
    text: str
    proofs: Sequence[Proof]


def load() -> list[Guarantee]:
    return [
        Guarantee(**{**each, "proofs": [Proof(**proof) for proof in each["proofs"]]})
        for each in tomllib.loads(DATA.read_text())["guarantees"]
    ]


# --- The tables ---


def write_tables(page: str, guarantees: Sequence[Guarantee]) -> str:
    """Return the page with a table for each subject."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    tables = [
        f"### {subject}\n\n| guarantee | proved by | change that turns it red |\n|---|---|---|\n"
        + "".join(row for guarantee in group for row in rows_of(guarantee))
        for subject, group in itertools.groupby(guarantees, lambda each: each.subject)
    ]
    return f"{before}{BEGIN}\n" + "\n".join(tables) + f"\n{END}{after}"


def rows_of(guarantee: Guarantee) -> Iterator[str]:
    text = guarantee.text
    for proof in guarantee.proofs:
        yield f"| {text} | `{proof.test}` | `{proof.file}`: {proof.change} |\n"
        text = ""


# --- What can be checked at once ---


def faults_of(proof: Proof) -> Iterator[str]:
    """Yield what is no longer true of a proof."""
    count = (ROOT / proof.file).read_text().count(proof.old)
    if count != 1:
        yield f"{proof.file} has {proof.old!r} {count} times; expected once"
    file, name = proof.test.split("::", 1)
    written = f"def {name}(" if file.endswith(".py") else f"'{name}'"
    if written not in (ROOT / file).read_text():
        yield f"{file} has no test {name!r}"


# --- The runs ---


@contextmanager
def copied_project() -> Iterator[Path]:
    """Copy what Git knows or would, and build the plugin."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout
    with tempfile.TemporaryDirectory(prefix="guarantees-") as folder:
        project = Path(folder).resolve()
        for name in names.split("\0"):
            if (ROOT / name).is_file():
                (project / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, project / name)
        (project / "node_modules").symlink_to(ROOT / "node_modules")
        run(project, "node", "alpine-plugin/build.mjs")
        yield project


def results_of(project: Path, tests: Iterable[str]) -> Results:
    """Return what the tests give as the code is: ``green``, ``red``, or what is broken."""
    results: Results = {}
    by_runner = sorted(set(tests), key=lambda test: runner_of(test).__name__)
    for runner, group in itertools.groupby(by_runner, runner_of):
        results |= runner(project, list(group))
    return results


def result_with_change(project: Path, proof: Proof, number: int) -> str:
    path = project / proof.file
    text = path.read_text()
    path.write_text(text.replace(proof.old, proof.new))
    # A time of its own, or Python takes what it compiled in the same second.
    os.utime(path, (FIRST_TIME + number, FIRST_TIME + number))
    try:
        return results_of(project, [proof.test]).get(proof.test, "did not run")
    finally:
        path.write_text(text)


def runner_of(test: str) -> Callable[[Path, Sequence[str]], Results]:
    if test.startswith("tests_js/"):
        return run_vitest
    return run_browser if test.startswith("tests_py/browser/") else run_pytest


def run_browser(project: Path, tests: Sequence[str]) -> Results:
    run(project, "node", "alpine-plugin/build.mjs")
    return run_pytest(project, tests)


def run_pytest(project: Path, tests: Sequence[str]) -> Results:
    report = project / "report"
    options = [f"--junitxml={report}", *(["-x"] if len(tests) == 1 else [])]
    report.write_text("<none/>")  # a run that cannot begin writes no report
    output = run(project, sys.executable, "-m", "pytest", *options, *tests)
    results: Results = {}
    for case in ElementTree.parse(report).iter("testcase"):
        file, name = case.attrib["classname"].replace(".", "/"), case.attrib["name"]
        test = f"{file}.py::{name.partition('[')[0]}"
        tags = {part.tag for part in case}
        if "failure" in tags:
            results[test] = verdict(output)
        elif "error" in tags and results.get(test) != "red":
            results[test] = "an error outside of the test"
        elif "skipped" not in tags:
            results.setdefault(test, "green")
    return results


def run_vitest(project: Path, tests: Sequence[str]) -> Results:
    report = project / "report"
    titles = {test: PLACEHOLDER.sub(".*", re.escape(test.partition("::")[2])) for test in tests}
    options = [f"--outputFile={report}", f"--testNamePattern={'|'.join(titles.values())}"]
    files = {test.partition("::")[0] for test in tests}
    report.write_text('{"testResults": []}')
    run(project, "node", VITEST, "run", "--project=alpine", "--reporter=json", *options, *files)
    cases = [
        (test, case)
        for file in json.loads(report.read_text())["testResults"]
        for case in file["assertionResults"]
        for test, title in titles.items()
        if file["name"].endswith(test.partition("::")[0]) and re.fullmatch(title, case["title"])
    ]
    results: Results = {}
    for test, case in cases:
        if case["status"] == "failed":
            results[test] = verdict("".join(case["failureMessages"]))
        elif case["status"] == "passed":
            results.setdefault(test, "green")
    return results


def verdict(output: str) -> str:
    """Return whether a failure is one of the test: code that is broken shows nothing."""
    broken = BROKEN.search(output)
    return f"broken by {broken[0]}" if broken else "red"


def run(project: Path, *command: str | Path) -> str:
    done = subprocess.run(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return done.stdout.decode(errors="replace")


def main(arguments: Sequence[str]) -> int:
    guarantees = load()
    if arguments == ["--write"]:
        SECURITY.write_text(write_tables(SECURITY.read_text(), guarantees))
        return 0
    chosen = [each for each in guarantees if not arguments or each.id in arguments]
    proofs = [(each.id, proof) for each in chosen for proof in each.proofs]
    faults = 0
    with copied_project() as project:
        before = results_of(project, [proof.test for _, proof in proofs])
        for number, (name, proof) in enumerate(proofs):
            began = time.monotonic()
            result = before.get(proof.test, "did not run")
            if result == "green":
                result = result_with_change(project, proof, number)
            else:
                result = f"{result} without the change"
            faults += result != "red"
            seconds = time.monotonic() - began
            print(f"{name:20} {seconds:5.1f} s  {result:8} {proof.test}", flush=True)
    print(f"{len(proofs)} changes were tried; {faults} did not turn their test red.")
    return 1 if faults or not proofs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
