"""A new week passes as it is, and each way to spoil it is refused in words that help."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from tools.shared.notebooks import ROOT
from tools.write.new import faults, new

pytestmark = pytest.mark.xdist_group(__name__)  # its fixtures are dear
COPIED = ("conftest.py", "pyproject.toml", "_config.yml", "_toc.yml")
COPIED += ("tools", "tests", "dsl_utils", "book")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A copy of the book that holds one new week and nothing else."""
    root = tmp_path_factory.mktemp("book")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("*.pyc"))
        else:
            shutil.copy(ROOT / name, root)
    for path in (root / "tests" / "faults").glob("*.yml"):
        path.unlink()
    (root / "notebooks").mkdir()
    new("c1w1", "A straight line", root)
    return root


def pytest_in(root, *arguments):
    """Run pytest in a copy of the book; return its exit status and what it printed."""
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=root,
        env={key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")},
        capture_output=True,
        text=True,
    )
    return result.returncode, result.stdout


@pytest.fixture(scope="module")
def spoil(book, tmp_path_factory):
    """Return a function that makes a copy of the book and changes its notebook's cells."""

    def spoiled(change):
        root = tmp_path_factory.mktemp("spoiled") / "book"
        shutil.copytree(book, root)
        (path,) = (root / "notebooks").glob("*.ipynb")
        notebook = json.loads(path.read_text(encoding="utf-8"))
        change({cell["id"]: cell for cell in notebook["cells"]})
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return root

    return spoiled


def test_a_new_week_passes_nbval_and_its_faults(book):
    status, words = pytest_in(book, "--nbval", "--faults", "notebooks")
    assert status == 0, words
    assert re.search(r"\d+ passed", words)
    for fault in faults():
        assert f"| c1w1 | {fault['planted']} |" in words, words


def test_a_fault_that_is_not_refused_is_told(book, tmp_path):
    shutil.copytree(book, tmp_path / "book")
    path = tmp_path / "book" / "tests" / "faults" / "c1w1.yml"
    planted = faults()
    planted[0]["with"] = planted[0]["replace"]
    path.write_text(yaml.safe_dump(planted), encoding="utf-8")
    status, words = pytest_in(tmp_path / "book", "-q", "--nbval", "--faults", "notebooks")
    assert status == 1
    assert f"{planted[0]['check']!r}, planted {planted[0]['planted']!r}: nothing refused" in words
    assert "1 failed" in words


def spoil_form(cells):
    """Plant what the contract must refuse."""
    cells["title"]["source"] = [line.replace("7<!--", "8<!--") for line in cells["title"]["source"]]
    cells["plan"]["source"] = [
        line.replace("#a-topic", "#a-dead-topic") for line in cells["plan"]["source"]
    ]
    cells["further-reading"]["source"] = [
        "## Further reading\n",
        "\n",
        "[A week](c1w9_gone.ipynb).",
    ]
    cells["figure-one"]["metadata"]["mystnb"]["image"]["alt"] = ""


def test_what_a_reader_would_stumble_over_is_refused(spoil):
    status, words = pytest_in(spoil(spoil_form), "-q", "tests/test_contract.py")
    assert status == 1
    for message in (
        "c1w1_a_straight_line.ipynb: title: 8 in the prose, but 'line at 3' is 7",
        "c1w1_a_straight_line.ipynb: plan: no heading has the anchor #a-dead-topic",
        "c1w1_a_straight_line.ipynb: further-reading: c1w9_gone.ipynb leads nowhere",
        "c1w1_a_straight_line.ipynb: figure-one: write a sentence that says what the figure shows",
        "notebooks/c1w1_a_straight_line.ipynb: name it in _toc.yml",
    ):
        assert message in words, words


def spoil_outputs(cells):
    """Plant what nbval and the figures' comparison must refuse."""
    cells["toy-claim"]["outputs"][0]["text"][0] = (
        "slope found in noisy points ≈ 2 (at least 1.95)\n"
    )
    cells["figure-two"]["source"] = [
        line.replace("2 * line", "-2 * line") for line in cells["figure-two"]["source"]
    ]
    cells["solution-1"]["source"] = [
        line.replace("((3,), 6)", "((3,), 6), ((4,), 8)") for line in cells["solution-1"]["source"]
    ]
    cells["toy-line"].update(execution_count=None, outputs=[])


def test_an_output_that_its_cell_does_not_give_is_refused(spoil):
    status, words = pytest_in(spoil(spoil_outputs), "--nbval", "notebooks")
    assert status == 1
    for message in (
        "toy-claim: Cell outputs differ. If that is right, run: make refresh NB=c1w1",  # by hand
        "solution-1: Cell outputs differ. If that is right, run",  # stale: the code was changed
        "figure-two: a figure changed",
        "toy-line: the cell was never executed",
    ):
        assert f"c1w1_a_straight_line.ipynb: {message}" in words, words
    assert "4 failed" in words


@pytest.mark.parametrize(
    ("week", "title", "message"),
    [
        ("w1", "A line", "'w1' is not a week: write course and week, as in WEEK=c1w1"),
        ("c1w5", "A line", "'c1w5' is not a week"),
        ("c1w2", "…", "'…' is not a title: write words"),
        ("c1w1", "Another line", "notebooks/c1w1_a_straight_line.ipynb is already there"),
    ],
)
def test_a_week_that_cannot_be_made_is_refused(book, week, title, message):
    before = sorted(book.rglob("*"))
    with pytest.raises(SystemExit, match=re.escape(message)):
        new(week, title, book)
    assert sorted(book.rglob("*")) == before
