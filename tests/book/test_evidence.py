"""Evidence is counted as it is stored; what is stale or broken is refused."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from book._ext import evidence
from tools.shared import measurements
from tools.write import seeds

CONDITIONS = {
    "date": "2030-01-01",
    "cores": 2,
    "versions": {"python": "3.13.0", "tensorflow": "2.0", "keras": "3.0", "numpy": "2.1"},
}


def code(cell_id, source, text="", **metadata):
    outputs = [new_output("stream", text=f"{text}\n")] if text else []
    return new_code_cell(source, id=cell_id, outputs=outputs, metadata=metadata)


def cells():
    """Return a small notebook with a check of each kind."""
    return [
        new_markdown_cell("# C1 W1 · Sums", id="title"),
        code("setup", "seed = 1"),
        code("add", "checks.fact('sum', 1 + 1, 2)", "sum = 2"),
        code("proof", "checks.equal('a: b', {'x': x}, {'x': y})", "a: b for x (rtol 1e-10)"),
        code(
            "measure",
            "checks.claim('accuracy', 0.968, at_least=0.94, at_most=1)\n"
            "checks.claim('gap', -0.5, at_most=-0.25, digits=2, unit='points')",
            "accuracy ≈ 0.968 (at least 0.940 and at most 1.000)\n"
            "gap ≈ -0.50 points (at most -0.25)",
        ),
        code("noise", "print(1)", "1", tags=["nbval-ignore-output"]),
        code("exercise-1", "def double(n):\n    return None"),
        code(
            "exercise-1-check", "checks.exercise(double, [((1,), 2)])", "double: not attempted yet"
        ),
        code(
            "solution-1",
            "checks.exercise(double_solution, [((1,), 2)])",
            "double_solution: passed 1 of 1 cases",
        ),
    ]


NOTEBOOKS = {"c1w1": (Path("c1w1_sums.ipynb"), cells())}


def measured(**claims):
    return {"c1w1": {**CONDITIONS, "code": "", "seeds": [2, 3], "claims": claims}}


def test_the_summary_counts():
    times = {"seconds": {"c1w1": {"wall": 41.6, "cpu": 60.0}}}
    header, _, row, whole = evidence.summary(NOTEBOOKS, times).splitlines()
    assert header == (
        "| notebook | facts | proofs | claims | exercises | planted faults | compared outputs "
        "| seconds |"
    )
    assert row == "| [C1 W1 · Sums](#c1w1-evidence) | 1 | 1 | 2 | 1 | 0 | 5 | 42 |"
    assert whole == "| **All** | **1** | **1** | **2** | **1** | **0** | **5** | **42** |"
    assert "**not measured**" in evidence.summary(NOTEBOOKS, {})


def test_the_details_show_bound_worst_seed_and_margin():
    seeds_of = measured(accuracy=[0.97, 0.95], gap=[-0.3, -0.6])
    text = evidence.details(*NOTEBOOKS["c1w1"], seeds_of)
    bound = "at least 0.940 and at most 1.000"
    assert f"| [accuracy](#cell-c1w1-measure) | 0.968 | {bound} | 0.950 | 0.010 |" in text
    assert "| [gap](#cell-c1w1-measure) | -0.50 points | at most -0.25 | -0.30 | 0.05 |" in text
    assert r"| [a\: b](#cell-c1w1-proof) for x | 1e-10 |" in text
    assert "| [`double`](#cell-c1w1-exercise-1) | 1 |" in text
    assert "under the seeds 2, 3 on 2030-01-01 on 2 cores" in text
    steady = evidence.details(*NOTEBOOKS["c1w1"], measured(gap=[-0.3, -0.3]))
    assert "| -0.30, all the same | 0.05 |" in steady


def test_what_was_not_measured_is_said():
    text = evidence.details(*NOTEBOOKS["c1w1"], {})
    assert "not measured over seeds." in text
    assert text.count("| not measured over seeds |") == 2
    text = evidence.details(*NOTEBOOKS["c1w1"], measured(gap=[-0.3]))
    assert text.count("| not measured over seeds |") == 1


def test_a_notebook_without_claims_needs_no_seeds():
    path, all_cells = NOTEBOOKS["c1w1"]
    exact = [cell for cell in all_cells if cell.id != "measure"]
    text = evidence.details(path, exact, {})
    assert "It makes no claims" in text and "<summary>0" not in text


@pytest.mark.parametrize(
    ("seeds_of", "times", "problem"),
    [
        (measured(precision=[0.9]), {}, "c1w1.json: 'precision' is no claim of the notebook"),
        (measured(accuracy=[0.95, 0.93]), {}, "c1w1.json: 'accuracy' was 0.93 under one seed"),
        (measured(accuracy=[1.01]), {}, "'accuracy' was 1.01 under one seed"),
        (measured(gap=[-0.2]), {}, "'gap' was -0.2 under one seed"),
        ({"c9w9": measured()["c1w1"]}, {}, "c9w9.json: there is no notebook of this week"),
        ({}, {"seconds": {"c9w9": {}}}, "times.json: c9w9: there is no notebook of this week"),
    ],
)
def test_stale_or_broken_evidence_is_refused(seeds_of, times, problem):
    (found,) = evidence.problems(NOTEBOOKS, seeds_of, times)
    assert problem in found
    assert "make " in found or "remove the file" in found


def test_good_evidence_passes():
    good = measured(accuracy=[0.94, 1.0], gap=[-0.25])
    assert evidence.problems(NOTEBOOKS, good, {"seconds": {"c1w1": {}}}) == []


def test_seeds_are_measured_and_stored(tmp_path, capsys):
    path = tmp_path / "c1w1_sums.ipynb"
    source = "checks.claim('seed', seed, at_most=2.5)\nchecks.claim('[ a', 0.5, 0, 1)"
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# C1 W1 · Sums", id="title"),
            code("setup", "seed=1"),
            code("imports", "from dsl_utils import checks"),
            code("measure", source),
        ]
    )
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    stored = seeds.measure(path, [2, 3])
    assert stored["claims"] == {"seed": [2.0, 3.0], "[ a": [0.5, 0.5]}
    assert "| seed | at most 2.5 | 3.0000 | 2.5000 | -0.5000 |" in capsys.readouterr().out
    measurements.store(tmp_path / "a" / "c1w1.json", stored)
    assert measurements.load(tmp_path / "a" / "c1w1.json") == stored
    assert '  "seed": [2.0, 3.0],\n' in (tmp_path / "a" / "c1w1.json").read_text("utf-8")
