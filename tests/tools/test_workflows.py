"""The workflows pass two linters and three rules of this house; what each must refuse is planted.

Both linters run without a network. jactionlint finds what would not run, zizmor what is not safe.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools.shared.notebooks import ROOT, find_all, week_of

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
LINTERS = {
    "jactionlint": ["--shellcheck=", "--pyflakes="],  # would depend on what the machine has
    "zizmor": ["--offline", "--quiet", "--strict-collection"],
}


def lint(linter, *paths):
    """Run a linter; return its exit status and what it printed."""
    command = [Path(sys.executable).with_name(linter), *LINTERS[linter], *paths]
    result = subprocess.run(command, capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


def commands(job):
    """Return what a job's steps run, once for each entry of its matrix."""
    entries = job.get("strategy", {}).get("matrix", {}).get("include", [{}])
    for step in job["steps"]:
        for entry in entries if "run" in step else ():
            command = step["run"]
            for name, value in entry.items():
                command = command.replace(f"${{{{ matrix.{name} }}}}", value)
            yield command


def problems(text):
    """Yield what in a workflow breaks a rule of this house."""
    workflow = yaml.safe_load(text)
    granted = workflow.get("permissions")
    if not isinstance(granted, dict) or set(granted.values()) - {"read"}:
        yield f"permissions: {granted}: let the top level grant nothing, or only read"
    for line in text.splitlines():
        if "uses:" in line and not PINNED.search(line):
            yield f"{line.strip()}: pin the action by its commit, with the version as a comment"
    for job in workflow["jobs"].values():
        for command in commands(job):
            target = re.match(r'make (\w+)(?: [A-Z]+=[\w."$]+)*$', command)
            if not target or target[1] not in TARGETS:
                yield f"run: {command}: run one target of the Makefile, so that it runs anywhere"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_keeps_the_rules_of_this_house(path):
    assert list(problems(path.read_text())) == []


@pytest.mark.parametrize("linter", LINTERS)
def test_workflows_pass(linter):
    status, output = lint(linter, *WORKFLOWS, ROOT / ".github" / "dependabot.yml")
    assert status == 0, output


def test_only_two_jobs_may_write_and_no_more_than_they_need():
    writing = {}
    for path in WORKFLOWS:
        for name, job in yaml.safe_load(path.read_text())["jobs"].items():
            writes = {scope for scope, level in job["permissions"].items() if level == "write"}
            writing[f"{path.stem}: {name}"] = writes
    assert {job: scopes for job, scopes in writing.items() if scopes} == {
        "pages: deploy": {"pages", "id-token"},
        "weekly: watch": {"issues"},
    }


def test_every_check_of_the_week_has_a_report_of_its_own():
    text = (ROOT / ".github" / "workflows" / "weekly.yml").read_text()
    checks = yaml.safe_load(text)["jobs"]["watch"]["strategy"]["matrix"]["include"]
    names = [check["check"].split()[0] for check in checks]
    assert names == ["newest", "colab", "links", "urls", "audit"]
    for check in checks:
        assert re.fullmatch(rf"_build/(versions/)?{check['check'].split()[0]}\.md", check["file"])
    assert len({check["title"] for check in checks}) == len(checks)


GOOD = (ROOT / ".github" / "workflows" / "test.yml").read_text()
CHECKOUT = re.search(r"actions/checkout@.*", GOOD)[0]


@pytest.mark.parametrize(
    ("old", "new", "refused_by", "words"),
    [
        (CHECKOUT, "actions/checkout@v7", "house", "pin the action by its commit"),
        (CHECKOUT, "actions/checkout@v7", "zizmor", "unpinned-uses"),
        ("make test", "make coffee", "house", "run one target of the Makefile"),
        ("make test", "pip install .", "house", "run one target of the Makefile"),
        ("make test", "make test; true", "house", "run one target of the Makefile"),
        ("make test", "make test NB=a;true", "house", "run one target of the Makefile"),
        ("make test", "make test NB=$(true)", "house", "run one target of the Makefile"),
        ("permissions: {}", "permissions: write-all", "house", "let the top level grant nothing"),
        ("permissions: {}", "permissions: {issues: write}", "house", "grant nothing"),
        ("permissions: {}", "", "house", "let the top level grant nothing"),
        ("permissions:\n      contents: read", "permissions: write-all", "zizmor", "excessive"),
        ("persist-credentials: false", "fetch-depth: 1", "zizmor", "artipacked"),
        *(
            ("make test", 'echo "${{ github.event.pull_request.title }}"', linter, "template")
            for linter in LINTERS
        ),
        ("matrix.python }}", "matrix.pyhton }}", "jactionlint", '"pyhton" is not defined'),
        ("pull_request:", "pull_requests:", "jactionlint", "unknown Webhook event"),
    ],
)
def test_a_planted_mistake_is_refused(old, new, refused_by, words, tmp_path):
    text = GOOD.replace(old, new)
    assert text != GOOD
    if refused_by == "house":
        assert words in "\n".join(problems(text))
        return
    path = tmp_path / ".github" / "workflows" / "test.yml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    status, output = lint(refused_by, path)
    assert status != 0 and words in output


def test_each_push_verifies_every_notebook_in_a_job_of_its_own():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())
    matrix = workflow["jobs"]["week"]["strategy"]["matrix"]
    assert matrix["week"] == [week_of(path) for path in find_all()]
