"""Figures are compared with the stored ones, and shrunk where nobody sees it."""

import base64
import io
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tools.shared.figures import difference, disagreement, drawings, encode, pixels, shrink
from tools.shared.notebooks import ROOT
from tools.write.refresh import refresh

WHITE = encode(Image.new("RGB", (8, 6), "white"))
BLACK = encode(Image.new("RGB", (8, 6), "black"))
WIDE = encode(Image.new("RGB", (9, 6), "white"))
PLOT = """\
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
_ = ax.plot([1, 2])"""

DRAWING = """\
from dsl_utils.drawings import Drawing
drawing = Drawing("A word", "One word stands alone.")
_ = drawing.text(0, 0, "word")
drawing"""


def test_difference():
    assert difference(WHITE, WHITE) == 0
    assert difference(WHITE, BLACK) == 255
    assert difference(WHITE, WIDE) == np.inf
    assert difference(WHITE, encode(Image.new("RGBA", (8, 6), (0, 0, 0, 0)))) == 0


@pytest.mark.parametrize(
    ("stored", "fresh", "trained", "message"),
    [
        ([WHITE], [WHITE], False, None),
        ([WHITE], [], False, "1 figures are stored, but 0 were drawn"),
        ([WHITE], [WIDE], False, "a figure changed its size"),
        ([WHITE], [WIDE], True, "a figure changed its size"),
        ([WHITE], [BLACK], False, "a figure changed: RMS 255.0 grey levels, allowed are 4"),
        ([WHITE], [BLACK], True, None),
    ],
)
def test_disagreement(stored, fresh, trained, message):
    assert disagreement(stored, fresh, trained) == message


def test_shrinking_keeps_line_art_and_drops_metadata():
    image = Image.new("RGBA", (64, 64), "white")
    image.paste((0, 114, 178, 255), (8, 8, 40, 40))
    buffer = io.BytesIO()
    note = PngImagePlugin.PngInfo()
    note.add_text("Software", "a plotting library")
    image.save(buffer, "PNG", pnginfo=note)
    small = shrink(buffer.getvalue())
    assert len(small) < len(buffer.getvalue())
    assert b"Software" not in small
    assert difference(buffer.getvalue(), small) == 0


def test_shrinking_never_changes_what_one_can_see():
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    png = encode(Image.fromarray(noise))
    assert np.array_equal(pixels(shrink(png)), noise)


def test_nbval_compares_figures_and_wants_counts(tmp_path):
    path = tmp_path / "c1w1_a.ipynb"
    cells = [nbformat.v4.new_code_cell(PLOT, id=name) for name in ("same", "other", "never-run")]
    cells += [nbformat.v4.new_code_cell(DRAWING, id=name) for name in ("drawn", "redrawn")]
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))
    refresh(path)
    notebook = nbformat.read(path, as_version=4)
    _, other, never_run, drawn, redrawn = notebook.cells
    assert drawings(drawn.outputs) == drawings(redrawn.outputs) != []
    redrawn.outputs[0].data["image/svg+xml"] = drawings(drawn.outputs)[0].replace("word", "ward")
    other.outputs[0].data["image/png"] = base64.b64encode(BLACK).decode()
    never_run.update(execution_count=None, outputs=[])
    path.write_text(nbformat.writes(notebook))
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "--nbval", path]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "c1w1_a.ipynb: other: a figure changed its size" in result.stdout
    assert "c1w1_a.ipynb: never-run: the cell was never executed" in result.stdout
    assert "make refresh NB=c1w1" in result.stdout
    assert "c1w1_a.ipynb: redrawn: Notebook cell execution failed" in result.stdout or (
        "redrawn" in result.stdout
    )
    assert "3 failed, 2 passed" in result.stdout
