"""Stress runs re-run what depends on their changes, are stored with their code, and grow stale."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools.shared import declared, measurements, provenance
from tools.shared.declared import DeclarationError, StressRun, stress_runs
from tools.write import stress

CELLS = {
    "setup": "seed=1",
    "imports": "import numpy as np\n\nfrom dsl_utils import checks",
    "data": "draw = np.random.default_rng(seed)\nx = draw.normal(size=100)",
    "train": "steps = 10\nlosses = [1 / step for step in range(1, steps + 1)]\ntrained = [steps]",
    "claims": """\
# the last loss
checks.fact("steps", steps, 10)
checks.claim("loss", losses[-1], at_most=0.2)
checks.claim("mean of x", x.mean(), at_most=1)""",
    "figure": "drawn = np.sort(losses)",
}
LONGER = StressRun(
    "ten times the steps",
    "does it fall further?",
    (("train", "steps = 10", "steps = 100"),),
    ("loss",),
)
OTHER_SEEDS = StressRun(
    "wide", "is the mean still small?", (("data", "size=100", "size=4"),), ("mean of x",), (1, 2)
)
MISSING_ARM = StressRun(
    "half the steps",
    "is it worse?",
    (("claims", "# the last loss", 'checks.claim("half", losses[steps // 2], at_most=1)'),),
    ("half",),
)


@pytest.fixture
def week(tmp_path, monkeypatch):
    """Write a week; return a function that declares its stress runs and runs them."""
    path = tmp_path / "c1w1_a.ipynb"

    def write(**changes):
        cells = [new_code_cell(source, id=name) for name, source in (CELLS | changes).items()]
        nbformat.write(new_notebook(cells=cells), path)

    def run(*runs, **options):
        monkeypatch.setattr(stress, "stress_runs", lambda week: runs)
        return stress.stress(path, **options)

    def stored():
        return measurements.load(tmp_path / "c1w1.json")["runs"]

    monkeypatch.setattr(stress, "STRESS", tmp_path)
    write()
    run.write, run.stored = write, stored
    return run


def test_runs_are_measured_and_stored(week, capsys):
    assert week(LONGER, OTHER_SEEDS, MISSING_ARM)
    kept = week.stored()
    assert kept["ten times the steps"]["claims"]["loss"]["values"] == [0.01]
    assert kept["half the steps"]["claims"]["half"]["values"] == [0.166667]
    first, second = kept["wide"]["claims"]["mean of x"]["values"]
    assert first != second
    assert "3 of 3 stress runs" in capsys.readouterr().out


def test_only_what_belongs_to_other_code_is_run_again(week, capsys):
    assert week(LONGER, OTHER_SEEDS)
    assert week(LONGER, OTHER_SEEDS)
    assert "0 of 2 stress runs" in capsys.readouterr().out
    week.write(figure="drawn = np.sort(x)", claims=CELLS["claims"].replace("0.2", "0.3") + "\n# !")
    assert week(LONGER, OTHER_SEEDS)  # a figure, a bound, a comment
    assert "0 of 2 stress runs" in capsys.readouterr().out
    week.write(train=CELLS["train"].replace("1 / step", "2 / step"))
    assert week(LONGER, OTHER_SEEDS)
    assert "1 of 2 stress runs" in capsys.readouterr().out
    assert week.stored()["ten times the steps"]["claims"]["loss"]["values"] == [0.02]
    assert week(LONGER)
    assert list(week.stored()) == ["ten times the steps"]


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (StressRun("a", "b", (("train", "11", "12"),), ("loss",)), "'11' stands 0 times in cell"),
        (StressRun("a", "b", (("train", "= 10", "= 2"),), ("los",)), "there is no claim 'los'"),
        (
            StressRun("a", "b", (("train", "= 10", "= 2"),), ("mean of x",)),
            "'mean of x' does not depend on the changes",
        ),
        (
            StressRun("a", "b", (("train", "= 10", "= 0"),), ("loss",)),
            "cell claims raised IndexError",
        ),
    ],
)
def test_a_run_that_cannot_be_is_told_and_the_others_are_kept(week, capsys, run, words):
    assert not week(LONGER, run)
    assert words in capsys.readouterr().err
    assert list(week.stored()) == ["ten times the steps"]


def test_a_notebook_that_fails_by_itself_is_told(week, capsys):
    week.write(data="1 / 0")
    assert not week(LONGER)
    assert "cell data fails as it stands: ZeroDivisionError" in capsys.readouterr().out


def stale(runs, stored, **changes):
    cells = CELLS | changes
    return provenance.stale_stress("c1w1", runs, stored, list(cells), list(cells.values()))


def test_stale_stress_runs_are_named_with_the_remedy(week):
    assert week(LONGER)
    stored = {"runs": week.stored()}
    assert stale([LONGER], stored) == []
    more = CELLS["train"].replace("1 / step", "3 / step")
    cases = {
        "'loss' was measured with other code": ([LONGER], stored, {"train": more}),
        "'ten times the steps' is no longer declared": ([], stored, {}),
        "'wide' is not measured": ([OTHER_SEEDS], {"runs": {}}, {}),
    }
    for words, (runs, kept, changes) in cases.items():
        (line,) = stale(runs, kept, **changes)
        assert words in line and line.endswith("make stress NB=c1w1")


def test_stale_seeds_are_named_with_the_remedy():
    sources = list(CELLS.values())
    codes = provenance.claims_code(sources)
    assert provenance.stale_seeds("c1w1", {"code": codes}, sources) == []
    for known, words in (
        ({"loss": codes["loss"]}, "'mean of x' is not measured"),
        (codes | {"gain": "0"}, "'gain' is no claim of the notebook"),
        (codes | {"loss": "0"}, "'loss' was measured with other code"),
    ):
        (line,) = provenance.stale_seeds("c1w1", {"code": known}, sources)
        assert words in line and line.endswith("make seeds NB=c1w1")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("- {run: a, cell: b, replace: c, with: d, claims: [e]}", "entry 1: write run, asks"),
        ("- {run: a, asks: b, cell: c, replace: d, claims: [e]}", "entry 1: write either cell"),
        ("- {run: a, asks: b, cell: c, replace: d, with: e}", "entry 1: write run, asks, claims"),
        (
            "- {run: a, asks: b, cell: c, replace: d, with: e, claims: [f], seeds: [x]}",
            "perhaps seeds, a list of whole numbers",
        ),
        ("- &a {run: a, asks: b, cell: c, replace: d, with: e, claims: [f]}\n- *a", "'a' already"),
    ],
)
def test_an_entry_of_another_form_is_refused(tmp_path, monkeypatch, entry, words):
    monkeypatch.setattr(declared, "STRESS", tmp_path)
    (tmp_path / "c1w1.yml").write_text(entry)
    with pytest.raises(DeclarationError, match=words):
        stress_runs("c1w1")
