"""Rules on what is stored behind the cells: figures, drawings and printed lines."""

import ast
import re
from collections import Counter
from xml.etree import ElementTree

from tests.contract.lesson import drawn, tags
from tests.contract.rules import rule
from tools.shared.cells import checks_in, parse
from tools.shared.figures import drawings as drawings_in
from tools.shared.notebooks import is_week

TWO_ENDED = {"PiYG", "PRGn", "BrBG", "PuOr", "RdGy", "RdBu", "RdYlBu", "RdYlGn", "Spectral"}
TWO_ENDED |= {"coolwarm", "bwr", "seismic", "berlin", "managua", "vanimo"}
TWO_ENDED |= {f"{name}_r" for name in TWO_ENDED} - {"RdBu_r"}
SHAPE = re.compile(r"\d[\d,]*(?:\s*[×x]\s*\d[\d,]*){2}")


@rule
def figures(lesson):
    """There are 5 to 12 figures, one to a cell, each with name, caption and alt text."""
    total = sum(drawn(cell) for cell in lesson.code)
    if is_week(lesson.week) and not 5 <= total <= 12:
        yield "figures", f"{total} figures; show 5 to 12"
    names = Counter()
    for cell in lesson.code:
        count = drawn(cell) + len(drawings_in(cell.outputs))
        if not count:
            continue
        if count > 1:
            yield cell.id, "two figures share one caption: draw one figure to a cell"
        values = [one for one in cell.outputs if one.output_type == "execute_result"]
        if drawn(cell) and values:
            yield cell.id, "a value stands beside the figure: write _ = before what returns it"
        described = cell.metadata.get("mystnb", {})
        figure = described.get("figure", {})
        names[figure.get("name")] += 1
        if not figure.get("name") or names[figure["name"]] > 1:
            yield cell.id, "give the figure a name of its own in mystnb.figure.name"
        if not is_sentence(figure.get("caption", "")):
            yield cell.id, "write a sentence in mystnb.figure.caption"
        if drawn(cell) and not is_sentence(described.get("image", {}).get("alt", "")):
            yield cell.id, "write a sentence that says what the figure shows in mystnb.image.alt"


@rule
def drawings(lesson):
    """A drawing is folded, says what it shows, and takes its shapes from a model, by a check."""
    for cell, after in zip(lesson.code, [*lesson.code[1:], None], strict=True):
        for svg in drawings_in(cell.outputs):
            if "hide-input" not in tags(cell):
                yield cell.id, "fold the cell that draws: tag hide-input"
            if not is_sentence(ElementTree.fromstring(svg).findtext("{*}desc", "")):
                yield cell.id, "write a sentence that says what the drawing shows in its alt"
            for shape in SHAPE.findall(cell.source):
                yield cell.id, f"take {shape} from a model: drawing.shape(x, y, layer.output.shape)"
            near = [check.name for one in (cell, after) if one for check in checks_in(one.source)]
            if not any(name.endswith((": shapes drawn", ": values drawn")) for name in near):
                yield cell.id, 'compare its shapes behind it: checks.fact("…: shapes drawn", …)'


def is_sentence(text):
    """Tell whether text has the form of a sentence, and is not a file's name."""
    return len(text.split()) >= 5 and text[0].isupper() and text.rstrip()[-1] in ".?!)"


@rule
def signs(lesson):
    """Of the color maps with two ends only RdBu_r is used: red is positive, blue negative."""
    for cell in lesson.code:
        for node in ast.walk(parse(cell.source)):
            if isinstance(node, ast.Constant) and node.value in TWO_ENDED:
                yield cell.id, f"write RdBu_r instead of {node.value}: red positive, blue negative"


@rule
def clean_outputs(lesson):
    """No stored output is an error or came over stderr."""
    for cell in lesson.code:
        for output in cell.outputs:
            if output.output_type == "error" or output.get("name") == "stderr":
                yield cell.id, "an error or a warning is stored: repair the cell and make refresh"


@rule
def executed(lesson):
    """Every code cell was executed, in order, in one go."""
    for number, cell in enumerate(lesson.code, start=1):
        if cell.execution_count != number:
            yield cell.id, f"execution count {cell.execution_count}, not {number}: make refresh"


@rule
def ignored_outputs(lesson):
    """At most 5 % of the cells with outputs are not compared."""
    bearing = [cell for cell in lesson.code if cell.outputs]
    ignored = [
        cell.id
        for cell in lesson.code
        if re.search(r"nbval-(ignore|skip)|raises-exception", " ".join(tags(cell)))
        or re.search(r"#\s*(NBVAL_(IGNORE|SKIP|RAISES)|PYTEST_VALIDATE_IGNORE)", cell.source)
    ]
    if len(ignored) > 0.05 * len(bearing):
        share = f"{len(ignored)} of {len(bearing)} outputs are ignored, at most 5 %"
        yield ignored[-1], f"{share}: print what varies behind ≈ instead"
