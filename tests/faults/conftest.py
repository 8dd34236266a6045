"""Make each `<week>.yml` here a test file, and each fault in it a test.

The faults of a week share one process and one execution of its notebook. `pytest_collect_file` is
how nbval turns notebooks into tests, too.
"""

import functools
import time

import matplotlib
import pytest

from tests.faults_runner import FaultError, FaultRunner, load
from tools.notebooks import find, read, week_of


def pytest_collect_file(file_path, parent):
    """Collect the faults of a week."""
    if file_path.suffix == ".yml":
        return FaultFile.from_parent(parent, path=file_path)
    return None


class FaultFile(pytest.File):
    """The faults of one notebook."""

    @functools.cached_property
    def runner(self):
        """The notebook, executed."""
        (path,) = find([self.path.stem])
        matplotlib.use("agg")
        cells = [(cell.id, cell.source) for cell in read(path).cells if cell.cell_type == "code"]
        return FaultRunner(path.name, cells)

    def collect(self):
        """Yield a test for each fault."""
        for fault in load(self.path.stem):
            name = f"{fault.check}: {fault.planted}".replace("::", ":")  # pytest's own separator
            yield FaultItem.from_parent(self, name=name, fault=fault)

    def teardown(self):
        """Forget the notebook."""
        self.__dict__.pop("runner", None)


class FaultItem(pytest.Item):
    """One fault, which its check must refuse."""

    def __init__(self, fault, **arguments):
        super().__init__(**arguments)
        self.fault = fault

    def runtest(self):
        """Plant the fault, and report the refusal for the table of `make faults`."""
        runner = self.parent.runner
        started = time.perf_counter()
        refusal = runner.refuse(self.fault)
        seconds = time.perf_counter() - started
        week = week_of(self.path)
        self.user_properties.append(("fault", (week, self.fault.planted, refusal, seconds)))

    def repr_failure(self, excinfo):
        """Return the words of a FaultError, and the whole traceback of anything else."""
        if isinstance(excinfo.value, FaultError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self):
        """Return how pytest names the test."""
        return self.path, None, self.name
