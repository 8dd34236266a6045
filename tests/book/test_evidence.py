"""Evidence is counted as it is stored; what is stale or broken is refused."""

from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from book._ext import evidence, evidence_rows
from tools.shared import measurements
from tools.shared.declared import Fault
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
        new_markdown_cell("# C2 W9 · Sums", id="title"),
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


NOTEBOOKS = {"c2w9": (Path("c2w9_sums.ipynb"), cells())}


def measured(**claims):
    return {"c2w9": {**CONDITIONS, "code": "", "seeds": [2, 3], "claims": claims}}


def test_the_summary_counts():
    times = {"seconds": {"c2w9": {"wall": 41.6, "cpu": 60.0}}}
    header, _, row, whole = evidence.summary(NOTEBOOKS, times).splitlines()
    assert header == (
        "| notebook | facts | proofs | claims | exercises | planted faults | compared outputs "
        "| seconds |"
    )
    assert row == "| [C2 W9 · Sums](#c2w9-evidence) | 1 | 1 | 2 | 1 | 0 | 5 | 42 |"
    assert whole == "| **All** | **1** | **1** | **2** | **1** | **0** | **5** | **42** |"
    assert "**not measured**" in evidence.summary(NOTEBOOKS, {})


def rows(text):
    """Return {anchor: what its columns say} of all tables of a piece of the page."""
    page = BeautifulSoup(text, "html.parser")
    return {
        row["id"]: [column.get_text(" ", strip=True) for column in row.select("td")]
        for row in page.select("tbody tr")
    }


def test_every_check_has_a_row_with_its_result():
    seeds_of = measured(accuracy=[0.97, 0.95, 0.96], gap=[-0.3, -0.6, -0.5])
    text = evidence.section(*NOTEBOOKS["c2w9"], seeds_of, {})
    bound = "at least 0.940 and at most 1.000"
    assert rows(text) == {
        "check-c2w9-accuracy": ["accuracy", "0.968", bound, "0.950", "0.960", "0.010"],
        "check-c2w9-gap": ["gap", "-0.50 points", "at most -0.25", "-0.30", "-0.50", "0.05"],
        "check-c2w9-a-b": ["a: b for x", "1e-10"],
        "check-c2w9-sum": ["sum", "2"],
        "check-c2w9-double": ["double", "1"],
    }
    assert "under the seeds 2, 3 on 2030-01-01 on 2 cores" in text
    assert "\n\n" not in text.partition("<details>")[2].partition("</details>")[0]  # one block
    links = [a["href"] for a in BeautifulSoup(text, "html.parser").select("td a")]
    cells_of = ["measure", "measure", "proof", "add", "exercise-1"]
    assert links == [f"../notebooks/c2w9_sums.html#cell-c2w9-{name}" for name in cells_of]
    steady = evidence.section(*NOTEBOOKS["c2w9"], measured(gap=[-0.3, -0.3]), {})
    assert rows(steady)["check-c2w9-gap"][3:] == ["-0.30, all the same", "-0.30", "0.05"]


def test_a_table_says_beside_each_value_what_it_is():
    page = BeautifulSoup(evidence.section(*NOTEBOOKS["c2w9"], {}, {}), "html.parser")
    row = page.find(id="check-c2w9-gap")
    heads = [head.text for head in row.find_parent("table").select("th")]
    assert [column.get("data-label") for column in row.select("td")] == [None, *heads[1:]]


def test_a_row_says_what_was_planted():
    planted = [
        Fault("gap", "one <too> much", ()),
        Fault("gap", "none", ()),
        Fault("sum", "3", ()),
    ]
    found = rows(evidence_rows.details(*NOTEBOOKS["c2w9"], planted))
    assert found["check-c2w9-gap"][0] == "gap Refused: one <too> much; none"
    assert found["check-c2w9-sum"][0] == "sum Refused: 3"
    assert found["check-c2w9-accuracy"][0] == "accuracy"


STRESS = {
    "c2w9": {
        "runs": {
            "ten times the updates": {
                "asks": "would the gap close?",
                **CONDITIONS,
                "seconds": 1234.5,
                "claims": {
                    "gap": {"values": [-0.4, -0.36], "seeds": [1, 2], "code": "0"},
                    "a missing arm": {"values": [0.1234], "seeds": [1], "code": "0"},
                },
            },
            "no noise": {
                "asks": "is noise the cause?",
                **CONDITIONS,
                "seconds": 5.0,
                "claims": {"accuracy": {"values": [1.0], "seeds": [1], "code": "0"}},
            },
        }
    }
}


