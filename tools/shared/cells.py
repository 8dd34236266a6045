"""What stands in a notebook's cells: headings, checks, and what the checks printed."""

import ast
import dataclasses
import re
from functools import cache

from IPython.core.inputtransformer2 import TransformerManager

CHECKS = ("fact", "equal", "claim", "exercise")
FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*$", re.MULTILINE)


def headings(cell):
    """Return (level, title) for each heading in a Markdown cell, in order."""
    text = FENCE.sub("", cell.source) if cell.cell_type == "markdown" else ""
    return [(len(marks), title) for marks, title in HEADING.findall(text)]


def slug(title):
    """Return the anchor that GitHub, Colab and the book give to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


def anchors(cells):
    """Return the anchors of the headings of a notebook."""
    return {slug(title) for cell in cells for _, title in headings(cell)}


def escape(text):
    """Return text as Markdown that shows it as it is, in a table's cell too."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


@dataclasses.dataclass(frozen=True)
class Check:
    """One call of `checks.fact`, `equal`, `claim` or `exercise`."""

    kind: str
    name: str  # the first argument: its text, or an exercise's function, without _solution
    call: ast.Call

    @property
    def lines(self):
        """The lines of the cell that the call stands on."""
        return range(self.call.lineno, self.call.end_lineno + 1)


@cache
def parse(source):
    """Return the syntax tree of a cell's source, magics included."""
    try:
        return ast.parse(source)
    except SyntaxError:  # IPython's way takes ten times as long
        return ast.parse(TransformerManager().transform_cell(source))


def calls_in(tree):
    """Return all calls in a syntax tree."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


@cache
def checks_in(source):
    """Return the checks in a cell, in order."""
    found = []
    for call in calls_in(parse(source)):
        module, _, kind = ast.unparse(call.func).rpartition(".")
        if module == "checks" and kind in CHECKS and call.args:
            first = call.args[0]
            name = first.value if isinstance(first, ast.Constant) else ast.unparse(first)
            if kind == "exercise":
                name = name.removesuffix("_solution")
            found.append(Check(kind, name, call))
    return sorted(found, key=lambda check: check.call.lineno)


def checks_of(cells):
    """Return (cell, check) for each check; of an exercise only the one in its solution."""
    return [
        (cell, check)
        for cell in cells
        if cell.cell_type == "code"
        for check in checks_in(cell.source)
        if check.kind != "exercise" or cell.id.startswith("solution-")
    ]


def bounds_of(result):
    """Return the bounds in what a claim printed: {"at_least": 0.9, "at_most": 1.0} or one of them.

    Args:
        result: Such as "0.968 (at least 0.940 and at most 1.000)".
    """
    found = re.findall(r"at (least|most) ([-\d.]+)", result)
    return {f"at_{word}": float(bound) for word, bound in found}


def printed(cell):
    """Return what a code cell printed."""
    return "".join(output.get("text", "") for output in cell.outputs)


def result_of(cell, check):
    """Return what a check printed behind its name, such as "1,960" or "rtol 1e-10".

    Args:
        cell: The executed cell.
        check: One of its checks.

    Returns:
        For a fact its value; for a claim the measured number and its bound; for a proof the names
        that were compared, if any, and its tolerance; for an exercise the cases passed. None where
        the cell printed no such line.
    """
    start = f"{check.name}_solution: " if check.kind == "exercise" else start_of(check)
    # A loop may print something before it, as in "L = 2: …": lines that start with it come first.
    for line in sorted(printed(cell).splitlines(), key=lambda line: not line.startswith(start)):
        _, found, result = line.partition(start)
        if found:
            return result
    return None


def start_of(check):
    """Return how the line of a check starts; an exercise's, whether it is the solution or not."""
    ends = {"fact": " = ", "claim": " ≈ ", "equal": " ", "exercise": ""}
    return check.name + ends[check.kind]


def checked_lines(source, text):
    """Return (line, the check that printed it, or None) for each line of a cell's printed text."""
    ends = {"fact": "", "claim": ")", "equal": ")", "exercise": ""}
    longest_first = sorted(checks_in(source), key=lambda check: -len(check.name))

    def owner(line):
        for check in longest_first:
            if line.startswith(start_of(check)) and line.endswith(ends[check.kind]):
                return check
        return None

    return [(line, owner(line)) for line in text.splitlines()]
