"""The page that sends a signal through layers computes what C2 W1 computes, for everybody."""

import itertools

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.site import pages
from tests.site.functions import defined_in, normals
from tools.write import explorables

PAGE = "book/explore_layers"
RULES = ("small", 1, "glorot", 2, 4, 0.37)


@pytest.fixture(scope="module")
def lesson():
    """The notebook's function, for two more activations as well."""
    names = defined_in("c2w1", "signal", np=np)
    names["ACTIVATIONS"] |= {
        "sigmoid": (lambda Z: 1 / (1 + np.exp(-Z)), lambda A: A * (1 - A)),
        "linear": (lambda Z: Z, lambda A: np.ones_like(A)),
    }
    return names


@pytest.fixture(scope="module")
def digits():
    """The page's 64 digits as columns, and their labels, one-hot."""
    stored = explorables.load("layers")
    pixels = np.array(stored["thousandths"], float)
    return (pixels.T - pixels.mean()) / pixels.std(), np.eye(10)[stored["labels"]].T


def begin(depth, rule, draw):
    """Return the weights to start from, as the page describes them."""
    sizes = [196, *[32] * depth, 10]
    weights = []
    for layer, (n, m) in enumerate(itertools.pairwise(sizes)):
        seed = 1000 * (draw + 1) + (999 if layer == depth else layer)
        variance = {"small": 0.0001, "glorot": 2 / (n + m)}.get(rule) or rule / n
        weights.append(np.sqrt(variance) * normals(seed, m * n).reshape(m, n))
    return weights


def through(lesson, digits, weights, activation):
    """Return (activations, gradients dW of all layers, dz of the hidden ones, scores).

    The notebook's function does the hidden layers; scores and cross-entropy stand behind them.
    """
    (X, Y), (*hidden, last) = digits, weights
    (*_, A) = lesson["signal_through_layers"](X, np.zeros((32, 64)), hidden, activation)[0]
    scores = last @ A
    exponentials = np.exp(scores - scores.max(axis=0))
    dZ = exponentials / exponentials.sum(axis=0) - Y
    outputs, _, dW = lesson["signal_through_layers"](X, last.T @ dZ, hidden, activation)
    dW = [*dW, dZ @ A.T / 64]
    slope, dz = lesson["ACTIVATIONS"][activation][1], []
    for A_l, W_above in zip(reversed(outputs), reversed(weights[1:]), strict=True):
        dZ = (W_above.T @ dZ) * slope(A_l)
        dz.insert(0, dZ)
    return outputs, dW, dz, scores


def cost(scores, Y):
    largest = scores.max(axis=0)
    logarithms = largest + np.log(np.exp(scores - largest).sum(axis=0))
    return np.mean(logarithms - (Y * scores).sum(axis=0))


def close(found, wanted, rtol=1e-9):
    """Assert that two arrays agree, relative to the largest number of the second."""
    wanted = np.asarray(wanted)
    np.testing.assert_allclose(
        np.reshape(found, wanted.shape), wanted, rtol=0, atol=rtol * np.abs(wanted).max()
    )


def test_random_numbers_are_those_of_the_generator(page):
    for seed, count in ((0, 1), (1000, 2), (1999, 7), (5003, 6272), (4294967295, 320)):
        found = page.evaluate("([seed, count]) => [...normals(seed, count)]", [seed, count])
        np.testing.assert_allclose(found, normals(seed, count), rtol=1e-12)
    many = np.concatenate([normals(seed, 10_000) for seed in range(20)])
    moments = [many.mean(), many.var(), np.mean(many**3), np.mean(many**4)]
    np.testing.assert_allclose(moments, [0, 1, 0, 3], atol=0.05)


def test_digits_have_mean_zero_and_variance_one(page, digits):
    X, Y = digits
    rows, columns, data, labels = page.evaluate("[X.rows, X.columns, [...X.data], Y]")
    assert (rows, columns) == X.shape == (196, 64)
    close(data, X, rtol=1e-12)
    assert labels == Y.argmax(axis=0).tolist()
    assert X.mean() == pytest.approx(0, abs=1e-12) and X.var() == pytest.approx(1)


def test_every_start_has_the_variance_that_it_names(page):
    cases = [*itertools.product((1, 4), RULES, (0, 4)), (30, 2, 3)]
    for arguments in cases:
        depth = arguments[0]
        found = page.evaluate("(all) => begin(...all).map((W) => [...W.data])", arguments)
        wanted = begin(*arguments)
        assert len(found) == len(wanted) == depth + 1
        for one, other in zip(found, wanted, strict=True):
            close(one, other, rtol=1e-12)


