"""The rules about what stands in a reader's way: code that only draws, lines nobody explains."""

import ast

from tests.contract.code import REUSED
from tests.contract.lesson import drawn, tags
from tests.contract.rules import rule
from tools.shared.cells import calls_in, checks_in, parse
from tools.shared.footprint import footprint

MEANING = "](../book/how_to_use.md#what-a-checked-line-says)"
CANVAS = {"plt", "plots", "fig", "ax", "axes"}


@rule
def folded(lesson):
    """A cell that only draws is folded: its figure is for the reader, its code for the curious."""
    drawers = drawing_functions(lesson.code)
    for cell in lesson.code:
        others = (footprint(other.source).reads for other in lesson.code if other is not cell)
        if drawn(cell) and not {"hide-input", "hide-cell"} & set(tags(cell)):
            if only_draws(cell.source, frozenset().union(*others), drawers):
                yield cell.id, "this cell only draws: fold it with the tag hide-input"


def drawing_functions(cells):
    """Return the names of the functions that draw, so far as their code tells."""
    functions = [
        node
        for cell in cells
        for node in parse(cell.source).body
        if isinstance(node, ast.FunctionDef)
    ]
    return {function.name for function in functions if mentions(function, CANVAS)}


def only_draws(source, read_elsewhere, drawers=()):
    """Tell whether code draws and does nothing else.

    Each statement draws, or binds names for the figure that no other cell reads.

    Args:
        source: The code.
        read_elsewhere: The names that other cells read.
        drawers: Functions that draw.
    """
    found = footprint(source)
    if (found.binds - found.loops - REUSED) & read_elsewhere or works(source):
        return False
    canvas = CANVAS | set(drawers)
    draws = False
    for statement in parse(source).body:
        if mentions(statement, canvas):
            draws = draws or bool(calls_in(statement))
            canvas |= set(bound(statement))
        elif not bound(statement):
            return False
    return draws


def works(source):
    """Tell whether code checks, prints or trains."""
    names = [ast.unparse(call.func).rpartition(".")[2] for call in calls_in(parse(source))]
    return bool(checks_in(source)) or bool({"print", "fit"} & set(names))


def mentions(tree, names):
    """Tell whether a piece of code uses one of the names."""
    return any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(tree))


def bound(statement):
    """Return the names that a statement binds."""
    named = [n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and is_stored(n)]
    return [*named, statement.name] if isinstance(statement, ast.FunctionDef) else named


def is_stored(node):
    """Tell whether a name is assigned where it stands."""
    return isinstance(node.ctx, ast.Store)


@rule
def explained(lesson):
    """Beside the first line that a check printed, a sentence says what such a line means."""
    for at, cell in enumerate(lesson.cells):
        if cell.cell_type == "code" and checks_in(cell.source):
            beside = [c for c in lesson.cells[at - 1 : at + 2] if c.cell_type == "markdown"]
            if not any(MEANING in other.source for other in beside):
                where = "directly before or behind this cell, the first that checks"
                yield cell.id, f"say {where}, what its line means, with a link: [words{MEANING}"
            return
