"""`make report` keeps one open issue for each title, and closes none."""

import json
import os
import sys

import pytest

from tools.verify import report

TITLE = "Links are broken"
GH = """\
#!{python}
import json, pathlib, sys
folder = pathlib.Path(__file__).parent
words = sys.argv[1:]
text = sys.stdin.read() if "--body-file" in words else None
with open(folder / "calls", "a") as file:
    print(json.dumps([words, text]), file=file)
if words[1] == "list":
    print((folder / "issues").read_text())
elif words[1] == "create":
    print("https://github.com/ada/book/issues/9")
"""


@pytest.fixture
def github(tmp_path, monkeypatch):
    """A folder with a `gh` that notes its calls in `calls` and lists what is in `issues`."""
    gh = tmp_path / "gh"
    gh.write_text(GH.format(python=sys.executable))
    gh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "issues").write_text("[]")
    (tmp_path / "links.md").write_text("| page | link |\n")
    return tmp_path


def changes(github):
    """Return the calls that changed something."""
    calls = [json.loads(line) for line in (github / "calls").read_text().splitlines()]
    return [(words, text) for words, text in calls if words[1] != "list"]


def issue(number, title):
    return {"number": number, "title": title, "url": f"https://github.com/ada/book/issues/{number}"}


def test_the_first_report_opens_an_issue(github):
    (github / "issues").write_text(json.dumps([issue(3, f"{TITLE}, too")]))
    assert report.report(github / "links.md", TITLE, {}).endswith("/issues/9")
    words = ["issue", "create", "--title", TITLE, "--body-file", "-"]
    assert changes(github) == [(words, "| page | link |\n")]


def test_the_next_report_updates_it(github):
    (github / "issues").write_text(json.dumps([issue(3, "Another"), issue(4, TITLE)]))
    assert report.report(github / "links.md", TITLE, {}).endswith("/issues/4")
    assert changes(github) == [(["issue", "edit", "4", "--body-file", "-"], "| page | link |\n")]


def test_a_check_that_broke_off_is_reported_with_its_log(github):
    run = {"SERVER_URL": "https://github.com", "REPOSITORY": "ada/book", "RUN_ID": "7"}
    environment = {f"GITHUB_{key}": value for key, value in run.items()}
    report.report(github / "missing.md", TITLE, environment)
    [(_, text)] = changes(github)
    assert text.startswith("The check stopped before it could write")
    assert text.endswith("[The log](https://github.com/ada/book/actions/runs/7)\n")


def test_a_report_longer_than_github_takes_is_cut(github):
    (github / "links.md").write_text("x" * 70_000)
    report.report(github / "links.md", TITLE, {})
    [(_, text)] = changes(github)
    assert len(text) == report.LONGEST_BODY


def test_what_gh_says_is_passed_on(github, monkeypatch):
    (github / "issues").unlink()
    with pytest.raises(SystemExit, match="(?s)`gh issue list` failed: .*No such file"):
        report.gh("issue", "list")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match="`gh` is missing: install"):
        report.gh("issue", "list")


@pytest.mark.parametrize("arguments", [["", TITLE], ["_build/links.md", ""]])
def test_both_words_are_needed(arguments, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["report", *arguments])
    with pytest.raises(SystemExit):
        report.main()
    assert "make report FILE=_build/links.md TITLE=" in capsys.readouterr().err


def test_tables_show_text_as_it_is():
    rows = [("a|b", report.code("<Figure> `x`\n  y")), ("", report.code(""))]
    assert report.table(("one", "two"), rows).splitlines() == [
        "| one | two |",
        "| --- | --- |",
        r"| a\|b | `<Figure> 'x' y` |",
        "|  |  |",
    ]
