"""`make newest` and `make colab` install what they promise, and name each cell that differs."""

import shutil
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools import versions
from tools.notebooks import ROOT

PINNED = """\
# A comment
keras==3.15.1
nbval==0.11.0 # another one
tensorflow-cpu==2.21.0 ; sys_platform == "linux"
tensorflow==2.21.0 ; sys_platform != "linux"
"""


def test_released_packages_leave_their_pins_and_the_others_keep_them():
    released = {"keras": "", "tensorflow": "==2.20.0", "h5py": "==3.16.0"}
    assert versions.requirements(PINNED, released).splitlines() == [
        "keras",
        "nbval==0.11.0",
        'tensorflow-cpu==2.20.0; sys_platform == "linux"',
        'tensorflow==2.20.0; sys_platform != "linux"',
        "h5py==3.16.0",
    ]


def test_colab_pins_take_the_versions_that_colab_publishes():
    text = "# Names stay.\nkeras==3.13.2\nscikit-learn==1.6.1\n"
    published = "# pip freeze\nKeras==3.14.0\nscikit_learn==1.6.1\ntorch @ https://torch\n"
    assert versions.refresh_pins(text, published) == text.replace("3.13.2", "3.14.0")
    with pytest.raises(SystemExit, match="no version of scikit-learn: remove it from colab.txt"):
        versions.refresh_pins(text, "keras==3.14.0\n")


def test_a_list_out_of_reach_is_told_in_one_line():
    with pytest.raises(SystemExit, match="out of reach: .*refused.* Without FRESH=1") as error:
        versions.fetch("http://127.0.0.1:9/pip-freeze.txt")
    assert "\n" not in str(error.value)


def test_the_pins_of_colab_are_exact_and_leave_the_figures_alone():
    pins = versions.parse_pins(versions.COLAB.read_text())
    assert set(versions.NEWEST) < set(pins) and "matplotlib" not in pins
    assert versions.refresh_pins(versions.COLAB.read_text(), versions.COLAB.read_text())


def test_an_environment_is_made_or_the_reason_is_told(tmp_path):
    python, problem = versions.install("", tmp_path)
    assert problem is None and versions.installed(python) == {}
    python, problem = versions.install("book @ file:///nowhere/book\n", tmp_path)
    assert python is None and "/nowhere/book" in problem


def printing(name, source, stored):
    """Return an executed cell that prints, with the output that the notebook stores for it."""
    output = [new_output("stream", name="stdout", text=stored)] if stored else []
    return new_code_cell(source, id=name, execution_count=1, outputs=output)


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """What is found in a book of one notebook, of whose five cells three differ."""
    root = tmp_path_factory.mktemp("book")
    shutil.copy(ROOT / "conftest.py", root)
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("*.pyc"))
    notebook = new_notebook(
        cells=[
            printing("same", "print('a\\nb')", "a\nb\n"),
            printing("masked", "print('accuracy ≈ 0.97')", "accuracy ≈ 0.96\n"),
            printing("second-line", "print('a ≈ 1\\nb')", "a ≈ 2\nc\n"),
            printing("raises", "1 / 0", "1\n"),
            printing("no-output", "'text'", ""),
        ]
    )
    path = root / "notebooks" / "c1w1_a.ipynb"
    path.parent.mkdir()
    nbformat.write(notebook, path)
    return versions.compare(sys.executable, [path], root / "record.xml", root)


def test_each_cell_that_differs_is_found_with_its_first_differing_line(cells):
    assert [cell["cell"] for cell in cells] == [
        *("same", "masked", "second-line", "raises", "no-output")
    ]
    found = {c["cell"]: (c["expected"], c["got"]) for c in cells if "got" in c}
    assert found == {
        "second-line": ("c", "b"),
        "raises": ("1", "ZeroDivisionError: division by zero"),
        "no-output": ("", "'text'"),
    }


def test_the_report_shows_versions_counts_and_differences(cells, monkeypatch):
    monkeypatch.setattr(versions, "installed", lambda python: {"tensorflow-cpu": "2.21.0"})
    here = {"tensorflow": "2.22.0", "matplotlib": "3.10.0"}
    text = versions.describe("newest", {"tensorflow": ""}, here, cells)
    assert text.startswith("5 cells compared, 3 differ.\n")
    assert "| tensorflow | 2.21.0 | 2.22.0 |" in text
    assert "Matplotlib is the pinned 3.10.0" in text
    assert "| c1w1_a.ipynb | 5 | 3 |" in text
    assert "| c1w1_a.ipynb | second-line | `c` | `b` |" in text
    assert versions.REMEDY["newest"] in text


SAME = {"file": "c4w1_a.ipynb", "cell": "sum"}
DIFFERENT = SAME | {"expected": "3", "got": "4"}


@pytest.mark.parametrize(
    ("problem", "cells", "failed"),
    [
        (None, [SAME], False),
        (None, [SAME, DIFFERENT], True),
        (None, [], True),
        ("keras and numpy do not fit\n", [], True),
    ],
)
def test_the_exit_status_tells_whether_all_agree(problem, cells, failed, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["versions", "newest"])
    monkeypatch.setattr(versions, "install", lambda text, folder: ("python", problem))
    monkeypatch.setattr(versions, "installed", lambda python: {"matplotlib": "3.10.0"})
    monkeypatch.setattr(versions, "compare", lambda *arguments: cells)
    reports = []
    monkeypatch.setattr(versions, "write", lambda path, text: reports.append(text))
    with pytest.raises(SystemExit) as error:
        versions.main()
    assert bool(error.value.code) == failed
    assert (problem or "cells compared") in reports[0]
