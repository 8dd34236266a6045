"""The rules about results pass what is measured and stated well, and refuse the rest."""

import dataclasses
import re

import pytest

from tests.contract.example import edit, good_lesson, printing
from tests.contract.rules import RULES

SEEDS = {"accuracy": [0.97, 0.99, 0.96]}
STRESS = {"ten times": {"accuracy": [0.98, 0.96]}}


def problems(rule, *changes, seeds=SEEDS, stress=STRESS, draft=False):
    lesson = good_lesson()
    for change in changes:
        change({cell.id: cell for cell in lesson.cells})
    lesson = dataclasses.replace(lesson, seeds=seeds, stress=stress, draft=draft)
    return "\n".join(RULES[rule](lesson))


@pytest.mark.parametrize(
    "bounds", ["1", "at_least=bound", "x[0], at_least=1", "at_most=profile.pick(offline=1, full=2)"]
)
def test_a_bound_is_a_number_written_by_name(bounds):
    change = edit("measure", "at_least=1", bounds)
    assert "measure: 'accuracy': write its bound as a number" in problems("plain_bounds", change)


@pytest.mark.parametrize(
    "bounds", ["at_least=-1.5", "at_most=3, at_least=1", "unit='s', at_most=1"]
)
def test_numbers_are_plain_bounds(bounds):
    assert not problems("plain_bounds", edit("measure", "at_least=1", bounds))


@pytest.mark.parametrize(
    ("printed", "values", "refused"),
    [
        ("0.8 (at least -9.0)", [0.8, 0.7], True),
        ("0.8 (at least -0.5)", [0.8, 0.7], False),
        ("0.8 (at least 0.5)", [0.8, 0.7], False),
        ("0.0 (at least -0.1)", [0.0, 0.0], False),
        ("-2.0 (at most 4.0)", [-2.0, -3.0], True),
        ("-2.0 (at most -1.0)", [-2.0, -3.0], False),
        ("0.1 (at least -0.2 and at most 0.2)", [0.1, -0.1], False),
        ("0.2 (at most 0.5)", [0.2, 0.3], False),
    ],
)
def test_a_bound_that_the_opposite_would_keep_is_refused(printed, values, refused):
    change = printing("measure", f"accuracy ≈ {printed}\n")
    found = problems("bounds_carry", change, seeds={"accuracy": values})
    assert ("set a bound that its sentence needs" in found) is refused


@pytest.mark.parametrize("cell", ["title", "remember"])
@pytest.mark.parametrize("name", ["accuracy", "accuracy @ ten times"])
def test_a_main_result_needs_seeds_and_a_stress_run(cell, name):
    start = "# C4 W1" if cell == "title" else "A sentence"
    change = edit(cell, start, f"{start} 97 %<!-- ={name} -->")
    assert not problems("main_results", change)
    assert f"{cell}: 'accuracy' is not measured" in problems("main_results", change, seeds={})
    assert f"{cell}: 'accuracy' has no stress" in problems("main_results", change, stress={})
    assert not problems("main_results", change, seeds={}, stress={}, draft=True)


@pytest.mark.parametrize(
    ("shown", "name", "words"),
    [
        ("0.96", "accuracy @ worst seed", None),
        ("97 %", "accuracy @ median seed", None),
        ("0.970", "accuracy @ ten times", None),
        ("0.98", "accuracy @ ten times", "0.98 in the prose, but 'accuracy @ ten times' is 0.97"),
        ("0.96", "accuracy @ twice", "nothing is stored for 'accuracy @ twice': run make seeds or"),
    ],
)
def test_prose_quotes_what_is_stored_of_seeds_and_stress_runs(shown, name, words):
    change = edit("remember", "A sentence", f"A {shown}<!-- ={name} --> sentence")
    found = problems("bound_numbers", change)
    assert re.search(words, found) if words else not found


def test_the_book_asks_for_more_exercises_and_questions_than_a_draft():
    assert "3 exercises; write 6 to 8" in problems("exercises")
    assert "can mark 5 questions; write 8 or more" in problems("questions")
    assert not problems("exercises", draft=True) + problems("questions", draft=True)
