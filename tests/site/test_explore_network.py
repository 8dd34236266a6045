"""The page that trains a network computes what C1 W3 computes, and works for everybody."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.site import pages
from tests.site.functions import defined_in
from tools.write import explorables

PAGE = "book/explore_network"
XOR = (np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0.0, 1, 1, 0]]))


class Stored:
    """A generator that gives the numbers of one of the page's draws, three for each unit."""

    def __init__(self, draw, units):
        self.parts = np.split(draw[: 3 * units].reshape(units, 3), [2], axis=1)

    def normal(self, mean, scale, shape):
        """Return the next part: W1 as it is, W2 as a row."""
        return mean + scale * self.parts.pop(0).reshape(shape)


@pytest.fixture(scope="module")
def lesson():
    """The functions of the notebook that the page computes anew."""
    cells = ("forward", "activations", "derivatives", "backward", "train", "start")
    blank = {"checks": type("Silent", (), {"claim": lambda *_, **__: None})}
    toy = {"rng": np.random.default_rng(1), "X_toy": XOR[0]}
    return defined_in("c1w3", *cells, np=np, **blank, **toy)


@pytest.fixture(scope="module")
def stored():
    """What the page holds; the tests of the notebook compare it with the notebook."""
    return explorables.load("network")


@pytest.fixture(scope="module")
def sets(stored):
    """The page's data as the notebook has them, (X, Y)."""
    coordinates = np.array(stored["thousandths"][0]) / 1000
    return {"flower": (coordinates, np.array([stored["labels"][0]], float)), "XOR": XOR}


def as_page(p):
    """Return the notebook's dictionary of weights in the page's form."""
    return {
        "W1": p["W1"].tolist(),
        "b1": p["b1"][:, 0].tolist(),
        "W2": p["W2"][0].tolist(),
        "b2": p["b2"].item(),
    }


def as_notebook(p):
    return {
        "W1": np.array(p["W1"]),
        "b1": np.array(p["b1"])[:, None],
        "W2": np.array(p["W2"])[None],
        "b2": np.array([[p["b2"]]]),
    }


def same(page_weights, weights, rtol=1e-9):
    """Assert that the page's weights are the notebook's, relative to an array's largest.

    Where all are below a hundredth, as a bias that has hardly left zero, relative to that.
    """
    for name, found in as_notebook(page_weights).items():
        largest = max(np.abs(weights[name]).max(), 0.01)
        np.testing.assert_allclose(found, weights[name], rtol=0, atol=rtol * largest)


def begin(lesson, stored, units, scale, draw):
    """Return the start that the notebook's function makes of the page's random numbers."""
    numbers = np.array(stored["thousandths"][2][draw]) / 1000
    return lesson["start"](units, Stored(numbers, units), scale)


def trained(page, data, units, scale=1, draw=1, g="tanh", rate=1.2, steps=1000):
    """Return (costs before each step and after the last, number of right answers) of the page."""
    return page.evaluate(
        """([data, units, scale, draw, g, rate, steps]) => {
            const { X, Y } = DATA[data];
            let p = begin(units, scale, draw);
            const costs = [cost(Y, forward(X, p, g).Z2)];
            for (let k = 0; k < steps; k++) {
                p = train(X, Y, p, g, rate, 1);
                costs.push(cost(Y, forward(X, p, g).Z2));
            }
            return [costs, right(Y, forward(X, p, g).Z2)];
        }""",
        [data, units, scale, draw, g, rate, steps],
    )


def test_every_start_is_the_notebooks(page, lesson, stored):
    for units in (1, 2, 3, 4, 5, 8, 20):
        for draw in range(8):
            for scale in (0.01, 1, 10, 100):
                p = page.evaluate("(all) => begin(...all)", [units, scale, draw])
                same(p, begin(lesson, stored, units, scale, draw), rtol=1e-15)


def test_page_and_notebook_train_to_the_same_weights(page, lesson, stored, sets):
    cases = [
        (data, units, scale, draw, rate, steps)
        for data, steps in (("flower", 3), ("XOR", 40))
        for units in (1, 2, 3, 4, 8, 20)
        for scale in (0.01, 1, 10)
        for draw in (0, 3, 7)
        for rate in (0.1, 1.2, 5)
    ]
    answers = page.evaluate(
        """(cases) => cases.map(([data, units, scale, draw, rate, steps]) =>
            train(DATA[data].X, DATA[data].Y, begin(units, scale, draw), "tanh", rate, steps))""",
        cases,
    )
    for (data, units, scale, draw, rate, steps), answer in zip(cases, answers, strict=True):
        p = begin(lesson, stored, units, scale, draw)
        same(answer, lesson["train"](*sets[data], p, rate, steps))
    assert len(cases) == 324


