"""Plant faults in a notebook's cells, and see whether its checks refuse them.

A notebook is executed once, here or before in a kernel. A fault then re-runs, in a copy of the
names, only the cells that stand between the changed cell and the check. Which ones these are is
read off the code: see `FaultRunner.affected`. Two names for one object are not seen through: a cell
that changes a model through another name than the one that the check reads is not re-run.
"""

import contextlib
import copy
import dataclasses
import io
import linecache
import re
import sys
import traceback
from types import FunctionType, ModuleType

import numpy as np
import yaml

from dsl_utils.checks import CheckFailed
from tests.contract.footprint import footprint
from tools.cells import checks_in, parse
from tools.notebooks import NOTEBOOKS, ROOT

# Objects that no method changes, or whose change no other cell minds (each fault draws its own
# random numbers).
INERT = (ModuleType, FunctionType, type, str, tuple, int, float, np.random.Generator)


class FaultError(Exception):
    """A fault was not refused as it should be; the message says what happened instead."""


@dataclasses.dataclass(frozen=True)
class Fault:
    """A planted error.

    Attributes:
        check: First argument of the check that must refuse it; for an exercise the function's name.
        planted: What is wrong, in words.
        changes: (cell id, code to replace, code to put there) for each change.
    """

    check: str
    planted: str
    changes: tuple


def load(week):
    """Read the faults of a week from tests/faults.

    Raises:
        FaultError: If an entry has another form than `Fault` asks for.
    """
    path = ROOT / "tests" / "faults" / f"{week}.yml"
    if not path.exists():
        return []
    faults = []
    for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")) or [], 1):
        entry = dict(entry)
        words = [entry.pop("check", None), entry.pop("planted", None)]
        changes = entry.pop("changes", None) or [entry]
        if not all(words) or any(set(change) != {"cell", "replace", "with"} for change in changes):
            raise FaultError(
                f"{path.name}: entry {number}: write check, planted, and either cell, replace and "
                "with, or a list of these three under changes"
            )
        triples = tuple((c["cell"], str(c["replace"]), str(c["with"])) for c in changes)
        faults.append(Fault(*words, triples))
    return faults


class FaultRunner:
    """Executes one notebook, and then variants of some of its cells.

    Args:
        name: The notebook's name for messages.
        cells: (id, source) of its code cells, in order.
        folder: The working directory.
        namespace: The names after all cells, where they were executed already.
    """

    def __init__(self, name, cells, folder=NOTEBOOKS, namespace=None):
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
            self.broken = f"{name}: {self.ids[index]}: fails without any fault: {error!r}"

    def refuse(self, fault):
        """Plant a fault.

        Returns:
            The words with which the check refused it.

        Raises:
            FaultError: If anything else happened.
        """
        if self.broken:
            raise FaultError(self.broken)
        end, check = self.locate(fault.check)
        variants = self.plant(fault)
        rerun = self.affected(end, variants)
        beside = [self.ids[index] for index in variants if index not in rerun]
        if beside:
            raise self.error(fault, f"the check does not depend on cell {beside[0]}")
        if "keras" in sys.modules:
            sys.modules["keras"].utils.set_random_seed(1)
        namespace = {
            name: copy.deepcopy(value) if isinstance(value, np.random.Generator) else value
            for name, value in self.namespace.items()
        }
        sources = {index: variants.get(index, self.sources[index]) for index in rerun}
        for index in rerun:
            try:
                printed = self.execute(index, sources[index], namespace)
            except CheckFailed as refusal:
                culprit = self.check_in_traceback(refusal, sources)
                if culprit == check.name:
                    return str(refusal)
                raise self.error(fault, f"{culprit!r} refused it first: {refusal}") from refusal
            except Exception as wrong:  # whatever the changed notebook raises
                what = f"cell {self.ids[index]} raised {type(wrong).__name__}: {wrong}"
                raise self.error(fault, what) from wrong
        case_failed = rf"^{re.escape(check.name)}_solution: case \d+ failed.*"
        failed = re.search(case_failed, printed, re.MULTILINE)
        if check.kind == "exercise" and failed:
            return failed[0]
        raise self.error(fault, "nothing refused it: either the check or the fault is too weak")

    def error(self, fault, what):
        """Return a FaultError about one fault."""
        return FaultError(f"{self.name}: {fault.check!r}, planted {fault.planted!r}: {what}")

    def locate(self, name):
        """Return the index of the cell with a check of this name, and the check."""
        found = {}
        for index, source in enumerate(self.sources):
            for check in checks_in(source):
                if check.kind != "exercise" or self.ids[index].startswith("solution-"):
                    found[check.name] = index, check
        if name not in found:
            raise FaultError(f"{self.name}: no check {name!r}; there are: {', '.join(found)}")
        return found[name]

    def plant(self, fault):
        """Return the changed cells as {index: source}."""
        variants = {}
        for cell_id, old, new in fault.changes:
            if cell_id not in self.ids:
                raise self.error(fault, f"there is no code cell {cell_id!r}")
            index = self.ids.index(cell_id)
            source = variants.get(index, self.sources[index])
            if source.count(old) != 1:
                what = f"{old!r} stands {source.count(old)} times in cell {cell_id}, not once"
                raise self.error(fault, what)
            variants[index] = source.replace(old, new)
        return variants

    def affected(self, end, variants):
        """Return the cells to run again, in order, so that the check at `end` sees the variants.

        A cell provides the names that it binds and those whose objects it may change. It needs
        each cell that provides a name it reads. Of the cells that the check needs, these run again:

        - the changed ones, and all that need one that runs again;
        - all providers of a name that a cell to be run reads, if that cell or a later one changes
          the name's object: the object at hand is no longer as the cell found it.
        """
        sources = list(self.sources)
        both = [{source, variants.get(index, source)} for index, source in enumerate(sources)]
        prints = [[footprint(source) for source in pair] for pair in both]
        functions = {k: v for pair in prints for one in pair for k, v in one.functions.items()}

        def changes(one):
            names = one.changes | (one.handed(functions) & one.reads)
            return {name for name in names if not isinstance(self.namespace.get(name), INERT)}

        reads = [set().union(*(one.reads for one in pair)) for pair in prints]
        changed = [set().union(*(changes(one) for one in pair)) for pair in prints]
        provides = [
            changed[index].union(*(one.binds for one in pair)) for index, pair in enumerate(prints)
        ]

        def providers(names):
            return {index for index in range(end + 1) if provides[index] & names}

        needed = grow({end}, lambda index: providers(reads[index]))

        def pulled_in(index):
            dependents = {other for other in needed if reads[other] & provides[index]}
            changed_since = set().union(*changed[index:])
            return dependents | (providers(reads[index] & changed_since) & needed)

        return sorted(grow(set(variants) & needed, pulled_in))

    def execute(self, index, source, namespace):
        """Run one cell and return what it printed."""
        printed = execute(source, self.filename(index), namespace, self.folder)
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")
        return printed

    def filename(self, index):
        """Return the name that tracebacks give to a cell."""
        return f"<{self.name}: {self.ids[index]}>"

    def check_in_traceback(self, refusal, sources):
        """Return the name of the check that raised."""
        for frame in reversed(traceback.extract_tb(refusal.__traceback__)):
            for index, source in sources.items():
                if frame.filename == self.filename(index):
                    for check in checks_in(source):
                        if frame.lineno in check.lines:
                            return check.name
        return "an unknown check"


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
