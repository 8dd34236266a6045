"""The page with computation graphs computes what C1 W2 computes, and works for everybody."""

import numpy as np
import pytest

from tests.site.functions import defined_in

PAGE = "book/explore_graph"
FOUND = """(cases) => cases.map(([name, inputs]) => {
    const graph = GRAPHS[name];
    const values = valuesOf(graph, inputs);
    return [values, derivativesOf(graph, backwardPass(graph, values))];
})"""
CROWDED = """() => {
    const place = (e) => e.getBoundingClientRect();
    const within = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1;
    const beside = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1;
    const above = (a, b) => a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
    const picture = document.querySelector("#graph-picture svg");
    const boxes = [...picture.querySelectorAll(".box")];
    const all = [...boxes, ...picture.querySelectorAll("rect.slope")];
    const name = (e) => e.textContent || e.nextSibling.textContent;
    const on = all.flatMap((a, i) => all.slice(i + 1)
        .filter((b) => !beside(place(a), place(b)) && !above(place(a), place(b)))
        .map((b) => `${name(a)} on ${name(b)}`));
    const out = all.filter((a) => !within(place(a), place(picture)));
    const wide = boxes.flatMap((box) => [...box.querySelectorAll("text")]
        .filter((text) => !within(place(text), place(box.querySelector("rect")))));
    const scale = place(picture).width / picture.viewBox.baseVal.width;
    const type = scale * parseFloat(getComputedStyle(picture.querySelector("text.slope")).fontSize);
    return [...on, ...out.map(name), ...wide.map(name), ...(type < 12 ? [`${type} px`] : [])];
}"""


class Silent:
    """Stands for `checks` where a notebook's cell is run for its functions alone."""

    def __getattr__(self, name):
        return lambda *_, **__: None


@pytest.fixture(scope="module")
def lesson():
    """The functions of the notebook that the page computes anew."""
    cells = ("sigmoid", "loss", "triple", "slope", "graph-forward", "graph-backward", "one", "loop")
    return defined_in("c1w2", *cells, np=np, checks=Silent())


def random_inputs(seed, count, **ranges):
    """Return many dictionaries of random inputs; a range of None means the labels 0 and 1."""
    rng = np.random.default_rng(seed)

    def draw(limits):
        return int(rng.integers(2)) if limits is None else rng.uniform(-limits, limits)

    return [{name: draw(limits) for name, limits in ranges.items()} for _ in range(count)]


def on_page(page, name, cases):
    """Return [values, derivatives] of a graph of the page for each dictionary of inputs."""
    return page.evaluate(FOUND, [[name, inputs] for inputs in cases])


def test_the_lectures_graph_is_the_notebooks(page, lesson):
    cases = [{"a": 5, "b": 3, "c": 2}, *random_inputs(1, 300, a=10, b=10, c=10)]
    for inputs, (values, d) in zip(cases, on_page(page, "small", cases), strict=True):
        found = [values[name] for name in "uvJ"]
        assert found == pytest.approx(lesson["graph"](**inputs), rel=1e-12)
        expected = lesson["graph_backward"](**inputs)
        assert [d[name] for name in "abc"] == pytest.approx(expected, rel=1e-12)
        assert d["J"] == 1 and d["v"] == d["u"] == d["a"] == 3


def test_logistic_regression_on_one_example_is_the_notebooks(page, lesson):
    ranges = {"w_1": 2, "x_1": 2, "w_2": 2, "x_2": 2, "b": 2, "y": None}
    lectures = {"w_1": 0.4, "x_1": 0.5, "w_2": -0.2, "x_2": -1.5, "b": 0.1, "y": 1}
    cases = [lectures, *random_inputs(2, 300, **ranges)]
    for inputs, (values, d) in zip(cases, on_page(page, "one", cases), strict=True):
        w1, x1, w2, x2, b, y = inputs.values()
        expected = lesson["one_example"](w1, w2, b, x1, x2, y)
        assert [d["w_1"], d["w_2"], d["b"]] == pytest.approx(expected, rel=1e-9, abs=1e-13)
        assert d["z"] == pytest.approx(values["a"] - y, rel=1e-9)
        assert values["L"] == pytest.approx(lesson["loss"](values["a"], y), rel=1e-12)
        assert "x_1" not in d and "y" not in d


def test_logistic_regression_on_two_examples_is_the_notebooks(page, lesson):
    ranges = {"x^(1)": 2, "w": 2, "b": 2, "x^(2)": 2, "y^(1)": None, "y^(2)": None}
    cases = random_inputs(3, 300, **ranges)
    for inputs, (values, d) in zip(cases, on_page(page, "two", cases), strict=True):
        x1, w, b, x2, *labels = inputs.values()
        X, Y = np.array([[x1, x2]]), np.array([labels])
        J, dw, db = lesson["gradients_by_loop"](np.array([[w]]), b, X, Y)
        assert [values["J"], d["w"], d["b"]] == pytest.approx([J, dw.item(), db], rel=1e-9)