def test_a_long_training_ends_where_the_notebooks_ends(page, lesson, stored, sets):
    for units, scale, draw in ((4, 0.01, 1), (4, 1, 1), (3, 1, 6)):
        first = begin(lesson, stored, units, scale, draw)
        p = lesson["train"](*sets["flower"], first, 1.2, 300)
        answer = page.evaluate(
            """([units, scale, draw]) => train(DATA.flower.X, DATA.flower.Y,
                begin(units, scale, draw), "tanh", 1.2, 300)""",
            [units, scale, draw],
        )
        same(answer, p, rtol=1e-6)


def test_each_activation_and_its_gradients_are_the_notebooks(page, lesson, stored, sets):
    X, Y = sets["flower"]
    for name, g in lesson["ACTIVATIONS"].items():
        for units, draw in ((1, 0), (4, 2), (20, 5)):
            p = begin(lesson, stored, units, 1, draw)
            Z1 = p["W1"] @ X + p["b1"]
            A1 = g(Z1)
            A2 = lesson["sigmoid"](p["W2"] @ A1 + p["b2"])
            dZ1 = (p["W2"].T @ (A2 - Y)) * lesson["SLOPES"][name](Z1)
            slopes = lesson["backward"](X, Y, A1, A2, p)  # for W2 and b2, whatever g is
            slopes |= {"W1": dZ1 @ X.T / 400, "b1": dZ1.mean(axis=1, keepdims=True)}
            found, gradients, J = page.evaluate(
                """([p, g]) => {
                    const { X, Y } = DATA.flower;
                    const there = forward(X, p, g);
                    return [there.A2, backward(X, Y, there, p, g), cost(Y, there.Z2)];
                }""",
                [as_page(p), name],
            )
            np.testing.assert_allclose([found], A2, rtol=1e-12)
            same(gradients, slopes)
            assert J == pytest.approx(lesson["cost"](Y, A2), rel=1e-12)


def test_a_line_lies_where_its_units_sum_is_zero(page):
    rng = np.random.default_rng(2)
    lines = [(rng.normal(size=2).tolist(), rng.normal(0, 3)) for _ in range(300)]
    lines += [([1, 0], 0.5), ([0, 2], 1), ([1, 1], 100)]
    found = page.evaluate("(all) => all.map(([w, b]) => lineOf(w, b, -4.6, 4.6))", lines)
    corners = np.array([[-4.6, -4.6, 4.6, 4.6], [-4.6, 4.6, -4.6, 4.6]])
    for (w, b), ends in zip(lines, found, strict=True):
        sides = np.sign(np.array(w) @ corners + b)
        assert (ends is None) == (abs(sides.sum()) == 4)
        if ends:
            assert np.abs(np.array(ends) @ w + b).max() < 1e-9
            assert np.abs(ends).max(axis=1) == pytest.approx([4.6, 4.6])
    assert page.evaluate("lineOf([0, 0], 0, -1, 1)") is None


def test_what_the_page_says_of_the_flower_is_so(page):
    for draw in range(8):
        costs, _ = trained(page, "flower", 2, draw=draw, steps=2000)
        assert costs[-1] > 0.5
    assert trained(page, "flower", 3)[0][-1] < 0.14
    for draw in range(8):
        costs, _ = trained(page, "flower", 4, scale=0.01, draw=draw, steps=120)
        assert max(abs(J - np.log(2)) for J in costs[:100]) < 0.001
    costs, _ = trained(page, "flower", 4, draw=0)
    assert sum(0.49 < J < 0.53 for J in costs) > 200 and costs[-1] < 0.135


def test_what_the_page_says_of_rates_and_equal_units_is_so(page):
    costs, right = trained(page, "flower", 4, rate=5)
    rises = np.mean(np.diff(costs) > 0)
    assert 0.4 < rises < 0.5 and right > 370
    assert trained(page, "flower", 4, g="ReLU", rate=20)[1] < 220
    equal = page.evaluate(
        """["equal", "zero"].map((scale) =>
            train(DATA.flower.X, DATA.flower.Y, begin(4, scale, 0), "tanh", 1.2, 200))"""
    )
    for p in equal:
        assert all(row == p["W1"][0] for row in p["W1"]) and len(set(p["W2"])) == 1
    assert equal[0]["W1"][0] != [0.5, 0.5] and equal[1]["W1"][0] == [0, 0]


