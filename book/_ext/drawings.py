"""Put each drawing's SVG into its page, where the page's colors reach it, and not into a file.

`dsl_utils.drawings` makes them; book.css gives their classes the inks of light and dark pages.
"""

from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes

from tools.shared.figures import drawings
from tools.shared.notebooks import read

SMALLEST = 0.85  # of its size; on a narrower page a drawing scrolls: its letters have 13 pixels


def for_page(svg):
    """Return an SVG as wide as the page lets it be, in a box that scrolls on a narrow one."""
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    root = ElementTree.fromstring(svg)
    width = int(root.attrib.pop("width"))
    del root.attrib["height"], root.attrib["font-family"]
    root.set("style", f"max-width: {width}px; min-width: {SMALLEST * width:.0f}px")
    return f'<div class="drawing-box">{ElementTree.tostring(root, encoding="unicode")}</div>'


def inline(app, doctree):
    """Exchange the images that are drawings for their SVG; captions and numbers stay."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    cells = read(path).cells
    for node in doctree.findall(nodes.container):
        if node.get("nb_element") != "cell_code":
            continue
        images = [one for one in node.findall(nodes.image) if one["uri"].endswith(".svg")]
        for image, svg in zip(images, drawings(cells[node["cell_index"]].outputs), strict=True):
            image.replace_self(nodes.raw("", for_page(svg), format="html"))


def setup(app):
    """Register with Sphinx."""
    # A change of this file is a change of every notebook's page.
    app.add_config_value("drawings_inline", Path(__file__).read_text(encoding="utf-8"), "env")
    app.connect("doctree-read", inline, priority=400)  # before Sphinx collects the images
    return {"parallel_read_safe": True, "parallel_write_safe": True}
