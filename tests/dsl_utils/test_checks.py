"""What `dsl_utils.checks` accepts, prints and refuses."""

import math
import subprocess
import sys

import numpy as np
import pytest

from dsl_utils import checks
from dsl_utils.checks import CheckFailed


@pytest.mark.parametrize(
    ("value", "expected", "line"),
    [
        (14_450_688, 14_450_688, "n = 14,450,688"),
        (np.int64(5), 5, "n = 5"),
        (np.array([[1, 2]]), [[1, 2]], "n = [[1, 2]]"),
        ((None, 4), (None, 4), "n = (None, 4)"),
        (True, True, "n = True"),
        ("relu", "relu", "n = relu"),
    ],
)
def test_fact_prints_what_it_checked(capsys, value, expected, line):
    checks.fact("n", value, expected)
    assert capsys.readouterr().out == f"{line}\n"


@pytest.mark.parametrize(
    ("value", "expected"), [(5, 6), ([1, 2], [1, 2, 3]), ([5, 5], 5), (np.nan, np.nan), ("a", "b")]
)
def test_fact_refuses(value, expected):
    with pytest.raises(CheckFailed, match="n: computed .*, expected"):
        checks.fact("n", value, expected)


def test_equal_prints_the_tolerance_and_the_names(capsys):
    a = np.arange(4.0)
    checks.equal("a: ours equals theirs", a, a.copy())
    checks.equal("b: ours equals theirs", {"dW": a, "db": a}, {"dW": a + 0, "db": a + 0}, 1e-3)
    checks.equal("c: ours equals theirs", a, a.astype("float32"))
    assert capsys.readouterr().out.splitlines() == [
        "a: ours equals theirs (rtol 1e-10)",
        "b: ours equals theirs for dW, db (rtol 0.001)",
        "c: ours equals theirs (rtol 1e-05)",
    ]


ONES = np.ones(3)


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        (ONES, ONES + 1e-8, "differs by 1.0e-08"),
        (ONES, np.ones((3, 1)), r"shape \(3,\) against \(3, 1\)"),
        (np.float64(1), ONES, "shape"),
        (ONES * np.nan, ONES, "differs by nan"),
        (ONES, ONES * np.nan, "differs by nan"),
        (ONES, ONES, "nothing to compare"),
        (np.zeros(3), np.zeros(3), "nothing to compare"),
        (np.ones(0), np.ones(0), "nothing to compare"),
        ({"dW": ONES}, {"db": ONES + 0}, "names"),
        ({}, {}, "names"),
        ({"dW": ONES}, ONES, "compare a dict with a dict"),
        ({"dW": ONES, "db": ONES}, {"dW": ONES + 0, "db": 2 * ONES}, "db"),
    ],
)
def test_equal_refuses(ours, theirs, words):
    with pytest.raises(CheckFailed, match=words):
        checks.equal("ours equals theirs", ours, theirs)


@pytest.mark.parametrize(
    ("bounds", "line"),
    [
        ({"at_least": 0.96}, "accuracy ≈ 0.973 (at least 0.960)"),
        ({"at_most": 1}, "accuracy ≈ 0.973 (at most 1.000)"),
        ({"at_least": 0.5, "at_most": 1}, "accuracy ≈ 0.973 (at least 0.500 and at most 1.000)"),
        ({"at_least": 0.5, "digits": 1, "unit": "s"}, "accuracy ≈ 1.0 s (at least 0.5)"),
    ],
)
def test_claim_prints_value_and_bound(capsys, bounds, line):
    checks.claim("accuracy", np.float32(0.973), **bounds)
    assert capsys.readouterr().out == f"{line}\n"


@pytest.mark.parametrize(
    ("value", "bounds"),
    [
        (0.95, {"at_least": 0.96}),
        (0.97, {"at_most": 0.96}),
        (np.nan, {"at_least": 0.0}),
        (np.inf, {"at_least": 0.0}),
    ],
)
def test_claim_refuses(value, bounds):
    with pytest.raises(CheckFailed, match="accuracy: measured"):
        checks.claim("accuracy", value, **bounds)


@pytest.mark.parametrize(
    ("value", "shown"), [(0.91, "0.910"), (np.nan, "nan")], ids=["outside", "not a number"]
)
def test_a_learner_is_told_and_goes_on(monkeypatch, capsys, value, shown):
    monkeypatch.delenv("DSL_STRICT")
    checks.claim("accuracy", value, at_least=0.96)
    first, second, _ = capsys.readouterr().out.splitlines()
    assert first == f"accuracy ≈ {shown} (the book saw at least 0.960)"
    assert second.startswith("⚠ OUTSIDE what this book has seen.")
    checks.claim("accuracy", 0.97, at_least=0.96)
    assert capsys.readouterr().out == "accuracy ≈ 0.970 (at least 0.960)\n"


