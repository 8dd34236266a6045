"""Lines of checks in a real browser: their faces, where they lead, in the dark, on a phone."""

import re

import pytest

from book._ext.check_lines import EXPLAINED

WEEK = "notebooks/c4w1_convolutional_foundations"
LINES = {  # kind: (cell, how a screen reader tells the line)
    "proof": ("keras-conv", "proof convolve: NumPy equals keras.ops.conv (rtol 1e-10)"),
    "exact": ("simple-convnet", "exact features after Flatten = 1,960"),
    "measured": (
        "test",
        r"measured ConvNet test accuracy ≈ 0.\d+ \(at least 0.900\) scale: 0.\d+ ",
    ),
    "exercise": ("exercise-1-check", "exercise layer_cost: not attempted yet"),
}


@pytest.fixture
def week(visit):
    """A notebook's page, left as it was found."""
    page = visit(WEEK).page
    yield page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("kind", LINES)
def test_a_line_has_a_face_and_its_words(week, kind):
    cell, words = LINES[kind]
    words = re.compile(words) if kind == "measured" else words
    line = week.locator(f"#cell-c4w1-{cell}").get_by_role("link", name=words)
    icon = line.get_by_role("img", name=kind, exact=True)
    assert icon.bounding_box()["width"] > 10
    assert icon.evaluate("(e) => getComputedStyle(e).maskImage").startswith("url(")
    assert line.locator("svg.scale").count() == (kind == "measured")


def test_a_scale_shows_its_value_on_the_side_that_keeps_the_bound(week):
    scale = week.locator("#cell-c4w1-test svg.scale").first
    dot, bound = (scale.locator(mark).bounding_box() for mark in ("circle", ".bound"))
    assert dot["x"] > bound["x"] + bound["width"]
    assert scale.get_by_role("img").count() == 0  # one picture, one text
    assert re.search(
        r"inside the bound; \d more seeds: 0.\d+ to 0.\d+", scale.get_attribute("aria-label")
    )


def test_copied_lines_are_plain(week):
    copied = week.evaluate("""() => {
        getSelection().selectAllChildren(document.querySelector("#cell-c4w1-test .cell_output"));
        return getSelection().toString();
    }""")
    lines = copied.strip().split("\n")
    assert len(lines) == 3 and re.fullmatch(
        r"lead of the ConvNet ≈ 0.\d+ \(at least 0.020\)", lines[-1]
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_marks_of_a_scale_are_seen(week, scheme):
    week.emulate_media(color_scheme=scheme)
    week.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
    contrasts = week.evaluate("""() => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
        const light = (color) => {
            canvas.fillStyle = color;
            canvas.fillRect(0, 0, 1, 1);
            const linear = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((v) =>
                v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05;
        };
        const paper = light(getComputedStyle(document.body).backgroundColor);
        const of = (color) => Math.max(paper, light(color)) / Math.min(paper, light(color));
        const line = document.querySelector("#cell-c4w1-test a.check");
        const style = (mark) => getComputedStyle(line.querySelector(mark));
        return [style("circle").fill, style(".bound").stroke, style(".seeds").stroke,
            style("i").backgroundColor].map(of);
    }""")
    assert min(contrasts) >= 3, contrasts  # WCAG 2, graphics


def test_lines_fit_on_a_phone(week):
    week.set_viewport_size({"width": 360, "height": 760})
    assert week.evaluate("document.documentElement.scrollWidth") == 360
    outside = week.locator("a.check").evaluate_all("""(lines) => lines.flatMap((line) => {
        const parts = [line, ...line.querySelectorAll("i, span, b, small, svg")];
        const boxes = parts.map((part) => part.getBoundingClientRect());
        const cut = boxes.some((box) => box.width && (box.left < 0 || box.right > 360));
        return cut ? [line.textContent] : [];
    })""")
    assert outside == []
    targets = week.locator("#cell-c4w1-test a.check")
    assert min(line.bounding_box()["height"] for line in targets.all()) >= 24  # WCAG 2.2


def test_lines_that_guard_are_folded_and_open_by_keyboard(week):
    cell = week.locator("#cell-c4w1-shuffle-data")
    summary = cell.locator("details.guard > summary")
    assert summary.inner_text() == "1 line that guards the machinery"
    assert not cell.locator("a.check").is_visible()
    summary.focus()
    week.keyboard.press("Enter")
    assert cell.get_by_role("link", name="exact shuffling loses nothing = True").is_visible()
    week.keyboard.press("Enter")


def test_code_that_only_draws_is_quiet_and_above_its_figure(week):
    cell = week.locator("#cell-c4w1-follow-one")
    summary, picture = cell.locator("summary"), cell.locator("img")
    assert summary.inner_text() == "Show the code"
    box = summary.bounding_box()
    assert 0 <= picture.bounding_box()["y"] - box["y"] - box["height"] < 40
    assert box["height"] < 32


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_line_leads_to_its_row_by_click_and_by_keyboard(chromium, served, scripts):
    page = chromium.new_page(java_script_enabled=scripts)
    page.goto(f"{served}{WEEK}.html")
    line = page.locator("#cell-c4w1-test a.check").first
    line.click()
    page.wait_for_url("**/book/evidence.html#check-c4w1-convnet-test-accuracy")
    row = page.locator("tr:target")
    row.wait_for()  # its table is unfolded
    assert "the network is not trained" in row.inner_text()
    row.get_by_role("link", name="ConvNet test accuracy").click()
    page.wait_for_url("**/c4w1_convolutional_foundations.html#cell-c4w1-test")
    page.locator("#cell-c4w1-lecture-example a.check").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/evidence.html#check-c4w1-lecture-example")
    row.wait_for()
    box = row.bounding_box()
    assert 0 <= box["y"] < page.viewport_size["height"] / 2
    page.close()


def test_the_page_on_how_to_use_the_book_shows_each_kind(visit):
    page = visit(EXPLAINED).page
    for kind in LINES:
        assert page.locator("pre.lines").get_by_role("img", name=kind, exact=True).count() == 1
