"""The page that diagnoses a model agrees with the notebooks' functions, and works for everybody."""

import itertools

import pytest

from tests.site.functions import defined_in

PAGE = "book/diagnosis"


def grid(*values):
    """Return every combination of five errors, with None for those that may be left out."""
    return list(itertools.product(values, repeat=5))


def answers(page, cases, matters):
    """Return what the page's function says of (human, train, train_dev, dev, test)."""
    return page.evaluate(
        """([cases, matters]) => cases.map(([human, train, trainDev, dev, test]) =>
            diagnose({ human, train, trainDev, dev, test }, matters))""",
        [cases, matters],
    )


@pytest.mark.parametrize("matters", [0.5, 1.5])
def test_page_and_notebook_agree_on_five_errors(page, matters):
    diagnose = defined_in("c3w2", "diagnose")["diagnose"]
    cases = grid(0, 0.7, 1.5, 3, 4.4, 10)
    expected = [diagnose(*case, matters=matters) for case in cases]
    assert answers(page, cases, matters) == expected
    assert len({tuple(names) for names in expected}) > 15  # orders included


def test_page_and_notebook_agree_on_three_errors(page):
    diagnose = defined_in("c3w1", "diagnose")["diagnose"]
    cases = list(itertools.product((0, 0.5, 1, 1.5, 2.5, 7, 8, 15, 30), repeat=3))
    answered = answers(page, [(human, train, None, dev, None) for human, train, dev in cases], 1.5)
    assert answered == [diagnose(*case) for case in cases]


def test_it_is_filled_in_by_keyboard_and_the_answer_is_spoken(page):
    page.get_by_label("Human level").focus()
    for value in ("2", "12", "13", "13.5", "14"):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(value)
        page.keyboard.press("Tab")
    status = page.get_by_role("status")  # a screen reader announces what changes in it
    assert "Diagnosis: avoidable bias." in status.inner_text()
    assert "larger model" in status.inner_text()
    assert page.locator("#gaps tr.problem").inner_text().split() == [
        *("avoidable", "bias", "10", "work", "on", "this")
    ]


def test_an_example_is_chosen_by_keyboard(page):
    for name, words in {
        "underfit": "avoidable bias.",
        "overfit": "variance.",
        "both": "variance, then avoidable bias.",
        "other data": "data mismatch.",
        "dev set worn out": "overfitting to the dev set.",
        "all is well": "no gap that matters.",
    }.items():
        page.get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")
        assert f"Diagnosis: {words}" in page.get_by_role("status").inner_text()


def test_fields_that_may_stay_empty_leave_their_gap_out(page):
    page.get_by_label("Train-dev set").fill("")
    page.get_by_label("Test set").fill("")
    assert page.locator("#gaps tbody tr").count() == 2
    assert "Diagnosis: variance." in page.get_by_role("status").inner_text()


@pytest.mark.parametrize("wrong", ["", "abc", "-1", "101", "1e1", "1..5"])
def test_what_is_no_percentage_is_named_and_what_is_typed_stays(page, wrong):
    field = page.get_by_label("Dev set", exact=True)
    field.fill(wrong)
    assert "Write a number from 0 to 100, such as 2.5, for: Dev set." in (
        page.get_by_role("status").inner_text()
    )
    assert field.get_attribute("aria-invalid") == "true" and field.input_value() == wrong
    field.fill("9,5 %")
    assert "Diagnosis: data mismatch." in page.get_by_role("status").inner_text()


def test_a_training_error_below_human_level_is_explained(page):
    page.get_by_label("Human level").fill("4")
    assert "below human level" in page.get_by_role("status").inner_text()
