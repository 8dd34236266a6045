"""Mutants of hand-written code are made, refused by checks and outputs, and survivors are told."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from tools.verify import mutants

CELLS = {
    "setup": "seed = 1",
    "imports": "import numpy as np\n\nfrom dsl_utils import checks",
    "pinned": "def scaled(x):\n    return 2 * x.sum(axis=0) - 1",
    "loose": "def spread(x):\n    return x.max() - 0 * x.min()",
    "draws": "def draw(x):\n    return plots.show(x + 1)",
    "check": "x = np.arange(6.0).reshape(2, 3)\nchecks.fact('scaled', scaled(x), [5.0, 9.0, 13.0])",
    "print": "print('≈', spread(x))",
}


def words(source):
    return [slip for _, slip, _ in mutants.mutants_of(source)]


def test_slips_of_a_hand():
    assert words(CELLS["pinned"]) == [
        "2 * x.sum(axis=0) - 1 → (2 * x.sum(axis=0) + 1)",
        "2 * x.sum(axis=0) → (2 / x.sum(axis=0))",
        "1 → 2",
        "2 → 3",
        "0 → 1",
        "x.sum → x.mean",
    ]
    assert words("def f(A):\n    return -A.T @ A if A < 1 else min(A)") == [
        "A < 1 → (A <= 1)",
        "1 → 2",
        "-A.T → (A.T)",
        "min → max",
        "A.T → (A)",
    ]
    assert "x.mean(axis=1) → x.mean(axis=0)" in words("def f(x):\n    return x.mean(axis=1)")
    assert words(CELLS["draws"]) == []


def test_survivors_are_printed(tmp_path, capsys):
    path = tmp_path / "c1w1_a.ipynb"
    cells = [new_code_cell(source, id=name) for name, source in CELLS.items()]
    nbformat.write(new_notebook(cells=cells), path)
    refused, tried = mutants.survey(path, count=0, seed=1)
    told = capsys.readouterr().out
    assert f"c1w1_a.ipynb: {refused} of {tried} refused" in told
    assert "loose, line 2: x.max → x.min" in told
    assert "pinned" not in told
