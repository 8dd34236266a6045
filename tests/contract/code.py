"""Rules on the code of a notebook."""

import ast
import re
import statistics
from collections import Counter

from tests.contract.lesson import code_lines, folded, tags
from tests.contract.rules import rule
from tools.shared.cells import parse
from tools.shared.footprint import footprint
from tools.shared.notebooks import is_week

REUSED = {"_", "fig", "ax", "axes"}


@rule
def cell_lengths(lesson):
    """Code cells are short."""
    lengths = {cell.id: len(code_lines(cell.source)) for cell in lesson.code if cell.id != "setup"}
    for cell_id, length in lengths.items():
        if length > 40:
            yield cell_id, f"{length} lines of code, at most 40: split the cell"
    lengths = {cell.id: lengths[cell.id] for cell in lesson.code[1:] if not folded(cell)}
    median = statistics.median(lengths.values()) if lengths else 0
    if is_week(lesson.week) and median > 6:
        yield "code", f"the median cell has {median:g} lines of code, at most 6: split cells"
    long = [cell_id for cell_id, length in lengths.items() if length > 20]
    if len(long) > len(lengths) / 10:
        yield "code", f"more than 1 cell in 10 is over 20 lines of code: split {', '.join(long)}"


@rule
def setup(lesson):
    """The first code cell is the common setup cell, the second imports, and no other does."""
    first, second, *_ = [*lesson.code, None, None]
    if not first or first.id != "setup" or {"hide-input", "setup"} - set(tags(first)):
        yield "setup", "make the first code cell the setup cell: id setup, tags hide-input, setup"
    elif first.source != lesson.setup:
        yield "setup", f"restore the common setup cell:\n{lesson.setup}"
    if not second or second.id != "imports" or not any(imports(second)):
        yield second.id if second else "imports", "import in the cell behind the setup, id imports"
    for cell in lesson.code[2:]:
        if any(imports(cell)):
            yield cell.id, "move the import to the imports cell"


def imports(cell):
    """Return for each top-level statement of a cell whether it is an import."""
    return [isinstance(node, (ast.Import, ast.ImportFrom)) for node in parse(cell.source).body]


@rule
def forbidden_code(lesson):
    """Code hides no warning, leaves the notebook in no other way, and uses no old API."""
    for cell in lesson.code:
        if cell.id == "setup":
            continue
        if re.search(r"^\s*[!%]", cell.source, re.MULTILINE):
            yield cell.id, "shell and magic lines belong to the setup cell only"
        if cell.source.rstrip().endswith(";"):
            yield cell.id, "nbval does not heed a ; at the end: assign the value to _ instead"
        for node in ast.walk(parse(cell.source)):
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                yield cell.id, "name what you import instead of *"
            elif isinstance(node, ast.ImportFrom) and node.module == "dsl_utils.checks":
                yield cell.id, "import checks from dsl_utils, so that readers see checks.fact(…)"
            elif isinstance(node, ast.Call):
                yield from ((cell.id, what) for what in forbidden_call(node))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                if re.match(r"(/|~/|[A-Za-z]:[\\/])\w+([\\/.]|$)", node.value):
                    yield cell.id, f"{node.value!r} is an absolute path: use data of the package"


def forbidden_call(call):
    """Yield what is wrong with a call."""
    name = ast.unparse(call.func)
    if name in ("warnings.filterwarnings", "warnings.simplefilter"):
        yield "remove the warning's cause instead of hiding it"
    if name == "plt.show":
        yield "remove plt.show(): the figure is displayed anyway"
    if any(keyword.arg == "lr" for keyword in call.keywords):
        yield "write learning_rate= instead of lr="


@rule
def single_assignment(lesson):
    """No cell binds a name that another cell assigned."""
    owners = {}
    for cell in lesson.code:
        found = footprint(cell.source)
        for name in found.binds - REUSED:
            if name in owners:
                yield cell.id, f"{name} is bound in cell {owners[name]} too: choose another name"
            if name not in found.loops:
                owners.setdefault(name, cell.id)


@rule
def checks(lesson):
    """Checks have names of their own, facts are computed, and each check has a planted fault."""
    names = Counter(check.name for _, check in lesson.checks)
    for cell, check in lesson.checks:
        first, value = [*check.call.args, None][:2]
        literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
        if check.kind != "exercise" and not literal:
            yield cell.id, f"write the name of {check.name} as a string in the call"
        if names[check.name] > 1:
            yield cell.id, f"{check.name!r} names {names[check.name]} checks: choose another name"
        if check.kind == "fact" and value is not None and is_literal(value):
            yield cell.id, f"{check.name!r}: compute the value instead of writing it down"
        if check.name not in lesson.faults:
            yield cell.id, f"plant a fault for {check.name!r} in tests/faults/{lesson.week}.yml"


def is_literal(node):
    """Tell whether an expression computes nothing."""
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True
