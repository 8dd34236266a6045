"""Give each code cell an anchor: `[text](#cell-c4w1-stride-slip)` on any page leads there."""

from pathlib import Path

from docutils import nodes

from tools.shared.notebooks import read, week_of


def label(path, cell_id):
    """Return what links to a notebook's cell call it."""
    return f"cell-{week_of(path)}-{cell_id}"


def mark_cells(app, doctree):
    """Make each code cell of a notebook that was read a target of links."""
    document = app.env.docname
    path = Path(app.env.doc2path(document))
    if path.suffix != ".ipynb":
        return
    cells = read(path).cells
    for node in doctree.findall(nodes.container):
        if node.get("nb_element") == "cell_code":
            name = label(path, cells[node["cell_index"]].id)
            node["ids"].append(name)
            app.env.get_domain("std").note_hyperlink_target(name, document, name)


def setup(app):
    """Register with Sphinx."""
    # A change of this file is a change of every notebook's page.
    app.add_config_value("cell_anchors", Path(__file__).read_text(encoding="utf-8"), "env")
    app.connect("doctree-read", mark_cells)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