def test_what_the_page_says_of_xor_is_so(page):
    ends = [trained(page, "XOR", 2, draw=draw) for draw in range(8)]
    assert [right for _, right in ends].count(4) == 3
    stuck = [costs[-1] for costs, right in ends if right < 4]
    assert np.abs(np.array(stuck) - 0.35).max() < 0.005
    assert all(trained(page, "XOR", 8, draw=draw)[1] == 4 for draw in range(8))


def test_it_is_played_by_keyboard_and_says_where_it_rests(page):
    status, count = page.get_by_role("status"), page.locator("#count")
    assert count.inner_text() == "Step 0" and status.inner_text().startswith("Cost ")
    page.get_by_role("button", name="One step").focus()
    page.keyboard.press("Enter")
    assert count.inner_text() == "Step 1"
    page.get_by_role("button", name="100 steps").click()
    assert count.inner_text() == "Step 101" and "dev points" in status.inner_text()
    play = page.get_by_role("button", name="Play")
    play.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("Number(document.querySelector('#count').textContent.slice(5)) > 110")
    assert status.inner_text() == "Training …"
    page.get_by_role("button", name="Pause").press("Enter")
    assert status.inner_text().startswith("Cost 0.1")
    rest = count.inner_text()
    page.wait_for_timeout(150)
    assert count.inner_text() == rest
    assert "Cost after each step" in page.locator("#curve svg").get_attribute("aria-label")
    page.get_by_role("button", name="Reset").click()
    assert count.inner_text() == "Step 0"


def test_a_step_can_be_read(page):
    page.get_by_role("combobox", name="Data").select_option("XOR")
    page.get_by_role("combobox", name="Hidden units").select_option("2")
    page.locator("summary").filter(has_text="Read this step").click()
    rows = page.locator("#numbers tbody tr")
    expect(rows).to_have_count(2)  # a <details> says that it is open a moment after it is
    words = page.locator("#worked").inner_text()
    assert words.startswith("The next step for the first weight: ")
    page.get_by_role("button", name="One step").click()
    promised = float(words.rpartition("= ")[2].replace("−", "-"))
    first = rows.nth(0).locator("td").nth(0).inner_text().split()[0]
    assert float(first.replace("−", "-")) == pytest.approx(promised, abs=0.0006)
    assert "of 4 points right" in page.get_by_role("status").inner_text()


def test_every_unit_has_its_line_and_every_point_its_mark(page):
    assert page.locator("#points circle").count() == page.locator("#points rect").count() == 200
    lines = page.locator("#points line").count()
    label = page.locator("#points svg").get_attribute("aria-label")
    assert label.startswith("400 points") and f"{lines} of 4 lines" in label
    page.get_by_role("combobox", name="Size of the start").select_option("zero")
    assert page.locator("#points line").count() == 0


def test_the_areas_follow_the_theme_and_the_training(page):
    pixels = "document.querySelector('.plane canvas').toDataURL()"
    first = page.evaluate(pixels)
    page.get_by_role("button", name="100 steps").click()
    later = page.evaluate(pixels)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_timeout(50)
    assert len({first, later, page.evaluate(pixels)}) == 3
    page.evaluate("document.documentElement.dataset.theme = 'light'")


def test_where_motion_is_not_wanted_a_picture_a_second_is_shown(page):
    seen = pages.calm_start(page, "Play", page.locator("#count").inner_text)
    assert seen == ("Step 100", "Step 100")


def test_a_training_that_diverges_is_told(page):
    page.get_by_role("combobox", name="Activation").select_option("ReLU")
    page.get_by_role("combobox", name="Learning rate").select_option("20")
    page.get_by_role("combobox", name="Size of the start").select_option("100")
    page.get_by_role("combobox", name="Hidden units").select_option("20")
    page.evaluate("DATA.flower.X[0][0] = Infinity")
    page.get_by_role("button", name="100 steps").click()
    assert "diverged" in page.get_by_role("status").inner_text()
    assert page.get_by_role("button", name="Play").is_disabled()
    page.evaluate("location.reload()")
