"""Drawings stand in the page itself, where its colors reach them."""

import json
import re
from types import SimpleNamespace

from bs4 import BeautifulSoup
from docutils import nodes

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


def test_an_image_becomes_the_drawing_and_a_figure_stays_one(tmp_path):
    outputs = [{"data": {"image/svg+xml": sample().splitlines(keepends=True)}}]
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": []},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": [], "outputs": outputs},
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = tmp_path / "c1w1_a.ipynb"
    path.write_text(json.dumps(notebook))
    figure = nodes.figure("", nodes.image(uri="0a.svg"), nodes.caption("", "A volume."))
    photo = nodes.figure("", nodes.image(uri="0b.png"))
    cell = nodes.container("", figure, photo, nb_element="cell_code", cell_index=1)
    environment = SimpleNamespace(docname="c1w1_a", doc2path=lambda name: str(path))
    drawings.inline(SimpleNamespace(env=environment), nodes.container("", cell))
    drawn, caption = figure.children
    assert drawn.astext() == drawings.for_page(sample()) and caption.astext() == "A volume."
    assert [image["uri"] for image in cell.findall(nodes.image)] == ["0b.png"]


def test_the_style_sheet_knows_every_class():
    css = (ROOT / "book/_static/book.css").read_text(encoding="utf-8")
    svg = BeautifulSoup(drawings.for_page(sample()), "html.parser")
    classes = {name for element in svg.select("svg [class]") for name in element["class"]}
    assert classes == {"ground", "train", "dev", "third"}
    assert all(f".drawing .{name} {{" in css for name in (*classes, "reference"))
