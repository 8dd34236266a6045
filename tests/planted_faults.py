"""Plant the faults of a notebook in the kernel in which nbval has just executed it.

So a notebook runs once for both: first nbval compares its cells, then each entry of
`tests/faults/<week>.yml` is a test of its own.
"""

import time

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from tests.faults_runner import FaultError, load
from tools.notebooks import ROOT, read, week_of

START = """\
import sys
sys.path.insert(0, {root!r})
from tests.faults_runner import FaultRunner, load
fault_runner = FaultRunner({name!r}, {cells!r}, namespace={namespace})
faults = load({week!r})
"""


class FaultItem(pytest.Item):
    """One fault, which its check must refuse; the parent is nbval's notebook."""

    def __init__(self, fault, number, **arguments):
        super().__init__(**arguments)
        self.fault, self.number = fault, number

    def runtest(self):
        """Plant the fault, and report the refusal for the table of `make faults`."""
        notebook = self.parent
        if not getattr(notebook, "faults_begun", False):
            ask(notebook, start(notebook, week_of(self.path)))
            notebook.faults_begun = True
        started = time.perf_counter()
        refusal = ask(notebook, f"print(fault_runner.refuse(faults[{self.number}]))").strip()
        seconds = time.perf_counter() - started
        row = week_of(self.path), self.fault.planted, refusal, seconds
        self.user_properties.append(("fault", row))

    def repr_failure(self, excinfo):
        """Return the words of a FaultError, and the whole traceback of anything else."""
        if isinstance(excinfo.value, FaultError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self):
        """Return how pytest names the test."""
        return self.path, None, self.name


def add_faults(items):
    """Put behind the cells of each notebook its faults."""
    for notebook in {item.parent: None for item in items if isinstance(item.parent, IPyNbFile)}:
        behind = 1 + max(index for index, item in enumerate(items) if item.parent is notebook)
        items[behind:behind] = [
            FaultItem.from_parent(
                notebook,
                name=f"{fault.check}: {fault.planted}".replace("::", ":"),  # pytest's separator
                fault=fault,
                number=number,
            )
            for number, fault in enumerate(load(week_of(notebook.path)))
        ]


def start(notebook, week):
    """Return the code that makes the runner: from the kernel's names, if all cells ran there."""
    cells = [
        (cell.id, cell.source) for cell in read(notebook.path).cells if cell.cell_type == "code"
    ]
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