def test_a_graph_whose_inputs_are_used_twice_has_the_derivatives_of_its_formula(page):
    cases = random_inputs(4, 300, a=10, b=10)
    for inputs, (values, d) in zip(cases, on_page(page, "twice", cases), strict=True):
        a, b = inputs.values()
        assert values["J"] == pytest.approx(a**2 * b + a * b**2, rel=1e-9)
        expected = [2 * a * b + b**2, a**2 + 2 * a * b]
        assert [d["a"], d["b"]] == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_each_box_of_random_graphs_has_the_derivative_by_nudging(page):
    one = {"w_1": 2, "x_1": 2, "w_2": 2, "x_2": 2, "b": 2, "y": None}
    two = {"x^(1)": 2, "w": 2, "b": 2, "x^(2)": 2, "y^(1)": None, "y^(2)": None}
    ranges = {"small": {"a": 9, "b": 9, "c": 9}, "twice": {"a": 9, "b": 9}, "one": one, "two": two}
    for name, limits in ranges.items():
        cases = random_inputs(5, 50, **limits)
        nudged = page.evaluate(
            """([name, cases]) => cases.map((inputs) => {
                const graph = GRAPHS[name];
                const d = derivativesOf(graph, backwardPass(graph, valuesOf(graph, inputs)));
                const nudge = (box) => nudgedSlope(graph, inputs, box, 1e-5, true);
                return Object.fromEntries(Object.keys(d).map((box) => [box, nudge(box)]));
            })""",
            [name, cases],
        )
        for (_, d), slopes in zip(on_page(page, name, cases), nudged, strict=True):
            assert slopes == pytest.approx(d, rel=1e-4, abs=1e-7)


def test_the_sum_over_paths_and_both_nudges_agree_with_the_backward_pass(page, lesson):
    found = page.evaluate(
        """() => Object.values(GRAPHS).flatMap((graph) => {
            const named = Object.entries(graph.inputs).map(([name, { value }]) => [name, value]);
            const inputs = Object.fromEntries(named);
            const values = valuesOf(graph, inputs);
            const d = derivativesOf(graph, backwardPass(graph, values));
            return Object.keys(d).map((name) => {
                const paths = pathsFrom(graph, name).map((path) =>
                    path.reduce((product, [step, k]) => product * slopeOf(step, k, values), 1));
                const nudge = (both) => nudgedSlope(graph, inputs, name, 1e-5, both);
                const sum = paths.reduce((a, b) => a + b, 0);
                return [paths.length, d[name], sum, nudge(true), nudge(false)];
            });
        })"""
    )
    assert len(found) == 6 + 5 + 6 + 9
    assert {paths for paths, *_ in found} == {1, 2}
    for _, backward, paths, both, upward in found:
        assert paths == pytest.approx(backward, rel=1e-12)
        assert both == pytest.approx(backward, rel=1e-7, abs=1e-9)
        assert upward == pytest.approx(backward, rel=1e-3, abs=1e-4)
    inputs = {"w_1": 0.4, "x_1": 0.5, "w_2": -0.2, "x_2": -1.5, "b": 0.1, "y": 1}
    nudged = page.evaluate("(i) => nudgedSlope(GRAPHS.one, i, 'b', 1e-5, true)", inputs)
    by_notebook = lesson["slope"](lambda b: lesson["loss"](lesson["sigmoid"](0.5 + b), 1), 0.1)
    assert nudged == pytest.approx(by_notebook, rel=1e-9)


def steps_read(page):
    """Go through a graph with *Next step* and return the words of each step."""
    status, words = page.get_by_role("status"), []
    button = page.get_by_role("button", name="Next step")
    while True:
        words.append(status.inner_text())
        if button.is_disabled():
            return words
        button.click()


def test_every_step_of_the_lectures_graph_is_read(page):
    words = steps_read(page)
    assert len(words) == 9
    assert (
        words[0].startswith("Step 1 of 9, forward: u = bc\n")
        and "u = b · c = 3 · 2 = 6" in words[0]
    )
    assert "J = 3 · v = 3 · 11 = 33" in words[2]
    assert "dJ = 1" in words[3]
    assert "dv = dJ · ∂J/∂v = 1 · 3 = 3" in words[4]
    assert "db = du · ∂u/∂b = 3 · 2 = 6" in words[7]
    assert "∂u/∂b = c = 2." in words[7]
    assert "When b changes by a little, u changes 2 times as much" in words[7]
    assert "dc = du · ∂u/∂c = 3 · 3 = 9" in words[8]
    label = page.locator("#graph-picture svg").get_attribute("aria-label")
    assert "dv = 3" in label and "dc = 9" in label and "u = 6" in label


def test_the_derivatives_of_one_example_are_those_of_the_drawing(page):
    page.get_by_role("combobox", name="What is computed").select_option("one")
    words = steps_read(page)
    assert (
        "∂L/∂a = −y / a + (1 − y) / (1 − a) = −1 / 0.646 + (1 − 1) / (1 − 0.646) = −1.549"
        in words[4]
    )
    assert "This is a − y: the answer minus the truth." in words[5]
    drawn = page.locator("#graph-picture text.derivative").all_text_contents()
    assert sorted(drawn) == sorted(
        ["dw1 = −0.177", "dw2 = 0.532", "db = −0.354", "dz = −0.354", "da = −1.549", "dL = 1"]
    )


