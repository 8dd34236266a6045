"""The page on which optimizers race computes what C2 W2 computes, and works for everybody."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

from tests.site import pages
from tests.site.functions import functions_of
from tools.write import explorables

PAGE = "book/explore_optimizers"
WALK = """(cases) => cases.map(([name, rule, settings, start, steps]) => {
    const landscape = LANDSCAPES[name];
    const run = begin(landscape, start ?? landscape.start);
    return prolong(run, landscape, rule, { ...BETAS[rule], ...settings }, steps).points;
})"""
MEASURE = """(cases) => cases.map(([name, rule, settings, steps]) => {
    const landscape = LANDSCAPES[name];
    const all = { ...BETAS[rule], ...settings };
    all.alpha ??= bestRate(landscape, rule, all, landscape.start);
    const { costs } = prolong(begin(landscape, landscape.start), landscape, rule, all, steps);
    return [arrival(costs, landscape.target), costs];
})"""


@pytest.fixture(scope="module")
def lesson():
    """The functions of the notebook that the page computes anew."""
    surfaces = ("bowl", "bowl_gradient", "saddle", "saddle_gradient")
    rules = ("gradient_descent", "momentum", "rmsprop", "adam", "descend")
    network = ("relu", "sigmoid", "forward", "cost", "gradients", "tanh_slope", "update")
    return functions_of("c2w2", *surfaces, *rules, *network, np=np)


def valley_gradient(w):
    """Return the gradient of the page's valley, which the notebook does not have."""
    bend = w[1] - w[0] ** 2
    return np.array([w[0] - 1 - 20 * w[0] * bend, 10 * bend])


@pytest.fixture(scope="module")
def slopes(lesson):
    """The gradient of each surface."""
    corner = np.sqrt(0.5) * np.array([[1.0, -1], [1, 1]])
    return {
        "bowl": lesson["bowl_gradient"],
        "long": lambda w: np.array([w[0], 500 * w[1]]),
        "turned": lambda w: corner @ lesson["bowl_gradient"](corner.T @ w),
        "saddle": lesson["saddle_gradient"],
        "valley": valley_gradient,
    }


@pytest.fixture(scope="module")
def rules(lesson):
    names = {"gradient descent": "gradient_descent", "RMSprop": "rmsprop", "Adam": "adam"}
    return {name: lesson[names.get(name, name)] for name in [*names, "momentum"]}


def some_settings(rng):
    """Return (name of the rule, its settings), one of each with random constants."""
    alpha = 10 ** rng.uniform(-3, -1.5)
    first, second = rng.choice([0.0, 0.5, 0.9, 0.99], 2)
    return [
        ("gradient descent", {"alpha": alpha}),
        ("momentum", {"alpha": alpha, "beta": first}),
        ("RMSprop", {"alpha": alpha, "beta": second}),
        ("Adam", {"alpha": alpha, "beta1": first, "beta2": rng.choice([0.9, 0.999])}),
    ]


def test_every_path_on_a_surface_is_the_notebooks(page, lesson, rules, slopes):
    rng = np.random.default_rng(1)
    cases = []
    for name in slopes:
        for _ in range(15):
            start = rng.uniform(-1.5, 1.5, 2).tolist()
            limit = 0.1 if name == "long" else 1
            for rule, settings in some_settings(rng):
                cases.append(
                    [name, rule, settings | {"alpha": limit * settings["alpha"]}, start, 40]
                )
    walked = page.evaluate(WALK, cases)
    assert len(walked) == 300
    for (name, rule, settings, start, steps), points in zip(cases, walked, strict=True):
        rest = dict(settings)
        alpha = rest.pop("alpha")

        def step(w, dw, state, alpha, rule=rule, rest=rest):
            return rules[rule](w, dw, state, alpha, **rest)

        expected = lesson["descend"](step, slopes[name], np.array(start), alpha, steps)
        np.testing.assert_allclose(points, expected, rtol=1e-7, atol=1e-9)


def test_every_cost_is_that_of_its_surface(page, lesson):
    rng = np.random.default_rng(2)
    places = rng.uniform(-2, 2, (50, 2))
    costs = page.evaluate(
        """(places) => ["bowl", "saddle", "turned", "valley"].map((name) =>
            places.map((w) => LANDSCAPES[name].evaluate(w)[0]))""",
        places.tolist(),
    )
    corner = np.sqrt(0.5) * np.array([[1.0, -1], [1, 1]])
    w1, w2 = places.T
    np.testing.assert_allclose(costs[0], lesson["bowl"](places.T), rtol=1e-12)
    np.testing.assert_allclose(costs[1], lesson["saddle"](places.T), rtol=1e-12)
    np.testing.assert_allclose(costs[2], lesson["bowl"](corner.T @ places.T), rtol=1e-9)
    np.testing.assert_allclose(costs[3], (1 - w1) ** 2 / 2 + 5 * (w2 - w1**2) ** 2, rtol=1e-12)