def test_stress_runs_stand_beside_the_seeds():
    text = evidence.section(*NOTEBOOKS["c2w9"], measured(gap=[-0.3]), STRESS)
    found = rows(text)
    assert found["check-c2w9-gap"][0] == (
        "gap Stress: ten times the updates: would the gap close? -0.40, -0.36 (seeds 1, 2)"
    )
    assert found["check-c2w9-accuracy"][0].endswith("Stress: no noise: is noise the cause? 1.000")
    assert found["stress-c2w9-ten-times-the-updates"] == [
        "ten times the updates",
        "would the gap close?",
        "gap: -0.40, -0.36 (seeds 1, 2) a missing arm: 0.123",
        "1,234",
    ]
    assert "<summary>2 stress runs</summary>" in text
    assert text.count("Its stress runs ran on 2030-01-01 on 2 cores") == 1
    assert "tress" not in evidence.section(*NOTEBOOKS["c2w9"], measured(gap=[-0.3]), {})


def test_what_was_not_measured_is_said():
    text = evidence.section(*NOTEBOOKS["c2w9"], {}, {})
    assert "not measured over seeds." in text
    assert rows(text)["check-c2w9-gap"][3:] == ["not measured", "", ""]
    text = evidence.section(*NOTEBOOKS["c2w9"], measured(gap=[-0.3]), {})
    assert rows(text)["check-c2w9-gap"][3:] == ["-0.30", "-0.30", "0.05"]
    assert rows(text)["check-c2w9-accuracy"][3] == "not measured"


def test_a_notebook_without_claims_needs_no_seeds():
    path, all_cells = NOTEBOOKS["c2w9"]
    exact = [cell for cell in all_cells if cell.id != "measure"]
    text = evidence.section(path, exact, {}, {})
    assert "It makes no claims" in text and "<summary>0" not in text


@pytest.mark.parametrize(
    ("seeds_of", "times", "problem"),
    [
        (measured(precision=[0.9]), {}, "c2w9.json: 'precision' is no claim of the notebook"),
        (measured(accuracy=[0.95, 0.93]), {}, "c2w9.json: 'accuracy' was 0.93 under one seed"),
        (measured(accuracy=[1.01]), {}, "'accuracy' was 1.01 under one seed"),
        (measured(gap=[-0.2]), {}, "'gap' was -0.2 under one seed"),
        ({"c9w9": measured()["c2w9"]}, {}, "c9w9.json: there is no notebook of this week"),
        ({}, {"seconds": {"c9w9": {}}}, "times.json: c9w9: there is no notebook of this week"),
    ],
)
def test_stale_or_broken_evidence_is_refused(seeds_of, times, problem):
    (found,) = evidence.problems(NOTEBOOKS, seeds_of, times)
    assert problem in found
    assert "make " in found or "remove the file" in found


def test_good_evidence_passes():
    good = measured(accuracy=[0.94, 1.0], gap=[-0.25])
    assert evidence.problems(NOTEBOOKS, good, {"seconds": {"c2w9": {}}}) == []


def test_seeds_are_measured_and_stored(tmp_path, capsys):
    path = tmp_path / "c2w9_sums.ipynb"
    source = "checks.claim('seed', seed, at_most=2.5)\nchecks.claim('[ a', 0.5, 0, 1)"
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# C2 W9 · Sums", id="title"),
            code("setup", "seed=1"),
            code("imports", "from dsl_utils import checks"),
            code("measure", source),
        ]
    )
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    stored = seeds.measure(path, [2, 3])
    assert stored["claims"] == {"seed": [2.0, 3.0], "[ a": [0.5, 0.5]}
    assert "| seed | at most 2.5 | 3.0000 | 2.5000 | -0.5000 |" in capsys.readouterr().out
    measurements.store(tmp_path / "a" / "c2w9.json", stored)
    assert measurements.load(tmp_path / "a" / "c2w9.json") == stored
    assert '  "seed": [2.0, 3.0],\n' in (tmp_path / "a" / "c2w9.json").read_text("utf-8")