def test_in_the_full_profile_no_bound_is_asserted_or_printed(monkeypatch, capsys):
    monkeypatch.setenv("DSL_PROFILE", "full")
    checks.claim("accuracy", 0.2, at_least=0.96)
    assert capsys.readouterr().out == "accuracy ≈ 0.200 (full profile: no bound was measured)\n"


@pytest.mark.parametrize("bounds", [{}, {"at_least": np.nan}, {"at_most": np.inf}])
def test_a_claim_that_cannot_fail_is_an_error(bounds):
    with pytest.raises(ValueError, match="needs a finite bound"):
        checks.claim("accuracy", 0.9, **bounds)


CASES = [((2, 3), 5), ((np.ones(2), 1), np.full(2, 2.0))]


def add(a, b):
    return a + b


def subtract(a, b):
    return a - b


def stub(a, b):
    return None


def broken(a, b):
    raise KeyError("b")


def wrong_shape(a, b):
    return np.ones(3) if np.ndim(a) else 5


def text(a, b):
    return "5"


@pytest.mark.parametrize(
    ("attempt", "line"),
    [
        (add, "add: passed 2 of 2 cases"),
        (stub, "stub: not attempted yet"),
        (subtract, "subtract: case 1 failed: subtract(2, 3) gave -1, expected 5"),
        (broken, "broken: case 1 failed: broken(2, 3) raised KeyError: 'b', expected 5"),
        (text, "text: case 1 failed: text(2, 3) gave '5', expected 5"),
        (
            wrong_shape,
            "wrong_shape: case 2 failed: wrong_shape([1.0, 1.0], 1) gave [1.0, 1.0, 1.0], "
            "expected [2.0, 2.0]",
        ),
    ],
)
def test_exercise_tells_the_result(capsys, attempt, line):
    checks.exercise(attempt, CASES)
    assert capsys.readouterr().out == f"{line}\n"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.full((4, 5), 1.25), "gave <array (4, 5)> that differs by up to 0.25, expected"),
        (np.ones((5, 4)), "gave <array (5, 4)>, expected"),
        ("ones", "gave 'ones', expected"),
    ],
)
def test_a_large_array_is_told_by_its_shape_and_how_far_it_is_off(capsys, answer, words):
    checks.exercise(lambda a: answer, [((np.zeros((4, 5)),), np.ones((4, 5)))])
    assert f"(<array (4, 5)>) {words} <array (4, 5)>\n" in capsys.readouterr().out


def test_an_exercise_does_not_let_the_answer_change_its_cases(capsys):
    def spoil(a):
        a += 1
        return a

    cases = [((np.zeros(2),), np.ones(2))]
    for _ in range(2):
        checks.exercise(spoil, cases)
    assert capsys.readouterr().out == "spoil: passed 1 of 1 cases\n" * 2


def test_an_exercise_without_cases_is_an_error():
    with pytest.raises(ValueError, match="at least one case"):
        checks.exercise(add, [])


SAME = [(3, 3.0), ((1, 2), [1, 2]), (0.1 + 0.2, 0.3), ([[1, 2], [3, 4]], ((1, 2), (3, 4)))]
SAME += [("a", "a"), (["a", "b"], ("a", "b")), (True, 1), ((True, 0.3), (1, 0.3)), ([], ())]
SAME += [(1e-9, 0.0 + 1e-9), ([1e-9, 1.0], [0.0, 1.0]), (range(3), [0, 1, 2]), (2 + 1j, 2 + 1j)]
OTHER = [(3, 4), ((1, 2), (2, 1)), (1, (1,)), ((1, 2), (1, 2, 3)), (1e-9, 0.0), ("5", 5)]
OTHER += [
    (None, 5),
    (math.nan, 1.0),
    (True, 1.0000001),
    ([1, [2, 3]], [1, 2]),
    ([[1], [2]], [1, 2]),
]


@pytest.mark.parametrize(
    ("answer", "expected", "same"),
    [*((*pair, True) for pair in SAME), *((*pair, False) for pair in OTHER)],
)
def test_answers_are_compared_in_plain_python_as_numpy_compares_them(answer, expected, same):
    assert checks._same(answer, expected, 1e-6) is same
    try:
        assert checks._same_arrays(answer, expected, 1e-6) is same
    except ValueError:  # NumPy makes no array of a ragged list
        assert not same


def test_exercises_in_plain_python_run_where_there_is_no_numpy():
    code = """if True:
        import sys
        sys.modules["numpy"] = None
        from dsl_utils import checks, runtime
        checks.exercise(lambda a: [a, 2 * a], [((1,), (1, 2)), ((2,), (2, 4))])
        def long(a):
            return [a] * 60
        checks.exercise(long, [((1,), 0)])
        print(runtime.Profile("offline", 1).seed)
    """
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    passed, failed, seed = ran.stdout.splitlines()
    assert passed == "<lambda>: passed 2 of 2 cases"
    assert failed.endswith(" … (60,), expected 0") and seed == "1"