def as_weights(flat, hidden):
    """Return the notebook's dictionary of weights from the page's list."""
    sizes, p, at = [2, *[4] * hidden, 1], {}, 0
    for layer in range(1, len(sizes)):
        rows, columns = sizes[layer], sizes[layer - 1]
        for name, shape in ((f"W{layer}", (rows, columns)), (f"b{layer}", (rows, 1))):
            p[name] = np.array(flat[at : at + np.prod(shape)]).reshape(shape)
            at += np.prod(shape)
    return p


def as_list(p):
    layers = range(1, len(p) // 2 + 1)
    return np.concatenate([p[f"{kind}{layer}"].ravel() for layer in layers for kind in "Wb"])


def test_the_networks_train_as_the_notebooks_do(page, lesson, rules):
    stored = explorables.load("optimizers")
    X, Y = np.array(stored["thousandths"]) / 1000, np.array([stored["labels"]], float)
    rng = np.random.default_rng(3)
    for name, hidden in (("one", 1), ("three", 3)):
        for _ in range(4):
            start = rng.normal(0, 0.7, len(stored["starts"][hidden - 1])).tolist()
            J, slope = page.evaluate("([name, w]) => LANDSCAPES[name].evaluate(w)", [name, start])
            p = as_weights(start, hidden)
            Z = lesson["forward"](X, p, np.tanh)[1]
            dp = lesson["gradients"](X, Y, p, np.tanh, lesson["tanh_slope"])
            assert J == pytest.approx(lesson["cost"](Y, Z), rel=1e-12)
            np.testing.assert_allclose(slope, as_list(dp), rtol=1e-9, atol=1e-13)
            cases = [[name, rule, settings, start, 12] for rule, settings in some_settings(rng)]
            for case, points in zip(cases, page.evaluate(WALK, cases), strict=True):
                _, rule, settings, *_ = case
                p, states = as_weights(start, hidden), {key: {} for key in p}
                rest = {key: value for key, value in settings.items() if key != "alpha"}

                def step(w, dw, state, alpha, rule=rule, rest=rest):
                    return rules[rule](w, dw, state, alpha, **rest)

                for _ in range(12):
                    dp = lesson["gradients"](X, Y, p, np.tanh, lesson["tanh_slope"])
                    lesson["update"](p, states, dp, step, settings["alpha"])
                np.testing.assert_allclose(points[-1], as_list(p), rtol=1e-6, atol=1e-9)


def test_the_numbers_of_a_step_are_those_of_its_rule(page, rules):
    for rule in ("gradient descent", "momentum", "RMSprop", "Adam"):
        found = page.evaluate(
            """(rule) => {
                const landscape = LANDSCAPES.bowl;
                const settings = { ...BETAS[rule], alpha: 0.05 };
                const run = begin(landscape, landscape.start);
                prolong(run, landscape, rule, settings, 9);
                return [run.points, [0, 4, 8].map((at) => [0, 1].map((k) =>
                    reading(rule, settings, run, at, k).map(({ name, value }) => [name, value])))];
            }""",
            rule,
        )
        points, texts = found
        w, state, told = np.array(points[0]), {}, {}
        for at in range(9):
            dw = np.array([w[0], 20 * w[1]])
            w, state = rules[rule](w, dw, state, 0.05)
            told[at] = {"dw": dw, "w": w} | state
            if rule == "Adam":
                t = state["t"]
                told[at] |= {"v̂": state["v"] / (1 - 0.9**t), "ŝ": state["s"] / (1 - 0.999**t)}
        for at, both in zip((0, 4, 8), texts, strict=True):
            for k, lines in enumerate(both):
                names = [name for name, _ in lines]
                assert set(names) == set(told[at]) - {"t"}
                for name, value in lines:
                    assert value == pytest.approx(told[at][name][k], rel=1e-9), (rule, at, name)


def test_bias_correction_can_be_switched_off(page):
    start, after = page.evaluate(
        WALK, [["bowl", "Adam", {"alpha": 0.1, "corrected": False}, None, 1]]
    )[0]
    assert np.abs(np.subtract(after, start)) / 0.1 == pytest.approx(np.full(2, 3.1623), abs=1e-4)


def test_what_the_page_says_of_the_bowls_is_so(page):
    cases = [
        [name, rule, {}, 700]
        for name in ("bowl", "long")
        for rule in ("gradient descent", "momentum")
    ]
    cases += [["bowl", "momentum", {"beta": 0.5}, 700]]
    assert [steps for steps, _ in page.evaluate(MEASURE, cases)] == [30, 58, 372, 65, 11]
    limits = [
        ("gradient descent", 0.0995),
        ("gradient descent", 0.1005),
        ("momentum", 1.89),
        ("momentum", 1.91),
    ]
    ends = page.evaluate(
        MEASURE, [["bowl", rule, {"alpha": alpha}, 2000] for rule, alpha in limits]
    )
    assert [costs[-1] < costs[0] for _, costs in ends] == [True, False, True, False]
    bowl = page.evaluate(
        WALK, [["bowl", rule, {"alpha": 0.05}, [-4, 1.5], 30] for rule in ("momentum", "Adam")]
    )
    turned = page.evaluate(
        WALK,
        [
            ["turned", rule, {"alpha": 0.05}, [-5.5 / 2**0.5, -2.5 / 2**0.5], 30]
            for rule in ("momentum", "Adam")
        ],
    )
    corner = np.sqrt(0.5) * np.array([[1.0, -1], [1, 1]])
    np.testing.assert_allclose(np.array(bowl[0]) @ corner.T, turned[0], atol=1e-9)
    assert np.abs(np.array(bowl[1]) @ corner.T - turned[1]).max() > 0.1


def test_what_the_page_says_of_the_saddle_and_of_adams_first_step_is_so(page):
    rules = ("gradient descent", "momentum", "RMSprop", "Adam")
    walks = page.evaluate(WALK, [["saddle", rule, {"alpha": 0.1}, None, 300] for rule in rules])
    leaves = [int(np.argmax(np.abs(np.array(points)[:, 1]) > 0.5)) for points in walks]
    assert (leaves[0], leaves[3]) == (91, 6)
    still = page.evaluate(WALK, [["saddle", rule, {"alpha": 0.1}, [1, 0], 300] for rule in rules])
    assert all(w2 == 0 for points in still for _, w2 in points)
    start, after = page.evaluate(WALK, [["bowl", "Adam", {"alpha": 0.1}, None, 1]])[0]
    assert np.subtract(after, start) == pytest.approx([0.1, -0.1])


def test_what_the_page_says_of_the_networks_is_so(page):
    rates = page.evaluate("BEST")
    names = page.evaluate("NAMES")
    long = dict(zip(names, (810, 810, 30, 30), strict=True))
    pairs = list(zip(names, rates["three"], strict=True))
    case = [["three", rule, {"alpha": alpha}, long[rule]] for rule, alpha in pairs]
    waits = [sum(J > 0.6 for J in costs) for _, costs in page.evaluate(MEASURE, case)]
    assert min(waits[:2]) > 800 and max(waits[2:]) < 10
    ((_, costs),) = page.evaluate(MEASURE, [["three", "Adam", {"alpha": 0.01}, 600]])
    assert 35 < sum(J > 0.6 for J in costs) < 50 and costs[-1] == pytest.approx(0.455, abs=0.002)
    right = page.evaluate(
        """(points) => Y.filter((y, i) =>
            LANDSCAPES.three.answer(points.at(-1), [X[0][i], X[1][i]]) > 0 === y > 0.5).length""",
        page.evaluate(WALK, [["three", "Adam", {"alpha": 0.01}, None, 300]])[0],
    )
    assert 140 < right < 160
    case = [["one", rule, {"alpha": a}, 100] for rule, a in zip(names, rates["one"], strict=True)]
    assert all(steps <= 100 for steps, _ in page.evaluate(MEASURE, case))
    slow = page.evaluate("DEFAULT_RATES")
    case = [["one", rule, {"alpha": a}, 300] for rule, a in zip(names, slow, strict=True)]
    assert all(costs[-1] > 0.6 for _, costs in page.evaluate(MEASURE, case))


def test_the_defaults_are_those_of_keras(page):
    (folder,) = importlib.util.find_spec("keras").submodule_search_locations
    rates = []
    for name in ("sgd", "rmsprop", "adam"):
        source = (Path(folder) / f"src/optimizers/{name}.py").read_text(encoding="utf-8")
        rates.append(float(re.search(r"self,\s+learning_rate=([\d.]+)", source)[1]))
    sgd, momentum, rmsprop, adam = page.evaluate("DEFAULT_RATES")
    assert [sgd, rmsprop, adam] == rates and momentum == pytest.approx(sgd / 0.1)


def test_a_contour_lies_where_the_function_has_its_level(page):
    box = {"left": -2, "right": 2, "low": -1, "high": 1}
    (path,) = page.evaluate(
        "(box) => contours(([a, b]) => a * a + b * b, box, 400, 200, [0.5])", box
    )
    ends = np.array([pair.split() for pair in path.replace("L", "M").split("M")[1:]], float)
    radius = np.hypot(ends[:, 0] / 100 - 2, 1 - ends[:, 1] / 100)
    assert len(ends) > 100 and np.abs(radius - np.sqrt(0.5)).max() < 0.005


def test_it_is_stepped_by_keyboard_and_says_where_it_rests(page):
    status, count = page.get_by_role("status"), page.locator("#race-count")
    assert count.inner_text() == "30"
    assert status.inner_text().startswith("Cost after step 30: gradient descent 0.0296")
    page.get_by_role("button", name="Start over").click()
    assert count.inner_text() == "0" and page.get_by_role("button", name="Step back").is_disabled()
    page.get_by_role("button", name="Next step").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert count.inner_text() == "2"
    slider = page.get_by_role("slider", name="Step shown")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert count.inner_text() == "1" and "step 1:" in status.inner_text()
    page.get_by_role("button", name="Play").click()
    assert status.inner_text() == "The race is on …"
    page.get_by_role("button", name="Pause").click()
    assert status.inner_text().startswith("Cost after step ")


def test_a_step_can_be_read_and_comes_true(page):
    page.get_by_role("button", name="Start over").click()
    for rule in ("gradient descent", "momentum", "RMSprop", "Adam"):
        page.get_by_role("combobox", name="Read the next step of").select_option(rule)
        rows = page.locator("#race-numbers tr")
        assert rows.count() == {"gradient descent": 2, "momentum": 3, "RMSprop": 3, "Adam": 6}[rule]
        assert page.locator("#race-numbers caption").inner_text().startswith(f"Step 1 of {rule}")
        assert rows.first.inner_text().split() == ["dw", "the", "slope", "here", "=", "−4"]
    assert "which is 1 times α" in page.locator("#race-numbers p").inner_text()
    promised = rows.last.locator("td").last.inner_text().removeprefix("= ")
    page.get_by_role("button", name="Next step").click()
    assert page.locator("#race-plane svg").get_attribute("aria-label").count("Adam at −3.29") == 1
    assert float(promised.replace("−", "-")) == pytest.approx(-3.292, abs=0.001)


def test_rates_betas_and_starts_are_the_learners(page):
    status = page.get_by_role("status")
    field = page.get_by_role("textbox", name="learning rate of gradient descent")
    field.fill("0.2")
    field.press("Tab")
    assert "gradient descent diverged" in status.inner_text() or "e+" not in status.inner_text()
    assert page.get_by_role("combobox", name="Learning rates").input_value() == "own"
    page.get_by_role("combobox", name="Learning rates").select_option("best")
    assert field.input_value() == "0.0891"
    page.get_by_role("combobox", name="β of momentum").select_option("0.5")
    assert "since step 11" in page.locator("#now-momentum").inner_text()
    field.fill("-1")
    field.press("Tab")
    assert "has to be a number above 0" in status.inner_text()
    page.get_by_role("checkbox", name="RMSprop").uncheck()
    assert page.locator("#race-plane g").count() == 3
    first = page.get_by_role("textbox", name="w1")
    first.fill("2")
    first.press("Tab")
    page.get_by_role("button", name="Start over").click()
    assert "momentum at 2, 1.5" in page.locator("#race-plane svg").get_attribute("aria-label")
    first.fill("20")
    first.press("Tab")
    assert "has to lie in the picture" in status.inner_text()
    page.locator("#race-plane svg").click(position={"x": 30, "y": 30})
    assert float(first.input_value().replace("−", "-")) == pytest.approx(-4.1, abs=0.2)


def test_each_landscape_is_drawn_with_four_paths_and_a_curve(page):
    for landscape in ("bowl", "long", "turned", "saddle", "valley"):
        page.get_by_role("combobox", name="Landscape").select_option(landscape)
        assert page.locator("#race-plane polyline").count() == 4
        assert page.locator("#race-plane path.level[d^=M]").count() >= 8
        assert page.locator("#race-curve path.border").count() == 4
    for network in ("one", "three"):
        page.get_by_role("combobox", name="Landscape").select_option(network)
        assert page.locator("#race-plane .point").count() == 200
        assert page.locator("#race-places").is_hidden()
        assert "200 points" in page.locator("#race-plane svg").get_attribute("aria-label")


def test_where_motion_is_not_wanted_a_picture_a_second_is_shown(page):
    page.get_by_role("button", name="Start over").click()
    assert pages.calm_start(page, "Play", page.locator("#race-count").inner_text) == ("10", "10")
