"""What an exercise of a notebook needs to run outside of it, as in a reader's browser.

Of the notebook's code only those statements are taken that stub, check and solution depend on.
What these import tells where the exercise can run.
"""

import ast
import dataclasses
import json
import re
import sys

from tools.shared.cells import checks_in, parse
from tools.shared.footprint import fixed_names, footprint
from tools.shared.notebooks import ROOT
from tools.shared.planting import Links

PYODIDE = ROOT / "node_modules" / "pyodide"  # Python for browsers
WHEELS = ROOT / ".venv.pyodide"  # where tools/publish/vendor.py puts NumPy for it

# The setup cell starts Keras; the package's own class says the same without it.
PROFILE = ("from dsl_utils import runtime", 'profile = runtime.Profile("offline", 1)')
PLAIN_HELPERS = {"dsl_utils.checks", "dsl_utils.runtime"}  # they need nothing but Python
DEFINITIONS = (ast.FunctionDef, ast.ClassDef)
BINDING = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, *DEFINITIONS)


@dataclasses.dataclass(frozen=True)
class Exercise:
    """One exercise of a notebook.

    Attributes:
        number: Its number on the page.
        name: The function asked for.
        stub: The source of its cell.
        check: The source of the cell that checks it.
        solution: The source of the folded cell.
        before: The source of all that the three depend on, in order.
        packages: The packages that it needs beside Python and the plain helpers.
    """

    number: int
    name: str
    stub: str
    check: str
    solution: str
    before: str
    packages: frozenset


class Statements:
    """The top-level statements of a notebook's code, and how they hang together.

    Args:
        code: {cell id: source}, in order.
    """

    def __init__(self, code):
        """Read the links off the code."""
        self.sources, self.starts = [], {}
        for cell_id, source in code.items():
            self.starts[cell_id] = len(self.sources)
            self.sources += PROFILE if cell_id == "setup" else statements(source)
        self.kinds = [type(parse(source).body[0]) for source in self.sources]
        inert = set().union(*map(fixed_names, self.sources))
        inert |= {  # each run draws its own numbers
            name
            for source in self.sources
            if "default_rng(" in source
            for name in footprint(source).binds
        }
        links = Links(self.sources, {}, inert.__contains__)
        self.reads, self.provides = links.reads, links.provides

    def providers(self, name, end):
        """Return the statements before `end` that make a name what it is there, last one first."""
        found = []
        for index in reversed(range(end)):
            if name in self.provides[index]:
                found.append(index)
                new = issubclass(self.kinds[index], BINDING) and name not in self.reads[index]
                if new and name in footprint(self.sources[index]).binds:
                    break
        return found

    def needed(self, cell_id, names):
        """Return the statements before a cell that some names depend on there, in order.

        A function reads its names when it is called: all that they ever were is needed.
        """
        end = self.starts[cell_id]
        needed, waiting = set(), [(name, end, True) for name in names]
        while waiting:
            name, before, at_once = waiting.pop()
            found = self.providers(name, before) if at_once else self.all_providers(name, end)
            for index in set(found) - needed:
                needed.add(index)
                defines = issubclass(self.kinds[index], DEFINITIONS)
                waiting += [(other, index, not defines) for other in self.reads[index]]
        return [self.sources[index] for index in sorted(needed)]

    def all_providers(self, name, end):
        """Return the statements before `end` that bind or change a name."""
        return [index for index in range(end) if name in self.provides[index]]


def statements(source):
    """Return the top-level statements of a cell; an import of several names becomes several."""
    found = []
    for node in parse(source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found += [type(node)(**{**vars(node), "names": [name]}) for name in node.names]
        else:
            found.append(node)
    return list(map(ast.unparse, found))


def packages(sources):
    """Return the packages that some statements need beside Python and the plain helpers."""
    modules = set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            helpers = {f"dsl_utils.{alias.name}" for alias in node.names}
            modules |= helpers if node.module == "dsl_utils" else {node.module}
    found = {name.partition(".")[0] for name in modules - PLAIN_HELPERS}
    return frozenset(found - sys.stdlib_module_names)


def exercises_of(cells):
    """Return the exercises of a notebook, in order."""
    code = {cell.id: cell.source for cell in cells if cell.cell_type == "code"}
    all_statements, found = Statements(code), []
    for cell_id in code:
        if number := re.fullmatch(r"exercise-(\d+)", cell_id):
            own = [code[name] for name in (cell_id, f"{cell_id}-check", f"solution-{number[1]}")]
            (name,) = (check.name for check in checks_in(own[1]) if check.kind == "exercise")
            before = all_statements.needed(cell_id, footprint("\n".join(own)).reads)
            found.append(
                Exercise(int(number[1]), name, *own, "\n".join(before), packages([*before, *own]))
            )
    return found


def numpy_wheel():
    """Return what Pyodide's lock file says of NumPy: version, file_name, sha256, and more."""
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))
    return lock["packages"]["numpy"]