def test_sizes_through_the_layers_are_the_notebooks(page, lesson, digits):
    cases = [
        case
        for case in itertools.product((1, 2, 7, 20, 30), RULES, (0, 3), lesson["ACTIVATIONS"])
        if case[0] < 20 or case[2] == 3
    ]
    answers = page.evaluate(
        """(cases) => cases.map(([depth, rule, draw, activation]) => {
            const { a, dz, dw } = measure(begin(depth, rule, draw), activation);
            return [a, dz, dw];
        })""",
        cases,
    )
    for (depth, rule, draw, activation), answer in zip(cases, answers, strict=True):
        outputs, dW, dz, _ = through(lesson, digits, begin(depth, rule, draw), activation)
        for found, arrays in zip(answer, (outputs, dz, dW[:-1]), strict=True):
            wanted = [np.abs(one).mean() for one in arrays]
            np.testing.assert_allclose(found, wanted, rtol=1e-7)
    assert len(cases) == 192


def test_every_number_of_a_pass_is_the_notebooks(page, lesson, digits):
    for activation, rule in zip(lesson["ACTIVATIONS"], (4, 1, 4, 1), strict=True):
        weights = begin(4, rule, 1)
        A, dZ, dW, J = page.evaluate(
            """([rule, activation]) => {
                const { layers, gradients } = measure(begin(4, rule, 1), activation);
                const all = (list, name) => list.map((one) => [...one[name].data]);
                const names = [all(layers, "A"), all(gradients, "dZ"), all(gradients, "dW")];
                return [...names, cost(Y, layers.at(-1).Z)];
            }""",
            [rule, activation],
        )
        outputs, gradients, dz, scores = through(lesson, digits, weights, activation)
        for found, wanted in ((A[:-1], outputs), (dZ[:-1], dz), (dW, gradients)):
            for one, other in zip(found, wanted, strict=True):
                close(one, other)
        assert np.reshape(A[-1], (10, 64)).sum(axis=0) == pytest.approx(1)
        assert pytest.approx(cost(scores, digits[1]), rel=1e-10) == J


def test_training_is_gradient_descent_with_the_notebooks_gradients(page, lesson, digits):
    cases = [
        (depth, rule, activation, rate, steps)
        for depth, steps in ((1, 20), (3, 20), (20, 3))
        for rule in ("glorot", 2)
        for activation in lesson["ACTIVATIONS"]
        for rate in (0.003, 0.01)
        if depth < 20 or activation != "linear"  # whose cost explodes
    ]
    answers = page.evaluate(
        """(cases) => cases.map(([depth, rule, activation, rate, steps]) =>
            train(begin(depth, rule, 2), activation, rate, steps).slice(-2).map((W) =>
                [...W.data]))""",
        cases,
    )
    for (depth, rule, activation, rate, steps), answer in zip(cases, answers, strict=True):
        weights, _, _ = descend(lesson, digits, begin(depth, rule, 2), activation, rate, steps)
        for found, wanted in zip(answer, weights[-2:], strict=True):
            close(found, wanted, rtol=1e-6)
    assert len(cases) == 44


def test_what_is_expected_follows_from_the_variances(page):
    expected = "(all) => { const { a, dz } = expect(...all); return [a, dz]; }"
    for c, depth in itertools.product((0.25, 1, 2, 4), (2, 20, 30)):
        a, dz = page.evaluate(expected, [depth, c, "ReLU"])
        factors = np.sqrt(c / 2) ** np.arange(depth)
        np.testing.assert_allclose(a, np.sqrt(c / (2 * np.pi)) * factors, rtol=1e-3)
        np.testing.assert_allclose(dz, factors[::-1], rtol=1e-3)
        a, dz = page.evaluate(expected, [depth, c, "linear"])
        factors = np.sqrt(c) ** np.arange(depth)
        np.testing.assert_allclose(a, np.sqrt(2 * c / np.pi) * factors, rtol=1e-3)
        np.testing.assert_allclose(dz, factors[::-1], rtol=1e-3)


def test_very_wide_layers_do_what_is_expected(page, lesson):
    rng = np.random.default_rng(4)
    X, dA = rng.normal(size=(2, 1000, 32))
    for activation, c in itertools.product(lesson["ACTIVATIONS"], (1, 2)):
        W = [rng.normal(0, np.sqrt(c / 1000), (1000, 1000)) for _ in range(4)]
        outputs, _, _ = lesson["signal_through_layers"](X, dA, W, activation)
        slope, dZ = lesson["ACTIVATIONS"][activation][1], dA * 1.0
        sizes = []
        for A, W_l in zip(reversed(outputs), reversed(W), strict=True):
            dZ = dZ * slope(A)
            sizes.insert(0, np.abs(dZ).mean())
            dZ = W_l.T @ dZ
        a, dz = page.evaluate(
            "(all) => { const { a, dz } = expect(...all); return [a, dz]; }", [4, c, activation]
        )
        np.testing.assert_allclose([np.abs(A).mean() for A in outputs], a, rtol=0.06)
        np.testing.assert_allclose(
            np.array(sizes[:3]) / sizes[2], np.array(dz[:3]) / dz[2], rtol=0.06
        )


