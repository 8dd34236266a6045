"""Test more in the kernel in which nbval has just executed a notebook.

So a notebook runs once for all: first nbval compares its cells; then what an explorable page shows
of it is compared; then each entry of `tests/faults/<week>.yml` is a test of its own.
"""

import json
import time

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from tests.faults_runner import FaultError
from tools.shared import declared
from tools.shared.notebooks import ROOT, code_cells, week_of
from tools.write import explorables

START = """\
import sys
sys.path.insert(0, {root!r})
from tests.faults_runner import FaultRunner
from tools.shared.declared import faults
fault_runner = FaultRunner({name!r}, {cells!r}, namespace={namespace})
faults = faults({week!r})
"""


class KernelItem(pytest.Item):
    """A test in the kernel of the parent, which is nbval's notebook."""

    def ask(self, code):
        """Run code beside the runner of faults and return what it printed."""
        notebook = self.parent
        if not getattr(notebook, "runner_started", False):
            ask(notebook, start(notebook, week_of(self.path)))
            notebook.runner_started = True
        return ask(notebook, code)

    def repr_failure(self, excinfo):
        """Return the words of a FaultError, and the whole traceback of anything else."""
        if isinstance(excinfo.value, FaultError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self):
        """Return how pytest names the test."""
        return self.path, None, self.name


class FaultItem(KernelItem):
    """One fault, which its check must refuse."""

    def __init__(self, fault, number, **arguments):
        super().__init__(**arguments)
        self.fault, self.number = fault, number

    def runtest(self):
        """Plant the fault, and report the refusal for the table of `make faults`."""
        started = time.perf_counter()
        refusal = self.ask(f"print(fault_runner.refuse(faults[{self.number}]))").strip()
        seconds = time.perf_counter() - started
        row = week_of(self.path), self.fault.planted, refusal, seconds
        self.user_properties.append(("fault", row))


class ExplorableItem(KernelItem):
    """What is stored for an explorable page, which must be what the notebook computes."""

    def __init__(self, explorable, **arguments):
        super().__init__(**arguments)
        self.explorable = explorable

    def runtest(self):
        """Compare."""
        code = f"exec({self.explorable.code!r}, dict(fault_runner.namespace))"
        fresh = json.loads(self.ask(code))
        stored, allowed = explorables.load(self.name), self.explorable.apart
        if words := explorables.difference(stored, fresh, allowed):
            path = f"book/_data/{self.name}.json"
            raise FaultError(f"{path}: {words}. If the notebook is right, run: make explorables")


def add_tests(items):
    """Put behind the cells of each notebook what else is tested in its kernel."""
    for notebook in {item.parent: None for item in items if isinstance(item.parent, IPyNbFile)}:
        behind = 1 + max(index for index, item in enumerate(items) if item.parent is notebook)
        week = week_of(notebook.path)
        items[behind:behind] = [
            ExplorableItem.from_parent(notebook, name=name, explorable=explorable)
            for name, explorable in explorables.EXPLORABLES.items()
            if explorable.week == week
        ] + [
            FaultItem.from_parent(
                notebook,
                name=f"{fault.check}: {fault.planted}".replace("::", ":"),  # pytest's separator
                fault=fault,
                number=number,
            )
            for number, fault in enumerate(declared.faults(week))
        ]


def start(notebook, week):
    """Return the code that makes the runner: from the kernel's names, if all cells ran there."""
    cells = code_cells(notebook.path)
    executed = [
        item for item in notebook.session.items if item.parent is notebook and is_executed(item)
    ]
    namespace = "globals()" if len(executed) == len(cells) else "None"
    name = notebook.path.name
    return START.format(root=str(ROOT), name=name, cells=cells, namespace=namespace, week=week)


def is_executed(item):
    """Tell whether a test is a cell that nbval has executed to its end."""
    if not isinstance(item, IPyNbCell) or item.test_outputs is None:
        return False
    return all(output.output_type != "error" for output in item.test_outputs)


def ask(notebook, code):
    """Run code in the notebook's kernel and return what it printed.

    Raises:
        FaultError: If it raised; the message is the exception's.
    """
    printed = []

    def keep(message):
        if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
            printed.append(message["content"]["text"])

    reply = notebook.kernel.kc.execute_interactive(
        code, store_history=False, allow_stdin=False, timeout=300, output_hook=keep
    )["content"]
    if reply["status"] != "ok":
        kind = "" if reply["ename"] == "FaultError" else f"{reply['ename']}: "
        raise FaultError(kind + reply["evalue"])
    return "".join(printed)
