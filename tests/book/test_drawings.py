"""Drawings stand in the page itself, where its colors reach them."""

import re

from bs4 import BeautifulSoup

from book._ext import drawings
from dsl_utils.drawings import Drawing
from tools.shared.notebooks import ROOT


def sample():
    drawing = Drawing("A title", "One volume, drawn for a test.")
    drawing.row(0, 0, [("input", (8, 8, 1), role) for role in ("train", "dev", "third")])
    return drawing.svg()


def test_a_drawing_shrinks_to_the_page_and_then_scrolls():
    svg = BeautifulSoup(drawings.for_page(sample()), "html.parser").select_one(".drawing-box > svg")
    width = int(svg["viewbox"].split()[2])
    assert svg["style"] == f"max-width: {width}px; min-width: {0.85 * width:.0f}px"
    assert svg["aria-label"] == "One volume, drawn for a test."
    assert not {"width", "height", "font-family"} & set(svg.attrs)


def test_no_name_space_is_left_before_the_tags():
    assert not re.search(r"</?\w+:", drawings.for_page(sample()))


def test_the_style_sheet_knows_every_class():
    css = (ROOT / "book/_static/book.css").read_text(encoding="utf-8")
    svg = BeautifulSoup(drawings.for_page(sample()), "html.parser")
    classes = {name for element in svg.select("svg [class]") for name in element["class"]}
    assert classes == {"ground", "train", "dev", "third"}
    assert all(f".drawing .{name} {{" in css for name in (*classes, "reference"))