def descend(lesson, digits, weights, activation, rate, steps):
    """Return (weights, cost, number of right answers) after some steps of gradient descent."""
    (X, Y), g = digits, lesson["ACTIVATIONS"][activation][0]
    for _ in range(steps):
        A = X
        for W in weights[:-1]:
            A = g(W @ A)
        exponentials = np.exp(weights[-1] @ A)
        dZ = exponentials / exponentials.sum(axis=0) - Y
        dA = weights[-1].T @ dZ
        _, _, dW = lesson["signal_through_layers"](X, dA, weights[:-1], activation)
        dW.append(dZ @ A.T / 64)
        weights = [W - rate * dW_l for W, dW_l in zip(weights, dW, strict=True)]
    scores = through(lesson, digits, weights, activation)[3]
    return weights, cost(scores, Y), np.sum(scores.argmax(axis=0) == Y.argmax(axis=0))


def test_what_the_page_says_of_training_is_so(lesson, digits):
    _, J, right = descend(lesson, digits, begin(20, 2, 0), "ReLU", 0.01, 1000)
    assert right == 64 and J < 0.05
    _, J, _ = descend(lesson, digits, begin(20, "glorot", 0), "ReLU", 0.01, 1000)
    assert pytest.approx(np.log(10), abs=0.0005) == J
    assert descend(lesson, digits, begin(20, 2, 0), "tanh", 0.01, 500)[2] == 64
    assert descend(lesson, digits, begin(20, 10, 0), "tanh", 0.01, 500)[2] < 50


def test_what_the_page_says_of_starts_is_so(lesson, digits):
    def sizes(depth, rule, draw, activation):
        outputs, dW, dz, _ = through(lesson, digits, begin(depth, rule, draw), activation)
        return [np.array([np.abs(one).mean() for one in kind]) for kind in (outputs, dz, dW[:-1])]

    for draw in range(5):
        a, dz, dw = sizes(20, "small", draw, "ReLU")
        powers = np.log10([a[0] / a[-1], dz[-1] / dz[0]])
        assert (draw > 0) or np.rint(powers).tolist() == [27, 27]
        assert dw.max() / dw.min() < 10
        a, dz, _ = sizes(20, 1, draw, "sigmoid")
        assert np.abs(a - 0.5).max() < 0.06 and dz[0] < 1e-10 * dz[-1]
    lost = [sizes(depth, "glorot", 0, "ReLU")[1] for depth in range(1, 31)]
    assert [dz[0] < dz[-1] / 1000 for dz in lost] == [False] * 19 + [True] * 11
    kept = [sizes(20, 2, draw, "ReLU")[0] for draw in range(5)]
    ends = np.array([a[-1] / a[0] for a in kept])
    assert ends.max() / ends.min() > 5


def test_no_factor_of_the_slider_saves_the_sigmoid(page):
    ends = page.evaluate("[0.1, 1, 4, 10].map((c) => expect(20, c, 'sigmoid').dz[0] ** (1 / 19))")
    assert ends == sorted(ends) and ends[-1] < 0.6
    grown = page.evaluate("[1, 2, 4, 10].map((c) => expect(20, c, 'tanh').dz[0])")
    assert grown == sorted(grown) and grown[0] < 0.3 and grown[-1] > 100


def test_bins_are_counted_as_numpy_counts_them(page):
    rng = np.random.default_rng(5)
    for low, high in ((-1, 1), (0, 1), (-2.5, 2.5)):
        values = np.clip(rng.normal(0.1, 0.8, 500), low, high)
        counts = page.evaluate(
            "([values, low, high]) => histogram(values, low, high, 20)",
            [values.tolist(), low, high],
        )
        assert counts == np.histogram(values, 20, (low, high))[0].tolist()


def settle(page):
    """Wait until the page has said what it shows."""
    page.wait_for_timeout(350)


def title(page):
    return page.locator("#said").inner_text()


def choose(page, **settings):
    for name, value in settings.items():
        page.locator(f"select[name={name}]").select_option(value)
    settle(page)


def slide(page, name, value):
    page.locator(f"input[name={name}]").fill(str(value))
    settle(page)


