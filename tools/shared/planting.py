"""Plant changes in a notebook's cells, and re-run only what depends on them.

Faults (tests/faults), stress runs (tests/stress) and the full profile's shorter trainings
(tests/full.yml) are all planted here: which cell, the code that stands in it, and what to put
there.

A notebook is executed once, here or before in a kernel. A change then re-runs, in a copy of the
names, only the cells that stand between the changed cell and the one asked for. Which ones these
are is read off the code: see `Replay.affected`. Two names for one object are not seen through: a
cell that changes a model through another name than the one that is read later is not re-run.
"""

import contextlib
import copy
import io
import linecache
import sys
from types import FunctionType, ModuleType

import numpy as np

from tools.shared.cells import parse
from tools.shared.footprint import footprint
from tools.shared.notebooks import NOTEBOOKS

# Objects that no method changes, or whose change no other cell minds (each run draws its own
# random numbers).
INERT = (ModuleType, FunctionType, type, str, tuple, int, float, np.random.Generator)


class PlantError(Exception):
    """A change cannot be planted; the message says why."""


def plant(sources, changes):
    """Return the changed cells.

    Args:
        sources: {cell id: source} of a notebook's code cells.
        changes: (cell id, code to replace, code to put there) for each change. Several changes of
            one cell are made one after the other.

    Returns:
        {cell id: changed source}.

    Raises:
        PlantError: If there is no such cell, or the code does not stand in it exactly once.
    """
    variants = {}
    for cell_id, old, new in changes:
        if cell_id not in sources:
            raise PlantError(f"there is no code cell {cell_id!r}")
        source = variants.get(cell_id, sources[cell_id])
        if source.count(old) != 1:
            raise PlantError(
                f"{old!r} stands {source.count(old)} times in cell {cell_id}, not once"
            )
        variants[cell_id] = source.replace(old, new)
    return variants


class Replay:
    """Executes one notebook, and then variants of some of its cells.

    Args:
        name: The notebook's name for messages.
        cells: (id, source) of its code cells, in order.
        folder: The working directory.
        namespace: The names after all cells, where they were executed already.

    Attributes:
        broken: The id of the first cell that failed as it stands, and the exception, or None.
    """

    def __init__(self, name, cells, folder=NOTEBOOKS, namespace=None):
        """Execute the notebook, unless its names are given."""
        self.name, self.folder = name, folder
        self.ids = [cell_id for cell_id, _ in cells]
        self.sources = [source for _, source in cells]
        self.namespace = namespace or {"__name__": "__main__", "display": lambda *objects: None}
        self.broken = None
        if namespace:
            return
        try:
            for index, source in enumerate(self.sources):
                self.execute(index, source, self.namespace)
        except Exception as error:  # whatever the notebook raises
            self.broken = self.ids[index], error

    def plant(self, changes):
        """Return the changed cells as {index: source}; see `plant`."""
        variants = plant(dict(zip(self.ids, self.sources, strict=True)), changes)
        return {self.ids.index(cell_id): source for cell_id, source in variants.items()}

    def with_variants(self, variants):
        """Return the sources of all cells with some of them changed."""
        return [variants.get(index, source) for index, source in enumerate(self.sources)]

    def affected(self, end, variants):
        """Return the cells to run again, in order, so that the cell at `end` sees the variants.

        A cell provides the names that it binds and those whose objects it may change. It needs
        each cell that provides a name it reads. Of the cells that the last one needs, these run
        again:

        - the changed ones, and all that need one that runs again;
        - all providers of a name that a cell to be run reads, if that cell or a later one changes
          the name's object: the object at hand is no longer as the cell found it.
        """
        links = Links(self.sources, variants, self.is_inert)
        needed = links.needed(end)

        def pulled_in(index):
            dependents = {other for other in needed if links.reads[other] & links.provides[index]}
            changed_since = set().union(*links.changed[index:])
            again = links.providers(links.reads[index] & changed_since, end)
            return dependents | (again & needed)

        return sorted(grow(set(variants) & needed, pulled_in))

    def is_inert(self, name):
        """Tell whether no method of a name's object changes it."""
        return isinstance(self.namespace.get(name), INERT)

    def fresh(self):
        """Return a copy of the names, with generators of their own and Keras seeded anew."""
        if "keras" in sys.modules:
            sys.modules["keras"].utils.set_random_seed(1)
        return {
            name: copy.deepcopy(value) if isinstance(value, np.random.Generator) else value
            for name, value in self.namespace.items()
        }

    def execute(self, index, source, namespace):
        """Run one cell and return what it printed."""
        printed = execute(source, self.filename(index), namespace, self.folder)
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")
        return printed

    def filename(self, index):
        """Return the name that tracebacks give to a cell."""
        return f"<{self.name}: {self.ids[index]}>"


class Links:
    """How the cells of a notebook hang together, as they are and with some of them changed.

    Args:
        sources: The sources of the code cells, in order.
        variants: {index: changed source}.
        is_inert: Tells of a name whether no method call changes its object.

    Attributes:
        reads: For each cell the names that it reads.
        changed: For each cell the names whose objects it may change.
        provides: For each cell those names and the ones that it binds.
    """

    def __init__(self, sources, variants, is_inert):
        """Read the links off the code."""
        both = [{source, variants.get(index, source)} for index, source in enumerate(sources)]
        prints = [[footprint(source) for source in pair] for pair in both]
        functions = {k: v for pair in prints for one in pair for k, v in one.functions.items()}

        def changes(one):
            names = one.changes | (one.handed(functions) & one.reads)
            return {name for name in names if not is_inert(name)}

        self.reads = [set().union(*(one.reads for one in pair)) for pair in prints]
        self.changed = [set().union(*(changes(one) for one in pair)) for pair in prints]
        self.provides = [
            self.changed[index].union(*(one.binds for one in pair))
            for index, pair in enumerate(prints)
        ]

    def providers(self, names, end):
        """Return the cells up to `end` that provide one of some names."""
        return {index for index in range(end + 1) if self.provides[index] & names}

    def needed(self, end, names=frozenset()):
        """Return the cells that the one at `end` needs, and who reads `names` there, itself too."""
        start = {end} | self.providers(names, end)
        return grow(start, lambda index: self.providers(self.reads[index], end))


def execute(source, filename, namespace, folder=NOTEBOOKS):
    """Run a cell's source in a folder and return what it printed; tracebacks name the file."""
    lines = source.splitlines(keepends=True)
    linecache.cache[filename] = (len(source), None, lines, filename)  # for tracebacks
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(parse(source), filename, "exec"), namespace)
    return printed.getvalue()


def grow(indices, neighbors):
    """Return a set of indices together with all neighbors of its members."""
    grown, waiting = set(indices), list(indices)
    while waiting:
        new = neighbors(waiting.pop()) - grown
        grown |= new
        waiting += new
    return grown
