"""The fault runner re-runs what it must, no more, and tells every way a fault can go wrong."""

import pytest

from tests.faults_runner import FaultError, FaultRunner
from tools.shared.cells import checks_in
from tools.shared.declared import Fault
from tools.shared.footprint import footprint

CELLS = {
    "imports": "import numpy as np\n\nfrom dsl_utils import checks",
    "data": "rng = np.random.default_rng(1)\nx = rng.normal(size=3)\nlog = ['data']",
    "model": """\
class Model:
    def __init__(self):
        self.weight = 0

    def fit(self, x):
        self.weight += len(x)


def train(model):
    model.fit(x)


model = Model()""",
    "untrained": "log.append('untrained')\nchecks.fact('untrained', model.weight, 0)",
    "training": "train(model)",
    "at-once": "trained = Model()\ntrain(trained)",
    "at-once-check": "checks.fact('trained at once', trained.weight, 3)",
    "trained": "checks.fact('size', x.size, 3)\nchecks.claim('weight', model.weight, at_least=2)",
    "half": "def half(number):\n    return number / 2",
    "quarter": "def quarter(number):\n    return half(half(number))",
    "proof": "checks.equal('quarter: ours equals numpy', quarter(x), np.divide(x, 4))",
    "exercise-1": "def double(number):\n    return None",
    "exercise-1-check": "checks.exercise(double, [((1,), 2)])",
    "solution-1": """\
def double_solution(number):
    return 2 * number


checks.exercise(double_solution, [((1,), 2)])""",
}


@pytest.fixture
def runner(tmp_path):
    return FaultRunner("a.ipynb", list(CELLS.items()), tmp_path)


def rerun(runner, check, cell):
    index = runner.ids.index(cell)
    variants = {index: runner.sources[index] + "\npass"}
    return [runner.ids[index] for index in runner.affected(runner.locate(check)[0], variants)]


def fault(check, cell, old, new):
    return Fault(check, "a slip", ((cell, old, new),))


def test_footprint():
    source = """\
import numpy as np
for row in table:
    row.clear()
a = [cell for cell in row if b]
a = a + 1
def f(model, x, *, c=d):
    model.fit(x)
    local = e
    return local, [g for _ in x]
f(net, x=a)
h.weight[0] = 1
i.shape, j.sort(), k.get_layer("l").build()
m += 1"""
    found = footprint(source)
    assert found.reads == set("bdeghijkm") | {"table", "net"}
    assert found.binds - {"cell"} == {"np", "row", "a", "f", "m"}
    assert found.loops == {"row"}
    assert found.changes == {"h", "j", "k", "m"}
    assert found.functions == {"f": {0, "model"}}
    assert ("f", ((0, "net"), ("x", "a"))) in found.calls


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("y[0] = 1", {0, "y"}),
        ("y = y.copy()\n    y[0] = 1", set()),
        ("who = rng.permutation(len(y))\n    y = y.copy()\n    y[who] = 1", set()),
        ("y.sort()\n    y = y.copy()", {0, "y"}),
        ("n = y.sort()\n    y = y.copy()", {0, "y"}),
        ("y = x.copy()\n    y[0] = 1", {0, "y"}),
        ("for _ in x:\n        y[0] = 1\n    y = y.copy()", {0, "y"}),
    ],
)
def test_a_parameter_that_is_copied_first_is_not_changed(body, changed):
    assert footprint(f"def f(y):\n    {body}\n    return y").functions == {"f": changed}


def test_checks_in_a_cell():
    source = "checks.fact('a', 1, 1)\nchecks.exercise(\n    double_solution, [])\nother.fact('b')"
    found = checks_in(source)
    assert [(check.kind, check.name) for check in found] == [("fact", "a"), ("exercise", "double")]
    assert list(found[1].lines) == [2, 3]


@pytest.mark.parametrize(
    ("check", "cell", "expected"),
    [
        ("quarter: ours equals numpy", "half", ["half", "quarter", "proof"]),
        ("quarter: ours equals numpy", "proof", ["proof"]),
        ("untrained", "model", ["data", "model", "untrained"]),
        # The model at hand is trained by now, so the cell gets an untrained one.
        ("untrained", "untrained", ["data", "model", "untrained"]),
        ("weight", "training", ["model", "training", "trained"]),
        ("weight", "trained", ["trained"]),
        ("trained at once", "at-once-check", ["at-once-check"]),
        ("trained at once", "at-once", ["at-once", "at-once-check"]),
        ("double", "solution-1", ["solution-1"]),
    ],
)
def test_only_what_stands_between_change_and_check_runs_again(runner, check, cell, expected):
    assert rerun(runner, check, cell) == expected


def test_cached_cells_are_left_as_they_were(runner):
    before = dict(runner.namespace)
    runner.refuse(fault("untrained", "model", "self.weight = 0", "self.weight = 7"))
    assert runner.namespace == before
    assert runner.namespace["model"].weight == 3
    assert runner.namespace["log"] == ["data", "untrained"]


@pytest.mark.parametrize(
    ("check", "cell", "old", "new", "words"),
    [
        ("untrained", "model", "self.weight = 0", "self.weight = 7", "computed 7, expected 0"),
        ("weight", "training", "train(model)", "pass", "measured 0.00000"),
        ("weight", "model", "+= len(x)", "+= 1", "measured 1.00000"),
        ("quarter: ours equals numpy", "half", "/ 2", "/ 3", "quarter: ours equals numpy: differs"),
        ("double", "solution-1", "2 *", "3 *", "double_solution: case 1 failed"),
    ],
)
def test_a_fault_is_refused_by_its_check(runner, check, cell, old, new, words):
    assert words in runner.refuse(fault(check, cell, old, new))


@pytest.mark.parametrize(
    ("check", "cell", "old", "new", "words"),
    [
        ("weight", "training", "model", "model  ", "nothing refused it"),
        ("double", "solution-1", "2 *", "+2 *", "nothing refused it"),
        ("double", "solution-1", "2 *", "None and", "nothing refused it"),
        ("weight", "training", "model", "modell", "cell training raised NameError"),
        ("weight", "data", "size=3", "size=1", "'size' refused it first"),
        ("weight", "half", "/ 2", "/ 3", "the check does not depend on cell half"),
        ("weight", "half", "/ 4", "/ 3", "'/ 4' stands 0 times in cell half, not once"),
        ("weight", "nowhere", "a", "b", "there is no code cell 'nowhere'"),
        ("wait", "half", "a", "b", "no check 'wait'; there are: untrained, trained at once"),
    ],
)
def test_anything_but_a_refusal_is_an_error(runner, check, cell, old, new, words):
    with pytest.raises(FaultError, match=words):
        runner.refuse(fault(check, cell, old, new))


def test_a_notebook_that_fails_by_itself_is_told(tmp_path):
    runner = FaultRunner("a.ipynb", [("first", "1 / 0")], tmp_path)
    with pytest.raises(FaultError, match="first: fails without any fault: ZeroDivisionError"):
        runner.refuse(fault("any", "first", "1", "2"))