def test_it_says_what_is_seen(page):
    settle(page)
    assert title(page) == "The signal dies away, and so does the gradient."
    choose(page, rule="2")
    assert title(page) == "The signal keeps its size, and so does the gradient."
    choose(page, rule="4")
    assert title(page) == "The signal explodes, and so does the gradient."
    choose(page, rule="2", activation="sigmoid")
    assert title(page) == "The signal keeps its size, the gradient dies away."
    choose(page, rule="4", activation="tanh")
    assert "of the activations are within 0.05 of −1 or 1" in page.locator("#more").inner_text()
    slide(page, "depth", 1)
    assert title(page) == "One hidden layer has no way to lose a signal."
    label = page.locator("#sizes svg").get_attribute("aria-label")
    assert label.startswith("Mean absolute values on a logarithmic axis: activations from 0.")
    choose(page, rule="small", activation="sigmoid")
    slide(page, "depth", 30)
    assert "32-bit numbers end near 10⁻³⁸" in page.locator("#more").inner_text()


def test_factors_that_are_said_are_those_of_the_numbers(page, lesson, digits):
    choose(page, rule="1")
    outputs, _, dz, _ = through(lesson, digits, begin(20, 1, 0), "ReLU")
    forward, backward, _ = page.locator("#more p").all_inner_texts()
    for words, sizes in ((forward, outputs), (backward, dz[::-1])):
        first, last = np.abs(sizes[0]).mean(), np.abs(sizes[-1]).mean()
        assert f"a factor of {(last / first) ** (1 / 19):.2f} in each layer" in words
        assert "(expected: 0.71)" in words


def test_everything_is_moved_by_keyboard(page):
    page.locator("input[name=factor]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("select[name=rule]").input_value() == "free"
    assert page.locator("#c-now").inner_text() == "1.02"
    page.keyboard.press("End")
    assert page.locator("#c-now").inner_text() == "10.00"
    page.locator("input[name=depth]").focus()
    page.keyboard.press("Home")
    assert page.locator("#depth-now").inner_text() == "1"
    page.keyboard.press("ArrowRight")
    assert page.locator("#sizes circle").count() == page.locator("#sizes rect").count() == 2
    choose(page, rule="4")
    assert page.locator("#c-now").inner_text() == "4.00"
    page.locator("summary").filter(has_text="Read the numbers").press("Enter")
    rows = page.locator("#numbers tbody tr")
    expect(rows).to_have_count(2)  # a <details> says that it is open a moment after it is
    slide(page, "depth", 20)
    expect(rows).to_have_count(20)


def test_five_layers_have_their_histograms(page):
    figures = page.locator("#shapes figure")
    assert figures.count() == 10
    labels = [figures.nth(k).locator("svg").get_attribute("aria-label") for k in range(10)]
    assert labels[0].startswith("Activations of layer 1: 0 to ") and "are 0" in labels[0]
    assert labels[9].startswith("Gradients of layer 20: ± ")
    assert not figures.nth(0).locator(".negative").count()
    assert figures.nth(9).locator(".negative").count() == 10
    slide(page, "depth", 3)
    assert figures.count() == 6


def test_it_trains_and_pauses(page):
    status = page.locator("#trained")
    assert status.inner_text().startswith("Step 0: cost ")
    choose(page, rate="0.01")
    slide(page, "depth", 3)
    page.get_by_role("button", name="100 steps").press("Enter")
    assert status.inner_text().startswith("Step 100: cost ")
    settle(page)
    assert title(page).startswith("After 100 steps: ") and "expected" not in title(page)
    page.get_by_role("button", name="Train").press("Enter")
    page.wait_for_function("Number(document.querySelector('#sizes')?.childElementCount) > 0")
    assert status.inner_text() == "Training …"
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Pause").press("Enter")
    words = status.inner_text()
    assert int(words.partition(":")[0].removeprefix("Step ").replace(",", "")) > 100
    page.wait_for_timeout(150)
    assert status.inner_text() == words
    assert "Cost after each step" in page.locator("#learning svg").get_attribute("aria-label")
    page.get_by_role("button", name="Reset").click()
    assert status.inner_text().startswith("Step 0: cost ")


def test_a_training_that_diverges_is_told(page):
    choose(page, rule="4", activation="linear", rate="1")
    page.get_by_role("button", name="100 steps").click()
    assert "diverged" in page.locator("#trained").inner_text()
    assert page.get_by_role("button", name="Train").is_disabled()
    page.get_by_role("button", name="Reset").click()
    assert page.get_by_role("button", name="Train").is_enabled()


def test_where_motion_is_not_wanted_a_picture_a_second_is_shown(page):
    slide(page, "depth", 2)

    def drawn():
        return page.locator("#learning svg").get_attribute("aria-label")

    first, later = pages.calm_start(page, "Train", drawn)
    assert "after step 100" in first and "after step 100" in later


def test_it_fits_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    choose(page, rule="small")
    slide(page, "depth", 30)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    boxes = "[...document.querySelectorAll('#layers select, #layers input')]"
    assert page.evaluate(f"Math.min(...{boxes}.map((box) => box.clientHeight))") >= 30
