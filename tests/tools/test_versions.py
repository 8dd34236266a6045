"""`make matrix`, `make newest`, `make colab` install what they promise and name what differs."""

import json
import shutil
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from book._ext import verified
from tools.shared.notebooks import ROOT
from tools.verify import versions

pytestmark = pytest.mark.xdist_group(__name__)  # its fixtures are dear
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
    for folder in ("tools", "book/_ext"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("*.pyc"))
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
    text = versions.describe("newest", "3.13.0", {"tensorflow": ""}, here, cells)
    assert text.startswith("Python 3.13.0, newest packages: 5 cells compared, 3 differ.\n")
    assert "| tensorflow | 2.21.0 | 2.22.0 |" in text
    assert "Matplotlib is the pinned 3.10.0" in text
    assert "| c1w1_a.ipynb | 5 | 3 |" in text
    assert "| c1w1_a.ipynb | second-line | `c` | `b` |  |" in text
    assert versions.REMEDY["newest"] in text


SAME = {"file": "c4w1_a.ipynb", "cell": "sum"}
DIFFERENT = SAME | {"expected": "3", "got": "4"}


@pytest.fixture
def pretend(monkeypatch):
    """Return a function that runs the command without installing or executing anything."""

    def run(name, problem=None, cells=(SAME,)):
        monkeypatch.setattr(sys, "argv", ["versions", name])
        monkeypatch.setattr(versions, "interpreter", lambda v: None if v == "3.12" else "python")
        monkeypatch.setattr(versions, "install", lambda text, folder, base: (base, problem))
        monkeypatch.setattr(versions, "installed", lambda python: {"matplotlib": "3.10.0"})
        monkeypatch.setattr(versions, "compare", lambda *arguments: list(cells))
        monkeypatch.setattr(versions, "remember", lambda *arguments: None)
        reports = []
        monkeypatch.setattr(versions, "write", lambda path, text: reports.append((path.name, text)))
        with pytest.raises(SystemExit) as error:
            versions.main()
        return bool(error.value.code), *reports[0]

    return run


@pytest.mark.parametrize(
    ("problem", "cells", "failed"),
    [
        (None, [SAME], False),
        (None, [SAME, DIFFERENT], True),
        (None, [], True),
        ("keras and numpy do not fit\n", [], True),
    ],
)
def test_the_exit_status_tells_whether_all_agree(problem, cells, failed, pretend, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 13, 0))
    stopped, name, text = pretend("newest", problem, cells)
    assert (stopped, name) == (failed, "newest.md")
    assert (problem or "cells compared") in text


def test_the_matrix_takes_each_set_on_each_python_and_names_a_missing_one(pretend):
    failed, name, text = pretend("matrix")
    assert (failed, name) == (True, "matrix.md")
    assert text.count("cells compared, 0 differ") == 6
    assert text.count("this machine has no Python 3.12.") == 3


def test_an_interpreter_is_found_or_not():
    here = ".".join(map(str, sys.version_info[:2]))
    assert versions.interpreter(here) == sys.executable
    assert versions.interpreter("3.99") is None


@pytest.mark.parametrize(
    ("expected", "got", "by"),
    [
        ("error = 1,000", "error = 1,010", "0.0099"),
        ("(2, 3)", "(2, −3)", "2"),
        ("rtol 1e-05", "rtol 1e-10", "1"),
        ("dog", "cat", ""),
        ("1", "NameError: no name", ""),
        ("", "1", ""),
    ],
)
def test_a_difference_of_numbers_is_measured(expected, got, by):
    assert versions.moved(expected, got) == by


def test_results_are_stored_until_the_notebook_changes(tmp_path):
    path, stored = tmp_path / "c4w1_a.ipynb", tmp_path / "verified.json"
    here = {"tensorflow-cpu": "2.21.0", "keras": "3.15.1", "numpy": "2.4.6"}

    def runs(source, name, python, cell):
        cells = [printing("setup", profile.pop(), ""), printing("sum", source, "3\n")]
        nbformat.write(new_notebook(cells=cells), path)
        versions.remember(name, python, here, [cell], [path], stored)
        entry = json.loads(stored.read_text(encoding="utf-8"))["c4w1"]
        assert entry["digest"] == verified.digest(path)
        return [(run["set"], run["python"], len(run["differing"])) for run in entry["runs"]]

    profile = ["another address", "one", "one", "one"]  # of the setup cell: does not matter
    first = ("pinned", "3.12.1", 1)
    assert runs("1 + 2", "pinned", "3.12.1", DIFFERENT) == [first]
    assert runs("1 + 2", "colab", "3.13.0", SAME) == [("colab", "3.13.0", 0), first]
    again = runs("1 + 2", "pinned", "3.12.2", SAME)
    assert again == [("colab", "3.13.0", 0), ("pinned", "3.12.2", 0)]
    assert runs("2 + 1", "newest", "3.11.7", SAME) == [("newest", "3.11.7", 0)]


def test_a_page_says_with_what_it_was_verified():
    run = {"set": "pinned", "python": "3.9.7", "tensorflow": "2.21.0", "keras": "3.15.1"}
    run |= {"numpy": "2.4.6", "date": "2026-11-04", "compared": 83, "differing": []}
    colab = run | {"set": "colab", "keras": "3.13.2", "differing": [DIFFERENT]}
    text = verified.sentence([colab, run | {"python": "3.13.0"}, run])
    assert text == (
        "Last verified with the pinned TensorFlow 2.21.0, Keras 3.15.1 and NumPy 2.4.6 on Python "
        "3.9, 3.13 (4 November 2026); Colab’s TensorFlow 2.21.0, Keras 3.13.2 and NumPy 2.4.6 on "
        "Python 3.9 (4 November 2026: 1 of 83 outputs differ)."
    )
    assert verified.sentence([]) == verified.NOT_YET
