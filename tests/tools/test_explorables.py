"""What is stored for the explorable pages comes from a notebook, as far as it is needed."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools.shared.notebooks import CellFailed
from tools.write import explorables


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """A notebook of three cells, the last of which fails."""
    sources = {"one": "x = 1", "two": "x += 1\nprint(x)", "three": "raise OSError('too far')"}
    cells = [new_code_cell(source, id=cell_id) for cell_id, source in sources.items()]
    path = tmp_path / "c1w1_a_line.ipynb"
    path.write_text(nbformat.writes(new_notebook(cells=cells)), encoding="utf-8")
    monkeypatch.setattr(explorables, "find", lambda weeks: [path])


def compute(last, code):
    return explorables.compute(explorables.Explorable("c1w1", last, code))


@pytest.mark.usefixtures("notebook")
def test_a_notebook_runs_up_to_a_cell():
    assert compute("two", "print([x, 0.5])") == [2, 0.5]
    assert compute("one", "print(x)") == 1


@pytest.mark.usefixtures("notebook")
def test_what_cannot_be_computed_is_refused():
    with pytest.raises(
        ValueError, match="c1w1_a_line.ipynb has no cell 'four'; there are: one, tw"
    ):
        compute("four", "print(x)")
    with pytest.raises(CellFailed, match="c1w1_a_line.ipynb: three: OSError: too far"):
        compute("three", "print(x)")


STORED = {"words": ["a", "b"], "thousandths": [[998, 0], [-3, 1000, 5]]}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"thousandths": [[1000, 0], [-3, 1000, 3]]}, ""),
        ({"thousandths": [[998, 0], [-3, 997, 5]]}, "a number is 3 thousandths from the notebook"),
        ({"thousandths": [[998, 0], [-3, 1000]]}, "thousandths are of another shape"),
        ({"thousandths": [[998, 0]]}, "thousandths are of another shape"),
        ({"words": ["a", "c"]}, "words is ['a', 'b'] and should be ['a', 'c']"),
        ({"more": 1}, "more is None and should be 1"),
    ],
)
def test_stored_data_must_be_the_notebooks(changes, words):
    assert explorables.difference(STORED, STORED | changes).startswith(words)
    assert bool(explorables.difference(STORED, STORED | changes)) == bool(words)


def test_a_trained_number_may_differ_by_what_machines_differ():
    moved = STORED | {"thousandths": [[998, 0], [-3, 960, 45]]}
    assert explorables.difference(STORED, moved, allowed=40) == ""
    assert explorables.difference(STORED, moved, allowed=39) != ""
