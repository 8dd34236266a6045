"""The page that explores attention shows the notebook's weights, and works for everybody."""

import numpy as np
import pytest

from tools.write import explorables

PAGE = "book/explore_attention"


@pytest.fixture(scope="module")
def stored():
    """What the page holds; the tests of the notebook compare it with the trained model."""
    return explorables.load("attention")


def weights(stored, date):
    """Return the weights of a date, (10 steps, its letters)."""
    return np.array(stored["thousandths"][date]) / 1000


def test_the_weights_of_a_step_sum_to_one(stored):
    for date, text in enumerate(stored["texts"]):
        assert weights(stored, date).shape == (10, len(text))
        np.testing.assert_allclose(weights(stored, date).sum(axis=1), 1, atol=0.01)
    assert sum(stored["unseen"]) == 4
    wrong = {
        text: written
        for text, written in zip(stored["texts"], stored["written"], strict=True)
        if written != "2026-09-23"
    }
    assert wrong == {"wed september 23, 2026": "06-09-23-0"}  # as the page says


def test_the_page_draws_every_weight(page, stored):
    date = page.get_by_label("Date")
    for k, text in enumerate(stored["texts"]):
        date.select_option(str(k))
        shares = page.locator("#map td").evaluate_all(
            "(cells) => cells.map((cell) => parseFloat(cell.style.getPropertyValue('--share')))"
        )
        np.testing.assert_allclose(
            np.reshape(shares, (10, -1)) / 100, weights(stored, k), atol=1e-9
        )
        assert text in page.locator("#map caption").inner_text()


def test_the_words_name_the_letters_with_the_largest_weights(page, stored):
    asked = [(date, step) for date in range(24) for step in range(10)]
    for (date, step), found in zip(
        asked,
        page.evaluate("(all) => all.map(([date, step]) => looks(date, step))", asked),
        strict=True,
    ):
        row = weights(stored, date)[step]
        assert [weight for _, _, weight in found] == pytest.approx(sorted(row, reverse=True))
        assert all(stored["texts"][date][place - 1] == letter for letter, place, _ in found)
        assert all(row[place - 1] == pytest.approx(weight) for _, place, weight in found)


def test_it_is_stepped_through_by_keyboard_and_by_mouse(page):
    status = page.get_by_role("status")
    assert status.inner_text().startswith("Step 1 writes “2”.")
    page.get_by_label("Step").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert status.inner_text().splitlines()[0] == "Step 4 writes “6”."
    assert "It looks at “6” (letter 17) 1.00" in status.inner_text()
    assert page.locator("#map tr.chosen th").inner_text() == "6"
    page.locator("#map tbody tr").nth(9).click()
    assert status.inner_text().startswith("Step 10 writes “3”.")
    assert page.get_by_label("Step").input_value() == "10"
    page.get_by_label("Date").select_option(label="2026년 9월 23일")
    assert "It looks at “3” (letter 11)" in status.inner_text()


def test_what_the_page_says_of_the_maps_is_so(stored):
    maps = dict(zip(stored["texts"], (weights(stored, k) for k in range(24)), strict=True))

    def center(text, steps):
        return (maps[text][steps] @ np.arange(len(text))).mean()

    year, day = slice(0, 4), slice(8, 10)
    assert center("23 september 2026", year) > center("23 september 2026", day)
    assert center("2026년 9월 23일", year) < center("2026년 9월 23일", day)
    month = maps["23 september 2026"][5:7].max()
    assert month < 0.53 < 0.85 < maps["23 september 2026"][[3, 9]].max(axis=1).min()
    spoken = maps["이천이십육년 구월 이십삼일"]
    looked_at = ["이천이십육년 구월 이십삼일"[k] for k in spoken.argmax(axis=1)]
    assert looked_at == list("육천이육육 구십이삼")
    new, old = (maps[text].max(axis=1) for text in ("wed september 23, 2026", "september 23, 2026"))
    assert new.mean() < old.mean()
