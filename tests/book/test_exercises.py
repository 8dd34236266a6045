"""An exercise's code is taken whole from its notebook, and runs as the page runs it."""

import ast
import functools
import importlib.util
import json

import pytest

from book._ext import exercises
from book._ext.topics import sections
from tools.shared.exercises import exercises_of, packages
from tools.shared.notebooks import ROOT, find, read, week_of

SOURCE = ROOT / "book" / "_static" / "exercise_runner.py"
spec = importlib.util.spec_from_file_location("exercise_runner", SOURCE)
runner = importlib.util.module_from_spec(spec)
spec.loader.exec_module(runner)


@functools.cache
def all_exercises():
    """Return (week, exercise) for the exercises that a browser with NumPy runs."""
    return [
        (week_of(path), exercise)
        for path in find()
        for exercise in exercises_of(read(path).cells)
        if not exercises.lacks(exercise.packages, numpy=True)
    ]


def answer(exercise):
    """Return a solution as a reader would have written it."""
    body = (node for node in ast.parse(exercise.solution).body if not isinstance(node, ast.Expr))
    return "\n".join(map(ast.unparse, body)).replace(f"{exercise.name}_solution", exercise.name)


def run(exercise, attempt):
    """Run an attempt as the page does."""
    numpy = "numpy" in exercise.packages
    return json.loads(runner.run(exercise.before, attempt, exercise.check, numpy))


def test_every_exercise_that_runs_in_the_page_knows_stub_and_solution():
    for week, exercise in all_exercises():
        where = f"{week}: {exercise.name}"
        stub, solved = (run(exercise, text) for text in (exercise.stub, answer(exercise)))
        assert stub["said"] == f"{exercise.name}: not attempted yet", where
        assert solved["said"].startswith(f"{exercise.name}: passed "), (where, solved)


def test_every_exercise_that_runs_in_the_page_is_explained_somewhere():
    named = exercises.named_sections()
    running = {(week, exercise.name) for week, exercise in all_exercises()}
    listed = {(week, name) for week, names in named.items() for name in names}
    assert listed == running, "name their sections in book/exercises.yml, and no others"
    for path in find():
        titles, _ = sections(read(path).cells)
        for name, anchor in named.get(week_of(path), {}).items():
            assert anchor in titles, f"{week_of(path)}: {name}: no section #{anchor}"


@pytest.mark.parametrize(
    ("needed", "numpy", "missing"),
    [
        (set(), False, ""),
        ({"numpy"}, True, ""),
        ({"numpy"}, False, "NumPy"),
        ({"numpy", "keras", "tensorflow"}, True, "Keras"),
        ({"dsl_utils", "numpy"}, True, "the notebook’s data"),
        ({"skimage"}, True, "more packages"),
    ],
)
def test_what_the_page_lacks_is_named(needed, numpy, missing):
    assert exercises.lacks(needed, numpy) == missing


class Cell:
    """A code cell."""

    cell_type = "code"

    def __init__(self, name, source):
        """Take id and source."""
        self.id, self.source = name, source


CELLS = {
    "setup": "%pip install x\nfrom dsl_utils import runtime\nprofile = runtime.start(seed=1)",
    "imports": "import keras\nimport numpy as np\nfrom dsl_utils import checks, data",
    "start": "x = keras.ops.ones(3)\nx = [1]\nrng = np.random.default_rng(profile.seed)",
    "helper": "def double(n):\n    return factor * n\n\n\nfactor = 2\nx.append(3)\nprint(x)",
    "exercise-1": "def twice(n):\n    return None",
    "exercise-1-check": "checks.exercise(twice, [((n,), double(n)) for n in x])",
    "solution-1": "# @title Solution 1\ndef twice_solution(n):\n    return 2 * n\n\n\n"
    "checks.exercise(twice_solution, [((n,), double(n)) for n in x])",
}


def test_only_what_an_exercise_depends_on_comes_before_it():
    (exercise,) = exercises_of([Cell(*cell) for cell in CELLS.items()])
    assert exercise.name == "twice" and exercise.packages == frozenset()
    assert exercise.before.splitlines() == [
        "from dsl_utils import checks",
        "x = [1]",
        "def double(n):",
        "    return factor * n",
        "factor = 2",
        "x.append(3)",
    ]


def test_the_profile_comes_without_keras():
    cells = CELLS | {"exercise-1-check": "checks.exercise(twice, [((1,), rng.integers(2, 3) * 1)])"}
    (exercise,) = exercises_of([Cell(*cell) for cell in cells.items()])
    assert 'profile = runtime.Profile("offline", 1)' in exercise.before
    assert exercise.packages == {"numpy"}
    assert packages(["from dsl_utils import plots", "import collections.abc"]) == {"dsl_utils"}


@pytest.mark.parametrize(
    ("attempt", "expected"),
    [
        (
            "def twice(n):\n    return n",
            {"said": "twice: case 1 failed: twice(1) gave 1, expected 2"},
        ),
        ("def twice(n):\n    print('n:', n)\n    return 2 * n", {"printed": "n: 1\nn: 3\n"}),
        ("def twice(n):\n    m = 1\n    return n / 0", {"line": 3}),
        ("def twice(n)\n    return n", {"said": None, "wrong": "Line 1\n    def twice(n)\n"}),
        ("def other(n):\n    return n", {"wrong": "NameError: name 'twice' is not defined"}),
        ("\nimport sys\nsys.exit()", {"wrong": "Line 3: SystemExit"}),
        ("twice = 5", {"said": "answer: case 1 failed: answer(1) raised TypeError: 'int' object"}),
        (
            "def twice(n):\n    print('x', end='')\n    return 2 * n",
            {"said": "twice: passed 2 of 2"},
        ),
    ],
)
def test_what_an_attempt_did_is_told(attempt, expected):
    (exercise,) = exercises_of([Cell(*cell) for cell in CELLS.items()])
    outcome = run(exercise, attempt)
    for key, value in expected.items():
        same = outcome[key] == value
        assert same or str(outcome[key]).startswith(str(value)), outcome
