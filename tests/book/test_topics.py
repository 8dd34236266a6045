"""A dead or uncovered topic is refused in words that help, and stops the build of the site."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell

from book._ext import topics
from tools.shared import measurements
from tools.shared.notebooks import ROOT, find, read, week_of
from tools.write.refresh import METADATA

ENTRY = {"topic": "Sums", "section": "adding", "cell": "add", "checks": ["sum"]}


def cells():
    """Return a small notebook with one lecture topic."""
    return [
        new_markdown_cell("# C1 W1 · Sums", id="title"),
        new_markdown_cell("## Notation and shapes", id="notation"),
        new_markdown_cell("## Adding\n\n```\n## no heading\n```", id="text"),
        new_code_cell("checks.fact('sum', 1 + 1, 2)", id="add"),
        new_markdown_cell("## Experiment: more\n\n### Adding", id="more"),
        new_code_cell("x = 1", id="again"),
    ]


def problems(*entries):
    return topics.problems({"c1w1": entries}, {"c1w1": cells()})


def test_a_good_topic_passes():
    assert problems(ENTRY) == []
    assert problems(ENTRY, ENTRY | {"section": "adding-1", "cell": "again"}) == []
    story = {"topic": "Sums", "section": "adding", "story": "a story"}
    assert problems(story) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"section": "addin"}, "no section 'addin'; choose one of the notebook, such as: adding"),
        ({"cell": "ad"}, "no cell 'ad'; choose one of the notebook, such as: add"),
        ({"checks": ["sums"]}, "no check 'sums'; choose one of the notebook, such as: sum"),
        ({"cell": "again"}, "cell 'again' does not stand under #adding, but under #adding-1"),
        ({"cell": None}, "name the cell that teaches it"),
        ({"checks": []}, "name the checks that guard it"),
        ({"story": "a story"}, "no check and the reason as story"),
        ({"chek": "sum"}, "write topic, section, cell and checks"),
    ],
)
def test_a_bad_topic_is_refused(change, problem):
    found = problems(ENTRY, ENTRY | change)
    assert len(found) == 1
    assert found[0].startswith("topics.yml: c1w1: 'Sums': ")
    assert problem in found[0]


def test_an_uncovered_section_is_refused():
    assert problems() == [
        "topics.yml: c1w1: no topic leads to the section #adding: list what it teaches"
    ]


def test_a_week_without_notebook_is_refused():
    assert topics.problems({"c9w9": [ENTRY]}, {}) == [
        "topics.yml: c9w9: there is no notebook of this week: remove its topics"
    ]


def test_the_page_links_topic_section_and_checks():
    text = topics.page(
        {"c1w1": [ENTRY]},
        {"c1w1": (Path("c1w1_sums.ipynb"), cells())},
        [{"caption": "Course 1", "chapters": [{"file": "notebooks/c1w1_sums"}]}],
    )
    assert text.splitlines() == [
        "## Course 1",
        "",
        "### C1 W1 · Sums",
        "",
        "| topic | taught in | guarded by |",
        "| --- | --- | --- |",
        "| [Sums](#cell-c1w1-add) | [Adding](../notebooks/c1w1_sums.ipynb#adding) "
        "| [sum](#cell-c1w1-add) |",
    ]


def test_every_topic_of_the_book_is_covered():
    listed = yaml.safe_load(topics.FILE.read_text(encoding="utf-8"))
    assert topics.problems(listed, {week_of(path): read(path).cells for path in find()}) == []


CONFIG = """\
only_build_toc_files: true
execute: {execute_notebooks: "off"}
parse: {myst_enable_extensions: [dollarmath]}
sphinx:
  local_extensions: {book._ext.cells: ., book._ext.topics: ., book._ext.evidence: .}
  config: {myst_heading_anchors: 3}
"""
CONTENTS = """\
format: jb-book
root: index
parts:
  - caption: Course 1
    chapters: [{file: notebooks/c1w1_sums}, {file: book/topics}, {file: book/evidence}]
"""


def test_the_build_fails_at_a_dead_topic_and_at_stale_evidence(tmp_path):
    for folder in ("book/_ext", "tools"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for page in ("topics", "evidence"):
        (tmp_path / "book" / f"{page}.md").write_text(f"# Page\n\n<!-- {page} -->\n")
    (tmp_path / "_config.yml").write_text(CONFIG)
    (tmp_path / "_toc.yml").write_text(CONTENTS)
    (tmp_path / "index.md").write_text("# Sums\n")
    notebook = tmp_path / "notebooks" / "c1w1_sums.ipynb"
    notebook.parent.mkdir()
    executed = nbformat.v4.new_notebook(cells=cells(), metadata=METADATA)
    executed.cells[3].outputs = [nbformat.v4.new_output("stream", text="sum = 2\n")]
    nbformat.write(executed, notebook)
    entries = {"c1w1": [ENTRY | {"cell": "gone"}]}
    (tmp_path / "book" / "topics.yml").write_text(yaml.safe_dump(entries))
    seeds = tmp_path / "book/_data/seeds/c1w1.json"
    stale = {"code": "", "seeds": [2], "claims": {"lost": [1.0]}}
    measurements.store(seeds, {**measurements.conditions(), **stale})

    command = [Path(sys.executable).with_name("jupyter-book"), "build", tmp_path]
    result = subprocess.run(
        [*command, "-W", "-n", "--keep-going", "-q"], capture_output=True, text=True
    )
    assert result.returncode == 1
    assert "topics.yml: c1w1: 'Sums': there is no cell 'gone'" in result.stderr
    assert "c1w1.json: 'lost' is no claim of the notebook" in result.stderr
    assert result.stderr.count("WARNING") == 2