def test_a_derivative_of_two_parts_is_open_until_both_have_come(page):
    page.get_by_role("combobox", name="What is computed").select_option("twice")
    page.get_by_role("button", name="Whole forward pass").click()
    for _ in range(4):
        page.get_by_role("button", name="Next step").click()
    assert "Part 1 of 2 of da" in page.get_by_role("status").inner_text()
    assert "da = 10 + …" in page.locator("#graph-picture text.derivative").all_text_contents()
    page.get_by_role("button", name="To the end").click()
    assert "Together: db = 15 + 6 = 21" in page.get_by_role("status").inner_text()
    assert "da = 16" in page.locator("#graph-picture text.derivative").all_text_contents()


def test_an_input_moves_by_keyboard_and_everything_follows(page):
    page.get_by_role("button", name="To the end").click()
    slider = page.get_by_role("slider", name="c, slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("textbox", name="c", exact=True).input_value() == "2.5"
    drawn = page.locator("#graph-picture text.derivative").all_text_contents()
    assert "db = 7.5" in drawn and "dc = 9" in drawn
    field = page.get_by_role("textbox", name="b", exact=True)
    field.fill("-4")
    field.press("Tab")
    assert "dc = −12" in page.locator("#graph-picture text.derivative").all_text_contents()
    assert page.get_by_role("slider", name="b, slider").input_value() == "-4"
    field.fill("40")
    field.press("Tab")
    assert page.get_by_role("status").inner_text() == "b has to be a number from −10 to 10."
    assert field.get_attribute("aria-invalid") == "true"
    page.locator("#graph-picture").focus()
    page.keyboard.press("ArrowLeft")
    assert page.get_by_role("status").inner_text().startswith("Step 8 of 9")
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("status").inner_text().startswith("Step 9 of 9")


def test_the_chain_rule_and_the_nudge_stand_beside_each_other(page):
    product, nudges = page.locator("#graph-product"), page.locator("#graph-nudge")
    assert "∂J/∂v · ∂v/∂u · ∂u/∂b\n= …" in product.inner_text()
    page.get_by_role("button", name="To the end").click()
    assert "∂J/∂v · ∂v/∂u · ∂u/∂b\n= 3 · 1 · 2 = 6" in product.inner_text()
    assert nudges.inner_text() == ""
    page.get_by_role("checkbox", name="Check it by nudging").check()
    assert "b from 3 to 3.001 moves J from 33 to 33.006." in nudges.inner_text()
    assert "0.006 / 0.001 = 6" in nudges.inner_text()
    assert page.locator("#graph-picture text.nudge").all_text_contents() == [
        "nudged: 3",
        "nudged: 6",
        "nudged: 9",
    ]
    page.get_by_role("combobox", name="What is computed").select_option("twice")
    page.get_by_role("button", name="To the end").click()
    assert "da is the sum over 2 paths" in product.inner_text()
    page.get_by_role("combobox", name="Size of the nudge").select_option("0.1")
    assert "16.2" in nudges.inner_text()
    page.get_by_role("combobox", name="Direction of the nudge").select_option("both")
    assert "/ 0.2 = 16\n" in nudges.inner_text()


def test_what_the_page_says_of_its_graphs_is_so(page):
    (_, d), (_, sums) = on_page(page, "twice", [{"a": 1, "b": -2}, {"a": 3, "b": 2}])
    assert d["a"] == 0 and sums["a"] == 16
    parts = page.evaluate(
        """() => backwardPass(GRAPHS.twice, valuesOf(GRAPHS.twice, {a: 1, b: -2}))
            .filter(({ to }) => to === "a").map(({ sent }) => sent)"""
    )
    assert parts == [2, -2]
    (_, first), (_, moved) = on_page(
        page, "small", [{"a": 5, "b": 3, "c": 2}, {"a": 9, "b": 3, "c": 2}]
    )
    assert first == moved
    one = {"w_1": 0.4, "x_1": 0.5, "w_2": -0.2, "x_2": -1.5, "b": 0.1, "y": 0}
    (_, cat), (_, dog) = on_page(page, "one", [one | {"y": 1}, one])
    learned = ("w_1", "w_2", "b")
    assert [np.sign(cat[name]) for name in learned] == [-np.sign(dog[name]) for name in learned]
    assert round(cat["a"], 3) == -1.549


@pytest.mark.parametrize("width", [1280, 390])
def test_no_number_lies_on_another_and_none_sticks_out(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.get_by_role("checkbox", name="Check it by nudging").check()
    for graph in ("small", "twice", "one", "two"):
        page.get_by_role("combobox", name="What is computed").select_option(graph)
        page.get_by_role("button", name="To the end").click()
        problems = page.evaluate(CROWDED)
        assert problems == [], graph
