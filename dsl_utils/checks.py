"""What the notebooks assert with: every line that these functions print has been checked.

Each function prints one line in a fixed form, so that a stored output can be compared again and a
number in the prose can be bound to it:

- `fact`: an exact result, `name = value`
- `equal`: two computations of the same thing, `statement (rtol 1e-10)`
- `claim`: a measured result with its bound, `name ≈ value (at least bound)`
- `exercise`: the learner's own function against its cases

NumPy is loaded when it is first needed: the site runs exercises in plain Python without it.
"""

import copy
import math
import numbers
import os
import sys
from collections.abc import Sequence

__all__ = ["CheckFailed", "claim", "equal", "exercise", "fact"]


_OUTSIDE = (
    "⚠ OUTSIDE what this book has seen. That can happen with another seed or a changed setting:\n"
    "  the text around this cell then does not describe your run, which goes on."
)


class CheckFailed(AssertionError):
    """A stated result does not hold."""


def fact(name, value, expected):
    """Assert an exact result and print it as `name = value`.

    Args:
        name: What the value is; prose is bound to it by this name.
        value: The computed number, string, boolean, shape (tuple or list) or array.
        expected: What it must be, to the last digit.

    Raises:
        CheckFailed: If `value` differs from `expected` in shape or in any entry.
    """
    import numpy as np

    got, want = np.asarray(value), np.asarray(expected)
    if got.shape != want.shape or not np.array_equal(got, want):
        raise CheckFailed(f"{name}: computed {_exact(value)}, expected {_exact(expected)}.")
    print(f"{name} = {_exact(value)}")


def equal(statement, ours, theirs, rtol=None):
    """Assert that two independent computations agree, and print `statement (rtol …)`.

    Args:
        statement: A sentence such as `"conv2d: NumPy equals keras.layers.Conv2D"`.
        ours: Array, or dict of arrays (for gradients: `{"dW": dW, "db": db}`).
        theirs: The reference, in the same form and of the same shapes.
        rtol: Largest difference allowed, relative to the largest entry of the reference array; by
            default 1e-10, or 1e-5 where float32 takes part.

    Raises:
        CheckFailed: If names, shapes or values differ, a value is not finite, or there is nothing
            to compare (an empty or all-zero reference, or an array compared with itself).
    """
    import numpy as np

    if isinstance(theirs, dict) != isinstance(ours, dict):
        raise CheckFailed(f"{statement}: compare a dict with a dict, or an array with an array.")
    if not isinstance(ours, dict):
        ours, theirs = {"": ours}, {"": theirs}
    if not theirs or list(ours) != list(theirs):
        raise CheckFailed(f"{statement}: names {list(ours)} differ from {list(theirs)}.")
    if rtol is None:
        arrays = [*ours.values(), *theirs.values()]
        rtol = 1e-5 if any(np.asarray(array).dtype == np.float32 for array in arrays) else 1e-10
    for name in theirs:
        _compare(f"{statement}: {name}" if name else statement, ours[name], theirs[name], rtol)
    names = ", ".join(name for name in theirs if name)
    print(f"{statement}{f' for {names}' if names else ''} (rtol {rtol:g})")


def claim(name, value, at_least=None, at_most=None, digits=3, unit=""):
    """State a measured number with the bound that it kept under every seed the book has seen.

    The bounds are those of the offline profile. Where `DSL_STRICT=1`, as in the book's tests, a
    value outside them raises. For a learner (another seed, a changed setting) it is told and the
    notebook goes on. The full profile trains on other data: there the value is printed without a
    bound.

    Args:
        name: What was measured; prose is bound to it by this name.
        value: The measured number.
        at_least: Lower bound, or None.
        at_most: Upper bound, or None; at least one of the two is needed.
        digits: Decimals to print.
        unit: Printed behind the value, such as `"s"`.

    Raises:
        CheckFailed: If the tests run and the value is outside its bound or not a finite number.
        ValueError: If there is no bound, which would be a claim that cannot fail.
    """
    bounds = {"at least": at_least, "at most": at_most}
    bounds = {words: float(bound) for words, bound in bounds.items() if bound is not None}
    if not bounds or not all(math.isfinite(bound) for bound in bounds.values()):
        raise ValueError(f"{name}: a claim needs a finite bound: at_least=…, at_most=…, or both.")
    value, unit = float(value), f" {unit}" if unit else ""
    measured = f"{name} ≈ {value:.{digits}f}{unit}"
    if os.environ.get("DSL_PROFILE") == "full":
        print(f"{measured} (full profile: no bound was measured)")
        return
    words = " and ".join(f"{word} {bound:.{digits}f}" for word, bound in bounds.items())
    low, high = bounds.get("at least", -math.inf), bounds.get("at most", math.inf)
    if low <= value <= high and math.isfinite(value):
        print(f"{measured} ({words})")
    elif os.environ.get("DSL_STRICT") == "1":
        raise CheckFailed(f"{name}: measured {value:.{digits + 2}f}{unit}, must be {words}.")
    else:
        print(f"{measured} (the book saw {words})\n{_OUTSIDE}")


