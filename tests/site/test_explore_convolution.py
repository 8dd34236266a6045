"""The page that explores convolution computes what C4 W1 computes, and works for everybody."""

import itertools

import numpy as np
import pytest

from tests.site.functions import defined_in

PAGE = "book/explore_convolution"


@pytest.fixture(scope="module")
def convolve():
    """The function of the notebook, behind a border of zeros."""
    convolve = defined_in("c4w1", "conv-by-hand", np=np)["convolve"]
    return lambda image, kernel, s, p: convolve(np.pad(image, p), np.array(kernel), s)


def shown(page, grid="output"):
    """Return the numbers of a grid as rows; None where nothing is filled in."""
    rows = page.locator(f"#{grid}-grid tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    return [[float(text.replace("−", "-")) if text else None for text in row] for row in rows]


def place(page):
    return page.get_by_role("status").inner_text()


def test_page_and_notebook_agree_over_all_settings(page, convolve):
    images, kernels = page.evaluate("[IMAGES, KERNELS]")
    kernels["odd"] = [[1.5, -2, 0], [0, 0.25, 7], [-1, -1, 3]]
    cases = list(itertools.product(images, kernels, (1, 2, 3), (0, 1, 2)))
    arguments = [[images[image], kernels[kernel], s, p] for image, kernel, s, p in cases]
    answers = page.evaluate("(cases) => cases.map((case_) => convolve(...case_))", arguments)
    for case, answer in zip(arguments, answers, strict=True):
        np.testing.assert_allclose(answer, convolve(*case), rtol=1e-12, atol=1e-12)
    assert len(cases) == 4 * 8 * 3 * 3


def test_what_is_shown_is_what_is_computed(page, convolve):
    images, kernels = page.evaluate("[IMAGES, KERNELS]")
    for image, kernel, s, p in [
        ("numbers", "vertical", 1, 0),
        ("seven", "Scharr", 2, 1),
        ("edge", "blur", 3, 2),
    ]:
        page.get_by_role("combobox", name="Image").select_option(image)
        page.get_by_role("combobox", name="Padding").select_option(str(p))
        page.get_by_role("combobox", name="Stride").select_option(str(s))
        page.get_by_role("combobox", name="Kernel").select_option(kernel)
        page.get_by_role("button", name="Fill in all").click()
        assert shown(page, "image") == np.pad(images[image], p).tolist()
        expected = convolve(images[image], kernels[kernel], s, p)
        np.testing.assert_allclose(shown(page), expected, atol=0.005)


def test_the_window_is_moved_by_keyboard_and_the_output_grows(page, convolve):
    page.locator("#image-grid").focus()
    assert place(page) == "Row 1, column 1: −5"
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    assert place(page) == "Row 3, column 1: 0"
    filled = [
        (i, j) for i, row in enumerate(shown(page)) for j, v in enumerate(row) if v is not None
    ]
    assert filled == [(0, 0), (0, 1), (1, 1), (2, 0), (2, 1)]
    page.keyboard.press("End")
    assert place(page) == "Row 4, column 4: −16"
    assert page.locator("#products").inner_text().endswith("9·(−1) = −16")
    page.get_by_role("button", name="Clear").click()
    assert sum(value is not None for row in shown(page) for value in row) == 1


def test_the_window_is_dragged(page):
    cells = page.locator("#image-grid td")
    page.locator("#image-grid").scroll_into_view_if_needed()
    boxes = [cells.nth(k).bounding_box() for k in (7, 9, 28)]  # pixels (1, 1), (1, 3), (4, 4)
    centers = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    page.mouse.move(*centers[0])
    page.mouse.down()
    page.mouse.move(*centers[1])
    assert place(page) == "Row 1, column 3: 0"
    page.mouse.move(*centers[2])
    assert place(page) == "Row 4, column 4: −16"
    page.mouse.up()
    page.mouse.move(*centers[0])
    assert place(page) == "Row 4, column 4: −16"
    assert page.locator("#image-grid td.window").count() == 9


def test_the_kernel_is_edited_and_what_is_no_number_is_named(page):
    field = page.get_by_label("row 2, column 3")
    field.fill("-0,5")
    assert place(page) == "Row 1, column 1: −1"  # one half of 8 is added
    assert page.get_by_role("combobox", name="Kernel").input_value() == "your own"
    field.fill("x")
    assert place(page) == "Write nine numbers, such as 1, −2 or 0.5."
    assert field.get_attribute("aria-invalid") == "true"
    page.get_by_role("combobox", name="Kernel").select_option("identity")
    assert place(page) == "Row 1, column 1: 5"
