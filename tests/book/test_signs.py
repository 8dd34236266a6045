"""Signs have one convention of colors: red is positive, blue negative."""

import re

import matplotlib
import numpy as np
import pytest

from dsl_utils import plots
from tools.shared.notebooks import ROOT

CSS = (ROOT / "book/_static/book.css").read_text(encoding="utf-8")


def redness(color):
    """Return how much more red than blue a color has."""
    red, _, blue = matplotlib.colors.to_rgb(color)
    return red - blue


def test_figures_draw_positive_numbers_red_and_negative_ones_blue():
    _, axes = matplotlib.pyplot.subplots(2)
    for ax, draw in zip(axes, (plots.show_numbers, plots.show_image), strict=True):
        image = draw(np.array([[-1.0, 1.0]]), signed=True, ax=ax).images[0]
        negative, positive = (image.cmap(image.norm(value))[:3] for value in (-1, 1))
        assert redness(positive) > 0.15 and redness(negative) < -0.15
    matplotlib.pyplot.close("all")


@pytest.mark.parametrize("theme", [0, 1])
def test_pages_do_the_same_in_light_and_in_dark(theme):
    positive = re.findall(r"--positive: (#\w{6});", CSS)[theme]
    negative = re.findall(r"--negative: (#\w{6});", CSS)[theme]
    assert redness(positive) > 0.15 and redness(negative) < -0.15


def test_lines_and_bars_do_the_same():
    for name, sign in (("positive", 1), ("negative", -1)):
        inks = re.findall(rf"--{name}-ink: (#\w{{6}});", CSS)
        assert len(inks) == 2 and all(sign * redness(ink) > 0.15 for ink in inks)
        assert f".layers .{name} {{ fill: var(--{name}-ink); }}" in CSS


def test_the_front_page_and_the_explorable_page_color_by_sign():
    front = CSS.partition('.kernel [data-value^="-"]')[2].partition("\n")[0]
    page = CSS.partition('.convolution td[data-sign="-1"]')[2].partition("\n")[0]
    assert "var(--negative)" in front and "var(--negative)" in page
    for name in ("positive", "negative"):  # and nothing else, such as a magnitude
        uses = [line for line in CSS.splitlines() if f"var(--{name})" in line]
        assert all(line.startswith((".kernel", ".convolution td", ".graph")) for line in uses)


@pytest.mark.parametrize(
    "page",
    ["index.md", "book/explore_convolution.md", "book/explore_graph.md", "book/how_to_use.md"],
)
def test_the_words_say_so(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert re.search(r"[Rr]ed is positive|positive and red", text)
    assert re.search(r"blue (is )?negative|negative and blue", text)