def exercise(attempt, cases, rtol=1e-6):
    """Check the learner's function on a list of cases, and print the result.

    A wrong answer is told, not raised, so that the rest of the notebook still runs.

    Args:
        attempt: The function the learner wrote; a stub returns None.
        cases: List of `(arguments, expected)` pairs; `arguments` is a tuple. Numbers and arrays are
            compared within `rtol`, everything else exactly.
        rtol: Largest difference allowed, relative to the largest expected entry.

    Raises:
        ValueError: If there are no cases.
    """
    name = getattr(attempt, "__name__", "answer")
    if not cases:
        raise ValueError(f"{name}: an exercise needs at least one case.")
    for number, (arguments, expected) in enumerate(cases, start=1):
        shown = ", ".join(_brief(argument) for argument in arguments)
        try:
            answer = attempt(*copy.deepcopy(arguments))
        except Exception as error:  # the learner's code may raise anything; say what
            outcome = f"raised {type(error).__name__}: {error}"
        else:
            if answer is None and number == 1:
                print(f"{name}: not attempted yet")
                return
            if _same(answer, expected, rtol):
                continue
            outcome = f"gave {_brief(answer)}{_apart(answer, expected)}"
        print(
            f"{name}: case {number} failed: {name}({shown}) {outcome}, expected {_brief(expected)}"
        )
        return
    print(f"{name}: passed {len(cases)} of {len(cases)} cases")


def _compare(where, ours, theirs, rtol):
    import numpy as np

    ours, theirs = np.asarray(ours), np.asarray(theirs)
    if ours.shape != theirs.shape:
        raise CheckFailed(f"{where}: shape {ours.shape} against {theirs.shape}.")
    scale = np.abs(theirs).max(initial=0.0)
    if np.shares_memory(ours, theirs) or scale == 0:
        raise CheckFailed(f"{where}: nothing to compare (same array, empty or all zero).")
    error = np.abs(ours - theirs).max() / scale
    if not error <= rtol:  # also refuses NaN
        raise CheckFailed(f"{where}: differs by {error:.1e} of the largest entry, over {rtol:g}.")


def _same(answer, expected, rtol):
    try:
        if _holds_arrays(answer) or _holds_arrays(expected):
            return _same_arrays(answer, expected, rtol)
        (shape, answers), (wanted, values) = _entries(answer), _entries(expected)
        if shape != wanted:
            return False
        if not (_are_numbers(answers) and _are_numbers(values)):
            return answers == values
    except ValueError:  # a ragged list
        return False
    scale = max(map(abs, values))
    return all(abs(x - y) <= rtol * scale for x, y in zip(answers, values, strict=True))


def _same_arrays(answer, expected, rtol):
    import numpy as np

    answer, expected = np.asarray(answer), np.asarray(expected)
    if answer.shape != expected.shape:
        return False
    if not (np.issubdtype(answer.dtype, np.number) and np.issubdtype(expected.dtype, np.number)):
        return np.array_equal(answer, expected)
    scale = np.abs(expected).max(initial=0.0)
    return bool(np.all(np.abs(answer - expected) <= rtol * scale))


def _is_sequence(value):
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _holds_arrays(value):
    """Tell whether a value is an array or tensor, or nested sequences with one inside."""
    if _is_sequence(value):
        return any(map(_holds_arrays, value))
    return hasattr(value, "__array__")


def _entries(value):
    """Return the shape of nested sequences and all that they hold; ValueError if it is ragged."""
    if not _is_sequence(value):
        return (), [value]
    parts = [_entries(part) for part in value]
    shapes = {shape for shape, _ in parts} or {()}
    if len(shapes) > 1:
        raise ValueError("ragged")
    return (len(parts), *shapes.pop()), [entry for _, entries in parts for entry in entries]


def _are_numbers(entries):
    """Tell whether entries are compared as numbers; truth values alone are not."""
    truths = [isinstance(entry, bool) for entry in entries]
    return not all(truths) and all(isinstance(entry, numbers.Number) for entry in entries)


def _exact(value):
    """Format an exact value: thousands commas for integers, plain lists for arrays."""
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        return f"{int(value):,}"
    return str(value.tolist() if hasattr(value, "tolist") else value)


def _brief(value):
    if _is_large(value):
        return f"<array {value.shape}>"
    text = str(value.tolist()) if _is_array(value) else repr(value)
    if len(text) <= 80:
        return text
    try:
        shape = value.shape if hasattr(value, "shape") else _entries(value)[0]
    except ValueError:
        shape = ""
    return f"{text[:70]} … {shape}"


def _is_array(value):
    numpy = sys.modules.get("numpy")  # without it there is no array
    return numpy is not None and isinstance(value, numpy.ndarray)


def _is_large(value):
    return _is_array(value) and value.size > 12


def _apart(answer, expected):
    """Say how far a large array is from what is expected, if it has its shape."""
    if not _is_large(expected):
        return ""
    import numpy as np

    if np.shape(answer) != expected.shape:
        return ""
    if not np.issubdtype(np.asarray(answer).dtype, np.number):
        return ""
    return f" that differs by up to {np.abs(answer - expected).max():.2g}"
