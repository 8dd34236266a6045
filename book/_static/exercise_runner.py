"""Runs one attempt at an exercise in a reader's browser; exercise_worker.js calls `run`."""

import contextlib
import functools
import io
import json
import traceback

YOURS = "your code"


def run(before, attempt, check, numpy=False):
    """Run an attempt between the code before it and the notebook's own check.

    Args:
        before: Source of what the exercise depends on.
        attempt: What the reader wrote.
        check: Source of the cell that calls `checks.exercise`.
        numpy: Whether the attempt may use `np`.

    Returns:
        As JSON: `said`, the words of `checks.exercise`, or None if the attempt did not get there;
        `line`, the attempt's line that raised in the case that failed; `printed`, what the attempt
        printed; `wrong`, why it did not get there.
    """
    from dsl_utils import checks

    names, outcome = {"__name__": "__main__"}, {"said": None, "line": None, "wrong": None}
    printed, exercise = io.StringIO(), checks.exercise

    def watched(function):
        if not callable(function):
            return function

        @functools.wraps(function)
        def call(*arguments):
            try:
                return function(*arguments)
            except Exception as error:
                outcome["line"] = line_of(error)
                raise

        return call

    def told(function, *arguments, **keywords):
        with contextlib.redirect_stdout(io.StringIO()) as words:
            exercise(watched(function), *arguments, **keywords)
        name = f"{getattr(function, '__name__', 'answer')}: "
        shown, _, said = words.getvalue().rpartition(name)
        printed.write(shown)
        outcome["said"] = f"{name}{said}".strip()

    with contextlib.redirect_stdout(io.StringIO()):
        exec("import numpy as np" if numpy else "", names)
        exec(before, names)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        checks.exercise = told
        try:
            exec(compile(attempt, YOURS, "exec"), names)
            exec(compile(check, "the check", "exec"), names)
        except BaseException as error:  # whatever a reader writes: sys.exit() too
            if outcome["said"] is None:
                outcome["wrong"] = explain(error)
        finally:
            checks.exercise = exercise
    outcome["printed"] = printed.getvalue()
    return json.dumps(outcome)


def line_of(error):
    """Return the line of the attempt in which an exception was raised, or None."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == YOURS), None)


def explain(error):
    """Return an exception in the words of Python, with the attempt's line."""
    words = "".join(traceback.format_exception_only(error)).strip()
    line = line_of(error)
    if isinstance(error, SyntaxError):
        return words.replace(f'File "{YOURS}", line', "Line").strip()
    return f"Line {line}: {words}" if line else words
